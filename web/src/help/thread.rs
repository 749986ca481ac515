//! `GET /help/{case}`: the thread at the left, what it is about at the right.

use app::Node;
use app::cases::CaseId;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::case::help::Waits;
use model::case::photo::BlobName;
use model::station::CENTRE;

use super::fields::{fields_of, suggesting};
use super::telling::{Telling, photo_label, spoken};
use crate::cases::show::{Opened, id};
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::{Part, Query};
use crate::shell::session::Clerk;
use crate::view::{Desk, Field, Gap, Tag, Truth};
use crate::{Site, page};

/// The thread's page.
#[derive(Template)]
#[template(path = "help/thread.html")]
pub(crate) struct ThreadPage {
    desk: Desk,
    list: (&'static str, &'static str),
    /// How URLs name the case.
    case: String,
    who: String,
    item: String,
    number: String,
    /// Where the case or draft itself is; empty where it is another box's draft.
    back: (String, &'static str),
    gaps: Vec<Gap>,
    part: LinesPart,
    seen: String,
    once: String,
    at_centre: bool,
    say: Field,
    marks: Vec<Mark>,
    shots: Vec<Mark>,
    suggest: Option<Suggesting>,
    facts: Vec<(String, String)>,
    /// Where values are shown in full, with a reason.
    reveal: String,
}

/// The lines alone, for the script that looks for new ones.
#[derive(Template)]
#[template(path = "help/lines.html")]
struct LinesOnly<'a> {
    part: &'a LinesPart,
    number: &'a str,
}

/// The lines as shown.
pub(crate) struct LinesPart {
    case: String,
    csrf: String,
    lines: Vec<Shown>,
    state: Tag,
    truth: Truth,
    open: bool,
}

/// A line as shown.
pub(crate) struct Shown {
    pub(super) what: &'static str,
    pub(super) who: String,
    pub(super) when: String,
    pub(super) words: String,
    /// The fields that it is about: name, value as it stands, where it is.
    pub(super) marks: Vec<(String, String, String)>,
    /// The photos that it is about: name, where it is; nowhere while it has not come.
    pub(super) shots: Vec<(String, String)>,
    /// A suggestion: its cell, field and value.
    pub(super) suggested: Option<Suggested>,
    pub(super) ours: bool,
}

/// A suggestion in its line.
pub(crate) struct Suggested {
    pub(super) value: String,
    pub(super) field: String,
    pub(super) text: String,
    /// It may be answered here.
    pub(super) open: bool,
    /// What became of it.
    pub(super) answer: String,
}

/// A box to tick.
pub(crate) struct Mark {
    name: &'static str,
    id: String,
    value: String,
    text: String,
    note: String,
    on: bool,
}

/// What the centre may suggest.
pub(crate) struct Suggesting {
    pub(super) field: Field,
    pub(super) value: Field,
    pub(super) why: Field,
    pub(super) choice: Option<Field>,
    pub(super) choice_why: Field,
}

/// A thread that was read.
pub(super) struct Read {
    pub(super) opened: Opened,
    pub(super) draft: bool,
    /// Names of the photos that are on this box.
    pub(super) here: Vec<BlobName>,
}

fn read(node: &Node, id: CaseId) -> Result<Read, Fault> {
    let opened = Opened::read(node, id)?;
    let mut here = Vec::new();
    for photo in &opened.view.case.photos {
        if node.has_photo(photo.what.photo)? {
            here.push(photo.what.photo);
        }
    }
    Ok(Read { draft: node.is_draft(id)?, opened, here })
}

/// What was typed and why it was not taken.
#[derive(Default)]
struct Came<'a> {
    typed: Option<&'a Fields>,
    refusal: Option<&'a Refusal>,
}

/// `GET /help/{case}`.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(case): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let of = id(&case)?;
    if let Some(case) = site.ask(move |node| node.help_went_to(of)).await?? {
        return Ok(Redirect::to(&format!("/help/{}", case.hex())).into_response());
    }
    let read = site.ask(move |node| read(node, of)).await??;
    page::show(&drawn(&site, &clerk, &read, &Came::default()))
}

/// Which lines the page shows already.
#[derive(serde::Deserialize)]
pub(crate) struct Since {
    #[serde(default)]
    seen: String,
}

/// `GET /help/{case}/lines`: the lines, where they are others than the page shows.
pub(crate) async fn lines(
    State(site): State<Site>,
    Part(case): Part<String>,
    Query(since): Query<Since>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let of = id(&case)?;
    if site.ask(move |node| node.help_went_to(of)).await??.is_some() {
        // the page goes on at the case
        return Ok(StatusCode::RESET_CONTENT.into_response());
    }
    let read = site.ask(move |node| read(node, of)).await??;
    let (part, seen) = part(&read, &clerk.csrf)?;
    if seen == since.seen {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let body = rendered(&part, number(&read))?;
    Ok(([("x-seen", seen)], Html(body)).into_response())
}

/// The page with what was refused.
pub(super) async fn refused(
    site: &Site,
    clerk: &Clerk,
    of: CaseId,
    fields: &Fields,
    refusal: &Refusal,
) -> Result<Response, Fault> {
    note_refused("help refused", &refusal.fields);
    let read = site.ask(move |node| read(node, of)).await??;
    let came = Came { typed: Some(fields), refusal: Some(refusal) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&drawn(site, clerk, &read, &came))?).into_response())
}

