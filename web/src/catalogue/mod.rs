//! 事项管理 at the centre: drafts, comparison, publishing, retiring, history, and the written powers (受理权限).

mod compare;
mod controls;
mod edit;
mod export;
mod history;
pub(crate) mod import;
mod item;
mod list;
mod packages;
mod powers;
mod publish;
mod retire;
mod rows;
mod sections;
mod start;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::Site;
use crate::limit::FILES_BYTES_MAX;
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::session::Clerk;
use crate::view::Gap;

pub(crate) fn routes() -> Router<Site> {
    let files = DefaultBodyLimit::max(FILES_BYTES_MAX);
    Router::new()
        .route("/catalogue", get(list::get))
        .route("/catalogue/new", get(start::ask).post(start::begin))
        .route("/catalogue/export", get(export::get))
        .route("/catalogue/import", get(import::ask).post(import::take).layer(files))
        .route("/catalogue/import/{job}", get(import::get).post(import::land))
        .route("/catalogue/import/{job}/state", get(import::state))
        .route("/catalogue/import/{job}/errors", get(import::errors))
        .route("/catalogue/{code}", get(item::get))
        .route("/catalogue/{code}/draft", post(item::draft))
        .route("/catalogue/{code}/edit/{section}", get(edit::get).post(edit::save))
        .route("/catalogue/{code}/edit/{section}/{row}", get(rows::get).post(rows::save))
        .route("/catalogue/{code}/compare", get(compare::get))
        .route("/catalogue/{code}/publish", get(publish::ask).post(publish::publish))
        .route("/catalogue/{code}/retire", get(retire::ask).post(retire::retire))
        .route("/catalogue/{code}/history", get(history::get))
        .route("/packages", get(packages::list).post(packages::begin))
        .route("/packages/{code}", get(packages::get).post(packages::act))
        .route("/packages/{code}/publish", get(packages::ends::ask_publish).post(packages::ends::publish))
        .route("/packages/{code}/retire", get(packages::ends::ask_retire).post(packages::ends::retire))
        .route("/authorities", get(powers::list))
        .route("/authorities/new", get(powers::ask).post(powers::register))
        .route("/authorities/end", get(powers::ask_end).post(powers::end))
}

/// These pages are the centre's.
fn only_centre(site: &Site) -> Result<(), Fault> {
    if site.node().is_centre() {
        return Ok(());
    }
    Err(Fault::NotAllowed("事项、套餐和受理权限由镇中心管，村站只能看办事指南。".to_owned()))
}

/// What makes a form act once: its random number, and what it asks for.
fn once(clerk: &Clerk, what: &str, act: &str, fields: &Fields) -> Option<([u8; 16], [u8; 16])> {
    crate::cases::perform::once(clerk, what, act, fields)
}

/// The summary of a refusal: fields, or the one reason.
fn gaps(refusal: &model::Refusal) -> Vec<Gap> {
    if refusal.fields.is_empty() {
        return vec![Gap { target: String::new(), text: refusal.message.clone() }];
    }
    let gap = |error: &model::FieldError| Gap { target: error.field.clone(), text: error.message.clone() };
    refusal.fields.iter().map(gap).collect()
}

/// A date as typed: 2026-01-05, 2026/1/5, 2026年1月5日. None where it is none.
fn date(text: &str) -> Option<model::Date> {
    model::item::table::Kind::Date.clean(text).ok()?.parse().ok()
}
