//! A package is published and retired as an item is: the page asks for a day and a reason.

use app::ActError;
use app::authoring::Publishing;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::{FieldErrors, Refusal};

use super::super::start::AskPage;
use super::super::{date, gaps, once, only_centre};
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk};
use crate::view::Field;
use crate::{Site, page};

/// A page that asks for a day and a reason.
fn asking(
    site: &Site,
    clerk: &Clerk,
    (code, name): (&str, &str),
    what: &Asking,
    (fields, refusal): (&Fields, Option<&Refusal>),
) -> AskPage {
    let error = |name: &str| refusal.and_then(|refusal| refusal.fields.of(name)).map(str::to_owned);
    let day = match fields.get(what.day.0) {
        "" => site.node().today().to_string(),
        typed => typed.to_owned(),
    };
    AskPage {
        desk: frame::desk(site, clerk, Place::Catalogue),
        title: format!("{}：{name}", what.title),
        lead: what.lead.to_owned(),
        warn: None,
        gaps: refusal.map(gaps).unwrap_or_default(),
        fields: vec![
            Field::text(what.day.0, what.day.1, day).hint("2026-01-05").max(20).error(error(what.day.0)),
            Field::area(what.why.0, what.why.1, fields.get(what.why.0)).max(300).error(error(what.why.0)),
        ],
        ticks: Vec::new(),
        hidden: Vec::new(),
        action: format!("/packages/{code}/{}", what.path),
        once: site.fresh_form(),
        button: what.title,
        danger: what.danger,
        back: (format!("/packages/{code}"), "回这个套餐"),
    }
}

/// What such a page is for.
struct Asking {
    title: &'static str,
    path: &'static str,
    lead: &'static str,
    day: (&'static str, &'static str),
    why: (&'static str, &'static str),
    danger: bool,
}

const PUBLISH: Asking = Asking {
    title: "发布",
    path: "publish",
    lead: "发布以后，各站同步到就能按套餐收件。",
    day: ("effective", "生效日期"),
    why: ("note", "发布说明"),
    danger: false,
};

const RETIRE: Asking = Asking {
    title: "停用",
    path: "retire",
    lead: "停用以后不再按套餐收件，里面的事项照样能单独办，已经收的件照常办。",
    day: ("from", "停用日期"),
    why: ("why", "停用原因"),
    danger: true,
};

async fn name_of(site: &Site, code: &str, drafted: bool) -> Result<String, Fault> {
    if drafted {
        let asked = code.to_owned();
        let draft = site.ask(move |node| node.package_draft(&asked)).await??;
        return draft.map(|draft| draft.package.name).ok_or(Fault::NotFound);
    }
    let reference = site.node().reference();
    reference.packages.newest(code).map(|newest| newest.name.clone()).ok_or(Fault::NotFound)
}

/// `GET /packages/{code}/publish`.
pub(crate) async fn ask_publish(
    State(site): State<Site>,
    Part(code): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let name = name_of(&site, &code, true).await?;
    page::show(&asking(&site, &clerk, (&code, &name), &PUBLISH, (&Fields::default(), None)))
}

/// `POST /packages/{code}/publish`.
pub(crate) async fn publish(
    State(site): State<Site>,
    Part(code): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let (who, asked, form) = (clerk.who.clone(), code.clone(), once(&clerk, &code, "publish", &fields));
    let said = Publishing {
        effective: date(fields.get("effective")),
        note: fields.get("note").to_owned(),
        ..Publishing::default()
    };
    let done = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            node.publish_package(&who, &asked, said).map(drop)
        })
        .await?;
    answered(&site, &clerk, &code, &fields, (&PUBLISH, "published"), done).await
}

/// `GET /packages/{code}/retire`.
pub(crate) async fn ask_retire(
    State(site): State<Site>,
    Part(code): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let name = name_of(&site, &code, false).await?;
    page::show(&asking(&site, &clerk, (&code, &name), &RETIRE, (&Fields::default(), None)))
}

/// `POST /packages/{code}/retire`.
pub(crate) async fn retire(
    State(site): State<Site>,
    Part(code): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let (who, asked, form) = (clerk.who.clone(), code.clone(), once(&clerk, &code, "retire", &fields));
    let (from, why) = (date(fields.get("from")), fields.get("why").to_owned());
    let done = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            node.retire_package(&who, &asked, from, &why)
        })
        .await?;
    answered(&site, &clerk, &code, &fields, (&RETIRE, "retired"), done).await
}

async fn answered(
    site: &Site,
    clerk: &Clerk,
    code: &str,
    fields: &Fields,
    (what, done): (&Asking, &str),
    outcome: Result<(), ActError>,
) -> Result<Response, Fault> {
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/packages/{code}?done={done}")).into_response()),
        Err(ActError::Refused(refusal)) => {
            note_refused("package", &refusal.fields);
            let name = name_of(site, code, !what.danger).await?;
            let shown =
                page::show(&asking(site, clerk, (code, &name), what, (fields, Some(&away(&refusal)))))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// What does not fit is mended on the draft's own page: no field of this one is named for it.
fn away(refusal: &Refusal) -> Refusal {
    let mut fields = FieldErrors::default();
    for error in refusal.fields.iter() {
        let here = matches!(error.field.as_str(), "effective" | "note" | "from" | "why");
        fields.add(if here { error.field.as_str() } else { "" }, error.label.clone(), error.message.clone());
    }
    Refusal { message: refusal.message.clone(), fields }
}
