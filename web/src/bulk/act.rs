//! `POST /bulk/{act}`: the summary first, then the act, case by case, each with its own answer.

use std::collections::BTreeMap;

use app::cases::{CaseId, FORM, Saved};
use app::{ActError, Node, Who};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use model::case::first_review::FirstReview;
use model::case::notice::EndNotice;

use super::pick::{Row, built, row};
use super::{Bulk, MOST, ready};
use crate::cases::perform;
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk};
use crate::view::{Desk, Field, Gap};
use crate::{Site, page};

/// What will be done, to be looked at.
#[derive(Template)]
#[template(path = "bulk/sum.html")]
struct SumPage {
    desk: Desk,
    title: &'static str,
    action: String,
    once: String,
    /// Item and how many of it.
    kinds: Vec<(String, usize)>,
    rows: Vec<Row>,
    dropped: Option<String>,
    fields: Vec<Field>,
    gaps: Vec<Gap>,
}

/// What came of it.
#[derive(Template)]
#[template(path = "bulk/done.html")]
struct DonePage {
    desk: Desk,
    title: &'static str,
    action: String,
    good: String,
    bad: Option<String>,
    results: Vec<Outcome>,
}

/// One case's answer.
struct Outcome {
    who: String,
    number: String,
    href: String,
    good: bool,
    text: String,
}

/// The summary, or the act.
pub(super) async fn act(
    State(site): State<Site>,
    Part(code): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let bulk = Bulk::parse(&code, site.node())?;
    let chosen: Vec<CaseId> = fields
        .pairs()
        .filter(|(name, _)| *name == "case")
        .filter_map(|(_, hex)| CaseId::parse(hex))
        .collect();
    if chosen.is_empty() || chosen.len() > MOST {
        let wrong = if chosen.is_empty() {
            "还没选办件，请先打勾。"
        } else {
            "一次最多 50 件，请分两次办。"
        };
        let list = built(&site, &clerk, bulk, None, Some(wrong)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&list)?).into_response());
    }
    let gaps = missing(bulk, &fields);
    if fields.get("do") == "act" && gaps.is_empty() {
        return done(&site, &clerk, bulk, chosen, fields).await;
    }
    let told = fields.get("do") == "act";
    sum(&site, &clerk, bulk, chosen, &fields, if told { gaps } else { Vec::new() }).await
}

/// What one list for many needs, and has not got.
fn missing(bulk: Bulk, fields: &Fields) -> Vec<(&'static str, &'static str)> {
    let needed = [
        ("list", "还没填花名册，没有花名册就写交接单号。"),
        ("receiver", "还没填接收人，请写明交给哪个单位的谁。"),
    ];
    needed.into_iter().filter(|(name, _)| bulk == Bulk::Review && fields.get(name).is_empty()).collect()
}

async fn sum(
    site: &Site,
    clerk: &Clerk,
    bulk: Bulk,
    chosen: Vec<CaseId>,
    fields: &Fields,
    gaps: Vec<(&'static str, &'static str)>,
) -> Result<Response, Fault> {
    let all = chosen.len();
    let found = site
        .ask(move |node| {
            let mut found = Vec::new();
            for id in chosen {
                found.extend(ready(node, bulk, id)?);
            }
            Ok::<_, Fault>(found)
        })
        .await??;
    let names = frame::station_names(site.node());
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for one in &found {
        *kinds.entry(one.line.item.clone()).or_default() += 1;
    }
    let place = |station: u16| names.get(&station).cloned().unwrap_or_else(|| format!("{station} 站"));
    let wrong = |name: &str| gaps.iter().find(|(of, _)| *of == name).map(|(_, text)| (*text).to_owned());
    let typed = |name: &str, otherwise: &str| {
        if fields.has(name) { fields.get(name).to_owned() } else { otherwise.to_owned() }
    };
    let shown = match bulk {
        Bulk::Notices => Vec::new(),
        Bulk::Review => vec![
            Field {
                rows: 2,
                ..Field::area(
                    "opinion",
                    "初审意见",
                    typed("opinion", "经审查，材料齐全，符合规定，同意上报。"),
                )
            },
            Field::text("list", "花名册或批次", typed("list", ""))
                .hint("这些办件共用一份")
                .width("full")
                .error(wrong("list")),
            Field::text("receiver", "接收人", typed("receiver", ""))
                .hint("哪个单位，谁收的")
                .width("full")
                .error(wrong("receiver")),
        ],
    };
    let status = if gaps.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    if !gaps.is_empty() {
        note_refused("fields", &model::FieldErrors::default());
    }
    let sum = SumPage {
        desk: frame::desk(site, clerk, Place::Cases),
        title: bulk.title(),
        action: format!("/bulk/{}", bulk.code()),
        once: site.fresh_form(),
        kinds: kinds.into_iter().collect(),
        rows: found.iter().map(|one| row(one, place(one.line.station))).collect(),
        dropped: (all > found.len())
            .then(|| format!("选的里面有 {} 件现在不能办，已经去掉。", all - found.len())),
        fields: shown,
        gaps: gaps
            .iter()
            .map(|(target, text)| Gap { target: (*target).to_owned(), text: (*text).to_owned() })
            .collect(),
    };
    Ok((status, page::show(&sum)?).into_response())
}

