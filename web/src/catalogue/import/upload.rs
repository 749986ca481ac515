//! The file comes in: a form with a file, and the job that reads it.

use std::sync::Arc;

use app::Who;
use askama::Template;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::jobs::{Job, Stage};
use crate::catalogue::only_centre;
use crate::frame::{self, Place};
use crate::shell::body::Oversize;
use crate::shell::fault::Fault;
use crate::shell::session::{Clerk, same};
use crate::view::{Desk, Gap};
use crate::{Site, limit, page};

#[derive(Template)]
#[template(path = "catalogue/upload.html")]
struct UploadPage {
    desk: Desk,
    gaps: Vec<Gap>,
    megabytes: usize,
}

/// A file posted by a signed-in member of staff from a page of this session.
pub(crate) struct Upload {
    clerk: Clerk,
    name: String,
    bytes: Vec<u8>,
}

impl FromRequest<Site> for Upload {
    type Rejection = Fault;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Fault> {
        use axum::extract::FromRequestParts as _;
        let (mut parts, body) = request.into_parts();
        let clerk = Clerk::from_request_parts(&mut parts, site).await?;
        if parts.extensions.get::<Oversize>().is_some() {
            return Err(Fault::FileTooLarge);
        }
        let request = Request::from_parts(parts, body);
        let mut form = Multipart::from_request(request, site).await.map_err(|_no_form| Fault::BadForm)?;
        let (mut token, mut name, mut bytes) = (String::new(), String::new(), Vec::new());
        while let Some(field) = form.next_field().await.map_err(|_broken| Fault::BadForm)? {
            match field.name() {
                Some("csrf") => token = field.text().await.map_err(|_broken| Fault::BadForm)?,
                Some("file") => {
                    let typed = field.file_name().unwrap_or_default();
                    name = typed.chars().filter(|c| !c.is_control()).take(limit::FILE_NAME_CHARS).collect();
                    bytes = field.bytes().await.map_err(|_broken| Fault::BadForm)?.to_vec();
                }
                _ => {}
            }
        }
        if !same(&token, &clerk.csrf) {
            return Err(Fault::NotAllowed(
                "这一页是上次登录时打开的，没有导入。请刷新这一页，再选一次文件。".to_owned(),
            ));
        }
        Ok(Self { clerk, name, bytes })
    }
}

fn built(site: &Site, clerk: &Clerk, gaps: Vec<Gap>) -> UploadPage {
    let desk = frame::desk(site, clerk, Place::Catalogue);
    UploadPage { desk, gaps, megabytes: sheets::limit::FILE_BYTES / (1024 * 1024) }
}

/// Asks for a file.
pub(crate) async fn ask(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    only_centre(&site)?;
    page::show(&built(&site, &clerk, Vec::new()))
}

/// Takes a file and begins to read it.
pub(crate) async fn take(State(site): State<Site>, upload: Upload) -> Result<Response, Fault> {
    only_centre(&site)?;
    let Upload { clerk, name, bytes } = upload;
    if bytes.is_empty() {
        let gap =
            Gap { target: "file".to_owned(), text: "还没选文件，或者文件是空的。".to_owned() };
        return Ok(
            (StatusCode::UNPROCESSABLE_ENTITY, page::show(&built(&site, &clerk, vec![gap]))?).into_response()
        );
    }
    let job = Arc::new(Job::new(clerk.who.staff.clone(), name));
    let key = site.fresh_form();
    site.imports().keep(key.clone(), Arc::clone(&job));
    let reading = site.clone();
    // the page goes on at once; the job tells how far it is
    drop(tokio::task::spawn_blocking(move || read(&reading, &job, &bytes)));
    Ok(Redirect::to(&format!("/catalogue/import/{key}")).into_response())
}

fn read(site: &Site, job: &Job, bytes: &[u8]) {
    let node = site.node();
    let stage = match sheets::import(bytes, node.today(), &|done, total| job.count(done, total)) {
        Err(why) => Stage::Unreadable(why.to_string()),
        Ok(book) if !book.errors.is_empty() => Stage::Wrong(Box::new(book)),
        Ok(book) => match node.plan_landing(&book.versions) {
            Ok(planned) => Stage::Ready(Arc::new(book.versions), planned),
            Err(error) => {
                tracing::error!(%error, "an import was not planned");
                Stage::Unreadable(
                    "盒子读不了现在的事项，什么都没有导入。请再试一次；还不行就打电话给工程师。".to_owned(),
                )
            }
        },
    };
    job.set(stage);
}

/// Who an import belongs to is who uploaded it.
pub(super) fn staff(who: &Who) -> &str {
    &who.staff
}
