//! `GET /items` and `GET /items/{code}`: what residents may ask for, and its guide.

#[cfg(test)]
mod tests;

use app::Node;
use app::matters::Asked;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use model::item::{Scenario, Version};

use crate::cases::find::{FoundPage, packages};
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::Part;
use crate::shell::session::Clerk;
use crate::view::{Desk, Said, Tag};
use crate::{Site, page};

/// Items of one field.
pub(crate) struct Area {
    pub(crate) name: String,
    pub(crate) items: Vec<Line>,
}

/// An item in the list.
pub(crate) struct Line {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) tags: Vec<Tag>,
}

#[derive(Template)]
#[template(path = "items/guide.html")]
struct GuidePage {
    desk: Desk,
    item: Version,
    tags: Vec<Tag>,
    standing: Said,
    facts: Vec<(&'static str, String)>,
    /// Questions asked about it.
    asked: Asked,
}

/// Items in force by field; only those named, in the order named, where names are given.
pub(crate) fn areas(node: &Node, only: Option<&[String]>) -> Vec<Area> {
    let (reference, today, here) = (node.reference(), node.today(), node.station().0);
    let line = |version: &Version| {
        let standing = reference.standing(version, here, today);
        let mut tags = vec![Tag::new("blue", standing.way.label())];
        tags.extend(version.deciding_step().map(|step| Tag::new("", format!("{}决定", step.body))));
        Line { code: version.code.clone(), name: version.name.clone(), tags }
    };
    if let Some(codes) = only {
        let found = codes.iter().filter_map(|code| reference.catalogue.current(code, today));
        return vec![Area { name: "事项".to_owned(), items: found.map(line).collect() }];
    }
    let mut areas: Vec<Area> = Vec::new();
    for version in reference.catalogue.items().filter_map(|item| item.on(today)) {
        match areas.iter_mut().find(|area| area.name == version.area) {
            Some(area) => area.items.push(line(version)),
            None => areas.push(Area { name: version.area.clone(), items: vec![line(version)] }),
        }
    }
    areas
}

/// The whole list.
pub(crate) async fn list(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let (areas, packages) = site.ask(|node| (areas(node, None), packages(node, None, false))).await?;
    page::show(&FoundPage {
        desk: frame::desk(&site, &clerk, Place::Items),
        query: String::new(),
        sure: false,
        near: false,
        elsewhere: "",
        items: areas.iter().flat_map(|area| area.items.iter().map(|item| item.code.clone())).collect(),
        cases: Vec::new(),
        packages,
        areas,
    })
}

/// The conditions; one that holds in some situations only names them.
fn conditions(item: &Version) -> String {
    let told = item.guide.conditions.iter().map(|text| {
        let asks = |scenario: &&Scenario| item.rules_for(&scenario.id).any(|rule| rule.text == *text);
        let names: Vec<&str> = item.scenarios.iter().filter(asks).map(|one| one.name.as_str()).collect();
        if names.is_empty() || names.len() == item.scenarios.len() {
            text.clone()
        } else {
            format!("{text}（{}）", names.join("、"))
        }
    });
    told.collect::<Vec<_>>().join("；")
}

/// One item's guide.
pub(crate) async fn guide(
    State(site): State<Site>,
    Part(code): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let node = site.node();
    let (reference, today) = (node.reference(), node.today());
    let item = reference.catalogue.current(&code, today).ok_or(Fault::NotFound)?.clone();
    let standing = reference.standing(&item, node.station().0, today);
    let guide = &item.guide;
    let facts = vec![
        ("事项类型", item.kind.clone()),
        ("设定依据", guide.basis.clone()),
        ("办理主体", item.decided_by.clone()),
        ("法定时限", item.legal_words()),
        ("承诺时限", item.promised_words()),
        ("受理条件", conditions(&item)),
        ("收费", item.fee.words.clone()),
        ("办理地点", guide.place.clone()),
        ("办理时间", guide.hours.clone()),
        ("咨询", guide.consult.clone()),
        ("监督投诉", guide.complain.clone()),
        ("结果", item.results.iter().map(|result| result.name.clone()).collect::<Vec<_>>().join("、")),
    ];
    let asked = site.ask(move |node| node.questions(&code)).await??;
    let tags = vec![Tag::new("blue", standing.way.label()), Tag::new("", item.pace.label())];
    let kind = if standing.fell_back { "amber" } else { "" };
    let shown = GuidePage {
        desk: frame::desk(&site, &clerk, Place::Items),
        standing: Said { kind, text: standing.why },
        facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        item,
        tags,
        asked,
    };
    page::show(&shown)
}
