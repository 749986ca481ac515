//! Search by id number: a keyed hash of the number (a random key per box, so tags of two boxes never match) leads to
//! documents. Never leaves the box.

use crate::documents::DocId;
use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use crate::key;

/// A keyed hash of what is searched for.
pub type Tag = [u8; 16];

/// Notes that a document is found by a tag; noting it again writes nothing.
///
/// # Errors
/// When the database fails.
pub fn add<W: WriteTx + ?Sized>(tx: &mut W, tag: &Tag, doc: &DocId) -> Result<(), StoreError> {
    let key = key::join(&[tag, doc]);
    if tx.get(Table::Tags, &key)?.is_none() {
        tx.put(Table::Tags, &key, &[])?;
    }
    Ok(())
}

/// Takes that back.
///
/// # Errors
/// When the database fails.
pub fn remove<W: WriteTx + ?Sized>(tx: &mut W, tag: &Tag, doc: &DocId) -> Result<(), StoreError> {
    Ok(tx.delete(Table::Tags, &key::join(&[tag, doc]))?)
}

/// The documents found by a tag.
///
/// # Errors
/// When the database fails or a key is malformed.
pub fn find<R: ReadTx + ?Sized>(tx: &R, tag: &Tag) -> Result<Vec<DocId>, StoreError> {
    let pairs = collect(tx, Table::Tags, &Span::prefix(tag), usize::MAX)?;
    pairs
        .into_iter()
        .map(|(key, _)| key::tail(&key).ok_or(StoreError::rule(Table::Tags, "a key is a tag and a document")))
        .collect()
}

/// Removes every tag that leads to a document: an erasure, when the number is no longer known. Reads the whole table.
///
/// # Errors
/// When the database fails.
pub fn remove_of<W: WriteTx + ?Sized>(tx: &mut W, doc: &DocId) -> Result<(), StoreError> {
    for (key, _) in collect(tx, Table::Tags, &Span::all(), usize::MAX)? {
        if key.ends_with(doc) {
            tx.delete(Table::Tags, &key)?;
        }
    }
    Ok(())
}
