//! Rulings through the pages: both values in sight, nothing ruled unseen or without a reason, settled on both boxes.

use app::cases::CaseId;
use app::testing::{clerk, meet, take};
use axum::http::StatusCode;
use model::case::approve::Approve;
use model::case::event::Asker;
use model::case::supplement::AskSupplement;
use model::case::{Stage, facts};
use std::collections::BTreeMap;

use super::main_job::{Town, between, send, signed_in, town, township_item};

/// A case whose phone two boxes corrected apart, merged.
fn phoned_apart(town: &Town) -> CaseId {
    let id = take(&town.station, &township_item(&town.station), 5).unwrap();
    meet(&town.station, &town.centre);
    let ask = AskSupplement { gaps: vec![facts::PHONE.into()], words: "打不通".into(), until: None };
    town.centre.ask_supplement(&clerk(), id, ask).unwrap();
    meet(&town.station, &town.centre);
    for (node, phone) in [(&town.station, "13956322471"), (&town.centre, "13956342471")] {
        let typed = BTreeMap::from([(facts::PHONE.to_owned(), phone.to_owned())]);
        node.supplement_received(&clerk(), id, typed).unwrap();
    }
    meet(&town.station, &town.centre);
    id
}

/// Fails if a clerk cannot see both values apart, with who and where, or cannot rule with a reason; or if a ruling
/// without one is taken, or what was typed is lost by being refused.
#[tokio::test]
async fn two_phones_stand_side_by_side_and_one_is_picked() {
    let town = town();
    let id = phoned_apart(&town);
    let mut village = signed_in(&town.station).await;
    let mut township = signed_in(&town.centre).await;
    for home in [village.get("/").await, township.get("/queue").await] {
        assert!(home.text.contains("要人来定 1") && home.text.contains(&format!("/clashes/{}", id.hex())));
    }
    let case = township.get(&format!("/cases/{}", id.hex())).await;
    assert!(case.text.contains("定不一致（1）") && case.text.contains("“联系电话”有两个值"));
    let page = township.get("/clashes").await;
    assert!(page.text.contains("联系电话有 2 个值，用哪个？"));
    assert!(
        page.text.contains("139***22471") && page.text.contains("139***42471"),
        "told apart, still masked"
    );
    assert!(!page.text.contains("13956322471") && !page.text.contains("13956342471"));
    let before = between(&page.text, "data-before>", "</p>");
    assert!(before.contains("改之前") && before.contains("收件时填"), "{before}");
    assert_eq!(page.text.matches("<i>记录</i>").count(), 2, "each value says where it is");
    let own = village.get("/clashes").await.text;
    assert!(
        own.contains("中心已回执") && own.contains("中心已存"),
        "one is this box's, one came from the centre"
    );
    assert!(page.text.contains("先问村站，暂不定") && own.contains("先问镇中心，暂不定"));
    let (what, seen) = (hidden(&page.text, "what"), hidden(&page.text, "seen"));
    let once = hidden(&page.text, "once");
    let path = format!("/clashes/{}", id.hex());
    let form = [("once", once.as_str()), ("what", &what), ("seen", &seen)];
    let nothing = send(&mut township, &page, &path, &[&form[..], &[("reason", "问过本人")]].concat()).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text.contains("还没选") && nothing.text.contains("问过本人"));
    let choice = between(&page.text, "name=\"choice\" value=\"", "\"");
    let no_reason = send(&mut township, &page, &path, &[&form[..], &[("choice", &choice)]].concat()).await;
    assert!(no_reason.text.contains("还没填理由") && no_reason.text.contains("checked"));
    let unseen = [("once", once.as_str()), ("what", &what), ("seen", &choice), ("choice", &choice)];
    let unseen = send(&mut township, &page, &path, &[&unseen[..], &[("reason", "问过")]].concat()).await;
    assert_eq!(unseen.status, StatusCode::CONFLICT);
    let ruled = [&form[..], &[("choice", choice.as_str()), ("reason", "问过本人")]].concat();
    assert_eq!(send(&mut township, &page, &path, &ruled).await.to(), "/clashes?done=ruled");
    assert_eq!(send(&mut township, &page, &path, &ruled).await.to(), "/clashes?done=ruled", "a second press");
    assert!(township.get("/clashes").await.text.contains("没有要定的"));
    meet(&town.station, &town.centre);
    assert!(!village.get("/").await.text.contains("要人来定 1"));
    let told = village.get(&format!("/cases/{}", id.hex())).await;
    assert!(
        told.text.contains("定下不一致") && told.text.contains("没有采用") && told.text.contains("问过本人")
    );
}

/// Fails if an act that could not stand cannot be settled from its page.
#[tokio::test]
async fn an_approval_beside_a_withdrawal_is_settled_on_a_page() {
    let town = town();
    let id = take(&town.station, &township_item(&town.station), 6).unwrap();
    meet(&town.station, &town.centre);
    town.station.withdraw(&clerk(), id, Asker::Applicant, String::new()).unwrap();
    town.centre.approve(&clerk(), id, Approve::default()).unwrap();
    meet(&town.station, &town.centre);
    let mut village = signed_in(&town.station).await;
    let path = format!("/clashes/{}", id.hex());
    let page = village.get(&path).await;
    assert!(page.text.contains("没有生效，算不算数？"));
    let (what, once) = (hidden(&page.text, "what"), hidden(&page.text, "once"));
    let form = [("what", what.as_str()), ("once", &once), ("choice", "void"), ("reason", "本人当面说的")];
    assert_eq!(send(&mut village, &page, &path, &form).await.to(), "/clashes?done=ruled");
    meet(&town.station, &town.centre);
    for node in [&town.station, &town.centre] {
        let view = node.case(id).unwrap();
        assert!(view.anomalies.is_empty() && node.troubles().unwrap() == 0);
        assert!(matches!(view.case.stage(), Stage::Withdrawn | Stage::Decided));
    }
    assert!(village.get(&path).await.text.contains("没有要定的"), "settled meanwhile: the page says so");
}

fn hidden(page: &str, name: &str) -> String {
    between(page, &format!("name=\"{name}\" value=\""), "\"")
}
