//! `GET` and `POST /transcribe/{case}`: one case as the outside form, masked until a reason is written down, then whole in the answer
//! to that form and nowhere else. One key copies the next field; the number there, or why there is none, ends it.

use app::cases::{CaseId, FORM, Why};
use app::{ActError, Node};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::outside::{Copied, Mapping, number_end};

use super::photos::names;
use crate::cases::perform::once;
use crate::cases::show::{Opened, id};
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk};
use crate::view::{Choice, Desk, Field, Gap, Segments};
use crate::{Site, page};

/// The page.
#[derive(Template)]
#[template(path = "outside/copy.html")]
struct CopyPage {
    desk: Desk,
    number: String,
    who: String,
    item: String,
    case: String,
    system: String,
    gaps: Vec<Gap>,
    /// Whether the values stand in whole.
    open: bool,
    why: Segments,
    lines: Vec<Row>,
    /// How many of them have a value.
    filled: usize,
    photos: Vec<String>,
    done: Vec<String>,
    once: String,
    fields: Vec<Field>,
}

/// One field of the outside form.
struct Row {
    label: String,
    value: String,
    empty: bool,
}

/// A case with its mapping.
struct Read {
    opened: Opened,
    mapping: Mapping,
}

impl Read {
    fn of(node: &Node, opened: Opened) -> Result<Self, Fault> {
        let back = format!("/cases/{}", opened.hex);
        let Some(version) = opened.view.version.as_ref() else {
            let words = "这个事项的资料还没到本机，等同步后再录。".to_owned();
            return Err(Fault::NotOpen { words, back });
        };
        if opened.view.case.received.is_none() {
            let words = "还没收件，收了件再录到外部系统。".to_owned();
            return Err(Fault::NotOpen { words, back });
        }
        let mapping = node.mapping(version);
        Ok(Self { opened, mapping })
    }

    /// The page; whole when `why` was written down.
    fn page(
        &self,
        site: &Site,
        clerk: &Clerk,
        why: Option<Why>,
        typed: Option<&Fields>,
        refusal: Option<&Refusal>,
    ) -> Result<CopyPage, Fault> {
        let told = self.opened.told();
        let version = told.version.ok_or(Fault::NotFound)?;
        let station = told.place(told.case.station);
        let of = Copied { case: told.case, version, station: &station };
        let lines: Vec<Row> = self
            .mapping
            .lines(&of)
            .into_iter()
            .map(|line| Row {
                empty: line.value.is_empty(),
                value: if why.is_some() { line.value } else { line.masked },
                label: line.label,
            })
            .collect();
        let end = if why.is_some() { number_end(&of) } else { "○○○○".to_owned() };
        let wrong = |name: &str| refusal.and_then(|refusal| refusal.fields.of(name)).map(str::to_owned);
        let was = |name: &str, now: &str| typed.map_or(now, |fields| fields.get(name)).to_owned();
        let whys = Why::ALL.iter().map(|why| Choice::new(why.code(), why.label())).collect();
        let chosen = why.unwrap_or(Why::Transcribe).code();
        let field = |name: &str, label: &str, now: &str| {
            Field::text(name, label, was(name, now)).width("full").error(wrong(name))
        };
        Ok(CopyPage {
            desk: frame::desk(site, clerk, Place::Transcribe),
            number: told.case.number().unwrap_or_default().to_owned(),
            who: words::who(&told.case.filing),
            item: told.item(),
            case: self.opened.hex.clone(),
            system: self.mapping.system.clone(),
            gaps: refusal.map(gaps).unwrap_or_default(),
            open: why.is_some(),
            why: Segments::new("why", "为什么要看", chosen, whys).error(wrong("why")),
            filled: lines.iter().filter(|line| !line.empty).count(),
            lines,
            photos: names(&self.mapping, &of, &end),
            done: told.copies(),
            once: site.fresh_form(),
            fields: vec![
                field("system", "录到哪个系统", &self.mapping.system).max(40),
                field("number", "外部办件编号", "").max(60),
                field("reason", "没有编号的原因", "").hint("有编号就空着").max(100),
            ],
        })
    }
}

