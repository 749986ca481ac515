//! 反馈, 回访, and questions that many have: 放到办事指南.

use super::{Acting, needed, within};
use crate::{
    Refusal,
    case::Ctx,
    matter::{Matter, Sort, event::*},
    record::Edit,
};

/// What the resident was told.
#[derive(Debug, Clone)]
pub struct Answer {
    /// How.
    pub how: Channel,
    /// What.
    pub words: String,
    /// They were sent elsewhere.
    pub elsewhere: bool,
}

/// 反馈 to the resident, or the answer to a question.
///
/// # Errors
/// Without words, or before the handling ended.
pub fn answer(matter: &Matter, typed: &Answer, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let label = if matter.sort() == Sort::Consult { "怎么答的" } else { "怎么说的" };
    needed("words", label, &typed.words, "请写清楚告诉了群众什么。")?;
    let mut acting = Acting::on(matter, ctx);
    let words = acting.words("answer", &typed.words);
    acting.event(Answered { how: typed.how, words, elsewhere: typed.elsewhere, on: ctx.today })?;
    Ok(acting.done())
}

/// 回访.
///
/// # Errors
/// When somebody is not content and nothing says why, or before 反馈.
pub fn revisit(matter: &Matter, satisfied: Satisfied, words: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if satisfied == Satisfied::No {
        needed("words", "群众怎么说", words, "不满意要写清楚哪里不满意。")?;
    }
    within("words", "群众怎么说", words)?;
    let mut acting = Acting::on(matter, ctx);
    let words = acting.maybe("revisit", words);
    acting.event(Revisited { satisfied, words, on: ctx.today })?;
    Ok(acting.done())
}

/// A question and its answer as everybody may read them.
#[derive(Debug, Clone)]
pub struct Publish {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// 放到办事指南: a person decides, and what is shown holds nobody's words about themselves.
///
/// # Errors
/// When either text holds a number or a name that belongs to somebody, or the question is about no item.
pub fn publish(matter: &Matter, typed: &Publish, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if matter.item().is_empty() {
        return Err(Refusal::because("这条咨询没有关联事项，放不到办事指南。"));
    }
    for (field, label, text) in [("question", "问题", &typed.question), ("answer", "答复", &typed.answer)]
    {
        needed(field, label, text, "写成人人看得懂的一句话。")?;
        if let Some(why) = personal(text, matter.name()) {
            return Err(Refusal::field(field, label, format!("{label}里有{why}，去掉以后再放。")));
        }
    }
    let mut acting = Acting::on(matter, ctx);
    let (question, answer) =
        (acting.words("question", &typed.question), acting.words("public", &typed.answer));
    acting.event(Published { question, answer, on: ctx.today })?;
    Ok(acting.done())
}

/// Off the guide again.
///
/// # Errors
/// When it does not stand there.
pub fn unpublish(matter: &Matter, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let mut acting = Acting::on(matter, ctx);
    acting.event(Unpublished { on: ctx.today })?;
    Ok(acting.done())
}

/// What in a text points at a person: the name of who asked, a mobile, id or account number. Spaces and dashes hide nothing; a
/// landline, which is public, begins with 0.
fn personal(text: &str, name: &str) -> Option<&'static str> {
    if name.chars().count() > 1 && text.contains(name) {
        return Some("提问人的姓名");
    }
    let tight = text.chars().map(crate::person::half_width).filter(|c| !matches!(c, ' ' | '-'));
    let tight: String = tight.collect();
    tight.split(|c: char| !c.is_ascii_digit()).find_map(|run| match (run.len(), run.starts_with('0')) {
        (0..=10, _) | (11..=12, true) => None,
        (11, false) => Some("手机号码"),
        _ => Some("证件号或账号"),
    })
}
