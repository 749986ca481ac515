//! D5, D6, C7, D2 through the pages: what is signed, who may not promise, what is owed, lists of many cases, the size of
//! sheet.

use std::collections::BTreeMap;

use app::testing::{Invented, answers, meet};
use axum::http::{StatusCode, header};
use model::item::Version;

use super::main_job::{Town, act, between, draft, send, signed_in, town, township_item};
use crate::browser::Browser;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn item(town: &Town, code: &str) -> Version {
    town.station.reference().catalogue.current(code, town.station.today()).unwrap().clone()
}

fn filled(version: &Version, person: u64, more: &[(&str, &str)]) -> BTreeMap<String, String> {
    // the situation that asks for the most materials, the first of them
    let all = version.scenarios.iter().rev();
    let fullest = all.max_by_key(|scenario| version.materials_for(&scenario.id).count()).unwrap();
    let mut typed = answers(version, &fullest.id, &Invented::nth(person));
    typed.extend(more.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    typed
}

async fn taken(village: &mut Browser, version: &Version, typed: &BTreeMap<String, String>) -> String {
    let (path, page) = draft(village, version, typed).await;
    let to = send(village, &page, &path, &[("do", "accept")]).await.to();
    to.strip_prefix("/cases/").unwrap().split('?').next().unwrap().to_owned()
}

/// C7. Fails if the page does not ask how the form was signed, asks a witness where none is needed, or does not offer the
/// empty blank.
#[tokio::test]
async fn the_page_asks_how_the_form_was_signed() {
    let town = town();
    let version = item(&town, "S047");
    let mut village = signed_in(&town.station).await;
    let mut typed = filled(&version, 41, &[]);
    typed.remove("signed");
    let (path, page) = draft(&mut village, &version, &typed).await;
    assert!(page.text.contains("name=\"signed\"") && !page.text.contains("name=\"0/witness\""));
    let refused = send(&mut village, &page, &path, &[("do", "accept")]).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("href=\"#signed\""));
    send(&mut village, &page, &path, &[("do", "save"), ("signed", "proxy")]).await.to();
    let proxy = village.get(&path).await;
    for name in ["0/signer", "0/witness", "0/sign_reason"] {
        assert!(proxy.text.contains(&format!("name=\"{name}\"")), "{name}");
    }
    let by = [("0/signer", "周明霞"), ("0/witness", "李村"), ("0/sign_reason", "手抖"), ("do", "form")];
    let form = send(&mut village, &proxy, &path, &by).await.to();
    let form = village.get(&form).await.text;
    assert!(form.contains("☑ 代签") && form.contains("见证人：李村") && form.contains("代签原因：手抖"));

    let guide = village.get("/items/S047").await.text;
    assert!(guide.contains("/items/S047/form"));
    let blank = village.get("/items/S047/form").await;
    assert_eq!(blank.status, StatusCode::OK);
    assert!(blank.text.contains("□ 本人签名") && blank.text.contains("□ 独居"), "{}", blank.text);
    assert!(!blank.text.contains("☑") && !blank.text.contains("data-query-code"));
}

