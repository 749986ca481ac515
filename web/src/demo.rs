//! `GET` and `POST /demo/link`: the demo's switch. Cuts and restores this box's links, and shows who was heard when.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;

use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::session::{Act, Clerk};
use crate::view::Desk;
use crate::{Site, page};

#[derive(Template)]
#[template(path = "demo/link.html")]
struct LinkPage {
    desk: Desk,
    allowed: bool,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    state: &'static str,
    heard: String,
    received: String,
    sent: String,
}

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/demo/link", get(show).post(switch))
}

async fn show(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let node = site.node();
    let links = node.links().filter(|_| site.is_demo()).ok_or(Fault::NotFound)?;
    let rows = links.views().into_iter().map(|view| Row {
        name: frame::station_name(node, view.station),
        state: if view.open { "通" } else { "没通" },
        heard: view.last_heard.map_or_else(|| "没有".to_owned(), words::moment),
        received: bytes(view.bytes.0),
        sent: bytes(view.bytes.1),
    });
    let shown = LinkPage {
        desk: frame::desk(&site, &clerk, Place::Link),
        allowed: links.allowed(),
        rows: rows.collect(),
    };
    page::show(&shown)
}

async fn switch(State(site): State<Site>, act: Act) -> Result<Response, Fault> {
    let links = site.node().links().filter(|_| site.is_demo()).ok_or(Fault::NotFound)?;
    let on = act.fields.get("link") == "restore";
    links.allow(on);
    tracing::info!(on, staff = act.clerk.who.staff, "link switch turned");
    Ok(Redirect::to("/demo/link").into_response())
}

fn bytes(count: u64) -> String {
    if count < 10_240 { format!("{count} 字节") } else { format!("{} KB", count / 1024) }
}
