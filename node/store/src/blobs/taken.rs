//! Blobs that come from elsewhere, piece by piece, and how far each is here.

use super::{BlobHash, BlobHeader, VERSION, header, is_referred, piece_key, refer};
use crate::documents::DocId;
use crate::engine::{ReadTx, Table, WriteTx};
use crate::error::StoreError;
use crate::limit::BLOB_TAKEN_BYTES_MAX;
use crate::meta;
use canon::{Canon as _, Malformed, Reader, Writer};
use sync::{BlobPiece, BlobReason, Kept};

/// Whose a blob is, and how far it is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) doc: DocId,
    pub(super) lane: u8,
    /// Whose quota it counts to; 0: this box made it.
    pub(super) share: u64,
    /// The first piece that is missing.
    pub(super) next: u32,
}

impl Row {
    pub(super) fn put<W: WriteTx + ?Sized>(&self, tx: &mut W, hash: &BlobHash) -> Result<(), StoreError> {
        let mut row = Writer::new();
        row.u8(VERSION).fixed(&self.doc).u8(self.lane).u64(self.share).u64(u64::from(self.next));
        Ok(tx.put(Table::BlobDocs, hash, row.as_bytes())?)
    }

    fn get<R: ReadTx + ?Sized>(tx: &R, hash: &BlobHash) -> Result<Option<Self>, StoreError> {
        let Some(bytes) = tx.get(Table::BlobDocs, hash)? else { return Ok(None) };
        let read = || {
            let mut from = Reader::new(&bytes);
            if from.u8()? != VERSION {
                return Err(from.malformed("version"));
            }
            let (doc, lane, share) = (from.fixed()?, from.u8()?, from.u64()?);
            let next = u32::try_from(from.u64()?).map_err(|_| from.malformed("piece"))?;
            from.end()?;
            Ok::<_, Malformed>(Self { doc, lane, share, next })
        };
        read().map(Some).map_err(StoreError::malformed(Table::BlobDocs))
    }
}

/// What a blob from elsewhere is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The document that names it.
    pub doc: DocId,
    /// The lower goes first.
    pub lane: u8,
    /// Whose quota it counts to; not 0.
    pub share: u64,
}

/// Bytes there is still room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// In this document.
    pub document: u64,
    /// Of this peer.
    pub peer: u64,
    /// On this box.
    pub all: u64,
}

/// Stores a piece, if it is one: the header is checked against the name before anything is stored, each piece against the
/// header. Pieces come in order; one that is here already changes nothing. Room is taken for the whole blob with its
/// first piece.
///
/// # Errors
/// When the database fails. The inner one says why the piece is not taken: nothing was stored then.
pub fn take<W: WriteTx + ?Sized>(
    tx: &mut W,
    claim: &Claim,
    piece: &BlobPiece,
    room: &Room,
) -> Result<Result<Kept, BlobReason>, StoreError> {
    let (name, index) = (&piece.name, piece.index);
    let known = header(tx, name)?;
    let begins = known.is_none();
    let blob = match (known, &piece.head) {
        (Some(blob), _) => blob,
        (None, None) => return Ok(Err(BlobReason::Order)),
        (None, Some(head)) => match checked(name, &head.header) {
            Ok(blob) => blob,
            Err(reason) => return Ok(Err(reason)),
        },
    };
    let place = usize::try_from(index).unwrap_or(usize::MAX);
    if !blob.holds(place, &piece.bytes) {
        return Ok(Err(BlobReason::Piece));
    }
    let row = match Row::get(tx, name)? {
        Some(row) => row,
        None if begins => Row { doc: claim.doc, lane: claim.lane, share: claim.share, next: 0 },
        None => whole_row(claim.doc, blob.count()),
    };
    if row.doc != claim.doc || (!begins && !is_referred(tx, &claim.doc, name)?) {
        return Ok(Err(BlobReason::Scope));
    }
    if index < row.next {
        return Ok(Ok(Kept { next: row.next, whole: row.next == blob.count() }));
    }
    if index > row.next {
        return Ok(Err(BlobReason::Order));
    }
    if begins && blob.size > room.document.min(room.peer).min(room.all) {
        return Ok(Err(BlobReason::Full));
    }
    tx.put(Table::Blobs, &piece_key(name, place), &piece.bytes)?;
    if begins {
        tx.put(Table::Blobs, name, &blob.to_canon())?;
        refer(tx, &claim.doc, name, blob.size)?;
        let sum = taken_from(tx, claim.share)?.saturating_add(blob.size);
        meta::put(tx, &share_name(claim.share), &sum.to_be_bytes())?;
    }
    let next = row.next + 1;
    Row { next, ..row }.put(tx, name)?;
    Ok(Ok(Kept { next, whole: next == blob.count() }))
}

