//! Photos between boxes: [`sync::Attachments`] over the store. Who may have which follows from the document that names it.

mod keep;
mod parcel;
#[cfg(test)]
mod tests;

use crate::limit::{PEER_PHOTO_BYTES, ROOM_FOR_RECORDS};
use crate::mesh::MeshContext;
use crate::views::{self, lacking};
use crate::{ActError, Node};
use canon::Canon as _;
use data_encoding::HEXLOWER;
use identity::{DeviceId, Member, Role, StationNo};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::blobs;
use store::engine::ReadTx;
use sync::{Attachments, BlobHead, BlobName, BlobPiece, BlobReason, Kept, Want, Wanted};

/// What became of pieces since this start; for figures and tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlobCounts {
    /// Pieces given to others.
    pub sent: u64,
    /// Pieces stored.
    pub kept: u64,
    /// Blobs that became whole.
    pub whole: u64,
    /// What was refused, by reason.
    pub refused: BTreeMap<BlobReason, u64>,
}

/// What a box remembers of blobs on their way; forgotten at a restart.
#[derive(Debug, Default)]
pub(crate) struct BlobMemory {
    inner: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    counts: BlobCounts,
    /// Peers that say that they have no room.
    full: BTreeSet<DeviceId>,
}

impl BlobMemory {
    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose quota the blobs of a member fill; 0 is this box's own.
fn share(member: &Member) -> u64 {
    u64::from(member.station.0) + 1
}

impl Node {
    /// What became of pieces since this start.
    #[must_use]
    pub fn blob_counts(&self) -> BlobCounts {
        self.blob_memory().lock().counts.clone()
    }

    /// Whether the centre said last that it has no room for photos.
    #[must_use]
    pub fn is_centre_full(&self) -> bool {
        let membership = self.membership();
        membership.centre().is_some_and(|centre| self.blob_memory().lock().full.contains(&centre.device))
    }

    /// Whose lacking blobs this peer is asked for: the outer one is none for a peer that is asked for nothing.
    fn asked_of(&self, peer: &DeviceId) -> Option<(Member, Option<StationNo>)> {
        let membership = self.membership();
        let member = membership.member(peer)?.clone();
        match (self.is_centre(), member.role) {
            (true, Role::Station) => {
                let station = member.station;
                Some((member, Some(station)))
            }
            (false, Role::Centre) => Some((member, None)),
            (true, Role::Centre) | (false, Role::Station) => None,
        }
    }

    /// Whether a peer may read a document: the centre a station's, a station what is its own. Nobody a draft.
    fn may_read(&self, tx: &dyn ReadTx, peer: &DeviceId, doc: &[u8; 16]) -> Result<bool, ActError> {
        let membership = self.membership();
        let (Some(owner), Some(member)) = (views::owner_of(tx, doc)?, membership.member(peer)) else {
            return Ok(false);
        };
        let reads = match (self.is_centre(), member.role) {
            (true, Role::Station) => owner == member.station,
            (false, Role::Centre) => true,
            (true, Role::Centre) | (false, Role::Station) => false,
        };
        Ok(reads && !views::is_draft(tx, doc)?)
    }

    fn lacking_for(
        &self,
        peer: &DeviceId,
        known: &dyn Fn(&BlobName) -> bool,
        count: usize,
    ) -> Result<Wanted, ActError> {
        let Some((member, of)) = self.asked_of(peer) else { return Ok(Wanted::Blobs(Vec::new())) };
        let tx = self.engine().read()?;
        let mut found = Vec::new();
        lacking::each(&*tx, of, &mut |lacks| {
            let unknown = lacks.all.iter().filter(|lack| !known(&lack.name));
            found.extend(unknown.map(|lack| (lacks.doc, lacks.lane, lack.name)));
            found.len() < count
        })?;
        if found.is_empty() {
            return Ok(Wanted::Blobs(Vec::new()));
        }
        let filled = blobs::taken_from(&*tx, share(&member))?;
        if filled >= PEER_PHOTO_BYTES || self.engine().room()? < ROOM_FOR_RECORDS {
            return Ok(Wanted::Full);
        }
        found.truncate(count);
        let want = |(doc, lane, name): ([u8; 16], u8, BlobName)| {
            let first = blobs::held(&*tx, &name)?.map_or(0, |(held, _)| held);
            Ok(Want { doc, name, lane, first })
        };
        Ok(Wanted::Blobs(found.into_iter().map(want).collect::<Result<_, ActError>>()?))
    }

    fn piece_for(&self, peer: &DeviceId, want: &Want) -> Result<Result<BlobPiece, BlobReason>, ActError> {
        let tx = self.engine().read()?;
        if !self.may_read(&*tx, peer, &want.doc)? {
            return Ok(Err(BlobReason::Scope));
        }
        let (name, index) = (want.name, want.first);
        if !blobs::is_whole(&*tx, &want.doc, &name)? {
            return Ok(Err(BlobReason::Absent));
        }
        let Some(bytes) = blobs::piece(&*tx, &name, index)? else { return Ok(Err(BlobReason::Absent)) };
        let head = if index == 0 {
            let header = blobs::header(&*tx, &name)?.map(|header| header.to_canon()).unwrap_or_default();
            Some(BlobHead { header, parcel: self.parcel(&*tx, peer, &want.doc, &name)? })
        } else {
            None
        };
        Ok(Ok(BlobPiece { name, index, head, bytes }))
    }
}

/// The disk failed: said, and nothing was stored.
fn failed(doing: &'static str, error: &ActError) -> BlobReason {
    tracing::error!(%error, doing, "blobs");
    BlobReason::Disk
}

impl Attachments for MeshContext {
    fn wanted(&mut self, peer: &DeviceId, known: &dyn Fn(&BlobName) -> bool, count: usize) -> Wanted {
        self.node.lacking_for(peer, known, count).unwrap_or_else(|error| {
            failed("looking for what is lacking", &error);
            Wanted::Blobs(Vec::new())
        })
    }

    fn piece(&mut self, peer: &DeviceId, want: &Want) -> Result<BlobPiece, BlobReason> {
        let piece = self.node.piece_for(peer, want).unwrap_or_else(|error| Err(failed("reading", &error)))?;
        self.node.blob_memory().lock().counts.sent += 1;
        Ok(piece)
    }

    fn keep(&mut self, peer: &DeviceId, want: &Want, piece: BlobPiece) -> Result<Kept, BlobReason> {
        self.node.keep_piece(peer, want, piece)
    }

    fn refused(&mut self, peer: &DeviceId, name: &BlobName, reason: BlobReason) {
        let blob = HEXLOWER.encode(name.get(..8).unwrap_or_default());
        tracing::warn!(peer = %peer, blob, %reason, "piece of a blob refused");
        *self.node.blob_memory().lock().counts.refused.entry(reason).or_insert(0) += 1;
    }

    fn told_full(&mut self, peer: &DeviceId, full: bool) {
        let mut memory = self.node.blob_memory().lock();
        let changed = if full { memory.full.insert(*peer) } else { memory.full.remove(peer) };
        if changed {
            tracing::warn!(peer = %peer, full, "the peer says whether it has no room for blobs");
        }
    }
}
