//! 转交: the papers go from the village to the township.

use super::{
    Case, Ctx,
    ctx::{Acting, needed},
    event::{HandedOver, Kind},
};
use crate::{Refusal, record::Edit};

/// Registers who took the papers.
///
/// # Errors
/// When the case is over or reported up already.
pub fn hand_over(case: &Case, receiver: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("receiver", "接收人", receiver, "请写镇里谁收的。")?;
    if let Some(why) = case.of_no_use(Kind::HandedOver, ctx.station) {
        return Err(Refusal::because(why));
    }
    let mut acting = Acting::on(case, ctx);
    let receiver = acting.words("receiver", receiver);
    acting.event(HandedOver { receiver, on: ctx.today })?;
    Ok(acting.done())
}
