//! `POST /photos/{case}`: files of a form, or one that the page's script has reduced; `GET /photos/{case}/list`: what there is
//! now, for a page that waits for a phone.

use app::ActError;
use app::cases::{CaseId, NewPhoto, photo_name, too_large};
use askama::Template as _;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use model::{FieldErrors, Refusal};
use serde::Serialize;

use super::{ShotsPart, Told, built, listed, read};
use crate::cases::show::id;
use crate::shell::fault::{Fault, note_refused};
use crate::shell::path::Part;
use crate::shell::session::{Clerk, same};
use crate::shell::upload::Upload;
use crate::view::{Gap, Said};
use crate::{Site, page};

/// What the script is told.
#[derive(Serialize)]
struct Now {
    /// Why the photo was not taken; empty when it was.
    message: String,
    /// The last photo that was added.
    last: String,
    groups: Vec<Part_>,
    /// How long the phone's code still opens; empty when none is out.
    phone: String,
}

/// The photos of a material.
#[derive(Serialize)]
struct Part_ {
    id: String,
    count: usize,
    html: String,
}

async fn now(site: &Site, id: CaseId, message: String) -> Result<Json<Now>, Fault> {
    let (last, code, groups) = site
        .ask(move |node| {
            let view = read(node, id)?.map_err(|_case| Fault::NotFound)?;
            let (code, (_, groups)) = (node.phone_code(view.id), listed(node, &view)?);
            let last = node.case(id)?.case.photos.last().map(|photo| super::hex(&photo.what.photo));
            Ok::<_, Fault>((last.unwrap_or_default(), code, groups))
        })
        .await??;
    let mut parts = Vec::new();
    for group in groups {
        let html = ShotsPart { group: &group }.render();
        let html = html.map_err(|_fault| Fault::Defect("a part did not render"))?;
        parts.push(Part_ { count: group.shots.len(), html, id: group.id });
    }
    Ok(Json(Now {
        message,
        last,
        groups: parts,
        phone: code.map(|code| super::left(code.left_ms)).unwrap_or_default(),
    }))
}

/// `GET /photos/{case}/list`.
pub(crate) async fn list(
    State(site): State<Site>,
    Part(case): Part<String>,
    _clerk: Clerk,
) -> Result<Response, Fault> {
    Ok(now(&site, id(&case)?, String::new()).await?.into_response())
}

/// Whether the script asks, which wants no page.
pub(crate) fn by_script(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("json"))
}

/// The photos of an upload: each file, and the thumbnail that came with a single one.
pub(crate) fn photos(upload: Upload) -> Vec<NewPhoto> {
    let material = upload.fields.get("material").to_owned();
    let instead = photo_name(upload.fields.get("instead"));
    let (thumbs, files): (Vec<_>, Vec<_>) = upload.files.into_iter().partition(|file| file.field == "thumb");
    let thumb = if files.len() == 1 { thumbs.into_iter().next() } else { None };
    let mut thumb = thumb.map(|file| file.bytes);
    let one = |file: crate::shell::upload::File| NewPhoto {
        material: material.clone(),
        file: file.bytes,
        thumb: thumb.take(),
        instead,
    };
    files.into_iter().map(one).collect()
}

/// Why nothing can be taken from an upload.
pub(super) fn nothing(upload: &Upload) -> Option<Refusal> {
    if let Some(bytes) = upload.oversize {
        return Some(too_large(bytes));
    }
    let none = || Refusal::field("photo", "照片", "还没选照片。请先点“选照片”，再点“加照片”。");
    upload.files.iter().all(|file| file.field == "thumb").then(none)
}

/// The number of one file of a form, and what it holds: sent again it is not added again.
pub(crate) fn number_of(
    clerk: &Clerk,
    case: &str,
    form: &str,
    place: usize,
    photo: &NewPhoto,
) -> Option<([u8; 16], [u8; 16])> {
    let mut number: [u8; 16] = data_encoding::HEXLOWER.decode(form.as_bytes()).ok()?.try_into().ok()?;
    let [first, ..] = &mut number;
    *first ^= u8::try_from(place).unwrap_or(u8::MAX);
    let hash = canon::hash("web photo content", |out| {
        out.str(&clerk.token).str(case).str(&photo.material).bytes(&photo.file);
    });
    Some((number, hash.first_chunk().copied().unwrap_or_default()))
}

/// What was refused of several files: which, and why.
fn told(refused: Vec<(usize, Refusal)>, count: usize) -> Vec<Gap> {
    let words = |(place, refusal): (usize, Refusal)| {
        let text = if count > 1 {
            format!("第 {} 个文件：{}", place + 1, refusal.message)
        } else {
            refusal.message
        };
        Gap { target: String::new(), text }
    };
    refused.into_iter().map(words).collect()
}

/// `POST /photos/{case}`.
pub(crate) async fn add(
    State(site): State<Site>,
    Part(case): Part<String>,
    clerk: Clerk,
    headers: HeaderMap,
    upload: Upload,
) -> Result<Response, Fault> {
    let id = id(&case)?;
    if upload.oversize.is_none() && !same(upload.fields.get("csrf"), &clerk.csrf) {
        let words = "这一页是上次登录时打开的，照片没有存。请再选一次。".to_owned();
        return answer(
            &site,
            &clerk,
            id,
            &headers,
            StatusCode::CONFLICT,
            vec![Gap { target: String::new(), text: words }],
        )
        .await;
    }
    if let Some(refusal) = nothing(&upload) {
        note_refused("photo", &refusal.fields);
        let status = if upload.oversize.is_some() {
            StatusCode::PAYLOAD_TOO_LARGE
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        return answer(&site, &clerk, id, &headers, status, told(vec![(0, refusal)], 1)).await;
    }
    let form = upload.fields.get("once").to_owned();
    let material = upload.fields.get("material").to_owned();
    let new = photos(upload);
    let (count, who, by) = (new.len(), clerk.who.clone(), clerk.clone());
    let refused = site
        .ask(move |node| {
            let mut refused = Vec::new();
            for (place, mut photo) in new.into_iter().enumerate() {
                let number = number_of(&by, &case, &form, place, &photo);
                let (of, material) = node.photo_place(id, &photo.material)?;
                photo.material = material;
                let node = number.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
                match node.add_photo(&who, of, photo) {
                    Ok(_) => {}
                    Err(ActError::Refused(refusal)) => refused.push((place, refusal)),
                    Err(error) => return Err(error),
                }
            }
            Ok(refused)
        })
        .await??;
    if refused.is_empty() && !by_script(&headers) {
        return Ok(Redirect::to(&format!("/photos/{}#m-{material}", id.hex())).into_response());
    }
    let status = if refused.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    if !refused.is_empty() {
        note_refused("photo", &FieldErrors::default());
    }
    answer(&site, &clerk, id, &headers, status, told(refused, count)).await
}

async fn answer(
    site: &Site,
    clerk: &Clerk,
    id: CaseId,
    headers: &HeaderMap,
    status: StatusCode,
    gaps: Vec<Gap>,
) -> Result<Response, Fault> {
    if by_script(headers) {
        let message = gaps.into_iter().map(|gap| gap.text).collect::<Vec<_>>().join(" ");
        return Ok((status, now(site, id, message).await?).into_response());
    }
    let said = vec![Said { kind: "amber", text: "填过的、加好的都还在。".to_owned() }];
    match built(site, clerk, id, Told { said, gaps }).await? {
        Ok(photos) => Ok((status, page::show(&photos)?).into_response()),
        Err(case) => Ok(Redirect::to(&format!("/photos/{}", case.hex())).into_response()),
    }
}
