//! 事项管理 through its pages, scripts off.

use std::sync::Arc;

use app::Node;
use app::testing::{MONDAY, TestClock, township};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use store::MemoryEngine;

use crate::browser::{Answer, Browser, HOST, csrf, site_of};
use crate::cases::main_job::{between, send, signed_in};

fn centre() -> Node {
    let town = township(1, 3);
    let centre = town.start(0, Arc::new(MemoryEngine::new()), TestClock::at(MONDAY), 1);
    centre.load_sample(&[2301]).unwrap();
    centre
}

fn hidden(page: &Answer, name: &str) -> String {
    between(&page.text, &format!("name=\"{name}\" value=\""), "\"")
}

/// Opens a page and sends its form with what it was drawn with.
async fn fill(browser: &mut Browser, path: &str, pairs: &[(&str, &str)]) -> Answer {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    let mut all = pairs.to_vec();
    let kept: Vec<_> = ["once", "drawn"]
        .into_iter()
        .filter(|name| page.text.contains(&format!("name=\"{name}\"")))
        .map(|name| (name, hidden(&page, name)))
        .collect();
    all.extend(kept.iter().map(|(name, value)| (*name, value.as_str())));
    send(browser, &page, path, &all).await
}

/// C4: fails when an item cannot be drafted, edited, compared, published for a later day and found in the history through
/// its pages, or a page of it weighs more than 60 KB.
#[tokio::test]
async fn an_item_goes_from_draft_to_published_through_its_pages() {
    let node = centre();
    let mut browser = signed_in(&node).await;
    let list = browser.get("/catalogue").await;
    assert!(list.text.contains("data-item=\"S047\"") && list.text.contains("已发布 第 1 版"));
    assert!(list.text.len() < 60 * 1024, "{}", list.text.len());
    let item = browser.get("/catalogue/S047").await;
    send(&mut browser, &item, "/catalogue/S047/draft", &[("do", "begin")]).await;
    for section in super::sections::SECTIONS {
        let page = browser.get(&format!("/catalogue/S047/edit/{}", section.key)).await;
        assert!(
            page.status == StatusCode::OK && page.text.len() < 60 * 1024,
            "{}: {}",
            section.key,
            page.text.len()
        );
    }
    // a browser sends the box that is ticked along
    let basics = [("promised", "12"), ("applicants", "个人"), ("do", "next")];
    let saved = fill(&mut browser, "/catalogue/S047/edit/basics", &basics).await;
    assert_eq!(saved.to(), "/catalogue/S047/edit/guide");
    let saved = fill(&mut browser, "/catalogue/S047/edit/materials/1", &[("passes", "看得清楚就行")]).await;
    assert_eq!(saved.to(), "/catalogue/S047/edit/materials");
    let compared = browser.get("/catalogue/S047/compare").await;
    assert!(
        compared.text.contains("改了 2 处")
            && compared.text.contains("<ins>看得清楚就行</ins>")
            && compared.text.contains("<del>15</del>"),
        "{}",
        compared.text
    );
    let asked = browser.get("/catalogue/S047/publish").await;
    let warned = asked.text.contains("data-warns");
    let nothing = fill(&mut browser, "/catalogue/S047/publish", &[("effective", "2026-12-01")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        nothing.text.contains("还没填发布说明") && nothing.text.contains("value=\"2026-12-01\""),
        "typed and still there"
    );
    let mut said = vec![("effective", "2026年12月1日"), ("note", "缩短时限")];
    if warned {
        said.extend([("despite", "1"), ("why", "示例")]);
    }
    assert_eq!(
        fill(&mut browser, "/catalogue/S047/publish", &said).await.to(),
        "/catalogue/S047?done=published"
    );
    let item = browser.get("/catalogue/S047").await;
    assert!(item.text.contains("待生效 第 2 版 2026-12-01") && item.text.contains("已发布 第 1 版"));
    assert!(browser.get("/catalogue?state=%E5%BE%85%E7%94%9F%E6%95%88").await.text.contains("S047"));
    let history = browser.get("/catalogue/S047/history").await;
    assert!(
        history.text.contains("缩短时限")
            && history.text.contains("陈春梅")
            && history.text.contains("改了 2 处")
    );
    assert!(browser.get("/catalogue/S047/compare?old=1&new=2").await.text.contains("<ins>12</ins>"));
    let no_reason = fill(&mut browser, "/catalogue/S047/retire", &[("from", "2026-12-10")]).await;
    assert!(no_reason.text.contains("还没填停用原因") && no_reason.text.contains("value=\"2026-12-10\""));
    let retired =
        fill(&mut browser, "/catalogue/S047/retire", &[("from", "2026-12-10"), ("why", "并入别的事项")])
            .await;
    assert_eq!(retired.to(), "/catalogue/S047?done=retired");
    assert!(browser.get("/catalogue/S047/history").await.text.contains("并入别的事项"));
}

/// Fails when what does not fit is lost or not told beside its field, or what fits is not kept; or when a page that is older
/// than the draft overwrites it unseen.
#[tokio::test]
async fn nothing_typed_into_a_draft_is_lost() {
    let node = centre();
    let mut browser = signed_in(&node).await;
    let item = browser.get("/catalogue/S047").await;
    send(&mut browser, &item, "/catalogue/S047/draft", &[("do", "begin")]).await;
    let path = "/catalogue/S047/edit/basics";
    let old = browser.get(path).await;
    let told = fill(&mut browser, path, &[("legal", "二十天"), ("decided_by", "县里定")]).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        told.text.contains("href=\"#legal\"")
            && told.text.contains("id=\"legal-e\"")
            && told.text.contains("value=\"二十天\"")
    );
    assert!(browser.get(path).await.text.contains("value=\"县里定\""), "what fits is kept");
    let drawn = hidden(&old, "drawn");
    let clash = send(&mut browser, &old, path, &[("decided_by", "镇里定"), ("drawn", &drawn)]).await;
    assert_eq!(clash.status, StatusCode::CONFLICT);
    assert!(clash.text.contains("另一个窗口") && clash.text.contains("value=\"镇里定\""));
    let again = [("decided_by", "镇里定"), ("drawn", &hidden(&clash, "drawn"))];
    assert_eq!(send(&mut browser, &clash, path, &again).await.to(), "/catalogue/S047");
    let page = browser.get(path).await;
    let typing = [("decided_by", "边打边存"), ("drawn", &hidden(&page, "drawn")), ("do", "auto")];
    let kept = send(&mut browser, &page, path, &typing).await;
    assert!(kept.status == StatusCode::OK && kept.text.contains("\"wrong\":0"), "{}", kept.text);
    let now = browser.get(path).await;
    assert!(now.text.contains("value=\"边打边存\"") && kept.text.contains(&hidden(&now, "drawn")));
    let row = browser.get("/catalogue/S047/edit/rules/new").await;
    let pairs = [("text", "再核对一次"), ("once", &hidden(&row, "once"))];
    let before = node.item_draft("S047").unwrap().version.rules.len();
    for _ in 0..2 {
        assert_eq!(
            send(&mut browser, &row, "/catalogue/S047/edit/rules/new", &pairs).await.to(),
            "/catalogue/S047/edit/rules"
        );
    }
    assert_eq!(node.item_draft("S047").unwrap().version.rules.len(), before + 1, "two presses are one act");
}

