//! `/intake`: a draft is started, saved while one types, told about in one notice, and accepted.

use std::collections::BTreeMap;

use app::cases::{CaseId, CaseView, Kept};
use app::{ActError, Node, Who};
use askama::Template as _;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::case::draft::{Seen, tidied};
use model::case::facts;
use model::papers::Paper;
use model::{FieldErrors, Refusal};
use serde::Serialize;

use super::intake::{IntakePage, PreviewPart, StagesPart, Taking, clashed, moved, named, next_member};
use super::show::id;
use super::words;
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk};
use crate::view::Said;
use crate::{Site, page};

/// What a draft's page is about.
#[derive(Default)]
pub(crate) struct Drawn {
    /// Say what is missing.
    pub(crate) tell: bool,
    pub(crate) said: Option<Said>,
    pub(crate) typed: BTreeMap<String, String>,
    /// What the page that was sent had been drawn with.
    pub(crate) seen: Option<Seen>,
    /// One more row for a household member.
    pub(crate) more: bool,
    /// What could not be saved, beside what is missing.
    pub(crate) wrong: FieldErrors,
    /// What this page and another window both changed: it stays as it was typed.
    pub(crate) clashes: Vec<String>,
    /// What another window changed alone.
    pub(crate) moved: Vec<String>,
}

/// What came of a button, as the page that is drawn next: where to go, or what to say.
///
/// # Errors
/// When the box could not do it.
pub(crate) fn told(
    done: Result<Pressed, ActError>,
    says: impl FnOnce(&Refusal) -> bool,
) -> Result<Result<String, (StatusCode, Drawn)>, Fault> {
    match done {
        Ok(Pressed::To(to)) => Ok(Ok(to)),
        Ok(Pressed::Changed(kept)) => {
            note_refused("changed in another window", &FieldErrors::default());
            let drawn = Drawn { clashes: kept.clashes, moved: kept.moved, ..Drawn::default() };
            Ok(Err((StatusCode::CONFLICT, drawn)))
        }
        Err(ActError::Refused(refused)) => {
            note_refused(if refused.fields.is_empty() { "act refused" } else { "fields" }, &refused.fields);
            let said = says(&refused).then(|| Said { kind: "amber", text: refused.message.clone() });
            let drawn = Drawn { tell: true, said, wrong: refused.fields, ..Drawn::default() };
            Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, drawn)))
        }
        Err(error) => Err(error.into()),
    }
}

/// What was typed, by fact and cell name. An unticked box comes as an empty value first, so the last one counts.
pub(crate) fn typed(fields: &Fields) -> BTreeMap<String, String> {
    let own = fields.pairs().filter(|(name, _)| !matches!(*name, "csrf" | "do" | DRAWN));
    own.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
}

/// The fields that tell who the applicant is.
pub(crate) const WHO: [&str; 4] = [facts::ID_NUMBER, facts::UNIT_CODE, facts::ID_KIND, facts::APPLICANT_KIND];

/// The field in which a page says what it was drawn with.
const DRAWN: &str = "drawn";

/// What the page was drawn with; none when it does not say.
pub(crate) fn seen(fields: &Fields) -> Option<Seen> {
    fields.has(DRAWN).then(|| Seen::parse(fields.get(DRAWN))).flatten()
}

/// `POST /intake`: starts a draft for an item.
pub(crate) async fn start(State(site): State<Site>, act: Act) -> Result<Response, Fault> {
    let (who, code) = (act.clerk.who, act.fields.get("item").to_owned());
    let draft = site.ask(move |node| node.start_draft(&who, &code)).await??;
    Ok(Redirect::to(&format!("/intake/{}", draft.hex())).into_response())
}

/// `GET /intake/{draft}`: a draft that became a case leads there, one of a package to the package's page.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(draft): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let id = id(&draft)?;
    if let Some(lead) = site.ask(move |node| node.lead_of(id)).await?? {
        return Ok(Redirect::to(&format!("/together/{}", lead.hex())).into_response());
    }
    match drawn_page(&site, &clerk, id, Drawn::default()).await? {
        Ok(intake) => page::show(&intake),
        Err(case) => Ok(Redirect::to(&format!("/cases/{}", case.hex())).into_response()),
    }
}

