//! 日常巡查 with photos: what was seen, and later that it is put right.

use super::Acting;
use crate::{
    Refusal,
    case::Ctx,
    matter::{Matter, Sort, event::Pictured},
    record::Edit,
};

/// Photos of one round: a corridor, a notice board, a fire extinguisher, before and after.
const PHOTOS_MAX: usize = 12;

/// Whether a photo may be added, before anything is sealed.
///
/// # Errors
/// Of another sort than 日常巡查, or when there are enough.
pub fn may_picture(matter: &Matter) -> Result<(), Refusal> {
    if matter.sort() != Sort::Round {
        return Err(Refusal::because("只有日常巡查能加照片。"));
    }
    if matter.photos.len() >= PHOTOS_MAX {
        return Err(Refusal::because(format!("一次巡查最多 {PHOTOS_MAX} 张照片，够看清楚就行。")));
    }
    Ok(())
}

/// Adds a photo that the box has sealed.
///
/// # Errors
/// As [`may_picture`].
pub fn picture(
    matter: &Matter,
    photo: [u8; 32],
    thumb: Option<[u8; 32]>,
    bytes: u64,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    may_picture(matter)?;
    let mut acting = Acting::on(matter, ctx);
    acting.event(Pictured { photo, thumb, bytes, on: ctx.today })?;
    Ok(acting.done())
}
