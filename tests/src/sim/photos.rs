//! Photos of cases: taken with an act, spoilt and lost on the way, and where each must be at rest.
#![expect(clippy::indexing_slicing, reason = "places and boxes are the simulation's own numbers")]

use super::context::SimContext;
use super::plant::Plant;
use super::world::{CENTRE, Errand, Failure, World};
use app::{Node, testing};
use identity::DeviceId;
use model::record::Edit;
use rand::RngExt as _;
use records::DocRef;
use sync::truth::Truth;
use sync::{Attachments, BlobHeader, BlobName, BlobPiece, BlobReason, Kept, Want, Wanted};

/// A photo that an act named.
#[derive(Debug, Clone)]
pub(super) struct SimPhoto {
    /// The act.
    marker: u64,
    doc: DocRef,
    thumb: Vec<u8>,
    full: Vec<u8>,
    by_centre: bool,
    /// No disk that counts holds all of it any more.
    lost: bool,
}

impl SimPhoto {
    fn blobs(&self) -> [&Vec<u8>; 2] {
        [&self.thumb, &self.full]
    }

    /// Lane and bytes.
    pub(super) fn ciphertexts(&self) -> Vec<(u8, Vec<u8>)> {
        vec![(0, self.thumb.clone()), (1, self.full.clone())]
    }
}

fn name(ciphertext: &[u8]) -> BlobName {
    BlobHeader::of(ciphertext).hash()
}

impl World {
    /// Once in a while a photo goes with an act on a case: of one piece, or of two.
    pub(super) fn photograph(
        &mut self,
        by: usize,
        doc: DocRef,
        errand: Errand,
        marker: u64,
        edit: &mut Edit,
    ) -> Option<SimPhoto> {
        if !matches!(errand, Errand::Case | Errand::Decision { .. }) || !self.rng.random_ratio(1, 4) {
            return None;
        }
        let bytes = if self.rng.random_ratio(1, 4) {
            sync::limit::BLOB_PIECE_BYTES + self.rng.random_range(1..500)
        } else {
            self.rng.random_range(200..2_000)
        };
        let make = |kind: u8, bytes: usize| {
            let seed = canon::hash("sim-photo", |w| {
                w.u64(by as u64).u64(marker).u8(kind).fixed(&doc.id.0);
            });
            seed.into_iter().cycle().take(bytes).collect::<Vec<u8>>()
        };
        let photo = SimPhoto {
            marker,
            doc,
            thumb: make(0, 150),
            full: make(1, bytes),
            by_centre: by == CENTRE,
            lost: false,
        };
        let event = testing::photo_event(name(&photo.full), Some(name(&photo.thumb)), bytes as u64)?;
        edit.events.push(event);
        self.tally.count("photo taken");
        Some(photo)
    }

    fn holds_photo(&self, at: usize, photo: &SimPhoto) -> bool {
        let Ok(node) = self.node(at) else { return false };
        let whole = |bytes: &&Vec<u8>| {
            let held = testing::blob(node, &photo.doc.id.0, &name(bytes)).ok().flatten();
            held.as_ref() == Some(*bytes)
        };
        photo.blobs().iter().all(whole)
    }

    /// After a disk was lost or a box revoked: a photo that nobody has whole any more cannot arrive.
    pub(super) fn give_up_lost_photos(&mut self) {
        let mut photos = std::mem::take(&mut self.photos);
        for photo in photos.iter_mut().filter(|photo| !photo.lost) {
            photo.lost = !(0..self.boxes.len()).any(|at| !self.boxes[at].cut && self.holds_photo(at, photo));
            if photo.lost {
                self.tally.count("photo gone with a disk");
            }
        }
        self.photos = photos;
    }

    /// At rest each photo is where its case is, byte by byte, and nowhere else.
    pub(super) fn photos_arrived(&self) -> Result<(), Failure> {
        for photo in &self.photos {
            let Some(act) = self.acts.iter().find(|act| act.marker == photo.marker) else { continue };
            for (at, held) in self.boxes.iter().enumerate().filter(|(_, held)| !held.cut) {
                let reads = at == CENTRE || held.place == self.owners[&photo.doc];
                if !reads {
                    let named = testing::blobs_named(self.node(at)?, &photo.doc.id.0)?;
                    if !named.is_empty() {
                        let what = format!("box {at} has to do with a photo of {:?}", photo.doc);
                        return Err(Failure::new(what));
                    }
                } else if act.required && !photo.lost && !self.holds_photo(at, photo) {
                    let what = format!("the photo of act {} has not arrived at box {at}", photo.marker);
                    return Err(Failure::new(what));
                }
            }
        }
        Ok(())
    }

    /// Whoever says 中心已回执 is right about the photos that a station took, too. Of one that the centre itself added its receipt to
    /// the station says nothing.
    pub(super) fn photos_are_at_the_centre(
        &self,
        at: usize,
        node: &Node,
        doc: &[u8; 16],
    ) -> Result<(), Failure> {
        let own = |photo: &&SimPhoto| photo.doc.id.0 == *doc && !photo.by_centre;
        let own: Vec<BlobName> =
            self.photos.iter().filter(own).flat_map(SimPhoto::blobs).map(|b| name(b)).collect();
        for blob in testing::blobs_named(node, doc)?.into_iter().filter(|blob| own.contains(blob)) {
            if testing::blob(self.node(CENTRE)?, doc, &blob)?.is_none() {
                let what = format!("box {at} calls a case received; the centre lacks a photo of it");
                return Err(Failure::new(what));
            }
        }
        Ok(())
    }

    /// A case of which a photo is gone for good is never received, and says so.
    pub(super) fn waits_for_lost_photo(&self, doc: &DocRef, truth: Truth) -> bool {
        let lost = self.photos.iter().any(|photo| photo.doc == *doc && photo.lost);
        lost && matches!(truth, Truth::Missing { .. })
    }
}

impl Attachments for SimContext<'_> {
    fn wanted(&mut self, peer: &DeviceId, known: &dyn Fn(&BlobName) -> bool, count: usize) -> Wanted {
        self.inner.wanted(peer, known, count)
    }

    fn piece(&mut self, peer: &DeviceId, want: &Want) -> Result<BlobPiece, BlobReason> {
        self.inner.piece(peer, want)
    }

    fn keep(&mut self, peer: &DeviceId, want: &Want, piece: BlobPiece) -> Result<Kept, BlobReason> {
        let index = piece.index;
        let kept = match self.plant {
            Some(Plant::PieceUnverified) => match self.inner.keep(peer, want, piece.clone()) {
                Err(BlobReason::Piece) => {
                    testing::keep_unverified(self.node, want, piece).map_err(|_| BlobReason::Disk)?
                }
                kept => kept?,
            },
            Some(Plant::PieceSaidEarly) if want.lane == 0 => Kept { next: index + 1, whole: true },
            _ => self.inner.keep(peer, want, piece)?,
        };
        let held = testing::pieces_held(self.node, &want.name).unwrap_or_default();
        if held < kept.next {
            let what = format!("piece {index} was acknowledged, the disk holds {held}");
            self.seen.broken.push(what);
        }
        self.seen.stored = true;
        Ok(kept)
    }

    fn refused(&mut self, peer: &DeviceId, name: &BlobName, reason: BlobReason) {
        self.inner.refused(peer, name, reason);
    }

    fn told_full(&mut self, peer: &DeviceId, full: bool) {
        self.inner.told_full(peer, full);
    }
}
