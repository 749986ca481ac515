//! Saying no: 不予受理 before acceptance, 不予许可（确认） by whoever decides, 退件 without a decision. Always with a reason.

use super::{
    Case, Ctx,
    ctx::{Acting, needed, within},
    event::{NotAccepted, Refused, Returned},
};
use crate::{Refusal, record::Edit};

/// A no and its reason.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Refuse {
    /// Why, as the resident reads it.
    pub reason: String,
    /// By which rule (needed for 不予许可).
    pub basis: String,
    /// Who would be competent (不予受理 only; may be empty).
    pub competent: String,
}

impl Refuse {
    fn check(&self) -> Result<(), Refusal> {
        needed("reason", "理由", &self.reason, "要让申请人看得懂为什么，以后怎么办。")?;
        within("basis", "依据", &self.basis)?;
        within("competent", "应向哪个单位申请", &self.competent)
    }
}

/// 不予受理.
///
/// # Errors
/// When it is accepted already, or the reason is missing.
pub fn not_accept(case: &Case, command: &Refuse, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    command.check()?;
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("reason", &command.reason);
    let competent = acting.maybe("competent", &command.competent);
    acting.event(NotAccepted { reason, competent, on: ctx.today })?;
    Ok(acting.done())
}

/// 不予许可（确认）.
///
/// # Errors
/// When this box does not decide, it is not accepted yet, or reason or basis is missing.
pub fn refuse(case: &Case, command: &Refuse, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    command.check()?;
    needed("basis", "依据", &command.basis, "请写明依据哪个文件哪一条。")?;
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("reason", &command.reason);
    let basis = acting.words("basis", &command.basis);
    acting.event(Refused { reason, basis, on: ctx.today })?;
    Ok(acting.done())
}

/// 退件: also the centre's 初审不通过.
///
/// # Errors
/// When the case is over, or the reason is missing.
pub fn give_back(case: &Case, command: &Refuse, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    command.check()?;
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("reason", &command.reason);
    acting.event(Returned { reason, on: ctx.today })?;
    Ok(acting.done())
}

impl std::fmt::Debug for Refuse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Refuse").finish_non_exhaustive()
    }
}
