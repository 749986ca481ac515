//! `GET /catalogue/{code}`: one item, its state, what can be done with it; `POST …/draft` begins or throws away a draft.

use app::authoring::{DraftLine, ItemDraft};
use app::{ActError, Node};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::catalogue::check::{Severity, check};
use model::item::Version;
use model::item::table::compare;

use super::{list, only_centre, sections};
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::{Part, Query};
use crate::shell::session::{Act, Clerk};
use crate::view::{Desk, Said, Tag};
use crate::{Site, page};

#[derive(Template)]
#[template(path = "catalogue/item.html")]
struct ItemPage {
    desk: Desk,
    said: Option<Said>,
    code: String,
    name: String,
    tags: Vec<Tag>,
    /// Sections of the draft: address, name, how much stands there.
    sections: Vec<(String, &'static str, String)>,
    draft: Option<DraftState>,
    /// Published at all.
    published: bool,
    /// May be retired: some version is in force or will be.
    can_retire: bool,
    versions: Vec<(u32, String, String)>,
}

struct DraftState {
    changes: String,
    refuse: usize,
    warn: usize,
}

/// What the last act said.
#[derive(serde::Deserialize)]
pub(crate) struct Done {
    #[serde(default)]
    done: String,
}

fn draft_state(draft: &ItemDraft, newest: Option<&Version>) -> DraftState {
    let found = check(&draft.version);
    let refuse = found.iter().filter(|finding| finding.severity == Severity::Refuse).count();
    let changes = match newest.map(|newest| compare(newest, &draft.version).len()) {
        None => "新事项，还没有发布过的版本。".to_owned(),
        Some(0) => "和最新一版一样，还没改什么。".to_owned(),
        Some(count) => format!("和第 {} 版比，改了 {count} 处。", newest.map_or(0, |newest| newest.version)),
    };
    DraftState { changes, refuse, warn: found.len() - refuse }
}

fn said(done: &str) -> Option<Said> {
    let text = match done {
        "published" => "发布了。通上线的站马上收到，没通线的下次通上就收到。",
        "retired" => "停用登记好了。已经收的件照旧办完。",
        "dropped" => "草稿删掉了，发布过的版本没有动。",
        _ => return None,
    };
    Some(Said { kind: "green", text: text.to_owned() })
}

/// The draft, where there is one.
pub(super) fn draft_of(node: &Node, code: &str) -> Result<Option<ItemDraft>, ActError> {
    match node.item_draft(code) {
        Ok(draft) => Ok(Some(draft)),
        Err(ActError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The page.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(code): Part<String>,
    Query(done): Query<Done>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let asked = code.clone();
    let draft = site.ask(move |node| draft_of(node, &asked)).await??;
    let (reference, today) = (site.node().reference(), site.node().today());
    let item = reference.catalogue.item(&code);
    let newest = item.and_then(|item| item.versions.last());
    let named = newest.or(draft.as_ref().map(|draft| &draft.version)).ok_or(Fault::NotFound)?;
    let line = draft.as_ref().map(|draft| DraftLine {
        code: code.clone(),
        name: draft.version.name.clone(),
        area: draft.version.area.clone(),
        base: draft.base,
    });
    let version = |version: &Version| {
        let end = version.retired.map(|end| format!("，{} 停用", words::full_day(end))).unwrap_or_default();
        (version.version, version.name.clone(), format!("{} 生效{end}", words::full_day(version.effective)))
    };
    let of = |draft: &ItemDraft| {
        let one = |section: sections::Section| {
            (format!("/catalogue/{code}/edit/{}", section.key), section.name, section.note(draft))
        };
        sections::SECTIONS.into_iter().map(one).collect()
    };
    page::show(&ItemPage {
        desk: frame::desk(&site, &clerk, Place::Catalogue),
        said: said(&done.done),
        name: item.and_then(|item| item.on(today)).unwrap_or(named).name.clone(),
        tags: list::states(item, line.as_ref(), today).1,
        sections: draft.as_ref().map(of).unwrap_or_default(),
        draft: draft.as_ref().map(|draft| draft_state(draft, newest)),
        published: newest.is_some(),
        can_retire: newest.is_some_and(|newest| newest.retired.is_none_or(|end| end > today)),
        versions: item.iter().flat_map(|item| item.versions.iter().rev().map(version)).collect(),
        code,
    })
}

/// Begins a draft, or throws it away.
pub(crate) async fn draft(
    State(site): State<Site>,
    Part(code): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let (who, asked, drops) = (clerk.who.clone(), code.clone(), fields.get("do") == "drop");
    if drops {
        site.ask(move |node| node.drop_item_draft(&who, &asked)).await??;
        let known = site.node().reference().catalogue.item(&code).is_some();
        let to = if known { format!("/catalogue/{code}?done=dropped") } else { "/catalogue".to_owned() };
        return Ok(Redirect::to(&to).into_response());
    }
    site.ask(move |node| node.begin_item_draft(&who, &asked)).await??;
    Ok(Redirect::to(&format!("/catalogue/{code}")).into_response())
}
