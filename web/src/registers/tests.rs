//! The registers through their pages: every act from its form, nothing typed lost, nothing personal where it does not belong.

use app::testing::{Invented, meet, take};
use axum::http::StatusCode;

use crate::browser::{Answer, Browser, site_of};
use crate::cases::main_job::{Town, send, signed_in, town, township_item};

async fn open(browser: &mut Browser, sort: &str, pairs: &[(&str, &str)]) -> String {
    let path = format!("/registers/{sort}/new");
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{sort}");
    let to = send(browser, &page, &path, pairs).await.to();
    assert!(to.ends_with("?done=open"), "{to}");
    to.split('?').next().unwrap().to_owned()
}

async fn act(browser: &mut Browser, matter: &str, act: &str, pairs: &[(&str, &str)]) -> Answer {
    let path = format!("{matter}/acts/{act}");
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{act}: {}", page.text);
    send(browser, &page, &path, pairs).await
}

async fn done(browser: &mut Browser, matter: &str, code: &str, pairs: &[(&str, &str)]) {
    let to = act(browser, matter, code, pairs).await.to();
    assert_eq!(to, format!("{matter}?done={code}"));
    assert_eq!(browser.get(&to).await.status, StatusCode::OK);
}

const STUCK: [(&str, &str); 3] =
    [("words", "材料交了三次还不给办"), ("name", "禤翀旻"), ("phone", "13956322476")];

/// B5: fails when a step cannot be done from its form, the end is offered before 反馈 and 回访, or a full name stands in a list.
#[tokio::test]
async fn stuck_is_worked_off_from_its_pages() {
    let Town { station, centre, .. } = town();
    let mut village = signed_in(&station).await;
    let matter = open(&mut village, "stuck", &STUCK).await;
    let list = village.get("/registers/stuck").await.text;
    assert!(list.contains("禤*旻") && !list.contains("禤翀旻"), "masked");
    assert!(list.contains("本机已存") && list.contains("待分类"));
    let shown = village.get(&matter).await.text;
    assert!(shown.contains("/acts/sort\"") && !shown.contains("/acts/close\""));
    assert!(shown.contains("139****2476") && !shown.contains("13956322476"));
    done(&mut village, &matter, "sort", &[("topic", "away"), ("elsewhere", "1")]).await;
    done(&mut village, &matter, "assign", &[("to", "4"), ("whom", "镇综合窗口")]).await;
    meet(&station, &centre);
    let mut township = signed_in(&centre).await;
    assert!(township.get("/registers/stuck").await.text.contains("在镇中心"));
    done(&mut township, &matter, "handle", &[("words", "表补好了")]).await;
    meet(&station, &centre);
    assert!(village.get(&matter).await.text.contains("中心已回执"));
    done(&mut village, &matter, "answer", &[("how", "2"), ("words", "表补好了，来拿")]).await;
    assert!(!village.get(&matter).await.text.contains("/acts/close\""), "回访 first");
    let unhappy = act(&mut village, &matter, "revisit", &[("satisfied", "3")]).await;
    assert_eq!(unhappy.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unhappy.text.contains("哪里不满意"));
    done(&mut village, &matter, "revisit", &[("satisfied", "1")]).await;
    done(&mut village, &matter, "close", &[]).await;
    assert!(village.get("/registers/stuck").await.text.contains("没有要办的"));
    assert!(village.get("/registers/stuck?list=all").await.text.contains("已办结"));
}

/// Fails when what was typed is lost by an error, or an error is not told beside its field.
#[tokio::test]
async fn what_does_not_fit_is_told_and_kept() {
    let Town { station, .. } = town();
    let mut village = signed_in(&station).await;
    let page = village.get("/registers/stuck/new").await;
    let pairs = [("words", "写了一大段"), ("name", "禤翀旻"), ("phone", "1395632")];
    let told =
        send(&mut village, &page, "/registers/stuck/new", &[&pairs[..2], &[("phone", "13956")]].concat())
            .await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.text.contains("写了一大段") && told.text.contains("value=\"13956\""));
    assert!(told.text.contains("href=\"#phone\"") && told.text.contains("id=\"phone-e\""));
}

