//! 疑似重复件: `GET /twins` lists pairs of cases of one person and item, `/twins/{case}/{other}` shows the two side by side
//! and takes a person's word: two requests, or one, of which one case ends. Nothing is decided by itself.

use app::ActError;
use app::cases::{CaseId, CaseView, Settle, Twin};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::case::twin::Ending;

use super::perform::once;
use super::show::{Names, Opened, id};
use super::words;
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::{Part, Query};
use crate::shell::session::{Act, Clerk};
use crate::view::{Choice, Desk, Field, Gap, Said, Segments};
use crate::{Site, limit, page};

/// Another case that may be this one once more, as a case's page says it.
pub(crate) struct TwinLine {
    pub(crate) text: String,
    pub(crate) href: String,
}

/// What a case's page says.
///
/// # Errors
/// When the disk says no.
pub(crate) fn lines(node: &app::Node, opened: &Opened) -> Result<Vec<TwinLine>, Fault> {
    let line = |twin: &Twin| {
        let on = twin.on.map(words::day).unwrap_or_default();
        let (number, stage) = (words::tail(&twin.line.number), twin.line.stage.label());
        TwinLine {
            text: format!(
                "疑似重复件：同一个人同一件事，{}还有一件（{number}，{on}收件，{stage}）。",
                place(&opened.names, twin.line.station)
            ),
            href: format!("/twins/{}/{}", opened.hex, twin.line.id.hex()),
        }
    };
    Ok(node.twins_of(&opened.view)?.iter().map(line).collect())
}

fn place(names: &Names, station: u16) -> String {
    names.get(&station).cloned().unwrap_or_else(|| format!("{station} 站"))
}

#[derive(Template)]
#[template(path = "cases/twins.html")]
struct TwinsPage {
    desk: Desk,
    count: u64,
    cards: Vec<Card>,
    more: Option<String>,
    said: Option<Said>,
    one: Option<Pair>,
}

/// A pair in the list.
struct Card {
    who: String,
    item: String,
    note: String,
    href: String,
    on: bool,
}

/// The pair that is to be settled.
struct Pair {
    who: String,
    item: String,
    action: String,
    once: String,
    sides: Vec<Side>,
    picked: String,
    ending: Segments,
    reason: Field,
    gaps: Vec<Gap>,
}

