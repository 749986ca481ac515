//! A case (办件): one resident's one request, as facts and an append-only list of events.
//!
//! [`event`] is the format of events, [`facts`] the names of facts and cells, [`Filing`] what was asked and by whom,
//! [`Case`] the fold. One file per act makes the edit or refuses in plain Chinese; an act asks [`Case::judge`], which
//! is also what the fold asks, so what a box lets a person do is what every box will later let stand.

pub mod accept;
pub mod approve;
pub mod archive;
mod carry;
mod clock;
mod ctx;
pub mod deem;
pub mod deferred;
pub mod deliver;
pub mod draft;
mod effect;
pub mod event;
pub mod facts;
pub mod feedback;
mod filing;
pub mod first_review;
mod fold;
pub mod hand_over;
pub mod help;
mod judge;
pub mod note;
pub mod notice;
pub mod one_time_notice;
pub mod pairs;
pub mod photo;
pub mod pick_conflict;
pub mod promise;
pub mod receive;
pub mod refuse;
pub mod report_up;
pub mod route;
mod scene;
pub mod settle;
mod stage;
mod state;
pub mod supplement;
pub mod suspend;
#[cfg(test)]
pub(crate) mod tests;
pub mod together;
pub mod trip;
pub mod twin;
pub mod verify;
pub mod visit;
pub mod withdraw;

pub use carry::Carried;
pub use clock::Clock;
pub use ctx::Ctx;
pub use deem::Waiting;
pub use filing::{Checked, Filing, Gap, GapKind, Member, Proof, RuleView, Signed, Tick};
pub use fold::Conflict;
pub use photo::Photo;
pub use scene::Scene;
pub use stage::{Outcome, Reached, Stage};
pub use state::{Case, Deferred, Entry, StepState, Turn};

pub use crate::history::{Anomaly, AnomalyKind, Done, Mark, Standing, Verdict};
