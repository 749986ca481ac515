//! `GET /bulk/{act}`: the cases that could have the act, to be ticked.

use app::Node;
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{Bulk, MOST, Ready, ready};
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::{Part, Query};
use crate::shell::session::Clerk;
use crate::view::{Desk, Gap, Light};
use crate::{Site, page};

/// The list as shown.
#[derive(Template)]
#[template(path = "bulk/pick.html")]
pub(super) struct PickPage {
    desk: Desk,
    title: &'static str,
    lead: &'static str,
    action: String,
    gaps: Vec<Gap>,
    rows: Vec<Row>,
    more: Option<String>,
}

/// A case in it.
pub(super) struct Row {
    pub(super) value: String,
    pub(super) light: Light,
    pub(super) who: String,
    pub(super) item: String,
    pub(super) about: String,
    pub(super) station: String,
    pub(super) number: String,
    pub(super) href: String,
    pub(super) alone: String,
    pub(super) on: bool,
}

/// Where in the list.
#[derive(serde::Deserialize)]
pub(crate) struct Where {
    #[serde(default)]
    after: String,
}

/// Shows it.
pub(super) async fn list(
    State(site): State<Site>,
    Part(code): Part<String>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let bulk = Bulk::parse(&code, site.node())?;
    let after = (!place.after.is_empty()).then_some(place.after);
    page::show(&built(&site, &clerk, bulk, after, None).await?)
}

/// The list, with what was wrong about the choice.
pub(super) async fn built(
    site: &Site,
    clerk: &Clerk,
    bulk: Bulk,
    after: Option<String>,
    wrong: Option<&'static str>,
) -> Result<PickPage, Fault> {
    let (found, next) = site.ask(move |node| read(node, bulk, after.as_deref())).await??;
    let names = frame::station_names(site.node());
    let place = |station: u16| names.get(&station).cloned().unwrap_or_else(|| format!("{station} 站"));
    let rows = found.iter().map(|one| row(one, place(one.line.station))).collect();
    let target = || "case".to_owned();
    Ok(PickPage {
        desk: frame::desk(site, clerk, Place::Cases),
        title: bulk.title(),
        lead: bulk.lead(),
        action: format!("/bulk/{}", bulk.code()),
        gaps: wrong.map(|text| Gap { target: target(), text: text.to_owned() }).into_iter().collect(),
        rows,
        more: next.map(|next| format!("/bulk/{}?after={next}", bulk.code())),
    })
}

pub(super) fn row(one: &Ready, station: String) -> Row {
    Row {
        value: one.line.id.hex(),
        light: words::line_light(&one.line),
        who: one.line.name.clone(),
        item: one.line.item.clone(),
        about: one.about.clone(),
        station,
        number: words::tail(&one.line.number),
        href: format!("/cases/{}", one.line.id.hex()),
        alone: one.alone.clone(),
        on: one.alone.is_empty(),
    }
}

fn read(node: &Node, bulk: Bulk, after: Option<&str>) -> Result<(Vec<Ready>, Option<String>), Fault> {
    let listing = node.cases(bulk.filter(), after, MOST)?;
    let mut found = Vec::new();
    for line in listing.lines {
        found.extend(ready(node, bulk, line.id)?);
    }
    Ok((found, listing.next))
}
