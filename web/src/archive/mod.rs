//! 一件一档: finished cases as files with a catalogue, a shelf and a time; 封存; what has run out; one file that leaves the box.

mod act;
mod export;
mod list;
mod one;
mod terms;
#[cfg(test)]
mod tests;
mod volume;

use axum::Router;
use axum::routing::get;

use crate::Site;
pub(crate) use list::reminder;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/archive", get(list::get))
        .route("/archive/terms", get(terms::list))
        .route("/archive/terms/{code}", get(terms::ask).post(terms::set))
        .route("/archive/{case}", get(one::get))
        .route("/archive/{case}/{act}", get(act::ask).post(act::perform))
}
