//! A tablet's page as the box serves it, and what it sends back through the whole shell.

use app::Node;
use app::testing::{Invented, answers, jpeg, township_item};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use serde_json::Value;

use crate::browser::{Answer, Browser, HOST, csrf, encode, site_of};
use crate::cases::main_job::{Town, between, signed_in, town};

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap()
}

async fn start(browser: &mut Browser, node: &Node) -> (String, Value) {
    let ready = json(&browser.get("/trip/ready").await);
    let token = ready["csrf"].as_str().unwrap().to_owned();
    let code = township_item(node).code;
    assert!(ready["items"].as_array().unwrap().iter().any(|item| item["code"] == code.as_str()));
    let made = browser.post("/trip/start", encode([("csrf", token.as_str()), ("item", &code)])).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    (token, json(&made))
}

fn record(node: &Node, token: &str, number: &str, n: u64) -> String {
    let version = township_item(node);
    let typed = answers(&version, &version.scenarios[0].id, &Invented::nth(n));
    let of = version.version.to_string();
    let own = [
        ("csrf", token),
        ("trip.record", number),
        ("trip.item", &version.code),
        ("trip.version", &of),
        ("trip.day", "2026-11-23"),
    ];
    encode(own.into_iter().chain(typed.iter().map(|(name, value)| (name.as_str(), value.as_str()))))
}

/// Fails when the page that a tablet keeps holds a name, a token or a session, may load from elsewhere, or cannot be kept.
#[tokio::test]
async fn d7_the_page_that_leaves_holds_nothing_of_anybody() {
    let Town { station, .. } = town();
    let mut nobody = Browser::new(&site_of(&station));
    let mut clerk = signed_in(&station).await;
    let page = nobody.get("/trip/").await;
    assert_eq!((page.status, &clerk.get("/trip/").await.text), (StatusCode::OK, &page.text));
    assert!(!page.text.contains("csrf") && !page.text.contains("陈春梅"));
    assert!(page.text.len() < 60 * 1024 && !page.text.contains("<script>") && !page.text.contains("style="));
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    let usual = nobody.get("/sign-in").await;
    let usual = usual.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert_eq!(policy, format!("{usual}; manifest-src 'self'; worker-src 'self'"), "strict as everywhere");

    let worker = nobody.get("/trip/sw.js").await;
    assert!(worker.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/javascript"));
    let kept: Vec<String> = serde_json::from_str(&between(&worker.text, "const KEPT = ", ";\n")).unwrap();
    for path in &kept {
        assert_eq!(nobody.get(path).await.status, StatusCode::OK, "{path} is there to be kept");
    }
    let asked = page
        .text
        .split("/assets/")
        .skip(1)
        .map(|rest| format!("/assets/{}", rest.split('"').next().unwrap()));
    for path in asked {
        assert!(kept.contains(&path), "{path} would be missing away from the box");
    }
    let manifest = json(&nobody.get("/trip/app.webmanifest").await);
    assert_eq!(
        (manifest["start_url"].as_str(), manifest["display"].as_str()),
        (Some("/trip/"), Some("standalone"))
    );
    assert_eq!(
        nobody.get("/trip/ready").await.to(),
        "/sign-in?back=/trip/ready",
        "what can be taken along is for staff"
    );
}

/// Fails when a record sent twice makes two drafts, an ended session loses one, or the clerk does not see what came back.
#[tokio::test]
async fn d7_what_comes_back_waits_on_the_workbench() {
    let Town { station, .. } = town();
    let mut clerk = signed_in(&station).await;
    let (token, made) = start(&mut clerk, &station).await;
    let to = format!("/trip/{}/record", made["trip"].as_str().unwrap());
    let one = record(&station, &token, &"1a".repeat(16), 7);

    let session = std::mem::take(&mut clerk.cookie);
    assert_eq!(clerk.post(&to, one.clone()).await.status, StatusCode::UNAUTHORIZED, "the session ended");
    clerk.cookie = session;
    let first = json(&clerk.post(&to, one.clone()).await);
    let second = json(&clerk.post(&to, one).await);
    assert_eq!(first["draft"], second["draft"]);
    assert_eq!((first["before"].as_bool(), second["before"].as_bool()), (Some(false), Some(true)));

    let bench = clerk.get("/").await;
    assert!(bench.text.contains("上门带回 1 件"));
    let list = clerk.get("/trips").await;
    let href = format!("/intake/{}", first["draft"].as_str().unwrap());
    assert!(list.text.contains(&href) && list.text.contains("上门带回 1 件"));
    assert!(!list.text.contains(&Invented::nth(7).name), "masked in lists");
    let page = clerk.get(&href).await;
    assert!(page.text.contains(&Invented::nth(7).name), "what was typed at home is in the draft");
    let pressed =
        clerk.post(&href, encode([("csrf", csrf(&page.text).as_str()), ("do", "accept")])).await.to();
    let shown = clerk.get(&pressed).await;
    assert!(shown.text.contains("上门收件") && shown.text.contains("在群众家里填的"));
    assert!(!clerk.get("/").await.text.contains("上门带回"));

    let long = record(&station, &token, &"2b".repeat(16), 8)
        .replace("0%2Faddress=", &format!("0%2Faddress={}", "a".repeat(5000)));
    let refused = clerk.post(&to, long).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        json(&refused)["message"].as_str().unwrap().contains("写得太长"),
        "the tablet keeps it and says why"
    );
}

