//! Every address of a staff face, asked the wrong way: our own page in Chinese, and nothing stored.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::browser::{Browser, HOST, site_of};
use crate::{Hosts, Site};

/// Each route with the verbs it takes.
const ROUTES: &[(&str, &str)] = &[
    ("/", "GET"),
    ("/archive", "GET"),
    ("/archive/terms", "GET"),
    ("/archive/terms/{code}", "GET POST"),
    ("/archive/{case}", "GET"),
    ("/archive/{case}/{act}", "GET POST"),
    ("/assets/{hash}/{name}", "GET"),
    ("/authorities", "GET"),
    ("/authorities/end", "GET POST"),
    ("/authorities/new", "GET POST"),
    ("/bulk/{act}", "GET POST"),
    ("/calendar", "GET POST"),
    ("/calendar/hand-over", "POST"),
    ("/calendar/moved", "GET POST"),
    ("/cases/{case}", "GET"),
    ("/cases/{case}/acts/{act}", "GET POST"),
    ("/cases/{case}/papers", "GET"),
    ("/cases/{case}/papers/{paper}", "GET"),
    ("/cases/{case}/reveal", "GET POST"),
    ("/catalogue", "GET"),
    ("/catalogue/export", "GET"),
    ("/catalogue/import", "GET POST"),
    ("/catalogue/import/{job}", "GET POST"),
    ("/catalogue/import/{job}/errors", "GET"),
    ("/catalogue/import/{job}/state", "GET"),
    ("/catalogue/new", "GET POST"),
    ("/catalogue/{code}", "GET"),
    ("/catalogue/{code}/compare", "GET"),
    ("/catalogue/{code}/draft", "POST"),
    ("/catalogue/{code}/edit/{section}", "GET POST"),
    ("/catalogue/{code}/edit/{section}/{row}", "GET POST"),
    ("/catalogue/{code}/history", "GET"),
    ("/catalogue/{code}/publish", "GET POST"),
    ("/catalogue/{code}/retire", "GET POST"),
    ("/clashes", "GET"),
    ("/clashes/{case}", "GET POST"),
    ("/courier", "GET"),
    ("/courier/drop-off", "GET POST"),
    ("/courier/pick-up", "POST"),
    ("/crossed", "GET"),
    ("/cx", "GET"),
    ("/cx/{number}", "GET"),
    ("/demo/link", "GET POST"),
    ("/drafts", "GET"),
    ("/drill", "GET POST"),
    ("/due", "GET"),
    ("/find", "POST"),
    ("/hand-over", "GET POST"),
    ("/hand-over/print", "GET"),
    ("/healthz", "GET"),
    ("/help", "GET"),
    ("/help/{case}", "GET POST"),
    ("/help/{case}/lines", "GET"),
    ("/intake", "POST"),
    ("/intake/{draft}", "GET POST"),
    ("/intake/{draft}/autosave", "POST"),
    ("/intake/{draft}/more", "GET"),
    ("/intake/{draft}/papers/{paper}", "GET"),
    ("/items", "GET"),
    ("/items/{code}", "GET"),
    ("/items/{code}/form", "GET"),
    ("/metrics", "GET"),
    ("/owed", "GET"),
    ("/p/{token}", "GET POST"),
    ("/packages", "GET POST"),
    ("/packages/{code}", "GET POST"),
    ("/packages/{code}/publish", "GET POST"),
    ("/packages/{code}/retire", "GET POST"),
    ("/password", "GET POST"),
    ("/photos/{case}", "GET POST"),
    ("/photos/{case}/list", "GET"),
    ("/photos/{case}/phone", "POST"),
    ("/photos/{case}/{photo}", "GET POST"),
    ("/photos/{case}/{photo}/full", "GET"),
    ("/photos/{case}/{photo}/small", "GET"),
    ("/progress", "GET POST"),
    ("/questions/{code}", "GET"),
    ("/queue", "GET"),
    ("/queue/{case}", "GET"),
    ("/registers", "GET"),
    ("/registers/behalf", "GET POST"),
    ("/registers/clerks", "GET"),
    ("/registers/clerks/{clerk}", "GET"),
    ("/registers/due", "GET POST"),
    ("/registers/due/import", "GET POST"),
    ("/registers/entry", "GET"),
    ("/registers/late", "GET POST"),
    ("/registers/matters/{matter}", "GET POST"),
    ("/registers/matters/{matter}/acts/{act}", "GET POST"),
    ("/registers/matters/{matter}/photos", "GET POST"),
    ("/registers/matters/{matter}/photos/{photo}", "GET"),
    ("/registers/matters/{matter}/photos/{photo}/small", "GET"),
    ("/registers/norms", "GET"),
    ("/registers/norms/new", "GET POST"),
    ("/registers/norms/{norm}", "GET POST"),
    ("/registers/settings", "GET POST"),
    ("/registers/windows", "GET"),
    ("/registers/windows/away", "GET POST"),
    ("/registers/windows/set", "GET POST"),
    ("/registers/{sort}", "GET"),
    ("/registers/{sort}/new", "GET POST"),
    ("/sign-in", "GET POST"),
    ("/sign-out", "POST"),
    ("/staff", "GET POST"),
    ("/staff/{id}", "GET POST"),
    ("/today", "POST"),
    ("/together", "POST"),
    ("/together/{draft}", "GET POST"),
    ("/together/{draft}/autosave", "POST"),
    ("/together/{draft}/forms", "GET"),
    ("/together/{draft}/more", "GET"),
    ("/together/{draft}/notice", "GET"),
    ("/transcribe", "GET"),
    ("/transcribe/answer", "GET POST"),
    ("/transcribe/forms", "GET"),
    ("/transcribe/forms/{code}", "GET POST"),
    ("/transcribe/{case}", "GET POST"),
    ("/transcribe/{case}/photos", "POST"),
    ("/trip", "GET"),
    ("/trip/", "GET"),
    ("/trip/app.webmanifest", "GET"),
    ("/trip/ready", "GET"),
    ("/trip/start", "POST"),
    ("/trip/sw.js", "GET"),
    ("/trip/{trip}/end", "POST"),
    ("/trip/{trip}/key", "POST"),
    ("/trip/{trip}/photo", "POST"),
    ("/trip/{trip}/record", "POST"),
    ("/trips", "GET POST"),
    ("/twins", "GET"),
    ("/twins/{case}/{other}", "GET POST"),
];

