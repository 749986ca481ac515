//! Web sessions, under the hash of the token that the browser holds: whoever reads the disk cannot sign in with it.

use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use canon::{Canon, Malformed, Reader, Writer};
use std::fmt;

/// SHA-256 of a session's token.
pub type TokenHash = [u8; 32];

const VERSION: u8 = 1;
const STAFF_BYTES_MAX: usize = 512;

/// Somebody who is signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct WebSession {
    /// Staff id.
    pub staff: String,
    /// When it began, seconds since 1970 by the box's clock.
    pub began: i64,
    /// When it was last used, likewise.
    pub used: i64,
    /// Random bytes that the session's form tokens are made from.
    pub form_secret: [u8; 32],
}

impl fmt::Debug for WebSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSession").field("staff", &self.staff).finish_non_exhaustive()
    }
}

impl Canon for WebSession {
    fn write(&self, out: &mut Writer) {
        out.u8(VERSION).str(&self.staff).i64(self.began).i64(self.used).fixed(&self.form_secret);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.u8()? != VERSION {
            return Err(from.malformed("version of a session"));
        }
        Ok(Self {
            staff: from.str(STAFF_BYTES_MAX)?.to_owned(),
            began: from.i64()?,
            used: from.i64()?,
            form_secret: from.fixed()?,
        })
    }
}

/// The session of a token.
///
/// # Errors
/// When the database fails or the value is no session.
pub fn get<R: ReadTx + ?Sized>(tx: &R, token: &TokenHash) -> Result<Option<WebSession>, StoreError> {
    let Some(bytes) = tx.get(Table::Sessions, token)? else { return Ok(None) };
    WebSession::from_canon(&bytes).map(Some).map_err(StoreError::malformed(Table::Sessions))
}

/// Begins or renews a session.
///
/// # Errors
/// When the database fails.
pub fn put<W: WriteTx + ?Sized>(
    tx: &mut W,
    token: &TokenHash,
    session: &WebSession,
) -> Result<(), StoreError> {
    Ok(tx.put(Table::Sessions, token, &session.to_canon())?)
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub fn remove<W: WriteTx + ?Sized>(tx: &mut W, token: &TokenHash) -> Result<(), StoreError> {
    Ok(tx.delete(Table::Sessions, token)?)
}

/// Ends every session that `ends` says should: unused for long, or of somebody who left. Returns how many. A session
/// that cannot be read is ended too.
///
/// # Errors
/// When the database fails.
pub fn sweep<W: WriteTx + ?Sized>(
    tx: &mut W,
    mut ends: impl FnMut(&WebSession) -> bool,
) -> Result<usize, StoreError> {
    let mut ended = 0;
    for (key, value) in collect(tx, Table::Sessions, &Span::all(), usize::MAX)? {
        if WebSession::from_canon(&value).map_or(true, |session| ends(&session)) {
            tx.delete(Table::Sessions, &key)?;
            ended += 1;
        }
    }
    Ok(ended)
}
