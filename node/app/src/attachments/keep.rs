//! A piece comes in: checked, stored, and when it was the last the receipt says so in the same commit.

use super::share;
use crate::admission::Intake;
use crate::commit::{Fresh, Job};
use crate::limit::{BOX_PHOTO_BYTES, CASE_PHOTO_BYTES, PEER_PHOTO_BYTES, ROOM_FOR_RECORDS};
use crate::views::{self, lacking};
use crate::{ActError, Node, keyring};
use identity::{DeviceId, Member};
use model::case::facts::WORDS;
use store::StoreError;
use store::blobs::{self, Claim, Room};
use store::engine::EngineError;
use store::seeds::SeedPlace;
use sync::{BlobPiece, BlobReason, Kept, Want};

/// Why nothing was stored.
enum Stop {
    Refused(BlobReason),
    Failed(ActError),
}

impl From<ActError> for Stop {
    fn from(error: ActError) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<EngineError> for Stop {
    fn from(error: EngineError) -> Self {
        Self::Failed(error.into())
    }
}

impl Node {
    pub(super) fn keep_piece(
        &self,
        peer: &DeviceId,
        want: &Want,
        piece: BlobPiece,
    ) -> Result<Kept, BlobReason> {
        // receipts are computed from what is held, as with entries
        let _one = self.one_admission_at_a_time();
        let (node, want, blob) = (self.clone(), *want, piece.name);
        let membership = self.membership();
        let member = membership.member(peer).cloned().ok_or(BlobReason::Scope)?;
        let kept = self.submit(move |tx| {
            let mut job = Job { tx, node, fresh: Fresh::default() };
            let kept = job.keep_piece(&member, &want, &piece)?;
            Ok::<_, Stop>((kept, job.fresh))
        });
        match kept {
            // it was here already: nothing was written
            Ok((None, _)) => Ok(Kept { next: want.first, whole: true }),
            Ok((Some(kept), fresh)) => {
                self.blob_memory().lock().counts.kept += 1;
                if kept.whole {
                    self.blob_memory().lock().counts.whole += 1;
                    let blob = data_encoding::HEXLOWER.encode(blob.get(..8).unwrap_or_default());
                    tracing::info!(peer = %peer, blob, pieces = kept.next, "blob whole");
                    // a page may show it, and a receipt go out
                    self.absorb(fresh);
                }
                Ok(kept)
            }
            Err(Stop::Refused(reason)) => Err(reason),
            Err(Stop::Failed(error)) if error.is_disk_full() => Err(BlobReason::Full),
            Err(Stop::Failed(error)) => Err(super::failed("storing", &error)),
        }
    }
}

impl Job<'_> {
    /// None when all of the blob is here already: another link brought it.
    fn keep_piece(&mut self, member: &Member, want: &Want, piece: &BlobPiece) -> Result<Option<Kept>, Stop> {
        if blobs::is_whole(&*self.tx, &want.doc, &piece.name)? {
            return Ok(None);
        }
        // the document may be gone since it was asked for
        let named = lacking::of(&*self.tx, &want.doc)?.into_iter();
        let named = named.filter(|lacks| lacks.lane == want.lane).flat_map(|lacks| lacks.all);
        if !named.into_iter().any(|lack| lack.name == piece.name) {
            return Err(Stop::Refused(BlobReason::Scope));
        }
        let claim = Claim { doc: want.doc, lane: want.lane, share: share(member) };
        let room = self.room_for(&claim)?;
        let kept = blobs::take(self.tx, &claim, piece, &room)?.map_err(Stop::Refused)?;
        if let Some(head) = &piece.head {
            let mut book = keyring::open(&*self.tx, self.node.bag(), &want.doc)?;
            let place = SeedPlace { doc: want.doc, person: WORDS };
            for seed in self.node.unparcel(&head.parcel, &want.doc, &piece.name) {
                keyring::keep(self.tx, &self.node, place, &seed, &mut book)?;
            }
        }
        if kept.whole {
            lacking::came(self.tx, &want.doc, &piece.name)?;
            self.tell_receipt(want)?;
        }
        Ok(Some(kept))
    }

    fn room_for(&mut self, claim: &Claim) -> Result<Room, Stop> {
        if self.node.engine().room()? < ROOM_FOR_RECORDS {
            return Ok(Room { document: 0, peer: 0, all: 0 });
        }
        let of_case: u64 = blobs::of(&*self.tx, &claim.doc)?.iter().map(|(_, bytes)| bytes).sum();
        let all = if self.node.is_centre() {
            u64::MAX
        } else {
            BOX_PHOTO_BYTES.saturating_sub(blobs::total(&*self.tx)?)
        };
        let peer = PEER_PHOTO_BYTES.saturating_sub(blobs::taken_from(&*self.tx, claim.share)?);
        Ok(Room { document: CASE_PHOTO_BYTES.saturating_sub(of_case), peer, all })
    }

    /// The owner's receipt says that less is missing: for each photo, and when nothing of a document is missing any more. Not
    /// for each thumbnail: a receipt may be longer than one.
    fn tell_receipt(&mut self, want: &Want) -> Result<(), Stop> {
        if want.lane == lacking::THUMBS && !lacking::of(&*self.tx, &want.doc)?.is_empty() {
            return Ok(());
        }
        let Some(owner) = views::owner_of(&*self.tx, &want.doc)? else { return Ok(()) };
        let membership = self.node.membership();
        let writers = membership.members().iter().filter(|member| member.station == owner);
        let writers: Vec<DeviceId> = writers.map(|member| member.device).collect();
        Intake::receipts_for(self, writers)?;
        Ok(())
    }
}
