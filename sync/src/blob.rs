//! Blobs, the sealed attachments of documents (docs/formats/blob.md): their names, what is said about them in a session,
//! and what a session needs of its box for them. A blob is known by its name, and belongs to one document: whoever
//! may read that may have the blob.

mod frame;

pub use frame::BlobFrame;

use crate::limit;
use canon::{Canon, Malformed, Reader, Writer};
use identity::DeviceId;
use std::fmt;

/// The name of a blob: the hash of its header, and so of all its ciphertext.
pub type BlobName = [u8; 32];

const VERSION: u8 = 1;

/// What a blob is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobHeader {
    /// Bytes of ciphertext.
    pub size: u64,
    /// The hash of each piece, in order.
    pub pieces: Vec<[u8; 32]>,
}

impl BlobHeader {
    /// The header of a ciphertext.
    #[must_use]
    pub fn of(ciphertext: &[u8]) -> Self {
        let pieces = ciphertext.chunks(limit::BLOB_PIECE_BYTES).map(piece_hash).collect();
        Self { size: ciphertext.len() as u64, pieces }
    }

    /// The blob's name.
    #[must_use]
    pub fn hash(&self) -> BlobName {
        canon::hash("blob-name", |out| self.write(out))
    }

    /// How many pieces there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.pieces.len()).unwrap_or(u32::MAX)
    }

    /// Bytes of a piece: all are full but the last.
    #[must_use]
    pub fn piece_bytes(&self, index: usize) -> usize {
        let before = index.saturating_mul(limit::BLOB_PIECE_BYTES);
        usize::try_from(self.size).unwrap_or(0).saturating_sub(before).min(limit::BLOB_PIECE_BYTES)
    }

    /// Whether bytes are the piece of this number.
    #[must_use]
    pub fn holds(&self, index: usize, piece: &[u8]) -> bool {
        self.pieces.get(index).is_some_and(|hash| *hash == piece_hash(piece))
            && piece.len() == self.piece_bytes(index)
    }
}

impl Canon for BlobHeader {
    fn write(&self, out: &mut Writer) {
        out.u8(VERSION).u64(self.size).u64(self.pieces.len() as u64);
        for piece in &self.pieces {
            out.fixed(piece);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.u8()? != VERSION {
            return Err(from.malformed("version"));
        }
        let size = from.u64()?;
        let mut pieces = Vec::new();
        for _ in 0..from.count(limit::BLOB_PIECES)? {
            pieces.push(from.fixed()?);
        }
        let fits =
            usize::try_from(size).is_ok_and(|size| size.div_ceil(limit::BLOB_PIECE_BYTES) == pieces.len());
        if fits { Ok(Self { size, pieces }) } else { Err(from.malformed("pieces")) }
    }
}

fn piece_hash(piece: &[u8]) -> [u8; 32] {
    canon::hash("blob-piece", |out| {
        out.fixed(piece);
    })
}

/// A blob that a box lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Want {
    /// The document that names it.
    pub doc: [u8; 16],
    /// Its name.
    pub name: BlobName,
    /// The lower goes first.
    pub lane: u8,
    /// The first piece that is missing.
    pub first: u32,
}

/// What is told with a blob's first piece.
#[derive(Clone, PartialEq, Eq)]
pub struct BlobHead {
    /// The header, as bytes: what its name is the hash of.
    pub header: Vec<u8>,
    /// What the receiver needs to open the blob, sealed to it. A session looks at its length alone.
    pub parcel: Vec<u8>,
}

/// A piece of a blob.
#[derive(Clone, PartialEq, Eq)]
pub struct BlobPiece {
    /// The blob's name.
    pub name: BlobName,
    /// Which piece, from 0.
    pub index: u32,
    /// With piece 0 and no other.
    pub head: Option<BlobHead>,
    /// The ciphertext.
    pub bytes: Vec<u8>,
}

