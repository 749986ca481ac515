//! One form, one act: a double click, the back button or a browser that sends twice never makes a second event.
//!
//! The form's random number is kept in the act's own commit, so it holds over a restart. A fixed number of places keeps
//! the table small; a form that is sent again after thousands of other acts meets the rules of the case instead.

use crate::ActError;
use crate::commit::Job;
use store::meta;

/// Forms remembered: some days of a busy centre, in a quarter of a megabyte.
const FORMS: u16 = 4_096;

fn place(form: [u8; 16]) -> String {
    let [high, low, ..] = form;
    format!("form/{}", u16::from_be_bytes([high, low]) % FORMS)
}

/// Whether the form of this job has done its act.
pub(crate) fn done_before(job: &Job<'_>) -> Result<bool, ActError> {
    let Some(form) = job.node.form() else { return Ok(false) };
    Ok(meta::get(&*job.tx, &place(form))?.is_some_and(|kept| kept == form))
}

/// Keeps that it has, in the same commit.
pub(crate) fn remember(job: &mut Job<'_>) -> Result<(), ActError> {
    let Some(form) = job.node.form() else { return Ok(()) };
    Ok(meta::put(job.tx, &place(form), &form)?)
}
