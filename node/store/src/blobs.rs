//! Attachments: sealed bytes under the hash of their ciphertext.

use crate::engine::{ReadTx, Table, WriteTx};
use crate::error::StoreError;

/// SHA-256 of a blob's ciphertext.
pub type BlobHash = [u8; 32];

/// A blob's ciphertext.
///
/// # Errors
/// When the database fails.
pub fn get<R: ReadTx + ?Sized>(tx: &R, hash: &BlobHash) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(tx.get(Table::Blobs, hash)?)
}

/// Stores a ciphertext and returns its hash. Storing it again changes nothing.
///
/// # Errors
/// When the database fails, or the ciphertext is over the limit.
pub fn put<W: WriteTx + ?Sized>(tx: &mut W, ciphertext: &[u8]) -> Result<BlobHash, StoreError> {
    let hash = canon::sha256(ciphertext);
    tx.put(Table::Blobs, &hash, ciphertext)?;
    Ok(hash)
}

/// Removes a blob.
///
/// # Errors
/// When the database fails.
pub fn remove<W: WriteTx + ?Sized>(tx: &mut W, hash: &BlobHash) -> Result<(), StoreError> {
    Ok(tx.delete(Table::Blobs, hash)?)
}
