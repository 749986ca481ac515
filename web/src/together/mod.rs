//! `/together`: a package at the counter. One conversation, one page, one press: who asks and what is the same is asked
//! once, and every item's case is taken in one commit, all or none.

mod act;
mod build;
mod print;
#[cfg(test)]
mod tests;

use askama::Template;

use crate::cases::intake::{MaterialRow, Note, RuleRow, Signing, TwinRow};
use crate::view::{Desk, Field, Gap, Said, Segments, Stage};

pub(crate) use act::{act, autosave, get, more, start};
pub(crate) use print::{all, forms};

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
    pub(crate) twins: Vec<(String, TwinRow)>,
    pub(crate) has_agent: bool,
    pub(crate) agent: Vec<Field>,
    pub(crate) household: bool,
    pub(crate) members: Vec<Vec<Field>>,
    /// Each item's own fields, by its name.
    pub(crate) forms: Vec<(String, Vec<Field>)>,
    pub(crate) barred: bool,
    pub(crate) signing: Option<Signing>,
    pub(crate) vows: Vec<Vow>,
    pub(crate) materials_note: String,
    pub(crate) materials: Vec<Asked<MaterialRow>>,
    pub(crate) rules: Vec<Asked<RuleRow>>,
    pub(crate) items: Vec<ItemLine>,
    pub(crate) saved: String,
}

/// Something that is asked once, and for which items.
pub(crate) struct Asked<T> {
    pub(crate) row: T,
    /// “出生登记、社会保障卡申领”.
    pub(crate) of: String,
    /// The draft it is kept in first.
    pub(crate) draft: String,
}

/// A promise that may have to be signed.
pub(crate) struct Vow {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) note: String,
    /// What its print button does.
    pub(crate) print: String,
    pub(crate) on: bool,
    pub(crate) error: Option<String>,
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
