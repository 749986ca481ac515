//! Index rows: what lists and searches read. Derived from documents in the same commit, and rebuildable.

use crate::engine::{Direction, Pair, ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use crate::key;
use std::ops::ControlFlow;

/// One index. Which number means what is the application's; a view's keys sort as it needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct View(pub u8);

/// What to list of a view.
#[derive(Debug, Clone, Copy)]
pub struct Page<'p> {
    /// Rows whose key begins so.
    pub prefix: &'p [u8],
    /// Go on behind this key (of the view, whole): the last one that was shown.
    pub after: Option<&'p [u8]>,
    /// In which order.
    pub direction: Direction,
    /// At most so many.
    pub count: usize,
}

impl View {
    fn key(self, own: &[u8]) -> Vec<u8> {
        key::join(&[&[self.0], own])
    }
}

/// The row under a key.
///
/// # Errors
/// When the database fails.
pub fn get<R: ReadTx + ?Sized>(tx: &R, view: View, own: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(tx.get(Table::Rows, &view.key(own))?)
}

/// Sets a row. One that stands already so is left alone: most acts change no row, and a page that is not written
/// costs no commit anything.
///
/// # Errors
/// When the database fails.
pub fn put<W: WriteTx + ?Sized>(tx: &mut W, view: View, own: &[u8], row: &[u8]) -> Result<(), StoreError> {
    let key = view.key(own);
    if tx.get(Table::Rows, &key)?.as_deref() == Some(row) {
        return Ok(());
    }
    Ok(tx.put(Table::Rows, &key, row)?)
}

/// Removes a row.
///
/// # Errors
/// When the database fails.
pub fn remove<W: WriteTx + ?Sized>(tx: &mut W, view: View, own: &[u8]) -> Result<(), StoreError> {
    Ok(tx.delete(Table::Rows, &view.key(own))?)
}

/// The rows of a page, keys without the view's byte. A full page may be followed by another: ask with its last key.
///
/// # Errors
/// When the database fails.
pub fn page<R: ReadTx + ?Sized>(tx: &R, view: View, page: &Page<'_>) -> Result<Vec<Pair>, StoreError> {
    let mut span = Span::prefix(&view.key(page.prefix));
    if page.direction == Direction::Descending {
        span = span.descending();
    }
    if let Some(after) = page.after {
        span = span.after(&view.key(after));
    }
    let pairs = collect(tx, Table::Rows, &span, page.count)?;
    Ok(pairs.into_iter().map(|(key, row)| (key.get(1..).unwrap_or_default().to_vec(), row)).collect())
}

/// How many rows begin with a prefix.
///
/// # Errors
/// When the database fails.
pub fn count<R: ReadTx + ?Sized>(tx: &R, view: View, prefix: &[u8]) -> Result<u64, StoreError> {
    let mut count = 0;
    tx.scan(Table::Rows, &Span::prefix(&view.key(prefix)), &mut |_, _| {
        count += 1;
        ControlFlow::Continue(())
    })?;
    Ok(count)
}

/// Removes every row of every view: the first half of a rebuild.
///
/// # Errors
/// When the database fails.
pub fn clear<W: WriteTx + ?Sized>(tx: &mut W) -> Result<(), StoreError> {
    for (key, _) in collect(tx, Table::Rows, &Span::all(), usize::MAX)? {
        tx.delete(Table::Rows, &key)?;
    }
    Ok(())
}

/// Every row there is, view's byte included: for comparing a rebuilt index with the one that grew.
///
/// # Errors
/// When the database fails.
pub fn all<R: ReadTx + ?Sized>(tx: &R) -> Result<Vec<Pair>, StoreError> {
    Ok(collect(tx, Table::Rows, &Span::all(), usize::MAX)?)
}
