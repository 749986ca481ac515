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
    /// No case was found, and the first item is the one that was named.
    pub(crate) sure: bool,
    /// Nothing was found as it was typed.
    pub(crate) near: bool,
    /// What was typed is the number of a case that was practised on, or, where one practises, of a real one.
    pub(crate) elsewhere: &'static str,
    pub(crate) items: Vec<String>,
    pub(crate) cases: Vec<Hit>,
    pub(crate) packages: Vec<PackLine>,
    pub(crate) areas: Vec<Area>,
}

/// A case that was found.
pub(crate) struct Hit {
    pub(crate) href: String,
    pub(crate) text: String,
    pub(crate) note: String,
}

/// A package that may be begun.
pub(crate) struct PackLine {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) note: String,
    pub(crate) sample: bool,
    /// It is what was named: its button has the focus.
    pub(crate) sure: bool,
}

impl PackLine {
    /// Whether its button has the focus.
    pub(crate) fn is_sure(&self) -> bool {
        self.sure
    }
}

/// Packages in force, only those named where names are given.
pub(crate) fn packages(node: &app::Node, only: Option<&[String]>, sure: bool) -> Vec<PackLine> {
    let (reference, today) = (node.reference(), node.today());
    let line = |package: &model::catalogue::package::Package| PackLine {
        code: package.code.clone(),
        name: package.name.clone(),
        note: format!("{}，{} 件一起办", package.theme, package.items.len()),
        sample: package.sample,
        sure: false,
    };
    let mut lines: Vec<PackLine> = match only {
        None => reference.packages.offered(today).into_iter().map(line).collect(),
        Some(codes) => {
            codes.iter().filter_map(|code| reference.packages.current(code, today)).map(line).collect()
        }
    };
    if let Some(first) = lines.first_mut() {
        first.sure = sure;
    }
    lines
}

fn hit(line: &CaseLine) -> Hit {
    Hit {
        href: format!("/cases/{}", line.id.hex()),
        text: format!("{}　{}", line.name, line.item),
        note: format!("{} · {}", line.stage.label(), line.number),
    }
}

/// One case: its page. Otherwise a list; where one item is meant, its button has the focus, so that Enter begins. A search
/// by itself never begins anything.
pub(crate) async fn find(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    let query: String = fields.get("q").chars().take(limit::QUERY_CHARS_MAX).collect();
    if query.is_empty() {
        return Ok(Redirect::to("/items").into_response());
    }
    let typed = query.clone();
    let found = site
        .ask(move |node| {
            let found = node.find(&typed, limit::ROWS_PER_PAGE)?;
            let codes: Vec<String> = found.items.iter().map(|(code, _)| code.clone()).collect();
            let named: Vec<String> = found.packages.iter().map(|(code, _)| code.clone()).collect();
            let packages = packages(node, Some(&named), false);
            let shown = areas(node, (!codes.is_empty()).then_some(codes.as_slice()));
            Ok::<_, Fault>((found, (shown, packages)))
        })
        .await??;
    let (found, (areas, mut packages)) = found;
    let sure = found.sure && found.cases.is_empty();
    if let Some(first) = packages.first_mut() {
        first.sure = !sure && found.cases.is_empty() && (found.packages_sure || found.items.is_empty());
    }
    let nothing_but_packages = found.items.is_empty() && !packages.is_empty();
    if let ([], [only]) = (found.items.as_slice(), found.cases.as_slice()) {
        return Ok(Redirect::to(&format!("/cases/{}", only.id.hex())).into_response());
    }
    let elsewhere = match model::number::CaseNumber::parse(&query).map(|number| number.is_drill()) {
        Ok(true) if !site.node().is_drill() => "9999 开头的是演练编号，要到演练里找。",
        Ok(false) if site.node().is_drill() => "这是真的办件的编号，要回真的工作台找。",
        _ => "",
    };
    page::show(&FoundPage {
        desk: frame::desk(&site, &clerk, Place::Items),
        query,
        sure,
        near: found.near,
        elsewhere,
        items: found.items.into_iter().map(|(code, _)| code).collect(),
        cases: found.cases.iter().map(hit).collect(),
        packages,
        areas: if nothing_but_packages { Vec::new() } else { areas },
    })
}
