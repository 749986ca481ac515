//! 撤回: the resident no longer wants it.

use super::{
    Case, Ctx,
    ctx::{Acting, within},
    event::{Asker, Withdrawn},
};
use crate::{Refusal, record::Edit};

/// Registers the withdrawal.
///
/// # Errors
/// When the case is over.
pub fn withdraw(case: &Case, asker: Asker, reason: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    within("reason", "理由", reason)?;
    if asker == Asker::Agent && !case.filing.has_agent() {
        return Err(Refusal::field("asker", "谁提出撤回", "本件没有代办人，请选申请人本人。"));
    }
    let mut acting = Acting::on(case, ctx);
    let reason = acting.maybe("withdraw", reason);
    acting.event(Withdrawn { asker, reason, on: ctx.today })?;
    Ok(acting.done())
}
