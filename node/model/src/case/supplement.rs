//! 补正: everything at once; the clock stops until it comes.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    Case, Ctx,
    ctx::{Acting, needed},
    event::{SupplementAsked, SupplementReceived},
    facts,
};
use crate::{
    Refusal,
    item::Version,
    record::{CellName, Edit, Value},
};

/// What is asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct AskSupplement {
    /// `m/<id>`, `r/<id>`, field names.
    pub gaps: Vec<String>,
    /// What exactly, as the resident reads it.
    pub words: String,
    /// Until when.
    pub until: Option<Date>,
}

/// Asks once for everything.
///
/// # Errors
/// When nothing is named, something is named that the item does not ask for, or the state does not allow it.
pub fn ask(case: &Case, command: &AskSupplement, version: &Version, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if command.gaps.is_empty() {
        return Err(Refusal::field("gaps", "要补的内容", "还没选要补什么，请一次选全。"));
    }
    if !command.gaps.iter().all(|gap| facts::is_gap(gap, version)) {
        return Err(Refusal::field("gaps", "要补的内容", "要补的内容里有认不出的一项，请重新选。"));
    }
    needed("words", "补正说明", &command.words, "请写清缺什么、什么样才合格。")?;
    if command.until.is_some_and(|until| until < ctx.today) {
        return Err(Refusal::field("until", "补正期限", "补正期限不能早于今天，请重选日期。"));
    }
    let mut acting = Acting::on(case, ctx);
    let words = acting.maybe("supplement", &command.words);
    acting.event(SupplementAsked {
        gaps: command.gaps.clone(),
        on: ctx.today,
        until: command.until,
        words,
    })?;
    Ok(acting.done())
}

/// Takes what came; `typed` corrects cells and answers (the same names as a draft's).
///
/// # Errors
/// When no supplement was asked for.
pub fn received(case: &Case, typed: &BTreeMap<String, String>, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let mut acting = Acting::on(case, ctx);
    let gaps = case.supplement.as_ref().map(|s| s.what.gaps.clone()).unwrap_or_default();
    acting.event(SupplementReceived { gaps: gaps.clone(), on: ctx.today })?;
    let edit = acting.edit();
    for (name, text) in typed.iter().filter(|(_, text)| !text.trim().is_empty()) {
        let cell = CellName::parse(name).filter(|_| facts::is_typed_cell(name));
        if let Some(cell) = cell {
            edit.cells.insert(cell, Some(facts::tidy(name, text)));
        } else if name.contains('/')
            && facts::shape(name) == Some(facts::Shape::Text)
            && facts::allows(name, text)
        {
            edit.facts.insert(name.clone(), Some(Value::Text(text.clone())));
        }
    }
    for gap in gaps.iter().filter(|g| g.starts_with("m/") && !typed.contains_key(*g)) {
        edit.facts.insert(gap.clone(), Some(Value::Text("ok".to_owned())));
    }
    Ok(acting.done())
}

impl std::fmt::Debug for AskSupplement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AskSupplement").field("gaps", &self.gaps).finish_non_exhaustive()
    }
}