/// What was typed for a draft that became a case, on the page of the case.
pub(super) async fn moved(
    site: &Site,
    clerk: &Clerk,
    of: CaseId,
    fields: &Fields,
) -> Result<Response, Fault> {
    let Some(case) = site.ask(move |node| node.help_went_to(of)).await?? else { return Err(Fault::NotFound) };
    let why = Refusal::because("草稿已经收件，求助转到办件上来了。刚才写的还在，请再发一次。");
    refused(site, clerk, case, fields, &why).await
}

fn part(read: &Read, csrf: &str) -> Result<(LinesPart, String), Fault> {
    let opened = &read.opened;
    let (case, version) = (&opened.view.case, opened.view.version.as_ref());
    let telling = Telling { read, case, version, names: &opened.names };
    let state = match case.help.waits() {
        Some(Waits::Centre) => Tag::new("amber", "等镇中心回话"),
        Some(Waits::Village) => Tag::new("blue", "等村站回话"),
        None if case.help.is_begun() => Tag::new("green", "已结束"),
        None => Tag::new("", "还没问"),
    };
    let part = LinesPart {
        case: opened.hex.clone(),
        csrf: csrf.to_owned(),
        lines: case.help.lines().iter().map(|line| telling.line(line)).collect(),
        state,
        truth: opened.truth().0,
        open: case.help.is_open(),
    };
    let body = rendered(&part, number(read))?;
    let seen = canon::hash("help lines", |out| {
        out.str(&body);
    });
    Ok((part, data_encoding::HEXLOWER.encode(seen.get(..8).unwrap_or_default())))
}

fn rendered(part: &LinesPart, number: &str) -> Result<String, Fault> {
    LinesOnly { part, number }.render().map_err(|_fault| Fault::Defect("a part did not render"))
}

fn number(read: &Read) -> &str {
    read.opened.view.case.number().unwrap_or(DRAFT)
}

/// In place of a number.
const DRAFT: &str = "草稿";

fn drawn(site: &Site, clerk: &Clerk, read: &Read, came: &Came<'_>) -> ThreadPage {
    let opened = &read.opened;
    let (case, version) = (&opened.view.case, opened.view.version.as_ref());
    let at_centre = opened.here == CENTRE;
    let (part, seen) = match part(read, &clerk.csrf) {
        Ok(drawn) => drawn,
        Err(_fault) => (empty_part(&opened.hex, &clerk.csrf), String::new()),
    };
    let names = version.map(|version| fields_of(case, version)).unwrap_or_default();
    let was = |name: &str| came.typed.map_or("", |fields| fields.get(name)).to_owned();
    let error = |name: &str| came.refusal.and_then(|refusal| refusal.fields.of(name)).map(str::to_owned);
    let ticked = |name: &str, value: &str| {
        came.typed.is_some_and(|fields| fields.pairs().any(|pair| pair == (name, value)))
    };
    let typed = case.filing.typed();
    let stands = |name: &String| {
        let text = typed.get(name).map_or("", String::as_str);
        if text.is_empty() { "没填".to_owned() } else { spoken(name, text, version) }
    };
    let mark = |name: &String| Mark {
        name: "field",
        id: format!("f-{name}"),
        value: name.clone(),
        text: words::field_named(name, version),
        note: stands(name),
        on: ticked("field", name),
    };
    let shot = |photo: &model::case::Photo| {
        let value = data_encoding::HEXLOWER.encode(&photo.what.photo);
        Mark {
            name: "photo",
            id: format!("p-{value}"),
            on: ticked("photo", &value),
            text: photo_label(case, version, &photo.what.photo),
            note: if read.here.contains(&photo.what.photo) { String::new() } else { ON_THE_WAY.to_owned() },
            value,
        }
    };
    let back = if read.draft {
        (format!("/intake/{}", opened.hex), "回收件")
    } else if case.received.is_some() {
        (format!("/cases/{}", opened.hex), "看办件")
    } else {
        (String::new(), "")
    };
    let label = if case.help.is_begun() { "再说一句" } else { "要问什么" };
    ThreadPage {
        desk: frame::desk(site, clerk, Place::Cases),
        list: ("全部求助", "/help"),
        case: opened.hex.clone(),
        who: words::who(&case.filing),
        item: opened.told().item(),
        number: number(read).to_owned(),
        back,
        gaps: came.refusal.map(gaps).unwrap_or_default(),
        part,
        seen,
        once: site.fresh_form(),
        at_centre,
        say: Field { max: 300, rows: 3, ..Field::area("words", label, was("words")) }.error(error("words")),
        marks: names.iter().map(mark).collect(),
        shots: case.photos.iter().map(shot).collect(),
        suggest: version
            .filter(|_| at_centre && case.station != CENTRE && case.help.is_begun())
            .map(|version| suggesting(case, version, &names, &was, &error)),
        facts: names.iter().map(|name| (words::field_named(name, version), stands(name))).collect(),
        reveal: format!("/cases/{}/reveal", opened.hex),
    }
}

/// Where a photo is that this box has not got.
pub(crate) const ON_THE_WAY: &str = "照片还在路上";

fn gaps(refusal: &Refusal) -> Vec<Gap> {
    if refusal.fields.is_empty() {
        return vec![Gap { target: String::new(), text: refusal.message.clone() }];
    }
    let target = |name: &str| match name {
        "words" | "value" | "choice" => name.to_owned(),
        "field" => "value".to_owned(),
        _ => String::new(),
    };
    refusal.fields.iter().map(|one| Gap { target: target(&one.field), text: one.message.clone() }).collect()
}

fn empty_part(case: &str, csrf: &str) -> LinesPart {
    let (case, csrf) = (case.to_owned(), csrf.to_owned());
    LinesPart {
        case,
        csrf,
        lines: Vec::new(),
        state: Tag::new("", "还没问"),
        truth: Truth::saved(),
        open: false,
    }
}
