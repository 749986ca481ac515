//! What two boxes did apart and cannot both stand: `GET /clashes` lists it, `/clashes/{case}` shows one thing at a time
//! with who, where and when, and takes a person's ruling. Nothing is chosen by itself, least of all by time.

mod sides;

use app::ActError;
use app::cases::{Apart, CaseView, Filter};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::case::event::Settlement;
use model::case::pick_conflict::{CHOICE, Choice, OTHER, Pick};
use model::case::{Anomaly, Conflict};
use model::record::OpId;

use super::perform::once;
use super::rulings::Waits;
use super::show::{Opened, id};
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::{Part, Query};
use crate::shell::session::{Act, Clerk};
use crate::view::{Desk, Field, Gap, Said, Truth};
use crate::{Site, limit, page};

/// Both values stand beside each other.
#[derive(Template)]
#[template(path = "cases/clash.html")]
pub(crate) struct ClashPage {
    desk: Desk,
    count: u64,
    cards: Vec<Card>,
    more: Option<String>,
    said: Option<Said>,
    one: Option<One>,
}

/// A case in the list, and whether it is shown.
struct Card {
    waits: Waits,
    on: bool,
}

/// The thing that is to be ruled on.
struct One {
    who: String,
    item: String,
    number: String,
    back: String,
    action: String,
    /// Of the case's several things, which this is; empty when it is the only one.
    nth: String,
    /// Another thing of the same case, or the next case.
    skip: String,
    title: String,
    lead: String,
    /// Names the thing in the form.
    what: String,
    seen: String,
    once: String,
    sides: Vec<Side>,
    /// Whether another value may be written.
    other: Option<Field>,
    picked: String,
    reason: Field,
    gaps: Vec<Gap>,
    /// Nobody can settle it here: why.
    waits: Option<String>,
    /// What stood before both wrote, and since when.
    before: Option<(String, String)>,
    /// Where the other side can be asked, and what that is called.
    ask: Option<(String, &'static str)>,
    /// The key of the value that is written.
    other_key: usize,
    /// What follows a ruling.
    after: Vec<&'static str>,
}

/// One value or verdict.
struct Side {
    value: String,
    key: usize,
    text: String,
    note: String,
    /// Whether the note is a doubt.
    doubt: bool,
    facts: Vec<(&'static str, String)>,
    /// Where this value is.
    truth: Option<Truth>,
}

/// Which page, and which thing of the case.
#[derive(serde::Deserialize, Default)]
pub(crate) struct Where {
    #[serde(default)]
    after: String,
    #[serde(default)]
    nth: usize,
    #[serde(default)]
    done: String,
}

/// One thing of a case that a person must rule on.
enum Thing<'a> {
    Apart(&'a Conflict),
    Odd(&'a Anomaly),
}

impl Thing<'_> {
    /// How the form names it: the fact's or cell's name, or the event.
    fn name(&self) -> String {
        match self {
            Self::Apart(conflict) => conflict.name.clone(),
            Self::Odd(anomaly) => op_text(anomaly.op),
        }
    }
}

/// An operation as a form's value.
fn op_text(op: OpId) -> String {
    format!("{}-{}", op.lamport, data_encoding::HEXLOWER.encode(&op.actor))
}

fn op_of(text: &str) -> Option<OpId> {
    let (lamport, actor) = text.split_once('-')?;
    let actor = data_encoding::HEXLOWER.decode(actor.as_bytes()).ok()?.try_into().ok()?;
    Some(OpId { lamport: lamport.parse().ok()?, actor })
}

/// `GET /clashes`.
pub(crate) async fn list(
    State(site): State<Site>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    page::show(&built(&site, &clerk, place, None, None).await?)
}

/// `GET /clashes/{case}`.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(case): Part<String>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    page::show(&built(&site, &clerk, place, Some(case), None).await?)
}

/// `POST /clashes/{case}`.
pub(crate) async fn rule(
    State(site): State<Site>,
    Part(case): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let (which, who, typed) = (id(&case)?, clerk.who.clone(), fields.clone());
    let form = once(&clerk, &case, "clash", &fields);
    let done = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            if let Some(event) = op_of(typed.get("what")) {
                let verdict = settlement(typed.get(CHOICE))?;
                return node.settle(&who, which, event, verdict, typed.get("reason").to_owned());
            }
            node.pick_conflict(&who, which, pick(&typed)?)
        })
        .await?;
    match done {
        Ok(_) => Ok(Redirect::to("/clashes?done=ruled").into_response()),
        Err(ActError::Refused(refusal)) => {
            let over = refusal.fields.is_empty();
            note_refused(if over { "act refused" } else { "fields" }, &refusal.fields);
            let again = Some((&fields, &refusal));
            let shown = built(&site, &clerk, Where::default(), Some(case), again).await?;
            let status = if over { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok((status, page::show(&shown)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn unpicked() -> Refusal {
    Refusal::field(CHOICE, "用哪个", "还没选，请看过以后选一个。")
}

fn settlement(text: &str) -> Result<Settlement, ActError> {
    match text {
        "stands" => Ok(Settlement::Stands),
        "void" => Ok(Settlement::Void),
        _ => Err(unpicked().into()),
    }
}

fn pick(fields: &Fields) -> Result<Pick, ActError> {
    let choice = match fields.get(CHOICE) {
        OTHER => Choice::Other(fields.get(OTHER).to_owned()),
        text => Choice::One(op_of(text).ok_or_else(unpicked)?),
    };
    Ok(Pick {
        name: fields.get("what").to_owned(),
        choice,
        seen: fields.get("seen").split(' ').filter_map(op_of).collect(),
        reason: fields.get("reason").to_owned(),
    })
}

async fn built(
    site: &Site,
    clerk: &Clerk,
    place: Where,
    chosen: Option<String>,
    again: Option<(&Fields, &Refusal)>,
) -> Result<ClashPage, Fault> {
    let chosen = chosen.as_deref().map(id).transpose()?;
    let after = (!place.after.is_empty()).then(|| place.after.clone());
    let ((views, more), count, opened) = site
        .ask(move |node| {
            let listing = node.case_views(Filter::Troubles, after.as_deref(), limit::ROWS_PER_PAGE)?;
            let id = chosen.or_else(|| listing.0.first().map(|view| view.id));
            let opened = id.map(|id| Opened::read(node, id)).transpose()?;
            let apart = opened.as_ref().map(|opened| node.apart(&opened.view)).transpose()?;
            Ok::<_, Fault>((listing, node.troubles()?, opened.zip(apart)))
        })
        .await??;
    let on = opened.as_ref().map(|(opened, _)| opened.view.id);
    let now = site.node().ports().clock.wall();
    let card = |view: &CaseView| Card { waits: Waits::of(view, now), on: Some(view.id) == on };
    let next = views.iter().map(|view| view.id).skip_while(|id| Some(*id) != on).nth(1);
    let said = match (place.done.as_str(), again) {
        ("ruled", _) => Some(Said { kind: "green", text: "已定下，写进了办理过程。".to_owned() }),
        (_, Some((_, refusal))) if refusal.fields.is_empty() => {
            Some(Said { kind: "amber", text: refusal.message.clone() })
        }
        _ => None,
    };
    let ruling = |(opened, apart): &(Opened, Apart)| opened.told().ruling(place.nth, again, apart);
    let mut one = opened.as_ref().and_then(ruling);
    if let Some(one) = one.as_mut() {
        one.once = site.fresh_form();
        if one.skip.is_empty() {
            one.skip = next.map(|id| format!("/clashes/{}", id.hex())).unwrap_or_default();
        }
    }
    Ok(ClashPage {
        desk: frame::desk(site, clerk, Place::Clashes),
        count,
        cards: views.iter().map(card).collect(),
        more: more.map(|next| format!("/clashes?after={next}")),
        said,
        one,
    })
}
