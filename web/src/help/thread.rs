//! `GET /help/{case}`: the thread at the left, what it is about at the right.

use app::Node;
use app::cases::CaseId;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::case::event::What;
use model::case::help::{Line, Waits, is_field};
use model::case::photo::BlobName;
use model::case::{Case, Tick, facts};
use model::item::{FieldKind, Version};
use model::station::CENTRE;

use crate::cases::show::{Names, Opened, id};
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::{Part, Query};
use crate::shell::session::Clerk;
use crate::view::{Choice, Desk, Field, Gap, Tag, Truth};
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
    what: &'static str,
    who: String,
    when: String,
    words: String,
    /// The fields that it is about: name, value as it stands, where it is.
    marks: Vec<(String, String, String)>,
    /// The photos that it is about: name, where it is; nowhere while it has not come.
    shots: Vec<(String, String)>,
    /// A suggestion: its cell, field and value.
    suggested: Option<Suggested>,
    ours: bool,
}

/// A suggestion in its line.
pub(crate) struct Suggested {
    value: String,
    field: String,
    text: String,
    /// It may be answered here.
    open: bool,
    /// What became of it.
    answer: String,
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
    field: Field,
    value: Field,
    why: Field,
    choice: Option<Field>,
    choice_why: Field,
}

/// A thread that was read.
struct Read {
    opened: Opened,
    draft: bool,
    /// Names of the photos that are on this box.
    here: Vec<BlobName>,
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

struct Telling<'a> {
    read: &'a Read,
    case: &'a Case,
    version: Option<&'a Version>,
    names: &'a Names,
}

impl Telling<'_> {
    fn line(&self, line: &Line) -> Shown {
        let station = line.mark.stamp.station;
        let place = self.names.get(&station).cloned().unwrap_or_else(|| format!("{station} 站"));
        let mut shown = Shown {
            what: line.what.kind().title(),
            who: format!("{}　{place}", line.mark.stamp.name),
            when: words::moment(line.mark.stamp.wall),
            words: String::new(),
            marks: Vec::new(),
            shots: Vec::new(),
            suggested: None,
            ours: (station == CENTRE) == (self.read.opened.here == CENTRE),
        };
        let cell = |key: &str| self.case.filing.cell(key).unwrap_or("").to_owned();
        if let What::HelpAsked(said) = &line.what {
            shown.words = cell(&said.words);
            (shown.marks, shown.shots) = (self.marks(&said.fields), self.shots(&said.photos));
        } else if let What::HelpSaid(said) = &line.what {
            shown.words = cell(&said.words);
            (shown.marks, shown.shots) = (self.marks(&said.fields), self.shots(&said.photos));
        } else if let What::HelpSuggested(said) = &line.what {
            shown.words = said.words.as_deref().map(cell).unwrap_or_default();
            shown.suggested = Some(self.suggested(&said.value, &said.field));
        } else if let What::HelpTaken(said) = &line.what {
            shown.words = format!("{}已经改好。", words::field_named(&said.field, self.version));
        } else if let What::HelpDeclined(said) = &line.what {
            shown.words = said.words.as_deref().map(cell).unwrap_or_default();
        }
        shown
    }

    fn suggested(&self, value: &str, field: &str) -> Suggested {
        let text = self.case.filing.cell(value).unwrap_or("");
        let answer = self.case.help.answer(value).map(|line| line.what.kind().title());
        let shown = if facts::is_cell(field) { text.to_owned() } else { spoken(field, text, self.version) };
        Suggested {
            value: value.to_owned(),
            field: words::field_named(field, self.version),
            text: shown,
            open: answer.is_none() && self.read.opened.here != CENTRE,
            answer: answer.unwrap_or_default().to_owned(),
        }
    }

    fn marks(&self, fields: &[String]) -> Vec<(String, String, String)> {
        let mark = |name: &String| {
            let text = self.case.filing.typed().get(name).cloned().unwrap_or_default();
            let stands =
                if text.is_empty() { "没填".to_owned() } else { spoken(name, &text, self.version) };
            let href = if self.read.draft {
                format!("/intake/{}#{name}", self.read.opened.hex)
            } else {
                String::new()
            };
            (words::field_named(name, self.version), stands, href)
        };
        fields.iter().map(mark).collect()
    }

    fn shots(&self, photos: &[BlobName]) -> Vec<(String, String)> {
        let shot = |name: &BlobName| {
            let label = photo_label(self.case, self.version, name);
            let href = if self.read.here.contains(name) {
                format!("/photos/{}/{}", self.read.opened.hex, data_encoding::HEXLOWER.encode(name))
            } else {
                String::new()
            };
            (label, href)
        };
        photos.iter().map(shot).collect()
    }
}

