//! 上门: the page that a tablet takes along out of reach of the box, what it is given before it leaves, and what it brings back.
//!
//! The page itself ([`shell`]) holds nothing of anybody: it is the same for everyone, is kept by the tablet's own worker
//! and opens without the box. What it is given ([`pack`]) is the public catalogue. What is typed on it is sealed on the tablet
//! and comes back through [`acts`]; the rules of that are `app`'s.

pub(crate) mod acts;
pub(crate) mod list;
mod pack;
pub(crate) mod shell;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::{Site, limit};

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/trip", get(shell::whole))
        .route("/trip/", get(shell::page))
        .route("/trip/app.webmanifest", get(shell::manifest))
        .route("/trip/sw.js", get(shell::worker))
        .route("/trip/ready", get(acts::ready))
        .route("/trip/start", post(acts::start))
        .route("/trip/{trip}/key", post(acts::key))
        .route("/trip/{trip}/record", post(acts::record))
        .route("/trip/{trip}/photo", post(acts::photo).layer(files()))
        .route("/trip/{trip}/end", post(acts::end))
        .route("/trips", get(list::list).post(list::lost))
}

/// Photos are larger than forms.
fn files() -> DefaultBodyLimit {
    DefaultBodyLimit::max(limit::FILES_BYTES_MAX)
}