/// C4: fails when a new item can be published with what the checks refuse, or they are not shown.
#[tokio::test]
async fn the_checks_stop_an_item_that_says_too_little() {
    let node = centre();
    let mut browser = signed_in(&node).await;
    let taken = fill(&mut browser, "/catalogue/new", &[("name", "新事项"), ("code", "S047")]).await;
    assert!(taken.status == StatusCode::UNPROCESSABLE_ENTITY && taken.text.contains("已经有事项了"));
    let begun = fill(&mut browser, "/catalogue/new", &[("name", "新事项"), ("code", "FH-001")]).await;
    assert_eq!(begun.to(), "/catalogue/FH-001/edit/basics");
    let page = browser.get("/catalogue/FH-001/publish").await;
    assert!(page.text.contains("data-stops") && !page.text.contains("name=\"note\""));
    let forced = [("effective", "2026-12-01"), ("note", "x"), ("despite", "1"), ("why", "x")];
    assert_eq!(
        send(&mut browser, &page, "/catalogue/FH-001/publish", &forced).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(node.reference().catalogue.item("FH-001").is_none());
    let copied =
        fill(&mut browser, "/catalogue/new", &[("name", "照抄的"), ("code", "FH-002"), ("like", "S047")])
            .await;
    assert_eq!(copied.to(), "/catalogue/FH-002/edit/basics");
    assert!(!browser.get("/catalogue/FH-002/publish").await.text.contains("data-stops"));
}

/// C6: fails when a power cannot be registered or ended through its pages, or what was typed is lost by being refused.
#[tokio::test]
async fn a_power_is_registered_and_ended_through_its_pages() {
    let node = centre();
    let mut browser = signed_in(&node).await;
    let wrong =
        fill(&mut browser, "/authorities/new", &[("document", "泾民委〔2026〕9号"), ("stations", "2301")])
            .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("value=\"泾民委〔2026〕9号\"") && wrong.text.contains("还没选事项"));
    let typed = [
        ("document", "泾民委〔2026〕9号"),
        ("principal", "泾县民政局"),
        ("way", "委托受理"),
        ("stations", "2301"),
        ("items", "S047"),
        ("from", "2026-11-23"),
    ];
    assert_eq!(fill(&mut browser, "/authorities/new", &typed).await.to(), "/authorities?done=registered");
    let list = browser.get("/authorities").await;
    assert!(list.text.contains("泾民委〔2026〕9号"));
    let end =
        between(&list.text, "href=\"/authorities/end?", "\"").replace("&#38;", "&").replace("&amp;", "&");
    let page = browser.get(&format!("/authorities/end?{end}")).await;
    let (station, document) = (hidden(&page, "station"), hidden(&page, "document"));
    let pairs = [("station", station.as_str()), ("document", &document), ("last", "2026-11-30")];
    let silent = send(&mut browser, &page, "/authorities/end", &pairs).await;
    assert!(silent.status == StatusCode::UNPROCESSABLE_ENTITY && silent.text.contains("还没填为什么结束"));
    let pairs = [&pairs[..], &[("why", "县民政局收回委托")]].concat();
    assert_eq!(send(&mut browser, &page, "/authorities/end", &pairs).await.to(), "/authorities?done=ended");
    assert!(browser.get("/authorities").await.text.contains("县民政局收回委托"), "why stands in the list");
    let ended = node.reference().authorities.iter().filter(|power| power.to.is_some()).count();
    assert_eq!(ended, 1);
}