/// Fails when a form that is sent twice writes two down.
#[tokio::test]
async fn sending_a_registration_twice_is_one_matter() {
    let Town { station, .. } = town();
    let mut village = signed_in(&station).await;
    let page = village.get("/registers/stuck/new").await;
    let once = crate::cases::main_job::between(&page.text, "name=\"once\" value=\"", "\"");
    let pairs = [&STUCK[..], &[("once", once.as_str())]].concat();
    let first = send(&mut village, &page, "/registers/stuck/new", &pairs).await.to();
    let again = send(&mut village, &page, "/registers/stuck/new", &pairs).await.to();
    assert_eq!(again, first.replace("done=open", "done=again"));
    assert_eq!(station.matter_counts(model::matter::Sort::Stuck).unwrap().all, 1);
}

/// B7: fails when a question does not reach the guide by a press, stands there with a name, or residents see it before.
#[tokio::test]
async fn a_question_goes_to_the_guide_and_to_residents() {
    let Town { station, .. } = town();
    let item = township_item(&station);
    let mut village = signed_in(&station).await;
    let asked =
        [("topic", "how"), ("words", "我妈来不了行吗"), ("item", item.code.as_str()), ("name", "禤翀旻")];
    let matter = open(&mut village, "consult", &asked).await;
    done(&mut village, &matter, "answer", &[("how", "1"), ("words", "可以代办，带两个人的身份证")]).await;
    let guide = village.get(&format!("/items/{}", item.code)).await.text;
    assert!(guide.contains("问过 1 次") && guide.contains(&format!("{matter}/acts/publish")));
    let page = format!("/questions/{}", item.code);
    let mut resident = Browser::new(&site_of(&station));
    assert!(!resident.get(&page).await.text.contains("我妈来不了"), "nobody decided it yet");
    let named = [("question", "禤翀旻的妈妈来不了行吗"), ("answer", "可以代办。")];
    let refused = act(&mut village, &matter, "publish", &named).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    done(&mut village, &matter, "publish", &[("question", "本人来不了行吗？"), ("answer", "可以代办。")])
        .await;
    let shown = resident.get(&page).await.text;
    assert!(shown.contains("本人来不了行吗？") && !shown.contains("我妈") && !shown.contains("禤"));
}

/// A4: fails when an overdue case is not one press from a 责任追究, or its page lets the clerk conclude.
#[tokio::test]
async fn an_overdue_case_is_one_press_from_its_accountability() {
    let Town { station, clock, .. } = town();
    let case = take(&station, &app::testing::township_item(&station), 1).unwrap();
    let mut village = signed_in(&station).await;
    clock.set_wall(app::testing::MONDAY + 200 * 86_400);
    let home = village.get("/registers").await.text;
    assert!(home.contains("超期 1"));
    let page = village.get("/registers/late").await;
    assert!(page.text.contains("登记责任追究"));
    let to = send(&mut village, &page, "/registers/late", &[("case", &case.hex())]).await.to();
    let matter = to.split('?').next().unwrap().to_owned();
    let shown = village.get(&to).await.text;
    assert!(shown.contains("待核实") && shown.contains("陈春梅") && shown.contains("/acts/explain\""));
    done(&mut village, &matter, "explain", &[("words", "那几天停电")]).await;
    let shown = village.get(&matter).await.text;
    assert!(!shown.contains("/acts/conclude\"") && !shown.contains("/acts/close\""));
    assert!(village.get("/registers/late").await.text.contains("责任追究：待认定"));
    let mut stranger = Browser::new(&site_of(&station));
    assert_eq!(stranger.get(&matter).await.status, StatusCode::SEE_OTHER, "never without signing in");
}

