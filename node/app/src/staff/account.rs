use canon::{Canon, Malformed, Reader, Writer};
use std::fmt;

/// A member of staff as the box keeps them. Hashes are argon2id PHC strings; the words themselves are nowhere.
#[derive(Clone, PartialEq, Eq)]
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
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("id", &self.id).finish_non_exhaustive()
    }
}

const VERSION: u8 = 1;
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
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.u8()? != VERSION {
            return Err(from.malformed("account version"));
        }
        let mut text = || from.str(TEXT_MAX).map(str::to_owned);
        let (id, name, post) = (text()?, text()?, text()?);
        let mut hash = || Ok(if from.bool()? { Some(from.str(TEXT_MAX)?.to_owned()) } else { None });
        Ok(Self { id, name, post, password: hash()?, code: hash()? })
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
        out.u8(VERSION).str(&self.staff).u64(self.order);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.u8()? != VERSION {
            return Err(from.malformed("session version"));
        }
        Ok(Self { staff: from.str(TEXT_MAX)?.to_owned(), order: from.u64()? })
    }
}
