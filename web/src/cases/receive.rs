//! `/intake`: a draft is started, saved while one types, told about in one notice, and accepted.

use std::collections::BTreeMap;

use app::cases::{CaseId, CaseView};
use app::{ActError, Node, Who};
use askama::Template as _;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::case::facts;
use model::papers::Paper;
use model::{FieldErrors, Refusal};
use serde::Serialize;

use super::intake::{IntakePage, PreviewPart, StagesPart, Taking, next_member};
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
struct Drawn {
    tell: bool,
    said: Option<Said>,
    typed: Option<BTreeMap<String, String>>,
    more: bool,
    /// What could not be saved, beside what is missing.
    wrong: FieldErrors,
}

/// What was typed, by fact and cell name. An unticked box comes as an empty value first, so the last one counts.
fn typed(fields: &Fields) -> BTreeMap<String, String> {
    let own = fields.pairs().filter(|(name, _)| !matches!(*name, "csrf" | "do"));
    own.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
}

/// `POST /intake`: starts a draft for an item.
pub(crate) async fn start(State(site): State<Site>, act: Act) -> Result<Response, Fault> {
    let (who, code) = (act.clerk.who, act.fields.get("item").to_owned());
    let draft = site.ask(move |node| node.start_draft(&who, &code)).await??;
    Ok(Redirect::to(&format!("/intake/{}", draft.hex())).into_response())
}

/// `GET /intake/{draft}`: a draft that became a case leads there.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(draft): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let id = id(&draft)?;
    let drawn = Drawn { tell: false, said: None, typed: None, more: false, wrong: FieldErrors::default() };
    match drawn_page(&site, &clerk, id, drawn).await? {
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
    let pressed = button.clone();
    let done = site.ask(move |node| press(node, &who, id, kept, &pressed)).await?;
    let refused = match done {
        Ok(to) => return Ok(Redirect::to(&to).into_response()),
        Err(ActError::Refused(refusal)) => refusal,
        Err(error) => return Err(error.into()),
    };
    note_refused(if refused.fields.is_empty() { "act refused" } else { "fields" }, &refused.fields);
    let said = (refused.fields.is_empty() || button == "notice")
        .then(|| Said { kind: "amber", text: refused.message.clone() });
    let drawn = Drawn { tell: true, said, typed: Some(typed(&fields)), more: false, wrong: refused.fields };
    match drawn_page(&site, &clerk, id, drawn).await? {
        Ok(intake) => Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&intake)?).into_response()),
        Err(case) => Ok(Redirect::to(&format!("/cases/{}", case.hex())).into_response()),
    }
}

/// Does what the button says; gives where to go.
fn press(
    node: &Node,
    who: &Who,
    id: CaseId,
    kept: BTreeMap<String, String>,
    button: &str,
) -> Result<String, ActError> {
    let here = format!("/intake/{}", id.hex());
    if let Err(case) = node.draft(id)? {
        return Ok(format!("/cases/{}?done=before", case.hex()));
    }
    if button == "discard" {
        node.discard_draft(who, id)?;
        return Ok("/".to_owned());
    }
    if let Err(error) = node.save_draft(who, id, kept) {
        // another press of the same button got there first
        return match node.draft(id) {
            Ok(Err(case)) => Ok(format!("/cases/{}?done=before", case.hex())),
            _still => Err(error),
        };
    }
    match button {
        "accept" => {
            let taken = node.accept(who, id)?;
            let done = if taken.before { "before" } else { "taken" };
            Ok(format!("/cases/{}?done={done}", taken.id.hex()))
        }
        "notice" => {
            node.one_time_notice(who, id, String::new())?;
            Ok(format!("{here}/papers/{}", Paper::OneTimeNotice.code()))
        }
        "form" => Ok(format!("{here}/papers/{}", Paper::Form.code())),
        "member" => {
            let Ok(view) = node.draft(id)? else { return Ok(here) };
            let field = next_member(&view.case.filing).map(|person| facts::member(person, "name"));
            Ok(format!("{here}/more#{}", field.as_deref().unwrap_or("members")))
        }
        _ => Ok(here),
    }
}

