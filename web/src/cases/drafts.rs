//! `GET /drafts`: every unfinished intake of this box, the last touched first.

use app::cases::DraftLine;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use model::Date;

use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::Query;
use crate::shell::session::Clerk;
use crate::view::Desk;
use crate::workbench::Draft;
use crate::{Site, limit, page};

#[derive(Template)]
#[template(path = "cases/drafts.html")]
struct DraftsPage {
    desk: Desk,
    drafts: Vec<Draft>,
    more: Option<String>,
}

/// Where in the list.
#[derive(serde::Deserialize)]
pub(crate) struct Where {
    #[serde(default)]
    after: String,
}

/// A draft as lists show it.
pub(crate) fn line(line: &DraftLine, today: Date) -> Draft {
    let text =
        if line.name.is_empty() { line.item.clone() } else { format!("{} · {}", line.item, line.name) };
    let left = if line.gaps == 0 { "可以受理".to_owned() } else { format!("差 {} 处", line.gaps) };
    // of today the hour tells it, of an older one the day
    let when = line.touched.map(|wall| match words::day_of(wall) {
        Some(day) if day != today => words::day(day),
        _ => words::clock_time(wall),
    });
    let note = when.map_or_else(|| left.clone(), |when| format!("{left} · {when}"));
    let page = if line.together { "together" } else { "intake" };
    Draft { text, note, away: line.away, href: format!("/{page}/{}", line.id.hex()) }
}

/// The list.
pub(crate) async fn list(
    State(site): State<Site>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let after = (!place.after.is_empty()).then_some(place.after);
    let (lines, next) =
        site.ask(move |node| node.drafts_after(after.as_deref(), limit::ROWS_PER_PAGE)).await??;
    let today = site.node().today();
    page::show(&DraftsPage {
        desk: frame::desk(&site, &clerk, Place::Drafts),
        drafts: lines.iter().map(|one| line(one, today)).collect(),
        more: next.map(|next| format!("/drafts?after={next}")),
    })
}
