//! Forms that are sent twice, and values that are shown once.

use app::cases::CaseId;
use app::testing::{Invented, answers, meet};
use axum::http::{StatusCode, header};

use super::main_job::{Town, between, draft, send, signed_in, town, township_item};
use crate::browser::{Answer, Browser};

/// A case taken in at the counter; gives its id in addresses.
async fn taken(town: &Town, village: &mut Browser, person: u64) -> String {
    let version = township_item(&town.station);
    let typed = answers(&version, &version.scenarios[0].id, &Invented::nth(person));
    let (path, page) = draft(village, &version, &typed).await;
    let first = send(village, &page, &path, &[("do", "accept")]).await.to();
    let again = send(village, &page, &path, &[("do", "accept")]).await.to();
    assert_eq!(again, first.replace("done=taken", "done=before"));
    assert!(village.get(&again).await.text.contains("刚才已经办好了"));
    assert_eq!(town.station.counts().unwrap().received_today, 1);
    first.strip_prefix("/cases/").unwrap().split('?').next().unwrap().to_owned()
}

/// Opens an act's page once and sends its form twice: the second time says that it is done, and nothing is written.
async fn twice(node: &app::Node, browser: &mut Browser, case: &str, act: &str, pairs: &[(&str, &str)]) {
    let id = CaseId::parse(case).unwrap();
    let path = format!("/cases/{case}/acts/{act}");
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{act}");
    let once = between(&page.text, "name=\"once\" value=\"", "\"");
    let pairs = [&[("once", once.as_str())], pairs].concat();
    let first = send(browser, &page, &path, &pairs).await.to();
    assert!(first.ends_with(&format!("?done={act}")), "{act}: {first}");
    let written = || (node.case(id).unwrap().case.timeline.len(), node.gauges().unwrap().own_entries);
    let before = written();
    let second = send(browser, &page, &path, &pairs).await.to();
    assert!(second.ends_with("?done=again"), "{act}: {second}");
    assert!(browser.get(&second).await.text.contains("刚才已经办好了"), "{act}");
    assert_eq!(written(), before, "{act}");
}

/// Fails when a double click or the back button does an act twice, or shows an error for what is well done.
#[tokio::test]
async fn sending_a_form_twice_is_one_act_and_says_so() {
    let town = town();
    let mut village = signed_in(&town.station).await;
    let mut township = signed_in(&town.centre).await;
    let case = taken(&town, &mut village, 21).await;
    twice(&town.station, &mut village, &case, "note", &[("words", "下午再来")]).await;
    meet(&town.station, &town.centre);
    let asked = township.get(&format!("/cases/{case}/acts/ask-supplement")).await;
    let gap = between(&asked.text, "name=\"gaps\" value=\"", "\"");
    let gaps = [("gaps", gap.as_str()), ("words", "缺第二页")];
    twice(&town.centre, &mut township, &case, "ask-supplement", &gaps).await;
    meet(&town.station, &town.centre);
    twice(&town.station, &mut village, &case, "take-supplement", &[]).await;
    meet(&town.station, &town.centre);
    twice(&town.centre, &mut township, &case, "approve", &[("opinion", "同意")]).await;
    meet(&town.station, &town.centre);
    twice(&town.station, &mut village, &case, "ready", &[("paper", "决定书")]).await;
    let given = [("manner", "1"), ("receiver", "李四"), ("signed", "1")];
    twice(&town.station, &mut village, &case, "deliver", &given).await;
}

/// Fails when a used form with something else in it, or sent to another case, is called done though nothing was stored.
#[tokio::test]
async fn a_used_form_with_other_words_is_not_called_done() {
    let town = town();
    let mut village = signed_in(&town.station).await;
    let case = taken(&town, &mut village, 31).await;
    let path = format!("/cases/{}/acts/note", case);
    let page = village.get(&path).await;
    let once = between(&page.text, "name=\"once\" value=\"", "\"");
    let id = CaseId::parse(&case).unwrap();
    send(&mut village, &page, &path, &[("once", &once), ("words", "下午再来")]).await.to();
    let written = town.station.case(id).unwrap().case.timeline.len();
    let other = send(&mut village, &page, &path, &[("once", &once), ("words", "明天再来")]).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.text.contains("新写的没有存") && other.text.contains("明天再来"));
    let closing = format!("/cases/{}/acts/withdraw", case);
    let elsewhere = send(&mut village, &page, &closing, &[("once", &once), ("asker", "1")]).await;
    assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY, "another act is another form");
    assert!(elsewhere.text.contains("新写的没有存"), "{}", elsewhere.text);
    assert_eq!(town.station.case(id).unwrap().case.timeline.len(), written);
}

