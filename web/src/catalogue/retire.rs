//! `GET` and `POST /catalogue/{code}/retire`.

use app::ActError;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;

use super::start::AskPage;
use super::{date, gaps, once, only_centre};
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk};
use crate::view::{Field, Said};
use crate::{Site, page};

fn built(
    site: &Site,
    clerk: &Clerk,
    code: &str,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<AskPage, Fault> {
    let reference = site.node().reference();
    let item = reference.catalogue.item(code).ok_or(Fault::NotFound)?;
    let name = item.versions.last().map(|last| last.name.clone()).unwrap_or_default();
    let error = |name: &str| refusal.and_then(|refusal| refusal.fields.of(name)).map(str::to_owned);
    let day = if typed.has("from") { typed.get("from").to_owned() } else { site.node().today().to_string() };
    let warn = "从这一天起，各站收不到这个事项的新件；已经收的照旧办完。要再开，起草新版发布就行。";
    Ok(AskPage {
        desk: frame::desk(site, clerk, Place::Catalogue),
        title: format!("停用：{name}"),
        lead: String::new(),
        warn: Some(Said { kind: "amber", text: warn.to_owned() }),
        gaps: refusal.map(gaps).unwrap_or_default(),
        fields: vec![
            Field::text("from", "停用日期", day).hint("这一天就不能收了").max(20).error(error("from")),
            Field::area("why", "停用原因", typed.get("why")).max(300).error(error("why")),
        ],
        ticks: Vec::new(),
        hidden: Vec::new(),
        action: format!("/catalogue/{code}/retire"),
        once: site.fresh_form(),
        button: "停用",
        danger: true,
        back: (format!("/catalogue/{code}"), "回这个事项"),
    })
}

/// Asks.
pub(crate) async fn ask(
    State(site): State<Site>,
    Part(code): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    page::show(&built(&site, &clerk, &code, &Fields::default(), None)?)
}

/// Does it.
pub(crate) async fn retire(
    State(site): State<Site>,
    Part(code): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let (who, asked, typed) = (clerk.who.clone(), code.clone(), fields.clone());
    let form = once(&clerk, &code, "retire", &fields);
    let done = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            node.retire_item(&who, &asked, date(typed.get("from")), typed.get("why"))
        })
        .await?;
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/catalogue/{code}?done=retired")).into_response()),
        Err(ActError::Refused(refusal)) => {
            note_refused("retire item", &refusal.fields);
            let shown = page::show(&built(&site, &clerk, &code, &fields, Some(&refusal))?)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
