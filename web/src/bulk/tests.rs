//! B2: bulk where safe. Fails when something is done unseen, twice, or for a case that should be looked at alone, or when one
//! case that cannot be done stops the others.

use app::Node;
use app::cases::{CaseId, Filter};
use app::testing::{clerk, meet, take};
use axum::http::StatusCode;
use model::case::Stage;
use model::case::refuse::Refuse;

use crate::browser::Browser;
use crate::cases::main_job::{Town, between, send, signed_in, town};

fn take_of(station: &Node, code: &str, person: u64) -> CaseId {
    let version = station.reference().catalogue.current(code, station.today()).unwrap().clone();
    take(station, &version, person).unwrap()
}

/// How many acts stand in a case.
fn acts(node: &Node, id: CaseId) -> usize {
    node.case(id).unwrap().case.timeline.len()
}

fn stage(node: &Node, id: CaseId) -> Stage {
    node.case(id).unwrap().case.stage()
}

/// From the ticked list to the summary; gives the summary's form number.
async fn summary(browser: &mut Browser, path: &str, chosen: &[CaseId]) -> (crate::browser::Answer, String) {
    let page = browser.get(path).await;
    let hex: Vec<String> = chosen.iter().map(|id| id.hex()).collect();
    let pairs: Vec<(&str, &str)> = hex.iter().map(|hex| ("case", hex.as_str())).collect();
    let shown = send(browser, &page, path, &[&pairs[..], &[("do", "sum")]].concat()).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    let once = between(&shown.text, "name=\"once\" value=\"", "\"");
    (shown, once)
}

