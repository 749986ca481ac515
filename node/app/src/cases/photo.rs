//! Photos of materials: taken into a draft or a case, taken out of a draft, marked as wrong in a case, looked at.
//!
//! The photo is sealed and stored in the very commit that writes its event. A draft's photos may be looked at while it is
//! one; a case's are looked at with a reason, which is written down first.

use super::photo_words as words;
use super::{CaseId, Saved, once};
use crate::commit::{Change, Job, Opened, Said};
use crate::limit::{
    BOX_PHOTO_BYTES, CASE_PHOTO_BYTES, PHOTO_BYTES, ROOM_FOR_RECORDS, THUMB_BYTES, THUMB_SIDE,
};
use crate::picture::{Media, Picture};
use crate::views::{self, lacking};
use crate::{ActError, Node, Who, ports};
use identity::Lane;
use model::Refusal;
use model::case::facts::{self, WORDS};
use model::case::photo::{self, AddPhoto, BlobName};
use model::case::together::Together;
use model::case::{Case, Photo};
use model::record::Record;
use seal::{BlobKind, BlobPlace, Seed};
use std::collections::BTreeMap;
use std::fmt;
use store::blobs;
use store::engine::ReadTx;

/// The name of a photo's blob, in addresses as 64 hex digits.
pub type PhotoName = BlobName;

/// Reads a photo's name from an address.
#[must_use]
pub fn photo_name(text: &str) -> Option<PhotoName> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// A file handed in as a photo. `Debug` tells its size alone.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPhoto {
    /// Material id.
    pub material: String,
    /// The file.
    pub file: Vec<u8>,
    /// A small one of it, when the page made one.
    pub thumb: Option<Vec<u8>>,
    /// The draft's photo that it stands in for: the same one, turned.
    pub instead: Option<PhotoName>,
}

impl fmt::Debug for NewPhoto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewPhoto({}, {} bytes)", self.material, self.file.len())
    }
}

/// An opened image on its way to one answer. Hides itself from `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// What it is.
    pub media: Media,
    /// Its bytes, for the answer and nothing else.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shown({:?})", self.media)
    }
}

/// Which image of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FullPhoto {
    /// The photo itself, which only a draft shows without a reason.
    OfDraft,
    /// The photo itself, to somebody whose reason was written down.
    Reasoned,
}

/// The images of a file, looked through before anything is locked.
pub(crate) struct Looked {
    pub(crate) photo: Picture,
    pub(crate) thumb: Option<Picture>,
}

pub(crate) fn looked_through(new: &NewPhoto) -> Result<Looked, Refusal> {
    let photo =
        Picture::read(&new.file, PHOTO_BYTES).map_err(|fault| words::refused(fault, new.file.len()))?;
    // a thumbnail is the page's own work: one that is none is left out, the photo is what counts
    let small = |thumb: &Picture| thumb.width <= THUMB_SIDE && thumb.height <= THUMB_SIDE;
    let thumb = new.thumb.as_ref().and_then(|thumb| Picture::read(thumb, THUMB_BYTES).ok()).filter(small);
    Ok(Looked { photo, thumb })
}

/// Refuses while the disk has little room: records, which are small, go on in it.
pub(crate) fn photo_room(node: &Node) -> Result<(), ActError> {
    if node.engine().room()? < ROOM_FOR_RECORDS { Err(words::no_room().into()) } else { Ok(()) }
}

impl Node {
    /// Takes a photo into a draft or a case.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the file is no photo or too large, the item asks for no such material, or there is no room;
    /// [`ActError::NotFound`] for a case that is none.
    pub fn add_photo(&self, who: &Who, id: CaseId, new: NewPhoto) -> Result<Saved, ActError> {
        let looked = looked_through(&new)?;
        photo_room(self)?;
        let who = who.clone();
        self.commit(move |job| {
            let opened = job.open(id.doc())?;
            if opened.is_new() {
                return Err(ActError::NotFound);
            }
            let wall = job.node.ports().clock.wall();
            if once::done_before(job)? {
                return Ok(Saved { id, wall, before: true });
            }
            job.take_photo(&who, id, opened, &new, &looked)?;
            job.audit(&who, &Said { act: "加照片", detail: new.material.clone() }, Some(id.0))?;
            once::remember(job)?;
            Ok(Saved { id, wall, before: false })
        })
    }

