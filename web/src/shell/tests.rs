//! Whole requests against a box in memory: who gets in, who is turned away, and what a person reads then.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use axum::routing::get;

use crate::browser::{Browser, CODE, HOST, csrf, site};

/// Fails when a page of another site that resolves its name to this box is answered.
#[tokio::test]
async fn an_unknown_host_is_turned_away_in_chinese() {
    let mut browser = Browser::new(&site());
    let request = Request::get("/sign-in").header(header::HOST, "evil.example").body(Body::empty()).unwrap();
    let answer = browser.send(request).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
    assert!(answer.text.contains("这个网址不是本站的"));
}

/// Fails when a form from another origin is taken, or when one without an origin is.
#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let mut browser = Browser::new(&site());
    for origin in [None, Some("http://evil.example"), Some("null")] {
        let mut request = browser.request(Method::POST, "/sign-in");
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = browser.send(request.body(Body::from("code=x")).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin:?}");
    }
}

/// Fails when any answer, good or bad, leaves out a header that guards it.
#[tokio::test]
async fn every_answer_carries_the_guarding_headers() {
    let mut browser = Browser::new(&site());
    for path in ["/sign-in", "/healthz", "/nowhere", crate::assets::url("desk.css")] {
        let answer = browser.get(path).await;
        let policy = answer.headers.get(header::CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert!(answer.headers.contains_key(header::CACHE_CONTROL), "{path}");
    }
}

/// Fails when a page carries an inline script, style or handler, which the policy would silently stop.
#[tokio::test]
async fn no_page_needs_an_inline_script_or_style() {
    let mut browser = Browser::new(&site());
    for path in ["/sign-in", "/nowhere"] {
        let text = browser.get(path).await.text;
        for bad in ["<script>", "<style", " style=\"", " onclick=", "javascript:", "http://", "https://"] {
            assert!(!text.contains(bad), "{path} has {bad}");
        }
    }
}

/// Fails when a wrong method, an oversized body or something that is no form gets anything but its own clear refusal.
#[tokio::test]
async fn malformed_requests_are_told_apart() {
    let mut browser = Browser::new(&site());
    let put = browser.request(Method::PUT, "/sign-in").header(header::ORIGIN, format!("http://{HOST}"));
    let answer = browser.send(put.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.text.contains("不能这样打开") && answer.headers.contains_key(header::ALLOW));

    let huge = format!("q={}", "x".repeat(crate::limit::FORM_BYTES_MAX + crate::limit::TOKEN_BYTES));
    let answer = browser.post("/find", huge).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text.contains("提交的内容太多"));

    let many = "a=1&".repeat(crate::limit::FORM_FIELDS_MAX + 2);
    assert_eq!(browser.post("/find", many).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let huge = format!("code={}", "x".repeat(crate::limit::SIGN_IN_BYTES_MAX));
    assert_eq!(browser.post("/sign-in", huge).await.status, StatusCode::PAYLOAD_TOO_LARGE);

    let json = browser.request(Method::POST, "/sign-in").header(header::ORIGIN, format!("http://{HOST}"));
    let json = json.header(header::CONTENT_TYPE, "application/json").body(Body::from("{}")).unwrap();
    assert_eq!(browser.send(json).await.status, StatusCode::BAD_REQUEST);
}

/// Fails when a code works twice, when the cookie can be read by a script, or when the password is not offered.
#[tokio::test]
async fn a_code_signs_in_once_and_offers_a_password() {
    let site = site();
    let mut first = Browser::new(&site);
    let answer = first.sign_in().await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.headers[header::LOCATION], "/password?back=/");
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict") && !set.contains("Secure"));

    let mut second = Browser::new(&site);
    let answer = second.sign_in().await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.text.contains("登录码不对") && answer.text.contains(CODE),
        "what was typed is still there"
    );
}

