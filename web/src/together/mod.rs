//! `/together`: a package at the counter. One conversation, one page, one press: who asks and what is the same is asked
//! once, and every item's case is taken in one commit, all or none.

mod act;
mod build;
mod print;
#[cfg(test)]
mod tests;

use askama::Template;

use crate::cases::intake::{MaterialRow, Note, PromiseRow, RuleRow, Signing, TwinRow};
use crate::view::{Desk, Field, Gap, Said, Segments, Stage};

pub(crate) use act::{act, autosave, get, more, start};
pub(crate) use print::{HANDED, all, forms, notice};

/// The page as shown.
#[derive(Template)]
#[template(path = "together/intake.html")]
pub(crate) struct TogetherPage {
    pub(crate) desk: Desk,
    pub(crate) said: Option<Said>,
    pub(crate) draft: String,
    pub(crate) name: String,
    pub(crate) words: String,
    pub(crate) sample: bool,
    pub(crate) today: String,
    pub(crate) stages: Vec<Stage>,
    pub(crate) say: String,
    pub(crate) drawn: String,
    pub(crate) held: String,
    pub(crate) gaps_title: String,
    pub(crate) gaps: Vec<Gap>,
    /// Each item's situations, by its name.
    pub(crate) scenes: Vec<(String, Segments)>,
    pub(crate) kind: Option<Segments>,
    pub(crate) who_notes: Vec<Note>,
    pub(crate) applicant: Vec<Field>,
    pub(crate) twins: Vec<TwinRow>,
    pub(crate) has_agent: bool,
    pub(crate) agent: Vec<Field>,
    pub(crate) household: bool,
    pub(crate) members: Vec<Vec<Field>>,
    /// Each item's own fields, by its name.
    pub(crate) forms: Vec<(String, Vec<Field>)>,
    pub(crate) barred: bool,
    pub(crate) signing: Option<Signing>,
    pub(crate) promises: Vec<PromiseRow>,
    pub(crate) materials_note: String,
    pub(crate) materials: Vec<MaterialRow>,
    pub(crate) rules: Vec<RuleRow>,
    pub(crate) items: Vec<ItemLine>,
    /// Papers may be taken without being accepted.
    pub(crate) may_receive: bool,
    pub(crate) saved: String,
}

/// One of the items at the right: what it becomes, and what is missing.
pub(crate) struct ItemLine {
    pub(crate) name: String,
    pub(crate) code: String,
    /// 受理通知书 or 收件凭证.
    pub(crate) paper: String,
    /// How the station may act, and why.
    pub(crate) standing: String,
    pub(crate) fell_back: bool,
    pub(crate) limit: String,
    pub(crate) left: String,
    pub(crate) done: bool,
}

/// The left column alone, for the script that saves while one types.
#[derive(Template)]
#[template(path = "cases/intake-stages.html")]
struct StagesPart<'a> {
    today: &'a str,
    stages: &'a [Stage],
    say: &'a str,
}

/// The right column alone.
#[derive(Template)]
#[template(path = "together/items.html")]
struct ItemsPart<'a> {
    items: &'a [ItemLine],
}
