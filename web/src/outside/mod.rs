//! 对照录入: cases laid out as an outside system's form, copied by keyboard, registered with their number there; and the answers
//! that come back by that number. One file per page.

mod answer;
mod copy;
mod forms;
mod list;
mod photos;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};

use crate::Site;
pub(crate) use list::reminder;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/transcribe", get(list::get))
        .route("/transcribe/answer", get(answer::ask).post(answer::find))
        .route("/transcribe/forms", get(forms::list))
        .route("/transcribe/forms/{code}", get(forms::ask).post(forms::set))
        .route("/transcribe/{case}", get(copy::get).post(copy::act))
        .route("/transcribe/{case}/photos", post(photos::get))
}