async fn done(
    site: &Site,
    clerk: &Clerk,
    bulk: Bulk,
    chosen: Vec<CaseId>,
    fields: Fields,
) -> Result<Response, Fault> {
    let who = clerk.who.clone();
    let forms: Vec<_> = chosen.iter().map(|id| (*id, form(clerk, bulk, *id, &fields))).collect();
    let results = site
        .ask(move |node| {
            let mut results = Vec::new();
            for (id, form) in forms {
                let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
                let answer = one(&node, &who, bulk, id, &fields);
                results.push(outcome(&node, id, answer)?);
            }
            Ok::<_, Fault>(results)
        })
        .await??;
    let good = results.iter().filter(|result| result.good).count();
    let bad = results.len() - good;
    page::show(&DonePage {
        desk: frame::desk(site, clerk, Place::Cases),
        title: bulk.title(),
        action: format!("/bulk/{}", bulk.code()),
        good: format!("办好 {good} 件，都已存下。"),
        bad: (bad > 0).then(|| format!("{bad} 件没有办，原因在下面，请单独办。")),
        results,
    })
}

/// The form as one case sees it: its own number, so that each is done once and one that failed can be tried again.
fn form(clerk: &Clerk, bulk: Bulk, id: CaseId, fields: &Fields) -> Option<([u8; 16], [u8; 16])> {
    let (number, _) = perform::once(clerk, "bulk", bulk.code(), fields)?;
    let part = |label: &str| {
        let hash = canon::hash(label, |out| {
            out.fixed(&number).fixed(&id.0);
            for (name, value) in fields.pairs().filter(|(name, _)| !matches!(*name, "csrf" | "case" | FORM)) {
                out.str(name).str(value);
            }
            out.str(&clerk.token);
        });
        hash.first_chunk().copied().unwrap_or_default()
    };
    let own = canon::hash("web bulk form", |out| {
        out.fixed(&number).fixed(&id.0);
    });
    Some((own.first_chunk().copied().unwrap_or_default(), part("web bulk content")))
}

fn one(node: &Node, who: &Who, bulk: Bulk, id: CaseId, fields: &Fields) -> Result<Saved, ActError> {
    let text = |name: &str| fields.get(name).to_owned();
    match bulk {
        Bulk::Notices => node.end_notice(who, id, EndNotice::default()),
        Bulk::Review => {
            let (opinion, list, receiver) = (text("opinion"), text("list"), text("receiver"));
            node.first_review(who, id, FirstReview { opinion, list, receiver })
        }
    }
}

fn outcome(node: &Node, id: CaseId, answer: Result<Saved, ActError>) -> Result<Outcome, Fault> {
    let (good, text) = match answer {
        Ok(saved) if saved.before => (true, "刚才已经办好了".to_owned()),
        Ok(_) => (true, "已存下".to_owned()),
        Err(ActError::Refused(refusal)) => (false, format!("没有办：{}", refusal.message)),
        Err(ActError::NotFound) => (false, "没有办：本机没有这件。".to_owned()),
        Err(error) => return Err(error.into()),
    };
    let line = match node.case(id) {
        Ok(view) => node.line(&view),
        // not here, or sealed meanwhile: what was done of the others is told all the same
        Err(ActError::NotFound | ActError::Refused(_)) => {
            let (who, number, href) = ("（找不到）".to_owned(), String::new(), "/".to_owned());
            return Ok(Outcome { who, number, href, good, text });
        }
        Err(error) => return Err(error.into()),
    };
    let who = format!("{}　{}", line.name, line.item);
    Ok(Outcome { who, number: line.number, href: format!("/cases/{}", id.hex()), good, text })
}