/// Fails when a form without the session's own token is acted on, or when what was typed is lost by the refusal.
#[tokio::test]
async fn a_stale_form_is_offered_again_and_not_acted_on() {
    let site = site();
    let mut browser = Browser::new(&site);
    browser.sign_in().await;
    let answer = browser.post("/sign-out", "csrf=0&note=%E5%90%B4").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("接着提交") && answer.text.contains("吴"));
    assert_eq!(browser.get("/password").await.status, StatusCode::OK, "still signed in");

    let token = csrf(&answer.text);
    assert_eq!(browser.post("/sign-out", format!("csrf={token}")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/password").await.status, StatusCode::SEE_OTHER, "signed out");
}

/// Fails when a form posted after the session ended loses what was typed, or is sent anywhere but where it was going.
#[tokio::test]
async fn what_was_typed_survives_an_ended_session() {
    let site = site();
    let mut browser = Browser::new(&site);
    let asked = browser.post("/password", "password=abc&again=%E6%9D%8E%E5%9B%9B").await;
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    assert!(asked.text.contains("name=\"typed.again\" value=\"李四\""));

    let token = csrf(&asked.text);
    let body = format!("csrf={token}&by=code&code={CODE}&back=/password&typed.again=%E6%9D%8E%E5%9B%9B");
    let resumed = browser.post("/sign-in", body).await;
    assert!(resumed.text.contains("action=\"/password\"") && resumed.text.contains("value=\"李四\""));
}

/// Fails when the longest form that the box takes is refused by the sign-in because its session ended: as many fields as may be,
/// as many bytes as may be.
#[tokio::test]
async fn the_longest_form_survives_an_ended_session() {
    let site = site();
    let mut browser = Browser::new(&site);
    let (fields, bytes) = (crate::limit::FORM_FIELDS_MAX, crate::limit::FORM_BYTES_MAX);
    let mut form: String = (1..fields).map(|nth| format!("f{nth}=1&")).collect();
    form.push_str("words=");
    form.push_str(&"x".repeat(bytes - form.len()));
    assert_eq!(form.len(), bytes);
    let asked = browser.post("/password", form.clone()).await;
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    let token = csrf(&asked.text);
    let typed: Vec<String> = form.split('&').map(|pair| format!("typed.{pair}")).collect();
    let body = format!("csrf={token}&back=/password&by=code&code={CODE}&{}", typed.join("&"));
    let resumed = browser.post("/sign-in", body).await;
    assert_eq!(resumed.status, StatusCode::OK, "{}", resumed.text.chars().take(300).collect::<String>());
    assert!(resumed.text.contains("action=\"/password\"") && resumed.text.contains("name=\"f399\""));
    let again = format!("csrf={}&{form}", csrf(&resumed.text));
    assert!(again.len() > bytes, "the page's own token comes on top of what was typed");
    assert_ne!(browser.post("/password", again).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

/// Fails when the password page sends a password back, or takes one that the box refuses.
#[tokio::test]
async fn a_password_is_refused_beside_its_field_and_never_shown() {
    let site = site();
    let mut browser = Browser::new(&site);
    browser.sign_in().await;
    let token = csrf(&browser.get("/password").await.text);
    let short = browser.post("/password", format!("csrf={token}&password=abc&again=abc")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text.contains("id=\"password-e\"") && short.text.contains("href=\"#password\""));
    assert!(!short.text.contains("value=\"abc\""));
    let good = "a-good-long-one";
    let set = browser.post("/password", format!("csrf={token}&password={good}&again={good}")).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER);

    let mut again = Browser::new(&site);
    let token = csrf(&again.get("/sign-in").await.text);
    let body = format!("csrf={token}&by=password&staff=s1&password={good}");
    assert_eq!(again.post("/sign-in", body).await.headers[header::LOCATION], "/");
}

/// Fails when counters are shown to another machine, or hold anything typed.
#[tokio::test]
async fn metrics_are_for_this_machine_only() {
    let site = site();
    let mut browser = Browser::new(&site);
    browser.get("/cases/341823194403072126").await;
    assert_eq!(browser.get("/metrics").await.status, StatusCode::NOT_FOUND, "no peer address is no loopback");
    let mut request = browser.request(Method::GET, "/metrics").body(Body::empty()).unwrap();
    let peer: std::net::SocketAddr = "127.0.0.1:5000".parse().unwrap();
    request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
    let answer = browser.send(request).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("bianmin_web_answers_total") && !answer.text.contains("341823"));
    for gauge in [
        "link_up",
        "store_commits 2",
        "records{truth=\"saved\"} 0",
        "records{truth=\"not_adopted\"} 0",
        "journal_entries{writer=\"own\"} 0",
    ] {
        assert!(answer.text.contains(&format!("bianmin_{gauge}")), "{gauge}: {}", answer.text);
    }
}

/// Fails when a defect in one page takes the box down or shows its insides.
#[tokio::test]
async fn a_panic_becomes_a_page_with_a_number_to_report() {
    let site = site();
    let broken = Router::new().route("/broken", get(async || -> &'static str { panic!("planted") }));
    let mut browser = Browser { pages: crate::wrapped(broken, site), cookie: String::new() };
    let answer = browser.get("/broken").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.text.contains("报障时请念这个编号") && !answer.text.contains("planted"));
    assert_eq!(browser.get("/broken").await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

/// Fails when a page that was open over a restart of the box cannot save any more, or takes any other token.
#[tokio::test]
async fn a_page_opened_before_a_restart_still_saves() {
    let node = app::testing::box_alone().0;
    let mut browser = Browser::new(&crate::browser::site_of(&node));
    browser.sign_in().await;
    let token = csrf(&browser.get("/password").await.text);
    browser.pages = crate::router(crate::browser::site_of(&node));
    let other = browser.post("/sign-out", "csrf=00000000000000000000000000000000").await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    let saved = browser.post("/sign-out", format!("csrf={token}")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
}

/// Fails when a path that cannot be read is answered in the framework's English instead of our page.
#[tokio::test]
async fn a_path_that_cannot_be_read_is_a_page_we_do_not_have() {
    let mut browser = Browser::new(&site());
    browser.sign_in().await;
    for path in ["/cases/%ff", "/cases/00ff/papers/abc", "/intake/%ff", "/items/%ff", "/cx/%ff"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text.contains("没有这一页"), "{path}: {}", answer.text);
    }
}

/// What was logged on this thread while it lives.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Fails when an answer that says no to a form leaves no line to find it by, or when the line holds what was typed.
#[tokio::test]
async fn every_no_to_a_form_is_a_line_in_the_log_without_what_was_typed() {
    let log = Log::default();
    let writer = log.clone();
    let written = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _kept = tracing::subscriber::set_default(written);
    // while there is but one subscriber, a log line first met on another test's thread is switched off for all
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let town = crate::cases::main_job::town();
    let version = crate::cases::main_job::township_item(&town.station);
    let mut browser = Browser::new(&crate::browser::site_of(&town.station));
    let token = csrf(&browser.get("/sign-in").await.text);
    browser.post("/sign-in", format!("csrf={token}&by=code&code=000000000000")).await;
    browser.sign_in().await;
    let person = app::testing::Invented::nth(41);
    let mut typed = app::testing::answers(&version, &version.scenarios[0].id, &person);
    typed.insert("0/phone".to_owned(), "1395632247".to_owned());
    let (path, page) = crate::cases::main_job::draft(&mut browser, &version, &typed).await;
    crate::cases::main_job::send(&mut browser, &page, &path, &[("do", "accept")]).await;
    browser.post("/progress", "number=2301-2026-K7QM-0352-P&code=000000").await;
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let refused = |reason: &str| {
        let quoted = format!("reason=\"{reason}\"");
        text.lines()
            .any(|line| line.contains("refused") && line.contains(&quoted) && line.contains("request="))
    };
    for reason in ["wrong sign-in code", "fields", "wrong query code"] {
        assert!(refused(reason), "{reason}: {text}");
    }
    assert!(text.contains("0/phone"), "which field, by its name");
    for private in ["1395632247", &person.name, &person.id_number, "0352-P"] {
        assert!(!text.contains(private), "{private}");
    }
}

/// A disk on which no room is left, when it is said so.
#[derive(Default)]
struct SmallDisk {
    disk: store::MemoryEngine,
    full: std::sync::atomic::AtomicBool,
}

impl store::engine::Engine for SmallDisk {
    fn read(&self) -> Result<Box<dyn store::engine::ReadTx + '_>, store::engine::EngineError> {
        self.disk.read()
    }

    fn write(&self) -> Result<Box<dyn store::engine::Transaction + '_>, store::engine::EngineError> {
        if self.full.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(store::engine::EngineError::DiskFull { free_bytes: 0, needed_bytes: 1 });
        }
        self.disk.write()
    }
}

/// Fails when a form that met a full disk is lost, does not say why, or cannot be sent again once there is room.
#[tokio::test]
async fn what_met_a_full_disk_is_kept_on_the_page() {
    let disk = std::sync::Arc::new(SmallDisk::default());
    let clock = app::testing::TestClock::at(app::testing::MONDAY);
    let node = app::testing::township(1, 7).start(0, std::sync::Arc::clone(&disk) as _, clock, 1);
    node.load_sample(&[]).unwrap();
    let mut browser = Browser::new(&crate::browser::site_of(&node));
    browser.sign_in().await;
    let token = csrf(&browser.get("/items").await.text);
    let code = node.reference().catalogue.items().next().unwrap().code.clone();
    let draft = browser.post("/intake", format!("csrf={token}&item={code}")).await.to();
    disk.full.store(true, std::sync::atomic::Ordering::Relaxed);
    let form = [("csrf", token.as_str()), ("0/name", "吴秀英"), ("password", "秘密"), ("do", "save")];
    let told = browser.post(&draft, crate::browser::encode(form)).await;
    assert_eq!(told.status, StatusCode::SERVICE_UNAVAILABLE);
    for kept in ["磁盘快满了", "吴秀英", "再提交一次", "填过的都还在", &format!("action=\"{draft}\"")]
    {
        assert!(told.text.contains(kept), "{kept}: {}", told.text);
    }
    assert!(!told.text.contains("秘密"), "a password is never sent back");
    disk.full.store(false, std::sync::atomic::Ordering::Relaxed);
    let again =
        form.map(|(name, _)| name).into_iter().filter(|name| told.text.contains(&format!("name=\"{name}\"")));
    assert_eq!(again.collect::<Vec<_>>(), ["csrf", "0/name", "do"], "the whole form stands there");
    browser.post(&draft, crate::browser::encode(form)).await.to();
    assert!(browser.get(&draft).await.text.contains("value=\"吴秀英\""));
}