/// One of the two.
struct Side {
    value: String,
    key: usize,
    number: String,
    href: String,
    facts: Vec<(&'static str, String)>,
}

/// Which page, and what was just done.
#[derive(serde::Deserialize, Default)]
pub(crate) struct Where {
    #[serde(default)]
    after: String,
    #[serde(default)]
    done: String,
}

/// Names of the form's fields.
const CHOICE: &str = "choice";
const ENDING: &str = "ending";
/// The choice that the two are two.
const APART: &str = "apart";

/// `GET /twins`.
pub(crate) async fn list(
    State(site): State<Site>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    page::show(&built(&site, &clerk, place, None, None).await?)
}

/// `GET /twins/{case}/{other}`.
pub(crate) async fn get(
    State(site): State<Site>,
    Part((case, other)): Part<(String, String)>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let pair = (id(&case)?, id(&other)?);
    page::show(&built(&site, &clerk, Where::default(), Some(pair), None).await?)
}

/// `POST /twins/{case}/{other}`.
pub(crate) async fn settle(
    State(site): State<Site>,
    Part((case, other)): Part<(String, String)>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let pair = (id(&case)?, id(&other)?);
    let (who, typed) = (clerk.who.clone(), fields.clone());
    let form = once(&clerk, &format!("{case}/{other}"), "twins", &fields);
    let done = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            node.settle_twins(&who, pair, said(&typed, pair)?, typed.get("reason"))
        })
        .await?;
    match done {
        Ok(_) => Ok(Redirect::to("/twins?done=settled").into_response()),
        Err(ActError::Refused(refusal)) => {
            let over = refusal.fields.is_empty();
            note_refused(if over { "act refused" } else { "fields" }, &refusal.fields);
            let shown = built(&site, &clerk, Where::default(), Some(pair), Some((&fields, &refusal))).await?;
            let status = if over { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok((status, page::show(&shown)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// What the form says.
fn said(fields: &Fields, pair: (CaseId, CaseId)) -> Result<Settle, Refusal> {
    let choice = fields.get(CHOICE);
    if choice == APART {
        return Ok(Settle::Apart);
    }
    let keep = [pair.0, pair.1].into_iter().find(|id| id.hex() == choice);
    let keep = keep.ok_or_else(|| Refusal::field(CHOICE, "怎么定", "还没选，请看过两件以后选一个。"))?;
    let ending = match fields.get(ENDING) {
        "withdrawn" => Ending::Withdrawn,
        "returned" => Ending::Returned,
        "over" => Ending::Over,
        _ => {
            let words = "还没选另一件怎么了结，请选撤回或退件。";
            return Err(Refusal::field(ENDING, "另一件怎么了结", words));
        }
    };
    Ok(Settle::Same { keep, ending })
}

async fn built(
    site: &Site,
    clerk: &Clerk,
    place: Where,
    chosen: Option<(CaseId, CaseId)>,
    again: Option<(&Fields, &Refusal)>,
) -> Result<TwinsPage, Fault> {
    let after = (!place.after.is_empty()).then(|| place.after.clone());
    let names = frame::station_names(site.node());
    let (pairs, next, count, found) = site
        .ask(move |node| {
            let (pairs, next) = node.twin_pairs(after.as_deref(), limit::ROWS_PER_PAGE)?;
            let first = pairs.first().map(|[one, other]| (one.line.id, other.line.id));
            let found = chosen.or(first).map(|(one, other)| node.twin_pair(one, other)).transpose()?;
            Ok::<_, ActError>((pairs, next, node.twin_count()?, found))
        })
        .await??;
    let on = found.as_ref().map(|([one, other], _)| [one.0.id, other.0.id]);
    let card = |[one, other]: &[Twin; 2]| Card {
        who: one.line.name.clone(),
        item: one.line.item.clone(),
        note: [one, other].map(|twin| self::place(&names, twin.line.station)).join("、"),
        href: format!("/twins/{}/{}", one.line.id.hex(), other.line.id.hex()),
        on: on.is_some_and(|on| on.contains(&one.line.id) && on.contains(&other.line.id)),
    };
    let open = found.as_ref().is_none_or(|(_, open)| *open);
    let said = match (place.done.as_str(), again, open) {
        ("settled", ..) => {
            Some(Said { kind: "green", text: "已定下，两件的办理过程里都写了。".to_owned() })
        }
        (_, Some((_, refusal)), _) if refusal.fields.is_empty() => {
            Some(Said { kind: "amber", text: refusal.message.clone() })
        }
        (_, _, false) => Some(Said {
            kind: "",
            text: "这两件已经核对过了，或者有一件已经撤回、退件，不用再定。".to_owned(),
        }),
        _ => None,
    };
    let pair = found.filter(|(_, open)| *open).map(|(pair, _)| Pair::of(&pair, &names, again));
    Ok(TwinsPage {
        desk: frame::desk(site, clerk, Place::Clashes),
        count,
        cards: pairs.iter().map(card).collect(),
        more: next.map(|next| format!("/twins?after={next}")),
        said,
        one: pair.map(|pair| Pair { once: site.fresh_form(), ..pair }),
    })
}

impl Pair {
    fn of(pair: &[(CaseView, Twin); 2], names: &Names, again: Option<(&Fields, &Refusal)>) -> Self {
        let was = |name: &str| again.map_or("", |(fields, _)| fields.get(name)).to_owned();
        let wrong = |name: &str| again.and_then(|(_, refusal)| refusal.fields.of(name)).map(str::to_owned);
        let gaps = again.iter().flat_map(|(_, refusal)| refusal.fields.iter());
        let [one, other] = pair;
        let mut endings = vec![Choice::new("withdrawn", "申请人同意撤回"), Choice::new("returned", "退件")];
        if pair.iter().any(|(_, twin)| twin.over) {
            endings.push(Choice::new("over", "已办结，按理由另行处理"));
        }
        Self {
            who: words::who(&one.0.case.filing),
            item: one.1.line.item.clone(),
            action: format!("/twins/{}/{}", one.0.id.hex(), other.0.id.hex()),
            once: String::new(),
            sides: pair.iter().enumerate().map(|(place, side)| Side::of(place, side, names)).collect(),
            picked: was(CHOICE),
            ending: Segments::new(ENDING, "另一件怎么了结", was(ENDING), endings).error(wrong(ENDING)),
            reason: Field::area("reason", "理由", was("reason"))
                .hint("必填，写进两件的办理过程，两个站和镇中心都看得到")
                .error(wrong("reason")),
            gaps: gaps
                .map(|error| Gap { target: error.field.clone(), text: error.message.clone() })
                .collect(),
        }
    }
}

impl Side {
    fn of(place: usize, (view, twin): &(CaseView, Twin), names: &Names) -> Self {
        let line = &twin.line;
        let filing = &view.case.filing;
        let facts = vec![
            (
                "收件",
                format!(
                    "{}　{}",
                    twin.on.map(words::full_day).unwrap_or_default(),
                    self::place(names, line.station)
                ),
            ),
            ("首问负责", twin.clerk.clone()),
            ("情形", line.scenario.clone()),
            ("申请人", format!("{}　{}", filing.shown_name(), filing.shown_number())),
            ("状态", words::stage(line.stage, view.version.as_ref()).to_owned()),
            ("走到", words::where_line(line)),
        ];
        Self {
            value: view.id.hex(),
            key: place + 1,
            number: line.number.clone(),
            href: format!("/cases/{}", view.id.hex()),
            facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        }
    }
}
