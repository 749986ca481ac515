//! Entries that are kept but not applied, by document: parked for missing dependencies, or held for a content fault.
//! The journal keeps this table; admission reads it.

use crate::documents::DocId;
use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use crate::journal::Place;

/// The entries of a document that wait.
///
/// # Errors
/// When the database fails or a key is malformed.
pub fn of<R: ReadTx + ?Sized>(tx: &R, doc: &DocId) -> Result<Vec<Place>, StoreError> {
    let pairs = collect(tx, Table::Waiting, &Span::prefix(doc), usize::MAX)?;
    pairs.iter().map(|(key, _)| Ok(Place::from_doc_key(Table::Waiting, key)?.1)).collect()
}

/// Up to `count` waiting entries behind `after`: to try all of them again after an upgrade, and to list them with their
/// reasons.
///
/// # Errors
/// When the database fails or a key is malformed.
pub fn page<R: ReadTx + ?Sized>(
    tx: &R,
    after: Option<&(DocId, Place)>,
    count: usize,
) -> Result<Vec<(DocId, Place)>, StoreError> {
    let span = match after {
        Some((doc, place)) => Span::all().after(&place.of_doc(doc)),
        None => Span::all(),
    };
    let pairs = collect(tx, Table::Waiting, &span, count)?;
    pairs.iter().map(|(key, _)| Place::from_doc_key(Table::Waiting, key)).collect()
}

pub(crate) fn add<W: WriteTx + ?Sized>(tx: &mut W, doc: &DocId, place: &Place) -> Result<(), StoreError> {
    Ok(tx.put(Table::Waiting, &place.of_doc(doc), &[])?)
}

pub(crate) fn remove<W: WriteTx + ?Sized>(tx: &mut W, doc: &DocId, place: &Place) -> Result<(), StoreError> {
    Ok(tx.delete(Table::Waiting, &place.of_doc(doc))?)
}
