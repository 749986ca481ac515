//! The calendar and the township's own limits, as pages: what is in force, a year's notice entered at the centre, what a
//! notice moved.

mod moved;
mod notice;
mod show;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};

use crate::Site;

pub(crate) use moved::told;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/calendar", get(show::get).post(notice::act))
        .route("/calendar/hand-over", post(show::set_hand_over))
        .route("/calendar/moved", get(moved::get).post(moved::seen))
}
