//! The keys of every table, in one place: what is written here is what sorts on disk.

use crate::documents::DocId;

/// Parts glued in order; all but the last must have a fixed length.
pub(crate) fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// Document, then a number that sorts.
pub(crate) fn doc_number(doc: &DocId, number: u64) -> Vec<u8> {
    join(&[doc, &number.to_be_bytes()])
}

/// The last eight bytes of a key, as a number.
pub(crate) fn tail_number(key: &[u8]) -> Option<u64> {
    key.last_chunk::<8>().map(|tail| u64::from_be_bytes(*tail))
}

/// The first N bytes of a key.
pub(crate) fn head<const N: usize>(key: &[u8]) -> Option<[u8; N]> {
    key.first_chunk::<N>().copied()
}

/// The last N bytes of a key.
pub(crate) fn tail<const N: usize>(key: &[u8]) -> Option<[u8; N]> {
    key.last_chunk::<N>().copied()
}
