//! `GET /calendar`: which years are known and from where, the township's limits, what was published.

use app::reference::Reference;
use app::{ActError, Node};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::calendar::{Calendar, Known};
use model::{FieldErrors, Refusal};

use crate::cases::perform;
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::path::Query;
use crate::shell::session::{Act, Clerk};
use crate::view::{Desk, Field, Gap, Said, Tag};
use crate::{Site, page};

/// The page as shown.
#[derive(Template)]
#[template(path = "clocks/show.html")]
struct CalendarPage {
    desk: Desk,
    said: Vec<Said>,
    moved: Option<String>,
    years: Vec<Year>,
    hand_over: u16,
    /// The centre's forms; empty at a station.
    forms: Option<Forms>,
    history: Vec<(String, String)>,
    gaps: Vec<Gap>,
}

/// A year, and what is known of it.
struct Year {
    year: i16,
    days: usize,
    tag: Tag,
    note: String,
}

struct Forms {
    once: String,
    notice: Vec<Field>,
    days: Field,
}

/// What the page comes back with.
#[derive(Default)]
pub(super) struct Back {
    pub(super) refusal: Option<Refusal>,
    pub(super) year: String,
    pub(super) source: String,
    pub(super) words: String,
    pub(super) days: Option<String>,
}

/// What was done before.
#[derive(serde::Deserialize)]
pub(crate) struct Done {
    #[serde(default)]
    done: String,
}

/// Shows it.
pub(super) async fn get(
    State(site): State<Site>,
    Query(done): Query<Done>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let said = match done.done.as_str() {
        "notice" => Some("已发布。各站下次通上就收到；到期日在后台重算，页面照常用。"),
        "hand-over" => Some("转交时限已改。以前收的件还按原来的时限。"),
        _ => None,
    };
    let said = said.map(|text| Said { kind: "green", text: text.to_owned() });
    page::show(&built(&site, &clerk, Back::default(), said).await?)
}

/// The page with what was typed and what is wrong about it.
pub(super) async fn refused(site: &Site, clerk: &Clerk, back: Back) -> Result<Response, Fault> {
    let none = FieldErrors::default();
    let fields = back.refusal.as_ref().map_or(&none, |refusal| &refusal.fields);
    let status = if back.refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    if back.refusal.is_some() {
        note_refused("fields", fields);
    }
    Ok((status, page::show(&built(site, clerk, back, None).await?)?).into_response())
}

