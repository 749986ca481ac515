use super::{BlobHead, BlobName, BlobPiece, BlobReason, Kept, Want};
use crate::limit;
use canon::{Canon, Malformed, Reader, Writer};

/// What two boxes say about blobs, from protocol version 2 on (docs/formats/wire.md).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobFrame {
    /// 11: this box lacks these, beside what it asked for before; or it has no room for any.
    Wanted {
        /// No room.
        full: bool,
        /// Each asked for once.
        wants: Vec<Want>,
    },
    /// 12: the next piece of what is wanted.
    Piece(BlobPiece),
    /// 13: a piece is on the disk.
    Kept(BlobName, Kept),
    /// 14: a piece was not taken, and nothing of it is stored.
    Refused(BlobName, BlobReason),
    /// 15: what is wanted is not sent.
    Cannot(BlobName, BlobReason),
}

impl BlobFrame {
    /// The first of the frame types that speak of blobs.
    pub(crate) const FIRST: u8 = 11;
    /// The last of them.
    pub(crate) const LAST: u8 = 15;

    /// Type and body.
    pub(crate) fn write(&self, out: &mut Writer) {
        match self {
            Self::Wanted { full, wants } => {
                out.u8(11).bool(*full).list(wants);
            }
            Self::Piece(piece) => {
                out.u8(12).fixed(&piece.name).u64(u64::from(piece.index)).bool(piece.head.is_some());
                if let Some(head) = &piece.head {
                    out.bytes(&head.header).bytes(&head.parcel);
                }
                out.bytes(&piece.bytes);
            }
            Self::Kept(name, kept) => {
                out.u8(13).fixed(name).u64(u64::from(kept.next)).bool(kept.whole);
            }
            Self::Refused(name, reason) => {
                out.u8(14).fixed(name).u8(reason.code());
            }
            Self::Cannot(name, reason) => {
                out.u8(15).fixed(name).u8(reason.code());
            }
        }
    }

    /// Reads the body of a frame of this type.
    pub(crate) fn read(kind: u8, from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(match kind {
            11 => Self::Wanted { full: from.bool()?, wants: from.list(limit::BLOBS_ASKED)? },
            12 => {
                let (name, index) = (from.fixed()?, number(from)?);
                let has_head = from.bool()?;
                if has_head != (index == 0) {
                    return Err(from.malformed("a head goes with the first piece"));
                }
                let head = if has_head {
                    let header = from.bytes(limit::BLOB_HEADER_BYTES)?.to_vec();
                    Some(BlobHead { header, parcel: from.bytes(limit::BLOB_PARCEL_BYTES)?.to_vec() })
                } else {
                    None
                };
                let bytes = from.bytes(limit::BLOB_PIECE_BYTES)?.to_vec();
                Self::Piece(BlobPiece { name, index, head, bytes })
            }
            13 => Self::Kept(from.fixed()?, Kept { next: number(from)?, whole: from.bool()? }),
            14 => Self::Refused(from.fixed()?, BlobReason::from_code(from.u8()?)),
            _ => Self::Cannot(from.fixed()?, BlobReason::from_code(from.u8()?)),
        })
    }
}

fn number(from: &mut Reader<'_>) -> Result<u32, Malformed> {
    let number = from.u64()?;
    u32::try_from(number).map_err(|_| from.malformed("number of a piece"))
}

impl Canon for Want {
    fn write(&self, out: &mut Writer) {
        out.fixed(&self.doc).fixed(&self.name).u8(self.lane).u64(u64::from(self.first));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { doc: from.fixed()?, name: from.fixed()?, lane: from.u8()?, first: number(from)? })
    }
}
