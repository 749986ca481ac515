//! Photos of a 日常巡查: sealed and stored in the very commit that writes their event, as a case's are; they travel to the
//! centre behind the records. They show a place and no paper, so whoever may read the matter sees them.

use super::{MatterId, Saved};
use crate::cases::{CaseId, NewPhoto, PhotoName, Shown, looked_through, once, photo_room};
use crate::commit::{Change, Said};
use crate::{ActError, Node, Who, views};
use identity::Lane;
use model::matter::act;
use model::record::Edit;
use seal::BlobKind;

impl Node {
    /// Takes a photo of what was seen on a round.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the file is no photo or too large, the matter is no round, it has enough photos, or there is
    /// no room; [`ActError::NotFound`] for a matter that is none.
    pub fn add_matter_photo(&self, who: &Who, id: MatterId, new: &NewPhoto) -> Result<Saved, ActError> {
        let looked = looked_through(new)?;
        photo_room(self)?;
        let who = who.clone();
        self.commit(move |job| {
            let mut opened = job.open(id.doc())?;
            if opened.is_new() {
                return Err(ActError::NotFound);
            }
            if once::done_before(job)? {
                return Ok(Saved { id, before: true });
            }
            let of = CaseId(id.0);
            job.ask_matter(&who, &opened, |matter, _, _| act::may_picture(matter).map(|()| Edit::default()))?;
            let photo = job.sealed_in(of, &mut opened, BlobKind::Photo, &looked.photo.bytes)?;
            let thumb = looked.thumb.as_ref();
            let thumb = thumb
                .map(|thumb| job.sealed_in(of, &mut opened, BlobKind::Thumb, &thumb.bytes))
                .transpose()?;
            job.within_quota(of)?;
            let bytes = looked.photo.bytes.len() as u64;
            let edit = job
                .ask_matter(&who, &opened, |matter, _, ctx| act::picture(matter, photo, thumb, bytes, ctx))?;
            let owner = views::owner(job.tx, &id.0)?;
            let audiences = job.node.audiences(owner);
            job.write(opened, &Change { edit, audiences, lane: Lane::CASES })?;
            job.audit(&who, &Said::new("巡查照片"), Some(id.0))?;
            once::remember(job)?;
            Ok(Saved { id, before: false })
        })
    }

    /// A photo of a matter, or the small one of it; none while it is on its way.
    ///
    /// # Errors
    /// [`ActError::NotFound`] when the matter has no such photo, or when the disk says no.
    pub fn matter_photo(
        &self,
        id: MatterId,
        name: PhotoName,
        small: bool,
    ) -> Result<Option<Shown>, ActError> {
        let view = self.matter(id)?;
        let photo = view.matter.photos.iter().map(|done| &done.what).find(|photo| photo.photo == name);
        let photo = photo.ok_or(ActError::NotFound)?;
        let tx = self.engine().read()?;
        match (small, photo.thumb) {
            (true, Some(thumb)) => self.opened_blob(&*tx, CaseId(id.0), &thumb, BlobKind::Thumb),
            (true, None) | (false, _) => self.opened_blob(&*tx, CaseId(id.0), &name, BlobKind::Photo),
        }
    }
}