/// `POST /calendar/hand-over`.
pub(super) async fn set_hand_over(
    State(site): State<Site>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    centre_only(site.node())?;
    let typed = fields.get("days").to_owned();
    let (who, days) = (clerk.who.clone(), typed.parse::<u16>().unwrap_or(0));
    let form = perform::once(&clerk, "calendar", "hand-over", &fields);
    let done = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            node.set_hand_over(&who, days)
        })
        .await?;
    match done {
        Ok(()) => Ok(Redirect::to("/calendar?done=hand-over").into_response()),
        Err(ActError::Refused(refusal)) => {
            let back = Back { refusal: Some(refusal), days: Some(typed), ..Back::default() };
            refused(&site, &clerk, back).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Only the centre enters anything here.
pub(super) fn centre_only(node: &Node) -> Result<(), Fault> {
    if node.is_centre() {
        return Ok(());
    }
    Err(Fault::NotAllowed("日历和时限由镇中心发布，村站只能看。".to_owned()))
}

async fn built(site: &Site, clerk: &Clerk, back: Back, said: Option<Said>) -> Result<CalendarPage, Fault> {
    let (reference, today, moved, renewing) = site
        .ask(|node| Ok::<_, Fault>((node.reference(), node.today(), super::told(node)?, node.is_renewing())))
        .await??;
    let errors = back.refusal.as_ref().map(|refusal| refusal.fields.clone()).unwrap_or_default();
    let gaps = match &back.refusal {
        Some(refusal) if errors.is_empty() => {
            vec![Gap { target: String::new(), text: refusal.message.clone() }]
        }
        Some(_) => errors.iter().map(|e| Gap { target: e.field.clone(), text: e.message.clone() }).collect(),
        None => Vec::new(),
    };
    let next = (today.year()..).find(|year| {
        !matches!(reference.calendar.known(*year), Known::Notice(_) | Known::Builtin | Known::BuiltinUntil(_))
    });
    let year =
        if back.year.is_empty() { next.map(|year| year.to_string()).unwrap_or_default() } else { back.year };
    let hand_over = reference.calendar.hand_over().days;
    let error = |name: &str| errors.of(name).map(str::to_owned);
    let forms = site.node().is_centre().then(|| Forms {
        once: site.fresh_form(),
        notice: vec![
            Field {
                inputmode: "numeric",
                ..Field::text("year", "年份", year).max(4).width("s").error(error("year"))
            },
            Field::text("source", "通知的文号", back.source)
                .hint("例如 国办发明电〔2026〕8号")
                .width("l")
                .error(error("source")),
            Field { max: 4000, rows: 9, ..Field::area("words", "放假和上班的日子", back.words) }
                .hint("写全年的，把通知里那几行贴进来就行，例如“元旦：1月1日至3日放假，1月4日上班。”")
                .error(error("words")),
        ],
        days: Field {
            inputmode: "numeric",
            ..Field::text(
                "days",
                "代办件几个工作日内转交到镇里",
                back.days.unwrap_or_else(|| hand_over.to_string()),
            )
            .max(2)
            .width("s")
            .error(error("days"))
        },
    });
    let working = renewing
        .then(|| Said {
            kind: "", text: "正在按新的日历重算到期日，页面照常用，过一会儿再看。".to_owned()
        });
    Ok(CalendarPage {
        desk: frame::desk(site, clerk, Place::Calendar),
        said: said.into_iter().chain(working).collect(),
        moved,
        years: years(&reference.calendar, today.year()),
        hand_over,
        forms,
        history: history(&reference),
        gaps,
    })
}

/// Last year to the year after next, and every year that a notice was published for.
fn years(calendar: &Calendar, now: i16) -> Vec<Year> {
    let mut all: std::collections::BTreeSet<i16> = (now - 1..=now + 2).collect();
    all.extend(calendar.notices().map(|notice| notice.year));
    let line = |year: i16| {
        let (tag, note) = match calendar.known(year) {
            Known::Notice(notice) => (Tag::new("green", "镇中心发布"), notice.source.clone()),
            Known::Builtin => (Tag::new("green", "盒子自带"), "按国务院办公厅通知".to_owned()),
            Known::BuiltinUntil(last) => {
                let note = format!("{}以后要看下一年的通知，暂定", words::day(last));
                (Tag::new("green", "盒子自带"), note)
            }
            Known::Nothing => (Tag::new("amber", "暂定"), "通知还没出，只按周末算".to_owned()),
        };
        Year { year, days: calendar.working_days(year).count(), tag, note }
    };
    all.into_iter().map(line).collect()
}

/// What was published, the newest first.
fn history(reference: &Reference) -> Vec<(String, String)> {
    let notices = reference.notices.iter().map(|published| {
        let notice = &published.notice;
        (published.wall, format!("{}年放假安排　{}", notice.year, notice.source), &published.by)
    });
    let limits = reference
        .hand_overs
        .iter()
        .map(|set| (set.wall, format!("转交时限改为 {} 个工作日", set.days), &set.by));
    let mut all: Vec<_> = notices.chain(limits).collect();
    all.sort_by_key(|(wall, ..)| std::cmp::Reverse(*wall));
    let line = |(wall, what, by): (i64, String, &String)| {
        let day = words::day_of(wall).map(words::full_day).unwrap_or_default();
        (what, format!("{day} {}　{by}", words::clock_time(wall)))
    };
    all.into_iter().map(line).collect()
}