/// C4: fails when a version that says what the last one says is published, for nothing, on every box.
#[tokio::test]
async fn a_draft_without_a_change_is_not_published() {
    let node = centre();
    let code = node.reference().catalogue.items().next().unwrap().code.clone();
    let mut browser = Browser::new(&site_of(&node));
    browser.sign_in().await;
    let item = browser.get(&format!("/catalogue/{code}")).await;
    send(&mut browser, &item, &format!("/catalogue/{code}/draft"), &[("do", "begin")]).await;
    let pairs = [("effective", "2026-12-01"), ("note", "没改什么"), ("despite", "1"), ("why", "试试")];
    let refused = fill(&mut browser, &format!("/catalogue/{code}/publish"), &pairs).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("一处都没有改，不用再发布"));
}

/// C4, D8: fails when the second of two windows overwrites a package's draft unseen, or loses what it typed itself.
#[tokio::test]
async fn two_windows_on_one_package_are_told_apart() {
    let mut browser = Browser::new(&site_of(&centre()));
    browser.sign_in().await;
    let list = browser.get("/packages").await;
    let page = send(&mut browser, &list, "/packages", &[("name", "开店一件事")]).await.to();
    let (first, second) = (browser.get(&page).await, browser.get(&page).await);
    let drawn = hidden(&first, "drawn");
    let says = |words| [("name", "开店一件事"), ("drawn", drawn.as_str()), ("do", "save"), ("words", words)];
    let saved = send(&mut browser, &first, &page, &says("开饭店的")).await;
    assert_eq!(saved.to(), format!("{page}?done=saved"));
    let told = send(&mut browser, &second, &page, &says("开小卖部的")).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(told.text.contains("给谁办的“开饭店的”") && told.text.contains("\n开小卖部的</textarea>"));
    assert!(browser.get(&page).await.text.contains("\n开饭店的</textarea>"), "nothing was overwritten");
    let again = hidden(&told, "drawn");
    let pairs = [("name", "开店一件事"), ("drawn", again.as_str()), ("do", "save"), ("words", "开小卖部的")];
    assert_eq!(send(&mut browser, &told, &page, &pairs).await.to(), format!("{page}?done=saved"));
}

/// Fails when a file that was chosen before the session ended vanishes without a word.
#[tokio::test]
async fn a_file_posted_after_the_session_ended_is_asked_for_again() {
    let site = site_of(&centre());
    let mut browser = Browser::new(&site);
    browser.sign_in().await;
    let mut ended = Browser::new(&site);
    for path in ["/catalogue/import", "/courier/drop-off"] {
        let request = ended
            .request(Method::POST, path)
            .header(header::ORIGIN, format!("http://{HOST}"))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX")
            .body(Body::from("--XX--\r\n"))
            .unwrap();
        let to = ended.send(request).await.to();
        assert!(ended.get(&to).await.text.contains("刚才选的照片或者文件没有存下"), "{path}: {to}");
        // the way back is a page, for whoever signs in there
        let back = browser.get(path).await;
        assert!(back.status == StatusCode::OK || back.to() == "/courier", "{path}");
    }
}

