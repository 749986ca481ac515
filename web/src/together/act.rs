//! `/together/{draft}`: the drafts of a package are started, saved while one types, and taken with one press.

use std::collections::BTreeMap;

use app::cases::{CaseId, Kept};
use app::{ActError, Node, Who};
use askama::Template as _;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::case::draft::Seen;
use model::case::together::bare;
use model::case::{Stage, facts};
use model::papers::Paper;

use super::build::draw;
use super::{ItemsPart, StagesPart, TogetherPage};
use crate::cases::intake::next_member;
use crate::cases::receive::{Drawn, Pressed, Told, WHO, Wrong, seen, told, typed};
use crate::cases::show::id;
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk};
use crate::{Site, page};

/// `POST /together`: starts the drafts of a package.
pub(crate) async fn start(State(site): State<Site>, act: Act) -> Result<Response, Fault> {
    let (who, code) = (act.clerk.who, act.fields.get("package").to_owned());
    let lead = site.ask(move |node| node.start_package(&who, &code)).await??;
    Ok(Redirect::to(&format!("/together/{}", lead.hex())).into_response())
}

fn case_page(case: CaseId) -> Response {
    Redirect::to(&format!("/cases/{}", case.hex())).into_response()
}

/// `GET /together/{draft}`: drafts that became cases lead there.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(draft): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    match read(&site, &clerk, id(&draft)?, Drawn::default()).await? {
        Ok((_, shown)) => page::show(&shown),
        Err(case) => Ok(case_page(case)),
    }
}

/// `GET /together/{draft}/more`: the page with one more row for a household member.
pub(crate) async fn more(
    State(site): State<Site>,
    Part(draft): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    match read(&site, &clerk, id(&draft)?, Drawn { more: true, ..Drawn::default() }).await? {
        Ok((_, shown)) => page::show(&shown),
        Err(case) => Ok(case_page(case)),
    }
}

/// `POST /together/{draft}`: saves first, then does what the button says.
pub(crate) async fn act(
    State(site): State<Site>,
    Part(draft): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let lead = id(&draft)?;
    let (who, sent, button) = (clerk.who.clone(), typed(&fields), fields.get("do").to_owned());
    let (given, shown) = (sent.clone(), seen(&fields));
    let before = shown.clone();
    let done = site.ask(move |node| press(node, &who, lead, given, before, &button)).await?;
    let (status, drawn) = match told(done, |_refused| true)? {
        Ok(to) => return Ok(Redirect::to(&to).into_response()),
        Err(again) => again,
    };
    match read(&site, &clerk, lead, Drawn { typed: sent, seen: shown, ..drawn }).await? {
        Ok((_, shown)) => Ok((status, page::show(&shown)?).into_response()),
        Err(case) => Ok(case_page(case)),
    }
}

fn press(
    node: &Node,
    who: &Who,
    lead: CaseId,
    typed: BTreeMap<String, String>,
    seen: Option<Seen>,
    button: &str,
) -> Result<Pressed, ActError> {
    let here = format!("/together/{}", lead.hex());
    let before = |case: CaseId| Pressed::To(format!("/cases/{}?done=before", case.hex()));
    if let Err(case) = node.together(lead)? {
        return Ok(before(case));
    }
    if button == "discard" {
        node.discard_together(who, lead)?;
        return Ok(Pressed::To("/".to_owned()));
    }
    let kept = match node.merge_together(who, lead, typed, seen) {
        Ok(kept) => kept,
        // another press of the same button got there first
        Err(error) => {
            return match node.together(lead) {
                Ok(Err(case)) => Ok(before(case)),
                _still => Err(error),
            };
        }
    };
    let (what, rest) = button.split_once(':').unwrap_or((button, ""));
    let makes = matches!(what, "accept" | "receive" | "notice" | "forms" | "deferral" | "promise");
    if !kept.clashes.is_empty() || (makes && !kept.moved.is_empty()) {
        return Ok(Pressed::Changed(kept));
    }
    if let Some(refusal) = kept.refusal() {
        return Err(refusal.into());
    }
    // a button of no page leads back to this one
    let paper = |paper: Paper| {
        CaseId::parse(rest)
            .map_or_else(|| here.clone(), |draft| format!("/intake/{}/papers/{}", draft.hex(), paper.code()))
    };
    let to = match what {
        "accept" => {
            let taken = node.accept_together(who, lead)?;
            let done = if taken.before { "before" } else { "together" };
            format!("/cases/{}?done={done}", taken.id.hex())
        }
        "receive" => {
            let taken = node.receive_together(who, lead)?;
            let done = if taken.before { "before" } else { "papers" };
            format!("/cases/{}?done={done}", first_accepted(node, taken.id)?.hex())
        }
        "notice" => {
            node.notice_together(who, lead)?;
            format!("{here}/notice")
        }
        "forms" => format!("{here}/forms"),
        "deferral" => paper(Paper::Deferral),
        "promise" => paper(Paper::Promise),
        "phone" => {
            node.open_phone(who, lead)?;
            format!("/photos/{}#phone", lead.hex())
        }
        "photos" if rest.bytes().all(|b| b.is_ascii_graphic()) => {
            format!("/photos/{}#m-{rest}", lead.hex())
        }
        "member" => {
            let Ok(drafts) = node.together(lead)? else { return Ok(Pressed::To(here)) };
            let first = drafts.drafts.first().and_then(|view| next_member(&view.case.filing));
            let field = first.map(|person| facts::member(person, "name"));
            format!("{here}/more#{}", field.as_deref().unwrap_or("members"))
        }
        _ => here,
    };
    Ok(Pressed::To(to))
}