fn routes_in(folder: &Path, found: &mut BTreeMap<String, ()>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            routes_in(&path, found);
        } else if !path.ends_with("tests.rs") && !path.ends_with("every_route.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let named = text.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
            found.extend(named.map(|route| (route.to_owned(), ())));
        }
    }
}

/// Fails when a route is added that the tests below do not ask.
#[test]
fn the_table_has_every_route() {
    let mut found = BTreeMap::new();
    routes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let table: Vec<&str> = ROUTES.iter().map(|(route, _)| *route).collect();
    assert_eq!(found.keys().map(String::as_str).collect::<Vec<_>>(), table);
}

/// A route with nonsense in its places.
fn nonsense(route: &str) -> String {
    route
        .split('/')
        .map(|part| if part.starts_with('{') { "zzz" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

async fn ask(browser: &mut Browser, method: Method, path: &str, host: &str) -> crate::browser::Answer {
    let request = browser.request(method, path).header(header::ORIGIN, format!("http://{HOST}"));
    let mut request = request.body(Body::empty()).unwrap();
    request.headers_mut().insert(header::HOST, host.parse().unwrap());
    browser.send(request).await
}

/// Fails when a wrong verb, an unknown host or nonsense in a path is answered in English, as a defect, or by a commit.
#[tokio::test]
async fn every_route_refuses_in_chinese_and_stores_nothing() {
    let node = app::testing::box_alone().0;
    let mut browser = Browser::new(&site_of(&node));
    browser.sign_in().await;
    let before = node.commits();
    for (route, verbs) in ROUTES {
        let path = nonsense(route);
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let stranger = ask(&mut browser, method.clone(), &path, "evil.example").await;
            assert_eq!(stranger.status, StatusCode::MISDIRECTED_REQUEST, "{method} {path}");
            assert!(stranger.text.contains("报障时请念这个编号"), "{method} {path}");
            let answer = ask(&mut browser, method.clone(), &path, HOST).await;
            if verbs.contains(method.as_str()) {
                assert!(!answer.status.is_server_error(), "{method} {path}: {}", answer.status);
                if answer.status.is_client_error() {
                    assert!(answer.text.contains("lang=\"zh-CN\""), "{method} {path}: {}", answer.text);
                }
            } else {
                assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
                assert!(answer.text.contains("这一页不能这样打开"), "{method} {path}");
                let allow = answer.headers[header::ALLOW].to_str().unwrap();
                assert!(verbs.split(' ').all(|verb| allow.contains(verb)), "{path}: {allow}");
            }
        }
    }
    for path in ["/nowhere", "/cases", "/cases/", "/favicon.ico", "/intake/x/y", "/%00", "//", "/assets/x"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text.contains("没有这一页"), "{path}");
    }
    let repeated = ["/?after=a&after=b", "/drafts?after=a&after=b", "/progress?large=1&large=2"];
    for path in [
        "/?list=all&after=zzz",
        "/drafts?after=zzz",
        "/drafts?after=00",
        "/due?after=zzz",
        "/owed?after=zzz",
        "/owed?list=bar&after=00",
        "/hand-over?after=zzz",
        "/twins?after=zzz",
        "/twins?after=0000",
    ]
    .iter()
    .chain(&repeated)
    {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.text.contains("报障时请念这个编号"), "{path}");
    }
    assert_eq!(node.commits(), before, "nothing was stored");
}

