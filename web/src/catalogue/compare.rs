//! `GET /catalogue/{code}/compare`: two versions side by side, or the draft beside a version; only what changed.

use app::authoring::ItemDraft;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use model::item::table::{Difference, Table, compare};
use model::item::{Item, Version};

use super::item::draft_of;
use super::only_centre;
use super::sections::Section;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::{Part, Query};
use crate::shell::session::Clerk;
use crate::view::{Choice, Desk, Field};
use crate::{Site, page};

/// Which two.
#[derive(serde::Deserialize)]
pub(crate) struct Pair {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
}

/// One field that differs, as the page shows it.
pub(super) struct Line {
    pub(super) place: String,
    pub(super) column: &'static str,
    pub(super) old: String,
    pub(super) new: String,
    /// `came`, `went`, or empty.
    pub(super) kind: &'static str,
    /// Where it is edited; empty where no draft is shown.
    pub(super) href: String,
}

#[derive(Template)]
#[template(path = "catalogue/compare.html")]
struct ComparePage {
    desk: Desk,
    code: String,
    item: String,
    picks: Vec<Field>,
    heads: (String, String),
    lines: Vec<Line>,
    draft: bool,
}

/// The draft's own name in addresses.
const DRAFT: &str = "draft";

pub(super) fn lines(code: &str, found: Vec<Difference>, draft: bool) -> Vec<Line> {
    let line = |one: Difference| {
        let section = Section::of(one.table, one.part);
        let name = section.map_or("", |section| section.name);
        let place = if one.table == Table::Item { name.to_owned() } else { format!("{name}：{}", one.row) };
        let kind = match (&one.old, &one.new) {
            (None, _) => "came",
            (_, None) => "went",
            (Some(_), Some(_)) => "",
        };
        let href = section.filter(|_| draft).map(|section| format!("/catalogue/{code}/edit/{}", section.key));
        Line {
            place,
            column: one.column,
            old: one.old.unwrap_or_default(),
            new: one.new.unwrap_or_default(),
            kind,
            href: href.unwrap_or_default(),
        }
    };
    found.into_iter().map(line).collect()
}

fn picked<'v>(text: &str, item: Option<&'v Item>, draft: Option<&'v ItemDraft>) -> Option<&'v Version> {
    if text == DRAFT {
        return draft.map(|draft| &draft.version);
    }
    item?.version(text.parse().ok()?)
}

/// The page. Without a choice: the draft beside the newest version, or the two newest.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(code): Part<String>,
    Query(pair): Query<Pair>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let asked = code.clone();
    let draft = site.ask(move |node| draft_of(node, &asked)).await??;
    let reference = site.node().reference();
    let item = reference.catalogue.item(&code);
    let numbers: Vec<String> = item
        .iter()
        .flat_map(|item| item.versions.iter().rev().map(|version| version.version.to_string()))
        .collect();
    let mut all: Vec<String> = draft.iter().map(|_| DRAFT.to_owned()).collect();
    all.extend(numbers);
    if all.is_empty() {
        return Err(Fault::NotFound);
    }
    let pick = |typed: String, place: usize| {
        if all.contains(&typed) { typed } else { all.get(place).or(all.last()).cloned().unwrap_or_default() }
    };
    let (new, old) = (pick(pair.new, 0), pick(pair.old, 1));
    let (Some(newer), Some(older)) = (picked(&new, item, draft.as_ref()), picked(&old, item, draft.as_ref()))
    else {
        return Err(Fault::NotFound);
    };
    let name = |text: &str| if text == DRAFT { "草稿".to_owned() } else { format!("第 {text} 版") };
    let options = || all.iter().map(|one| Choice::new(one.clone(), name(one))).collect::<Vec<_>>();
    let shows_draft = new == DRAFT;
    page::show(&ComparePage {
        desk: frame::desk(&site, &clerk, Place::Catalogue),
        item: newer.name.clone(),
        picks: vec![
            Field::select("old", "原来", old.clone(), options()),
            Field::select("new", "现在", new.clone(), options()),
        ],
        heads: (name(&old), name(&new)),
        lines: lines(&code, compare(older, newer), shows_draft),
        draft: shows_draft,
        code,
    })
}
