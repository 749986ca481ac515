//! Blobs of a box in memory: kept as the contract of [`Attachments`] says, or with a fault put in on purpose.

use super::testbox::TestBox;
use crate::*;
use canon::Canon as _;
use identity::DeviceId;
use std::collections::{BTreeMap, BTreeSet};

/// A bug put in on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Pieces are taken as they come.
    Unverified,
    /// A piece is called durable and not stored.
    SaidEarly,
}

/// A blob in pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Held {
    header: Option<BlobHeader>,
    pieces: Vec<Vec<u8>>,
}

#[derive(Clone, Default)]
pub(super) struct TestBlobs {
    /// What documents here name: blob → document and lane.
    pub(super) named: BTreeMap<BlobName, ([u8; 16], u8)>,
    /// Who may read them.
    pub(super) readers: BTreeSet<DeviceId>,
    pub(super) held: BTreeMap<BlobName, Held>,
    pub(super) full: bool,
    /// What it sends is spoilt.
    pub(super) spoils: bool,
    pub(super) fault: Option<Fault>,
    /// Pieces stored, in order.
    pub(super) stored: Vec<(BlobName, u32)>,
    pub(super) refused: Vec<BlobReason>,
    pub(super) peer_full: bool,
}

/// Bytes of a blob, which its number makes.
pub(super) fn ciphertext(number: u8, bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| (at % 249) as u8 ^ number).collect()
}

impl TestBlobs {
    /// A document names a blob.
    pub(super) fn name(&mut self, bytes: &[u8], lane: u8) -> BlobName {
        let name = BlobHeader::of(bytes).hash();
        self.named.insert(name, ([7; 16], lane));
        name
    }

    /// A blob is here, whole.
    pub(super) fn hold(&mut self, bytes: &[u8]) {
        let header = BlobHeader::of(bytes);
        let pieces = bytes.chunks(limit::BLOB_PIECE_BYTES).map(<[u8]>::to_vec).collect();
        self.held.insert(header.hash(), Held { header: Some(header), pieces });
    }

    /// The bytes of a blob that is here whole.
    pub(super) fn whole(&self, name: &BlobName) -> Option<Vec<u8>> {
        let held = self.held.get(name)?;
        (held.pieces.len() == held.header.as_ref()?.pieces.len()).then(|| held.pieces.concat())
    }

    pub(super) fn pieces(&self, name: &BlobName) -> usize {
        self.held.get(name).map_or(0, |held| held.pieces.len())
    }
}

impl Attachments for TestBox {
    fn wanted(&mut self, peer: &DeviceId, known: &dyn Fn(&BlobName) -> bool, count: usize) -> Wanted {
        let blobs = &self.blobs;
        if !blobs.readers.contains(peer) {
            return Wanted::Blobs(Vec::new());
        }
        let lacking = blobs.named.iter().filter(|(name, _)| blobs.whole(name).is_none() && !known(name));
        let mut wants: Vec<Want> = lacking
            .map(|(name, (doc, lane))| Want {
                doc: *doc,
                name: *name,
                lane: *lane,
                first: u32::try_from(blobs.pieces(name)).unwrap(),
            })
            .collect();
        if blobs.full && !wants.is_empty() {
            return Wanted::Full;
        }
        wants.sort_by_key(|want| want.lane);
        wants.truncate(count);
        Wanted::Blobs(wants)
    }

    fn piece(&mut self, peer: &DeviceId, want: &Want) -> Result<BlobPiece, BlobReason> {
        if !self.blobs.readers.contains(peer) {
            return Err(BlobReason::Scope);
        }
        let held = self.blobs.held.get(&want.name).ok_or(BlobReason::Absent)?;
        let mut bytes = held.pieces.get(want.first as usize).ok_or(BlobReason::Absent)?.clone();
        if self.blobs.spoils {
            bytes[0] ^= 1;
        }
        let header = held.header.as_ref().unwrap().to_canon();
        let head = (want.first == 0).then(|| BlobHead { header, parcel: vec![5; 40] });
        Ok(BlobPiece { name: want.name, index: want.first, head, bytes })
    }

    fn keep(&mut self, _: &DeviceId, want: &Want, piece: BlobPiece) -> Result<Kept, BlobReason> {
        if self.blobs.full {
            return Err(BlobReason::Full);
        }
        let fault = self.blobs.fault;
        let mut held = self.blobs.held.get(&want.name).cloned().unwrap_or_default();
        if let Some(head) = &piece.head {
            let header = BlobHeader::from_canon(&head.header).map_err(|_| BlobReason::Name)?;
            if header.hash() != want.name {
                return Err(BlobReason::Name);
            }
            held.header = Some(header);
        }
        let header = held.header.clone().ok_or(BlobReason::Order)?;
        assert_eq!(piece.index as usize, held.pieces.len(), "the session lets through what is next alone");
        if fault != Some(Fault::Unverified) && !header.holds(piece.index as usize, &piece.bytes) {
            return Err(BlobReason::Piece);
        }
        held.pieces.push(piece.bytes);
        let next = u32::try_from(held.pieces.len()).unwrap();
        let kept = Kept { next, whole: next == header.count() };
        if fault != Some(Fault::SaidEarly) {
            self.blobs.stored.push((want.name, piece.index));
            self.blobs.held.insert(want.name, held);
        }
        Ok(kept)
    }

    fn refused(&mut self, _: &DeviceId, _: &BlobName, reason: BlobReason) {
        self.blobs.refused.push(reason);
    }

    fn told_full(&mut self, _: &DeviceId, full: bool) {
        self.blobs.peer_full = full;
    }
}
