//! `GET /registers/{sort}`: one register.

use app::matters::Which;
use axum::extract::State;
use axum::response::Response;
use model::matter::Sort;

use super::sheet::{Door, Part, Sheet, UP};
use super::told;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::{Part as Named, Query};
use crate::shell::session::Clerk;
use crate::{Site, limit, page};

/// Which list, and where in it.
#[derive(serde::Deserialize)]
pub(crate) struct Where {
    #[serde(default)]
    list: String,
    #[serde(default)]
    after: String,
}

/// Sorts that have a list of their own here.
pub(super) fn listed(slug: &str) -> Result<Sort, Fault> {
    Sort::parse(slug).filter(|sort| !matches!(sort, Sort::Norm | Sort::Behalf)).ok_or(Fault::NotFound)
}

/// The words on the button that writes one down.
pub(super) fn new_label(sort: Sort) -> &'static str {
    match sort {
        Sort::Consult => "登记咨询",
        Sort::Stuck => "登记办不成事",
        Sort::Account => "登记责任追究",
        Sort::Round => "登记巡查",
        Sort::Transfer => "登记通办",
        Sort::Due => "加一个人",
        Sort::Rating => "登记差评",
        Sort::Norm | Sort::Behalf => "登记",
    }
}

/// The doors of a register: write one down, open ones, all.
pub(super) fn doors(sort: Sort, all: bool) -> Vec<Door> {
    let path = format!("/registers/{}", sort.slug());
    let mut doors = Vec::new();
    if sort != Sort::Account {
        doors.push(Door::new_one(new_label(sort), format!("{path}/new")));
    }
    doors.push(Door { now: !all, ..Door::to("没办完的", path.as_str()) });
    doors.push(Door { now: all, ..Door::to("全部", format!("{path}?list=all")) });
    doors
}

/// Draws it.
pub(crate) async fn get(
    State(site): State<Site>,
    Named(slug): Named<String>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let sort = listed(&slug)?;
    let all = place.list == "all";
    let desk = frame::desk(&site, &clerk, Place::Registers);
    let part = site.ask(move |node| part(node, sort, all, &place.after)).await??;
    let lead = match sort {
        Sort::Account => "不对外公开。由人从“超期办件”“办不成事”或“差评”里登记，当事人说明，别的负责人认定。",
        Sort::Stuck => "到期不会自动办结，超期的请人上报督办。",
        Sort::Rating => "件件有回复，件件有整改，缺一样不能办结。谁评的不要写。",
        Sort::Consult | Sort::Round | Sort::Transfer | Sort::Due | Sort::Norm | Sort::Behalf => "",
    };
    page::show(&Sheet {
        desk,
        title: sort.label().to_owned(),
        lead: lead.to_owned(),
        up: UP,
        doors: doors(sort, all),
        parts: vec![part],
        ..Sheet::default()
    })
}

/// One page of a register.
pub(super) fn part(node: &app::Node, sort: Sort, all: bool, after: &str) -> Result<Part, Fault> {
    let which = if all { Which::All } else { Which::Open };
    let after = (!after.is_empty()).then_some(after);
    let listing = node.matters(sort, which, after, limit::ROWS_PER_PAGE)?;
    let counts = node.matter_counts(sort)?;
    let (reference, today, names) = (node.reference(), node.today(), frame::station_names(node));
    let more = |next| {
        let list = if all { "all" } else { "open" };
        ("再看后面的", format!("/registers/{}?list={list}&after={next}", sort.slug()))
    };
    let rows = listing.lines.iter().map(|line| told::row(line, today, &reference.calendar, &names));
    Ok(Part {
        title: if all { "全部" } else { "没办完的" }.to_owned(),
        note: format!("没办完 {}，超期 {}，一共 {}", counts.open, counts.overdue, counts.all),
        empty: "没有要办的。",
        head: told::HEAD.to_vec(),
        rows: rows.collect(),
        more: listing.next.map(more),
        walk: true,
        ..Part::default()
    })
}
