//! `GET` and `POST /cases/{case}/reveal`: one masked value in full, with a reason. The value stands in the answer to the
//! form and nowhere else: not in an address, not in a log, not in a page that can be opened again.

use app::ActError;
use app::cases::{CaseId, Why, revealable};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use model::Refusal;
use model::case::facts;
use model::item::Version;

use super::show::{Opened, id};
use super::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk};
use crate::view::{Choice, Desk, Field, Gap, Segments};
use crate::{Site, page};

/// The page.
#[derive(Template)]
#[template(path = "cases/reveal.html")]
pub(crate) struct RevealPage {
    desk: Desk,
    number: String,
    who: String,
    item: String,
    back: String,
    action: String,
    gaps: Vec<Gap>,
    what: Field,
    why: Segments,
    /// Which field, and its value.
    shown: Option<(String, String)>,
}

/// What a field is called on this item's form.
pub(crate) fn label(name: &str, version: Option<&Version>) -> String {
    let form = name.strip_prefix("0/form.").zip(version);
    let field = form.and_then(|(rest, version)| {
        let (id, holder) = rest.strip_suffix(".holder").map_or((rest, ""), |id| (id, "的户名"));
        let found = version.form.iter().find(|field| field.id == id)?;
        Some(format!("{}{holder}", found.label))
    });
    let whose = match name.split_once('/').map(|(person, _)| person) {
        Some("0" | "1") | None => String::new(),
        Some(_) => "家庭成员".to_owned(),
    };
    field.unwrap_or_else(|| format!("{whose}{}", facts::label(name)))
}

async fn built(
    site: &Site,
    clerk: &Clerk,
    id: CaseId,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<RevealPage, Fault> {
    let opened = site.ask(move |node| Opened::read(node, id)).await??;
    let told = opened.told();
    let typed = |name: &str| typed.map_or("", |fields| fields.get(name)).to_owned();
    let wrong = |name: &str| refusal.and_then(|refusal| refusal.fields.of(name)).map(str::to_owned);
    let names = revealable(&told.case.filing);
    let options = names.iter().map(|name| Choice::new(name.as_str(), label(name, told.version)));
    let options = std::iter::once(Choice::new("", "请选")).chain(options).collect();
    let whys = Why::ALL.iter().map(|why| Choice::new(why.code(), why.label())).collect();
    let gap = |error: &model::FieldError| Gap { target: error.field.clone(), text: error.message.clone() };
    Ok(RevealPage {
        desk: frame::desk(site, clerk, Place::Cases),
        number: told.case.number().unwrap_or("草稿").to_owned(),
        who: words::who(&told.case.filing),
        item: told.item(),
        back: format!("/cases/{}", opened.hex),
        action: format!("/cases/{}/reveal", opened.hex),
        gaps: refusal.iter().flat_map(|refusal| refusal.fields.iter()).map(gap).collect(),
        what: Field::select("what", "看哪一项", typed("what"), options).width("full").error(wrong("what")),
        why: Segments::new("why", "为什么要看", typed("why"), whys).error(wrong("why")),
        shown: None,
    })
}

/// Asks which and why.
pub(crate) async fn ask(
    State(site): State<Site>,
    Part(case): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    page::show(&built(&site, &clerk, id(&case)?, None, None).await?)
}

/// Writes it down, then shows it once.
pub(crate) async fn show(
    State(site): State<Site>,
    Part(case): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let id = id(&case)?;
    let (who, what, why) = (clerk.who.clone(), fields.get("what").to_owned(), Why::parse(fields.get("why")));
    let done = site
        .ask(move |node| {
            let none = || Refusal::field("why", "为什么要看", "还没选为什么要看，请选一项。");
            node.reveal(&who, id, &what, why.ok_or_else(none)?)
        })
        .await?;
    match done {
        Ok(value) => {
            let mut page = built(&site, &clerk, id, None, None).await?;
            let name = fields.get("what");
            let called = page.what.options.iter().find(|choice| choice.value == name);
            page.shown = called.map(|choice| (choice.text.clone(), value.value().to_owned()));
            page::show(&page)
        }
        Err(ActError::Refused(refusal)) => {
            let page = built(&site, &clerk, id, Some(&fields), Some(&refusal)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&page)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
