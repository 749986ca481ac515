use super::account::{Account, Session};
use super::password;
use crate::{ActError, Node, Who, limit, ports};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};
use canon::Canon as _;
use store::engine::{ReadTx, Span, Table, WriteTx, collect, commit_number};

/// A fresh session.
#[derive(Clone)]
pub struct SignedIn {
    /// For the cookie: 64 hex digits. Only its hash is kept.
    pub token: String,
    /// Who it is.
    pub who: Who,
    /// No password has been set yet: offer to set one.
    pub needs_password: bool,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefusal {
    /// The code or the password does not fit, or was used before.
    #[error("code or password does not fit")]
    Wrong,
    /// Too many wrong tries from there.
    #[error("wait {0} ms")]
    Wait(u64),
    /// The box could not look it up.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl Node {
    /// Signs in with a one-time code, which is then used up. `source` is where the request came from, for throttling.
    ///
    /// # Errors
    /// [`SignInRefusal`].
    pub fn sign_in_code(&self, code: &str, source: &str) -> Result<SignedIn, SignInRefusal> {
        let typed: String =
            code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
        let found =
            self.guarded(source, |account| account.code.as_deref().is_some_and(|hash| fits(&typed, hash)))?;
        self.open_session(found, true)
    }

    /// Signs in with a staff id or name and a password.
    ///
    /// # Errors
    /// [`SignInRefusal`].
    pub fn sign_in_password(
        &self,
        name: &str,
        password: &str,
        source: &str,
    ) -> Result<SignedIn, SignInRefusal> {
        let name = name.trim();
        let found = self.guarded(source, |account| {
            (account.id == name || account.name == name)
                && account.password.as_deref().is_some_and(|hash| fits(password, hash))
        })?;
        self.open_session(found, false)
    }

    /// One argon2 at a time, so that guessing cannot eat the box's memory.
    fn guarded(&self, source: &str, fits: impl Fn(&Account) -> bool) -> Result<Account, SignInRefusal> {
        let _one = self.one_hash_at_a_time();
        let now = self.ports().clock.monotonic_ms();
        match self.sign_ins().wait(source, now) {
            0 => {}
            wait => return Err(SignInRefusal::Wait(wait)),
        }
        let found = self.accounts()?.into_iter().find(|account| fits(account));
        match found {
            Some(account) => {
                self.sign_ins().right(source);
                Ok(account)
            }
            None => {
                self.sign_ins().wrong(source, now);
                tracing::warn!(source, "sign-in refused");
                Err(SignInRefusal::Wrong)
            }
        }
    }

    fn open_session(&self, account: Account, uses_code: bool) -> Result<SignedIn, SignInRefusal> {
        let token = hex(&ports::random::<32>(&*self.ports().random));
        let key = canon::sha256(token.as_bytes());
        let who = who(&account, &key);
        let needs_password = account.password.is_none();
        let opened = self.submit(move |tx| {
            // hashing takes long: meanwhile somebody may have been stopped, or the code used by another
            let held = tx.get(Table::Staff, account.id.as_bytes())?;
            let held = held.and_then(|bytes| Account::from_canon(&bytes).ok());
            let same = |held: &Account| {
                !held.stopped && held.code == account.code && held.password == account.password
            };
            let Some(mut held) = held.filter(same) else { return Ok(false) };
            if uses_code {
                held.code = None;
                put_account(tx, &held)?;
            }
            let order = commit_number(tx)?;
            put_session(tx, &key, &Session { staff: held.id, order })?;
            Ok::<_, ActError>(true)
        })?;
        if !opened {
            return Err(SignInRefusal::Wrong);
        }
        tracing::info!(staff = who.staff, session = who.session, "signed in");
        Ok(SignedIn { token, who, needs_password })
    }

    /// Whose session a cookie's token is.
    #[must_use]
    pub fn session(&self, token: &str) -> Option<Who> {
        self.session_of(token).map(|(who, _)| who)
    }

    /// The same, and whether a password of their own comes before anything else ([`Node::owes_password`]).
    #[must_use]
    pub fn session_of(&self, token: &str) -> Option<(Who, bool)> {
        let key = canon::sha256(token.as_bytes());
        let tx = self.engine().read().ok()?;
        let session = Session::from_canon(&tx.get(Table::Sessions, &key).ok()??).ok()?;
        let account = Account::from_canon(&tx.get(Table::Staff, session.staff.as_bytes()).ok()??).ok()?;
        (!account.stopped).then(|| (who(&account, &key), account.owes_password()))
    }

    /// Ends a session. Ending one twice is fine.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn sign_out(&self, token: &str) -> Result<(), ActError> {
        let key = canon::sha256(token.as_bytes());
        self.submit(move |tx| Ok(tx.delete(Table::Sessions, &key)?))
    }

