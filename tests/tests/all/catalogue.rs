//! C4: what the centre publishes reaches the stations in one sync, also one that hears only its neighbour, and a case keeps
//! the version it was taken under.

use bianmin_tests::canary::people;
use bianmin_tests::demo::sign_in;
use bianmin_tests::intake::{self, Resident};
use bianmin_tests::namespace::Lan;
use bianmin_tests::page::Page;
use bianmin_tests::person::Person;
use bianmin_tests::skip;
use bianmin_tests::township::{RunningBox, Township};
use bianmin_tests::wait::{PATIENCE, until};

/// Decided by the township, without a visit or a public notice.
const LAND: &str = "S097";
const NAMES: [(u16, &str); 3] =
    [(0, "枫河镇便民服务中心"), (2308, "杨村便民服务站"), (2311, "石桥便民服务站")];

fn resident() -> Resident {
    let planted = people(31, 1).remove(0);
    let (name, id_number, phone) = (planted.name, planted.id_number, planted.phone);
    let (address, account) = (planted.address, planted.account);
    Resident { name, id_number, phone, address, account, words: "示例".to_owned() }
}

async fn shows(person: &Person, at: &RunningBox, path: &str, words: &str) -> Page {
    let what = format!("{} shows {words} on {path}", at.at.name);
    let looked = until(&what, PATIENCE, || async {
        let page = person.get(&at.page(path)).await.map_err(|error| error.to_string())?;
        if page.text().contains(words) { Ok(page) } else { Err(format!("{} {}", page.status, page.text())) }
    });
    looked.await.unwrap()
}

/// Opens a page and sends its form with what is filled in.
async fn fill(person: &Person, at: &RunningBox, path: &str, end: &str, filled: &[(&str, &str)]) -> Page {
    let page = person.get(&at.page(path)).await.unwrap();
    let form = page.form(end).unwrap_or_else(|| panic!("{path}: {} {}", page.status, page.text()));
    person.send(&form, filled).await.unwrap()
}

/// C4: fails when a published version does not reach a station, or only one that hears the centre itself, or a case of
/// before changes its version. The second station has no address but its neighbour's, and multicast is off.
#[tokio::test]
async fn a_published_version_goes_through_a_neighbour_and_a_case_keeps_its_own() {
    let test = "a_published_version_goes_through_a_neighbour_and_a_case_keeps_its_own";
    let Ok(lan) = Lan::new("v", 3).inspect_err(|reason| skip::because(test, reason)) else { return };
    lan.multicast(false).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let township = Township::found(folder.path()).unwrap();
    // twice, so that every kit names every box
    for (number, name) in NAMES.iter().chain(&NAMES) {
        township.provision(*number, name).unwrap();
    }
    let [at_centre, at_a, at_b] = [&lan.machines[0], &lan.machines[1], &lan.machines[2]];
    let centre = township.start(0, NAMES[0].1, at_centre, &[]).await.unwrap();
    let a = township.start(2308, NAMES[1].1, at_a, &["--peer", &Township::peer(at_centre)]).await.unwrap();
    let b = township.start(2311, NAMES[2].1, at_b, &["--peer", &Township::peer(at_a)]).await.unwrap();
    let (clerk, of_a, of_b) = (centre.person("c"), a.person("a"), b.person("b"));
    for (person, one) in [(&clerk, &centre), (&of_a, &a), (&of_b, &b)] {
        sign_in(person, &one.at).await.unwrap();
    }
    let path = format!("/items/{LAND}");
    shows(&of_a, &a, &path, "办理环节").await;
    let case = intake::take(&of_a, &a.at.url, LAND, "s1", &resident()).await.unwrap();

    let item = format!("/catalogue/{LAND}");
    fill(&clerk, &centre, &item, "/draft", &[("do", "begin")]).await;
    let new = "换了名字的事项";
    fill(&clerk, &centre, &format!("{item}/edit/basics"), "/edit/basics", &[("name", new), ("do", "save")])
        .await;
    let said = [("note", "试一试下发"), ("despite", "1"), ("why", "示例")];
    let done = fill(&clerk, &centre, &format!("{item}/publish"), "/publish", &said).await;
    assert!(done.text().contains("已发布 第 2 版"), "{}", done.text());

    shows(&of_a, &a, &path, new).await;
    shows(&of_b, &b, &path, new).await;
    assert!(
        !b.process.log().contains("station=0000"),
        "the second station met the centre: {}",
        b.process.log()
    );
    let kept = shows(&of_a, &a, &format!("/cases/{}", case.id), "按第 1 版办理").await;
    assert!(kept.text().contains("现行第 2 版"), "{}", kept.text());
}
