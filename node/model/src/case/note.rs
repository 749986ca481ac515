//! 说明, 催问, 转录: acts that change no state.

use super::{
    Case, Ctx,
    ctx::{Acting, needed, within},
    event::{Inquired, Noted, Transcribed},
};
use crate::{Refusal, record::Edit};

/// Adds a note. Nothing is ever changed or taken away by it.
///
/// # Errors
/// When it is empty or too long.
pub fn note(case: &Case, words: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("words", "说明", words, "没有要说的就不用加。")?;
    let mut acting = Acting::on(case, ctx);
    let words = acting.words("note", words);
    acting.event(Noted { words })?;
    Ok(acting.done())
}

/// Registers that an outside body was asked how far it is.
///
/// # Errors
/// When a field is empty.
pub fn inquire(case: &Case, body: &str, words: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("body", "催问的单位", body, "请写问了哪个单位。")?;
    needed("words", "答复", words, "请写谁答、怎么答。")?;
    let mut acting = Acting::on(case, ctx);
    let words = acting.words("inquire", words);
    let body = acting.words("body", body);
    acting.event(Inquired { body, words })?;
    Ok(acting.done())
}

/// 转录: the case has been copied into an outside system, with its number there or a reason why there is none.
///
/// # Errors
/// Without a number and without a reason.
pub fn transcribed(
    case: &Case,
    system: &str,
    number: &str,
    reason: &str,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    needed("system", "录入的系统", system, "请写录进了哪个系统。")?;
    if case.received.is_none() {
        return Err(Refusal::because("还没收件，收了件再录到外部系统。"));
    }
    within("number", "外部办件编号", number)?;
    within("reason", "没有编号的原因", reason)?;
    if crate::outside::plain_number(number).is_empty() {
        needed("reason", "没有编号的原因", reason, "外部办件编号和没有编号的原因，要写一样。")?;
    }
    let mut acting = Acting::on(case, ctx);
    let reason = acting.maybe("transcribe", reason);
    let system = acting.words("system", system);
    let number = acting.maybe("number", number);
    acting.event(Transcribed { system, number, reason })?;
    Ok(acting.done())
}