/// `GET /intake/{draft}/more`: the page with one more row for a household member.
pub(crate) async fn more(
    State(site): State<Site>,
    Part(draft): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let id = id(&draft)?;
    let drawn = Drawn { tell: false, said: None, typed: None, more: true, wrong: FieldErrors::default() };
    match drawn_page(&site, &clerk, id, drawn).await? {
        Ok(intake) => page::show(&intake),
        Err(case) => Ok(Redirect::to(&format!("/cases/{}", case.hex())).into_response()),
    }
}

/// What the script is told after a save.
#[derive(Serialize)]
struct Told {
    saved: String,
    stages: String,
    preview: String,
    /// Fields that could not be saved; everything else was.
    wrong: Vec<Wrong>,
}

/// One of them.
#[derive(Serialize)]
struct Wrong {
    field: String,
    message: String,
}

/// `POST /intake/{draft}/autosave`: the same save, answered with the parts of the page that follow it.
pub(crate) async fn autosave(
    State(site): State<Site>,
    Part(draft): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let id = id(&draft)?;
    let (who, kept) = (clerk.who.clone(), typed(&fields));
    let done = site.ask(move |node| node.save_draft(&who, id, kept)).await?;
    let refused = match done {
        Ok(_) => None,
        Err(ActError::Refused(refusal)) => {
            note_refused("autosave", &refusal.fields);
            Some(refusal)
        }
        Err(error) => return Err(error.into()),
    };
    let drawn = Drawn { tell: false, said: None, typed: None, more: false, wrong: FieldErrors::default() };
    let Ok(intake) = drawn_page(&site, &clerk, id, drawn).await? else { return Err(Fault::NotFound) };
    let stages = StagesPart { today: &intake.today, stages: &intake.stages, say: &intake.say };
    let preview = PreviewPart { paper_word: &intake.paper_word, preview: &intake.preview };
    let drawn =
        |part: Result<String, askama::Error>| part.map_err(|_fault| Fault::Defect("a part did not render"));
    let wrong = refused.iter().flat_map(|refusal| refusal.fields.iter());
    let wrong = wrong.map(|one| Wrong { field: one.field.clone(), message: one.message.clone() });
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let told = Told {
        saved: refused.as_ref().map_or_else(|| intake.saved.clone(), |refusal| refusal.message.clone()),
        stages: drawn(stages.render())?,
        preview: drawn(preview.render())?,
        wrong: wrong.collect(),
    };
    Ok((status, Json(told)).into_response())
}

async fn drawn_page(
    site: &Site,
    clerk: &Clerk,
    id: CaseId,
    drawn: Drawn,
) -> Result<Result<IntakePage, CaseId>, Fault> {
    let desk = frame::desk(site, clerk, Place::Items);
    let name = clerk.who.name.clone();
    site.ask(move |node| {
        let view = match node.draft(id)? {
            Ok(view) => view,
            Err(case) => return Ok(Err(case)),
        };
        draw(node, &view, &name, drawn, desk).map(Ok)
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
    let mut checked = filing.check(version, today);
    let mut errors = drawn.wrong;
    errors.extend(std::mem::take(&mut checked.errors));
    checked.errors = errors;
    let standing = reference.standing(version, node.station().0, today);
    let mut all = filing.typed();
    all.extend(drawn.typed.unwrap_or_default());
    let hex = view.id.hex();
    let taking = Taking {
        draft: &hex,
        version,
        filing,
        typed: all,
        checked: &checked,
        tell: drawn.tell,
        standing: &standing,
        profile: &profile,
        calendar: &reference.calendar,
        today,
        clerk,
    };
    let saved = format!("{} 已存", words::clock_time(node.ports().clock.wall()));
    Ok(taking.page(desk, drawn.said, saved, drawn.more))
}