/// 居民户口簿 第 1 张.
fn photo_label(case: &Case, version: Option<&Version>, name: &BlobName) -> String {
    let Some(photo) = case.photo(*name) else { return "照片".to_owned() };
    let material = &photo.what.material;
    let place = case.photos_of(material).position(|one| one.what.photo == *name).unwrap_or(0) + 1;
    format!("{} 第 {place} 张", words::named(material, version))
}

/// A value as a page says it: a code by its word, a person's masked.
fn spoken(name: &str, text: &str, version: Option<&Version>) -> String {
    if name == facts::SCENARIO {
        let scenario = version.and_then(|version| version.scenario(text));
        return scenario.map_or_else(|| text.to_owned(), |scenario| scenario.name.clone());
    }
    if name == facts::APPLICANT_KIND {
        let kind = model::item::ApplicantKind::parse(text);
        return kind.map_or_else(|| text.to_owned(), |kind| kind.label().to_owned());
    }
    words::value(name, text)
}

/// Every field of the intake by name, in the order of its page.
fn fields_of(case: &Case, version: &Version) -> Vec<String> {
    let mut names: Vec<String> = [facts::SCENARIO, facts::APPLICANT_KIND].map(str::to_owned).to_vec();
    let people =
        [facts::NAME, facts::ID_NUMBER, facts::UNIT_CODE, facts::CONTACT, facts::PHONE, facts::ADDRESS];
    let unit = case.filing.applicant_kind() == model::item::ApplicantKind::Unit;
    let fits = |name: &&str| match *name {
        facts::UNIT_CODE | facts::CONTACT => unit,
        facts::ID_NUMBER => !unit,
        _ => true,
    };
    names.extend(people.into_iter().filter(fits).map(str::to_owned));
    if case.filing.has_agent() {
        let agent = [facts::AGENT_NAME, facts::AGENT_RELATION, facts::AGENT_ID, facts::AGENT_PHONE];
        names.extend(agent.map(str::to_owned));
    }
    let scenario = case.filing.scenario();
    for field in version.form_for(scenario).filter(|field| !matches!(field.kind, FieldKind::Members)) {
        names.push(facts::form(&field.id));
        if matches!(field.kind, FieldKind::Account { .. }) {
            names.push(facts::form_holder(&field.id));
        }
    }
    names.extend(version.materials_for(scenario).map(|material| facts::material(&material.id)));
    names.extend(version.rules_for(scenario).map(|rule| facts::rule(&rule.id)));
    names.retain(|name| is_field(name, version));
    names
}

/// What may be suggested from a list: the field, `=`, the code.
fn choices(case: &Case, version: &Version) -> Vec<Choice> {
    let mut all = Vec::new();
    let mut offer = |field: &str, code: &str| {
        if case.filing.text(field) != Some(code) {
            let (name, word) = (words::field_named(field, Some(version)), spoken(field, code, Some(version)));
            all.push(Choice::new(format!("{field}={code}"), format!("{name}：{word}")));
        }
    };
    let scenario = case.filing.scenario().to_owned();
    if case.received.is_none() {
        version.scenarios.iter().for_each(|one| offer(facts::SCENARIO, &one.id));
        for material in version.materials_for(&scenario) {
            let name = facts::material(&material.id);
            [Tick::Good, Tick::Bad, Tick::Missing].iter().for_each(|tick| offer(&name, tick.code()));
        }
        for rule in version.rules_for(&scenario) {
            ["pass", "fail"].iter().for_each(|code| offer(&facts::rule(&rule.id), code));
        }
    }
    for field in version.form_for(&scenario) {
        if let FieldKind::Choice { options } = &field.kind {
            options.iter().for_each(|option| offer(&facts::form(&field.id), option));
        }
    }
    all
}

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
        desk: frame::desk(site, clerk, Place::Elsewhere),
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

fn suggesting(
    case: &Case,
    version: &Version,
    names: &[String],
    was: &dyn Fn(&str) -> String,
    error: &dyn Fn(&str) -> Option<String>,
) -> Suggesting {
    let typed = names.iter().filter(|name| facts::is_typed_cell(name));
    let typed = typed.map(|name| Choice::new(name.as_str(), words::field_named(name, Some(version))));
    let none = || Choice::new("", "请选");
    let choices = choices(case, version);
    let choice = (!choices.is_empty()).then(|| {
        let options = std::iter::once(none()).chain(choices).collect();
        Field::select("choice", "建议选择", was("choice"), options).width("full").error(error("choice"))
    });
    Suggesting {
        field: Field::select("field", "哪一项", was("field"), std::iter::once(none()).chain(typed).collect())
            .width("full")
            .error(error("field")),
        value: Field::text("value", "建议填写", was("value")).width("full").max(120).error(error("value")),
        why: Field::text("why", "为什么", was("why")).width("full").max(120).hint("可以空着"),
        choice,
        choice_why: Field::text("choice-why", "为什么", was("choice-why"))
            .width("full")
            .max(120)
            .hint("可以空着"),
    }
}