/// Fails when an act that another window did meanwhile is done again, or what was typed is lost by being told so.
#[tokio::test]
async fn an_act_that_is_over_meanwhile_is_refused_with_what_was_typed() {
    let town = town();
    let mut village = signed_in(&town.station).await;
    let mut township = signed_in(&town.centre).await;
    let case = taken(&town, &mut village, 22).await;
    meet(&town.station, &town.centre);
    let path = format!("/cases/{case}/acts/approve");
    let page = township.get(&path).await;
    let other = township.get(&format!("/cases/{case}/acts/refuse")).await;
    send(&mut township, &page, &path, &[("opinion", "同意")]).await.to();
    let reasons = [("reason", "理由写了一大段"), ("basis", "第三条")];
    let late = send(&mut township, &other, &format!("/cases/{case}/acts/refuse"), &reasons).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("已经批准办结") && late.text.contains("理由写了一大段"));
}

/// Fails when waiting for the centre is dressed up as a reason to press 要求补正.
#[tokio::test]
async fn what_stops_a_case_is_never_the_one_deep_blue_button() {
    let town = town();
    let mut village = signed_in(&town.station).await;
    let case = taken(&town, &mut village, 23).await;
    let text = village.get(&format!("/cases/{case}")).await.text;
    let acts = between(&text, "aria-labelledby=\"acts\"", "</section>");
    assert!(acts.contains("data-act=\"ask-supplement\""));
    let blue = acts.split("<a ").filter(|link| link.contains("btn--primary"));
    for link in blue {
        assert!(!link.contains("ask-supplement") && !link.contains("withdraw"), "{link}");
    }
}

/// Fails when a full value is shown without a reason, on a page that can be opened again or kept, or in an address.
#[tokio::test]
async fn a_full_value_is_shown_once_and_only_in_the_answer() {
    let town = town();
    let mut village = signed_in(&town.station).await;
    let case = taken(&town, &mut village, 24).await;
    let person = Invented::nth(24);
    let path = format!("/cases/{case}/reveal");
    assert!(village.get(&format!("/cases/{case}")).await.text.contains(&format!("href=\"{path}\"")));
    let page = village.get(&path).await;
    assert!(!page.text.contains(&person.id_number) && !page.text.contains("query_code"));
    let hasty = send(&mut village, &page, &path, &[("what", "0/id_number")]).await;
    assert_eq!(hasty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(hasty.text.contains("还没选为什么要看") && !hasty.text.contains(&person.id_number));
    let asked = [("what", "0/id_number"), ("why", "contact")];
    let shown = send(&mut village, &page, &path, &asked).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text.contains(&person.id_number) && shown.text.contains("证件号码"));
    assert!(!shown.text.contains(&person.phone) && !shown.text.contains(&person.name), "one value, no more");
    assert_eq!(shown.headers[header::CACHE_CONTROL], "no-store");
    assert!(!village.get(&path).await.text.contains(&person.id_number), "not when the page is opened again");
    let forged = village.post(&path, "what=0%2Fid_number&why=contact").await;
    assert!(forged.status == StatusCode::CONFLICT && !forged.text.contains(&person.id_number));
}

