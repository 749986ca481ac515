//! `GET /catalogue`: every item with its state, by field, filtered.

use std::collections::BTreeMap;

use app::Node;
use app::authoring::DraftLine;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use model::Date;
use model::item::Item;

use super::only_centre;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::Query;
use crate::shell::session::Clerk;
use crate::view::{Choice, Desk, Field, Tag};
use crate::{Site, limit, page};

/// States an item can be looked for by.
pub(super) const STATES: [&str; 4] = ["草稿", "已发布", "待生效", "已停用"];

/// What the list is narrowed to.
#[derive(serde::Deserialize, Clone, Default)]
pub(crate) struct Wanted {
    #[serde(default)]
    state: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: usize,
    #[serde(default)]
    blank: String,
}

impl Wanted {
    /// The workbook without items is asked for.
    pub(super) fn is_blank(&self) -> bool {
        !self.blank.is_empty()
    }
}

/// An item in the list.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) code: String,
    name: String,
    area: String,
    states: Vec<&'static str>,
    tags: Vec<Tag>,
    note: String,
}

#[derive(Template)]
#[template(path = "catalogue/list.html")]
struct ListPage {
    desk: Desk,
    filters: Vec<Field>,
    count: usize,
    areas: Vec<(String, Vec<Line>)>,
    more: Option<String>,
    export: String,
}

/// In which states an item is today, and what the tags say.
pub(super) fn states(
    item: Option<&Item>,
    draft: Option<&DraftLine>,
    today: Date,
) -> (Vec<&'static str>, Vec<Tag>) {
    let (mut states, mut tags) = (Vec::new(), Vec::new());
    let current = item.and_then(|item| item.on(today));
    let last = item.and_then(|item| item.versions.last());
    if let Some(current) = current {
        states.push("已发布");
        tags.push(Tag::new("green", format!("已发布 第 {} 版", current.version)));
        if let Some(end) = current.retired {
            tags.push(Tag::new("amber", format!("{end} 停用")));
        }
    }
    if let Some(last) = last {
        if last.effective > today && last.retired.is_none_or(|end| end > last.effective) {
            states.push("待生效");
            tags.push(Tag::new("blue", format!("待生效 第 {} 版 {}", last.version, last.effective)));
        } else if current.is_none() {
            states.push("已停用");
            tags.push(Tag::new("", "已停用"));
        }
    }
    if let Some(draft) = draft {
        states.push("草稿");
        tags.push(Tag::new("amber", if draft.base == 0 { "草稿 新事项" } else { "草稿" }));
    }
    (states, tags)
}

/// Every item that is wanted, by field and code.
pub(super) fn lines(node: &Node, wanted: &Wanted) -> Result<Vec<Line>, app::ActError> {
    let (reference, today) = (node.reference(), node.today());
    let drafts: BTreeMap<String, DraftLine> =
        node.item_drafts()?.into_iter().map(|draft| (draft.code.clone(), draft)).collect();
    let mut all: Vec<Line> = Vec::new();
    for item in reference.catalogue.items() {
        let Some(last) = item.versions.last() else { continue };
        let shown = item.on(today).unwrap_or(last);
        let (states, tags) = states(Some(item), drafts.get(&item.code), today);
        let note = format!("{} · {}", shown.way.label(), shown.decided_by);
        let (code, name, area) = (item.code.clone(), shown.name.clone(), shown.area.clone());
        all.push(Line { code, name, area, states, tags, note });
    }
    for draft in drafts.into_values().filter(|draft| reference.catalogue.item(&draft.code).is_none()) {
        let (states, tags) = states(None, Some(&draft), today);
        let DraftLine { code, name, area, .. } = draft;
        let area = if area.is_empty() { "还没定领域".to_owned() } else { area };
        all.push(Line { code, name, area, states, tags, note: "还没发布过".to_owned() });
    }
    let found: Vec<&str> = reference
        .catalogue
        .search(&wanted.q, today, usize::MAX)
        .into_iter()
        .map(|hit| hit.version.code.as_str())
        .collect();
    let fits = |line: &Line| {
        let q = wanted.q.trim();
        (wanted.state.is_empty() || line.states.contains(&wanted.state.as_str()))
            && (wanted.area.is_empty() || line.area == wanted.area)
            && (q.is_empty()
                || line.name.contains(q)
                || line.code.eq_ignore_ascii_case(q)
                || found.contains(&line.code.as_str()))
    };
    all.retain(fits);
    all.sort_by(|a, b| (&a.area, &a.code).cmp(&(&b.area, &b.code)));
    Ok(all)
}

fn filters(wanted: &Wanted, areas: Vec<String>) -> Vec<Field> {
    let all = |text: &str| vec![Choice::new("", text)];
    let mut states = all("全部状态");
    states.extend(STATES.map(|state| Choice::new(state, state)));
    let mut fields = all("全部领域");
    fields.extend(areas.into_iter().map(|area| Choice::new(area.clone(), area)));
    vec![
        Field::select("state", "状态", wanted.state.clone(), states),
        Field::select("area", "领域", wanted.area.clone(), fields),
        Field::text("q", "名称、拼音首字母或编码", wanted.q.clone()).max(limit::QUERY_CHARS_MAX),
    ]
}

fn query(wanted: &Wanted, page: Option<usize>) -> String {
    let mut pairs =
        vec![("state", wanted.state.clone()), ("area", wanted.area.clone()), ("q", wanted.q.clone())];
    pairs.extend(page.map(|page| ("page", page.to_string())));
    pairs.retain(|(_, value)| !value.is_empty());
    let mut out = String::new();
    for (name, value) in pairs {
        out.push(if out.is_empty() { '?' } else { '&' });
        out.push_str(name);
        out.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

/// The list.
pub(crate) async fn get(
    State(site): State<Site>,
    Query(wanted): Query<Wanted>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let mut wanted = wanted;
    wanted.q = wanted.q.chars().take(limit::QUERY_CHARS_MAX).collect();
    let asked = wanted.clone();
    let (all, areas) = site
        .ask(move |node| {
            let everything = lines(node, &Wanted::default())?;
            let mut areas: Vec<String> = everything.into_iter().map(|line| line.area).collect();
            areas.dedup();
            Ok::<_, app::ActError>((lines(node, &asked)?, areas))
        })
        .await??;
    let per = limit::ITEMS_PER_PAGE;
    let count = all.len();
    let from = wanted.page.saturating_mul(per);
    let more = (from.saturating_add(per) < count)
        .then(|| format!("/catalogue{}", query(&wanted, Some(wanted.page + 1))));
    let mut grouped: Vec<(String, Vec<Line>)> = Vec::new();
    for line in all.into_iter().skip(from).take(per) {
        match grouped.last_mut().filter(|(area, _)| *area == line.area) {
            Some((_, lines)) => lines.push(line),
            None => grouped.push((line.area.clone(), vec![line])),
        }
    }
    page::show(&ListPage {
        desk: frame::desk(&site, &clerk, Place::Catalogue),
        filters: filters(&wanted, areas),
        count,
        areas: grouped,
        more,
        export: query(&wanted, None),
    })
}
