//! One form, one act: a double click, the back button or a browser that sends twice never makes a second event.
//!
//! The form's random number is kept in the act's own commit, so it holds over a restart. A fixed number of places keeps
//! the table small; a form that is sent again after thousands of other acts meets the rules of the case instead.

use crate::ActError;
use crate::commit::Job;
use model::Refusal;
use store::meta;

/// The field a refusal names when a form's number has done something else: it stands in no page's sight.
pub const FORM: &str = "once";

/// A form as it was sent: its random number, and a keyed digest of what it asks for.
#[derive(Clone, Copy)]
pub(crate) struct SentForm {
    pub(crate) number: [u8; 16],
    pub(crate) content: [u8; 16],
}

/// Forms remembered: some days of a busy centre, in a quarter of a megabyte.
const FORMS: u16 = 4_096;

fn place(form: [u8; 16]) -> String {
    let [high, low, ..] = form;
    format!("form/{}", u16::from_be_bytes([high, low]) % FORMS)
}

/// Whether the form of this job has done its act.
///
/// # Errors
/// A refusal when the form did something else: what is in it now was never done, and must not be called done.
pub(crate) fn done_before(job: &Job<'_>) -> Result<bool, ActError> {
    let Some(form) = job.node.form() else { return Ok(false) };
    let Some(kept) = meta::get(&*job.tx, &place(form.number))? else { return Ok(false) };
    match kept.strip_prefix(&form.number) {
        None => Ok(false),
        // an earlier version kept the number alone
        Some(content) if content.is_empty() || content == form.content => Ok(true),
        Some(_other) => {
            let words = "这一页已经办过了，新写的没有存。请从办件页重新打开再办。";
            Err(Refusal::field(FORM, "这一页", words).into())
        }
    }
}

/// Keeps that it has, in the same commit.
pub(crate) fn remember(job: &mut Job<'_>) -> Result<(), ActError> {
    let Some(form) = job.node.form() else { return Ok(()) };
    Ok(meta::put(job.tx, &place(form.number), &[form.number, form.content].concat())?)
}
