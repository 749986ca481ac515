//! Sealed attachments in pieces, each known by its hash, and which document holds which (docs/formats/blob.md).
//!
//! A blob is named by the hash of its header, and the header names the hash of each piece: whoever knows a blob's name can
//! tell of every 64 KiB of ciphertext whether it belongs there, wherever it came from.

use crate::documents::DocId;
use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use crate::limit::{BLOB_PIECE_BYTES, BLOB_PIECES_MAX};
use crate::{key, meta};
use canon::{Canon as _, Malformed, Reader, Writer};
use taken::Row;

pub use sync::{BlobHeader, BlobName as BlobHash};

mod taken;

pub use taken::{Claim, Room, adopt, held, is_whole, lane_of, owner, piece, take, taken_from};

const VERSION: u8 = 1;
/// Name of the `meta` entry that says how many bytes of ciphertext this box's documents hold.
const TOTAL: &str = "blobs";
/// The lane of a blob that nobody said otherwise about.
const LANE: u8 = 1;

fn piece_key(hash: &BlobHash, index: usize) -> Vec<u8> {
    key::join(&[hash, &u32::try_from(index).unwrap_or(u32::MAX).to_be_bytes()])
}

/// A blob's header; none when nothing of it is here.
///
/// # Errors
/// When the database fails or the header is none.
pub fn header<R: ReadTx + ?Sized>(tx: &R, hash: &BlobHash) -> Result<Option<BlobHeader>, StoreError> {
    let Some(bytes) = tx.get(Table::Blobs, hash)? else { return Ok(None) };
    BlobHeader::from_canon(&bytes).map(Some).map_err(StoreError::malformed(Table::Blobs))
}

/// A blob's ciphertext; none while a piece of it is missing.
///
/// # Errors
/// When the database fails, or what is there is not what the name says.
pub fn get<R: ReadTx + ?Sized>(tx: &R, hash: &BlobHash) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(header) = header(tx, hash)? else { return Ok(None) };
    if header.hash() != *hash {
        return Err(StoreError::rule(Table::Blobs, "a header is named by its hash"));
    }
    let mut ciphertext = Vec::new();
    for index in 0..header.pieces.len() {
        let Some(piece) = tx.get(Table::Blobs, &piece_key(hash, index))? else { return Ok(None) };
        if !header.holds(index, &piece) {
            return Err(StoreError::rule(Table::Blobs, "a piece is named by its hash"));
        }
        ciphertext.extend_from_slice(&piece);
    }
    Ok(Some(ciphertext))
}

/// Stores a ciphertext that belongs to no document, and returns its name. Storing it again changes nothing.
///
/// # Errors
/// When the database fails, or the ciphertext is over the limit.
pub fn put<W: WriteTx + ?Sized>(tx: &mut W, ciphertext: &[u8]) -> Result<BlobHash, StoreError> {
    let header = BlobHeader::of(ciphertext);
    if header.pieces.len() > BLOB_PIECES_MAX {
        return Err(StoreError::rule(Table::Blobs, "a blob has a limited number of pieces"));
    }
    let hash = header.hash();
    tx.put(Table::Blobs, &hash, &header.to_canon())?;
    for (index, piece) in ciphertext.chunks(BLOB_PIECE_BYTES).enumerate() {
        tx.put(Table::Blobs, &piece_key(&hash, index), piece)?;
    }
    Ok(hash)
}

/// Removes a blob, whole or in part.
///
/// # Errors
/// When the database fails.
pub fn remove<W: WriteTx + ?Sized>(tx: &mut W, hash: &BlobHash) -> Result<(), StoreError> {
    for (key, _) in collect(tx, Table::Blobs, &Span::prefix(hash), usize::MAX)? {
        tx.delete(Table::Blobs, &key)?;
    }
    Ok(tx.delete(Table::BlobDocs, hash)?)
}

/// Stores a ciphertext that a document names, and counts it.
///
/// # Errors
/// As [`put`].
pub fn hold<W: WriteTx + ?Sized>(tx: &mut W, doc: &DocId, ciphertext: &[u8]) -> Result<BlobHash, StoreError> {
    hold_in_lane(tx, doc, LANE, ciphertext)
}