fn checked(name: &BlobHash, bytes: &[u8]) -> Result<BlobHeader, BlobReason> {
    let blob = BlobHeader::from_canon(bytes).map_err(|_| BlobReason::Name)?;
    if blob.hash() != *name || blob.pieces.is_empty() {
        return Err(BlobReason::Name);
    }
    if blob.size > BLOB_TAKEN_BYTES_MAX { Err(BlobReason::TooLarge) } else { Ok(blob) }
}

/// Of a blob that the first boxes stored: they stored whole ones only, and no row.
fn whole_row(doc: DocId, next: u32) -> Row {
    Row { doc, lane: super::LANE, share: 0, next }
}

fn share_name(share: u64) -> String {
    format!("blobs of {share}")
}

/// Bytes of ciphertext that were taken from a peer, whole blobs counted when they begin.
///
/// # Errors
/// When the database fails or the number is none.
pub fn taken_from<R: ReadTx + ?Sized>(tx: &R, share: u64) -> Result<u64, StoreError> {
    let Some(bytes) = meta::get(tx, &share_name(share))? else { return Ok(0) };
    let fixed = bytes.try_into().map_err(|_| StoreError::rule(Table::Meta, "a sum is 8 bytes"))?;
    Ok(u64::from_be_bytes(fixed))
}

/// A blob goes: its share is smaller by its bytes.
pub(super) fn give_back<W: WriteTx + ?Sized>(
    tx: &mut W,
    hash: &BlobHash,
    bytes: u64,
) -> Result<(), StoreError> {
    let Some(row) = Row::get(tx, hash)?.filter(|row| row.share != 0) else { return Ok(()) };
    let sum = taken_from(tx, row.share)?.saturating_sub(bytes);
    meta::put(tx, &share_name(row.share), &sum.to_be_bytes())
}

/// A piece of a blob; none when it is not here.
///
/// # Errors
/// When the database fails.
pub fn piece<R: ReadTx + ?Sized>(tx: &R, hash: &BlobHash, index: u32) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(tx.get(Table::Blobs, &piece_key(hash, usize::try_from(index).unwrap_or(usize::MAX)))?)
}

/// Pieces of a blob that are here, and how many it has; none when nothing of it is here.
///
/// # Errors
/// When the database fails or a row is malformed.
pub fn held<R: ReadTx + ?Sized>(tx: &R, hash: &BlobHash) -> Result<Option<(u32, u32)>, StoreError> {
    let Some(blob) = header(tx, hash)? else { return Ok(None) };
    let next = Row::get(tx, hash)?.map_or(blob.count(), |row| row.next);
    Ok(Some((next, blob.count())))
}

/// Whether all of a blob is here, for this document.
///
/// # Errors
/// When the database fails or a row is malformed.
pub fn is_whole<R: ReadTx + ?Sized>(tx: &R, doc: &DocId, hash: &BlobHash) -> Result<bool, StoreError> {
    Ok(is_referred(tx, doc, hash)? && held(tx, hash)?.is_some_and(|(held, all)| held == all))
}

/// The document that a blob belongs to; none when nothing of it is here, or an earlier version stored it and nobody has
/// [`adopt`]ed it.
///
/// # Errors
/// When the database fails or a row is malformed.
pub fn owner<R: ReadTx + ?Sized>(tx: &R, hash: &BlobHash) -> Result<Option<DocId>, StoreError> {
    Ok(Row::get(tx, hash)?.map(|row| row.doc))
}

/// The lane of a blob.
///
/// # Errors
/// When the database fails or a row is malformed.
pub fn lane_of<R: ReadTx + ?Sized>(tx: &R, hash: &BlobHash) -> Result<u8, StoreError> {
    Ok(Row::get(tx, hash)?.map_or(super::LANE, |row| row.lane))
}

/// Notes whose a blob is that an earlier version stored. One that is known already stays.
///
/// # Errors
/// When the database fails or a row is malformed.
pub fn adopt<W: WriteTx + ?Sized>(
    tx: &mut W,
    doc: &DocId,
    hash: &BlobHash,
    lane: u8,
) -> Result<(), StoreError> {
    if Row::get(tx, hash)?.is_some() || !is_referred(tx, doc, hash)? {
        return Ok(());
    }
    let Some(blob) = header(tx, hash)? else { return Ok(()) };
    Row { lane, ..whole_row(*doc, blob.count()) }.put(tx, hash)
}
