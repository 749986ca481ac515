//! Every page with made-up content, for looking at: `cargo run -p web --example gallery [PORT]`. A station and its centre
//! in memory, all people invented, everybody signed in; `/out/…` is the same for somebody who is not. Paths under
//! `/queue` are the centre's, all others the station's.
//! Under `/sheets/` are all papers with little and with a great deal on them.
#![expect(clippy::unwrap_used, reason = "a gallery that cannot be set up has nothing to show")]

#[path = "gallery/sheets.rs"]
mod sheets;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use app::cases::CaseId;
use app::testing::{Invented, MONDAY, TestClock, answers, meet, township};
use app::{Node, Who};
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Uri, header};
use axum::response::{Html, IntoResponse as _, Response};
use model::case::supplement::AskSupplement;
use store::MemoryEngine;
use tower::ServiceExt as _;

const DAY: i64 = 86_400;

/// The two boxes, and what is in them.
struct Town {
    station: Node,
    centre: Node,
    cases: Vec<CaseId>,
    drafts: Vec<CaseId>,
}

fn clerk() -> Who {
    Who {
        staff: "s1".into(), name: "陈春梅".into(), post: "1号综合窗口".into(), session: String::new()
    }
}

fn typed(node: &Node, code: &str, person: u64) -> BTreeMap<String, String> {
    let version = node.reference().catalogue.current(code, node.today()).unwrap().clone();
    // the situation that asks for the most materials, the first of them
    let all = version.scenarios.iter().rev();
    let fullest = all.max_by_key(|scenario| version.materials_for(&scenario.id).count()).unwrap();
    let mut typed = answers(&version, &fullest.id, &Invented::nth(person));
    let eased: &[(&str, &str)] = match code {
        "S097" => &[("m/m5", "exempt"), ("promise_signed", "1")],
        "S101" => &[("m/promise", "exempt"), ("promise_signed", "1")],
        "S054" => &[("m/m6", "later"), ("deferred_signed", "1")],
        "S074" => &[("m/m4/how", "pending")],
        _ => &[],
    };
    typed.extend(eased.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    typed
}

fn build() -> Town {
    let town = township(2, 3);
    let clock = TestClock::at(MONDAY - 30 * DAY);
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let station = town.start(1, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 2);
    centre.load_small_sample(&[2301]).unwrap();
    meet(&station, &centre);
    let codes: Vec<String> = station.reference().catalogue.items().map(|item| item.code.clone()).collect();
    let who = clerk();
    let mut cases = Vec::new();
    for (person, code) in (0..).zip(&codes) {
        clock.set_wall(MONDAY - (30 - 2 * i64::try_from(person).unwrap().min(14)) * DAY);
        let draft = station.start_draft(&who, code).unwrap();
        station.save_draft(&who, draft, typed(&station, code, person)).unwrap();
        cases.push(station.accept(&who, draft).unwrap().id);
        if person == 12 {
            meet(&station, &centre);
        }
    }
    clock.set_wall(MONDAY);
    let words = "户口簿缺本人页，请带来。".to_owned();
    for id in cases.iter().take(3) {
        let asked = AskSupplement { gaps: gap_of(&station, *id), words: words.clone(), until: None };
        let _refused_where_not_accepted = station.ask_supplement(&who, *id, asked);
    }
    let mut drafts = Vec::new();
    let vowed = cases.iter().copied().find(|id| !station.case(*id).unwrap().case.promised.is_empty());
    station.check_promise(&who, vowed.unwrap(), false, "没有经营资质".to_owned()).unwrap();
    // whose promise was false asks again: S097 comes last
    let again = codes.iter().filter(|code| *code == "S097");
    for (person, code) in (50..).zip(codes.iter().take(2).chain(again)) {
        let draft = station.start_draft(&who, code).unwrap();
        let mut part = typed(&station, code, person);
        part.insert("0/phone".into(), "1395632247".into());
        station.save_draft(&who, draft, part).unwrap();
        drafts.push(draft);
    }
    let proxy = BTreeMap::from([("signed".to_owned(), "proxy".to_owned())]);
    station.save_draft(&who, *drafts.get(1).unwrap(), proxy).unwrap();
    Town { station, centre, cases, drafts }
}

/// The first material of a case.
fn gap_of(node: &Node, id: CaseId) -> Vec<String> {
    let version = node.case(id).unwrap().version.unwrap();
    version.materials.first().map(|material| format!("m/{}", material.id)).into_iter().collect()
}

/// A face of a box, and the cookie of a clerk who is signed in there.
fn face(node: &Node, host: &str) -> (Router, HeaderValue) {
    node.give_code("s1", "陈春梅", "1号综合窗口", "GALLERY1").unwrap();
    let signed_in = node.sign_in_code("GALLERY1", "gallery").unwrap();
    let site = web::Site::new(node.clone(), web::Hosts::new(vec![host.to_owned()], false));
    (web::router(site), HeaderValue::from_str(&format!("bianmin={}", signed_in.token)).unwrap())
}

fn paths(town: &Town) -> Vec<String> {
    let hex = |ids: &[CaseId], at: usize| ids.get(at).unwrap().hex();
    let (case, draft, fresh) = (hex(&town.cases, 1), hex(&town.drafts, 0), hex(&town.cases, 6));
    let mut paths: Vec<String> =
        ["/items", "/progress", "/out/sign-in", "/password", "/nowhere", "/queue"].map(str::to_owned).into();
    paths.push(format!("/intake/{draft}"));
    paths.push(format!("/cases/{case}"));
    paths.push(format!("/cases/{fresh}/acts/ask-supplement"));
    paths.push(format!("/cases/{case}/acts/note"));
    paths.push(format!("/cases/{case}/papers/14"));
    paths.extend(["/owed", "/owed?list=promise", "/owed?list=verify", "/owed?list=bar"].map(str::to_owned));
    paths.extend(["/hand-over", "/items/S047", "/items/S047/form"].map(str::to_owned));
    paths.extend(town.drafts.iter().skip(1).map(|draft| format!("/intake/{}", draft.hex())));
    let with = |wanted: fn(&model::case::Case) -> bool| {
        let found = |id: &&CaseId| wanted(&town.station.case(**id).unwrap().case);
        town.cases.iter().find(found).unwrap().hex()
    };
    paths.push(format!("/cases/{}/acts/verify", with(|case| !case.unverified().is_empty())));
    paths.push(format!("/cases/{}", with(|case| case.bars())));
    paths.push(format!("/cases/{}/acts/check-promise", with(|case| case.awaits_check())));
    paths
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(8099);
    let host = format!("127.0.0.1:{port}");
    let town = build();
    let (station, centre) = (face(&town.station, &host), face(&town.centre, &host));
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let posted = posted(&town, &station, &host).await;
    let more: Vec<&str> = posted.keys().map(String::as_str).collect();
    let papers = sheets::all();
    let sheets: Vec<&str> = papers.keys().map(String::as_str).collect();
    println!("http://{host}/ {} {} {}", paths(&town).join(" "), more.join(" "), sheets.join(" "));
    let pages = Router::new().fallback(move |request: Request| {
        let path = request.uri().path();
        let kept = posted.get(path).or_else(|| papers.get(path)).cloned();
        let (station, centre) = (station.clone(), centre.clone());
        async move {
            match kept {
                Some(page) => Html(page).into_response(),
                None => show(request, station, centre).await,
            }
        }
    });
    axum::serve(listener, pages.into_make_service_with_connect_info::<SocketAddr>()).await
}

/// What a page looks like after a form was posted: errors beside their fields, the progress of a case.
async fn posted(
    town: &Town,
    (pages, cookie): &(Router, HeaderValue),
    host: &str,
) -> BTreeMap<String, String> {
    let id = *town.cases.get(4).unwrap();
    let (draft, case) = (town.drafts.first().unwrap().hex(), id.hex());
    let view = town.station.case(id).unwrap();
    let number = view.case.number().unwrap().to_owned();
    let code = view.case.filing.cell("0/query_code").unwrap().to_owned();
    let posts = [
        ("/refused/intake", format!("/intake/{draft}"), "do=accept".to_owned()),
        ("/refused/act", format!("/cases/{case}/acts/note"), String::new()),
        ("/refused/sign-in", "/sign-in".to_owned(), "by=code&code=WRONG".to_owned()),
        ("/shown/progress", "/progress".to_owned(), format!("number={number}&code={code}")),
    ];
    let mut shown = BTreeMap::new();
    for (name, path, body) in posts {
        let send = |method: &str, body: String| {
            let request = Request::builder()
                .method(method)
                .uri(&path)
                .header(header::HOST, host)
                .header(header::ORIGIN, format!("http://{host}"))
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let signed_in = name != "/refused/sign-in";
            let request = if signed_in { request.header(header::COOKIE, cookie) } else { request };
            pages.clone().oneshot(request.body(axum::body::Body::from(body)).unwrap())
        };
        let form = text(send("GET", String::new()).await.unwrap()).await;
        let token = form.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let body = format!("csrf={}&{body}", token.unwrap_or_default());
        shown.insert(name.to_owned(), text(send("POST", body).await.unwrap()).await);
    }
    shown
}

async fn text(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn show(
    mut request: Request,
    station: (Router, HeaderValue),
    centre: (Router, HeaderValue),
) -> Response {
    let path = request.uri().path_and_query().map_or("/", |whole| whole.as_str()).to_owned();
    let (pages, cookie) = if path.starts_with("/queue") { centre } else { station };
    if let Some(inner) = path.strip_prefix("/out") {
        *request.uri_mut() = inner.parse::<Uri>().unwrap();
    } else {
        request.headers_mut().insert(header::COOKIE, cookie);
    }
    pages.oneshot(request).await.unwrap()
}
