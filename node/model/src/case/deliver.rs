//! 出件 and 送达: the result lies ready, then somebody signs for it.

use super::{
    Case, Ctx,
    ctx::{Acting, named, needed, within},
    event::{Delivered, Kind, Manner, Paid, ResultReady},
};
use crate::{Refusal, record::Edit};

/// Registers that the result has come to the station.
///
/// # Errors
/// When the case has no result yet, or it was handed over already.
pub fn ready(case: &Case, paper: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("paper", "结果名称", paper, "例如“准予通知书”。")?;
    if let Some(why) = case.of_no_use(Kind::ResultReady, ctx.station) {
        return Err(Refusal::because(why));
    }
    let mut acting = Acting::on(case, ctx);
    let paper = acting.words("paper", paper);
    acting.event(ResultReady { paper, on: ctx.today })?;
    Ok(acting.done())
}

/// A hand-over.
#[derive(Clone, PartialEq, Eq)]
pub struct Deliver {
    /// Name of who took it.
    pub receiver: String,
    /// How.
    pub manner: Manner,
    /// Signed the 送达回证.
    pub signed: bool,
}

/// Hands the result over.
///
/// # Errors
/// When there is no result, a deferred material is missing, or nobody signed at the counter.
pub fn deliver(case: &Case, command: &Deliver, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    named("receiver", "领取人", &command.receiver)?;
    let present = matches!(command.manner, Manner::Counter | Manner::AtHome);
    if present && !command.signed {
        return Err(Refusal::field("signed", "签收", "领取人还没在送达回证上签名，签好再勾选。"));
    }
    let mut acting = Acting::on(case, ctx);
    let receiver = acting.words("receiver", &command.receiver);
    acting.event(Delivered { receiver, manner: command.manner, signed: command.signed, on: ctx.today })?;
    Ok(acting.done())
}

/// Registers 发放.
///
/// # Errors
/// When it is not approved.
pub fn paid(case: &Case, list: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    within("list", "发放批次", list)?;
    let mut acting = Acting::on(case, ctx);
    let list = acting.maybe("list", list);
    acting.event(Paid { list, on: ctx.today })?;
    Ok(acting.done())
}
impl std::fmt::Debug for Deliver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deliver").field("manner", &self.manner).finish_non_exhaustive()
    }
}
