//! Photos of a 日常巡查: `POST /registers/matters/{matter}/photos`, by the page's script or a plain form, and the images.

use app::ActError;
use app::cases::{NewPhoto, photo_name, too_large};
use app::matters::{MatterId, MatterView};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use model::matter::Sort;
use model::{FieldErrors, Refusal};
use serde::Serialize;

use super::{id, show};
use crate::cases::photos::add::{by_script, number_of};
use crate::cases::photos::{hex, look};
use crate::cases::words;
use crate::shell::fault::{Fault, note_refused};
use crate::shell::path::Part;
use crate::shell::session::{Clerk, same};
use crate::shell::upload::Upload;
use crate::view::Said;
use crate::{Site, page};

/// What the script calls the one place for photos on this page.
pub(super) const OF: &str = "round";

/// A photo on the page.
pub(super) struct Shot {
    pub(super) href: String,
    pub(super) label: String,
    pub(super) note: String,
}

/// The photos of a round; none for other sorts, which have no place for them.
pub(super) fn shots(view: &MatterView) -> Option<Vec<Shot>> {
    let shot = |(place, done): (usize, &model::case::Done<model::matter::event::Pictured>)| Shot {
        href: format!("/registers/matters/{}/photos/{}", view.id.hex(), hex(&done.what.photo)),
        label: format!("巡查照片 第 {} 张", place + 1),
        note: format!("{}　{}", words::moment(done.mark.stamp.wall), done.mark.stamp.name),
    };
    (view.matter.sort() == Sort::Round).then(|| view.matter.photos.iter().enumerate().map(shot).collect())
}

#[derive(Serialize)]
struct Now {
    message: String,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    id: &'static str,
    count: usize,
    html: String,
}

/// Where a sign-in leads back to whose session ended before the file was posted.
pub(super) async fn again(Part(matter): Part<String>) -> Redirect {
    Redirect::to(&format!("/registers/matters/{matter}"))
}

/// `POST /registers/matters/{matter}/photos`.
pub(super) async fn add(
    State(site): State<Site>,
    Part(matter): Part<String>,
    clerk: Clerk,
    headers: HeaderMap,
    upload: Upload,
) -> Result<Response, Fault> {
    let of = id(&matter)?;
    let refused = if let Some(bytes) = upload.oversize {
        Some(too_large(bytes))
    } else if !same(upload.fields.get("csrf"), &clerk.csrf) {
        Some(Refusal::because("这一页是上次登录时打开的，照片没有存。请再选一次。"))
    } else {
        taken(&site, &clerk, of, upload).await?
    };
    if let Some(refusal) = &refused {
        note_refused("round photo", &FieldErrors::default());
        if !by_script(&headers) {
            let said = Said { kind: "amber", text: refusal.message.clone() };
            let shown = show::built(&site, &clerk, of, Some(said)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&shown)?).into_response());
        }
    } else if !by_script(&headers) {
        return Ok(Redirect::to(&format!("/registers/matters/{matter}")).into_response());
    }
    let view = site.ask(move |node| node.matter(of)).await??;
    let shots = shots(&view).unwrap_or_default();
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let html = show::shots_html(&shots)?;
    let now = Now {
        message: refused.map(|refusal| refusal.message).unwrap_or_default(),
        groups: vec![Group { id: OF, count: shots.len(), html }],
    };
    Ok((status, Json(now)).into_response())
}

/// Takes the files one after another; the first that is refused ends it.
async fn taken(site: &Site, clerk: &Clerk, of: MatterId, upload: Upload) -> Result<Option<Refusal>, Fault> {
    let form = upload.fields.get("once").to_owned();
    let new: Vec<NewPhoto> = crate::cases::photos::add::photos(upload);
    if new.is_empty() {
        return Ok(Some(Refusal::because("还没选照片。请先点“选照片”，再点“加照片”。")));
    }
    let by = clerk.clone();
    let done = site
        .ask(move |node| {
            for (place, photo) in new.iter().enumerate() {
                let number = number_of(&by, &of.hex(), &form, place, photo);
                let node = number.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
                node.add_matter_photo(&by.who, of, photo)?;
            }
            Ok(())
        })
        .await?;
    match done {
        Ok(()) => Ok(None),
        Err(ActError::Refused(refusal)) => Ok(Some(refusal)),
        Err(error) => Err(error.into()),
    }
}

/// `GET /registers/matters/{matter}/photos/{photo}`.
pub(super) async fn full(
    State(site): State<Site>,
    Part((matter, photo)): Part<(String, String)>,
    _clerk: Clerk,
) -> Result<Response, Fault> {
    image(&site, &matter, &photo, false).await
}

/// The small one of it.
pub(super) async fn small(
    State(site): State<Site>,
    Part((matter, photo)): Part<(String, String)>,
    _clerk: Clerk,
) -> Result<Response, Fault> {
    image(&site, &matter, &photo, true).await
}

async fn image(site: &Site, matter: &str, photo: &str, small: bool) -> Result<Response, Fault> {
    let (of, name) = (id(matter)?, photo_name(photo).ok_or(Fault::NotFound)?);
    look::image(site.ask(move |node| node.matter_photo(of, name, small)).await??)
}
