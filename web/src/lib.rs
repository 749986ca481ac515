//! The pages of a box: what a clerk, a township clerk and a resident see and press in a browser.
//!
//! A page asks [`app`] (a query) and shows what it says; a form becomes one use case of [`app`] and shows its receipt
//! or its refusal, with everything typed still there. The rules of a case live in `model`; this crate never decides
//! one, never touches a store, a key or a link, never reads the clock of the machine, and never asks another host for
//! anything. Every essential act works with scripts off.
//!
//! Start with [`router`], then `cases/` (one file per verb: its handler and its template together), `shell/` (what
//! stands between the wire and a page) and `components/` (the look, one folder each).

#[cfg(test)]
extern crate self as web;

mod archive;
pub mod assets;
#[cfg(test)]
mod browser;
pub(crate) mod bulk;
pub mod cases;
mod catalogue;
mod clocks;
mod courier;
mod demo;
pub mod drill;
mod due;
mod frame;
mod help;
mod items;
pub mod limit;
mod outside;
mod pack;
mod page;
pub mod papers;
pub(crate) mod registers;
mod residents;
mod shell;
pub mod sign_in;
mod site;
mod staff;
mod today;
mod together;
mod trips;
pub mod view;
pub mod workbench;

pub use shell::fault::Fault;
pub use shell::form::Fields;
pub use shell::host::Hosts;
pub use site::Site;

use std::future::Future;
use std::net::SocketAddr;

use axum::extract::DefaultBodyLimit;
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Router, middleware};

/// Every page of a staff face.
pub fn router(site: Site) -> Router {
    let pages = Router::new()
        .route("/assets/{hash}/{name}", get(assets::get))
        .merge(shell::watch::routes())
        .merge(sign_in::routes())
        .route("/", get(workbench::get))
        .route("/find", post(cases::find::find))
        .route("/together", post(together::start))
        .route("/together/{draft}", get(together::get).post(together::act))
        .route("/together/{draft}/autosave", post(together::autosave))
        .route("/together/{draft}/forms", get(together::forms))
        .route("/together/{draft}/more", get(together::more))
        .route("/together/{draft}/notice", get(together::notice))
        .route("/cases/{case}/papers", get(together::all))
        .route("/items", get(items::list))
        .route("/items/{code}", get(items::guide))
        .route("/items/{code}/form", get(cases::print::blank))
        .merge(cases::routes())
        .merge(catalogue::routes())
        .merge(due::routes())
        .merge(help::routes())
        .merge(bulk::routes())
        .merge(outside::routes())
        .merge(archive::routes())
        .merge(clocks::routes())
        .merge(courier::routes())
        .merge(cases::phone_routes())
        .merge(registers::routes())
        .merge(trips::routes())
        .merge(residents::routes())
        .merge(demo::routes())
        .merge(drill::routes())
        .merge(staff::routes())
        .merge(today::routes());
    wrapped(pages, site)
}

/// The pages a phone may see on the station's own network: a resident's progress by number and code, and the page that a
/// clerk's code opens to add photos to one draft; nothing else. Serve
/// it on an address of its own; no staff page and no staff cookie exists there.
pub fn resident_router(site: Site) -> Router {
    let pages = Router::new()
        .route("/", get(async || Redirect::to("/progress")))
        .route("/assets/{hash}/{name}", get(assets::get))
        .merge(cases::phone_routes())
        .merge(residents::routes());
    wrapped(pages, site)
}

/// Puts the shell around pages: whatever is routed, nothing is reached but through it.
fn wrapped(pages: Router<Site>, site: Site) -> Router {
    pages
        .fallback(async || Fault::NotFound)
        .method_not_allowed_fallback(async || Fault::WrongMethod)
        .layer(DefaultBodyLimit::max(limit::SIGN_IN_BYTES_MAX))
        .layer(middleware::from_fn_with_state(site.clone(), shell::guard::guard))
        .with_state(site)
}

/// Serves a face on a listener until `stop` resolves; answers under way are finished first.
///
/// # Errors
/// The listener's own failures.
pub async fn serve(
    listener: tokio::net::TcpListener,
    site: Site,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(site).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
