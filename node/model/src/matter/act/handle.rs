//! 分类, 转办, 处理结束, 上报督办, 办结, 重新办理.

use jiff::civil::Date;

use super::{Acting, needed, within};
use crate::{
    Refusal,
    case::Ctx,
    matter::{Matter, Sort, event::*},
    office::Settings,
    record::Edit,
};

/// 分类.
///
/// # Errors
/// Without a topic of the list, or when it is too late.
pub fn sort_out(matter: &Matter, topic: &str, elsewhere: bool, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if matter.sort().topic(topic).is_empty() {
        return Err(Refusal::field("topic", "类别", "还没选类别，请选一项。"));
    }
    let mut acting = Acting::on(matter, ctx);
    acting.event(Sorted { topic: topic.to_owned(), elsewhere, on: ctx.today })?;
    Ok(acting.done())
}

/// To whom a matter goes.
#[derive(Debug, Clone)]
pub struct Assign {
    /// What sort of place.
    pub to: Target,
    /// Who exactly.
    pub whom: String,
    /// Tracking number there.
    pub tracking: String,
    /// Until when an answer is expected.
    pub until: Option<Date>,
}

/// 转办, or 转出 to another region.
///
/// # Errors
/// Without a receiver, or when it is too late.
pub fn assign(matter: &Matter, typed: &Assign, settings: &Settings, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let (label, cure) = if matter.sort() == Sort::Transfer {
        ("转到哪里", "请写外地哪个地区、哪个窗口。")
    } else {
        ("交给谁", "请写岗位或者人名。")
    };
    needed("whom", label, &typed.whom, cure)?;
    within("tracking", "流水号", &typed.tracking)?;
    if typed.until.is_some_and(|until| until < ctx.today) {
        return Err(Refusal::field("until", "什么时候要答复", "答复期限早于今天，请核对日期。"));
    }
    // a 差评 is put right within the township's limit; a simple one at once
    let last = (matter.sort() == Sort::Rating).then(|| settings.fix_by(ctx.today, ctx.calendar));
    if let (Some(until), Some(last)) = (typed.until, last)
        && until > last
    {
        let why = format!("差评最晚到 {last} 要整改好，请写早一点。");
        return Err(Refusal::field("until", "什么时候要答复", why));
    }
    let until = typed.until.or(last);
    let mut acting = Acting::on(matter, ctx);
    let (whom, tracking) = (acting.maybe("whom", &typed.whom), acting.maybe("tracking", &typed.tracking));
    acting.event(Assigned { to: typed.to, whom, tracking, until, on: ctx.today })?;
    Ok(acting.done())
}

/// 处理结束: from now on the resident is to be told.
///
/// # Errors
/// Without words, or when a step before it is missing.
pub fn handle(matter: &Matter, words: &str, settings: &Settings, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("words", "处理结果", words, "请写怎么处理的、结果是什么。")?;
    let mut acting = Acting::on(matter, ctx);
    let words = acting.words("handle", words);
    let tells = matches!(matter.sort(), Sort::Stuck | Sort::Transfer);
    let answer_due = tells.then(|| settings.answer_by(ctx.today, ctx.calendar));
    acting.event(Handled { words, answer_due, on: ctx.today })?;
    Ok(acting.done())
}

/// 上报督办: a person tells somebody above; no clock does.
///
/// # Errors
/// Without a reason, or when they were told before.
pub fn escalate(matter: &Matter, to: Target, words: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if !matches!(to, Target::Centre | Target::Leader) {
        return Err(Refusal::field("to", "报给谁", "请选镇中心或者分管领导。"));
    }
    needed("words", "为什么上报", words, "请写卡在哪里。")?;
    let mut acting = Acting::on(matter, ctx);
    let words = acting.words("escalate", words);
    acting.event(Escalated { to, words, on: ctx.today })?;
    Ok(acting.done())
}

/// 办结. `case` is the case it became, where it became one.
///
/// # Errors
/// When a step before it is missing.
pub fn close(
    matter: &Matter,
    ending: Ending,
    case: Option<[u8; 16]>,
    words: &str,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    within("words", "说明", words)?;
    let mut acting = Acting::on(matter, ctx);
    if let Some(id) = case.filter(|id| matter.link(LinkedTo::Case) != Some(*id)) {
        acting.event(Linked { to: LinkedTo::Case, id })?;
    }
    let words = acting.maybe("close", words);
    acting.event(Closed { ending, words, on: ctx.today })?;
    Ok(acting.done())
}

/// 重新办理: with a new limit where the sort has one.
///
/// # Errors
/// Without a reason, or when it is not over.
pub fn reopen(matter: &Matter, words: &str, settings: &Settings, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("words", "为什么重办", words, "请写哪里没办好。")?;
    let mut acting = Acting::on(matter, ctx);
    let words = acting.words("reopen", words);
    let due = settings.clock(matter.sort(), ctx.today, ctx.calendar);
    acting.event(Reopened { words, due, on: ctx.today })?;
    Ok(acting.done())
}
