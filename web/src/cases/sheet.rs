//! `/hand-over`: several cases handed over in one go. A station ticks what goes to the township, registers 转交 for all and
//! prints the 综窗受理交接单; the centre ticks results that go back and prints the 办结证件交接单.

use app::cases::{CaseId, CaseView, FORM, Filter};
use app::views::Hands;
use app::{ActError, Node};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::case::event::{HandedOver, Kind, Payload as _, What};
use model::case::{Outcome, Stage, Verdict};
use model::papers::{Desk as PaperDesk, SheetLine};

use super::perform::once;
use super::show::id;
use super::words;
use crate::frame::{self, Place};
use crate::papers::PaperPage;
use crate::papers::fill::{Sheet, sheet};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::Query;
use crate::shell::session::{Act, Clerk};
use crate::view::{Desk, Field, Gap};
use crate::{Site, limit, page};

#[derive(Template)]
#[template(path = "cases/sheet.html")]
struct SheetPage {
    desk: Desk,
    title: &'static str,
    lead: &'static str,
    registers: bool,
    once: String,
    gaps: Vec<Gap>,
    receiver: Field,
    rows: Vec<Row>,
    more: Option<String>,
}

struct Row {
    id: String,
    on: bool,
    number: String,
    who: String,
    item: String,
    note: String,
    href: String,
}

/// Where in the list.
#[derive(serde::Deserialize)]
pub(crate) struct Where {
    #[serde(default)]
    after: String,
}

/// What this box hands over: papers up, or results down.
fn which(node: &Node) -> Sheet {
    if node.is_centre() { Sheet::Results } else { Sheet::Papers }
}

/// Papers that are ready to go to the township, or a result that is ready to go back.
fn waits(node: &Node, view: &CaseView) -> bool {
    let case = &view.case;
    match which(node) {
        Sheet::Papers => {
            let may =
                case.judge(&HandedOver { receiver: String::new(), on: node.today() }.into(), view.owner);
            may == Verdict::Applies
                && case.of_no_use(Kind::HandedOver, view.owner).is_none()
                && (case.on_behalf.is_some() || case.turn() == model::case::Turn::Centre)
        }
        Sheet::Results => {
            let outcome = case.outcome.as_ref().map(|(outcome, ..)| *outcome);
            let decided =
                matches!(outcome, Some(Outcome::Approved | Outcome::Refused | Outcome::NotAccepted));
            decided && case.ready.is_none() && view.owner != 0 && case.stage() != Stage::Revoked
        }
    }
}

/// The page that asks which.
pub(crate) async fn ask(
    State(site): State<Site>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    page::show(&drawn(&site, &clerk, &place.after, None, None).await?)
}

