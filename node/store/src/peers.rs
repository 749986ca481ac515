//! What was last remembered of each peer: a hint that makes the next session short. Losing it costs bytes, nothing else.

use crate::engine::{ReadTx, Table, WriteTx};
use crate::error::StoreError;
use identity::DeviceId;

/// What is remembered of a peer.
///
/// # Errors
/// When the database fails.
pub fn get<R: ReadTx + ?Sized>(tx: &R, peer: &DeviceId) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(tx.get(Table::Peers, &peer.0)?)
}

/// Remembers about a peer.
///
/// # Errors
/// When the database fails.
pub fn put<W: WriteTx + ?Sized>(tx: &mut W, peer: &DeviceId, memory: &[u8]) -> Result<(), StoreError> {
    Ok(tx.put(Table::Peers, &peer.0, memory)?)
}
