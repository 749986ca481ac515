//! The main job through the pages: a station takes a case in alone, the centre decides, the station hands over, the
//! resident asks. What a page must never do stands beside each step.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::Node;
use app::testing::{Invented, MONDAY, TestClock, answers, meet, township};
use axum::http::{StatusCode, header};
use model::item::{Level, Version, Way};
use store::MemoryEngine;

use crate::browser::{Answer, Browser, csrf, encode, site_of};

pub(crate) struct Town {
    pub(crate) station: Node,
    pub(crate) centre: Node,
    pub(crate) clock: Arc<TestClock>,
}

pub(crate) fn town() -> Town {
    let town = township(1, 3);
    let clock = TestClock::at(MONDAY);
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let station = town.start(1, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 2);
    centre.load_small_sample(&[2301]).unwrap();
    meet(&station, &centre);
    Town { station, centre, clock }
}

/// An item that the township decides, without 公示.
pub(crate) fn township_item(node: &Node) -> Version {
    let reference = node.reference();
    let mut all = reference.catalogue.items().filter_map(|item| item.on(node.today()).cloned());
    let wanted = |version: &Version| {
        let decides =
            version.deciding_step().is_some_and(|step| step.level == Level::Township && !step.outside);
        decides && version.notice_days.is_none() && version.way != Way::OnBehalf
    };
    all.find(wanted).unwrap()
}

pub(crate) async fn signed_in(node: &Node) -> Browser {
    let mut browser = Browser::new(&site_of(node));
    browser.sign_in().await;
    browser
}

/// Fills and sends a form of a page.
pub(crate) async fn send(browser: &mut Browser, page: &Answer, path: &str, pairs: &[(&str, &str)]) -> Answer {
    let token = csrf(&page.text);
    let all = [("csrf", token.as_str())].into_iter().chain(pairs.iter().copied());
    browser.post(path, encode(all)).await
}

/// Finds an item by its pinyin and fills its draft.
pub(crate) async fn draft(
    browser: &mut Browser,
    version: &Version,
    typed: &BTreeMap<String, String>,
) -> (String, Answer) {
    let list = browser.get("/items").await;
    let started = send(browser, &list, "/intake", &[("item", &version.code)]).await;
    let path = started.to();
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    let pairs: Vec<(&str, &str)> =
        typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let saved = send(browser, &page, &path, &[&pairs[..], &[("do", "save")]].concat()).await;
    assert_eq!(saved.to(), path);
    let page = browser.get(&path).await;
    (path, page)
}

pub(crate) async fn act(browser: &mut Browser, case: &str, act: &str, pairs: &[(&str, &str)]) -> Answer {
    let path = format!("/cases/{case}/acts/{act}");
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{act}");
    send(browser, &page, &path, pairs).await
}

/// Fails when a text that does not fit keeps the others from being saved, is not told beside its field, or is lost.
#[tokio::test]
async fn one_text_that_is_too_long_is_told_and_the_others_are_saved() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let mut village = signed_in(&station).await;
    let (path, page) = draft(&mut village, &version, &BTreeMap::new()).await;
    let long = "杨村".repeat(1000);
    let pairs = [("0/address", long.as_str()), ("0/name", "吴秀英")];
    let told = send(&mut village, &page, &format!("{path}/autosave"), &pairs).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.text.contains("\"field\":\"0/address\"") && told.text.contains("写得太长"));
    assert!(village.get(&path).await.text.contains("value=\"吴秀英\""), "the name fits");
    let pressed = send(&mut village, &page, &path, &[&pairs[..], &[("do", "save")]].concat()).await;
    assert_eq!(pressed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(pressed.text.contains("href=\"#0/address\"") && pressed.text.contains("id=\"0/address-e\""));
    assert!(pressed.text.contains(&long), "typed and still there");
    let own = version.form.first().unwrap();
    let form = format!("0/form.{}", own.id);
    let told =
        send(&mut village, &page, &format!("{path}/autosave"), &[(form.as_str(), long.as_str())]).await;
    assert!(
        told.text.contains(&format!("{}写得太长", own.label)),
        "the script's save names it too: {}",
        told.text
    );
    let tried = [("0/name", long.as_str()), (form.as_str(), long.as_str()), ("do", "accept")];
    let told = send(&mut village, &page, &path, &tried).await;
    assert!(told.text.contains(&format!("{}写得太长", own.label)), "by its own name: {}", told.text);
    assert!(!told.text.contains("还没填姓名"), "too long is not missing");
    assert!(!told.text.contains(&format!("还没填“{}”", own.label)), "too long is not missing");
    let gone = send(&mut village, &page, &path, &[&pairs[..], &[("do", "discard")]].concat()).await;
    assert_eq!(gone.to(), "/", "what does not fit can be thrown away");
}