/// Of cases taken together the one to show: the first that was accepted, whose page prints the papers of all.
fn first_accepted(node: &Node, first: CaseId) -> Result<CaseId, ActError> {
    let view = node.case(first)?;
    if view.case.stage() != Stage::Received {
        return Ok(first);
    }
    let sisters = node.sisters(&view)?;
    Ok(sisters.iter().find(|line| line.stage != Stage::Received).map_or(first, |line| line.id))
}

/// `POST /together/{draft}/autosave`: the same save, answered with the parts of the page that follow it.
pub(crate) async fn autosave(
    State(site): State<Site>,
    Part(draft): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let lead = id(&draft)?;
    let (who, sent, shown) = (clerk.who.clone(), typed(&fields), seen(&fields));
    let given = sent.clone();
    let tells = given.keys().any(|name| WHO.contains(&bare(name)));
    let (done, other) = site
        .ask(move |node| {
            let twins = |node: &Node| twins_of(node, lead, tells);
            let before = twins(node);
            let done = node.merge_together(&who, lead, given, shown);
            (done, before != twins(node))
        })
        .await?;
    let (kept, refused) = match done {
        Ok(kept) => (Some(kept), None),
        Err(ActError::Refused(refusal)) => (None, Some(refusal)),
        Err(error) => return Err(error.into()),
    };
    let refused = refused.or_else(|| kept.as_ref().and_then(Kept::refusal));
    if let Some(refusal) = &refused {
        note_refused("autosave", &refusal.fields);
    }
    let moved = other || kept.as_ref().is_some_and(|kept| !kept.moved.is_empty());
    let clashes = kept.map(|kept| kept.clashes).unwrap_or_default();
    let names: Vec<String> = sent.keys().cloned().collect();
    let drawn = Drawn { typed: sent, clashes, ..Drawn::default() };
    let Ok((stands, shown)) = read(&site, &clerk, lead, drawn).await? else { return Err(Fault::NotFound) };
    let part =
        |part: Result<String, askama::Error>| part.map_err(|_fault| Fault::Defect("a part did not render"));
    let wrong = refused.iter().flat_map(|refusal| refusal.fields.iter());
    let told = Told {
        saved: refused.as_ref().map_or_else(|| shown.saved.clone(), |refusal| refusal.message.clone()),
        stages: part(StagesPart { today: &shown.today, stages: &shown.stages, say: &shown.say }.render())?,
        preview: part(ItemsPart { items: &shown.items }.render())?,
        wrong: wrong.map(|one| Wrong { field: one.field.clone(), message: one.message.clone() }).collect(),
        clash: shown
            .gaps
            .iter()
            .map(|gap| Wrong { field: gap.target.clone(), message: gap.text.clone() })
            .collect(),
        drawn: Seen::of(
            stands.iter().filter(|(name, _)| names.contains(name)).map(|(n, t)| (n.as_str(), t.as_str())),
        )
        .to_string(),
        moved,
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Json(told)).into_response())
}

/// Everything the same person asks for already, when who it is may have changed.
fn twins_of(node: &Node, lead: CaseId, tells: bool) -> Vec<CaseId> {
    let drafts = if tells { node.together(lead).ok().and_then(Result::ok) } else { None };
    let views = drafts.iter().flat_map(|drafts| drafts.drafts.iter());
    let twins = views.flat_map(|view| node.twins_of_draft(view.id).unwrap_or_default());
    twins.map(|twin| twin.line.id).collect()
}

/// The fields as they are kept, and the page that shows them.
async fn read(
    site: &Site,
    clerk: &Clerk,
    lead: CaseId,
    drawn: Drawn,
) -> Result<Result<(BTreeMap<String, String>, TogetherPage), CaseId>, Fault> {
    let desk = frame::desk(site, clerk, Place::Items);
    let name = clerk.who.name.clone();
    site.ask(move |node| match node.together(lead)? {
        Ok(drafts) => draw(node, &drafts, &name, drawn, desk).map(Ok),
        Err(case) => Ok(Err(case)),
    })
    .await?
}
