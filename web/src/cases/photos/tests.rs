//! Whole requests about photos: what a browser with and without scripts posts, and who is shown what.

mod way;

use app::Node;
use app::cases::CaseId;
use app::testing::{Invented, MONDAY, TestClock, answers, jpeg, meet, township};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use std::sync::Arc;
use store::MemoryEngine;

use crate::browser::{Answer, Browser, HOST, csrf, encode, site_of};
use crate::resident_router;

const BOUNDARY: &str = "----a-browsers-boundary";

/// A form with files, as browsers write it.
fn form(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    for (name, bytes) in files {
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"吴秀英.jpg\"\r\ncontent-type: text/html\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

struct Desk {
    node: Node,
    browser: Browser,
    token: String,
    draft: CaseId,
    material: String,
}

async fn desk() -> Desk {
    let (town, clock) = (township(1, 7), TestClock::at(MONDAY));
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let node = town.start(1, Arc::new(MemoryEngine::new()), clock, 2);
    centre.load_sample(&[2301]).unwrap();
    meet(&node, &centre);
    let mut browser = Browser::new(&site_of(&node));
    browser.sign_in().await;
    let version = app::testing::township_item(&node);
    let who = app::testing::clerk();
    let draft = node.start_draft(&who, &version.code).unwrap();
    node.save_draft(&who, draft, answers(&version, &version.scenarios[0].id, &Invented::nth(1))).unwrap();
    let token = csrf(&browser.get(&format!("/photos/{}", draft.hex())).await.text);
    let material = version.materials_for(&version.scenarios[0].id).next().unwrap().id.clone();
    Desk { node, browser, token, draft, material }
}

impl Desk {
    async fn post(&mut self, path: &str, body: Vec<u8>, script: bool) -> Answer {
        let accept = if script { "application/json" } else { "text/html" };
        let request = self
            .browser
            .request(Method::POST, path)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .header(header::ACCEPT, accept)
            .body(Body::from(body))
            .unwrap();
        self.browser.send(request).await
    }

    fn path(&self) -> String {
        format!("/photos/{}", self.draft.hex())
    }

    async fn add(&mut self, files: &[(&str, &[u8])]) -> Answer {
        let (token, material) = (self.token.clone(), self.material.clone());
        let body = form(&[("csrf", &token), ("material", &material)], files);
        self.post(&self.path(), body, false).await
    }

    fn names(&self, id: CaseId) -> Vec<String> {
        self.node.case(id).unwrap().case.photos.iter().map(|photo| super::hex(&photo.what.photo)).collect()
    }

    async fn image(&mut self, path: &str) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
        use tower::ServiceExt as _;
        let request = self.browser.request(Method::GET, path).body(Body::empty()).unwrap();
        let response = self.browser.pages.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec())
    }
}

/// Fails if a browser without scripts could not add photos, or one wrong file took the others along.
#[tokio::test]
async fn d5_photos_are_added_by_a_plain_form_and_what_is_wrong_is_told() {
    let mut desk = desk().await;
    let (one, two) = (jpeg(1600, 1200, "one"), jpeg(1600, 1200, "two"));
    let done = desk.add(&[("photo", &one), ("photo", &two)]).await;
    assert_eq!(
        (done.status, done.to()),
        (StatusCode::SEE_OTHER, format!("{}#m-{}", desk.path(), desk.material))
    );
    assert_eq!(desk.names(desk.draft).len(), 2);

    let three = jpeg(9, 9, "three");
    let done = desk.add(&[("photo", &three), ("photo", b"%PDF-1.7 a letter")]).await;
    assert_eq!(done.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(done.text.contains("第 2 个文件") && done.text.contains("不是照片"), "{}", done.text);
    assert!(done.text.contains("3 张"), "the good one is there");

    let none = desk.add(&[("photo", b"")]).await;
    assert!(none.text.contains("还没选照片"));
    let large = jpeg(1600, 1200, &"a".repeat(10 * 1024 * 1024));
    let done = desk.add(&[("photo", &large)]).await;
    assert_eq!(done.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(done.text.contains("照片太大（10 MB，最多 300 KB）") && done.text.contains("手机拍小一点"));
    assert_eq!(desk.names(desk.draft).len(), 3);
    // the name of a file may be a person's: it is nowhere
    let page = desk.browser.get(&desk.path()).await;
    assert!(!page.text.contains("吴秀英"));
}

/// Fails if a photo could be put in from another site's page, from an old one, or by nobody.
#[tokio::test]
async fn d5_a_photo_is_taken_from_a_page_of_this_session_only() {
    let mut desk = desk().await;
    let file = jpeg(9, 9, "x");
    let material = desk.material.clone();
    let stale = desk
        .post(&desk.path(), form(&[("csrf", "old"), ("material", &material)], &[("photo", &file)]), false)
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("照片没有存。请再选一次"));
    desk.browser.cookie.clear();
    let nobody = desk.add(&[("photo", &file)]).await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.names(desk.draft).len(), 0);
    for path in ["", "/list", &format!("/{}", "0".repeat(64)), &format!("/{}/full", "0".repeat(64))] {
        assert_eq!(desk.browser.get(&format!("{}{path}", desk.path())).await.status, StatusCode::SEE_OTHER);
    }
}

