//! `GET /cases/{case}/papers/{paper}`, the same under `/intake`, and an item's empty form: a paper on its own page, ready
//! to print, on the size of sheet that this browser's printer was last said to hold.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use model::case::Case;
use model::papers::{Desk, Paper as Kind};
use model::record::Record;

use super::show::{Opened, id};
use crate::papers::fill::{Progress, fill};
use crate::papers::{Paper, PaperPage, Size};
use crate::shell::fault::Fault;
use crate::shell::path::{Part, Query};
use crate::shell::session::Clerk;
use crate::{Site, page};

/// Which size of sheet, when it is chosen on the page; and whether it is printed at once, as after an act.
#[derive(serde::Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    size: String,
    #[serde(default)]
    now: String,
}

/// The cookie that remembers it. Says nothing about anybody.
const COOKIE: &str = "sheet";

/// A case's paper.
pub(crate) async fn of_case(
    State(site): State<Site>,
    Part((case, paper)): Part<(String, u8)>,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let back = format!("/cases/{case}");
    sized(of(&site, &case, paper, &clerk).await?, back, &chosen, &headers)
}

/// A draft's paper: what is signed before acceptance, the 一次性告知书. A draft that became a case leads to the case's.
pub(crate) async fn of_draft(
    State(site): State<Site>,
    Part((draft, paper)): Part<(String, u8)>,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let id = id(&draft)?;
    if let Err(case) = site.ask(move |node| node.draft(id)).await?? {
        return Ok(Redirect::to(&format!("/cases/{}/papers/{paper}", case.hex())).into_response());
    }
    let back = format!("/intake/{draft}");
    sized(of(&site, &draft, paper, &clerk).await?, back, &chosen, &headers)
}

/// `GET /items/{code}/form`: the item's form with nothing in it.
pub(crate) async fn blank(
    State(site): State<Site>,
    Part(code): Part<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let node = site.node();
    let (reference, today) = (node.reference(), node.today());
    let version = reference.catalogue.current(&code, today).ok_or(Fault::NotFound)?;
    if version.form.is_empty() {
        return Err(Fault::NotAllowed("这个事项没有申请表，不用填。".to_owned()));
    }
    let (case, _) = Case::read(&Record::default(), Some(version));
    let profile = node.profile(node.station().0);
    let desk = Desk { case: &case, version, profile: &profile, calendar: &reference.calendar };
    let progress = Progress { home: site.progress_home(), clerk: clerk.who.name };
    let mut paper =
        fill(&desk, Kind::Form, today, &progress).map_err(|refusal| Fault::NotAllowed(refusal.message))?;
    paper.number = "受理时填写".to_owned();
    page::show(&PaperPage::of(paper, format!("/items/{code}"), None))
}

async fn of(site: &Site, case: &str, paper: u8, clerk: &Clerk) -> Result<Paper, Fault> {
    let id = id(case)?;
    let kind = Kind::from_code(paper).ok_or(Fault::NotFound)?;
    let (progress, who) =
        (Progress { home: site.progress_home(), clerk: clerk.who.name.clone() }, clerk.who.clone());
    site.ask(move |node| {
        let opened = Opened::read(node, id)?;
        // a village's draft is at the centre to be answered, masked: its papers are the village's to print
        if opened.view.case.received.is_none() && !node.is_draft(id)? {
            return Err(Fault::NotFound);
        }
        let profile = node.profile(opened.view.owner);
        let version = opened.view.version.as_ref().ok_or(Fault::NotFound)?;
        let calendar = &opened.reference.calendar;
        let desk = Desk { case: &opened.view.case, version, profile: &profile, calendar };
        let paper = fill(&desk, kind, opened.today, &progress);
        let paper = paper.map_err(|refusal| Fault::NotAllowed(refusal.message))?;
        // values stand on it whole: who opened it is written down first, as where one is shown on a page
        if opened.view.case.received.is_some() {
            node.open_paper(&who, id, &paper.title_plain)?;
        }
        Ok(paper)
    })
    .await?
}

/// The paper's page, on the size chosen now or before; a choice is kept in the browser.
fn sized(paper: Paper, back: String, chosen: &Chosen, headers: &HeaderMap) -> Result<Response, Fault> {
    let (size, cookie) = sheet_size(chosen, headers);
    let mut shown = PaperPage::of(paper, back, size);
    shown.print_now = chosen.now == "1";
    Ok((cookie, page::show(&shown)?).into_response())
}

/// The size chosen now or before, and the header that keeps a choice.
pub(crate) fn sheet_size(chosen: &Chosen, headers: &HeaderMap) -> (Option<Size>, HeaderMap) {
    let (now, mut answer) = (Size::parse(&chosen.size), HeaderMap::new());
    if let Some(size) = now {
        let cookie = format!("{COOKIE}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict", size.code());
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            answer.append(header::SET_COOKIE, cookie);
        }
    }
    (now.or_else(|| kept(headers)), answer)
}

fn kept(headers: &HeaderMap) -> Option<Size> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, size)| Size::parse(size))
}
