//! A photo that was taken on a trip: into the draft of its record, exactly once.

use super::bring::landed;
use crate::cases::{NewPhoto, looked_through};
use crate::commit::Said;
use crate::limit::ROOM_FOR_RECORDS;
use crate::{ActError, Node, Who};
use data_encoding::HEXLOWER;
use store::meta;

/// Where a photo went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoLanded {
    /// Into the draft, or the case that became of it.
    Taken,
    /// It had been taken before: the tablet did not hear it.
    Before,
    /// Nowhere: somebody at the station threw the draft away.
    Gone,
}

impl Node {
    /// Takes a photo of a record that was brought back. `number` is the tablet's own for the photo.
    ///
    /// # Errors
    /// [`ActError::NotFound`] when the record was not brought back yet; [`ActError::Refused`] as
    /// [`Node::add_photo`].
    pub fn bring_photo(
        &self,
        who: &Who,
        record: [u8; 16],
        number: [u8; 16],
        new: NewPhoto,
    ) -> Result<PhotoLanded, ActError> {
        let looked = looked_through(&new)?;
        if self.engine().room()? < ROOM_FOR_RECORDS {
            return Err(crate::cases::no_room().into());
        }
        let who = who.clone();
        self.commit(move |job| {
            let place = format!("trip photo/{}", HEXLOWER.encode(&number));
            if meta::get(&*job.tx, &place)?.is_some() {
                return Ok(PhotoLanded::Before);
            }
            let (draft, _) = landed(&*job.tx, &record)?.ok_or(ActError::NotFound)?;
            let Some(home) = job.home_of(draft)? else { return Ok(PhotoLanded::Gone) };
            let opened = job.open(home.doc())?;
            job.take_photo(&who, home, opened, &new, &looked)?;
            meta::put(job.tx, &place, &[])?;
            job.audit(&who, &Said { act: "上门照片", detail: new.material.clone() }, Some(home.0))?;
            Ok(PhotoLanded::Taken)
        })
    }
}