    /// Sets the person's own password and ends their other sessions.
    ///
    /// # Errors
    /// [`ActError::Refused`] when it is too short, too long or too easy to guess.
    pub fn set_password(&self, who: &Who, token: &str, password: &str) -> Result<(), ActError> {
        if let Some(fault) = password::fault(password, who) {
            return Err(ActError::Refused(model::Refusal::field("password", "新密码", fault)));
        }
        let _one = self.one_hash_at_a_time();
        let hash = self.hash_secret(password)?;
        let keep = canon::sha256(token.as_bytes());
        let staff = who.staff.clone();
        self.submit(move |tx| {
            let Some(bytes) = tx.get(Table::Staff, staff.as_bytes())? else { return Err(ActError::NotFound) };
            let mut account = Account::from_canon(&bytes).map_err(|_| ActError::NotFound)?;
            account.password = Some(hash);
            put_account(tx, &account)?;
            end_sessions(tx, &staff, Some(&keep))
        })
    }

    /// Gives a one-time code to an account, making the account when it is new; the first one manages the box. Returns
    /// nothing: the caller made the code and tells it once.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn give_code(&self, id: &str, name: &str, post: &str, code: &str) -> Result<(), ActError> {
        let hash = self.hash_secret(code)?;
        self.give_code_hash(id, name, post, hash)
    }

    /// As [`Node::give_code`], with the hash that stands in the kit.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn give_code_hash(&self, id: &str, name: &str, post: &str, hash: String) -> Result<(), ActError> {
        let (id, name, post) = (id.to_owned(), name.to_owned(), post.to_owned());
        self.submit(move |tx| {
            let held =
                tx.get(Table::Staff, id.as_bytes())?.and_then(|bytes| Account::from_canon(&bytes).ok());
            let first = collect(&*tx, Table::Staff, &Span::all(), 1)?.is_empty();
            let held = held.unwrap_or_else(|| Account { manages: first, ..Account::default() });
            put_account(tx, &Account { id, name, post, code: Some(hash), ..held })
        })
    }

    /// Everybody who may sign in here.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn accounts(&self) -> Result<Vec<Account>, ActError> {
        all(&*self.engine().read()?)
    }

    pub(super) fn hash_secret(&self, secret: &str) -> Result<String, ActError> {
        let salt = ports::random::<16>(&*self.ports().random);
        let hash =
            argon2id().and_then(|argon2| argon2.hash_password_with_salt(secret.as_bytes(), &salt).ok());
        hash.map(|hash| hash.to_string())
            .ok_or_else(|| ActError::Refused(model::Refusal::because("这个密码存不了，换一个。")))
    }
}

fn argon2id() -> Option<Argon2<'static>> {
    let (memory, passes, lanes) = limit::ARGON2;
    let params = Params::new(memory, passes, lanes, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn fits(secret: &str, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    argon2id().is_some_and(|argon2| argon2.verify_password(secret.as_bytes(), &parsed).is_ok())
}

fn who(account: &Account, session_key: &[u8; 32]) -> Who {
    let short = session_key.get(..4).unwrap_or_default();
    Who {
        staff: account.id.clone(),
        name: account.name.clone(),
        post: account.post.clone(),
        session: hex(short),
    }
}

pub(super) fn put_account(tx: &mut dyn WriteTx, account: &Account) -> Result<(), ActError> {
    Ok(tx.put(Table::Staff, account.id.as_bytes(), &account.to_canon())?)
}

fn put_session(tx: &mut dyn WriteTx, key: &[u8; 32], session: &Session) -> Result<(), ActError> {
    let held = collect(&*tx, Table::Sessions, &Span::all(), usize::MAX)?;
    if held.len() >= limit::SESSIONS_MAX {
        let oldest = held.iter().min_by_key(|(_, value)| Session::from_canon(value).map_or(0, |s| s.order));
        if let Some((oldest, _)) = oldest {
            tx.delete(Table::Sessions, oldest)?;
        }
    }
    Ok(tx.put(Table::Sessions, key, &session.to_canon())?)
}

/// Every account.
pub(super) fn all<R: ReadTx + ?Sized>(tx: &R) -> Result<Vec<Account>, ActError> {
    let rows = collect(tx, Table::Staff, &Span::all(), usize::MAX)?;
    Ok(rows.iter().filter_map(|(_, value)| Account::from_canon(value).ok()).collect())
}

/// Ends everything that somebody has open, but one session.
pub(super) fn end_sessions<W: WriteTx + ?Sized>(
    tx: &mut W,
    staff: &str,
    keep: Option<&[u8; 32]>,
) -> Result<(), ActError> {
    for (key, value) in collect(&*tx, Table::Sessions, &Span::all(), limit::SESSIONS_MAX)? {
        let kept = keep.is_some_and(|keep| key == keep);
        if !kept && Session::from_canon(&value).is_ok_and(|session| session.staff == staff) {
            tx.delete(Table::Sessions, &key)?;
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}
