//! An import as its page shows it: how far it is, what is wrong, what it would change, what came of it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use app::ActError;
use app::authoring::{Fate, Landing};
use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::catalogue::check::{Severity, check};
use model::item::Version;

use super::jobs::{Job, Stage};
use super::upload::staff;
use crate::catalogue::{date, gaps, only_centre};
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk};
use crate::view::{Desk, Field, Gap, Tag};
use crate::{Site, limit, page};

/// What stands on the page.
enum Shown {
    Running { what: &'static str, done: usize, total: usize },
    Unreadable(String),
    Wrong { count: usize, rows: Vec<(&'static str, u32, String, String)> },
    Ready(Box<Ready>),
    Landed { count: usize, drafts: bool },
}

struct Ready {
    new: usize,
    changed: usize,
    same: usize,
    /// Code, name, what becomes of it.
    lines: Vec<(String, String, Tag)>,
    more: usize,
    drafted: usize,
    stops: Vec<(String, String)>,
    warns: Vec<(String, String)>,
    fields: Vec<Field>,
    despite: bool,
    why: Field,
    once: String,
}

#[derive(Template)]
#[template(path = "catalogue/import.html")]
struct ImportPage {
    desk: Desk,
    file: String,
    path: String,
    gaps: Vec<Gap>,
    shown: Shown,
}

/// What the polling script reads.
#[derive(serde::Serialize)]
pub(crate) struct Progress {
    running: bool,
    done: usize,
    total: usize,
}

fn job(site: &Site, clerk: &Clerk, name: &str) -> Result<Arc<Job>, Fault> {
    only_centre(site)?;
    site.imports().find(name, staff(&clerk.who)).ok_or(Fault::NotFound)
}

fn found(versions: &[Version], severity: Severity) -> Vec<(String, String)> {
    let all = versions.iter().flat_map(|version| {
        let own = check(version).into_iter().filter(move |finding| finding.severity == severity);
        own.map(|finding| (format!("{} {}", version.code, finding.field), finding.words))
    });
    all.take(limit::FINDINGS_SHOWN).collect()
}

fn ready(
    site: &Site,
    versions: &[Version],
    planned: &[app::authoring::Planned],
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Ready {
    let count = |wanted: fn(&Fate) -> bool| planned.iter().filter(|one| wanted(&one.fate)).count();
    let error = |name: &str| refusal.and_then(|refusal| refusal.fields.of(name)).map(str::to_owned);
    let (mut lines, mut news) = (Vec::new(), Vec::new());
    for (one, version) in planned.iter().zip(versions).filter(|(one, _)| one.fate != Fate::Same) {
        news.push(version.clone());
        let tag = match one.fate {
            Fate::New => Tag::new("blue", "新增"),
            Fate::Changed(count) => Tag::new("amber", format!("改 {count} 处")),
            Fate::Same => Tag::new("", "没变"),
        };
        lines.push((one.code.clone(), one.name.clone(), tag));
    }
    let more = lines.len().saturating_sub(limit::FINDINGS_SHOWN);
    lines.truncate(limit::FINDINGS_SHOWN);
    let day = if typed.has("effective") {
        typed.get("effective").to_owned()
    } else {
        site.node().today().to_string()
    };
    Ready {
        new: count(|fate| *fate == Fate::New),
        changed: count(|fate| matches!(fate, Fate::Changed(_))),
        same: count(|fate| *fate == Fate::Same),
        lines,
        more,
        drafted: planned.iter().filter(|one| one.drafted && one.fate != Fate::Same).count(),
        stops: found(&news, Severity::Refuse),
        warns: found(&news, Severity::Warn),
        fields: vec![
            Field::text("effective", "生效日期", day).hint("今天或以后").max(20).error(error("effective")),
            Field::area("note", "发布说明", typed.get("note"))
                .hint("改了什么、为什么")
                .max(300)
                .error(error("note")),
        ],
        despite: typed.has("despite"),
        why: Field::area("why", "仍要发布的原因", typed.get("why"))
            .max(300)
            .error(error("why").or_else(|| error("despite"))),
        once: site.fresh_form(),
    }
}

fn built(
    site: &Site,
    clerk: &Clerk,
    name: &str,
    job: &Job,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> ImportPage {
    let (done, total) = job.counts();
    let shown = match &*job.stage() {
        Stage::Reading => Shown::Running { what: "正在读", done, total },
        Stage::Landing => Shown::Running { what: "正在导入", done, total },
        Stage::Unreadable(why) => Shown::Unreadable(why.clone()),
        Stage::Landed(count, drafts) => Shown::Landed { count: *count, drafts: *drafts },
        Stage::Wrong(book) => {
            let row = |error: &sheets::RowError| {
                (error.table.name(), error.row, error.column.clone(), error.words.clone())
            };
            Shown::Wrong {
                count: book.errors.len(),
                rows: book.errors.iter().take(limit::ERRORS_SHOWN).map(row).collect(),
            }
        }
        Stage::Ready(versions, planned) => {
            Shown::Ready(Box::new(ready(site, versions, planned, typed, refusal)))
        }
    };
    ImportPage {
        desk: frame::desk(site, clerk, Place::Catalogue),
        file: job.file.clone(),
        path: format!("/catalogue/import/{name}"),
        gaps: refusal.map(gaps).unwrap_or_default(),
        shown,
    }
}

/// The page.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(name): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let job = job(&site, &clerk, &name)?;
    let shown = site.clone();
    // checking five hundred items is work
    let page = site.ask(move |_| built(&shown, &clerk, &name, &job, &Fields::default(), None)).await?;
    page::show(&page)
}

/// How far it is, for the script.
pub(crate) async fn state(
    State(site): State<Site>,
    Part(name): Part<String>,
    clerk: Clerk,
) -> Result<Json<Progress>, Fault> {
    let job = job(&site, &clerk, &name)?;
    let running = matches!(&*job.stage(), Stage::Reading | Stage::Landing);
    let (done, total) = job.counts();
    Ok(Json(Progress { running, done, total }))
}

/// The workbook given back with its errors.
pub(crate) async fn errors(
    State(site): State<Site>,
    Part(name): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let job = job(&site, &clerk, &name)?;
    let bytes = site
        .ask(move |node| match &*job.stage() {
            Stage::Wrong(book) => Some(sheets::annotate(&book.sheets, &book.errors, node.today())),
            Stage::Reading | Stage::Unreadable(_) | Stage::Ready(..) | Stage::Landing | Stage::Landed(..) => {
                None
            }
        })
        .await?;
    let bytes =
        bytes.ok_or(Fault::NotFound)?.map_err(|_fault| Fault::Defect("a workbook was not written"))?;
    Ok(workbook(
        bytes,
        "attachment; filename=\"errors.xlsx\"; filename*=UTF-8''%E4%BA%8B%E9%A1%B9-%E6%9C%89%E9%94%99.xlsx",
    ))
}

/// A workbook as a download.
pub(in crate::catalogue) fn workbook(bytes: Vec<u8>, disposition: &'static str) -> Response {
    let mut response = bytes.into_response();
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    response
}

fn landing(fields: &Fields) -> Result<Landing, Fault> {
    match fields.get("do") {
        "draft" => Ok(Landing::Drafts),
        "publish" => Ok(Landing::Publish {
            effective: date(fields.get("effective")),
            note: fields.get("note").to_owned(),
            despite: fields.has("despite"),
            why: fields.get("why").to_owned(),
        }),
        _ => Err(Fault::BadForm),
    }
}

/// Takes it in, as drafts or published. What is missing is told before anything begins to be written.
pub(crate) async fn land(
    State(site): State<Site>,
    Part(name): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let job = job(&site, &clerk, &name)?;
    let (landing, path) = (landing(&fields)?, format!("/catalogue/import/{name}"));
    let versions = {
        let mut stage = job.stage();
        // a second press finds it under way or done
        let Stage::Ready(versions, _) = &*stage else { return Ok(Redirect::to(&path).into_response()) };
        let versions = Arc::clone(versions);
        let planned = match std::mem::replace(&mut *stage, Stage::Landing) {
            Stage::Ready(_, planned) => planned,
            Stage::Reading | Stage::Unreadable(_) | Stage::Wrong(_) | Stage::Landing | Stage::Landed(..) => {
                Vec::new()
            }
        };
        job.total.store(versions.len(), Ordering::Relaxed);
        job.done.store(0, Ordering::Relaxed);
        (versions, planned)
    };
    let (versions, planned) = versions;
    let (who, drafts, working) = (clerk.who.clone(), matches!(landing, Landing::Drafts), Arc::clone(&job));
    let landed = tokio::task::spawn_blocking({
        let node = site.node().clone();
        let versions = Arc::clone(&versions);
        move || {
            let done = node.land_items(&who, versions.clone(), landing, Arc::clone(&working.done));
            match &done {
                Ok(count) => working.set(Stage::Landed(*count, drafts)),
                Err(_nothing_written) => working.set(Stage::Ready(versions, planned)),
            }
            done
        }
    });
    // what is refused is refused at once; what takes longer is told by its own page
    match tokio::time::timeout(limit::LANDING_SOON, landed).await {
        Ok(Ok(Err(ActError::Refused(refusal)))) => {
            note_refused("import", &refusal.fields);
            let shown = site.clone();
            let page = site.ask(move |_| built(&shown, &clerk, &name, &job, &fields, Some(&refusal))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&page)?).into_response())
        }
        Ok(Ok(Err(error))) => Err(error.into()),
        Ok(Err(_panicked)) => Err(Fault::Defect("an import panicked")),
        Ok(Ok(Ok(_))) | Err(_) => Ok(Redirect::to(&path).into_response()),
    }
}
