//! What a resident may see with a number and a code: where the case stands, masked, nothing more.

mod acts;
mod questions;

use askama::Template;
use axum::Router;
use axum::routing::get;
use model::case::{Outcome, Stage, Turn};

use crate::Site;
use crate::cases::show::Told;
use crate::cases::words;
use crate::view::{Field, Gap, Light, Step, Truth};

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/progress", get(acts::ask).post(acts::show))
        .route("/cx", get(acts::short))
        .route("/cx/{number}", get(acts::from_paper))
        .route("/questions/{code}", get(questions::show))
}

/// Asks for number and query code.
#[derive(Template)]
#[template(path = "residents/ask.html")]
pub(crate) struct AskPage {
    pub(crate) place: String,
    pub(crate) phone: String,
    pub(crate) large: bool,
    /// The same page in the other size of type.
    pub(crate) size: String,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) number: Field,
    pub(crate) code: Field,
}

/// Where the case stands.
#[derive(Template)]
#[template(path = "residents/progress.html")]
pub(crate) struct ProgressPage {
    pub(crate) place: String,
    pub(crate) phone: String,
    pub(crate) large: bool,
    pub(crate) number: String,
    /// As typed: what is sent again when the type is made larger.
    pub(crate) code: String,
    pub(crate) item: String,
    pub(crate) who: String,
    pub(crate) since: String,
    pub(crate) now: String,
    pub(crate) stage_code: String,
    pub(crate) light: Light,
    pub(crate) next: &'static str,
    pub(crate) next_note: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) truth: Truth,
    pub(crate) truth_note: String,
    /// Where common questions about the item stand; empty for none.
    pub(crate) questions: String,
}

impl Told<'_> {
    /// What the resident has to do now, if anything, and what happens then.
    pub(crate) fn next_for_resident(&self) -> (&'static str, String) {
        if let Some(told) = self.case.outcome.as_ref().and_then(|(outcome, ..)| not_done(*outcome)) {
            return told;
        }
        let result = self.version.and_then(|version| version.results.first());
        let collect = result.map_or_else(|| "请到站里来领。".to_owned(), |result| result.collect.clone());
        match (self.case.stage(), self.case.turn()) {
            (Stage::Supplementing, _) => {
                let asked =
                    self.case.supplement.as_ref().map(|asked| asked.what.gaps.as_slice()).unwrap_or_default();
                let names: Vec<String> = asked.iter().map(|gap| words::named(gap, self.version)).collect();
                ("请您补材料。", format!("要补：{}。补齐了交到站里。", names.join("、")))
            }
            (Stage::Revoked, _) => {
                ("决定已经撤销。", "请看撤销决定书上写的理由，还有申请复议、起诉的期限。".to_owned())
            }
            (Stage::Ready, _) => ("可以来领结果了。", collect),
            (Stage::Decided, _) => ("已经办结。", collect),
            (Stage::Delivered, _) => ("已经办完。", "结果已经交给您或代办人。".to_owned()),
            (_, Turn::Applicant) => ("请您到站里来一趟。", String::new()),
            _ => ("您现在不用做什么。", "有结果时站里会打电话告诉您。".to_owned()),
        }
    }
}

/// What is said of a case that did not end with what was asked for; stays so after the paper is handed over.
fn not_done(outcome: Outcome) -> Option<(&'static str, String)> {
    let (what, next) = match outcome {
        Outcome::Approved => return None,
        Outcome::Refused => (
            "没有批准。",
            "请看决定书上写的理由，还有申请复议、起诉的期限；没有拿到决定书，或者看不明白，请打电话问站里。",
        ),
        Outcome::NotAccepted => (
            "没有受理。",
            "请看通知书上写的理由、该找哪个单位，还有申请复议、起诉的期限；看不明白，请打电话问站里。",
        ),
        Outcome::Returned => ("材料退回了，没有办成。", "请打电话问站里为什么退，怎样补好再来办。"),
        Outcome::Withdrawn => ("已经撤回，不办了。", "还要办请重新申请；不是您要撤的，请打电话问站里。"),
    };
    Some((what, next.to_owned()))
}
