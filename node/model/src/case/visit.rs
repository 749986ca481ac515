//! 入户核查 by two persons.

use jiff::civil::Date;

use super::{
    Case, Ctx,
    ctx::{Acting, named, needed, not_before_received, not_future},
    event::{Finding, Visited},
};
use crate::{Refusal, person::tidy_name, record::Edit};

/// A home visit.
#[derive(Clone, PartialEq, Eq)]
pub struct Visit {
    /// The two members of staff who went.
    pub visitors: [String; 2],
    /// What they found.
    pub finding: Finding,
    /// In words.
    pub words: String,
    /// When.
    pub on: Date,
}

/// Registers the visit.
///
/// # Errors
/// When there are not two different persons, words are missing, or the item has no visit.
pub fn visit(case: &Case, command: &Visit, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let [first, second] = &command.visitors;
    needed("visitor1", "核查人一", first, "入户核查要两个人去。")?;
    needed("visitor2", "核查人二", second, "入户核查要两个人去。")?;
    named("visitor1", "核查人一", first)?;
    named("visitor2", "核查人二", second)?;
    if tidy_name(first) == tidy_name(second) {
        return Err(Refusal::field("visitor2", "核查人二", "两个核查人填成了同一个人，请改一个。"));
    }
    needed("words", "核查情况", &command.words, "请写看到了什么。")?;
    not_future("on", "核查日期", command.on, ctx.today)?;
    not_before_received("on", "核查日期", command.on, case)?;
    let mut acting = Acting::on(case, ctx);
    let words = acting.maybe("visit", &command.words);
    let visitors = vec![acting.words("visitor1", first), acting.words("visitor2", second)];
    acting.event(Visited { visitors, finding: command.finding, words, on: command.on })?;
    Ok(acting.done())
}
impl std::fmt::Debug for Visit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Visit").field("finding", &self.finding).finish_non_exhaustive()
    }
}
