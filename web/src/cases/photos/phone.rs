//! `POST /photos/{case}/phone`: a code for the clerk's phone is put out or taken back. `/p/{token}`: the one page it opens,
//! on the box's own address and on the residents' one: it adds photos to one draft and shows nothing of anybody.

use app::cases::{CaseView, PhoneRefusal};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Extension, Json};
use model::FieldErrors;
use serde::Serialize;

use super::add::{by_script, nothing, photos};
use super::{Group, listed};
use crate::cases::show::id;
use crate::shell::fault::{Fault, note_refused};
use crate::shell::guard::Peer;
use crate::shell::path::Part;
use crate::shell::session::Act;
use crate::shell::upload::Upload;
use crate::view::Gap;
use crate::{Site, page};

/// The phone's page. It names the item and its materials, nobody and no number.
#[derive(Template)]
#[template(path = "residents/camera.html")]
pub(crate) struct CameraPage {
    place: String,
    large: bool,
    token: String,
    item: String,
    gaps: Vec<Gap>,
    groups: Vec<Group>,
    /// Why it does not open; empty when it does.
    shut: String,
}

/// What the phone's script is told.
#[derive(Serialize)]
struct Counts {
    message: String,
    groups: Vec<Count>,
}

/// How many photos of a material there are.
#[derive(Serialize)]
struct Count {
    id: String,
    count: usize,
}

/// Puts a code out, or takes it back.
pub(crate) async fn turn(
    State(site): State<Site>,
    Part(case): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let (id, close) = (id(&case)?, fields.get("do") == "close");
    let who = clerk.who;
    site.ask(move |node| {
        if close {
            node.close_phone(id);
            return Ok(());
        }
        node.open_phone(&who, id)
    })
    .await??;
    Ok(Redirect::to(&format!("/photos/{case}#phone")).into_response())
}

/// What the phone may see: the item's or the package's name, and the materials.
type Seen = (String, Vec<Group>);

fn built(site: &Site, token: &str, seen: Seen, gaps: Vec<Gap>, shut: String) -> CameraPage {
    let (item, groups) = seen;
    CameraPage { place: site.node().name(), large: false, token: token.to_owned(), item, gaps, groups, shut }
}

/// A page, or a word for the script, that says why the phone is not let in.
fn refused(site: &Site, headers: &HeaderMap, refusal: PhoneRefusal) -> Result<Response, Fault> {
    let (status, reason, words) = match refusal {
        PhoneRefusal::Wrong => {
            let words = "这个二维码用不了了：收件了、收回了，或者过了半小时。请在电脑上按 F4，再扫一次。";
            (StatusCode::NOT_FOUND, "phone code wrong", words.to_owned())
        }
        PhoneRefusal::Wait(ms) => {
            let words = format!("试错了好几次，请等 {} 秒再扫。", ms.div_ceil(1000));
            (StatusCode::TOO_MANY_REQUESTS, "phone throttled", words)
        }
        PhoneRefusal::Act(error) => return Err(error.into()),
    };
    note_refused(reason, &FieldErrors::default());
    if by_script(headers) {
        return Ok((status, Json(Counts { message: words, groups: Vec::new() })).into_response());
    }
    Ok((status, page::show(&built(site, "", Seen::default(), Vec::new(), words))?).into_response())
}

fn seen(node: &app::Node, view: &CaseView) -> Result<Seen, PhoneRefusal> {
    Ok(listed(node, view)?)
}

/// `GET /p/{token}`.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(token): Part<String>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let asked = token.clone();
    match site.ask(move |node| seen(node, &node.by_phone(&asked, &peer.source())?)).await? {
        Ok(seen) => page::show(&built(&site, &token, seen, Vec::new(), String::new())),
        Err(refusal) => refused(&site, &headers, refusal),
    }
}

/// `POST /p/{token}`.
pub(crate) async fn add(
    State(site): State<Site>,
    Part(token): Part<String>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    upload: Upload,
) -> Result<Response, Fault> {
    let mut told: Vec<String> = nothing(&upload).into_iter().map(|refusal| refusal.message).collect();
    let mut status = if upload.oversize.is_some() { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::OK };
    let new = photos(upload);
    let asked = token.clone();
    let done = site
        .ask(move |node| {
            let source = peer.source();
            for photo in new {
                match node.add_by_phone(&asked, &source, photo) {
                    Ok(_) => {}
                    Err(PhoneRefusal::Act(app::ActError::Refused(refusal))) => told.push(refusal.message),
                    Err(refusal) => return Err(refusal),
                }
            }
            Ok((seen(node, &node.by_phone(&asked, &source)?)?, told))
        })
        .await?;
    let (seen, told) = match done {
        Ok(done) => done,
        Err(refusal) => return refused(&site, &headers, refusal),
    };
    if !told.is_empty() {
        note_refused("photo", &FieldErrors::default());
        if status == StatusCode::OK {
            status = StatusCode::UNPROCESSABLE_ENTITY;
        }
    }
    if by_script(&headers) {
        let count = |group: Group| Count { count: group.shots.len(), id: group.id };
        let groups = seen.1.into_iter().map(count).collect();
        return Ok((status, Json(Counts { message: told.join(" "), groups })).into_response());
    }
    if told.is_empty() {
        return Ok(Redirect::to(&format!("/p/{token}")).into_response());
    }
    let gaps = told.into_iter().map(|text| Gap { target: String::new(), text }).collect();
    Ok((status, page::show(&built(&site, &token, seen, gaps, String::new()))?).into_response())
}