    /// Takes a photo out of a draft and destroys it.
    ///
    /// # Errors
    /// [`ActError::Refused`] when there is none of this name, or the draft is a case already.
    pub fn drop_photo(&self, who: &Who, id: CaseId, name: PhotoName) -> Result<Saved, ActError> {
        let who = who.clone();
        self.commit(move |job| {
            let opened = job.open(id.doc())?;
            if opened.is_new() {
                return Err(ActError::NotFound);
            }
            let (opened, _) = job.drop_from(&who, id, opened, name)?;
            drop(opened);
            job.audit(&who, &Said::new("去掉照片"), Some(id.0))?;
            Ok(Saved { id, wall: job.node.ports().clock.wall(), before: false })
        })
    }

    /// Says of a case's photo that it is wrong; it stays.
    ///
    /// # Errors
    /// [`ActError::Refused`] without a reason, or when there is none of this name.
    pub fn mark_photo(
        &self,
        who: &Who,
        id: CaseId,
        name: PhotoName,
        reason: String,
    ) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("照片标为有误"), move |acting| {
            photo::mark(acting.case, name, &reason, acting.ctx)
        })
    }

    /// A thumbnail; none when the photo has none, or it is not on this box.
    ///
    /// # Errors
    /// [`ActError::NotFound`] when the case has no such photo, or when the disk says no.
    pub fn photo_thumb(&self, id: CaseId, name: PhotoName) -> Result<Option<Shown>, ActError> {
        let tx = self.engine().read()?;
        let photo = self.photo_of(&*tx, id, name)?;
        let Some(thumb) = photo.what.thumb else { return Ok(None) };
        self.opened_blob(&*tx, id, &thumb, BlobKind::Thumb)
    }

    /// The photo itself; none when it is not on this box.
    ///
    /// # Errors
    /// [`ActError::NotFound`] when the case has no such photo, or it is a case's and nobody gave a reason; or when the disk
    /// says no.
    pub fn photo(&self, id: CaseId, name: PhotoName, full: FullPhoto) -> Result<Option<Shown>, ActError> {
        let tx = self.engine().read()?;
        if full == FullPhoto::OfDraft && !views::is_draft(&*tx, &id.0)? {
            return Err(ActError::NotFound);
        }
        self.photo_of(&*tx, id, name)?;
        self.opened_blob(&*tx, id, &name, BlobKind::Photo)
    }

    /// Writes down who wants to look at a case's photo, and why.
    ///
    /// # Errors
    /// [`ActError::NotFound`] when the case has no such photo, or when the disk says no: then it is not shown.
    pub fn reveal_photo(
        &self,
        who: &Who,
        id: CaseId,
        name: PhotoName,
        why: super::Why,
    ) -> Result<(), ActError> {
        let who = who.clone();
        let photo = self.photo_of(&*self.engine().read()?, id, name)?;
        let detail = format!("{}的照片：{}", photo.what.material, why.label());
        self.commit(move |job| job.audit(&who, &Said { act: "查看原图", detail }, Some(id.0)))
    }

    /// Whether all of a photo is on this box.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn has_photo(&self, name: PhotoName) -> Result<bool, ActError> {
        let held = blobs::held(&*self.engine().read()?, &name)?;
        Ok(held.is_some_and(|(held, all)| held == all))
    }

    fn photo_of(&self, tx: &dyn ReadTx, id: CaseId, name: PhotoName) -> Result<Photo, ActError> {
        super::archive::unsealed(tx, id)?;
        let record = self.record(tx, id)?.ok_or(ActError::NotFound)?;
        let (case, _) = Case::read(&record, self.reference().version(Case::item_of(&record).as_ref()));
        case.photo(name).cloned().ok_or(ActError::NotFound)
    }

    pub(crate) fn opened_blob(
        &self,
        tx: &dyn ReadTx,
        id: CaseId,
        name: &BlobName,
        kind: BlobKind,
    ) -> Result<Option<Shown>, ActError> {
        let Some(sealed) = blobs::get(tx, name)? else { return Ok(None) };
        let book = crate::keyring::open(tx, self.bag(), &id.0)?;
        let bytes = unsealed(&book.all(WORDS), id, kind, &sealed)?;
        let media = Media::of(&bytes).ok_or(ActError::Damaged("a photo"))?;
        Ok(Some(Shown { media, bytes }))
    }
}

