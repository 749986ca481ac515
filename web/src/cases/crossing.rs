//! B4 through the pages: a station takes in for another village's resident and picks the village; that village finds it on
//! its workbench and acts; the first one sees the outcome and hands over.

use std::sync::Arc;

use app::Node;
use app::testing::{Invented, MONDAY, TestClock, answers, meet, township};
use axum::http::StatusCode;
use model::item::{Act, Level, Version, Way};
use store::MemoryEngine;

use super::main_job::{act, draft, send, signed_in};

struct Villages {
    centre: Node,
    counter: Node,
    home: Node,
}

impl Villages {
    fn meet(&self) {
        for node in [&self.counter, &self.home, &self.counter] {
            meet(node, &self.centre);
        }
    }
}

fn villages() -> Villages {
    let town = township(2, 3);
    let clock = TestClock::at(MONDAY);
    let start = |place| town.start(place, Arc::new(MemoryEngine::new()), Arc::clone(&clock), place as u64);
    let villages = Villages { centre: start(0), counter: start(1), home: start(2) };
    villages.centre.load_sample(&[2301, 2302]).unwrap();
    villages.meet();
    villages
}

fn visited(node: &Node) -> Version {
    let reference = node.reference();
    let mut all = reference.catalogue.items().filter_map(|item| item.on(node.today()).cloned());
    let village = |version: &Version| {
        version.route.iter().any(|step| step.act == Act::Visit && step.level == Level::Village)
    };
    all.find(|version| version.way != Way::OnBehalf && village(version)).unwrap()
}

/// Fails when the village cannot be picked at intake, the owner village does not find the case or cannot act, or the counter
/// does not see what it did.
#[tokio::test]
async fn b4_a_case_for_another_village_from_both_counters() {
    let town = villages();
    let version = visited(&town.counter);
    let mut typed = answers(&version, &version.scenarios[0].id, &Invented::nth(7));
    let mut counter = signed_in(&town.counter).await;
    let (path, page) = draft(&mut counter, &version, &typed).await;
    assert!(page.text.contains("属地村") && page.text.contains("value=\"2302\""), "the others are offered");
    assert!(!page.text.contains("<option value=\"2301\""), "one's own is 本村");
    typed.insert("home".to_owned(), "2302".to_owned());
    let all: Vec<(&str, &str)> = typed.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let taken = send(&mut counter, &page, &path, &[&all[..], &[("do", "accept")]].concat()).await.to();
    let case = taken.strip_prefix("/cases/").unwrap().split('?').next().unwrap().to_owned();
    let shown = counter.get(&taken).await;
    assert!(
        shown.text.contains("第2村便民服务站属地办理") && shown.text.contains("转给属地村"),
        "{}",
        shown.text
    );
    assert!(!shown.text.contains("data-act=\"visit\""), "the visit is the owner village's");
    town.meet();

    let mut home = signed_in(&town.home).await;
    let bench = home.get("/").await;
    assert!(
        bench.text.contains("1 件外村转来，在办")
            && bench.text.contains("<span class=\"tag tag--blue\">外村转来")
    );
    let list = home.get("/crossed").await;
    assert!(
        list.text.contains(&format!("/cases/{case}"))
            && list.text.contains("第1村便民服务站收，第2村便民服务站办")
    );
    let shown = home.get(&format!("/cases/{case}")).await;
    assert!(shown.text.contains("data-act=\"visit\"") && !shown.text.contains(&Invented::nth(7).name));
    let fields = [
        ("visitor1", "陈春梅"),
        ("visitor2", "许建国"),
        ("finding", "1"),
        ("words", "家中见到本人"),
        ("on", "2026-11-23"),
    ];
    act(&mut home, &case, "visit", &fields).await.to();
    town.meet();
    let shown = counter.get(&format!("/cases/{case}")).await;
    assert!(shown.text.contains("家中见到本人") && shown.text.contains("第2村便民服务站"), "{}", shown.text);
    let went = counter.get("/crossed?list=out").await;
    assert!(went.text.contains(&format!("/cases/{case}")));
    let mut centre = signed_in(&town.centre).await;
    assert!(centre.get("/crossed").await.text.contains(&format!("/cases/{case}")));
}

/// Fails when a case cannot be passed on later, to nobody, or twice to the same village.
#[tokio::test]
async fn b4_a_case_is_passed_on_later_by_an_act_of_its_own() {
    let town = villages();
    let id = app::testing::take(&town.counter, &visited(&town.counter), 9).unwrap();
    let mut counter = signed_in(&town.counter).await;
    let path = format!("/cases/{}", id.hex());
    assert!(counter.get(&path).await.text.contains("data-act=\"route\""));
    let nobody = act(&mut counter, &id.hex(), "route", &[("to", "")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.text.contains("还没选是哪个村") && nobody.text.contains("href=\"#to\""));
    let done = act(&mut counter, &id.hex(), "route", &[("to", "2302"), ("words", "户口在那边")]).await;
    assert_eq!(done.to(), format!("{path}?done=route"));
    let page = counter.get(&path).await;
    assert!(page.text.contains("第2村便民服务站；户口在那边"), "{}", page.text);
    let again = act(&mut counter, &id.hex(), "route", &[("to", "2302")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("不用再办"));
    town.meet();
    assert!(town.home.case(id).unwrap().case.is_elsewhere());
}
