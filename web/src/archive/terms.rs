//! `/archive/terms`: how long the cases of each item are kept. By 事项类型 until the centre sets it.

use app::ActError;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::case::archive::{TERMS, term};
use model::item::Version;

use crate::frame::{self, Place};
use crate::registers::sheet::{self, Cell, Form, Frame, Part, Sheet, link, text};
use crate::shell::fault::Fault;
use crate::shell::path::Part as Named;
use crate::shell::session::{Act, Clerk};
use crate::view::{Choice, Segments, Tag};
use crate::{Site, page};

/// Every item, and its term.
pub(crate) async fn list(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let node = site.node();
    let (reference, today, centre) = (node.reference(), node.today(), node.is_centre());
    let row = |version: &Version| {
        let name = if centre {
            link(&version.name, format!("/archive/terms/{}", version.code))
        } else {
            text(&version.name)
        };
        let set = reference.office.terms.contains_key(&version.code);
        let by = if set { Tag::new("blue", "镇里设的") } else { Tag::new("", "按事项类型") };
        vec![name, text(&version.kind), text(term(node.keeps_for(version))), Cell::Tag(by)]
    };
    let rows = reference.catalogue.items().filter_map(|item| item.on(today)).map(row).collect();
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Archive),
        title: "保管期限表".to_owned(),
        lead: "从归档的下一年算起。改了以后只管以后归档的。由镇中心设定。".to_owned(),
        up: ("回一件一档", "/archive"),
        parts: vec![Part {
            title: "事项".to_owned(),
            empty: "还没有事项。",
            head: vec!["事项", "事项类型", "保管多久", "谁定的"],
            rows,
            walk: centre,
            ..Part::default()
        }],
        ..Sheet::default()
    })
}

/// The choice of a term.
pub(super) fn choice(label: &str, now: &str) -> Segments {
    let options = TERMS.iter().map(|years| Choice::new(years.to_string(), term(*years))).collect();
    Segments::new("years", label, now, options)
}

fn shown(
    site: &Site,
    clerk: &Clerk,
    version: &Version,
    refusal: Option<&Refusal>,
) -> Result<Response, Fault> {
    let now = site.node().keeps_for(version).to_string();
    let form = Form { choices: vec![choice("保管期限", &now)], ..Form::default() };
    let frame = Frame {
        title: format!("{}的保管期限", version.name),
        button: "存下".to_owned(),
        action: format!("/archive/terms/{}", version.code),
        back: ("回保管期限表".to_owned(), "/archive/terms".to_owned()),
    };
    sheet::ask(site, clerk, frame, form, refusal)
}

fn version(site: &Site, code: &str) -> Result<Version, Fault> {
    let (reference, today) = (site.node().reference(), site.node().today());
    reference.catalogue.current(code, today).cloned().ok_or(Fault::NotFound)
}

/// Asks for one item's.
pub(crate) async fn ask(
    State(site): State<Site>,
    Named(code): Named<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    if !site.node().is_centre() {
        return Err(Fault::NotAllowed("保管期限由镇中心设定，村站不能改。".to_owned()));
    }
    shown(&site, &clerk, &version(&site, &code)?, None)
}

/// Sets it.
pub(crate) async fn set(
    State(site): State<Site>,
    Named(code): Named<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let version = version(&site, &code)?;
    // what is no number is no term
    let years = fields.get("years").parse().unwrap_or(u64::MAX);
    let who = clerk.who.clone();
    match site.ask(move |node| node.set_term(&who, &code, years)).await? {
        Ok(()) => Ok(Redirect::to("/archive/terms").into_response()),
        Err(ActError::Refused(refusal)) if site.node().is_centre() => {
            shown(&site, &clerk, &version, Some(&refusal))
        }
        Err(error) => Err(error.into()),
    }
}
