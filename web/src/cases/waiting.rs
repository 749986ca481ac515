//! D1, D4, D7 through the pages: what waits too long is flagged everywhere and done by a person; what makes no sense is
//! neither offered nor taken.

use std::collections::BTreeMap;

use app::Node;
use app::cases::CaseId;
use app::testing::{Invented, answers, clerk, meet, take};
use axum::http::StatusCode;

use super::main_job::{Town, act, send, signed_in, town};

const DAY_MS: u64 = 86_400_000;

/// Papers as a clerk takes them while one is missing.
fn received(station: &Node, code: &str, person: u64) -> CaseId {
    let version = station.reference().catalogue.current(code, station.today()).unwrap().clone();
    let mut typed: BTreeMap<String, String> =
        answers(&version, &version.scenarios[0].id, &Invented::nth(person));
    typed.insert(format!("m/{}", version.materials[0].id), "missing".to_owned());
    let draft = station.start_draft(&clerk(), code).unwrap();
    station.save_draft(&clerk(), draft, typed).unwrap();
    station.receive(&clerk(), draft).unwrap().id
}

/// Fails when a licence nobody answered is not flagged on list, due list and case page, is accepted by time alone, or its
/// clock does not run from receipt.
#[tokio::test]
async fn d1_deemed_acceptance_is_flagged_and_registered_by_a_person() {
    let Town { station, centre, clock } = town();
    let id = received(&station, "S096", 1);
    let mut village = signed_in(&station).await;
    let path = format!("/cases/{}", id.hex());
    let page = village.get(&path).await;
    assert!(page.text.contains("11月30日前受理，或者一次告知") && !page.text.contains("data-act=\"deem\""));
    assert_eq!(village.get(&format!("{path}/acts/deem")).await.status, StatusCode::CONFLICT, "not yet");
    clock.advance(14 * DAY_MS);
    meet(&station, &centre);
    let page = village.get(&path).await;
    assert!(page.text.contains("第三十二条") && page.text.contains("从11月23日起视为受理"), "{}", page.text);
    assert!(village.get("/").await.text.contains("11月23日起视为受理"));
    assert!(village.get("/due").await.text.contains("登记视为受理"));
    let mut township = signed_in(&centre).await;
    assert!(township.get("/due").await.text.contains("登记视为受理"), "the centre sees it too");
    assert!(centre.case(id).unwrap().case.accepted.is_none(), "time alone accepts nothing");
    let done = act(&mut village, &id.hex(), "deem", &[]).await;
    assert_eq!(done.to(), format!("{path}?done=deem"));
    let case = station.case(id).unwrap().case;
    assert_eq!(case.accepted.unwrap().what.on.to_string(), "2026-11-23");
    assert!(village.get(&path).await.text.contains("12月21日前办结"));
}

/// Fails when the flag stands on what is no licence, or what waits there is not said at all.
#[tokio::test]
async fn d1_other_papers_that_wait_are_told_and_not_deemed() {
    let Town { station, clock, .. } = town();
    let id = received(&station, "S058", 2);
    clock.advance(14 * DAY_MS);
    let mut village = signed_in(&station).await;
    let page = village.get(&format!("/cases/{}", id.hex())).await;
    assert!(page.text.contains("已经超过 5 个工作日") && !page.text.contains("第三十二条"));
    assert!(!page.text.contains("data-act=\"deem\"") && page.text.contains("data-act=\"tell\""));
    let told = act(&mut village, &id.hex(), "tell", &[("words", "身份证原件")]).await;
    assert!(told.to().ends_with("done=tell"));
    let page = village.get(&format!("/cases/{}", id.hex())).await;
    assert!(page.text.contains("一次性告知书"), "it can be printed");
}

/// Fails when papers that went unaccepted at a station without its paper of authority cannot be accepted at the centre, or
/// the hand-over's clock is not shown as overdue.
#[tokio::test]
async fn d7_what_is_not_handed_over_in_time_is_overdue_and_the_centre_accepts() {
    let Town { station, centre, clock } = town();
    let version = station.reference().catalogue.current("S101", station.today()).unwrap().clone();
    let id = take(&station, &version, 3).unwrap();
    let mut village = signed_in(&station).await;
    let due = village.get("/due").await;
    assert!(due.text.contains("把材料转交出去") && due.text.contains("11月26日"), "{}", due.text);
    clock.advance(7 * DAY_MS);
    let page = village.get(&format!("/cases/{}", id.hex())).await;
    assert!(page.text.contains("已经超期。请今天就送"), "{}", page.text);
    assert!(village.get("/due").await.text.contains("超期 1"));
    meet(&station, &centre);
    let mut township = signed_in(&centre).await;
    assert!(township.get("/due").await.text.contains("超期 1"));
}

/// Fails when more time can be asked for where there is no limit, beyond the law, or a no cannot be told.
#[tokio::test]
async fn d4_more_time_is_asked_at_the_village_and_answered_at_the_centre() {
    let Town { station, centre, .. } = town();
    let take_of = |code: &str, person| {
        let version = station.reference().catalogue.current(code, station.today()).unwrap().clone();
        take(&station, &version, person).unwrap()
    };
    let (open, licence) = (take_of("S058", 4), take_of("S096", 5));
    let mut village = signed_in(&station).await;
    let closed = village.get(&format!("/cases/{}/acts/ask-extension", open.hex())).await;
    assert_eq!(closed.status, StatusCode::CONFLICT);
    assert!(closed.text.contains("没有办理时限"));
    let much =
        act(&mut village, &licence.hex(), "ask-extension", &[("days", "15"), ("reason", "雨天")]).await;
    assert_eq!(much.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(much.text.contains("最多延长 10 个工作日") && much.text.contains("id=\"days-e\""));
    act(&mut village, &licence.hex(), "ask-extension", &[("days", "10"), ("reason", "雨天")]).await.to();
    let page = village.get(&format!("/cases/{}", licence.hex())).await;
    assert!(page.text.contains("申请延长 10 日") && !page.text.contains("data-act=\"approve-extension\""));
    meet(&station, &centre);
    let mut township = signed_in(&centre).await;
    let asked = township.get(&format!("/cases/{}/acts/decline-extension", licence.hex())).await;
    assert!(asked.text.contains("理由：雨天"));
    let empty =
        send(&mut township, &asked, &format!("/cases/{}/acts/decline-extension", licence.hex()), &[]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    act(&mut township, &licence.hex(), "decline-extension", &[("reason", "按期办")]).await.to();
    meet(&station, &centre);
    let page = village.get(&format!("/cases/{}", licence.hex())).await;
    assert!(page.text.contains("不批准延期") && page.text.contains("data-act=\"ask-extension\""));
}
