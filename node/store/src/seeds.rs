//! Wrapped person seeds: the key to a person's cells in one document, itself sealed under the bag key.
//! Removing one makes those cells unreadable here for ever.

use crate::documents::DocId;
use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use crate::key;

/// Who a seed belongs to: a document and a person in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeedPlace {
    /// The document.
    pub doc: DocId,
    /// The person: 0 applicant, 1 agent … (docs/formats/document.md).
    pub person: u64,
}

impl SeedPlace {
    fn key(&self) -> Vec<u8> {
        key::doc_number(&self.doc, self.person)
    }

    fn from_key(bytes: &[u8]) -> Result<Self, StoreError> {
        match (bytes.len(), key::head(bytes), key::tail_number(bytes)) {
            (24, Some(doc), Some(person)) => Ok(Self { doc, person }),
            _ => Err(StoreError::rule(Table::Seeds, "a key is a document and a person")),
        }
    }
}

/// The wrapped seed of one person.
///
/// # Errors
/// When the database fails.
pub fn get<R: ReadTx + ?Sized>(tx: &R, place: &SeedPlace) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(tx.get(Table::Seeds, &place.key())?)
}

/// Stores a wrapped seed.
///
/// # Errors
/// When the database fails.
pub fn put<W: WriteTx + ?Sized>(tx: &mut W, place: &SeedPlace, wrapped: &[u8]) -> Result<(), StoreError> {
    Ok(tx.put(Table::Seeds, &place.key(), wrapped)?)
}

/// Every wrapped seed of a document.
///
/// # Errors
/// When the database fails or a key is malformed.
pub fn of<R: ReadTx + ?Sized>(tx: &R, doc: &DocId) -> Result<Vec<(SeedPlace, Vec<u8>)>, StoreError> {
    collected(tx, &Span::prefix(doc), usize::MAX)
}

/// Removes every seed of a document.
///
/// # Errors
/// When the database fails.
pub fn remove_of<W: WriteTx + ?Sized>(tx: &mut W, doc: &DocId) -> Result<(), StoreError> {
    for (place, _) in of(tx, doc)? {
        tx.delete(Table::Seeds, &place.key())?;
    }
    Ok(())
}

/// Up to `count` seeds behind `after`: for wrapping all of them under a new bag key.
///
/// # Errors
/// When the database fails or a key is malformed.
pub fn page<R: ReadTx + ?Sized>(
    tx: &R,
    after: Option<&SeedPlace>,
    count: usize,
) -> Result<Vec<(SeedPlace, Vec<u8>)>, StoreError> {
    let span = match after {
        Some(place) => Span::all().after(&place.key()),
        None => Span::all(),
    };
    collected(tx, &span, count)
}

fn collected<R: ReadTx + ?Sized>(
    tx: &R,
    span: &Span,
    count: usize,
) -> Result<Vec<(SeedPlace, Vec<u8>)>, StoreError> {
    let pairs = collect(tx, Table::Seeds, span, count)?;
    pairs.into_iter().map(|(key, wrapped)| Ok((SeedPlace::from_key(&key)?, wrapped))).collect()
}