/// Why a blob or a piece of it is not taken or not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum BlobReason {
    /// Nobody asked for it.
    #[error("it was not asked for")]
    Unasked,
    /// Another piece is the next.
    #[error("another piece is the next")]
    Order,
    /// The header is none, or its hash is not the name.
    #[error("the header is not the name's")]
    Name,
    /// The piece's hash is not the header's.
    #[error("the piece is not the header's")]
    Piece,
    /// Over the size of a blob.
    #[error("it is too large")]
    TooLarge,
    /// No room: the disk, what this peer may fill, or what one document may hold.
    #[error("no room")]
    Full,
    /// The peer may not have it, or the document does not name it.
    #[error("this pair does not exchange it")]
    Scope,
    /// It is not here, or not that far.
    #[error("it is not here")]
    Absent,
    /// Too many are asked for at once.
    #[error("too many are asked for")]
    TooMany,
    /// The disk failed: nothing was stored.
    #[error("the disk failed")]
    Disk,
    /// A reason that a later version of the protocol knows.
    #[error("a reason this version does not know ({0})")]
    Other(u8),
}

const REASONS: [BlobReason; 10] = [
    BlobReason::Unasked,
    BlobReason::Order,
    BlobReason::Name,
    BlobReason::Piece,
    BlobReason::TooLarge,
    BlobReason::Full,
    BlobReason::Scope,
    BlobReason::Absent,
    BlobReason::TooMany,
    BlobReason::Disk,
];

impl BlobReason {
    /// The number on the wire (docs/formats/wire.md): 1 for the first and so on.
    #[must_use]
    pub fn code(self) -> u8 {
        if let Self::Other(code) = self {
            return code;
        }
        REASONS.iter().zip(1u8..).find(|(each, _)| **each == self).map_or(0, |(_, code)| code)
    }

    /// The inverse of [`BlobReason::code`].
    #[must_use]
    pub fn from_code(code: u8) -> Self {
        REASONS
            .iter()
            .zip(1u8..)
            .find(|(_, number)| *number == code)
            .map_or(Self::Other(code), |(each, _)| *each)
    }
}

/// What a box lacks of what a peer may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// There is no room for more.
    Full,
    /// These, the lowest lanes first.
    Blobs(Vec<Want>),
}

/// How far a blob is here after a piece was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The first piece that is missing; how many there are when none is.
    pub next: u32,
    /// All of it is here.
    pub whole: bool,
}

/// What a session needs of its box for blobs: a box without it takes no part in them ([`crate::Context::attachments`]).
/// The implementor knows who may read which document. Pieces go one by one: nobody ever holds a whole blob for a session.
pub trait Attachments {
    /// At most `count` blobs that documents here name, that are not whole here and that this peer is to be asked for,
    /// without those that `known` knows. The lowest lanes first.
    fn wanted(&mut self, peer: &DeviceId, known: &dyn Fn(&BlobName) -> bool, count: usize) -> Wanted;

    /// The piece `want.first` for this peer.
    ///
    /// # Errors
    /// [`BlobReason::Scope`] for a peer that may not have it, whether it is here or not; [`BlobReason::Absent`].
    fn piece(&mut self, peer: &DeviceId, want: &Want) -> Result<BlobPiece, BlobReason>;

    /// Checks a piece that was asked for with `want`, against the header, and that against the name, and stores it. What this
    /// returns is durable: a power cut can no longer take it away. A piece that is there already is kept once.
    ///
    /// # Errors
    /// [`BlobReason`]: nothing of it was stored.
    fn keep(&mut self, peer: &DeviceId, want: &Want, piece: BlobPiece) -> Result<Kept, BlobReason>;

    /// This box refused what the peer sent or asked for; for the log and the counts.
    fn refused(&mut self, peer: &DeviceId, name: &BlobName, reason: BlobReason);

    /// The peer says whether it has room for blobs.
    fn told_full(&mut self, peer: &DeviceId, full: bool);
}

impl fmt::Debug for BlobHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobHead({} bytes, parcel of {})", self.header.len(), self.parcel.len())
    }
}

impl fmt::Debug for BlobPiece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobPiece({}, {:?}, {} bytes)", self.index, self.head, self.bytes.len())
    }
}