/// Fails when any step of the main job cannot be done from its page, or a page says more than it may.
#[tokio::test]
async fn a_case_goes_from_the_counter_to_the_centre_and_back() {
    let Town { station, centre, .. } = town();
    let version = township_item(&station);
    let person = Invented::nth(7);
    let typed = answers(&version, &version.scenarios[0].id, &person);
    let mut village = signed_in(&station).await;
    let (path, page) = draft(&mut village, &version, &typed).await;
    assert!(
        page.text.contains(&person.name) && page.text.contains(&person.phone),
        "the draft is filled in again"
    );

    let taken = send(&mut village, &page, &path, &[("do", "accept")]).await.to();
    let (case, done) = taken.strip_prefix("/cases/").unwrap().split_once('?').unwrap();
    assert_eq!(done, "done=taken");
    let shown = village.get(&taken).await;
    assert!(shown.text.contains("data-truth=\"saved\"") && shown.text.contains("已存下"));
    for private in [&person.name, &person.id_number, &person.phone] {
        assert!(!shown.text.contains(private), "masked on screen");
    }
    let again = send(&mut village, &page, &path, &[("do", "accept")]).await.to();
    assert_eq!(again, format!("/cases/{case}?done=before"), "a second press makes no second case");

    // the pages of a draft show what was typed in full: a case has none, neither by its draft's address nor by its own
    let form = village.get(&format!("{path}/papers/14")).await.to();
    assert_eq!(form, format!("/cases/{case}/papers/14"));
    full_pages_are_for_drafts(&mut village, case).await;

    let paper = village.get(&format!("/cases/{case}/papers/2")).await;
    assert!(paper.text.contains("受 理 通 知 书") && paper.text.contains(&person.name));
    let code = between(&paper.text, "data-query-code>", "<").replace(' ', "");
    let number = between(&paper.text, "data-case-number>", "<").replace("（示例）", "");

    meet(&station, &centre);
    assert!(village.get(&format!("/cases/{case}")).await.text.contains("data-truth=\"receipt\""));
    let mut township = signed_in(&centre).await;
    full_pages_are_for_drafts(&mut township, case).await;
    let queue = township.get("/queue").await;
    assert!(queue.text.contains(&number) && queue.text.contains("data-act=\"approve\""));
    let approved = act(&mut township, case, "approve", &[("opinion", "同意")]).await;
    assert_eq!(approved.to(), format!("/queue/{case}?done=approve"));
    meet(&station, &centre);

    act(&mut village, case, "ready", &[("paper", "准予决定书")]).await.to();
    let unsigned = act(&mut village, case, "deliver", &[("manner", "1"), ("receiver", "李四")]).await;
    assert_eq!(unsigned.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsigned.text.contains("value=\"李四\"") && unsigned.text.contains("href=\"#signed\""));
    let given = [("manner", "1"), ("receiver", "李四"), ("signed", "1")];
    act(&mut village, case, "deliver", &given).await.to();
    let proof = village.get(&format!("/cases/{case}/papers/12")).await;
    assert!(proof.text.contains("送 达 回 证") && proof.text.contains("李四"));

    let again = format!("name=\"item\" value=\"{}\"", version.code);
    assert!(
        village.get("/").await.text.contains(&again),
        "what is taken here is one press from the home page"
    );

    progress(&mut Browser::new(&site_of(&station)), &number, &code, &person).await;
}