/// A4, A6: fails when a window cannot be set from its page, or A's absence does not show on B's home and on the case.
#[tokio::test]
async fn b_sees_the_work_of_a_who_is_away() {
    let Town { station, .. } = town();
    let case = take(&station, &township_item(&station), 1).unwrap();
    let mut village = signed_in(&station).await;
    station.give_code("s2", "王小明", "综合窗口B岗", "OTHERCODE5678").unwrap();
    let page = village.get("/registers/windows/set").await;
    assert!(page.text.contains("王小明"));
    let window = [("kind", "any"), ("number", "1"), ("a", "s1"), ("b", "s1"), ("hours", "工作日")];
    let same = send(&mut village, &page, "/registers/windows/set", &window).await;
    assert!(same.text.contains("不能是同一个人"));
    let window = [("kind", "any"), ("number", "1"), ("a", "s1"), ("b", "s2"), ("hours", "工作日")];
    assert_eq!(send(&mut village, &page, "/registers/windows/set", &window).await.to(), "/registers/windows");
    let page = village.get("/registers/windows/away").await;
    let away = [("clerk", "s1"), ("from", "2026-11-23"), ("until", "2026-11-25")];
    send(&mut village, &page, "/registers/windows/away", &away).await.to();
    let shown = village.get(&format!("/cases/{}", case.hex())).await.text;
    assert!(shown.contains("由王小明（B岗）接办"));
    let mut b = Browser::new(&site_of(&station));
    station.give_code("s2", "王小明", "综合窗口B岗", "OTHERCODE5678").unwrap();
    let token = crate::browser::csrf(&b.get("/sign-in").await.text);
    b.post("/sign-in", format!("csrf={token}&by=code&code=OTHER-CODE-5678")).await;
    let home = b.get("/").await.text;
    assert!(home.contains("由您（B岗）接办 1 件"), "{home}");
    let list = b.get("/registers/clerks/2301-s1").await.text;
    assert!(list.contains("由王小明（B岗）接办") && list.contains(&case.hex()));
    assert!(village.get("/registers/entry").await.text.contains("实质运行 1"));
}

/// D13: fails when a list is taken in part, a full name or number is shown, or a line cannot end.
#[tokio::test]
async fn a_pasted_list_becomes_lines_that_end() {
    let Town { station, .. } = town();
    let mut village = signed_in(&station).await;
    let (one, two) = (Invented::nth(1), Invented::nth(2));
    let page = village.get("/registers/due/import").await;
    let list = format!("{} {}\n{} 123", one.name, one.id_number, two.name);
    let pairs = [("topic", "proof"), ("due", "2026-12-31"), ("list", list.as_str())];
    let bad = send(&mut village, &page, "/registers/due/import", &pairs).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text.contains("第 2 行"));
    let list = format!("{} {}", one.name, one.id_number);
    let pairs = [("topic", "proof"), ("due", "2026-12-31"), ("list", list.as_str())];
    let to = send(&mut village, &page, "/registers/due/import", &pairs).await.to();
    let shown = village.get(&to).await.text;
    assert!(shown.contains("资格认证到期") && !shown.contains(&one.name) && !shown.contains(&one.id_number));
    let href = crate::cases::main_job::between(&shown, "/registers/matters/", "\"");
    let matter = format!("/registers/matters/{href}");
    done(&mut village, &matter, "close", &[("ending", "3")]).await;
    assert!(village.get("/registers/due?list=all").await.text.contains("已告知"));
}

/// A7: fails when a norm cannot be published, read and signed from its pages, or a round's finding has no way to its end.
#[tokio::test]
async fn norms_are_signed_and_findings_mended() {
    let Town { station, .. } = town();
    let mut village = signed_in(&station).await;
    let page = village.get("/registers/norms/new").await;
    let typed = [("kind", "service"), ("title", "窗口服务规范"), ("text", "来有迎声。")];
    let norm = send(&mut village, &page, "/registers/norms/new", &typed).await.to();
    let page = village.get(&norm).await;
    assert!(page.text.contains("我读过了，签名"));
    let signed = send(&mut village, &page, &norm, &[("version", "1")]).await.to();
    let shown = village.get(&signed).await.text;
    assert!(shown.contains("签名已存下") && shown.contains("陈春梅") && !shown.contains("我读过了，签名"));
    let round =
        open(&mut village, "round", &[("topic", "place"), ("words", "灯坏了"), ("due", "2026-11-30")]).await;
    done(&mut village, &round, "handle", &[("words", "换了灯")]).await;
    done(&mut village, &round, "close", &[]).await;
}

