//! `/calendar/moved`: whose due day a calendar moved, from when to when.

use app::cases::CaseId;
use app::{ActError, Node};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Date;

use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::session::{Act, Clerk};
use crate::view::Desk;
use crate::{Site, limit, page};

/// The list as shown.
#[derive(Template)]
#[template(path = "clocks/moved.html")]
struct MovedPage {
    desk: Desk,
    total: u64,
    rows: Vec<Row>,
}

struct Row {
    who: String,
    item: String,
    before: String,
    now: String,
    /// The calendar of that year is not published yet.
    provisional: bool,
    number: String,
    href: String,
}

/// 12 件的到期日变了; nothing when none did.
///
/// # Errors
/// When the disk says no.
pub(crate) fn told(node: &Node) -> Result<Option<String>, ActError> {
    let (total, _) = node.moved(0)?;
    Ok((total > 0).then(|| format!("节假日安排变了，{total} 件的到期日跟着变了。")))
}

/// The list.
pub(super) async fn get(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let (total, rows) = site.ask(read).await??;
    page::show(&MovedPage { desk: frame::desk(&site, &clerk, Place::Calendar), total, rows })
}

/// Somebody has seen it.
pub(super) async fn seen(State(site): State<Site>, Act { clerk, .. }: Act) -> Result<Response, Fault> {
    site.ask(move |node| node.moved_seen(&clerk.who)).await??;
    Ok(Redirect::to("/calendar").into_response())
}

fn read(node: &Node) -> Result<(u64, Vec<Row>), ActError> {
    let (total, moved) = node.moved(limit::ROWS_PER_PAGE)?;
    let day = |date: Option<Date>| date.map_or_else(|| "没有".to_owned(), words::full_day);
    let mut rows = Vec::new();
    for one in moved {
        let view = match node.case(one.id) {
            // sealed or gone since: its day moves nothing any more
            Err(ActError::Refused(_) | ActError::NotFound) => continue,
            answer => answer?,
        };
        let line = node.line(&view);
        let due = line.due.filter(|due| Some(due.date) == one.now);
        rows.push(Row {
            who: line.name,
            item: line.item,
            before: day(one.before),
            now: day(one.now),
            provisional: due.is_some_and(|due| due.provisional),
            number: line.number,
            href: href(one.id),
        });
    }
    Ok((total, rows))
}

fn href(id: CaseId) -> String {
    format!("/cases/{}", id.hex())
}