/// [`hold`] of a blob that travels in this lane: the lower goes first.
///
/// # Errors
/// As [`put`].
pub fn hold_in_lane<W: WriteTx + ?Sized>(
    tx: &mut W,
    doc: &DocId,
    lane: u8,
    ciphertext: &[u8],
) -> Result<BlobHash, StoreError> {
    let hash = put(tx, ciphertext)?;
    let count = u32::try_from(ciphertext.len().div_ceil(BLOB_PIECE_BYTES)).unwrap_or(u32::MAX);
    Row { doc: *doc, lane, share: 0, next: count }.put(tx, &hash)?;
    refer(tx, doc, &hash, ciphertext.len() as u64)?;
    Ok(hash)
}

fn is_referred<R: ReadTx + ?Sized>(tx: &R, doc: &DocId, hash: &BlobHash) -> Result<bool, StoreError> {
    Ok(tx.get(Table::BlobRefs, &key::join(&[doc, hash]))?.is_some())
}

/// Notes that a document holds a blob, and counts it.
fn refer<W: WriteTx + ?Sized>(
    tx: &mut W,
    doc: &DocId,
    hash: &BlobHash,
    bytes: u64,
) -> Result<(), StoreError> {
    if is_referred(tx, doc, hash)? {
        return Ok(());
    }
    let mut row = Writer::new();
    row.u8(VERSION).u64(bytes);
    tx.put(Table::BlobRefs, &key::join(&[doc, hash]), row.as_bytes())?;
    let total = total(tx)?.saturating_add(bytes);
    meta::put(tx, TOTAL, &total.to_be_bytes())
}

/// The blobs a document holds, whole or in part, with their bytes.
///
/// # Errors
/// When the database fails or a row is malformed.
pub fn of<R: ReadTx + ?Sized>(tx: &R, doc: &DocId) -> Result<Vec<(BlobHash, u64)>, StoreError> {
    let rows = collect(tx, Table::BlobRefs, &Span::prefix(doc), usize::MAX)?;
    let read = |(key, row): (Vec<u8>, Vec<u8>)| {
        let hash = key::tail(&key).ok_or(StoreError::rule(Table::BlobRefs, "a key ends in a hash"))?;
        let bytes = bytes_of(&row).map_err(StoreError::malformed(Table::BlobRefs))?;
        Ok((hash, bytes))
    };
    rows.into_iter().map(read).collect()
}

fn bytes_of(row: &[u8]) -> Result<u64, Malformed> {
    let mut from = Reader::new(row);
    if from.u8()? != VERSION {
        return Err(from.malformed("version"));
    }
    let bytes = from.u64()?;
    from.end()?;
    Ok(bytes)
}

/// Destroys a blob that a document holds. One it does not hold is left alone.
///
/// # Errors
/// When the database fails.
pub fn release<W: WriteTx + ?Sized>(tx: &mut W, doc: &DocId, hash: &BlobHash) -> Result<(), StoreError> {
    let key = key::join(&[doc, hash]);
    let Some(row) = tx.get(Table::BlobRefs, &key)? else { return Ok(()) };
    let bytes = bytes_of(&row).map_err(StoreError::malformed(Table::BlobRefs))?;
    tx.delete(Table::BlobRefs, &key)?;
    taken::give_back(tx, hash, bytes)?;
    remove(tx, hash)?;
    let total = total(tx)?.saturating_sub(bytes);
    meta::put(tx, TOTAL, &total.to_be_bytes())
}

/// Destroys every blob of a document.
///
/// # Errors
/// When the database fails.
pub fn release_of<W: WriteTx + ?Sized>(tx: &mut W, doc: &DocId) -> Result<(), StoreError> {
    of(tx, doc)?.iter().try_for_each(|(hash, _)| release(tx, doc, hash))
}

/// Bytes of ciphertext that this box's documents hold.
///
/// # Errors
/// When the database fails or the number is none.
pub fn total<R: ReadTx + ?Sized>(tx: &R) -> Result<u64, StoreError> {
    let Some(bytes) = meta::get(tx, TOTAL)? else { return Ok(0) };
    let fixed = bytes.try_into().map_err(|_| StoreError::rule(Table::Meta, "a total is 8 bytes"))?;
    Ok(u64::from_be_bytes(fixed))
}
