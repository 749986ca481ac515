//! 初审通过并上报: the centre's act where the county decides.

use super::{
    Case, Ctx,
    ctx::{Acting, needed, within},
    event::{FirstReviewed, ReportedUp},
};
use crate::{Refusal, item::Act, record::Edit};

/// The township agrees.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct FirstReview {
    /// 意见, may be empty.
    pub opinion: String,
    /// 花名册 or batch; empty: the reporting up follows later with its list.
    pub list: String,
    /// Who takes the papers outside.
    pub receiver: String,
}

/// Passes the first review, and reports up in the same act when a list or who took it is given: then both are wanted.
///
/// # Errors
/// When an earlier step is open, an objection was upheld, or a field is wrong.
pub fn first_review(case: &Case, command: &FirstReview, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    within("opinion", "意见", &command.opinion)?;
    if case.notice_ended.as_ref().is_some_and(|n| n.what.upheld) {
        return Err(Refusal::because("公示中有异议成立，不能初审通过，请退件并写明理由。"));
    }
    let mut acting = Acting::on(case, ctx);
    let opinion = acting.maybe("opinion", &command.opinion);
    acting.event(FirstReviewed { opinion, on: ctx.today })?;
    let filled = [&command.list, &command.receiver].into_iter().any(|text| !text.trim().is_empty());
    if filled && case.step(Act::ReportUp).is_some() {
        needed("list", "花名册或批次", &command.list, "没有花名册就写交接单号；先不上报就把接收人也空着。")?;
        needed("receiver", "接收人", &command.receiver, "请写明交给哪个单位的谁。")?;
        let list = acting.words("list", &command.list);
        let receiver = acting.words("receiver", &command.receiver);
        acting.event(ReportedUp { list, receiver, on: ctx.today })?;
    }
    Ok(acting.done())
}

impl std::fmt::Debug for FirstReview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirstReview").finish_non_exhaustive()
    }
}
