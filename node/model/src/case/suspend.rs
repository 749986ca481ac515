//! What moves a deadline besides 补正: 特别程序 stops the clock, 延期 makes it longer.

use super::{
    Case, Ctx,
    ctx::{Acting, named, needed},
    event::{ExtensionApproved, ExtensionAsked, Special, SpecialEnded, SpecialStarted},
};
use crate::{Refusal, record::Edit};

/// Begins a special procedure; the resident is told in writing (行政许可法 §45).
///
/// # Errors
/// When the case is not accepted or stands still already.
pub fn start_special(case: &Case, which: Special, days: u32, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let mut acting = Acting::on(case, ctx);
    acting.event(SpecialStarted { which, on: ctx.today, days: u64::from(days) })?;
    Ok(acting.done())
}

/// Ends it.
///
/// # Errors
/// When none runs.
pub fn end_special(case: &Case, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let mut acting = Acting::on(case, ctx);
    acting.event(SpecialEnded { on: ctx.today })?;
    Ok(acting.done())
}

/// Asks for more time.
///
/// # Errors
/// Outside 1..=30 days, without a reason, or before acceptance.
pub fn ask_extension(case: &Case, days: u32, reason: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("reason", "延期理由", reason, "理由要告诉申请人。")?;
    if !(1..=30).contains(&days) {
        return Err(Refusal::field("days", "延期天数", "延期天数应在 1 到 30 之间，请重填。"));
    }
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("extend", reason);
    acting.event(ExtensionAsked { days: u64::from(days), reason })?;
    Ok(acting.done())
}

/// Registers the approval of the head of the body.
///
/// # Errors
/// When nothing was asked for, or it was extended before.
pub fn approve_extension(case: &Case, approver: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("approver", "批准人", approver, "延期要本机关负责人批准。")?;
    named("approver", "批准人", approver)?;
    let days = case.extension_asked.as_ref().map_or(0, |e| e.what.days);
    let mut acting = Acting::on(case, ctx);
    let approver = acting.words("approver", approver);
    acting.event(ExtensionApproved { days, approver, on: ctx.today })?;
    Ok(acting.done())
}
