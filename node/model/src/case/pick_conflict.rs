//! A person picks one of the values that two people wrote apart.

use super::{Case, Ctx, ctx::Acting, event::ConflictPicked};
use crate::{
    Refusal,
    record::{CellName, Edit, OpId, Value},
};

/// Lets one of the candidates stand; the value is written again, which ends the conflict everywhere.
///
/// # Errors
/// When the name has no conflict any more, or the candidate is none of it.
pub fn pick_conflict(case: &Case, name: &str, chosen: OpId, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let gone = || Refusal::because("这处不一致已经定下了，请刷新再看。");
    let conflict = case.conflicts.iter().find(|c| c.name == name).ok_or_else(gone)?;
    let candidate = conflict.candidates.iter().find(|c| c.op == chosen).ok_or_else(gone)?;
    let mut acting = Acting::on(case, ctx);
    acting.event(ConflictPicked {
        name: name.to_owned(),
        chosen,
        seen: conflict.candidates.iter().map(|c| c.op).collect(),
    })?;
    let edit = acting.edit();
    match (CellName::parse(name), &candidate.value) {
        (Some(cell), Value::Text(text)) => {
            edit.cells.insert(cell, Some(text.clone()));
        }
        (_, value) => {
            edit.facts.insert(name.to_owned(), Some(value.clone()));
        }
    }
    Ok(acting.done())
}
