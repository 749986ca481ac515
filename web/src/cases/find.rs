//! `POST /find`: the one search field. Never a GET: what is typed may be the end of an id number, and addresses are
//! written to logs and histories.

use app::cases::CaseLine;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::frame::{self, Place};
use crate::items::{Area, areas};
use crate::shell::fault::Fault;
use crate::shell::session::Act;
use crate::view::Desk;
use crate::{Site, limit, page};

/// What was found, and everything else that could be meant.
#[derive(Template)]
#[template(path = "items/list.html")]
pub(crate) struct FoundPage {
    pub(crate) desk: Desk,
    pub(crate) query: String,
    pub(crate) items: Vec<String>,
    pub(crate) cases: Vec<Hit>,
    pub(crate) areas: Vec<Area>,
}

/// A case that was found.
pub(crate) struct Hit {
    pub(crate) href: String,
    pub(crate) text: String,
    pub(crate) note: String,
}

fn hit(line: &CaseLine) -> Hit {
    Hit {
        href: format!("/cases/{}", line.id.hex()),
        text: format!("{}　{}", line.name, line.item),
        note: format!("{} · {}", line.stage.label(), line.number),
    }
}

/// One item: its intake begins. One case: its page. Otherwise a list.
pub(crate) async fn find(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    let query: String = fields.get("q").chars().take(limit::QUERY_CHARS_MAX).collect();
    if query.is_empty() {
        return Ok(Redirect::to("/items").into_response());
    }
    let (typed, who) = (query.clone(), clerk.who.clone());
    let found = site
        .ask(move |node| {
            let found = node.find(&typed, limit::ROWS_PER_PAGE)?;
            let draft = match (found.items.as_slice(), found.cases.as_slice()) {
                ([(code, _)], []) => Some(node.start_draft(&who, code)?),
                _ => None,
            };
            let codes: Vec<String> = found.items.iter().map(|(code, _)| code.clone()).collect();
            let shown = areas(node, (!codes.is_empty()).then_some(codes.as_slice()));
            Ok::<_, Fault>((found, draft, shown))
        })
        .await??;
    let (found, draft, areas) = found;
    if let Some(draft) = draft {
        return Ok(Redirect::to(&format!("/intake/{}", draft.hex())).into_response());
    }
    if let ([], [only]) = (found.items.as_slice(), found.cases.as_slice()) {
        return Ok(Redirect::to(&format!("/cases/{}", only.id.hex())).into_response());
    }
    page::show(&FoundPage {
        desk: frame::desk(&site, &clerk, Place::Items),
        query,
        items: found.items.into_iter().map(|(code, _)| code).collect(),
        cases: found.cases.iter().map(hit).collect(),
        areas,
    })
}
