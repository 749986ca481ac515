//! `GET` and `POST /cases/{case}/acts/{act}`: one page per act, with what it asks for and what can't be taken back.

use app::ActError;
use app::cases::{CaseId, FORM};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::{FieldError, FieldErrors, Refusal};

use super::deed::{self, Asked, Deed, DeedForm, Tick};
use super::show::{Opened, id};
use super::words;
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk};
use crate::view::{Desk, Field, Gap, Segments};
use crate::{Site, page};

/// The page of an act.
#[derive(Template)]
#[template(path = "cases/act.html")]
pub(crate) struct ActPage {
    desk: Desk,
    title: &'static str,
    button: &'static str,
    danger: bool,
    number: String,
    who: String,
    item: String,
    back: String,
    action: String,
    once: String,
    lead: String,
    warn: &'static str,
    gaps: Vec<Gap>,
    ticks_label: &'static str,
    ticks: Vec<Tick>,
    choices: Vec<Segments>,
    fields: Vec<Field>,
}

fn the_deed(code: &str) -> Result<Deed, Fault> {
    Deed::parse(code).ok_or(Fault::NotFound)
}

/// Where one goes back to: the centre's clerk to the queue, the village's to the case.
fn back(site: &Site, hex: &str) -> String {
    let list = if site.node().is_centre() { "queue" } else { "cases" };
    format!("/{list}/{hex}")
}

/// Asks for what the act needs.
pub(crate) async fn ask(
    State(site): State<Site>,
    Part((case, act)): Part<(String, String)>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let (id, deed) = (id(&case)?, the_deed(&act)?);
    let (_, page) = built(&site, &clerk, id, deed, None, None).await?;
    page::show(&page)
}

/// Does it.
pub(crate) async fn perform(
    State(site): State<Site>,
    Part((case, act)): Part<(String, String)>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let (id, deed) = (id(&case)?, the_deed(&act)?);
    let (who, typed) = (clerk.who.clone(), fields.clone());
    let form = once(&clerk, &case, &act, &fields);
    let done = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            deed::act(&node, &who, id, deed, &typed)
        })
        .await?;
    match done {
        Ok(saved) => {
            let code = if saved.before { "again" } else { deed.look().code };
            Ok(Redirect::to(&format!("{}?done={code}", back(&site, &case))).into_response())
        }
        Err(ActError::Refused(refusal)) if refusal.fields.is_empty() => {
            let (open, page) = built(&site, &clerk, id, deed, Some(&fields), Some(&refusal)).await?;
            let (status, reason) = if open {
                (StatusCode::UNPROCESSABLE_ENTITY, "act refused")
            } else {
                (StatusCode::CONFLICT, "act not open")
            };
            note_refused(reason, &refusal.fields);
            Ok((status, page::show(&page)?).into_response())
        }
        Err(ActError::Refused(refusal)) => {
            let (_, page) = built(&site, &clerk, id, deed, Some(&fields), Some(&refusal)).await?;
            let reason = if refusal.fields.of(FORM).is_some() { "form used" } else { "fields" };
            note_refused(reason, &refusal.fields);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&page)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// What makes this form act once: its random number, and what it asks for.
pub(crate) fn once(clerk: &Clerk, case: &str, act: &str, fields: &Fields) -> Option<([u8; 16], [u8; 16])> {
    form_number(fields.get(FORM)).map(|form| (form, content(clerk, case, act, fields)))
}

/// The random number of a form, which makes sending it twice one act.
fn form_number(text: &str) -> Option<[u8; 16]> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// What a form asks for, keyed by the session so that the disk holds nothing a name could be guessed from.
fn content(clerk: &Clerk, case: &str, act: &str, fields: &Fields) -> [u8; 16] {
    let hash = canon::hash("web form content", |out| {
        out.str(&clerk.token).str(case).str(act);
        for (name, value) in fields.pairs().filter(|(name, _)| !matches!(*name, "csrf" | FORM)) {
            out.str(name).str(value);
        }
    });
    hash.first_chunk().copied().unwrap_or_default()
}

/// The page, and whether the act is open as the case stands.
async fn built(
    site: &Site,
    clerk: &Clerk,
    id: CaseId,
    deed: Deed,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<(bool, ActPage), Fault> {
    let opened = site.ask(move |node| Opened::read(node, id)).await??;
    let told = opened.told();
    let asked = Asked {
        case: told.case,
        version: told.version,
        today: told.today,
        names: told.names,
        clerk: &clerk.who.name,
        typed,
    };
    let closed = told.why_not(deed);
    let open = closed.is_none();
    if let (Some(words), None) = (closed, typed) {
        return Err(Fault::NotOpen { words, back: back(site, &opened.hex) });
    }
    let mut form = deed::form(deed, &asked);
    let gaps = refusal.map(|refusal| tell(&mut form, refusal)).unwrap_or_default();
    let look = deed.look();
    let page = ActPage {
        desk: frame::desk(site, clerk, Place::Cases),
        title: told.label(deed),
        button: told.label(deed),
        danger: look.danger,
        number: told.case.number().unwrap_or_default().to_owned(),
        who: words::who(&told.case.filing),
        item: told.item(),
        back: back(site, &opened.hex),
        action: format!("/cases/{}/acts/{}", opened.hex, look.code),
        once: site.fresh_form(),
        lead: form.lead,
        warn: form.warn,
        gaps,
        ticks_label: form.ticks_label,
        ticks: form.ticks,
        choices: form.choices,
        fields: form.fields,
    };
    Ok((open, page))
}

/// Puts each error beside its field and all of them in the summary.
fn tell(form: &mut DeedForm, refusal: &Refusal) -> Vec<Gap> {
    let errors: &FieldErrors = &refusal.fields;
    for field in &mut form.fields {
        field.error = errors.of(&field.id).map(str::to_owned);
    }
    for row in &mut form.choices {
        row.error = errors.of(&row.id).map(str::to_owned);
    }
    if errors.is_empty() {
        return vec![Gap { target: String::new(), text: refusal.message.clone() }];
    }
    let target = |name: &str| {
        if name == FORM {
            return String::new();
        }
        let tick = form.ticks.iter().find(|tick| tick.name == name);
        tick.map_or_else(|| name.to_owned(), |tick| tick.id.clone())
    };
    // a material or rule is told by its name: its message says only what is the matter
    let text = |error: &FieldError| {
        let named = error.field.starts_with("m/") || error.field.starts_with("r/");
        if named { format!("{}：{}", error.label, error.message) } else { error.message.clone() }
    };
    errors.iter().map(|error| Gap { target: target(&error.field), text: text(error) }).collect()
}
