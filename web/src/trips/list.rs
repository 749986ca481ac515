//! `/trips`: the tablets that are out, what they brought back and nobody has finished, and what to do when one is lost.

use app::trips::{Trip, TripId};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::cases::{drafts, words};
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::Query;
use crate::shell::session::{Act, Clerk};
use crate::view::{Desk, Said};
use crate::workbench::Draft;
use crate::{Site, limit, page};

#[derive(Template)]
#[template(path = "trips/list.html")]
struct TripsPage {
    desk: Desk,
    said: Option<Said>,
    out: Vec<Out>,
    drafts: Vec<Draft>,
    /// How many drafts there are in all.
    count: usize,
}

/// A tablet that is out.
struct Out {
    id: String,
    who: String,
    note: String,
}

/// What was done before.
#[derive(serde::Deserialize)]
pub(crate) struct Done {
    #[serde(default)]
    done: String,
}

fn out(trip: &Trip) -> Out {
    Out {
        id: trip.id.hex(),
        who: trip.name.clone(),
        note: format!(
            "{}出门，带了 {} 个事项，已经送回 {} 件",
            words::moment(trip.wall),
            trip.items,
            trip.brought
        ),
    }
}

/// `GET /trips`.
pub(crate) async fn list(
    State(site): State<Site>,
    Query(place): Query<Done>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let desk = frame::desk(&site, &clerk, Place::Trips);
    let (trips, (lines, count)) =
        site.ask(move |node| Ok::<_, Fault>((node.trips()?, node.brought(limit::ROWS_PER_PAGE)?))).await??;
    let said = (place.done == "lost").then(|| Said {
        kind: "amber",
        text: "已作废：盒子里这台平板的钥匙销毁了。没有口令的人打不开它；没送回的要上门重填。".to_owned(),
    });
    let today = site.node().today();
    let drafts = lines.iter().map(|line| drafts::line(line, today)).collect();
    page::show(&TripsPage { desk, said, out: trips.iter().map(out).collect(), drafts, count })
}

/// `POST /trips`: a tablet is lost.
pub(crate) async fn lost(State(site): State<Site>, act: Act) -> Result<Response, Fault> {
    let id = TripId::parse(act.fields.get("lost")).ok_or(Fault::NotFound)?;
    site.ask(move |node| node.end_trip(&act.clerk.who, id, true)).await??;
    Ok(Redirect::to("/trips?done=lost").into_response())
}