fn gaps(refusal: &Refusal) -> Vec<Gap> {
    if refusal.fields.is_empty() {
        return vec![Gap { target: String::new(), text: refusal.message.clone() }];
    }
    let known = |name: &str| ["system", "number", "reason", "why"].contains(&name);
    let gap = |error: &model::FieldError| Gap {
        target: if known(&error.field) { error.field.clone() } else { String::new() },
        text: error.message.clone(),
    };
    refusal.fields.iter().map(gap).collect()
}

impl crate::cases::show::Told<'_> {
    /// Where the case was copied to already: system, number or why there is none, who and when.
    fn copies(&self) -> Vec<String> {
        let cell = |key: &str| self.case.filing.cell(key).unwrap_or("").to_owned();
        let told = self.case.transcribed.iter().map(|done| {
            let number = done.what.number.as_deref().map(cell).filter(|number| !number.is_empty());
            let number = number.map_or_else(
                || format!("没有编号：{}", done.what.reason.as_deref().map(cell).unwrap_or_default()),
                |number| format!("编号 {number}"),
            );
            let stamp = &done.mark.stamp;
            format!("{}，{number}，{} {}", cell(&done.what.system), stamp.name, words::moment(stamp.wall))
        });
        told.collect()
    }
}

/// Shows it masked.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(case): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    page::show(&masked(&site, &clerk, id(&case)?, None, None).await?)
}

async fn masked(
    site: &Site,
    clerk: &Clerk,
    id: CaseId,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<CopyPage, Fault> {
    let read = site.ask(move |node| Read::of(node, Opened::read(node, id)?)).await??;
    read.page(site, clerk, None, typed, refusal)
}

/// `show` writes the reason down and shows everything; `record` registers the number there.
pub(crate) async fn act(
    State(site): State<Site>,
    Part(case): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let id = id(&case)?;
    match fields.get("do") {
        "show" => show(&site, &clerk, id, &fields).await,
        "record" => record(&site, &clerk, id, &case, &fields).await,
        _ => Err(Fault::NotFound),
    }
}

async fn show(site: &Site, clerk: &Clerk, id: CaseId, fields: &Fields) -> Result<Response, Fault> {
    let Some(why) = Why::parse(fields.get("why")) else {
        let refusal = Refusal::field("why", "为什么要看", "还没选为什么要看，请选一项。");
        return refused(site, clerk, id, fields, &refusal).await;
    };
    let who = clerk.who.clone();
    let read = site
        .ask(move |node| {
            let view = node.reveal_for_copy(&who, id, why)?;
            Read::of(node, Opened::of(node, view))
        })
        .await??;
    page::show(&read.page(site, clerk, Some(why), None, None)?)
}

async fn record(
    site: &Site,
    clerk: &Clerk,
    id: CaseId,
    case: &str,
    fields: &Fields,
) -> Result<Response, Fault> {
    let text = |name: &str| fields.get(name).to_owned();
    let (system, number, reason) = (text("system"), text("number"), text("reason"));
    let (who, form) = (clerk.who.clone(), once(clerk, case, "transcribe", fields));
    let done = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            node.transcribed(&who, id, system, number, reason)
        })
        .await?;
    match done {
        Ok(saved) => {
            let code = if saved.before { "again" } else { "recorded" };
            Ok(Redirect::to(&format!("/transcribe?done={code}")).into_response())
        }
        Err(ActError::Refused(refusal)) => {
            let reason = if refusal.fields.of(FORM).is_some() { "form used" } else { "fields" };
            note_refused(reason, &refusal.fields);
            refused(site, clerk, id, fields, &refusal).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn refused(
    site: &Site,
    clerk: &Clerk,
    id: CaseId,
    fields: &Fields,
    refusal: &Refusal,
) -> Result<Response, Fault> {
    let page = masked(site, clerk, id, Some(fields), Some(refusal)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&page)?).into_response())
}
