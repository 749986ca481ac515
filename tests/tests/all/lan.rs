//! Three machines with their own addresses on one bridge, each a real process: how they find each other, and that what
//! was received apart comes together. Pages are driven on each machine's own loopback.

use bianmin_tests::canary::people;
use bianmin_tests::demo::sign_in;
use bianmin_tests::intake::{self, Resident, stage, truth};
use bianmin_tests::namespace::Lan;
use bianmin_tests::person::Person;
use bianmin_tests::skip;
use bianmin_tests::township::{RunningBox, Township};
use bianmin_tests::wait::{PATIENCE, until};

/// Decided by the township, without a visit or a public notice.
const LAND: &str = "S097";
const SCENARIO: &str = "s1";

fn lan(tag: &str, test: &str) -> Option<Lan> {
    Lan::new(tag, 3).inspect_err(|reason| skip::because(test, reason)).ok()
}

fn township(folder: &std::path::Path) -> Township {
    let township = Township::found(folder).unwrap();
    for (number, name) in [(0, "枫河镇便民服务中心"), (2308, "杨村便民服务站"), (2311, "石桥便民服务站")]
    {
        township.provision(number, name).unwrap();
    }
    township
}

fn resident(seed: u64) -> Resident {
    let planted = people(seed, 1).remove(0);
    let (name, id_number, phone) = (planted.name, planted.id_number, planted.phone);
    Resident {
        name,
        id_number,
        phone,
        address: planted.address,
        account: planted.account,
        words: "示例".to_owned(),
    }
}

async fn linked(one: &mut RunningBox, with: &str) {
    let text = format!("station={with} we_dialled");
    one.process.says(&text, PATIENCE).await.unwrap();
}

async fn waits_for(
    person: &Person,
    url: &str,
    what: &str,
    wanted: impl Fn(&bianmin_tests::page::Page) -> bool,
) {
    let looked = until(what, PATIENCE, || async {
        let page = person.get(url).await.map_err(|error| error.to_string())?;
        if wanted(&page) { Ok(()) } else { Err(format!("{} {}", page.status, page.text())) }
    });
    looked.await.unwrap();
}

/// Fails when boxes that know no address of each other do not link up, or when what two villages received with their
/// cables out does not come together, or a decision does not come back.
#[tokio::test]
async fn three_boxes_find_each_other_by_multicast_and_merge() {
    let Some(lan) = lan("m", "three_boxes_find_each_other_by_multicast_and_merge") else { return };
    let folder = tempfile::tempdir().unwrap();
    let township = township(folder.path());
    // Made once more, the centre's kit names the stations: the sample catalogue gives them written authority.
    township.provision(0, "枫河镇便民服务中心").unwrap();
    let [centre, a, b] = [&lan.machines[0], &lan.machines[1], &lan.machines[2]];
    let mut centre_box = township.start(0, "枫河镇便民服务中心", centre, &[]).await.unwrap();
    let mut box_a = township.start(2308, "杨村便民服务站", a, &[]).await.unwrap();
    let mut box_b = township.start(2311, "石桥便民服务站", b, &[]).await.unwrap();
    linked(&mut box_a, "0000").await;
    linked(&mut box_b, "0000").await;
    linked(&mut centre_box, "2308").await;
    linked(&mut centre_box, "2311").await;

    let (clerk_a, clerk_b, township_clerk) = (box_a.person("a"), box_b.person("b"), centre_box.person("c"));
    sign_in(&clerk_a, &box_a.at).await.unwrap();
    sign_in(&clerk_b, &box_b.at).await.unwrap();
    sign_in(&township_clerk, &centre_box.at).await.unwrap();
    for (person, one) in [(&clerk_a, &box_a), (&clerk_b, &box_b)] {
        waits_for(person, &one.page("/items"), "the catalogue has arrived", |page| {
            page.body.contains(&format!("value=\"{LAND}\""))
        })
        .await;
    }

    lan.plug(a, false).unwrap();
    lan.plug(b, false).unwrap();
    let case_a = intake::take(&clerk_a, &box_a.at.url, LAND, SCENARIO, &resident(1)).await.unwrap();
    let case_b = intake::take(&clerk_b, &box_b.at.url, LAND, SCENARIO, &resident(2)).await.unwrap();
    assert_eq!((truth(&case_a.page), truth(&case_b.page)), ("saved", "saved"));
    let unknown = township_clerk.get(&centre_box.page(&format!("/cases/{}", case_a.id))).await.unwrap();
    assert_eq!(unknown.status, 404, "the centre can't have it yet");

    lan.plug(a, true).unwrap();
    lan.plug(b, true).unwrap();
    for (person, one, case) in [(&clerk_a, &box_a, &case_a), (&clerk_b, &box_b, &case_b)] {
        let url = one.page(&format!("/cases/{}", case.id));
        waits_for(person, &url, "the centre has signed for it", |page| truth(page) == "receipt").await;
        intake::act(&township_clerk, &centre_box.at.url, &case.id, "approve", &[]).await.unwrap();
        waits_for(person, &url, "the decision is back", |page| stage(page) == "Decided").await;
    }
}

/// Fails when a static address does not suffice where the switch swallows multicast, or the centre, whose kit is older
/// than its stations, does not learn of them from the list they carry. The second station is the control: it
/// has no address, and finds nobody until multicast is carried again.
#[tokio::test]
async fn static_addresses_work_where_multicast_does_not() {
    let Some(lan) = lan("s", "static_addresses_work_where_multicast_does_not") else { return };
    lan.multicast(false).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let township = township(folder.path());
    let [centre, a, b] = [&lan.machines[0], &lan.machines[1], &lan.machines[2]];
    let centre_box = township.start(0, "枫河镇便民服务中心", centre, &[]).await.unwrap();
    let mut box_b = township.start(2311, "石桥便民服务站", b, &[]).await.unwrap();
    let mut box_a =
        township.start(2308, "杨村便民服务站", a, &["--peer", &Township::peer(centre)]).await.unwrap();
    linked(&mut box_a, "0000").await;
    assert!(!box_b.process.log().contains("link up"), "{}", box_b.process.log());
    assert!(!centre_box.process.log().contains("station=2311"), "{}", centre_box.process.log());

    lan.multicast(true).unwrap();
    linked(&mut box_b, "0000").await;
}
