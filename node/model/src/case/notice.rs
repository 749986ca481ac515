//! 公示: posted, taken down. Calendar days; time alone never ends it.

use super::{
    Case, Ctx,
    ctx::{Acting, needed, within},
    event::{NoticeEnded, NoticePosted},
};
use crate::{Refusal, authority::chinese_date, calendar::Calendar, item::Version, record::Edit};

/// Posts the notice today; it stands for the item's days from tomorrow on.
///
/// # Errors
/// When the item has no notice, or the state does not allow it.
pub fn post(case: &Case, place: &str, version: &Version, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("place", "公示地点", place, "例如“村务公示栏”。")?;
    let Some(days) = version.notice_days else {
        return Err(Refusal::because("这个事项不用公示。"));
    };
    let (from, until) = Calendar::notice_days(ctx.today, days);
    let mut acting = Acting::on(case, ctx);
    let place = acting.words("place", place);
    acting.event(NoticePosted { from, until, place })?;
    Ok(acting.done())
}

/// What came of it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct EndNotice {
    /// How many objections.
    pub objections: u32,
    /// One was right.
    pub upheld: bool,
    /// What was found about them; needed when there were any.
    pub words: String,
}

/// Takes the notice down.
///
/// # Errors
/// Before its last day is over.
pub fn end(case: &Case, command: &EndNotice, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if let Some(posted) = &case.notice
        && ctx.today <= posted.what.until
    {
        let until = chinese_date(posted.what.until);
        return Err(Refusal::because(format!("公示到{until}为止，期满后再登记结果。")));
    }
    if command.objections > 0 {
        needed("words", "异议核查情况", &command.words, "有人提异议，要写清查的结果。")?;
    }
    if command.upheld && command.objections == 0 {
        return Err(Refusal::field("objections", "异议条数", "选了异议成立，请填写有几条异议。"));
    }
    within("words", "异议核查情况", &command.words)?;
    let mut acting = Acting::on(case, ctx);
    let words = acting.maybe("notice", &command.words);
    let objections = u64::from(command.objections);
    acting.event(NoticeEnded { objections, upheld: command.upheld, words, on: ctx.today })?;
    Ok(acting.done())
}
impl std::fmt::Debug for EndNotice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EndNotice").field("objections", &self.objections).finish_non_exhaustive()
    }
}
