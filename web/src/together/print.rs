//! All papers of a package on one page: the forms before, the papers for the applicant after.

use app::cases::CaseId;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::papers::{Desk, GapNotice, Paper as Kind};

use crate::cases::print::{Chosen, sheet_size};
use crate::cases::show::{Opened, id};
use crate::papers::fill::{Progress, fill, joint_notice};
use crate::papers::{ManyPapers, Paper};
use crate::shell::fault::Fault;
use crate::shell::path::{Part, Query};
use crate::shell::session::Clerk;
use crate::{Site, page};

/// The papers that an applicant takes along, in their order.
pub(crate) const HANDED: [Kind; 5] =
    [Kind::Acceptance, Kind::Receipt, Kind::Mandate, Kind::Deferral, Kind::Promise];

/// `GET /together/{draft}/forms`: every item's 申请表, filled in.
pub(crate) async fn forms(
    State(site): State<Site>,
    Part(draft): Part<String>,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let lead = id(&draft)?;
    let progress = Progress { home: site.progress_home(), clerk: clerk.who.name.clone() };
    let made = site
        .ask(move |node| {
            let drafts = match node.together(lead)? {
                Ok(drafts) => drafts.drafts,
                Err(case) => return Ok(Err(case)),
            };
            let with_form = drafts.into_iter().filter(|view| {
                view.version
                    .as_ref()
                    .is_some_and(|v| v.form_for(view.case.filing.scenario()).next().is_some())
            });
            let opened: Vec<Opened> = with_form.map(|view| Opened::of(node, view)).collect();
            let papers = opened.iter().map(|one| paper(node, one, Kind::Form, &progress));
            papers.collect::<Result<Vec<_>, Fault>>().map(Ok)
        })
        .await??;
    match made {
        Ok(papers) if papers.is_empty() => {
            Err(Fault::NotAllowed("这个套餐里的事项都没有申请表，不用填。".to_owned()))
        }
        Ok(papers) => {
            let (size, cookie) = sheet_size(&chosen, &headers);
            let back = (format!("/together/{draft}"), "回收件");
            Ok((cookie, page::show(&ManyPapers::of("申请表", papers, back, size))?).into_response())
        }
        Err(case) => Ok(Redirect::to(&format!("/cases/{}", case.hex())).into_response()),
    }
}

/// `GET /together/{draft}/notice`: one 一次性告知书 of everything that the items lack.
pub(crate) async fn notice(
    State(site): State<Site>,
    Part(draft): Part<String>,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
    _clerk: Clerk,
) -> Result<Response, Fault> {
    let lead = id(&draft)?;
    let made = site
        .ask(move |node| {
            let drafts = match node.together(lead)? {
                Ok(drafts) => drafts,
                Err(case) => return Ok::<_, Fault>(Err(case)),
            };
            let name = drafts.package.name.clone();
            let opened: Vec<Opened> = drafts.drafts.into_iter().map(|view| Opened::of(node, view)).collect();
            Ok(Ok(joint_notice(
                &name,
                &opened.iter().filter_map(|one| missing(node, one)).collect::<Vec<_>>(),
            )))
        })
        .await??;
    match made {
        Ok(Some(paper)) => {
            let (size, cookie) = sheet_size(&chosen, &headers);
            let back = (format!("/together/{draft}"), "回收件");
            Ok((cookie, page::show(&ManyPapers::of("一次性告知书", vec![paper], back, size))?)
                .into_response())
        }
        Ok(None) => Err(Fault::NotAllowed("还没出过一次性告知书。请在收件页按 Ctrl+B。".to_owned())),
        Err(case) => Ok(Redirect::to(&format!("/cases/{}", case.hex())).into_response()),
    }
}

/// What one of the items was told that it lacks; nothing of one that lacks nothing now.
fn missing(node: &app::Node, opened: &Opened) -> Option<(String, GapNotice)> {
    let version = opened.view.version.as_ref()?;
    let profile = node.profile(opened.view.owner);
    let calendar = &opened.reference.calendar;
    let checked = opened.view.case.filing.check(version, opened.today);
    if checked.gaps.is_empty() && checked.errors.is_empty() {
        return None;
    }
    let desk = Desk { case: &opened.view.case, version, profile: &profile, calendar };
    Some((version.name.clone(), desk.one_time_notice().ok()?))
}

/// `GET /cases/{case}/papers`: what the applicant takes along of this case and of those taken with it.
pub(crate) async fn all(
    State(site): State<Site>,
    Part(case): Part<String>,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let of = id(&case)?;
    let (progress, who) =
        (Progress { home: site.progress_home(), clerk: clerk.who.name.clone() }, clerk.who.clone());
    let papers = site
        .ask(move |node| {
            let first = Opened::read(node, of)?;
            if first.view.case.received.is_none() {
                return Err(Fault::NotFound);
            }
            let mut ids: Vec<CaseId> = node.sisters(&first.view)?.iter().map(|line| line.id).collect();
            ids.push(of);
            let mut opened =
                ids.into_iter().map(|id| Opened::read(node, id)).collect::<Result<Vec<_>, _>>()?;
            opened.sort_by(|a, b| a.view.case.number().cmp(&b.view.case.number()));
            let mut papers = Vec::new();
            for one in &opened {
                let there = one.told().printable();
                for kind in HANDED.into_iter().filter(|kind| there.contains(kind)) {
                    let paper = paper(node, one, kind, &progress)?;
                    // as where one is opened alone: values stand on it whole
                    node.open_paper(&who, one.view.id, &paper.title_plain)?;
                    papers.push(paper);
                }
            }
            Ok(papers)
        })
        .await??;
    if papers.is_empty() {
        return Err(Fault::NotAllowed("还没有要交给申请人的文书，受理以后再打印。".to_owned()));
    }
    let (size, cookie) = sheet_size(&chosen, &headers);
    let back = (format!("/cases/{case}"), "回办件");
    Ok((cookie, page::show(&ManyPapers::of("全部文书", papers, back, size))?).into_response())
}

fn paper(node: &app::Node, opened: &Opened, kind: Kind, progress: &Progress) -> Result<Paper, Fault> {
    let profile = node.profile(opened.view.owner);
    let version = opened.view.version.as_ref().ok_or(Fault::NotFound)?;
    let calendar = &opened.reference.calendar;
    let desk = Desk { case: &opened.view.case, version, profile: &profile, calendar };
    fill(&desk, kind, opened.today, progress).map_err(|refusal| Fault::NotAllowed(refusal.message))
}