/// Fails if an image could be taken for a page, kept by the browser, or served for what its sender called it.
#[tokio::test]
async fn d5_an_image_is_served_as_what_it_is_and_kept_by_nobody() {
    let mut desk = desk().await;
    let (file, thumb) = (jpeg(1600, 1200, "large"), jpeg(120, 90, "small"));
    let (token, material) = (desk.token.clone(), desk.material.clone());
    let once = "5a".repeat(16);
    let body = form(
        &[("csrf", &token), ("material", &material), ("once", &once)],
        &[("photo", &file), ("thumb", &thumb)],
    );
    let done = desk.post(&desk.path(), body.clone(), true).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.text.contains("\"count\":1"), "{}", done.text);
    let again = desk.post(&desk.path(), body, true).await;
    assert!(again.text.contains("\"count\":1"), "sent twice is added once: {}", again.text);
    let [name] = &desk.names(desk.draft)[..] else { panic!() };
    for (which, bytes) in [("small", &thumb), ("full", &file)] {
        let (status, headers, body) = desk.image(&format!("{}/{name}/{which}", desk.path())).await;
        assert_eq!((status, &body), (StatusCode::OK, bytes));
        let header = |name: header::HeaderName| headers[name].to_str().unwrap().to_owned();
        assert_eq!(header(header::CONTENT_TYPE), "image/jpeg");
        assert_eq!(header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(header(header::CACHE_CONTROL), "private, no-store");
        assert!(header(header::CONTENT_SECURITY_POLICY).contains("sandbox"));
    }
}

/// Fails if a case's photo were shown without a reason, twice for one, or to another session.
#[tokio::test]
async fn d5_a_cases_photo_is_shown_once_with_a_reason() {
    let mut desk = desk().await;
    let file = jpeg(1600, 1200, "original");
    desk.add(&[("photo", &file)]).await;
    let draft = desk.draft;
    let id = desk.node.accept(&app::testing::clerk(), draft).unwrap().id;
    let [name] = desk.names(id).try_into().unwrap();
    let at = format!("/photos/{}/{name}", id.hex());
    assert_eq!(desk.image(&format!("{at}/full")).await.0, StatusCode::NOT_FOUND);
    let page = desk.browser.get(&at).await;
    assert!(
        page.text.contains("为什么要看原图") && !page.text.contains("/full"),
        "{} {}",
        page.status,
        page.text
    );
    let token = desk.token.clone();
    let without = desk.browser.post(&at, encode([("csrf", &*token), ("do", "look")])).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    let shown = desk.browser.post(&at, encode([("csrf", &*token), ("do", "look"), ("why", "inspect")])).await;
    let rest = shown.text.split("src=\"/photos/").nth(1).unwrap();
    let full = format!("/photos/{}", rest.split('"').next().unwrap());
    let cookie = std::mem::take(&mut desk.browser.cookie);
    assert_eq!(desk.image(&full).await.0, StatusCode::SEE_OTHER);
    desk.browser.cookie = cookie;
    let (status, _, bytes) = desk.image(&full).await;
    assert_eq!((status, bytes), (StatusCode::OK, file));
    assert_eq!(desk.image(&full).await.0, StatusCode::NOT_FOUND, "once");
    // marked, not taken away
    let drop = desk.browser.post(&at, encode([("csrf", &*token), ("do", "drop")])).await;
    assert!(drop.status == StatusCode::CONFLICT && drop.text.contains("只能加"));
    let mark =
        desk.browser.post(&at, encode([("csrf", &*token), ("do", "mark"), ("reason", "拍反了")])).await;
    assert!(desk.browser.get(&mark.to()).await.text.contains("有误：拍反了"));
    let case = desk.browser.get(&format!("/cases/{}", id.hex())).await;
    assert!(case.text.contains("1 张 ·") && case.text.contains("拍反了"));
    assert_eq!(
        desk.browser.get(&format!("/photos/{}", draft.hex())).await.to(),
        format!("/photos/{}", id.hex())
    );
}

