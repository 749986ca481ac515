//! 收件: one page that follows the conversation. What is typed is saved as typed; what is missing is told beside its
//! field, in a summary and in the steps at the left; the paper that will be printed grows at the right.

mod applicant;
mod build;
mod preview;
mod signing;
mod twins;
mod windows;

use askama::Template;

use crate::view::{Desk, Field, Gap, Said, Segments, Stage, Tag};

pub(crate) use applicant::next_member;
pub(crate) use build::Taking;
pub(crate) use twins::TwinRow;
pub(crate) use windows::{clashed, moved, named};

/// The intake page as shown.
#[derive(Template)]
#[template(path = "cases/intake.html")]
pub(crate) struct IntakePage {
    pub(crate) desk: Desk,
    pub(crate) said: Option<Said>,
    pub(crate) draft: String,
    pub(crate) code: String,
    pub(crate) item: String,
    pub(crate) version: u32,
    pub(crate) sample: bool,
    pub(crate) tags: Vec<Tag>,
    pub(crate) standing: Option<Said>,
    pub(crate) today: String,
    pub(crate) stages: Vec<Stage>,
    pub(crate) say: String,
    /// What the page was drawn with, for the save that follows.
    pub(crate) drawn: String,
    pub(crate) held: String,
    pub(crate) gaps_title: String,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) scenario: Segments,
    pub(crate) kind: Option<Segments>,
    pub(crate) who_notes: Vec<Note>,
    pub(crate) applicant: Vec<Field>,
    /// The same person's other drafts and cases of this item.
    pub(crate) twins: Vec<TwinRow>,
    pub(crate) has_agent: bool,
    pub(crate) agent: Vec<Field>,
    pub(crate) household: bool,
    pub(crate) members: Vec<Vec<Field>>,
    pub(crate) form: Vec<Field>,
    /// The applicant promised falsely before.
    pub(crate) barred: bool,
    pub(crate) signing: Option<Signing>,
    pub(crate) promises: Vec<PromiseRow>,
    pub(crate) materials_note: String,
    pub(crate) materials: Vec<MaterialRow>,
    pub(crate) rules: Vec<RuleRow>,
    pub(crate) paper_word: String,
    pub(crate) accept_word: &'static str,
    /// Papers may be taken without being accepted.
    pub(crate) may_receive: bool,
    pub(crate) preview: Preview,
    pub(crate) saved: String,
    /// What the way to the help thread is called; empty where there is nobody to ask.
    pub(crate) help: &'static str,
}

/// The left column alone, for the script that saves while one types.
#[derive(Template)]
#[template(path = "cases/intake-stages.html")]
pub(crate) struct StagesPart<'a> {
    pub(crate) today: &'a str,
    pub(crate) stages: &'a [Stage],
    pub(crate) say: &'a str,
}

/// The right column alone.
#[derive(Template)]
#[template(path = "cases/intake-preview.html")]
pub(crate) struct PreviewPart<'a> {
    pub(crate) paper_word: &'a str,
    pub(crate) preview: &'a Preview,
}

/// Something the page found by itself.
pub(crate) struct Note {
    pub(crate) good: bool,
    pub(crate) text: String,
}

/// A material and its answer.
pub(crate) struct MaterialRow {
    pub(crate) name: String,
    pub(crate) note: String,
    pub(crate) passes: String,
    pub(crate) answer: Segments,
    /// Material id.
    pub(crate) id: String,
    /// How the page of photos names it: the id, of a package with its place.
    pub(crate) photo: String,
    /// Of a package: the items that ask for it.
    pub(crate) of: String,
    /// How many photos of it there are.
    pub(crate) photos: usize,
    /// How it is vouched for, where one does without it, or nobody has looked yet and may.
    pub(crate) how: Option<Segments>,
    /// It is done without.
    pub(crate) exempt: bool,
    /// How it is vouched for is asked once it is done without.
    pub(crate) exempts: bool,
}

/// How the 申请表 was signed.
pub(crate) struct Signing {
    pub(crate) how: Segments,
    /// Who signed in the applicant's stead, why, who saw it.
    pub(crate) proxy: Vec<Field>,
}

/// A promise that may have to be signed.
pub(crate) struct PromiseRow {
    pub(crate) name: String,
    pub(crate) title: String,
    /// What it is for.
    pub(crate) note: String,
    /// What its print button does.
    pub(crate) print: String,
    pub(crate) on: bool,
    pub(crate) error: Option<String>,
}

/// A rule, with the page's own finding or the clerk's answer.
pub(crate) struct RuleRow {
    pub(crate) text: String,
    pub(crate) passes: String,
    pub(crate) auto: Option<Note>,
    pub(crate) answer: Segments,
    /// Of a package: the items that ask it.
    pub(crate) of: String,
}

/// The paper as it will print, masked.
pub(crate) struct Preview {
    pub(crate) title: String,
    pub(crate) rows: Vec<PreviewRow>,
    pub(crate) clerk: String,
    pub(crate) phone: String,
    pub(crate) seal: String,
}

/// One row of it.
pub(crate) struct PreviewRow {
    pub(crate) name: &'static str,
    pub(crate) lines: Vec<PreviewLine>,
}

/// One line of a row; `mark` says what is still missing there.
pub(crate) struct PreviewLine {
    /// It is what one looks for.
    pub(crate) strong: bool,
    pub(crate) text: String,
    pub(crate) mark: &'static str,
}
