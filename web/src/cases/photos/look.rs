//! `/photos/{case}/{photo}`: one photo large. A draft's is simply shown, turned, or taken away; a case's is shown once, with a
//! reason that is written down first, or marked as wrong.

use app::ActError;
use app::cases::{CaseId, FullPhoto, PhotoName, Shown, Why, photo_name};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;

use super::{Shot, built, groups, is_asked, read};
use crate::cases::show::{Opened, id};
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::{Part, Query};
use crate::shell::session::{Act, Clerk};
use crate::view::{Choice, Desk, Field, Gap, Segments};
use crate::{Site, page};

/// The page.
#[derive(Template)]
#[template(path = "cases/photo.html")]
pub(crate) struct PhotoPage {
    desk: Desk,
    case: String,
    draft: bool,
    /// A village's draft: nothing is changed here.
    asked: bool,
    who: String,
    item: String,
    shot: Shot,
    material: String,
    before: String,
    after: String,
    gaps: Vec<Gap>,
    why: Segments,
    reason: Field,
    /// Where the image is, when it may be looked at.
    full: String,
    here: bool,
    csrf: String,
}

fn named(photo: &str) -> Result<PhotoName, Fault> {
    photo_name(photo).ok_or(Fault::NotFound)
}

async fn page_of(
    site: &Site,
    clerk: &Clerk,
    id: CaseId,
    name: PhotoName,
    refusal: Option<&Refusal>,
) -> Result<PhotoPage, Fault> {
    let (opened, here, draft) = site
        .ask(move |node| {
            let view = read(node, id)?.map_err(|_case| Fault::NotFound)?;
            Ok::<_, Fault>((Opened::of(node, view), node.has_photo(name)?, node.is_draft(id)?))
        })
        .await??;
    let told = opened.told();
    let hex = super::hex(&name);
    let all = groups(&opened.view);
    let names: Vec<String> =
        all.iter().flat_map(|group| &group.shots).map(|shot| shot.name.clone()).collect();
    let at = names.iter().position(|one| *one == hex).ok_or(Fault::NotFound)?;
    let beside = |at: Option<usize>| at.and_then(|at| names.get(at)).cloned().unwrap_or_default();
    let (before, after) = (beside(at.checked_sub(1)), beside(Some(at + 1)));
    let found = all.into_iter().flat_map(|group| {
        let id = group.id;
        group.shots.into_iter().map(move |shot| (id.clone(), shot))
    });
    let (material, shot) = found.into_iter().find(|(_, shot)| shot.name == hex).ok_or(Fault::NotFound)?;
    let wrong = |field: &str| refusal.and_then(|refusal| refusal.fields.of(field)).map(str::to_owned);
    let whys = Why::ALL.iter().map(|why| Choice::new(why.code(), why.label())).collect();
    let gap = |error: &model::FieldError| Gap { target: error.field.clone(), text: error.message.clone() };
    let full = if draft { format!("/photos/{}/{hex}/full", opened.hex) } else { String::new() };
    let desk = frame::desk(site, clerk, if draft { Place::Items } else { Place::Cases });
    Ok(PhotoPage {
        csrf: desk.csrf.clone(),
        desk,
        case: opened.hex.clone(),
        draft,
        asked: is_asked(&opened.view, draft),
        who: words::who(&told.case.filing),
        item: told.item(),
        shot,
        material,
        before,
        after,
        gaps: refusal.iter().flat_map(|refusal| refusal.fields.iter()).map(gap).collect(),
        why: Segments::new("why", "为什么要看原图", "", whys).error(wrong("why")),
        reason: Field::text("reason", "哪里有误", "").width("full").max(100).error(wrong("reason")),
        full,
        here,
    })
}

/// `GET /photos/{case}/{photo}`.
pub(crate) async fn get(
    State(site): State<Site>,
    Part((case, photo)): Part<(String, String)>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    page::show(&page_of(&site, &clerk, id(&case)?, named(&photo)?, None).await?)
}

/// `POST /photos/{case}/{photo}`: `look` with a reason, `drop` from a draft, `mark` as wrong.
pub(crate) async fn act(
    State(site): State<Site>,
    Part((case, photo)): Part<(String, String)>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let (id, name) = (id(&case)?, named(&photo)?);
    let (who, button) = (clerk.who.clone(), fields.get("do").to_owned());
    let (why, reason) = (Why::parse(fields.get("why")), fields.get("reason").to_owned());
    let pressed = button.clone();
    let done = site
        .ask(move |node| match pressed.as_str() {
            "look" => {
                let none = || Refusal::field("why", "为什么要看原图", "还没选为什么要看，请选一项。");
                node.reveal_photo(&who, id, name, why.ok_or_else(none)?)
            }
            "drop" => node.drop_photo(&who, id, name).map(drop),
            "mark" => node.mark_photo(&who, id, name, reason).map(drop),
            _ => Err(ActError::NotFound),
        })
        .await?;
    match done {
        Ok(()) if button == "look" => {
            let mut page = page_of(&site, &clerk, id, name, None).await?;
            let grant = site.grants().give(
                &clerk.token,
                id,
                name,
                site.node().ports().clock.monotonic_ms(),
                site.node(),
            );
            page.full = format!("/photos/{case}/{photo}/full?grant={grant}");
            page::show(&page)
        }
        Ok(()) => Ok(Redirect::to(&format!("/photos/{case}")).into_response()),
        Err(ActError::Refused(refusal)) if !refusal.fields.is_empty() => {
            let page = page_of(&site, &clerk, id, name, Some(&refusal)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&page)?).into_response())
        }
        Err(ActError::Refused(refusal)) => {
            let gaps = vec![Gap { target: String::new(), text: refusal.message }];
            let told = super::Told { gaps, ..super::Told::default() };
            match built(&site, &clerk, id, told).await? {
                Ok(photos) => Ok((StatusCode::CONFLICT, page::show(&photos)?).into_response()),
                Err(case) => Ok(Redirect::to(&format!("/photos/{}", case.hex())).into_response()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// An image alone: never kept, never a page of its own that could do anything.
pub(crate) fn image(shown: Option<Shown>) -> Result<Response, Fault> {
    let shown = shown.ok_or(Fault::NotFound)?;
    let mut response = shown.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(shown.media.mime()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    let policy = HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// `GET /photos/{case}/{photo}/small`.
pub(crate) async fn small(
    State(site): State<Site>,
    Part((case, photo)): Part<(String, String)>,
    _clerk: Clerk,
) -> Result<Response, Fault> {
    let (id, name) = (id(&case)?, named(&photo)?);
    image(site.ask(move |node| node.photo_thumb(id, name)).await??)
}

/// A reason that was written down.
#[derive(serde::Deserialize)]
pub(crate) struct Granted {
    #[serde(default)]
    grant: String,
}

/// `GET /photos/{case}/{photo}/full`: a draft's, or a case's once after its reason was written down.
pub(crate) async fn full(
    State(site): State<Site>,
    Part((case, photo)): Part<(String, String)>,
    Query(granted): Query<Granted>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let (id, name) = (id(&case)?, named(&photo)?);
    let now = site.node().ports().clock.monotonic_ms();
    let reasoned = site.grants().take(&granted.grant, &clerk.token, id, name, now);
    let full = if reasoned { FullPhoto::Reasoned } else { FullPhoto::OfDraft };
    image(site.ask(move |node| node.photo(id, name, full)).await??)
}
