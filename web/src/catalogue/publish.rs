//! `GET` and `POST /catalogue/{code}/publish`: what the checks say, what changed, from when, and why.

use app::ActError;
use app::authoring::{ItemDraft, Publishing};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::catalogue::check::{Finding, Severity, check};
use model::item::table::compare;

use super::{compare as page_compare, date, edit, gaps, once, only_centre};
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk};
use crate::view::{Desk, Field, Gap};
use crate::{Site, limit, page};

#[derive(Template)]
#[template(path = "catalogue/publish.html")]
struct PublishPage {
    desk: Desk,
    code: String,
    item: String,
    gaps: Vec<Gap>,
    stops: Vec<Finding>,
    warns: Vec<Finding>,
    lines: Vec<page_compare::Line>,
    more_lines: usize,
    lead: String,
    fields: Vec<Field>,
    despite: bool,
    why: Field,
    once: String,
}

fn built(
    site: &Site,
    clerk: &Clerk,
    code: &str,
    draft: &ItemDraft,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> PublishPage {
    let (reference, today) = (site.node().reference(), site.node().today());
    let newest = reference.catalogue.item(code).and_then(|item| item.versions.last());
    // what is found is on the page anyway
    let refusal = refusal.filter(|refusal| refusal.fields.iter().any(|error| !error.field.is_empty()));
    let error = |name: &str| refusal.and_then(|refusal| refusal.fields.of(name)).map(str::to_owned);
    let (stops, warns) =
        check(&draft.version).into_iter().partition(|finding| finding.severity == Severity::Refuse);
    let mut lines = newest
        .map(|newest| page_compare::lines(code, compare(newest, &draft.version), false))
        .unwrap_or_default();
    let number = newest.map_or(1, |newest| newest.version + 1);
    let lead = match newest {
        None => "新事项，发布后是第 1 版。".to_owned(),
        Some(_) => format!(
            "发布后是第 {number} 版，和第 {} 版比改了 {} 处。已经收的件照收件时的版本办。",
            number - 1,
            lines.len()
        ),
    };
    let more_lines = lines.len().saturating_sub(limit::CHANGES_SHOWN);
    lines.truncate(limit::CHANGES_SHOWN);
    let day = if typed.has("effective") { typed.get("effective").to_owned() } else { today.to_string() };
    PublishPage {
        desk: frame::desk(site, clerk, Place::Catalogue),
        code: code.to_owned(),
        item: draft.version.name.clone(),
        gaps: refusal.map(gaps).unwrap_or_default(),
        stops,
        warns,
        lines,
        more_lines,
        lead,
        fields: vec![
            Field::text("effective", "生效日期", day)
                .hint("今天或以后；以后的先显示“待生效”")
                .max(20)
                .error(error("effective")),
            Field::area("note", "发布说明", typed.get("note"))
                .hint("改了什么、为什么")
                .max(300)
                .error(error("note")),
        ],
        despite: typed.has("despite"),
        why: Field::area("why", "仍要发布的原因", typed.get("why"))
            .max(300)
            .error(error("why").or_else(|| error("despite"))),
        once: site.fresh_form(),
    }
}

/// Asks.
pub(crate) async fn ask(
    State(site): State<Site>,
    Part(code): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let draft = edit::draft(&site, &code).await?;
    page::show(&built(&site, &clerk, &code, &draft, &Fields::default(), None))
}

/// Publishes.
pub(crate) async fn publish(
    State(site): State<Site>,
    Part(code): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let said = Publishing {
        effective: date(fields.get("effective")),
        note: fields.get("note").to_owned(),
        despite: fields.has("despite"),
        why: fields.get("why").to_owned(),
    };
    let (who, asked, form) = (clerk.who.clone(), code.clone(), once(&clerk, &code, "publish", &fields));
    let done = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            node.publish_item_draft(&who, &asked, said)
        })
        .await?;
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/catalogue/{code}?done=published")).into_response()),
        Err(ActError::Refused(refusal)) => {
            note_refused("publish item", &refusal.fields);
            let draft = edit::draft(&site, &code).await?;
            let shown = page::show(&built(&site, &clerk, &code, &draft, &fields, Some(&refusal)))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