/// B5: fails when a transfer or the steps after a case on somebody's behalf cannot be written down.
#[tokio::test]
async fn transfers_and_the_last_steps_of_helping_are_written_down() {
    let Town { station, .. } = town();
    let mut village = signed_in(&station).await;
    let typed = [("topic", "delta"), ("words", "社保转移"), ("name", "禤翀旻")];
    let matter = open(&mut village, "transfer", &typed).await;
    let out = [("whom", "上海市松江区"), ("tracking", "SJ-118"), ("until", "2026-12-04")];
    done(&mut village, &matter, "assign", &out).await;
    assert!(village.get(&matter).await.text.contains("流水号 SJ-118"));
    let reference = station.reference();
    let today = station.today();
    let all = reference.catalogue.items().filter_map(|item| item.on(today));
    let mut carried = all.filter(|version| version.way == model::item::Way::OnBehalf);
    let item = carried.find(|version| take(&station, version, 5).is_ok());
    assert!(item.is_some(), "a case was taken on somebody's behalf");
    let page = village.get("/registers/behalf").await;
    assert!(page.text.contains("差：") && page.text.contains("归档"));
    let case = crate::cases::main_job::between(&page.text, "name=\"case\" value=\"", "\"");
    let matter = send(&mut village, &page, "/registers/behalf", &[("case", &case)]).await.to();
    done(&mut village, &matter, "file", &[]).await;
    done(&mut village, &matter, "report", &[("words", "报镇里")]).await;
    done(&mut village, &matter, "revisit", &[("satisfied", "1")]).await;
    let shown = village.get("/registers/behalf").await.text;
    assert!(
        shown.contains("差：办理、送达<") && shown.contains("、归档、上报、回访<"),
        "only what is missing"
    );
}

/// A4, F2: fails when a 差评 cannot be answered, charged to somebody, looked into and put right from its pages, ends without both,
/// tells which case it came from, or offers no 责任追究 once it is true.
#[tokio::test]
async fn a4_a_bad_rating_ends_with_both_and_leads_to_its_clerk() {
    let Town { station, centre, .. } = town();
    let case = take(&station, &township_item(&station), 3).unwrap();
    let number = station.case(case).unwrap().case.number().unwrap().to_owned();
    let mut village = signed_in(&station).await;
    let typed = [("topic", "manner"), ("words", "问了三次没人理"), ("case", number.as_str())];
    let matter = open(&mut village, "rating", &typed).await;
    let shown = village.get(&matter).await.text;
    assert!(shown.contains("待回复") && shown.contains("陈春梅") && !shown.contains(&number));
    assert!(!shown.contains("/acts/account\""), "nobody has looked into it");
    done(&mut village, &matter, "answer", &[("how", "5"), ("words", "收到了，我们来查")]).await;
    done(&mut village, &matter, "assign", &[("to", "4"), ("whom", "镇综合窗口")]).await;
    assert!(!village.get(&matter).await.text.contains("/acts/conclude\""), "nobody looks into their own");
    meet(&station, &centre);
    let mut township = signed_in(&centre).await;
    assert!(township.get("/registers").await.text.contains("/registers/rating"));
    done(&mut township, &matter, "conclude", &[("verdict", "1"), ("words", "看了监控")]).await;
    let close = act(&mut township, &matter, "handle", &[]).await;
    assert_eq!(close.status, StatusCode::UNPROCESSABLE_ENTITY, "put right with words");
    let to = act(&mut township, &matter, "account", &[]).await.to();
    let account = township.get(&to).await.text;
    assert!(account.contains("待核实") && account.contains("核实属实") && account.contains("陈春梅"));
    meet(&station, &centre);
    assert!(!village.get(&matter).await.text.contains("/acts/close\""), "not put right yet");
    done(&mut village, &matter, "handle", &[("words", "道了歉，重新排了班")]).await;
    done(&mut village, &matter, "close", &[]).await;
    assert!(village.get("/registers/rating?list=all").await.text.contains("已办结"));
}
