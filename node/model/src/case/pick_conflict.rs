//! A person picks one of the values that two people wrote apart, or writes another.

use super::{
    Case, Conflict, Ctx,
    ctx::{Acting, needed},
    event::{CellKey, ConflictPicked},
    facts,
};
use crate::{
    Refusal,
    item::Version,
    record::{CellName, Edit, OpId, Value},
};

/// Form field: what is picked.
pub const CHOICE: &str = "choice";
/// Form field: the value when all are wrong.
pub const OTHER: &str = "other";

/// What is to stand.
#[derive(Clone, PartialEq, Eq)]
pub enum Choice {
    /// One of the values, by the operation that wrote it.
    One(OpId),
    /// All are wrong: this one.
    Other(String),
}

/// A person's ruling.
#[derive(Clone, PartialEq, Eq)]
pub struct Pick {
    /// Fact or cell name.
    pub name: String,
    /// What is to stand.
    pub choice: Choice,
    /// The values the person was shown: one that came since is not ruled on unseen.
    pub seen: Vec<OpId>,
    /// Why, in words the timeline keeps.
    pub reason: String,
}

impl Conflict {
    /// Whether a person may write another value: where it is typed text. What is picked from a list has its values there.
    #[must_use]
    pub fn may_be_other(&self) -> bool {
        facts::is_typed_cell(&self.name)
    }
}

/// Lets one value stand; it is written again, which ends the conflict everywhere.
///
/// # Errors
/// When the name has no conflict any more, another value has come, no reason is given, or the written value is wrong.
pub fn pick_conflict(
    case: &Case,
    pick: &Pick,
    version: Option<&Version>,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    let gone = || Refusal::because("这处不一致已经定下了，请回到列表再看。");
    let conflict = case.conflicts.iter().find(|c| c.name == pick.name).ok_or_else(gone)?;
    let there: Vec<OpId> = conflict.candidates.iter().map(|c| c.op).collect();
    if there.iter().any(|op| !pick.seen.contains(op)) {
        return Err(Refusal::because("刚才又到了一个值，请把几个值都看过再定。"));
    }
    let (chosen, value) = match &pick.choice {
        Choice::One(op) => {
            let candidate = conflict.candidates.iter().find(|c| c.op == *op);
            (Some(*op), candidate.ok_or_else(gone)?.value.clone())
        }
        Choice::Other(text) => (None, Value::Text(other(case, conflict, text, version, ctx)?)),
    };
    needed("reason", "理由", &pick.reason, "请写凭什么定的，比如电话核实、本人到场。")?;
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("pick", &pick.reason);
    let others = conflict.candidates.iter().filter(|candidate| candidate.value != value);
    let dropped: Vec<CellKey> = others
        .enumerate()
        .map(|(nth, other)| acting.words(&format!("dropped.{nth}"), &written(&other.value)))
        .collect();
    acting.event(ConflictPicked { name: pick.name.clone(), chosen, seen: there, dropped, reason })?;
    let edit = acting.edit();
    match (CellName::parse(&pick.name).filter(|_| facts::is_cell(&pick.name)), value) {
        (Some(cell), Value::Text(text)) => {
            edit.cells.insert(cell, Some(text));
        }
        (_, value) => {
            edit.facts.insert(pick.name.clone(), Some(value));
        }
    }
    Ok(acting.done())
}

/// A value in words, for the timeline.
fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        Value::Closed | Value::Erased => String::new(),
    }
}

/// The value a person wrote instead, checked as at intake.
fn other(
    case: &Case,
    conflict: &Conflict,
    text: &str,
    version: Option<&Version>,
    ctx: &Ctx<'_>,
) -> Result<String, Refusal> {
    if !conflict.may_be_other() {
        return Err(Refusal::field(CHOICE, "用哪个", "这一项只能从几个值里选，请选一个。"));
    }
    needed(OTHER, conflict.label, text, "请写对的值，或者从上面选一个。")?;
    let text = facts::tidy(&conflict.name, text);
    let filing = case.filing.with(&conflict.name, &text);
    let checked = version.map(|version| filing.check(version, ctx.today));
    match checked.as_ref().and_then(|checked| checked.errors.of(&conflict.name)) {
        Some(why) => Err(Refusal::field(OTHER, conflict.label, why)),
        None => Ok(text),
    }
}

impl std::fmt::Debug for Pick {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pick").field("name", &self.name).finish_non_exhaustive()
    }
}
