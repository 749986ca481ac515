//! What the store needs of a database: tables of bytes, snapshots, one writer, a commit that is durable.
//!
//! [`crate::conformance`] is this contract as callable checks; every engine and every test double runs it.

mod error;
mod overlay;
mod span;
mod table;

pub use error::EngineError;
pub use overlay::{Changes, Overlay};
pub use span::{Direction, Span};
pub use table::Table;

use std::ops::ControlFlow;

/// One key with its value.
pub type Pair = (Vec<u8>, Vec<u8>);

/// Called for each pair of a scan; `Break` ends it early.
pub type Visit<'v> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'v;

/// A database of tables from bytes to bytes.
pub trait Engine: Send + Sync {
    /// A snapshot: what was committed when it was opened, whatever is committed after.
    ///
    /// # Errors
    /// When the database was closed by an earlier failure.
    fn read(&self) -> Result<Box<dyn ReadTx + '_>, EngineError>;

    /// The one write transaction; waits for the one before. Dropped without commit it leaves nothing.
    ///
    /// # Errors
    /// [`EngineError::DiskFull`] before the disk is full; otherwise as [`Engine::read`].
    fn write(&self) -> Result<Box<dyn Transaction + '_>, EngineError>;

    /// Bytes that can still be written before writes are refused: what is large is refused earlier than what is small.
    ///
    /// # Errors
    /// When the disk cannot be asked.
    fn room(&self) -> Result<u64, EngineError> {
        Ok(u64::MAX)
    }
}

/// Reads of one snapshot (for a write transaction: the snapshot and its own changes).
pub trait ReadTx {
    /// The value of a key.
    ///
    /// # Errors
    /// [`EngineError::Damaged`] when the value's checksum does not match.
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError>;

    /// Visits the pairs of `span` in its direction until `visit` breaks.
    ///
    /// # Errors
    /// As [`ReadTx::get`]; what was visited before the error was sound.
    fn scan(&self, table: Table, span: &Span, visit: &mut Visit<'_>) -> Result<(), EngineError>;
}

/// Reads and changes of the one write transaction.
pub trait WriteTx: ReadTx {
    /// Sets the value of a key.
    ///
    /// # Errors
    /// [`EngineError::TooLarge`] over the limits of [`crate::limit`].
    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), EngineError>;

    /// Removes a key, if it is there.
    ///
    /// # Errors
    /// When the database was closed by an earlier failure.
    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), EngineError>;
}

/// A write transaction that can be committed. Kept apart from [`WriteTx`] so that a layer or a job of a group
/// commit, which is lent `&mut dyn WriteTx`, cannot commit on its own.
pub trait Transaction: WriteTx {
    /// Makes every change durable, all or none, and raises the commit counter by one. Returns the counter.
    ///
    /// # Errors
    /// When the disk fails: then nothing was promised, and the database must be opened again.
    fn commit(self: Box<Self>) -> Result<u64, EngineError>;
}

/// Up to `count` pairs of a span.
///
/// # Errors
/// As [`ReadTx::scan`].
pub fn collect<R: ReadTx + ?Sized>(
    tx: &R,
    table: Table,
    span: &Span,
    count: usize,
) -> Result<Vec<Pair>, EngineError> {
    let mut pairs = Vec::new();
    if count == 0 {
        return Ok(pairs);
    }
    tx.scan(table, span, &mut |key, value| {
        pairs.push((key.to_vec(), value.to_vec()));
        if pairs.len() < count { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(pairs)
}

/// Key of the commit counter in [`Table::Meta`].
const COMMIT_KEY: &[u8] = b"commit";

/// How many commits the snapshot holds.
///
/// # Errors
/// As [`ReadTx::get`], or when the counter is not 8 bytes.
pub fn commit_number<R: ReadTx + ?Sized>(tx: &R) -> Result<u64, EngineError> {
    let Some(bytes) = tx.get(Table::Meta, COMMIT_KEY)? else { return Ok(0) };
    let fixed = bytes.try_into().map_err(|_| EngineError::Damaged { table: Table::Meta })?;
    Ok(u64::from_be_bytes(fixed))
}

/// Raises the commit counter as part of `tx`'s own commit; engines call this first in `commit`.
pub(crate) fn raise_commit_number(tx: &mut dyn WriteTx) -> Result<u64, EngineError> {
    let number = commit_number(tx)?.saturating_add(1);
    tx.put(Table::Meta, COMMIT_KEY, &number.to_be_bytes())?;
    Ok(number)
}

/// For backups: the counter before their last commit.
pub(crate) fn set_commit_number(tx: &mut dyn WriteTx, number: u64) -> Result<(), EngineError> {
    tx.put(Table::Meta, COMMIT_KEY, &number.to_be_bytes())
}

/// Key of the schema version in [`Table::Meta`], and the version this program writes.
pub(crate) const SCHEMA_KEY: &[u8] = b"schema";
pub(crate) const SCHEMA: u64 = 1;
