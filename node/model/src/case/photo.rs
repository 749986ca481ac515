//! Photos of materials and of steps as they were done ([`Scene`]): added at any time, dropped only from a draft, afterwards only marked as wrong.

use std::collections::BTreeMap;

use super::{
    Case, Ctx, Mark, Scene, Verdict,
    ctx::{Acting, needed},
    event::{Event, HelpAsked, HelpSaid, PhotoAdded, PhotoDropped, PhotoMarked, What},
};
use crate::{Refusal, item::Version, limit, record::Edit};

/// The name of a photo's blob.
pub type BlobName = [u8; 32];

/// A photo that stands in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Who added it.
    pub mark: Mark,
    /// Of which material or step, and what its blobs are called.
    pub what: PhotoAdded,
    /// Who said that it is wrong, and why.
    pub wrong: Option<(Mark, PhotoMarked)>,
}

/// A photo to be added, sealed already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddPhoto {
    /// Material id, or a step's code.
    pub material: String,
    /// Name of its blob.
    pub photo: BlobName,
    /// Name of its thumbnail's blob.
    pub thumb: Option<BlobName>,
    /// Bytes of the image.
    pub bytes: u64,
    /// Pixels across and down.
    pub size: (u64, u64),
}

/// Whether one more photo of a material may be added.
///
/// # Errors
/// When the item asks for no such material, the step it shows was not done, or there are too many photos.
pub fn may_add(case: &Case, material: &str, version: &Version) -> Result<(), Refusal> {
    if let Some(scene) = Scene::parse(material) {
        if let Some(why) = scene.missing(case) {
            return Err(Refusal::field("material", scene.label(), why));
        }
    } else if version.material(material).is_none() {
        return Err(Refusal::field("material", "材料", "这个事项不要这样材料，请重选一样。"));
    }
    if case.photos.len() >= limit::PHOTOS {
        let most = limit::PHOTOS;
        let why = format!("一件最多放 {most} 张照片，已经满了。请去掉拍重的，再加。");
        return Err(Refusal::field("photo", "照片", why));
    }
    Ok(())
}

/// Adds a photo.
///
/// # Errors
/// As [`may_add`].
pub fn add(case: &Case, command: &AddPhoto, version: &Version, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    may_add(case, &command.material, version)?;
    let mut acting = Acting::on(case, ctx);
    acting.event(PhotoAdded {
        material: command.material.clone(),
        photo: command.photo,
        thumb: command.thumb,
        bytes: command.bytes,
        width: command.size.0,
        height: command.size.1,
        on: ctx.today,
    })?;
    Ok(acting.done())
}

/// Takes a photo out of a draft. Its blobs are to be destroyed in the same commit.
///
/// # Errors
/// When there is no such photo, or the papers are taken.
pub fn drop_photo(case: &Case, photo: BlobName, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    there(case, photo)?;
    let mut acting = Acting::on(case, ctx);
    acting.event(PhotoDropped { photo, on: ctx.today })?;
    Ok(acting.done())
}

/// Says of a photo that it is wrong. It stays.
///
/// # Errors
/// When there is no such photo, it says so already, or no reason is given.
pub fn mark(case: &Case, photo: BlobName, reason: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if there(case, photo)?.wrong.is_some() {
        return Err(Refusal::because("这张照片已经标为有误，不用再标。"));
    }
    if case.received.is_none() {
        return Err(Refusal::because("还没收件，拍错的照片直接去掉就行。"));
    }
    needed("reason", "哪里有误", reason, "请写清楚，看的人才知道该看哪一张。")?;
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("photo", reason);
    acting.event(PhotoMarked { photo, reason, on: ctx.today })?;
    Ok(acting.done())
}

fn there(case: &Case, photo: BlobName) -> Result<&Photo, Refusal> {
    case.photo(photo).ok_or_else(|| Refusal::because("没有这张照片，可能已经去掉了。请刷新再看。"))
}

/// The events of a draft as they go into its case: photos under the names of their blobs there, and not a word of those
/// that were dropped.
#[must_use]
pub fn carried(events: &[Vec<u8>], names: &BTreeMap<BlobName, BlobName>) -> Vec<Vec<u8>> {
    events.iter().filter_map(|bytes| carry(bytes, names)).collect()
}

fn carry(bytes: &[u8], names: &BTreeMap<BlobName, BlobName>) -> Option<Vec<u8>> {
    match Event::decode(bytes) {
        Ok(Event { stamp, what: What::PhotoAdded(added) }) => {
            let photo = *names.get(&added.photo)?;
            let thumb = added.thumb.and_then(|thumb| names.get(&thumb).copied());
            Event { stamp, what: PhotoAdded { photo, thumb, ..added }.into() }.encode()
        }
        Ok(Event { what: What::PhotoDropped(_), .. }) => None,
        Ok(Event { stamp, what: What::HelpAsked(asked) }) => {
            let photos = renamed(&asked.photos, names);
            Event { stamp, what: HelpAsked { photos, ..asked }.into() }.encode()
        }
        Ok(Event { stamp, what: What::HelpSaid(said) }) => {
            let photos = renamed(&said.photos, names);
            Event { stamp, what: HelpSaid { photos, ..said }.into() }.encode()
        }
        _ => Some(bytes.to_vec()),
    }
}

/// The photos that stayed, under their names in the case.
fn renamed(photos: &[BlobName], names: &BTreeMap<BlobName, BlobName>) -> Vec<BlobName> {
    photos.iter().filter_map(|photo| names.get(photo).copied()).collect()
}

impl Case {
    /// A photo by its blob's name.
    #[must_use]
    pub fn photo(&self, photo: BlobName) -> Option<&Photo> {
        self.photos.iter().find(|one| one.what.photo == photo)
    }

    /// The photos of a material, in order.
    pub fn photos_of(&self, material: &str) -> impl Iterator<Item = &Photo> {
        self.photos.iter().filter(move |one| one.what.material == material)
    }

    pub(super) fn may_drop_photo(&self) -> Verdict {
        if self.received.is_some() {
            return Verdict::Refused(
                "已经收件，照片只能加，不能去掉；拍错的请标为有误，再加一张。".to_owned(),
            );
        }
        Verdict::Applies
    }

    pub(super) fn photo_effect(&mut self, mark: &Mark, what: &What) {
        if let What::PhotoAdded(added) = what {
            if self.photo(added.photo).is_none() {
                self.photos.push(Photo { mark: mark.clone(), what: added.clone(), wrong: None });
            }
        } else if let What::PhotoDropped(dropped) = what {
            self.photos.retain(|one| one.what.photo != dropped.photo);
        } else if let What::PhotoMarked(marked) = what
            && let Some(one) = self.photos.iter_mut().find(|one| one.what.photo == marked.photo)
            && one.wrong.is_none()
        {
            one.wrong = Some((mark.clone(), marked.clone()));
        }
    }
}