/// `POST /intake/{draft}`: saves first, whatever the button but the one that throws it away; then does what the button says.
pub(crate) async fn act(
    State(site): State<Site>,
    Part(draft): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let id = id(&draft)?;
    let (who, kept, button) = (clerk.who.clone(), typed(&fields), fields.get("do").to_owned());
    let (pressed, seen) = (button.clone(), seen(&fields));
    let given = seen.clone();
    let done = site.ask(move |node| press(node, &who, id, kept, given, &pressed)).await?;
    let says = |refused: &Refusal| refused.fields.is_empty() || button == "notice";
    let (status, drawn) = match told(done, says)? {
        Ok(to) => return Ok(Redirect::to(&to).into_response()),
        Err(again) => again,
    };
    match drawn_page(&site, &clerk, id, Drawn { typed: typed(&fields), seen, ..drawn }).await? {
        Ok(intake) => Ok((status, page::show(&intake)?).into_response()),
        Err(case) => Ok(Redirect::to(&format!("/cases/{}", case.hex())).into_response()),
    }
}

/// What came of a button.
pub(crate) enum Pressed {
    /// Done; go there.
    To(String),
    /// Not done: another window changed what this page shows.
    Changed(Kept),
}

/// Does what the button says; gives where to go. What a paper or a case is made of must be what the clerk saw.
fn press(
    node: &Node,
    who: &Who,
    id: CaseId,
    typed: BTreeMap<String, String>,
    seen: Option<Seen>,
    button: &str,
) -> Result<Pressed, ActError> {
    let here = format!("/intake/{}", id.hex());
    if let Err(case) = node.draft(id)? {
        return Ok(Pressed::To(format!("/cases/{}?done=before", case.hex())));
    }
    if let Some(lead) = node.lead_of(id)? {
        return Ok(Pressed::To(format!("/together/{}", lead.hex())));
    }
    if button == "discard" {
        node.discard_draft(who, id)?;
        return Ok(Pressed::To("/".to_owned()));
    }
    let kept = match node.merge_draft(who, id, typed, seen) {
        Ok(kept) => kept,
        // another press of the same button got there first
        Err(error) => {
            return match node.draft(id) {
                Ok(Err(case)) => Ok(Pressed::To(format!("/cases/{}?done=before", case.hex()))),
                _still => Err(error),
            };
        }
    };
    let makes = matches!(button, "accept" | "receive" | "notice" | "form" | "deferral" | "promise");
    if !kept.clashes.is_empty() || (makes && !kept.moved.is_empty()) {
        return Ok(Pressed::Changed(kept));
    }
    if let Some(refusal) = kept.refusal() {
        return Err(refusal.into());
    }
    let to = match button {
        "accept" => {
            let taken = node.accept(who, id)?;
            let done = if taken.before { "before" } else { "taken" };
            format!("/cases/{}?done={done}", taken.id.hex())
        }
        "receive" => {
            let taken = node.receive(who, id)?;
            let done = if taken.before { "before" } else { "received" };
            format!("/cases/{}?done={done}", taken.id.hex())
        }
        "notice" => {
            node.one_time_notice(who, id, String::new())?;
            format!("{here}/papers/{}", Paper::OneTimeNotice.code())
        }
        "help" => format!("/help/{}", id.hex()),
        "form" => format!("{here}/papers/{}", Paper::Form.code()),
        "phone" => {
            node.open_phone(who, id)?;
            format!("/photos/{}#phone", id.hex())
        }
        "deferral" => format!("{here}/papers/{}", Paper::Deferral.code()),
        "promise" => format!("{here}/papers/{}", Paper::Promise.code()),
        "member" => {
            let Ok(view) = node.draft(id)? else { return Ok(Pressed::To(here)) };
            let field = next_member(&view.case.filing).map(|person| facts::member(person, "name"));
            format!("{here}/more#{}", field.as_deref().unwrap_or("members"))
        }
        // a button of no page leads back to this one
        other => match other.strip_prefix("photos:") {
            Some(of) if of.bytes().all(|b| b.is_ascii_graphic()) => format!("/photos/{}#m-{of}", id.hex()),
            _ => here,
        },
    };
    Ok(Pressed::To(to))
}