#[tokio::test]
async fn b2_many_first_reviews_share_one_list_and_each_is_done_once() {
    let Town { station, centre, .. } = town();
    let ids: Vec<CaseId> = (0..4).map(|n| take_of(&station, "S058", n)).collect();
    let other = take_of(&station, "S097", 9);
    meet(&station, &centre);
    let mut browser = signed_in(&centre).await;
    let page = browser.get("/bulk/review").await;
    assert_eq!(page.text.matches("name=\"case\"").count(), 4, "not the one the township itself decides");
    assert!(!page.text.contains(&other.hex()));

    let none = send(&mut browser, &page, "/bulk/review", &[("do", "sum")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("还没选办件"));

    let (shown, once) = summary(&mut browser, "/bulk/review", &ids[..3]).await;
    assert!(shown.text.contains("<b>3</b> 件") && stage(&centre, ids[0]) == Stage::Processing, "only shown");
    let hex: Vec<String> = ids[..3].iter().map(|id| id.hex()).collect();
    let chosen: Vec<(&str, &str)> = hex.iter().map(|hex| ("case", hex.as_str())).collect();
    let pairs =
        [&chosen[..], &[("do", "act"), ("once", once.as_str()), ("list", ""), ("receiver", "")]].concat();
    let gaps = send(&mut browser, &shown, "/bulk/review", &pairs).await;
    assert_eq!(gaps.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(gaps.text.contains("id=\"list-e\"") && gaps.text.contains("id=\"receiver-e\""));

    // meanwhile somebody gave one back
    let no = Refuse { reason: "申请人说不办了".into(), ..Refuse::default() };
    centre.give_back(&clerk(), ids[1], no).unwrap();
    let filled = [
        ("do", "act"),
        ("once", once.as_str()),
        ("opinion", "同意"),
        ("list", "残补2026第11批"),
        ("receiver", "县残联秦科员"),
    ];
    let pairs = [&chosen[..], &filled[..]].concat();
    let done = send(&mut browser, &shown, "/bulk/review", &pairs).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(
        done.text.contains("办好 2 件") && done.text.contains("1 件没有办") && done.text.contains("已经退件")
    );
    assert_eq!((stage(&centre, ids[0]), stage(&centre, ids[2])), (Stage::Outside, Stage::Outside));
    assert_eq!(stage(&centre, ids[3]), Stage::Processing, "not chosen");
    let before: Vec<usize> = ids.iter().map(|id| acts(&centre, *id)).collect();
    let again = send(&mut browser, &shown, "/bulk/review", &pairs).await;
    assert!(again.text.contains("刚才已经办好了") && again.text.contains("办好 2 件"));
    assert_eq!(ids.iter().map(|id| acts(&centre, *id)).collect::<Vec<_>>(), before, "sent twice, done once");
}

#[tokio::test]
async fn b2_notices_that_are_over_are_registered_together() {
    let Town { station, centre, clock } = town();
    let ids: Vec<CaseId> = (1..4).map(|n| take_of(&station, "S047", n)).collect();
    for id in &ids[..2] {
        station.post_notice(&clerk(), *id, "村务公示栏".into()).unwrap();
    }
    meet(&station, &centre);
    let mut browser = signed_in(&centre).await;
    let early = browser.get("/bulk/notices").await;
    assert!(early.text.contains("现在没有能一起办的"), "the days are not over");
    clock.advance(9 * 86_400_000);
    let page = browser.get("/bulk/notices").await;
    assert_eq!(page.text.matches("name=\"case\"").count(), 2, "the third is not posted");
    assert_eq!(centre.cases(Filter::Posted, None, 9).unwrap().lines.len(), 2);
    let (shown, once) = summary(&mut browser, "/bulk/notices", &ids[..2]).await;
    let hex: Vec<String> = ids[..2].iter().map(|id| id.hex()).collect();
    let chosen: Vec<(&str, &str)> = hex.iter().map(|hex| ("case", hex.as_str())).collect();
    let done = send(
        &mut browser,
        &shown,
        "/bulk/notices",
        &[&chosen[..], &[("do", "act"), ("once", &once)]].concat(),
    )
    .await;
    assert!(done.text.contains("办好 2 件"), "{}", done.text);
    assert!(centre.cases(Filter::Posted, None, 9).unwrap().lines.is_empty());
    meet(&station, &centre);
    assert!(ids[..2].iter().all(|id| station.case(*id).unwrap().case.notice_ended.is_some()));
}

/// Fails when the village can review in bulk, or what cannot be done any more comes into the summary.
#[tokio::test]
async fn b2_only_what_can_be_done_comes_into_the_summary() {
    let Town { station, centre, .. } = town();
    let id = take_of(&station, "S058", 1);
    meet(&station, &centre);
    let mut village = signed_in(&station).await;
    assert_eq!(village.get("/bulk/review").await.status, StatusCode::NOT_FOUND);
    assert_eq!(village.get("/bulk/notices").await.status, StatusCode::OK);
    assert!(village.get("/due").await.text.contains("href=\"/bulk/notices\""), "and a clerk finds it");
    let mut browser = signed_in(&centre).await;
    assert_eq!(browser.get("/bulk/nothing").await.status, StatusCode::NOT_FOUND);
    centre.give_back(&clerk(), id, Refuse { reason: "重复".into(), ..Refuse::default() }).unwrap();
    let chosen = id.hex();
    let page = browser.get("/bulk/notices").await;
    let shown = send(&mut browser, &page, "/bulk/review", &[("case", chosen.as_str()), ("do", "sum")]).await;
    assert!(shown.text.contains("选的都不能办了"), "{}", shown.text);

    // sealed between the list and the press: it is told, and stops no other
    let asker = model::case::event::Asker::Applicant;
    centre.seal_case(&clerk(), id, asker, "不想留底".into()).unwrap();
    let pairs = [("case", chosen.as_str()), ("list", "第1批"), ("receiver", "县残联秦科员")];
    let shown = send(&mut browser, &page, "/bulk/review", &[&pairs[..], &[("do", "sum")]].concat()).await;
    assert!(shown.status == StatusCode::OK && shown.text.contains("选的都不能办了"), "{}", shown.text);
    let done = send(&mut browser, &page, "/bulk/review", &[&pairs[..], &[("do", "act")]].concat()).await;
    assert!(done.status == StatusCode::OK && done.text.contains("1 件没有办"), "{}", done.text);
}
