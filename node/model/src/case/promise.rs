//! What follows a 告知承诺: it is looked into; when it was false, the decision is taken back and the person is barred from
//! promising until somebody registers the repair.

use super::{
    Case, Ctx,
    ctx::{Acting, needed},
    event::{BarLifted, PromiseChecked, Revoked},
};
use crate::{Refusal, record::Edit};

/// Registers the check.
///
/// # Errors
/// When nothing was promised, it was checked with another result, or nobody says what was found.
pub fn check(case: &Case, kept: bool, words: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("words", "核查情况", words, "写清向谁查的、查到什么。")?;
    let mut acting = Acting::on(case, ctx);
    let words = acting.words("check", words);
    acting.event(PromiseChecked { kept, words, on: ctx.today })?;
    Ok(acting.done())
}

/// Takes the decision back.
///
/// # Errors
/// When nothing was promised falsely, nothing is decided, or reason or basis is missing.
pub fn revoke(case: &Case, reason: &str, basis: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("reason", "理由", reason, "要让申请人看得懂为什么。")?;
    needed("basis", "依据", basis, "请写明依据哪个文件哪一条。")?;
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("reason", reason);
    let basis = acting.words("basis", basis);
    acting.event(Revoked { reason, basis, on: ctx.today })?;
    Ok(acting.done())
}

/// Registers that the person may promise again.
///
/// # Errors
/// When there is no bar, it is lifted already, or the reason is missing.
pub fn lift(case: &Case, reason: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("reason", "修复理由", reason, "写清改正了什么、谁同意的。")?;
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("reason", reason);
    acting.event(BarLifted { reason, on: ctx.today })?;
    Ok(acting.done())
}