/// Fails when a resident with number and code sees nothing, sees more than masked progress, or a guess is told apart.
async fn full_pages_are_for_drafts(browser: &mut Browser, case: &str) {
    for page in ["", "/more", "/papers/14"] {
        let answer = browser.get(&format!("/intake/{case}{page}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
    }
}

async fn progress(phone: &mut Browser, number: &str, code: &str, person: &Invented) {
    let shown = phone.post("/progress", encode([("number", number), ("code", code)])).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    assert!(shown.text.contains("data-stage=\"Delivered\""));
    for private in [&person.name, &person.id_number, &person.phone] {
        assert!(!shown.text.contains(private));
    }
    let wrong = phone.post("/progress", encode([("number", number), ("code", "000000")])).await;
    let other = phone.post("/progress", encode([("number", "nothing"), ("code", code)])).await;
    assert_eq!(
        (wrong.status, other.status),
        (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY)
    );
    assert!(wrong.text.contains("编号和查询码对不上") && other.text.contains("编号和查询码对不上"));
    let from_paper = phone.get(&format!("/cx/{number}")).await;
    assert!(from_paper.text.contains(number) && !from_paper.text.contains(code));
    let larger = between(&from_paper.text, "<header class=\"p__top\">", "</header>");
    let larger = phone.get(&between(&larger, "<a href=\"", "\"")).await;
    assert!(
        larger.text.contains("large-type") && larger.text.contains(number),
        "the number stays in large type"
    );
    let odd = phone.get("/cx/a%22b%3Fc").await;
    assert!(odd.text.contains("href=\"/progress?large=1\""), "nothing odd goes into an address");
}

pub(crate) fn between(text: &str, before: &str, after: &str) -> String {
    text.split(before).nth(1).unwrap().split(after).next().unwrap().to_owned()
}

/// Fails when an incomplete draft is accepted, loses a keystroke, or does not say beside the field what to mend.
#[tokio::test]
async fn a_draft_with_gaps_is_refused_with_everything_kept() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let person = Invented::nth(8);
    let mut typed = answers(&version, &version.scenarios[0].id, &person);
    typed.insert("0/phone".to_owned(), "1395632247".to_owned());
    typed.insert("0/id_number".to_owned(), "341823194402302123".to_owned());
    let mut village = signed_in(&station).await;
    let (path, page) = draft(&mut village, &version, &typed).await;
    let refused = send(&mut village, &page, &path, &[("do", "accept"), ("0/address", "改过的住址")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in ["1395632247", "341823194402302123", "改过的住址"] {
        assert!(refused.text.contains(kept), "{kept}");
    }
    assert!(refused.text.contains("id=\"errors\"") && refused.text.contains("href=\"#0/phone\""));
    assert!(refused.text.contains("id=\"0/id_number-e\""));
    let summary = between(&refused.text, "id=\"errors\"", "</section>");
    for gap in ["href=\"#0/phone\"", "href=\"#0/id_number\""] {
        assert_eq!(summary.matches(gap).count(), 1, "each gap is told once: {summary}");
    }
    let told = summary.matches("<li>").count();
    assert!(summary.contains(&format!("还差 {told} 处")), "{summary}");
    assert_eq!(station.counts().unwrap().received_today, 0, "nothing was taken in");
}

/// Fails when the script's save differs from the button's, or its answer puts a name in clear into the preview.
#[tokio::test]
async fn what_is_typed_is_saved_at_once_and_the_preview_is_masked() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let person = Invented::nth(9);
    let mut village = signed_in(&station).await;
    let (path, page) = draft(&mut village, &version, &BTreeMap::new()).await;
    let pairs = [("0/name", person.name.as_str()), ("0/phone", person.phone.as_str())];
    let told = send(&mut village, &page, &format!("{path}/autosave"), &pairs).await;
    assert_eq!(told.headers[header::CONTENT_TYPE], "application/json");
    assert!(told.text.contains("已存") && !told.text.contains(&person.name));
    assert!(village.get(&path).await.text.contains(&person.name), "still there after a reload");
}

/// Fails when the one notice leaves out a gap, or can be printed before everything was looked at.
#[tokio::test]
async fn what_is_missing_goes_on_one_notice_and_the_draft_stays() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let mut typed = answers(&version, &version.scenarios[0].id, &Invented::nth(10));
    let materials: Vec<_> = version.materials_for(&version.scenarios[0].id).map(|m| m.id.clone()).collect();
    typed.insert(format!("m/{}", materials[0]), "missing".to_owned());
    let mut village = signed_in(&station).await;
    let (path, page) = draft(&mut village, &version, &typed).await;
    let paper = send(&mut village, &page, &path, &[("do", "notice")]).await.to();
    let printed = village.get(&paper).await;
    let name = &version.material(&materials[0]).unwrap().name;
    assert!(printed.text.contains("一 次 性 告 知 书") && printed.text.contains(name.as_str()));
    assert_eq!(village.get(&path).await.status, StatusCode::OK, "the draft is still there");
}

/// Fails when a search shows in an address, begins a draft by itself, or one exact hit is more than one key away.
#[tokio::test]
async fn a_search_by_initials_is_one_key_from_the_intake_and_begins_nothing() {
    let Town { station, .. } = town();
    let mut village = signed_in(&station).await;
    let bench = village.get("/").await;
    assert_eq!(bench.status, StatusCode::OK);
    let found = send(&mut village, &bench, "/find", &[("q", "gljt")]).await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(found.text.contains("autofocus>高龄津贴申领") && found.text.contains("开始办"), "{}", found.text);
    assert_eq!(station.drafts(10).unwrap().len(), 0, "a search is no beginning");
    let code = between(&found.text, "name=\"item\" value=\"", "\"");
    let first = send(&mut village, &found, "/intake", &[("item", &code)]).await.to();
    let second = send(&mut village, &found, "/intake", &[("item", &code)]).await.to();
    assert!(first.starts_with("/intake/"));
    assert_eq!((second, station.drafts(10).unwrap().len()), (first, 1), "an empty draft is taken up again");
    let nothing = send(&mut village, &bench, "/find", &[("q", "zzzz")]).await;
    assert_eq!(nothing.status, StatusCode::OK);
    assert!(nothing.text.contains("没有找到"));
}

/// Fails when a cursor or an id from nowhere gets anything but its own clear refusal.
#[tokio::test]
async fn places_that_do_not_exist_are_told_apart() {
    let Town { station, .. } = town();
    let mut village = signed_in(&station).await;
    let cursor = village.get("/?list=all&after=zz").await;
    assert_eq!(cursor.status, StatusCode::BAD_REQUEST);
    assert!(cursor.text.contains("翻页的位置不对"));
    for path in
        ["/cases/00ff00ff00ff00ff00ff00ff00ff00ff", "/cases/x", "/intake/x", "/queue", "/?list=nothing"]
    {
        assert_eq!(village.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

/// Fails when a real box shows a page that cuts its links, or the demo's switch works without a form token.
#[tokio::test]
async fn only_a_demo_can_cut_its_links() {
    let Town { station, .. } = town();
    station.attach_links(Arc::new(app::ports::NoLinks));
    let mut real = signed_in(&station).await;
    assert_eq!(real.get("/demo/link").await.status, StatusCode::NOT_FOUND);
    site_of(&station);
    let hosts = crate::Hosts::new(vec![crate::browser::HOST.to_owned()], false);
    let mut demo = Browser::new(&crate::Site::for_demo(station.clone(), hosts));
    demo.sign_in().await;
    let page = demo.get("/demo/link").await;
    assert!(page.text.contains("断开线路"));
    assert_eq!(demo.post("/demo/link", "link=cut").await.status, StatusCode::CONFLICT);
    assert_eq!(send(&mut demo, &page, "/demo/link", &[("link", "cut")]).await.to(), "/demo/link");
}

/// Fails when an act that the state does not allow shows a form, or says nothing of why.
#[tokio::test]
async fn an_act_that_is_not_open_says_why() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let typed = answers(&version, &version.scenarios[0].id, &Invented::nth(11));
    let mut village = signed_in(&station).await;
    let (path, page) = draft(&mut village, &version, &typed).await;
    let taken = send(&mut village, &page, &path, &[("do", "accept")]).await.to();
    let case = taken.strip_prefix("/cases/").unwrap().split('?').next().unwrap();
    for (act, why) in [("approve", "本站不能办"), ("deliver", "还没办结"), ("end-notice", "还没开始公示")]
    {
        let answer = village.get(&format!("/cases/{case}/acts/{act}")).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{act}");
        assert!(answer.text.contains(why) && !answer.text.contains("<form"), "{act}");
        assert!(answer.text.contains(&format!("href=\"/cases/{case}\"")), "{act}: the way back");
    }
}

/// Fails when a record that waits for the centre's receipt for a day, or for three, is not told where a clerk begins the
/// day (H6), or when one that was signed for still is.
#[tokio::test]
async fn h6_what_waits_for_a_receipt_alarms_after_a_day_and_after_three() {
    const HOUR_MS: u64 = 60 * 60 * 1000;
    let Town { station, centre, clock } = town();
    let mut village = signed_in(&station).await;
    let item = township_item(&station);
    let typed = answers(&item, &item.scenarios[0].id, &Invented::nth(4));
    let (path, page) = draft(&mut village, &item, &typed).await;
    assert_eq!(send(&mut village, &page, &path, &[("do", "accept")]).await.status, StatusCode::SEE_OTHER);
    for (hours, told) in [(23, None), (1, Some("24")), (48, Some("72"))] {
        clock.advance(hours * HOUR_MS);
        let bench = village.get("/").await.text;
        assert_eq!(bench.contains("镇中心还没签收"), told.is_some(), "{hours} more");
        assert_eq!(bench.contains("banner--red"), told == Some("72"), "{hours} more");
        if let Some(waited) = told {
            assert_eq!(between(&bench, "有记录等了 ", " 小时"), waited);
        }
    }
    meet(&station, &centre);
    assert!(!village.get("/").await.text.contains("镇中心还没签收"));
}

/// Fails if a case's page does not say where it stands among the open ones, or does not lead to the next one and back.
#[tokio::test]
async fn a_case_leads_to_the_next_and_back() {
    let Town { station, .. } = town();
    let version = app::testing::township_item(&station);
    for person in 1..=2 {
        app::testing::take(&station, &version, person).unwrap();
    }
    let lines = station.cases(app::cases::Filter::Open, None, 9).unwrap().lines;
    let [first, second] = [0, 1].map(|place| format!("/cases/{}", lines[place].id.hex()));
    let mut village = signed_in(&station).await;
    let page = village.get(&first).await.text;
    assert!(page.contains("第 1 件，共 2 件") && !page.contains("上一件</a>"));
    assert!(page.contains(&format!("<a href=\"{second}\" data-key=\"j\">下一件</a>")));
    let page = village.get(&second).await.text;
    assert!(page.contains("第 2 件，共 2 件") && !page.contains("下一件</a>"));
    assert!(page.contains(&format!("<a href=\"{first}\" data-key=\"k\">上一件</a>")));
}
