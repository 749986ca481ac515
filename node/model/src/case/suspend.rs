//! What moves a deadline besides 补正: 特别程序 stops the clock, 延期 makes it longer.

use super::{
    Case, Ctx,
    ctx::{Acting, named, needed},
    event::{ExtensionApproved, ExtensionAsked, ExtensionDeclined, Special, SpecialEnded, SpecialStarted},
};
use crate::{
    Refusal,
    item::{Nature, Version},
    limit,
    record::Edit,
};

/// Begins a special procedure; the resident is told in writing (行政许可法 §45).
///
/// # Errors
/// When the case is not accepted or stands still already.
pub fn start_special(case: &Case, which: Special, days: u32, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if !(1..=365).contains(&days) {
        return Err(Refusal::field("days", "预计天数", "预计天数要在 1 到 365 之间，要告诉申请人等多久。"));
    }
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

/// The most days by which a limit may be made longer: ten for a licence.
#[must_use]
pub fn extension_days(version: Option<&Version>) -> u32 {
    match version.map(Version::nature) {
        Some(Nature::Licence) => limit::LICENCE_EXTENSION_DAYS,
        Some(_) | None => limit::EXTENSION_DAYS,
    }
}

/// Asks for more time.
///
/// # Errors
/// For more days than the law gives, without a reason, without a limit, or before acceptance.
pub fn ask_extension(
    case: &Case,
    days: u32,
    reason: &str,
    version: &Version,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    needed("reason", "延期理由", reason, "理由要告诉申请人。")?;
    let most = extension_days(Some(version));
    if !(1..=most).contains(&days) {
        let law = if most == limit::LICENCE_EXTENSION_DAYS {
            "行政许可依法最多延长 10 个工作日，"
        } else {
            ""
        };
        return Err(Refusal::field(
            "days",
            "延期天数",
            format!("{law}延期天数要在 1 到 {most} 之间，请重填。"),
        ));
    }
    if case.clock().is_some_and(|clock| clock.limit.is_none()) {
        return Err(Refusal::because("本件没有办理时限，不用延期。"));
    }
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("extend", reason);
    acting.event(ExtensionAsked { days: u64::from(days), reason })?;
    Ok(acting.done())
}

/// Registers that the head of the body does not agree: the limit stays.
///
/// # Errors
/// When nothing was asked for, it was extended before, or the reason is missing.
pub fn decline_extension(case: &Case, reason: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("reason", "不批准的理由", reason, "要让经办人知道为什么。")?;
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("decline", reason);
    acting.event(ExtensionDeclined { reason, on: ctx.today })?;
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