/// `GET /intake/{draft}/more`: the page with one more row for a household member.
pub(crate) async fn more(
    State(site): State<Site>,
    Part(draft): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let id = id(&draft)?;
    let drawn = Drawn { more: true, ..Drawn::default() };
    match drawn_page(&site, &clerk, id, drawn).await? {
        Ok(intake) => page::show(&intake),
        Err(case) => Ok(Redirect::to(&format!("/cases/{}", case.hex())).into_response()),
    }
}

/// What the script is told after a save.
#[derive(Serialize)]
pub(crate) struct Told {
    pub(crate) saved: String,
    pub(crate) stages: String,
    pub(crate) preview: String,
    /// Fields that could not be saved; everything else was.
    pub(crate) wrong: Vec<Wrong>,
    /// Fields that another window changed too: not saved, and not sent again by itself.
    pub(crate) clash: Vec<Wrong>,
    /// What stands now in the fields that were sent, as [`Seen`] writes it.
    pub(crate) drawn: String,
    /// Another window changed fields that this page shows as they were.
    pub(crate) moved: bool,
}

/// One of them.
#[derive(Serialize)]
pub(crate) struct Wrong {
    pub(crate) field: String,
    pub(crate) message: String,
}

/// `POST /intake/{draft}/autosave`: the same save, answered with the parts of the page that follow it.
pub(crate) async fn autosave(
    State(site): State<Site>,
    Part(draft): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let id = id(&draft)?;
    let (who, sent) = (clerk.who.clone(), typed(&fields));
    let (given, seen) = (sent.clone(), seen(&fields));
    let tells = given.keys().any(|name| WHO.contains(&name.as_str()));
    let (done, other) = site
        .ask(move |node| {
            let twins = |node: &Node| {
                let all = if tells { node.twins_of_draft(id).unwrap_or_default() } else { Vec::new() };
                all.iter().map(|twin| twin.line.id).collect::<Vec<_>>()
            };
            let before = twins(node);
            let done = node.merge_draft(&who, id, given, seen);
            (done, before != twins(node))
        })
        .await?;
    let (kept, refused) = match done {
        Ok(kept) => (Some(kept), None),
        Err(ActError::Refused(refusal)) => (None, Some(refusal)),
        Err(error) => return Err(error.into()),
    };
    let (clashes, moved) =
        kept.as_ref().map_or((Vec::new(), false), |kept| (kept.clashes.clone(), !kept.moved.is_empty()));
    // another person's cases stand beside the applicant now
    let moved = moved || other;
    let refused = refused.or_else(|| kept.as_ref().and_then(Kept::refusal));
    if let Some(refusal) = &refused {
        note_refused("autosave", &refusal.fields);
    }
    let names: Vec<String> = sent.keys().cloned().collect();
    let wrong = refused.as_ref().map(|refusal| refusal.fields.clone()).unwrap_or_default();
    let drawn = Drawn { typed: sent, clashes, wrong, ..Drawn::default() };
    let Ok(Read { kept: view, wrong: told, page: intake }) = read_page(&site, &clerk, id, drawn).await?
    else {
        return Err(Fault::NotFound);
    };
    let stages = StagesPart { today: &intake.today, stages: &intake.stages, say: &intake.say };
    let preview = PreviewPart { paper_word: &intake.paper_word, preview: &intake.preview };
    let part =
        |part: Result<String, askama::Error>| part.map_err(|_fault| Fault::Defect("a part did not render"));
    let message = told.iter().next().map(|first| first.message.clone());
    let wrong = told.iter().map(|one| Wrong { field: one.field.clone(), message: one.message.clone() });
    let clash = intake.gaps.iter().map(|gap| Wrong { field: gap.target.clone(), message: gap.text.clone() });
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let told = Told {
        saved: match (message, &refused) {
            (Some(message), _) => message,
            (None, Some(refusal)) => refusal.message.clone(),
            (None, None) => intake.saved.clone(),
        },
        stages: part(stages.render())?,
        preview: part(preview.render())?,
        wrong: wrong.collect(),
        clash: clash.collect(),
        drawn: Seen::of(
            view.iter().filter(|(name, _)| names.contains(name)).map(|(n, t)| (n.as_str(), t.as_str())),
        )
        .to_string(),
        moved,
    };
    Ok((status, Json(told)).into_response())
}