/// Fails if a 公示 that hangs has no place for its photo, or the photo is not told of as that.
#[tokio::test]
async fn d11_what_was_posted_is_photographed() {
    let mut desk = desk().await;
    let who = app::testing::clerk();
    let version = desk.node.reference().catalogue.current("S047", desk.node.today()).unwrap().clone();
    let id = app::testing::take(&desk.node, &version, 3).unwrap();
    let page = desk.browser.get(&format!("/photos/{}", id.hex())).await;
    assert!(!page.text.contains("公示张贴"));
    desk.node.post_notice(&who, id, "村务公示栏".into()).unwrap();
    let case = desk.browser.get(&format!("/cases/{}", id.hex())).await;
    let link = format!("/photos/{}#m-step.posted", id.hex());
    assert!(case.text.contains(&link) && case.text.contains("还没拍"));
    let token = desk.token.clone();
    let body = form(&[("csrf", &token), ("material", "step.posted")], &[("photo", &jpeg(9, 9, "wall"))]);
    assert_eq!(desk.post(&format!("/photos/{}", id.hex()), body, false).await.to(), link);
    let page = desk.browser.get(&format!("/photos/{}", id.hex())).await;
    assert!(page.text.contains("公示张贴 第 1 张"));
    let early = form(&[("csrf", &token), ("material", "step.unposted")], &[("photo", &jpeg(9, 9, "wall"))]);
    let refused = desk.post(&format!("/photos/{}", id.hex()), early, false).await;
    assert!(refused.text.contains("公示还没结束"), "{}", refused.status);
}

/// Fails if the page a phone opens showed anybody, took a cookie's word, did more than add, or was on no plain address.
#[tokio::test]
async fn devices_a_phone_adds_photos_without_a_sign_in_and_sees_nobody() {
    let mut desk = desk().await;
    let token = desk.token.clone();
    let open = desk
        .browser
        .post(&format!("{}/phone", desk.path()), encode([("csrf", &*token), ("do", "open")]))
        .await;
    let page = desk.browser.get(open.to().split('#').next().unwrap()).await;
    let link = page.text.split("data-phone=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let path = format!("/p/{}", link.split("/p/").nth(1).unwrap());
    let cookie = std::mem::take(&mut desk.browser.cookie);
    desk.browser.pages = resident_router(site_of(&desk.node));
    let camera = desk.browser.get(&path).await;
    assert_eq!(camera.status, StatusCode::OK);
    let person = Invented::nth(1);
    for told in [person.name.as_str(), person.id_number.as_str(), person.phone.as_str()] {
        assert!(page.text.contains("照片") && !camera.text.contains(told));
    }
    assert!(!camera.text.contains("/photos/") && !camera.text.contains(&desk.draft.hex()));
    let (file, material) = (jpeg(9, 9, "from the phone"), desk.material.clone());
    let body = form(&[("material", &material)], &[("photo", &file)]);
    let done = desk.post(&path, body.clone(), true).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.text.contains("\"count\":1") && !done.text.contains("html"), "{}", done.text);
    let nothing = desk.post(&path, form(&[("material", &material)], &[("photo", b"MZ")]), false).await;
    assert!(nothing.text.contains("不是照片"));
    // no staff page stands on the phone's address
    assert_eq!(desk.browser.get(&desk.path()).await.status, StatusCode::NOT_FOUND);
    desk.browser.pages = crate::router(site_of(&desk.node));
    desk.browser.cookie = cookie;
    assert!(desk.browser.get(&format!("{}/list", desk.path())).await.text.contains("\"count\":1"));
    desk.browser.post(&format!("{}/phone", desk.path()), encode([("csrf", &*token), ("do", "close")])).await;
    let shut = desk.post(&path, body, false).await;
    assert_eq!(shut.status, StatusCode::NOT_FOUND);
    assert!(shut.text.contains("二维码用不了了"));
    assert_eq!(desk.names(desk.draft).len(), 1);
}
