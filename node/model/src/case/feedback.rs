//! 已反馈: what a body outside the mesh answered. A timer never does this; a person registers it.

use jiff::civil::Date;

use super::{
    Case, Ctx,
    ctx::{Acting, needed, not_before_received, not_future, within},
    event::{Answer, FedBack},
};
use crate::{Refusal, record::Edit};

/// An answer from outside.
#[derive(Clone, PartialEq, Eq)]
pub struct Feedback {
    /// What.
    pub answer: Answer,
    /// Number of its paper, or how it was told.
    pub paper: String,
    /// The date on it.
    pub on: Date,
    /// Reasons it gave; needed unless it agreed.
    pub words: String,
}

/// Registers the answer.
///
/// # Errors
/// When the case is not with an outside body, or a field is wrong.
pub fn feedback(case: &Case, command: &Feedback, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("paper", "反馈文号或来源", &command.paper, "没有文号就写谁在电话里答复的单位和科室。")?;
    not_future("on", "反馈日期", command.on, ctx.today)?;
    not_before_received("on", "反馈日期", command.on, case)?;
    if let Some(reported) = &case.reported
        && command.on < reported.what.on
    {
        return Err(Refusal::field("on", "反馈日期", "反馈日期早于上报日期，请核对。"));
    }
    match command.answer {
        Answer::Agreed => within("words", "说明", &command.words)?,
        Answer::Declined | Answer::SentBack => {
            needed("words", "理由", &command.words, "不同意或退回要告诉申请人为什么。")?;
        }
    }
    let mut acting = Acting::on(case, ctx);
    let words = acting.maybe("feedback", &command.words);
    let paper = acting.words("paper", &command.paper);
    acting.event(FedBack { answer: command.answer, paper, on: command.on, words })?;
    Ok(acting.done())
}

impl std::fmt::Debug for Feedback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feedback").field("answer", &self.answer).finish_non_exhaustive()
    }
}
