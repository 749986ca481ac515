//! 演练: a box beside this one to practise on (docs/decisions/0014). `GET` and `POST /drill` on the real box open and empty
//! it. The face of the practice box itself says on every page what it is, and does not take what is set up and not
//! practised: see [`closed`], and `shell::drill_mark`.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::Method;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;

use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::session::{Act, Clerk};
use crate::view::Desk;
use crate::{Site, page};

/// The practice box as whoever assembles the program starts and empties it. Every method may block on the disk.
pub trait Drill: Send + Sync {
    /// Where it stands.
    fn state(&self) -> DrillState;
    /// Opens it; when it is open, nothing happens.
    ///
    /// # Errors
    /// Why not, for the person and for the log.
    fn start(&self) -> Result<(), DrillFault>;
    /// Ends it and destroys everything that was practised.
    ///
    /// # Errors
    /// Why not, for the person and for the log.
    fn empty(&self) -> Result<(), DrillFault>;
}

/// Where the practice box stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrillState {
    /// There is none.
    Empty,
    /// Its pages are at `home`, such as `http://127.0.0.1:8602/`, and so many cases and drafts were practised on.
    Open {
        /// With its scheme and the last slash.
        home: String,
        /// Cases and drafts.
        practised: usize,
    },
    /// It is there and does not open.
    Broken,
}

/// Why the practice box did not open or was not emptied.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{log}")]
pub struct DrillFault {
    /// For the person.
    pub words: String,
    /// For the log.
    pub log: String,
}

impl From<DrillFault> for Fault {
    fn from(fault: DrillFault) -> Self {
        Self::Unavailable { words: fault.words, log: fault.log }
    }
}

/// What a practice box does not take: what is set up for real, for everybody, is not practised, and nothing is carried out
/// of the house.
const CLOSED: [&str; 11] = [
    "/authorities",
    "/calendar",
    "/catalogue",
    "/courier",
    "/demo",
    "/drill",
    "/packages",
    "/password",
    "/staff",
    "/trip",
    "/trips",
];
/// What it shows and does not change.
const READ_ONLY: [&str; 5] =
    ["/archive/terms", "/registers/norms", "/registers/settings", "/registers/windows", "/transcribe/forms"];

/// Whether a practice box refuses a request.
pub(crate) fn closed(method: &Method, path: &str) -> bool {
    let under =
        |root: &&str| path.strip_prefix(*root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    CLOSED.iter().any(under) || (method == Method::POST && READ_ONLY.iter().any(under))
}

#[derive(Template)]
#[template(path = "drill.html")]
struct DrillPage {
    desk: Desk,
    /// Its address; empty while there is none.
    home: String,
    practised: usize,
    broken: bool,
}

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/drill", get(show).post(act))
}

async fn show(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let drills = site.drills().ok_or(Fault::NotFound)?;
    let state = site.ask(move |_node| drills.state()).await?;
    let mut shown = DrillPage {
        desk: frame::desk(&site, &clerk, Place::Drill),
        home: String::new(),
        practised: 0,
        broken: state == DrillState::Broken,
    };
    if let DrillState::Open { home, practised } = state {
        (shown.home, shown.practised) = (home, practised);
    }
    page::show(&shown)
}

async fn act(State(site): State<Site>, act: Act) -> Result<Response, Fault> {
    let drills = site.drills().ok_or(Fault::NotFound)?;
    let empty = match act.fields.get("drill") {
        "start" => false,
        "empty" => true,
        _ => return Err(Fault::BadForm),
    };
    tracing::info!(empty, staff = act.clerk.who.staff, "practice box");
    site.ask(move |_node| if empty { drills.empty() } else { drills.start() }).await??;
    Ok(Redirect::to("/drill").into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails when what is set up for real can be changed from a practice box, or an act of a case cannot be practised.
    #[test]
    fn what_is_set_up_is_closed_and_what_is_practised_is_not() {
        for path in
            ["/catalogue", "/catalogue/new", "/trip/", "/trip/start", "/trips", "/password", "/demo/link"]
        {
            assert!(closed(&Method::GET, path) && closed(&Method::POST, path), "{path}");
        }
        assert!(
            closed(&Method::POST, "/registers/windows/set") && !closed(&Method::GET, "/registers/windows")
        );
        for path in
            ["/", "/intake", "/cases/zzz/acts/accept", "/registers/round/new", "/tripsy", "/catalogues"]
        {
            assert!(!closed(&Method::POST, path), "{path}");
        }
    }
}