async fn upload(browser: &mut Browser, bytes: &[u8]) -> Answer {
    let token = csrf(&browser.get("/catalogue/import").await.text);
    let mut body = format!("--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"事项.xlsx\"\r\n\r\n").into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--XX--\r\n");
    let request = browser
        .request(Method::POST, "/catalogue/import")
        .header(header::ORIGIN, format!("http://{HOST}"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX")
        .body(Body::from(body))
        .unwrap();
    browser.send(request).await
}

/// The page of an import once nothing runs.
async fn settled(browser: &mut Browser, path: &str) -> Answer {
    loop {
        let state = browser.get(&format!("{path}/state")).await;
        if state.text.contains("\"running\":false") {
            return browser.get(path).await;
        }
        tokio::task::yield_now().await;
    }
}

/// C5: fails when a workbook that is right does not come in whole after it was looked at, or one that is wrong comes in at
/// all, or its errors are not told row by row.
#[tokio::test]
async fn a_workbook_is_looked_at_and_comes_in_whole() {
    let node = centre();
    let mut browser = signed_in(&node).await;
    let reference = node.reference();
    let mut versions: Vec<_> =
        reference.catalogue.items().take(3).map(|item| item.versions[0].clone()).collect();
    versions[0].name = "表格里改的名字".to_owned();
    versions[1].code = "FH-009".to_owned();
    let bytes = sheets::export(&versions.iter().collect::<Vec<_>>(), node.today()).unwrap();
    let path = upload(&mut browser, &bytes).await.to();
    let page = settled(&mut browser, &path).await;
    assert!(
        page.text.contains("<b>1</b>新增")
            && page.text.contains("<b>1</b>有改动")
            && page.text.contains("<b>1</b>没变"),
        "{}",
        page.text
    );
    let refused = send(&mut browser, &page, &path, &[("do", "publish"), ("effective", "2026-11-23")]).await;
    assert!(
        refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("还没填发布说明"),
        "{}",
        refused.text
    );
    let said = [
        ("do", "publish"),
        ("effective", "2026-11-23"),
        ("note", "换年"),
        ("despite", "1"),
        ("why", "示例"),
        ("once", &hidden(&refused, "once")),
    ];
    for _ in 0..2 {
        assert_eq!(
            send(&mut browser, &refused, &path, &said).await.to(),
            path,
            "a second press finds it done"
        );
    }
    assert!(settled(&mut browser, &path).await.text.contains("2 个事项发布了"));
    assert_eq!(node.reference().catalogue.item("FH-009").unwrap().versions.len(), 1);
    versions[2].name = "字".repeat(200);
    let bytes = sheets::export(&versions.iter().collect::<Vec<_>>(), node.today()).unwrap();
    let path = upload(&mut browser, &bytes).await.to();
    let page = settled(&mut browser, &path).await;
    assert!(
        page.text.contains("有 1 处不对，什么都没有导入") && page.text.contains("最多 60 个"),
        "{}",
        page.text
    );
    let request = browser.request(Method::GET, &format!("{path}/errors")).body(Body::empty()).unwrap();
    use tower::ServiceExt as _;
    let back = browser.pages.clone().oneshot(request).await.unwrap();
    let back = axum::body::to_bytes(back.into_body(), usize::MAX).await.unwrap();
    let again = sheets::import(&back, node.today(), &|_, _| ()).unwrap();
    assert_eq!(again.errors.len(), 1, "the workbook given back has the same error, and no other");
    let path = upload(&mut browser, b"a,b,c").await.to();
    assert!(settled(&mut browser, &path).await.text.contains("不是 .xlsx"));
    let large = upload(&mut browser, &vec![b'x'; 10 * 1024 * 1024]).await;
    assert!(
        large.status == StatusCode::PAYLOAD_TOO_LARGE
            && large.text.contains("文件太大")
            && large.text.contains("图片")
    );
}

/// Fails when a station can reach the centre's pages.
#[tokio::test]
async fn a_station_manages_no_items() {
    let mut browser = signed_in(&app::testing::box_alone().0).await;
    for path in
        ["/catalogue", "/catalogue/new", "/catalogue/import", "/authorities", "/catalogue/S047/publish"]
    {
        let page = browser.get(path).await;
        assert!(page.status == StatusCode::CONFLICT && page.text.contains("镇中心"), "{path}");
    }
}
