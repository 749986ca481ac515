//! `GET` and `POST /progress`, `GET /cx/{number}`: the code is always posted, never part of an address.

use app::cases::ProgressRefusal;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::FieldErrors;
use model::number::CaseNumber;

use super::{AskPage, ProgressPage};
use crate::cases::show::{Opened, Told};
use crate::cases::words;
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::guard::Peer;
use crate::shell::path::{Part, Query};
use crate::view::{Field, Gap, Truth};
use crate::{Site, page};

/// Large type or not.
#[derive(serde::Deserialize)]
pub(super) struct Size {
    #[serde(default)]
    large: String,
}

/// The same page in the other size. A case's number comes along, as it stands in the address that a paper's code opens.
fn other_size(number: &str, large: bool) -> String {
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let page = if plain { format!("/cx/{number}") } else { "/progress".to_owned() };
    if large { page } else { format!("{page}?large=1") }
}

/// A practice number at a real box.
fn of_the_other(node: &app::Node, number: &str) -> bool {
    !node.is_drill() && CaseNumber::parse(number).is_ok_and(|number| number.is_drill())
}

fn blank(site: &Site, number: &str, code: &str, large: bool) -> AskPage {
    let (node, size) = (site.node(), other_size(number, large));
    let number = Field::text("number", "编号", number).max(40).hint("例如 2308-2026-K7QM-0352-P");
    let code =
        Field { inputmode: "numeric", ..Field::text("code", "查询码", code).max(12).hint("6 位数字") };
    let phone = node.profile(node.station().0).phone;
    AskPage { place: node.name(), phone, large, size, gaps: Vec::new(), number, code }
}

/// Asks for number and code.
pub(super) async fn ask(State(site): State<Site>, Query(size): Query<Size>) -> Result<Response, Fault> {
    page::show(&blank(&site, "", "", size.large == "1"))
}

/// The address printed on papers for those who type it.
pub(super) async fn short() -> Redirect {
    Redirect::to("/progress")
}

/// From a paper's QR code: the number is filled in, the code is not in it.
pub(super) async fn from_paper(
    State(site): State<Site>,
    Part(number): Part<String>,
    Query(size): Query<Size>,
) -> Result<Response, Fault> {
    let number: String = number.chars().take(40).collect();
    page::show(&blank(&site, &number, "", size.large == "1"))
}

/// Shows where the case stands, masked.
pub(super) async fn show(
    State(site): State<Site>,
    Extension(peer): Extension<Peer>,
    fields: Fields,
) -> Result<Response, Fault> {
    let (number, code) = (fields.get("number").to_owned(), fields.get("code").to_owned());
    let large = fields.get("large") == "1";
    let (asked_number, asked_code) = (number.clone(), code.clone());
    let looked = site
        .ask(move |node| {
            let progress = node.progress(&asked_number, &asked_code, &peer.source())?;
            Ok::<_, ProgressRefusal>(Opened::of(node, progress.view))
        })
        .await?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let (words, reason) = match looked {
        Ok(opened) => return page::show(&progress(&site, &opened, &code, large)),
        Err(ProgressRefusal::Wrong) if of_the_other(site.node(), &number) => {
            ("9999 开头的是演练编号，不是真的办件，在这里查不到。".to_owned(), "a practice number")
        }
        Err(ProgressRefusal::Wrong) => {
            ("编号和查询码对不上。请照通知书上的再输一次，或者到站里问。".to_owned(), "wrong query code")
        }
        Err(ProgressRefusal::Wait(ms)) => {
            status = StatusCode::TOO_MANY_REQUESTS;
            let words = format!("试错了好几次，请等 {} 秒再试，或者到站里问。", ms.div_ceil(1000));
            (words, "query throttled")
        }
        Err(ProgressRefusal::Act(error)) => return Err(error.into()),
    };
    note_refused(reason, &FieldErrors::default());
    let mut again = blank(&site, &number, &code, large);
    again.code.error = Some(words.clone());
    again.gaps = vec![Gap { target: "code".to_owned(), text: words }];
    Ok((status, page::show(&again)?).into_response())
}

fn progress(site: &Site, opened: &Opened, code: &str, large: bool) -> ProgressPage {
    let node = site.node();
    let told: Told<'_> = opened.told();
    let case = told.case;
    let (step, outside) = words::where_it_is(case, told.version);
    let now = if outside { format!("{step}，正在办") } else { step };
    let received = case.received.as_ref().map(|done| format!("{} 收件", words::day(done.what.on)));
    let (next, next_note) = told.next_for_resident();
    let (mark, _) = opened.truth();
    let text = match mark.class {
        "receipt" => "镇中心已收到这条记录",
        "reject" => "请到站里问一下",
        _ if node.is_drill() => "这是演练，不是真的办件",
        _ => "记录在站里，还没送到镇中心",
    };
    let due = if case.outcome.is_none() {
        words::due(case, told.version, told.calendar)
    } else {
        "已办结".to_owned()
    };
    let light = words::light(case, told.version, told.calendar, told.today);
    ProgressPage {
        place: node.name(),
        phone: node.profile(opened.view.owner).phone,
        large,
        number: case.number().unwrap_or_default().to_owned(),
        code: code.to_owned(),
        item: told.item(),
        who: words::who(&case.filing),
        since: received.unwrap_or_default(),
        now,
        stage_code: format!("{:?}", case.stage()),
        light: crate::view::Light { text: due, ..light },
        next,
        next_note,
        steps: told.steps(),
        truth: Truth { text: text.to_owned(), ..mark },
        truth_note: String::new(),
        questions: told.version.map(|v| format!("/questions/{}", v.code)).unwrap_or_default(),
    }
}
