//! Signed headers of the segments that brought another writer's entries: with one, a station can give a restored centre
//! its entries back and nobody can invent them.

use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use crate::journal::Place;

/// Keeps the proof of a stretch that ends at `last`.
///
/// # Errors
/// When the database fails.
pub fn put<W: WriteTx + ?Sized>(tx: &mut W, last: &Place, proof: &[u8]) -> Result<(), StoreError> {
    Ok(tx.put(Table::Proofs, &last.key(), proof)?)
}

/// The first proof that ends at `from` or later in the same log, with the number it ends at.
///
/// # Errors
/// When the database fails or a key is malformed.
pub fn next<R: ReadTx + ?Sized>(tx: &R, from: &Place) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
    let span = Span::between(&from.key(), &Place { log: from.log, seq: u64::MAX }.key());
    match collect(tx, Table::Proofs, &span, 1)?.pop() {
        Some((key, proof)) => Ok(Some((Place::from_key(Table::Proofs, &key)?.seq, proof))),
        None => Ok(None),
    }
}