async fn drawn_page(
    site: &Site,
    clerk: &Clerk,
    id: CaseId,
    drawn: Drawn,
) -> Result<Result<IntakePage, CaseId>, Fault> {
    Ok(read_page(site, clerk, id, drawn).await?.map(|read| read.page))
}

/// A draft and its page.
struct Read {
    /// The fields as they are kept.
    kept: BTreeMap<String, String>,
    /// What could not be saved, by the names that this item's page gives its fields.
    wrong: FieldErrors,
    page: IntakePage,
}

async fn read_page(
    site: &Site,
    clerk: &Clerk,
    id: CaseId,
    drawn: Drawn,
) -> Result<Result<Read, CaseId>, Fault> {
    let desk = frame::desk(site, clerk, Place::Items);
    let name = clerk.who.name.clone();
    site.ask(move |node| {
        let view = match node.draft(id)? {
            Ok(view) => view,
            Err(case) => return Ok(Err(case)),
        };
        let wrong = view.version.as_ref().map(|version| named(&drawn.wrong, version));
        let page = draw(node, &view, &name, drawn, desk)?;
        Ok(Ok(Read { kept: view.case.filing.typed(), wrong: wrong.unwrap_or_default(), page }))
    })
    .await?
}

fn draw(
    node: &Node,
    view: &CaseView,
    clerk: &str,
    drawn: Drawn,
    desk: crate::view::Desk,
) -> Result<IntakePage, Fault> {
    let version = view.version.as_ref().ok_or_else(|| {
        Fault::from(ActError::from(Refusal::because("这个事项的资料还没到本机，等同步后再办。")))
    })?;
    let (reference, today, profile) = (node.reference(), node.today(), node.profile(node.station().0));
    let filing = &view.case.filing;
    let kept = filing.typed();
    let mut checked = filing.check(version, today);
    // what was not taken is told by its own name, and not as missing as well
    let mut errors = named(&drawn.wrong, version);
    for error in checked.errors.iter().filter(|error| drawn.wrong.of(&error.field).is_none()) {
        errors.add(error.field.clone(), error.label.clone(), error.message.clone());
    }
    checked.errors = errors;
    let mut told = clashed(&drawn.clashes, &drawn.typed, &kept, version);
    told.extend(moved(&drawn.moved, &drawn.typed, &kept, version));
    let two_windows = !told.is_empty();
    if drawn.tell {
        told.extend(checked.all_errors());
    }
    let standing = reference.standing(version, node.station().0, today);
    let barred = node.is_barred(filing)?;
    let (twins, names) = (node.twins_of_draft(view.id)?, frame::station_names(node));
    // What was typed and is not kept stands over what is; but a page left as it was drawn takes on what is kept.
    let mut typed = kept.clone();
    let stays = |name: &str, text: &str| {
        let (text, stands) = (tidied(name, text), kept.get(name).map_or("", String::as_str));
        text != stands && !drawn.seen.as_ref().is_some_and(|seen| seen.left(name, &text))
    };
    let held = drawn.typed.iter().filter(|(name, text)| stays(name, text));
    let held: Vec<String> = held.map(|(name, _)| name.clone()).collect();
    typed.extend(drawn.typed.into_iter().filter(|(name, _)| held.contains(name)));
    let hex = view.id.hex();
    let mut others = node.villages_known();
    others.retain(|(number, _)| *number != node.station().0);
    let taking = Taking {
        draft: &hex,
        version,
        filing,
        typed,
        checked: &checked,
        told,
        held,
        standing: &standing,
        profile: &profile,
        calendar: &reference.calendar,
        today,
        clerk,
        photos: &view.case.photos,
        barred,
        twins: &twins,
        names: &names,
        others: &others,
        help: if node.is_centre() { "" } else { crate::help::word(view.case.help.waits(), false) },
    };
    let saved = format!("{} 已存", words::clock_time(node.ports().clock.wall()));
    Ok(taking.page(desk, drawn.said, saved, drawn.more, two_windows))
}