/// Fails when a guesser of sign-in codes is told apart from a person who mistyped, but not told to wait.
#[tokio::test]
async fn too_many_wrong_codes_are_told_to_wait() {
    let mut browser = Browser::new(&crate::browser::site());
    let token = crate::browser::csrf(&browser.get("/sign-in").await.text);
    let mut last = StatusCode::OK;
    for _ in 0..=app::limit::SIGN_IN_FREE_TRIES {
        last = browser.post("/sign-in", format!("csrf={token}&by=code&code=000000000000")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

/// What the page of a draft says it was drawn with.
fn drawn(page: &Answer) -> String {
    between(&page.text, "name=\"drawn\" value=\"", "\"")
}

/// A draft with a name, an address and a telephone number, as two windows show it.
async fn in_two_windows(town: &Town, village: &mut Browser) -> (String, Answer) {
    let version = township_item(&town.station);
    let start = [("0/name", "吴秀英"), ("0/address", "杨村三组"), ("0/phone", "13956322476")];
    let start = start.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    draft(village, &version, &start).await
}

/// Fails when the autosave of a window takes back what another window saved, settles in silence what both changed, or
/// does not tell the page that it is old.
#[tokio::test]
async fn two_windows_of_a_draft_save_side_by_side_while_one_types() {
    let town = town();
    let mut village = signed_in(&town.station).await;
    let (path, page) = in_two_windows(&town, &mut village).await;
    let (seen, save) = (drawn(&page), format!("{path}/autosave"));
    let first = [("0/phone", "0563-4180017"), ("0/address", "李村一组"), ("drawn", seen.as_str())];
    assert_eq!(send(&mut village, &page, &save, &first).await.status, StatusCode::OK);
    let old = [("0/address", "王村五组"), ("0/name", "吴秀兰"), ("drawn", seen.as_str())];
    let told = send(&mut village, &page, &save, &old).await;
    assert_eq!(told.status, StatusCode::OK);
    let clash = between(&told.text, "\"clash\":[", "]");
    assert!(
        clash.contains("\"field\":\"0/address\"") && clash.contains("李村一组") && clash.contains("王村五组")
    );
    assert!(told.text.contains("\"moved\":true"), "the page shows an old number: {}", told.text);
    let now = village.get(&path).await;
    for (stays, why) in
        [("李村一组", "told, not overwritten"), ("0563-4180017", "not sent"), ("吴秀兰", "only here")]
    {
        assert!(now.text.contains(&format!("value=\"{stays}\"")), "{why}");
    }
    let known = between(&told.text, "\"drawn\":\"", "\"");
    let chosen = [("0/address", "王村五组"), ("drawn", known.as_str())];
    let told = send(&mut village, &page, &save, &chosen).await;
    assert!(told.text.contains("\"clash\":[]"), "who was told may choose: {}", told.text);
    assert!(village.get(&path).await.text.contains("value=\"王村五组\""));
}

/// Fails when a whole page that is older than the draft overwrites it, when a case is made of what the clerk did not
/// see, or when one of two texts is lost by being told.
#[tokio::test]
async fn a_whole_page_from_an_older_window_is_shown_again_with_both_texts() {
    let town = town();
    let mut village = signed_in(&town.station).await;
    let (path, page) = in_two_windows(&town, &mut village).await;
    let seen = drawn(&page);
    send(&mut village, &page, &format!("{path}/autosave"), &[("0/phone", "0563-4180017"), ("drawn", &seen)])
        .await;
    let whole = |phone, button| {
        [
            ("0/name", "吴秀英"),
            ("0/address", "杨村三组"),
            ("0/phone", phone),
            ("do", button),
            ("drawn", seen.as_str()),
        ]
    };
    let taken = send(&mut village, &page, &path, &whole("13956322476", "accept")).await;
    assert_eq!(taken.status, StatusCode::CONFLICT, "the number on that page was not the one kept");
    let summary = between(&taken.text, "id=\"errors\"", "</section>");
    assert!(
        summary.contains("13956322476") && summary.contains("0563-4180017") && summary.contains("#0/phone")
    );
    assert!(taken.text.contains("value=\"0563-4180017\""), "left alone here, so the other window's stands");
    let clash = send(&mut village, &page, &path, &whole("13900000000", "save")).await;
    assert_eq!(clash.status, StatusCode::CONFLICT);
    assert!(clash.text.contains("value=\"13900000000\"") && clash.text.contains("“0563-4180017”"));
    assert!(village.get(&path).await.text.contains("value=\"0563-4180017\""), "not overwritten");
    let again = [("0/phone", "13900000000"), ("do", "save"), ("drawn", &drawn(&clash))];
    assert_eq!(send(&mut village, &clash, &path, &again).await.to(), path);
    assert!(village.get(&path).await.text.contains("value=\"13900000000\""), "chosen after being told");
    let plain = send(&mut village, &page, &path, &whole("13900000000", "save")).await;
    assert_eq!(plain.to(), path, "two windows that say the same are not at odds");
}
