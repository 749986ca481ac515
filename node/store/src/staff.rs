//! Accounts of the people who work here. Never synced from here; a password is only ever an argon2id hash.

use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use canon::{Canon, Malformed, Reader, Writer};
use std::fmt;

const VERSION: u8 = 1;
const TEXT_BYTES_MAX: usize = 512;

/// Whether somebody may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffState {
    /// Yes.
    Active,
    /// Yes, with a code that was handed out once; must set a password of their own.
    FirstSignIn,
    /// No: has left. The account stays, so that the audit's ids keep their meaning.
    Left,
}

/// An account.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffAccount {
    /// Name as on the badge.
    pub name: String,
    /// Post as on the badge.
    pub post: String,
    /// What they may do: a number of the application's.
    pub role: u8,
    /// Whether they may sign in.
    pub state: StaffState,
    /// argon2id hash of the password, PHC string.
    pub password: String,
}

impl fmt::Debug for StaffAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaffAccount")
            .field("role", &self.role)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Canon for StaffState {
    fn write(&self, out: &mut Writer) {
        out.u8(match self {
            Self::Active => 0,
            Self::FirstSignIn => 1,
            Self::Left => 2,
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match from.u8()? {
            0 => Ok(Self::Active),
            1 => Ok(Self::FirstSignIn),
            2 => Ok(Self::Left),
            _ => Err(from.malformed("staff state")),
        }
    }
}

impl Canon for StaffAccount {
    fn write(&self, out: &mut Writer) {
        out.u8(VERSION).str(&self.name).str(&self.post).u8(self.role);
        out.value(&self.state).str(&self.password);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.u8()? != VERSION {
            return Err(from.malformed("version of a staff account"));
        }
        Ok(Self {
            name: from.str(TEXT_BYTES_MAX)?.to_owned(),
            post: from.str(TEXT_BYTES_MAX)?.to_owned(),
            role: from.u8()?,
            state: from.value()?,
            password: from.str(TEXT_BYTES_MAX)?.to_owned(),
        })
    }
}

/// The account of a staff id.
///
/// # Errors
/// When the database fails or the value is no account.
pub fn get<R: ReadTx + ?Sized>(tx: &R, id: &str) -> Result<Option<StaffAccount>, StoreError> {
    let Some(bytes) = tx.get(Table::Staff, id.as_bytes())? else { return Ok(None) };
    StaffAccount::from_canon(&bytes).map(Some).map_err(StoreError::malformed(Table::Staff))
}

/// Sets an account.
///
/// # Errors
/// When the database fails, or a text is over 512 bytes.
pub fn put<W: WriteTx + ?Sized>(tx: &mut W, id: &str, account: &StaffAccount) -> Result<(), StoreError> {
    if [&account.name, &account.post, &account.password].iter().any(|text| text.len() > TEXT_BYTES_MAX) {
        return Err(StoreError::rule(Table::Staff, "a text is at most 512 bytes"));
    }
    Ok(tx.put(Table::Staff, id.as_bytes(), &account.to_canon())?)
}

/// Every account with its id, sorted by id.
///
/// # Errors
/// When the database fails or a value is no account.
pub fn list<R: ReadTx + ?Sized>(tx: &R) -> Result<Vec<(String, StaffAccount)>, StoreError> {
    let mut accounts = Vec::new();
    for (key, value) in collect(tx, Table::Staff, &Span::all(), usize::MAX)? {
        let id = String::from_utf8(key).map_err(|_| StoreError::rule(Table::Staff, "a key is text"))?;
        accounts.push((id, StaffAccount::from_canon(&value).map_err(StoreError::malformed(Table::Staff))?));
    }
    Ok(accounts)
}
