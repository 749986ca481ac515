//! Entries that are kept but not applied, by document: parked for missing dependencies, or held for a content fault.
//! The journal keeps this table; admission reads it. Each row says why and how much, so that a quota or a receipt reads
//! no body.

use crate::documents::DocId;
use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use crate::journal::{self, Place, State, StoredEntry};
use canon::{Canon, Malformed, Reader, Writer};

/// An entry that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    /// Of which document.
    pub doc: DocId,
    /// Where it stands.
    pub place: Place,
    /// Parked or held.
    pub state: State,
    /// Bytes of its body.
    pub bytes: u64,
}

struct Row {
    state: State,
    bytes: u64,
}

impl Canon for Row {
    fn write(&self, out: &mut Writer) {
        out.value(&self.state).u64(self.bytes);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { state: from.value()?, bytes: from.u64()? })
    }
}

/// Every entry that waits.
///
/// # Errors
/// When the database fails, or a key or value is malformed.
pub fn all<R: ReadTx + ?Sized>(tx: &R) -> Result<Vec<Waits>, StoreError> {
    let mut found = Vec::new();
    for (key, value) in collect(tx, Table::Waiting, &Span::all(), usize::MAX)? {
        let (doc, place) = Place::from_doc_key(Table::Waiting, &key)?;
        let row = if value.is_empty() {
            // As boxes wrote it before the row said anything.
            let Some(stored) = journal::get(tx, &place)? else { continue };
            Row::of(&stored)
        } else {
            Row::from_canon(&value).map_err(StoreError::malformed(Table::Waiting))?
        };
        found.push(Waits { doc, place, state: row.state, bytes: row.bytes });
    }
    Ok(found)
}

impl Row {
    fn of(stored: &StoredEntry) -> Self {
        Self { state: stored.state, bytes: stored.entry.form.size() as u64 }
    }
}

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

pub(crate) fn add<W: WriteTx + ?Sized>(
    tx: &mut W,
    place: &Place,
    stored: &StoredEntry,
) -> Result<(), StoreError> {
    let key = place.of_doc(&stored.entry.header.doc);
    Ok(tx.put(Table::Waiting, &key, &Row::of(stored).to_canon())?)
}

pub(crate) fn remove<W: WriteTx + ?Sized>(tx: &mut W, doc: &DocId, place: &Place) -> Result<(), StoreError> {
    Ok(tx.delete(Table::Waiting, &place.of_doc(doc))?)
}
