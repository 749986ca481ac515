//! Cases: taken in, looked at, decided, handed over. One file per verb.

pub(crate) mod clash;
#[cfg(test)]
mod clashes;
#[cfg(test)]
mod credit;
pub(crate) mod crossed;
#[cfg(test)]
mod crossing;
pub(crate) mod deed;
pub(crate) mod drafts;
pub(crate) mod find;
pub(crate) mod intake;
pub(crate) mod late;
#[cfg(test)]
pub(crate) mod main_job;
#[cfg(test)]
mod on_the_way;
#[cfg(test)]
mod opened;
pub(crate) mod owed;
pub(crate) mod perform;
pub(crate) mod photos;
pub(crate) mod print;
mod printable;
pub(crate) mod queue;
pub(crate) mod receive;
pub(crate) mod reveal;
pub(crate) mod rulings;
#[cfg(test)]
mod same;
pub(crate) mod sheet;
pub(crate) mod show;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod twice;
pub(crate) mod twins;
#[cfg(test)]
mod waiting;
pub(crate) mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::{Site, limit};

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/intake", post(receive::start))
        .route("/intake/{draft}", get(receive::get).post(receive::act))
        .route("/intake/{draft}/more", get(receive::more))
        .route("/intake/{draft}/autosave", post(receive::autosave))
        .route("/intake/{draft}/papers/{paper}", get(print::of_draft))
        .route("/drafts", get(drafts::list))
        .route("/crossed", get(crossed::list))
        .route("/cases/{case}", get(show::get))
        .route("/cases/{case}/reveal", get(reveal::ask).post(reveal::show))
        .route("/cases/{case}/acts/{act}", get(perform::ask).post(perform::perform))
        .route("/cases/{case}/papers/{paper}", get(print::of_case))
        .route("/photos/{case}", get(photos::get).post(photos::add::add).layer(files()))
        .route("/photos/{case}/list", get(photos::add::list))
        .route("/photos/{case}/phone", post(photos::phone::turn))
        .route("/photos/{case}/{photo}", get(photos::look::get).post(photos::look::act))
        .route("/photos/{case}/{photo}/small", get(photos::look::small))
        .route("/photos/{case}/{photo}/full", get(photos::look::full))
        .route("/clashes", get(clash::list))
        .route("/clashes/{case}", get(clash::get).post(clash::rule))
        .route("/twins", get(twins::list))
        .route("/twins/{case}/{other}", get(twins::get).post(twins::settle))
        .route("/owed", get(owed::list))
        .route("/hand-over", get(sheet::ask).post(sheet::register))
        .route("/hand-over/print", get(sheet::print))
        .route("/queue", get(queue::list))
        .route("/queue/{case}", get(queue::get))
}

/// The page that a phone's code opens; residents' phones reach the same address.
pub(crate) fn phone_routes() -> Router<Site> {
    Router::new().route("/p/{token}", get(photos::phone::get).post(photos::phone::add).layer(files()))
}

/// Photos are larger than forms.
pub(crate) fn files() -> DefaultBodyLimit {
    DefaultBodyLimit::max(limit::FILES_BYTES_MAX)
}
