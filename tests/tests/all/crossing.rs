//! B4 with three real boxes: one village takes in for another's resident while the other's line is down.

use bianmin_tests::canary::people;
use bianmin_tests::demo::{Demo, DemoBox, sign_in};
use bianmin_tests::intake::{self, Party, Resident, stage, truth};
use bianmin_tests::page::Page;
use bianmin_tests::person::Person;
use bianmin_tests::wait::{PATIENCE, until};

/// Visited by the village, decided by the township.
const CARE_HOME: &str = "S052";

fn resident(seed: u64) -> Resident {
    let one = people(seed, 1).remove(0);
    let (name, id_number, phone, words) = (one.name, one.id_number, one.phone, one.remark);
    Resident { name, id_number, phone, address: one.address, account: one.account, words }
}

fn page(at: &DemoBox, path: &str) -> String {
    format!("{}{path}", at.url.trim_end_matches('/'))
}

async fn shows(person: &Person, url: &str, what: &str, wanted: impl Fn(&Page) -> bool) -> Page {
    let looked = until(what, PATIENCE * 2, || async {
        let page = person.get(url).await.map_err(|error| error.to_string())?;
        if wanted(&page) { Ok(page) } else { Err(format!("{} {}", page.status, page.text())) }
    });
    looked.await.unwrap()
}

async fn turn_link(person: &Person, at: &DemoBox, word: &str) {
    let page = person.get(&at.control_url).await.unwrap();
    person.send(&page.form("/demo/link").unwrap(), &[("link", word)]).await.unwrap();
}

/// Fails when a case that one village took in for another's resident does not reach the owner village once its line is up,
/// cannot be acted on there, when the first village does not see what was done and decided, or cannot hand over.
#[tokio::test]
async fn b4_a_case_for_another_village_goes_there_and_its_outcome_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(folder.path()).await.unwrap();
    let [centre, counter, home] = [&demo.boxes[0], &demo.boxes[1], &demo.boxes[2]];
    let clerks = [demo.person("c"), demo.person("a"), demo.person("b")];
    for (clerk, at) in clerks.iter().zip([centre, counter, home]) {
        sign_in(clerk, at).await.unwrap();
    }
    let [township, a, b] = &clerks;
    turn_link(b, home, "cut").await;

    let for_home = Party { kind: "person", more: &[("home", "2311")] };
    let taken = intake::take_for(a, &counter.url, CARE_HOME, "s1", &resident(41), for_home).await.unwrap();
    let case = format!("/cases/{}", taken.id);
    assert!(taken.page.text().contains("石桥便民服务站属地办理"), "{}", taken.page.text());
    shows(a, &page(counter, &case), "the centre has signed for it", |page| truth(page) == "receipt").await;
    let crossed = township.get(&page(centre, "/crossed")).await.unwrap();
    assert!(crossed.body.contains(&case), "the centre lists it");
    assert_eq!(b.get(&page(home, &case)).await.unwrap().status, 404, "its line is down");

    turn_link(b, home, "restore").await;
    shows(b, &page(home, "/crossed"), "it has come to its village", |page| page.body.contains(&case)).await;
    let visit = [("visitor1", "许建国"), ("visitor2", "孙月"), ("finding", "1"), ("words", "家中见到本人")];
    intake::act(b, &home.url, &taken.id, "visit", &visit).await.unwrap();
    shows(a, &page(counter, &case), "the visit is known where the papers were taken", |page| {
        page.text().contains("家中见到本人")
    })
    .await;
    shows(township, &page(centre, &case), "and at the centre", |page| {
        page.body.contains("data-act=\"approve\"")
    })
    .await;
    intake::act(township, &centre.url, &taken.id, "approve", &[]).await.unwrap();
    for (clerk, at) in [(a, counter), (b, home)] {
        shows(clerk, &page(at, &case), "both villages see the decision", |page| stage(page) == "Decided")
            .await;
    }
    intake::act(a, &counter.url, &taken.id, "ready", &[]).await.unwrap();
    let signed = [("manner", "1"), ("signed", "1")];
    intake::act(a, &counter.url, &taken.id, "deliver", &signed).await.unwrap();
    shows(b, &page(home, &case), "the owner village sees the end", |page| stage(page) == "Delivered").await;
    demo.stop().await.unwrap();
}