fn multipart(pairs: &[(&str, &str)], file: &[u8]) -> (String, Vec<u8>) {
    let edge = "edge-of-a-part";
    let mut body = Vec::new();
    for (name, value) in pairs {
        body.extend(
            format!("--{edge}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    body.extend(
        format!("--{edge}\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"photo.jpg\"\r\n\r\n")
            .bytes(),
    );
    body.extend(file);
    body.extend(format!("\r\n--{edge}--\r\n").bytes());
    (format!("multipart/form-data; boundary={edge}"), body)
}

/// Fails when a photo is taken twice, or before its record, or without the token of this session.
#[tokio::test]
async fn d7_a_photo_comes_after_its_record_and_once() {
    let Town { station, .. } = town();
    let mut clerk = signed_in(&station).await;
    let (token, made) = start(&mut clerk, &station).await;
    let trip = made["trip"].as_str().unwrap().to_owned();
    let (number, material) = ("3c".repeat(16), township_item(&station).materials[0].id.clone());
    let send = async |clerk: &mut Browser, csrf: &str| {
        let pairs =
            [("csrf", csrf), ("record", &number), ("number", &"4d".repeat(16)), ("material", &material)];
        let (media, body) = multipart(&pairs, &jpeg(640, 480, "at home"));
        let request = clerk.request(Method::POST, &format!("/trip/{trip}/photo"));
        let request =
            request.header(header::ORIGIN, format!("http://{HOST}")).header(header::CONTENT_TYPE, media);
        clerk.send(request.body(Body::from(body)).unwrap()).await
    };
    assert_eq!(send(&mut clerk, &token).await.status, StatusCode::NOT_FOUND, "no record yet");
    let landed = clerk.post(&format!("/trip/{trip}/record"), record(&station, &token, &number, 9)).await;
    let draft = json(&landed)["draft"].as_str().unwrap().to_owned();
    assert_eq!(send(&mut clerk, "wrong").await.status, StatusCode::CONFLICT);
    for _ in 0..2 {
        assert_eq!(json(&send(&mut clerk, &token).await)["kept"], true);
    }
    let page = clerk.get(&format!("/intake/{draft}")).await;
    assert!(page.text.contains("<span data-photo-count>1 张</span>"), "one photo");
}

/// Fails when a lost tablet can still be opened by the box, or ending a trip twice is an error that holds a tablet up.
#[tokio::test]
async fn d7_a_lost_tablet_is_shut_and_an_ended_trip_stays_ended() {
    let Town { station, .. } = town();
    let mut clerk = signed_in(&station).await;
    let (token, made) = start(&mut clerk, &station).await;
    let trip = made["trip"].as_str().unwrap().to_owned();
    let with = encode([("csrf", token.as_str())]);
    let key = clerk.post(&format!("/trip/{trip}/key"), with.clone()).await;
    assert_eq!(json(&key)["key"], made["key"], "a forgotten 口令 loses nothing");
    let list = clerk.get("/trips").await;
    assert!(list.text.contains("陈春梅") && list.text.contains(&trip));
    let lost = clerk.post("/trips", encode([("csrf", token.as_str()), ("lost", &trip)])).await;
    assert_eq!(lost.to(), "/trips?done=lost");
    assert!(clerk.get("/trips?done=lost").await.text.contains("没有在外面的平板"));
    assert_eq!(clerk.post(&format!("/trip/{trip}/key"), with.clone()).await.status, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        assert_eq!(clerk.post(&format!("/trip/{trip}/end"), with.clone()).await.status, StatusCode::OK);
    }
}
