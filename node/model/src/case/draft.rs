//! Drafts: what is typed is kept as typed, right or wrong. Nothing is checked here but names and sizes.

mod seen;

use std::collections::{BTreeMap, BTreeSet};

pub use seen::Seen;

use super::{Case, Ctx, Filing, facts, together::bare};
use crate::{
    FieldErrors, Refusal,
    item::{Exemption, Need, Version},
    limit,
    record::{CellName, Edit, Record, Value},
};

/// Begins a draft for an item: what acts alone may set, and the answers that need no asking.
#[must_use]
pub fn start(version: &Version, ctx: &Ctx<'_>) -> Edit {
    let mut edit = Edit::default();
    let mut set = |name: String, value: Value| {
        edit.facts.insert(name, Some(value));
    };
    set(facts::ITEM.to_owned(), Value::Text(version.code.clone()));
    set(facts::ITEM_VERSION.to_owned(), Value::Int(i64::from(version.version)));
    set(facts::STATION.to_owned(), Value::Int(i64::from(ctx.station)));
    set(facts::CLERK.to_owned(), Value::Text(ctx.by.to_owned()));
    set(facts::CLERK_NAME.to_owned(), Value::Text(ctx.name.to_owned()));
    if let [only] = version.scenarios.as_slice() {
        set(facts::SCENARIO.to_owned(), Value::Text(only.id.clone()));
    }
    if let Some(kind) = version.applicants.first() {
        set(facts::APPLICANT_KIND.to_owned(), Value::Text(kind.code().to_owned()));
    }
    for material in version.materials.iter().filter(|m| m.need == Need::Exempt) {
        // whether somebody promises is their own choice: it is asked
        if material.exemption == Some(Exemption::Promise) {
            continue;
        }
        set(facts::material(&material.id), Value::Text("exempt".to_owned()));
        if material.exemption != Some(Exemption::NotNeeded) {
            set(facts::material_how(&material.id), Value::Text("pending".to_owned()));
        }
    }
    edit
}

/// Saves what was typed, by fact and cell name (the names of the form's fields). Only differences are written. An empty
/// text takes a name away; a name that is not in `typed` stays as it is. Names that only acts set, and names that are
/// none of a case's, are left alone. A text over its limit is not written and is told; the others are written all the
/// same.
///
/// # Errors
/// When there are more names than any page has, or the case is no draft any more.
pub fn save(
    before: &Record,
    case: &Case,
    typed: &BTreeMap<String, String>,
) -> Result<(Edit, FieldErrors), Refusal> {
    if case.received.is_some() {
        return Err(Refusal::because("已经收件，内容不能再改；要改请用补正，或加说明。"));
    }
    if typed.len() > limit::SAVE_NAMES {
        return Err(Refusal::because("这一页填的项目太多，请分开填写。"));
    }
    let (mut edit, mut wrong) = (Edit::default(), FieldErrors::default());
    for (name, text) in typed {
        let label = facts::label(name);
        if facts::is_typed_cell(name) {
            if text.len() > limit::CELL_TEXT {
                wrong.add(name, label, format!("{label}写得太长，请控制在 1300 字以内。"));
            } else {
                save_cell(before, name, &facts::tidy(name, text), &mut edit);
            }
        } else if !facts::BY_ACTS.contains(&name.as_str()) && facts::shape(name).is_some() {
            if !text.is_empty() && !facts::allows(name, text) {
                wrong.add(name, label, format!("{label}不在可选的范围里，请重选一项。"));
            } else {
                save_fact(before, name, text, &mut edit);
            }
        }
    }
    Ok((edit, wrong))
}

/// What came of a save from a page that may be older than the draft.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    /// What is written.
    pub edit: Edit,
    /// Texts that do not fit, not written.
    pub wrong: FieldErrors,
    /// Fields that this page and another window both changed, and differently: what is kept stays.
    pub clashes: Vec<String>,
    /// Fields that another window changed and this page did not: it shows what was kept before.
    pub moved: Vec<String>,
}

/// [`save`] of a page that was drawn with `seen`, field by field: what the page left alone stays as it is kept, what only
/// the page changed is taken, and what was changed in both places is not taken but told.
///
/// # Errors
/// As [`save`].
pub fn merge(
    before: &Record,
    case: &Case,
    typed: &BTreeMap<String, String>,
    seen: &Seen,
) -> Result<Merged, Refusal> {
    let Compared { taken, clashes, moved } = compare(&Filing::read(before).typed(), typed, seen);
    let (edit, wrong) = save(before, case, &taken)?;
    Ok(Merged { edit, wrong, clashes, moved })
}

/// What of a page is to be saved, where it may be older than what is kept.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    /// What only the page changed.
    pub taken: BTreeMap<String, String>,
    /// As in [`Merged`].
    pub clashes: Vec<String>,
    /// As in [`Merged`].
    pub moved: Vec<String>,
}

/// Compares a page that was drawn with `seen` with what is kept, field by field, by the page's names.
#[must_use]
pub fn compare(kept: &BTreeMap<String, String>, typed: &BTreeMap<String, String>, seen: &Seen) -> Compared {
    let stands = |name: &str| kept.get(name).map_or("", String::as_str);
    let (mut taken, mut clashes) = (BTreeMap::new(), Vec::new());
    for (name, text) in typed {
        let tidy = tidied(name, text);
        if seen.left(name, &tidy) || stands(name) == tidy {
            continue;
        }
        if seen.stands(name, stands(name)) {
            taken.insert(name.clone(), text.clone());
        } else {
            clashes.push(name.clone());
        }
    }
    let agrees = |name: &str| typed.get(name).is_some_and(|text| tidied(name, text) == stands(name));
    let names: BTreeSet<&str> = kept.keys().map(String::as_str).chain(seen.names()).collect();
    let moved = names.into_iter().filter(|name| {
        let told = taken.contains_key(*name) || clashes.iter().any(|clash| clash == name);
        !told && !agrees(name) && !seen.stands(name, stands(name)) && !facts::BY_ACTS.contains(&bare(name))
    });
    let moved = moved.map(str::to_owned).collect();
    Compared { taken, clashes, moved }
}

/// What was typed, as it is kept and drawn again.
#[must_use]
pub fn tidied(name: &str, text: &str) -> String {
    let name = bare(name);
    if facts::is_typed_cell(name) { facts::tidy(name, text) } else { text.to_owned() }
}

fn save_cell(before: &Record, name: &str, text: &str, edit: &mut Edit) {
    let Some(cell) = CellName::parse(name) else { return };
    let value = Value::Text(text.to_owned());
    let known = before.cells.get(name).and_then(|all| all.last()).map(|c| &c.value);
    match (known, text.is_empty()) {
        (None, true) => {}
        (Some(old), false) if *old == value => {}
        (Some(_), true) => {
            edit.cells.insert(cell, None);
        }
        _ => {
            edit.cells.insert(cell, Some(text.to_owned()));
        }
    }
}

fn save_fact(before: &Record, name: &str, text: &str, edit: &mut Edit) {
    let Some(shape) = facts::shape(name) else { return };
    let value = match shape {
        facts::Shape::Text => (!text.is_empty()).then(|| Value::Text(text.to_owned())),
        // a number half typed is no number yet: the page keeps it, the record does not
        facts::Shape::Int => text.trim().parse().ok().map(Value::Int),
        facts::Shape::Bool => matches!(text, "1" | "on" | "true").then_some(Value::Bool(true)),
    };
    let known = before.facts.get(name).and_then(|all| all.last()).map(|c| &c.value);
    if known != value.as_ref() {
        edit.facts.insert(name.to_owned(), value);
    }
}
