//! What lies between the counter and the centre: 入户核查, and 公示 to its end.

use app::testing::{Invented, answers, meet};
use axum::http::StatusCode;
use model::item::{Act, ApplicantKind, Version};

use super::main_job::{Town, act, between, draft, send, signed_in, town};
use crate::browser::Browser;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn item(town: &Town, wanted: impl Fn(&Version) -> bool) -> Version {
    let (reference, today) = (town.station.reference(), town.station.today());
    let mut all = reference.catalogue.items().filter_map(|item| item.on(today).cloned());
    all.find(wanted).unwrap()
}

/// Takes a case in and gives its id.
async fn take(village: &mut Browser, version: &Version, person: u64) -> String {
    let typed = answers(version, &version.scenarios[0].id, &Invented::nth(person));
    let (path, page) = draft(village, version, &typed).await;
    let taken = send(village, &page, &path, &[("do", "accept")]).await.to();
    taken.strip_prefix("/cases/").unwrap().split('?').next().unwrap().to_owned()
}

/// The one deep-blue act of a case's page; empty when there is none.
async fn blue(browser: &mut Browser, case: &str) -> String {
    let text = browser.get(&format!("/cases/{case}")).await.text;
    let acts = between(&text, "aria-labelledby=\"acts\"", "</section>");
    let found = acts.split("<a ").find(|link| link.contains("btn--primary"));
    found.map(|link| between(link, "data-act=\"", "\"")).unwrap_or_default()
}

/// Fails when a household's case cannot be visited, posted and taken down through its pages, when 公示 can be ended before
/// its last day is over, or when the township does not get its turn then.
#[tokio::test]
async fn a_household_is_visited_and_its_notice_runs_to_its_end() {
    let town = town();
    let mut village = signed_in(&town.station).await;
    let version = item(&town, |version| {
        let steps = |act| version.route.iter().any(|step| step.act == act);
        steps(Act::Visit) && steps(Act::Notice) && version.applicants == [ApplicantKind::Household]
    });
    let case = take(&mut village, &version, 31).await;
    assert_eq!(blue(&mut village, &case).await, "visit");
    let alone = [("visitor1", "陈春梅"), ("finding", "1"), ("on", "2026-11-23")];
    let refused = act(&mut village, &case, "visit", &alone).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "two go on a visit");
    let visited = [&alone[..], &[("visitor2", "李桂兰"), ("words", "属实")]].concat();
    act(&mut village, &case, "visit", &visited).await.to();
    assert_eq!(blue(&mut village, &case).await, "post-notice");
    act(&mut village, &case, "post-notice", &[("place", "村务公示栏")]).await.to();
    let posted = village.get(&format!("/cases/{case}")).await.text;
    assert!(posted.contains("公示到") && !posted.contains("data-act=\"end-notice\""), "{posted}");
    assert_eq!(blue(&mut village, &case).await, "", "nothing is pressed upon the clerk while it hangs");
    let early = village.get(&format!("/cases/{case}/acts/end-notice")).await;
    assert!(early.status == StatusCode::CONFLICT && early.text.contains("期满后再登记"), "{}", early.status);
    town.clock.advance(8 * DAY_MS);
    assert_eq!(blue(&mut village, &case).await, "end-notice");
    act(&mut village, &case, "end-notice", &[("objections", "0"), ("upheld", "")]).await.to();
    meet(&town.station, &town.centre);
    let mut township = signed_in(&town.centre).await;
    let queue = township.get("/queue").await.text;
    assert!(queue.contains(&case) && queue.contains("无异议"), "the township's turn, with what was found");
}