/// Registers 转交 for the ticked ones and leads to their list.
pub(crate) async fn register(
    State(site): State<Site>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let (who, typed) = (clerk.who.clone(), fields.clone());
    let form = once(&clerk, "", "hand-over", &fields);
    let done = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            if node.is_centre() {
                return Err(Refusal::because("镇中心不用转交，请直接打印交接单。").into());
            }
            node.hand_over_many(&who, ids(&typed), typed.get("receiver").to_owned())
        })
        .await?;
    match done {
        Ok(()) => {
            let query: Vec<String> = ids(&fields).iter().map(|id| format!("case={}", id.hex())).collect();
            Ok(Redirect::to(&format!("/hand-over/print?{}", query.join("&"))).into_response())
        }
        Err(ActError::Refused(refusal)) => {
            let reason = if refusal.fields.of(FORM).is_some() { "form used" } else { "fields" };
            note_refused(reason, &refusal.fields);
            let page = drawn(&site, &clerk, "", Some(&fields), Some(&refusal)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&page)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn ids(fields: &Fields) -> Vec<CaseId> {
    let named = fields.pairs().filter(|(name, _)| *name == "case");
    named.filter_map(|(_, hex)| CaseId::parse(hex)).collect()
}

async fn drawn(
    site: &Site,
    clerk: &Clerk,
    after: &str,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<SheetPage, Fault> {
    let after = (!after.is_empty()).then(|| after.to_owned());
    let (views, next) = site
        .ask(move |node| {
            let hands = if node.is_centre() { Hands::Station } else { Hands::Centre };
            let (mut views, next) =
                node.case_views(Filter::Turn(hands), after.as_deref(), limit::ROWS_PER_PAGE)?;
            views.retain(|view| waits(node, view));
            Ok::<_, ActError>((views, next))
        })
        .await??;
    let registers = !site.node().is_centre();
    let (title, lead) = match which(site.node()) {
        Sheet::Papers => ("转交镇里", "勾选这一趟送去的办件，登记以后打印交接单，两联都签字。"),
        Sheet::Results => ("发回村站的结果", "勾选这一趟发回的证件和文书，打印交接单，两联都签字。"),
    };
    let chosen = typed.map(ids).unwrap_or_default();
    let mut receiver = Field::text(
        "receiver",
        "镇里接收人",
        typed.map(|fields| fields.get("receiver").to_owned()).unwrap_or_default(),
    );
    receiver.error = refusal.and_then(|refusal| refusal.fields.of("receiver")).map(str::to_owned);
    Ok(SheetPage {
        desk: frame::desk(site, clerk, Place::HandOver),
        title,
        lead,
        registers,
        once: site.fresh_form(),
        gaps: refusal.map(told).unwrap_or_default(),
        receiver,
        rows: views.iter().map(|view| row(view, &chosen)).collect(),
        more: next.map(|next| format!("/hand-over?after={next}")),
    })
}

fn told(refusal: &Refusal) -> Vec<Gap> {
    if refusal.fields.is_empty() {
        return vec![Gap { target: String::new(), text: refusal.message.clone() }];
    }
    let target = |field: &str| if field == FORM { String::new() } else { field.to_owned() };
    let gap = |error: &model::FieldError| Gap { target: target(&error.field), text: error.message.clone() };
    refusal.fields.iter().map(gap).collect()
}

fn row(view: &CaseView, chosen: &[CaseId]) -> Row {
    let case = &view.case;
    let note = case.outcome.as_ref().map_or_else(
        || case.current().map(|state| state.step.name.clone()).unwrap_or_default(),
        |(outcome, ..)| words::outcome(*outcome).to_owned(),
    );
    Row {
        id: view.id.hex(),
        on: chosen.contains(&view.id),
        number: case.number().unwrap_or("").to_owned(),
        who: words::who(&case.filing),
        item: view.version.as_ref().map(|version| version.name.clone()).unwrap_or_default(),
        note,
        href: format!("/cases/{}", view.id.hex()),
    }
}

/// The list of the cases named, to be signed by both.
pub(crate) async fn print(
    State(site): State<Site>,
    Query(named): Query<Vec<(String, String)>>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let ids: Vec<CaseId> =
        named.iter().filter(|(name, _)| name == "case").map(|(_, hex)| id(hex)).collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Err(Fault::NotAllowed("还没选办件，请回去勾选。".to_owned()));
    }
    if ids.len() > app::limit::SHEET_CASES {
        return Err(Fault::NotAllowed(format!("一张交接单最多 {} 件，请分两次。", app::limit::SHEET_CASES)));
    }
    let name = clerk.who.name;
    let paper = site.ask(move |node| listed(node, &ids, &name)).await??;
    page::show(&PaperPage::of(paper, "/hand-over".to_owned(), None))
}

fn listed(node: &Node, ids: &[CaseId], clerk: &str) -> Result<crate::papers::Paper, Fault> {
    let (here, reference) = (node.profile(node.station().0), node.reference());
    let (mut lines, mut owners, mut takers) = (Vec::<SheetLine>::new(), Vec::new(), Vec::new());
    for id in ids {
        let view = node.case(*id)?;
        let Some(version) = &view.version else { return Err(Fault::NotFound) };
        let desk = PaperDesk { case: &view.case, version, profile: &here, calendar: &reference.calendar };
        lines.push(desk.sheet_line());
        owners.push(view.owner);
        let gone = view.case.timeline.iter().rev().find_map(|e: &model::case::Entry| taker(&e.what));
        takers.extend(gone.and_then(|key| view.case.filing.cell(&key).map(str::to_owned)));
    }
    owners.sort_unstable();
    owners.dedup();
    let to = match (which(node), owners.as_slice()) {
        (Sheet::Papers, _) => {
            takers.sort_unstable();
            takers.dedup();
            let by =
                if let [one] = takers.as_slice() { format!("（接收人 {one}）") } else { String::new() };
            format!("{}{by}", here.centre())
        }
        (Sheet::Results, [one]) => node.profile(*one).name,
        (Sheet::Results, _) => {
            return Err(Fault::NotAllowed("一张交接单只发给一个站，请按站分开勾选。".to_owned()));
        }
    };
    Ok(sheet(which(node), &lines, &here, &to, clerk, node.today()))
}

fn taker(what: &What) -> Option<String> {
    HandedOver::of(what).map(|gone| gone.receiver.clone())
}
