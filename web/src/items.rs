//! `GET /items` and `GET /items/{code}`: what residents may ask for, and its guide.

mod guide;
#[cfg(test)]
mod tests;

use app::Node;
use axum::extract::State;
use axum::response::Response;
use model::item::Version;

use crate::cases::find::{FoundPage, packages};
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::session::Clerk;
use crate::view::Tag;
use crate::{Site, page};

pub(crate) use guide::guide;

/// Items of one field.
pub(crate) struct Area {
    pub(crate) name: String,
    pub(crate) items: Vec<Line>,
}

impl Area {
    /// All of it came as samples: said once, at its head.
    pub(crate) fn is_sample(&self) -> bool {
        self.items.iter().all(|item| item.sample)
    }
}

/// An item in the list.
pub(crate) struct Line {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) tags: Vec<Tag>,
    pub(crate) sample: bool,
}

/// Items in force by field; only those named, in the order named, where names are given.
pub(crate) fn areas(node: &Node, only: Option<&[String]>) -> Vec<Area> {
    let (reference, today, here) = (node.reference(), node.today(), node.station().0);
    let line = |version: &Version| {
        let standing = reference.standing(version, here, today);
        let mut tags = vec![Tag::new("blue", standing.way.label())];
        tags.extend(version.deciding_step().map(|step| Tag::new("", format!("{}决定", step.body))));
        Line { code: version.code.clone(), name: version.name.clone(), tags, sample: version.sample }
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
