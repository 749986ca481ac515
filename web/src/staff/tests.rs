//! A4: a second person at a box, through its pages.

use axum::http::{StatusCode, header};

use crate::browser::{Answer, Browser, site, site_of};
use crate::cases::main_job::{between, send};
use app::testing::box_alone;

/// The code that an answer shows, without its gap.
fn code(answer: &Answer) -> String {
    between(&answer.text, "data-code>", "<").replace(' ', "")
}

fn once(page: &Answer) -> String {
    between(&page.text, "name=\"once\" value=\"", "\"")
}

async fn added(browser: &mut Browser, name: &str) -> (Answer, Answer) {
    let page = browser.get("/staff").await;
    let number = once(&page);
    let pairs = [("once", number.as_str()), ("name", name), ("post", "综合窗口")];
    let answer = send(browser, &page, "/staff", &pairs).await;
    (page, answer)
}

async fn signed_in(site: &crate::Site, code: &str) -> (Browser, Answer) {
    let mut browser = Browser::new(site);
    let page = browser.get("/sign-in").await;
    let answer = send(&mut browser, &page, "/sign-in", &[("by", "code"), ("code", code)]).await;
    (browser, answer)
}

/// Sets a password of their own, without which nothing else opens.
async fn settled(browser: &mut Browser) {
    let page = browser.get("/password").await;
    let pairs = [("password", "门前种了两棵枣树"), ("again", "门前种了两棵枣树"), ("do", "set")];
    assert_eq!(send(browser, &page, "/password", &pairs).await.status, StatusCode::SEE_OTHER);
}

