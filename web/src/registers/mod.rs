//! 台账: what is registered and is no case, and what a station keeps beside its cases. One file per register or page; the plain
//! pages they share are in `sheet`.

mod behalf;
mod clerks;
mod deed;
mod due;
mod entry;
mod form;
mod list;
mod norms;
mod overview;
mod perform;
mod photos;
mod settings;
pub(crate) mod sheet;
mod show;
#[cfg(test)]
mod tests;
mod told;
mod windows;

use app::matters::MatterId;
use axum::Router;
use axum::routing::get;

use crate::Site;
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::session::Clerk;
pub(crate) use clerks::{b_post, stand_in};
pub(crate) use overview::{Waiting, waiting};

pub(crate) fn routes() -> Router<Site> {
    let files = crate::cases::files();
    Router::new()
        .route("/registers", get(overview::get))
        .route("/registers/behalf", get(behalf::list).post(behalf::begin))
        .route("/registers/clerks", get(clerks::list))
        .route("/registers/clerks/{clerk}", get(clerks::one))
        .route("/registers/due", get(due::list).post(due::take))
        .route("/registers/due/import", get(due::ask).post(due::import))
        .route("/registers/entry", get(entry::list))
        .route("/registers/late", get(clerks::late).post(clerks::account))
        .route("/registers/matters/{matter}", get(show::get).post(show::account))
        .route("/registers/matters/{matter}/acts/{act}", get(perform::ask).post(perform::perform))
        .route("/registers/matters/{matter}/photos", get(photos::again).post(photos::add).layer(files))
        .route("/registers/matters/{matter}/photos/{photo}", get(photos::full))
        .route("/registers/matters/{matter}/photos/{photo}/small", get(photos::small))
        .route("/registers/norms", get(norms::list))
        .route("/registers/norms/new", get(norms::ask).post(norms::publish))
        .route("/registers/norms/{norm}", get(norms::one).post(norms::sign))
        .route("/registers/settings", get(settings::ask).post(settings::set))
        .route("/registers/windows", get(windows::list))
        .route("/registers/windows/away", get(windows::ask_away).post(windows::set_away))
        .route("/registers/windows/set", get(windows::ask).post(windows::set))
        .route("/registers/{sort}", get(list::get))
        .route("/registers/{sort}/new", get(form::ask).post(form::open))
}

fn id(text: &str) -> Result<MatterId, Fault> {
    MatterId::parse(text).ok_or(Fault::NotFound)
}

/// This box as the form that was sent sees it: sending it twice is one act.
fn once(node: &app::Node, clerk: &Clerk, about: &str, fields: &Fields) -> app::Node {
    crate::cases::perform::once(clerk, about, "registers", fields)
        .map_or_else(|| node.clone(), |(form, content)| node.once(form, content))
}
