use canon::{Canon, Malformed, Reader, Writer};
use std::fmt;

/// A member of staff as the box keeps them. Hashes are argon2id PHC strings; the words themselves are nowhere.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// `s1`, `s2` …
    pub id: String,
    /// Name as printed on papers.
    pub name: String,
    /// Post, such as 综合窗口.
    pub post: String,
    /// Hash of the password, when one has been set.
    pub password: Option<String>,
    /// Hash of the one-time code, until it is used.
    pub code: Option<String>,
    /// May add and stop people on this box.
    pub manages: bool,
    /// 停用: may not sign in any more.
    pub stopped: bool,
    /// By whom the last code was given here, and when; none where it came with the kit. Everybody sees it, so that a code
    /// that was used behind somebody's back is noticed.
    pub given: Option<Given>,
}

/// Who gave a code, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The name.
    pub by: String,
    /// Seconds since 1970, a label.
    pub wall: i64,
}

impl Account {
    /// Whether there is a way to sign in.
    #[must_use]
    pub fn can_sign_in(&self) -> bool {
        !self.stopped && (self.password.is_some() || self.code.is_some())
    }

    /// Whether a password of their own comes before anything else: a colleague gave the code they came in by.
    #[must_use]
    pub fn owes_password(&self) -> bool {
        self.password.is_none() && self.given.is_some()
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("id", &self.id).finish_non_exhaustive()
    }
}

const VERSION: u8 = 2;
const SESSION_VERSION: u8 = 1;
/// The account that came with the kit, in the first version the only one.
const FIRST: &str = "s1";
const TEXT_MAX: usize = 512;

impl Canon for Account {
    fn write(&self, out: &mut Writer) {
        out.u8(VERSION).str(&self.id).str(&self.name).str(&self.post);
        for hash in [&self.password, &self.code] {
            out.bool(hash.is_some());
            if let Some(hash) = hash {
                out.str(hash);
            }
        }
        out.bool(self.manages).bool(self.stopped).bool(self.given.is_some());
        if let Some(given) = &self.given {
            out.str(&given.by).i64(given.wall);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let version = from.u8()?;
        if version == 0 || version > VERSION {
            return Err(from.malformed("account version"));
        }
        let mut text = || from.str(TEXT_MAX).map(str::to_owned);
        let (id, name, post) = (text()?, text()?, text()?);
        let mut hash = || Ok(if from.bool()? { Some(from.str(TEXT_MAX)?.to_owned()) } else { None });
        let (password, code) = (hash()?, hash()?);
        if version == 1 {
            let manages = id == FIRST;
            return Ok(Self { id, name, post, password, code, manages, ..Self::default() });
        }
        let (manages, stopped) = (from.bool()?, from.bool()?);
        let given = if from.bool()? {
            Some(Given { by: from.str(TEXT_MAX)?.to_owned(), wall: from.i64()? })
        } else {
            None
        };
        Ok(Self { id, name, post, password, code, manages, stopped, given })
    }
}

/// A session as the box keeps it, under the hash of its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// Whose.
    pub(crate) staff: String,
    /// Opened at this commit: the oldest go first, by no clock.
    pub(crate) order: u64,
}

impl Canon for Session {
    fn write(&self, out: &mut Writer) {
        out.u8(SESSION_VERSION).str(&self.staff).u64(self.order);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.u8()? != SESSION_VERSION {
            return Err(from.malformed("session version"));
        }
        Ok(Self { staff: from.str(TEXT_MAX)?.to_owned(), order: from.u64()? })
    }
}
