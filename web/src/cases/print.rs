//! `GET /cases/{case}/papers/{paper}` and the same under `/intake`: a paper on its own page, ready to print.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::papers::{Desk, Paper as Kind};

use super::show::{Opened, id};
use crate::papers::PaperPage;
use crate::papers::fill::{Progress, fill};
use crate::shell::fault::Fault;
use crate::shell::path::Part;
use crate::shell::session::Clerk;
use crate::{Site, page};

/// A case's paper.
pub(crate) async fn of_case(
    State(site): State<Site>,
    Part((case, paper)): Part<(String, u8)>,
    _clerk: Clerk,
) -> Result<Response, Fault> {
    let back = format!("/cases/{case}");
    shown(&site, &case, paper, back).await
}

/// A draft's paper: the 申请表 to be signed, the 一次性告知书. A draft that became a case leads to the case's.
pub(crate) async fn of_draft(
    State(site): State<Site>,
    Part((draft, paper)): Part<(String, u8)>,
    _clerk: Clerk,
) -> Result<Response, Fault> {
    let id = id(&draft)?;
    if let Err(case) = site.ask(move |node| node.draft(id)).await?? {
        return Ok(Redirect::to(&format!("/cases/{}/papers/{paper}", case.hex())).into_response());
    }
    let back = format!("/intake/{draft}");
    shown(&site, &draft, paper, back).await
}

async fn shown(site: &Site, case: &str, paper: u8, back: String) -> Result<Response, Fault> {
    let id = id(case)?;
    let kind = Kind::from_code(paper).ok_or(Fault::NotFound)?;
    let home = site.progress_home();
    let paper = site
        .ask(move |node| {
            let opened = Opened::read(node, id)?;
            let profile = node.profile(opened.view.owner);
            let version = opened.view.version.as_ref().ok_or(Fault::NotFound)?;
            let desk = Desk { case: &opened.view.case, version, profile: &profile };
            fill(&desk, kind, opened.today, &Progress { home })
                .map_err(|refusal| Fault::NotAllowed(refusal.message))
        })
        .await??;
    page::show(&PaperPage::of(paper, back))
}
