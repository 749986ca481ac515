//! What two boxes did apart and cannot both stand: `GET /clashes` lists it, `/clashes/{case}` shows one thing at a time
//! with who, where and when, and takes a person's ruling. Nothing is chosen by itself, least of all by time.

use app::ActError;
use app::cases::{CaseView, Filter};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::case::event::{Confidence, Settlement, Stamp};
use model::case::pick_conflict::{CHOICE, Choice, OTHER, Pick};
use model::case::{Anomaly, AnomalyKind, Conflict};
use model::person::mask_apart;
use model::record::{OpId, Value};

use super::perform::once;
use super::rulings::Waits;
use super::show::{Opened, Told, id};
use super::words;
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
    /// Where the record is.
    truth: Truth,
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
    facts: Vec<(&'static str, String)>,
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
            Ok::<_, Fault>((listing, node.troubles()?, opened))
        })
        .await??;
    let on = opened.as_ref().map(|opened| opened.view.id);
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
    let mut one = opened.as_ref().and_then(|opened| opened.told().ruling(place.nth, again));
    if let Some(one) = one.as_mut() {
        one.once = site.fresh_form();
        one.truth = opened.as_ref().map_or_else(Truth::saved, |opened| frame::truth(opened.view.truth));
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

impl Told<'_> {
    fn things(&self) -> Vec<Thing<'_>> {
        let apart = self.case.conflicts.iter().map(Thing::Apart);
        apart.chain(self.anomalies.iter().map(Thing::Odd)).collect()
    }

    /// One of the case's things; with what was typed, that which it was typed for.
    fn ruling(&self, nth: usize, again: Option<(&Fields, &Refusal)>) -> Option<One> {
        let things = self.things();
        let typed = again.map(|(fields, _)| fields);
        let named = typed.and_then(|typed| things.iter().position(|one| one.name() == typed.get("what")));
        let nth = named.unwrap_or(nth).min(things.len().checked_sub(1)?);
        let thing = things.get(nth)?;
        let was = |name: &str| typed.map_or("", |typed| typed.get(name)).to_owned();
        let wrong = |name: &str| again.and_then(|(_, refusal)| refusal.fields.of(name)).map(str::to_owned);
        let gaps = again.iter().flat_map(|(_, refusal)| refusal.fields.iter());
        let here = format!("/clashes/{}", self.id);
        let (title, lead, sides) = self.sides(thing);
        let settled_elsewhere = match thing {
            Thing::Odd(anomaly) if anomaly.kind != AnomalyKind::NotAllowed => Some(anomaly.why.clone()),
            Thing::Odd(_) | Thing::Apart(_) => None,
        };
        let seen = match thing {
            Thing::Apart(conflict) => conflict.candidates.iter().map(|c| op_text(c.op)).collect(),
            Thing::Odd(_) => Vec::new(),
        };
        let other = matches!(thing, Thing::Apart(conflict) if conflict.may_be_other());
        let first = match thing {
            Thing::Apart(_) => "办件用选的这个值，要打印的请重新打印",
            Thing::Odd(_) => "办件照选的样子办下去",
        };
        Some(One {
            who: words::who(&self.case.filing),
            item: self.item(),
            number: self.case.number().unwrap_or("草稿").to_owned(),
            back: format!("/cases/{}", self.id),
            nth: if things.len() > 1 {
                format!("第 {} 处，共 {} 处", nth + 1, things.len())
            } else {
                String::new()
            },
            skip: if nth + 1 < things.len() { format!("{here}?nth={}", nth + 1) } else { String::new() },
            action: here,
            title,
            lead,
            what: thing.name(),
            seen: seen.join(" "),
            once: String::new(),
            other: other.then(|| Field::text(OTHER, "对的是", was(OTHER)).width("l").error(wrong(OTHER))),
            picked: was(CHOICE),
            reason: Field::area("reason", "理由", was("reason"))
                .hint("必填，写进办理过程，村站和镇中心都看得到")
                .error(wrong("reason")),
            gaps: gaps
                .map(|error| Gap { target: error.field.clone(), text: error.message.clone() })
                .collect(),
            waits: settled_elsewhere,
            truth: Truth::saved(),
            other_key: sides.len() + 1,
            sides,
            after: vec![first, "没用的那个不删，写进办理过程，注明没有采用", "另一边的盒子下次通上就收到"],
        })
    }

    /// Title, lead and the two or more sides of a thing.
    fn sides(&self, thing: &Thing<'_>) -> (String, String, Vec<Side>) {
        match thing {
            Thing::Apart(conflict) => {
                let name = words::called(&conflict.name, self.version);
                let title = format!("{name}有 {} 个值，用哪个？", conflict.candidates.len());
                let lead = "两处分头改了同一项。时间只作参考，不按先后自动取。".to_owned();
                (title, lead, self.values(conflict))
            }
            Thing::Odd(anomaly) => {
                let title = format!("“{}”没有生效，算不算数？", anomaly.title);
                let told = self.done_by(anomaly.stamp.as_ref());
                let side = |key, value: &str, text: &str, note: &str, facts| Side {
                    value: value.to_owned(),
                    key,
                    text: text.to_owned(),
                    note: note.to_owned(),
                    facts,
                };
                let void = side(1, "void", "不算数", "办件照现在的样子办下去。", told.clone());
                let stands = side(2, "stands", "算数", "办件照这一步改过来。", told);
                (title, anomaly.why.clone(), vec![void, stands])
            }
        }
    }

    fn values(&self, conflict: &Conflict) -> Vec<Side> {
        let text = |value: &Value| match value {
            Value::Text(text) => text.clone(),
            Value::Int(number) => number.to_string(),
            Value::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
            Value::Closed | Value::Erased => "（打不开）".to_owned(),
        };
        let texts: Vec<String> = conflict.candidates.iter().map(|c| text(&c.value)).collect();
        let plain: Vec<&str> = texts.iter().map(String::as_str).collect();
        let shown = mask_apart(&plain, |text| words::value(&conflict.name, text));
        let sides = conflict.candidates.iter().zip(shown).enumerate();
        let side = |(place, (candidate, text)): (usize, (&model::record::Candidate, String))| {
            let mark = self.case.writer_of(candidate.op);
            let act = mark.and_then(|mark| self.case.timeline.iter().find(|entry| entry.mark.op == mark.op));
            let mut facts = self.done_by(mark.map(|mark| &mark.stamp));
            facts.extend(act.map(|entry| ("哪一步", entry.title().to_owned())));
            Side { value: op_text(candidate.op), key: place + 1, text, note: String::new(), facts }
        };
        sides.map(side).collect()
    }

    /// Who, when, where: as labels.
    fn done_by(&self, stamp: Option<&Stamp>) -> Vec<(&'static str, String)> {
        let Some(stamp) = stamp else { return vec![("谁", "看不出来".to_owned())] };
        let sure = match stamp.confidence {
            Confidence::Unknown => "（时钟没有核对）",
            Confidence::ByHand => "（日期是人核对的）",
            Confidence::Confirmed | Confidence::Synchronised => "",
        };
        vec![
            ("谁", stamp.name.clone()),
            ("在哪", self.place(stamp.station)),
            ("什么时候", format!("{}{sure}", words::moment(stamp.wall))),
        ]
    }

    /// What a person must rule on, as something to do.
    pub(crate) fn to_rule(&self) -> Option<crate::view::Act> {
        let count = self.things().len();
        (count > 0).then(|| crate::view::Act {
            code: "rule".to_owned(),
            label: format!("定不一致（{count}）"),
            href: format!("/clashes/{}", self.id),
            note: "两边记的不一样，要人来定".to_owned(),
            ..crate::view::Act::default()
        })
    }
}
