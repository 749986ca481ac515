//! What of a case's photos is not on this box yet, and what of them the centre lacks, from real counts.

use super::{CaseId, PhotoName};
use crate::ActError;
use crate::views::lacking::{self, PHOTOS};
use model::case::Photo;
use std::collections::{BTreeMap, BTreeSet};
use store::blobs;
use store::engine::ReadTx;
use sync::BlobName;

/// The blobs of a case that are not whole on this box.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OnTheWay {
    /// Each with how many of its pieces are here, and how many it has; none while nothing of it is here.
    blobs: BTreeMap<BlobName, Option<(u32, u32)>>,
}

/// How far a photo has come to this box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// All of it is here.
    Whole,
    /// So many pieces of so many.
    Pieces(u32, u32),
    /// Nothing of it is here.
    Nothing,
}

impl OnTheWay {
    pub(super) fn of(tx: &dyn ReadTx, id: CaseId) -> Result<Self, ActError> {
        let lacks = lacking::of(tx, &id.0)?.into_iter().flat_map(|lacks| lacks.all);
        let blobs = lacks.map(|lack| Ok((lack.name, blobs::held(tx, &lack.name)?)));
        Ok(Self { blobs: blobs.collect::<Result<_, ActError>>()? })
    }

    /// Whether everything is here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blobs.is_empty()
    }

    /// How far a photo or thumbnail has come.
    #[must_use]
    pub fn arrived(&self, name: &PhotoName) -> Arrived {
        match self.blobs.get(name) {
            None => Arrived::Whole,
            Some(Some((held, all))) => Arrived::Pieces(*held, *all),
            Some(None) => Arrived::Nothing,
        }
    }

    /// Whether a photo has a thumbnail that can be shown.
    #[must_use]
    pub fn has_small(&self, photo: &Photo) -> bool {
        photo.what.thumb.is_some_and(|thumb| self.arrived(&thumb) == Arrived::Whole)
    }
}

/// A document's photos that a box has whole, and all that the document names; a missing thumbnail counts as its photo.
pub(super) fn counted<R: ReadTx + ?Sized>(
    tx: &R,
    doc: &[u8; 16],
    is_missing: &dyn Fn(&BlobName) -> bool,
) -> Result<(usize, usize), ActError> {
    let mut lanes: BTreeMap<BlobName, u8> = BTreeMap::new();
    for (name, _) in blobs::of(tx, doc)? {
        lanes.insert(name, blobs::lane_of(tx, &name)?);
    }
    for lacks in lacking::of(tx, doc)? {
        lanes.extend(lacks.all.iter().map(|lack| (lack.name, lacks.lane)));
    }
    let total = lanes.values().filter(|lane| **lane == PHOTOS).count();
    let missing = |of_photos: bool| {
        lanes.iter().filter(|(name, lane)| (**lane == PHOTOS) == of_photos && is_missing(name)).count()
    };
    Ok((total.saturating_sub(missing(true).max(missing(false))), total))
}

/// Everything that a document names, here or not.
pub(crate) fn named<R: ReadTx + ?Sized>(tx: &R, doc: &[u8; 16]) -> Result<Vec<BlobName>, ActError> {
    let mut names: BTreeSet<BlobName> = blobs::of(tx, doc)?.into_iter().map(|(name, _)| name).collect();
    for lacks in lacking::of(tx, doc)? {
        names.extend(lacks.all.iter().map(|lack| lack.name));
    }
    Ok(names.into_iter().collect())
}

/// The documents that name these blobs; those that are not known here are left out.
pub(super) fn documents<R: ReadTx + ?Sized>(
    tx: &R,
    names: &[BlobName],
) -> Result<BTreeSet<[u8; 16]>, ActError> {
    let mut found = BTreeSet::new();
    let mut unknown = BTreeSet::new();
    for name in names {
        if let Some(doc) = blobs::owner(tx, name)? {
            found.insert(doc);
        } else {
            unknown.insert(*name);
        }
    }
    if !unknown.is_empty() {
        lacking::each(tx, None, &mut |lacks| {
            if lacks.all.iter().any(|lack| unknown.contains(&lack.name)) {
                found.insert(lacks.doc);
            }
            true
        })?;
    }
    Ok(found)
}