/// D6. Fails if a promise is not offered, printed and asked for; if a false one does not show at the next intake before it
/// is saved; or if the list does not lead to its acts.
#[tokio::test]
async fn a_false_promise_shows_at_the_next_intake() {
    let town = town();
    let version = item(&town, "S097");
    let mut village = signed_in(&town.station).await;
    let mut typed = filled(&version, 42, &[("m/m5", "exempt")]);
    let (path, page) = draft(&mut village, &version, &typed).await;
    let row = between(&page.text, "id=\"m/m5\"", "</td>");
    assert!(row.contains("告知承诺") && page.text.contains("告知承诺书已签"));
    let refused = send(&mut village, &page, &path, &[("do", "accept")]).await;
    assert!(refused.text.contains("href=\"#promise_signed\""), "unsigned");
    let print = send(&mut village, &page, &path, &[("do", "promise")]).await.to();
    let paper = village.get(&print).await.text;
    assert!(paper.contains("不承诺的，交证明材料照样办") && paper.contains("承诺人签名"));
    let to = send(&mut village, &page, &path, &[("do", "accept"), ("promise_signed", "1")]).await.to();
    let case = to.strip_prefix("/cases/").unwrap().split('?').next().unwrap().to_owned();
    let owed = village.get("/owed?list=promise").await.text;
    assert!(owed.contains(&format!("/cases/{case}/acts/check-promise")));
    assert!(village.get("/").await.text.contains("1 件承诺等着核查"));
    let asked = [("kept", ""), ("words", "没有资质")];
    assert_eq!(
        act(&mut village, &case, "check-promise", &asked).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    act(&mut village, &case, "check-promise", &[("kept", "2"), ("words", "没有资质")]).await.to();
    assert!(village.get(&format!("/cases/{case}")).await.text.contains("核查发现承诺不实"));

    typed.remove("m/m5");
    let (_, page) = draft(&mut village, &version, &typed).await;
    assert!(page.text.contains("此人有失信记录，不能容缺或承诺"));
    assert!(!between(&page.text, "id=\"m/m5\"", "</td>").contains("告知承诺"));
    meet(&town.station, &town.centre);
    let mut centre = signed_in(&town.centre).await;
    let bars = centre.get("/owed?list=bar").await.text;
    assert!(bars.contains(&format!("/cases/{case}/acts/lift-bar")));
    act(&mut centre, &case, "lift-bar", &[("reason", "已改正")]).await.to();
    meet(&town.station, &town.centre);
    let (_, page) = draft(&mut village, &version, &typed).await;
    assert!(!page.text.contains("失信记录"));
}

/// D6. Fails if a deferral cannot be printed, signed and taken, is not reminded of, or its return does not come with its
/// reason; or the page of an on-behalf case offers one.
#[tokio::test]
async fn a_deferral_is_signed_reminded_of_and_returned_by_hand() {
    let town = town();
    let version = item(&town, "S054");
    let mut village = signed_in(&town.station).await;
    let typed = filled(&version, 43, &[("m/m6", "later"), ("deferred_signed", "1")]);
    let (path, page) = draft(&mut village, &version, &typed).await;
    let print = send(&mut village, &page, &path, &[("do", "deferral")]).await.to();
    assert!(village.get(&print).await.text.contains("同意退办"));
    let to = send(&mut village, &page, &path, &[("do", "accept")]).await.to();
    let case = to.strip_prefix("/cases/").unwrap().split('?').next().unwrap().to_owned();
    town.clock.advance(11 * DAY_MS);
    let bench = village.get("/").await.text;
    assert!(bench.contains("1 件容缺材料过期没补"), "the workbench reminds");
    assert!(village.get("/owed").await.text.contains("过期"));
    assert!(village.get(&format!("/cases/{case}")).await.text.contains("容缺材料没有在"));
    let ask = village.get(&format!("/cases/{case}/acts/return")).await.text;
    assert!(ask.contains("按承诺退办"));
    act(&mut village, &case, "return", &[("reason", "没有补齐，按承诺退办。")]).await.to();
    assert!(village.get("/owed").await.text.contains("没有等着补的容缺材料"));
}

/// D5. Fails if a material that was done without does not ask how, or its check cannot be registered from the list.
#[tokio::test]
async fn what_waits_for_its_check_is_registered_from_the_list() {
    let town = town();
    let version = item(&town, "S074");
    let mut village = signed_in(&town.station).await;
    let typed = filled(&version, 44, &[("m/m4", "exempt"), ("m/m4/how", "pending")]);
    let (_, page) = draft(&mut village, &version, &typed).await;
    assert!(page.text.contains("name=\"m/m4/how\"") && page.text.contains("待核验"));
    let case = taken(&mut village, &version, &typed).await;
    let list = village.get("/owed?list=verify").await.text;
    assert!(list.contains(&format!("/cases/{case}/acts/verify")) && list.contains("结婚证"));
    let wrong = [("materials", "m4"), ("source", "1"), ("holds", "2"), ("words", "")];
    assert_eq!(act(&mut village, &case, "verify", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let good = [("materials", "m4"), ("source", "1"), ("holds", "1"), ("words", "")];
    act(&mut village, &case, "verify", &good).await.to();
    assert!(village.get("/owed?list=verify").await.text.contains("没有等着核验"));
    let receipt = village.get(&format!("/cases/{case}/papers/1")).await.text;
    assert!(receipt.contains("免提交（共享核验，已核对）"));
}

/// D2. Fails if several cases cannot go on one list, the list lacks one, or a second sending registers anew.
#[tokio::test]
async fn several_cases_go_on_one_list() {
    let town = town();
    let version = township_item(&town.station);
    let mut village = signed_in(&town.station).await;
    let mut cases = Vec::new();
    for person in 51..54 {
        cases.push(taken(&mut village, &version, &filled(&version, person, &[])).await);
    }
    let page = village.get("/hand-over").await;
    assert!(cases.iter().all(|case| page.text.contains(&format!("value=\"{case}\""))));
    let empty = send(&mut village, &page, "/hand-over", &[("receiver", "方敏")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let once = between(&page.text, "name=\"once\" value=\"", "\"");
    let chosen = [("case", &*cases[0]), ("case", &*cases[1]), ("receiver", "方敏"), ("once", once.as_str())];
    let to = send(&mut village, &page, "/hand-over", &chosen).await.to();
    assert_eq!(send(&mut village, &page, "/hand-over", &chosen).await.to(), to, "sent twice, done once");
    let list = village.get(&to).await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.text.contains("共 2 件") && list.text.contains("接收人 方敏"));
    for person in 51..53 {
        assert!(list.text.contains(&Invented::nth(person).name), "the list goes with the papers");
    }
    assert!(list.text.contains("移交联") && list.text.contains("接收联"));
    let left = village.get("/hand-over").await.text;
    assert!(left.contains(&cases[2]) && !left.contains(&cases[0]));

    meet(&town.station, &town.centre);
    let mut centre = signed_in(&town.centre).await;
    act(&mut centre, &cases[0], "approve", &[("opinion", "同意"), ("paper", "")]).await;
    let back = centre.get("/hand-over").await.text;
    assert!(back.contains(&cases[0]) && !back.contains(&cases[1]));
    let list = centre.get(&format!("/hand-over/print?case={}", cases[0])).await.text;
    assert!(list.contains("办结证件交接单") && list.contains("2301"));
    assert_eq!(centre.get("/hand-over/print").await.status, StatusCode::CONFLICT);
}

/// D2. Fails if the size of sheet that was chosen is not remembered, or changes a paper that is made for one size.
#[tokio::test]
async fn the_size_of_sheet_is_remembered() {
    let town = town();
    let version = item(&town, "S047");
    let mut village = signed_in(&town.station).await;
    let case = taken(&mut village, &version, &filled(&version, 61, &[])).await;
    let paper = format!("/cases/{case}/papers/2");
    let session = village.cookie.clone();
    assert!(village.get(&paper).await.text.contains("paper--a5"));
    let chosen = village.get(&format!("{paper}?size=a4")).await;
    assert!(chosen.text.contains("paper--a4"));
    let kept = chosen.headers.get(header::SET_COOKIE).unwrap().to_str().unwrap().to_owned();
    assert!(kept.starts_with("sheet=a4;") && kept.contains("HttpOnly"), "{kept}");
    village.cookie = format!("{session}; sheet=a4");
    assert!(village.get(&paper).await.text.contains("paper--a4"));
    assert!(village.get(&format!("/cases/{case}/papers/14?size=a5")).await.text.contains("paper--a4"));
    village.cookie = session;
    let wrong = village.get(&format!("{paper}?size=a3")).await;
    assert!(wrong.text.contains("paper--a5") && wrong.headers.get(header::SET_COOKIE).is_none());
}