/// Fails when a page of a practice box does not say that it is one, or what is set up for real can be reached from it.
#[tokio::test]
async fn every_page_of_a_practice_box_says_so() {
    let (real, _) = app::testing::box_alone();
    let drill = app::testing::drill_of(&real);
    site_of(&real);
    let hosts = Hosts::new(vec![HOST.to_owned()], false);
    let site = Site::for_drill(drill.clone(), hosts, real.clone(), "http://127.0.0.2:1/".to_owned());
    let mut browser = Browser::new(&site);
    browser.sign_in().await;
    let before = (real.commits(), drill.commits());
    let mut pages = 0;
    for (route, verbs) in ROUTES {
        let path = nonsense(route);
        for method in [Method::GET, Method::POST] {
            let answer = ask(&mut browser, method.clone(), &path, HOST).await;
            let media = answer.headers.get(header::CONTENT_TYPE).map_or("", |value| value.to_str().unwrap());
            if media.starts_with("text/html") {
                pages += 1;
                for told in ["演练 无效", "9999 开头的演练编号", "http://127.0.0.2:1/drill", "drill.css"]
                {
                    assert!(answer.text.contains(told), "{method} {path}: {told}");
                }
            }
            if crate::drill::closed(&method, &path) {
                assert_eq!(answer.status, StatusCode::CONFLICT, "{method} {path}");
            } else if verbs.contains(method.as_str()) {
                assert!(!answer.status.is_server_error(), "{method} {path}: {}", answer.status);
            }
        }
    }
    assert!(pages > 100, "{pages} pages were looked at");
    assert_eq!((real.commits(), drill.commits()), before, "nothing was stored");
    // the clerk who signed in there is known at the real box and nowhere else
    assert!(drill.accounts().unwrap().is_empty());
}

/// Fails when the centre's queue takes a cursor that is not ours.
#[tokio::test]
async fn the_queue_refuses_a_cursor_from_nowhere() {
    let clock = app::testing::TestClock::at(app::testing::MONDAY);
    let town = app::testing::township(1, 7);
    let node = town.start(0, std::sync::Arc::new(store::MemoryEngine::new()), clock, 1);
    let mut browser = Browser::new(&site_of(&node));
    browser.sign_in().await;
    for path in ["/queue?after=zzz", "/queue?list=outside&after=00"] {
        assert_eq!(browser.get(path).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
}

/// Fails when a form of 5 MB ends in a broken line instead of a page that says what is wrong.
#[tokio::test]
async fn a_body_of_five_megabytes_is_answered_on_a_real_line() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let site = Site::new(app::testing::box_alone().0, Hosts::new(vec![at.to_string()], false));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(crate::serve(listener, site, async { drop(stopped.await) }));
    for path in ["/sign-in", "/nowhere", "/healthz"] {
        let mut line = tokio::net::TcpStream::connect(at).await.unwrap();
        let body = "a".repeat(5 * 1024 * 1024);
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {at}\r\norigin: http://{at}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        line.write_all(head.as_bytes()).await.unwrap();
        line.write_all(body.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        line.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("提交的内容太多"), "{path}: {answer}");
    }
    drop(stop);
    serving.await.unwrap().unwrap();
}

/// Fails when a request with a broken line or none of our headers takes the box down.
#[tokio::test]
async fn a_request_without_a_host_is_turned_away() {
    let mut browser = Browser::new(&crate::browser::site());
    let request = Request::get("/sign-in").body(Body::empty()).unwrap();
    assert_eq!(browser.send(request).await.status, StatusCode::MISDIRECTED_REQUEST);
}