/// A blob opened with whichever seed fits: two boxes may each have made one.
fn unsealed(seeds: &[Seed], id: CaseId, kind: BlobKind, sealed: &[u8]) -> Result<Vec<u8>, ActError> {
    let place = BlobPlace { case: id.0, person: WORDS, kind };
    let opened = seeds.iter().find_map(|seed| seal::open_blob(seed, &place, sealed).ok());
    opened.map(|bytes| bytes.to_vec()).ok_or(ActError::Damaged("a photo"))
}

impl Job<'_> {
    /// Seals, stores and names a photo, in place of another where it is the same one turned.
    pub(crate) fn take_photo(
        &mut self,
        who: &Who,
        id: CaseId,
        opened: Opened,
        new: &NewPhoto,
        looked: &Looked,
    ) -> Result<(), ActError> {
        super::archive::unsealed(&*self.tx, id)?;
        self.own(id, &opened)?;
        let mut opened = opened;
        let mut material = new.material.clone();
        if let Some(before) = new.instead {
            (opened, material) = self.drop_from(who, id, opened, before)?;
        }
        // told before anything is sealed
        self.ask(who, &opened, |acting| {
            photo::may_add(acting.case, &material, acting.item()?)?;
            Ok(model::record::Edit::default())
        })?;
        let photo = self.sealed_in(id, &mut opened, BlobKind::Photo, &looked.photo.bytes)?;
        let thumb = looked.thumb.as_ref();
        let thumb =
            thumb.map(|thumb| self.sealed_in(id, &mut opened, BlobKind::Thumb, &thumb.bytes)).transpose()?;
        self.within_quota(id)?;
        let command = AddPhoto {
            material,
            photo,
            thumb,
            bytes: looked.photo.bytes.len() as u64,
            size: (u64::from(looked.photo.width), u64::from(looked.photo.height)),
        };
        let edit =
            self.ask(who, &opened, |acting| photo::add(acting.case, &command, acting.item()?, acting.ctx))?;
        let change = self.change_of(id, edit)?;
        self.write(opened, &change)
    }

    /// Takes a photo out of a draft, destroys its blobs, and gives the draft as it then is, and of which material it was.
    fn drop_from(
        &mut self,
        who: &Who,
        id: CaseId,
        opened: Opened,
        name: PhotoName,
    ) -> Result<(Opened, String), ActError> {
        self.own(id, &opened)?;
        let (mut blobs_of, mut material) = (vec![name], String::new());
        let edit = self.ask(who, &opened, |acting| {
            let edit = photo::drop_photo(acting.case, name, acting.ctx)?;
            if let Some(photo) = acting.case.photo(name) {
                blobs_of.extend(photo.what.thumb);
                material.clone_from(&photo.what.material);
            }
            Ok(edit)
        })?;
        let change = self.change_of(id, edit)?;
        self.write(opened, &change)?;
        for blob in blobs_of {
            blobs::release(self.tx, &id.0, &blob)?;
        }
        Ok((self.open(id.doc())?, material))
    }

    fn change_of(&mut self, id: CaseId, edit: model::record::Edit) -> Result<Change, ActError> {
        let owner = views::owner(self.tx, &id.0)?;
        let draft = views::is_draft(self.tx, &id.0)?;
        let lane = self.open(id.doc())?.lane(draft);
        Ok(Change { edit, audiences: self.node.audiences(owner), lane })
    }

    /// Seals a blob of a document and stores it.
    pub(crate) fn sealed_in(
        &mut self,
        id: CaseId,
        opened: &mut Opened,
        kind: BlobKind,
        plain: &[u8],
    ) -> Result<BlobName, ActError> {
        let seeds = self.seeds(opened, WORDS)?;
        let seed = seeds.first().ok_or(ActError::NotFound)?;
        let nonce = ports::random(&*self.node.ports().random);
        let place = BlobPlace { case: id.0, person: WORDS, kind };
        let sealed = seal::seal_blob(seed, &place, nonce, plain).map_err(|_| ActError::Damaged("a photo"))?;
        let lane = if kind == BlobKind::Thumb { lacking::THUMBS } else { lacking::PHOTOS };
        Ok(blobs::hold_in_lane(self.tx, &id.0, lane, &sealed)?)
    }

    pub(crate) fn within_quota(&mut self, id: CaseId) -> Result<(), ActError> {
        let of_case: u64 = blobs::of(self.tx, &id.0)?.iter().map(|(_, bytes)| bytes).sum();
        if of_case > CASE_PHOTO_BYTES {
            return Err(words::case_full().into());
        }
        if blobs::total(self.tx)? > BOX_PHOTO_BYTES {
            return Err(words::no_room().into());
        }
        Ok(())
    }

    /// The photos that a draft still has, sealed anew for the case that it becomes: old names to new ones.
    pub(crate) fn carry_photos(
        &mut self,
        draft: CaseId,
        mut typed: Opened,
        fresh: CaseId,
        opened: &mut Opened,
    ) -> Result<BTreeMap<BlobName, BlobName>, ActError> {
        let record = typed.record();
        let (case, _) = Case::read(&record, self.node.reference().version(Case::item_of(&record).as_ref()));
        let mut names = BTreeMap::new();
        for photo in &case.photos {
            let all = [(Some(photo.what.photo), BlobKind::Photo), (photo.what.thumb, BlobKind::Thumb)];
            for (name, kind) in all.into_iter().filter_map(|(name, kind)| Some((name?, kind))) {
                let sealed = blobs::get(self.tx, &name)?.ok_or(ActError::Damaged("a photo"))?;
                let seeds = self.seeds(&mut typed, WORDS)?;
                let plain = unsealed(&seeds, draft, kind, &sealed)?;
                names.insert(name, self.sealed_in(fresh, opened, kind, &plain)?);
            }
        }
        Ok(names)
    }

    /// Puts the photos of materials that several drafts of a package ask for once into each of their cases.
    pub(crate) fn share_photos(
        &mut self,
        who: &Who,
        together: &Together<'_>,
        drafts: &[(CaseId, Record)],
        fresh: &[CaseId],
    ) -> Result<(), ActError> {
        let reference = self.node.reference();
        for (from, (draft, record)) in drafts.iter().enumerate() {
            let (case, _) = Case::read(record, reference.version(Case::item_of(record).as_ref()));
            for photo in &case.photos {
                let name = facts::material(&photo.what.material);
                let at = together.asked_at(from, &name);
                for (to, id) in fresh.iter().enumerate() {
                    if to != from && together.asked_at(to, &name) == at {
                        self.copy_photo(who, *draft, photo, *id)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn copy_photo(&mut self, who: &Who, draft: CaseId, photo: &Photo, id: CaseId) -> Result<(), ActError> {
        let mut typed = self.open(draft.doc())?;
        let mut opened = self.open(id.doc())?;
        let seeds = self.seeds(&mut typed, WORDS)?;
        let mut resealed = |job: &mut Self, name: BlobName, kind| {
            let sealed = blobs::get(job.tx, &name)?.ok_or(ActError::Damaged("a photo"))?;
            let plain = unsealed(&seeds, draft, kind, &sealed)?;
            job.sealed_in(id, &mut opened, kind, &plain)
        };
        let what = &photo.what;
        let command = AddPhoto {
            material: what.material.clone(),
            photo: resealed(self, what.photo, BlobKind::Photo)?,
            thumb: what.thumb.map(|thumb| resealed(self, thumb, BlobKind::Thumb)).transpose()?,
            bytes: what.bytes,
            size: (what.width, what.height),
        };
        let edit =
            self.ask(who, &opened, |acting| photo::add(acting.case, &command, acting.item()?, acting.ctx))?;
        let audiences = self.node.audiences(self.node.station());
        self.write(opened, &Change { edit, audiences, lane: Lane::CASES })
    }
}