/// Fails when a code is shown twice or stays in a cache, a double click makes two people, the colleague cannot sign in with it,
/// or signs in with it twice.
#[tokio::test]
async fn a4_a_colleague_is_added_and_the_code_shown_once() {
    let site = site();
    let mut first = Browser::new(&site);
    first.sign_in().await;
    let (page, answer) = added(&mut first, "李文").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    let code = code(&answer);
    assert!(code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");

    let number = once(&page);
    let pairs = [("once", number.as_str()), ("name", "李文"), ("post", "综合窗口")];
    let again = send(&mut first, &page, "/staff", &pairs).await;
    assert!(again.text.contains("这一页已经办过了") && !again.text.contains("data-code"));
    let list = first.get("/staff").await.text;
    assert_eq!(list.matches("李文").count(), 1);
    assert!(list.contains("等本人登录") && list.contains("还没用") && !list.contains(&code));

    let (mut second, welcome) = signed_in(&site, &code).await;
    assert!(welcome.to().starts_with("/password"), "the second sets a password of their own first");
    let page = second.get("/password").await;
    assert!(
        page.text.contains("s2") && page.text.contains("是同事给的（陈春梅") && !page.text.contains("先不设")
    );
    for path in ["/", "/staff", "/registers/round/new"] {
        assert_eq!(second.get(path).await.to(), "/password", "{path}");
    }
    let skipped = send(&mut second, &page, "/password", &[("do", "skip")]).await;
    assert!(
        skipped.status == StatusCode::UNPROCESSABLE_ENTITY && skipped.text.contains("要先设一个自己的密码")
    );
    assert_eq!(signed_in(&site, &code).await.1.status, StatusCode::UNPROCESSABLE_ENTITY, "used up");
    assert!(first.get("/staff").await.text.contains("用过了"), "and everybody sees that it was used");
}

/// Fails when somebody who does not manage can add, stop or give a code, or is not told whom to ask.
#[tokio::test]
async fn a4_who_does_not_manage_sees_whom_to_ask() {
    let site = site();
    let mut first = Browser::new(&site);
    first.sign_in().await;
    let code = code(&added(&mut first, "李文").await.1);
    let (mut second, _) = signed_in(&site, &code).await;
    settled(&mut second).await;
    let list = second.get("/staff").await;
    assert!(list.text.contains("请找陈春梅") && !list.text.contains("name=\"name\""));
    assert!(!list.text.contains("href=\"/staff/s"));
    let page = second.get("/").await;
    let refused = send(&mut second, &page, "/staff", &[("name", "王五"), ("post", "综合窗口")]).await;
    assert!(refused.text.contains("您不管人员"));
    for deed in ["code", "stop", "manage", "unmanage"] {
        let refused = send(&mut second, &page, "/staff/s1", &[("do", deed)]).await;
        assert!(refused.status.is_client_error() && refused.text.contains("您不管人员"), "{deed}");
    }
    assert!(second.get("/staff/s1").await.status.is_client_error());
    assert!(!first.get("/staff").await.text.contains("王五"));
}

/// Fails when a stopped person's page goes on, or they can come in again by code or password; or when nobody who can sign in
/// would manage the box.
#[tokio::test]
async fn a4_who_is_stopped_is_out_at_once_and_the_box_is_never_without_a_manager() {
    let (node, _) = box_alone();
    let site = site_of(&node);
    let mut first = Browser::new(&site);
    first.sign_in().await;
    let code = code(&added(&mut first, "李文").await.1);
    let (mut second, _) = signed_in(&site, &code).await;
    settled(&mut second).await;

    let own = first.get("/staff/s1").await;
    for deed in ["stop", "unmanage", "code"] {
        let refused = send(&mut first, &own, "/staff/s1", &[("do", deed)]).await;
        assert!(refused.status.is_client_error(), "{deed}");
    }
    assert!(!own.text.contains("value=\"stop\"") && !own.text.contains("value=\"unmanage\""));
    let other = first.get("/staff/s2").await;
    assert_eq!(send(&mut first, &other, "/staff/s2", &[("do", "stop")]).await.to(), "/staff/s2?done=stopped");
    assert!(second.get("/").await.to().starts_with("/sign-in"), "out at once");
    let mut back = Browser::new(&site);
    let page = back.get("/sign-in").await;
    let body = [("by", "password"), ("staff", "李文"), ("password", "门前种了两棵枣树")];
    assert_eq!(send(&mut back, &page, "/sign-in", &body).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let manages = send(&mut first, &other, "/staff/s2", &[("do", "manage")]).await;
    assert!(manages.text.contains("停用了，先给登录码"));

    // back with a new code, and the other way round: the first hands over and gives it up
    let page = first.get("/staff/s2").await;
    let number = once(&page);
    let answer = send(&mut first, &page, "/staff/s2", &[("do", "code"), ("once", &number)]).await;
    let (mut second, _) = signed_in(&site, &self::code(&answer)).await;
    let page = first.get("/staff/s2").await;
    assert_eq!(
        send(&mut first, &page, "/staff/s2", &[("do", "manage")]).await.to(),
        "/staff/s2?done=manages"
    );
    let own = first.get("/staff/s1").await;
    let given_up = send(&mut first, &own, "/staff/s1", &[("do", "unmanage")]).await;
    assert_eq!(given_up.status, StatusCode::UNPROCESSABLE_ENTITY, "the second has no password yet");
    settled(&mut second).await;
    let own = first.get("/staff/s1").await;
    assert_eq!(send(&mut first, &own, "/staff/s1", &[("do", "unmanage")]).await.to(), "/staff?done=manned");
    assert!(second.get("/staff").await.text.contains("name=\"name\""));
}

/// Fails when two people could not be told apart, or an empty field is taken.
#[tokio::test]
async fn a4_a_name_that_is_there_is_refused_beside_its_field() {
    let site = site();
    let mut first = Browser::new(&site);
    first.sign_in().await;
    let page = first.get("/staff").await;
    for (name, post, words) in [
        ("陈春梅", "综合窗口", "已经有一个“陈春梅”了"),
        ("", "综合窗口", "还没填姓名"),
        ("李文", " ", "还没填岗位"),
    ] {
        let refused = send(&mut first, &page, "/staff", &[("name", name), ("post", post)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(words), "{words}");
    }
    assert!(!first.get("/staff").await.text.contains("/staff/s2"));
}
