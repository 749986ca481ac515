//! The demo as a newcomer meets it, from the shell's side: kills, restarts, taken ports, and what it leaves on disk.

use bianmin_tests::canary::{Needles, Planted, people};
use bianmin_tests::demo::{Demo, DemoBox, sign_in};
use bianmin_tests::intake::{self, Resident, stage, truth};
use bianmin_tests::person::Person;
use bianmin_tests::process::{Process, Signal, binary, free_port};
use bianmin_tests::wait::{PATIENCE, until};
use std::path::Path;

const LAND: &str = "S097";
const SCENARIO: &str = "s1";
/// People planted for the search; each goes the whole way.
const PLANTED: usize = 200;

fn resident(planted: &Planted) -> Resident {
    let planted = planted.clone();
    let (name, id_number, phone) = (planted.name, planted.id_number, planted.phone);
    Resident { name, id_number, phone, address: planted.address, account: planted.account }
}

fn page(at: &DemoBox, path: &str) -> String {
    format!("{}{path}", at.url.trim_end_matches('/'))
}

async fn receipted(person: &Person, at: &DemoBox, case: &str) {
    let url = page(at, &format!("/cases/{case}"));
    let looked = until("the centre has signed for it", PATIENCE, || async {
        let page = person.get(&url).await.map_err(|error| error.to_string())?;
        if truth(&page) == "receipt" { Ok(()) } else { Err(format!("{} {}", page.status, truth(&page))) }
    });
    looked.await.unwrap();
}

/// The ids of the processes that run a box under `folder`.
fn boxes_under(folder: &Path) -> Vec<String> {
    let ours = format!("{}/boxes/", folder.display());
    let entries =
        std::fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let runs = |id: &String| {
        let words = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&words).contains(&ours)
    };
    entries.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())).filter(runs).collect()
}

async fn all_gone(folder: &Path) {
    let looked = until("nothing of it runs", PATIENCE, || async {
        let left = boxes_under(folder);
        if left.is_empty() { Ok(()) } else { Err(format!("{left:?} still run")) }
    });
    looked.await.unwrap();
}

/// Fails when a record that said it was saved is gone after the plug was pulled on everything, in the middle of more.
#[tokio::test]
async fn what_was_said_to_be_saved_is_there_after_the_plug_was_pulled() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(folder.path()).await.unwrap();
    let station = demo.boxes[1].clone();
    let clerk = demo.person("clerk");
    sign_in(&clerk, &station).await.unwrap();
    let mut taken = Vec::new();
    for planted in people(11, 3) {
        taken.push(intake::take(&clerk, &station.url, LAND, SCENARIO, &resident(&planted)).await.unwrap());
    }
    let log = folder.path().join("boxes/station-2308/logs/bianmin.log");
    let drafts = || std::fs::read_to_string(&log).unwrap().matches("route=/intake}").count();
    let (before, more) = (drafts(), resident(&people(12, 1)[0]));
    let pulling = async {
        let begun = || async { if drafts() > before { Ok(()) } else { Err("no draft begun") } };
        until("the next intake is under way", PATIENCE, begun).await.unwrap();
        demo.process.signal(Signal::Kill);
    };
    let (under_way, ()) = tokio::join!(intake::take(&clerk, &station.url, LAND, SCENARIO, &more), pulling);
    // Usually it was cut short; if it was said to be saved after all, it counts.
    taken.extend(under_way);
    drop(demo);
    all_gone(folder.path()).await;

    let demo = Demo::start(folder.path()).await.unwrap();
    let station = demo.boxes[1].clone();
    let clerk = demo.person("clerk-again");
    sign_in(&clerk, &station).await.unwrap();
    for case in &taken {
        let shown = clerk.get(&page(&station, &format!("/cases/{}", case.id))).await.unwrap();
        assert_eq!(shown.status, 200, "{}", shown.text());
        receipted(&clerk, &station, &case.id).await;
    }
    demo.stop().await.unwrap();
}

/// Fails when a second demo on taken ports starts, or does not say why not; or Ctrl-C leaves a box behind.
#[tokio::test]
async fn a_second_demo_on_taken_ports_says_so_and_ctrl_c_ends_all() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let port = free_port().unwrap().to_string();
    let start = |name: &str, folder: &Path| {
        let data = folder.display().to_string();
        let words = ["demo", "--data", &data, "--port", &port];
        Process::start(name, &binary().unwrap(), &words, &folder.join("test")).unwrap()
    };
    let mut one = start("first", first.path());
    one.says("三台便民盒已经在运行", PATIENCE * 3).await.unwrap();
    assert_eq!(boxes_under(first.path()).len(), 3);
    let mut two = start("second", second.path());
    assert!(!two.ends(PATIENCE).await.unwrap().success());
    assert!(two.log().contains(&port) && two.log().contains("另一个演示正在运行"), "{}", two.log());

    one.signal(Signal::Interrupt);
    assert!(one.ends(PATIENCE).await.unwrap().success());
    all_gone(first.path()).await;
}

/// Fails when a value about one of 200 planted people lies readable in any file of any box or in any log, after all of
/// them went from the village to the centre, and some the whole way back to the hand-over.
#[tokio::test]
async fn no_planted_person_is_found_in_what_the_boxes_leave_behind() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(folder.path()).await.unwrap();
    let planted = people(2026, PLANTED);
    let mut last = Vec::new();
    for (at, half) in demo.boxes[1..].iter().zip(planted.chunks(PLANTED / 2)) {
        let clerk = demo.person(&at.name);
        sign_in(&clerk, at).await.unwrap();
        let mut newest = None;
        for one in half {
            let case = intake::take(&clerk, &at.url, LAND, SCENARIO, &resident(one)).await.unwrap();
            newest = Some(case);
        }
        last.push((clerk, at.clone(), newest.unwrap(), half[half.len() - 1].clone()));
    }
    let (centre, township) = (&demo.boxes[0], demo.person("township"));
    sign_in(&township, centre).await.unwrap();
    for (clerk, at, case, person) in &last {
        receipted(clerk, at, &case.id).await;
        let opinion = format!("{}，{}", person.name, person.remark);
        intake::act(&township, &centre.url, &case.id, "approve", &[("opinion", &opinion)]).await.unwrap();
        let url = page(at, &format!("/cases/{}", case.id));
        let decided = until("the decision is back", PATIENCE, || async {
            let page = clerk.get(&url).await.map_err(|error| error.to_string())?;
            if stage(&page) == "Decided" { Ok(()) } else { Err(stage(&page).to_owned()) }
        });
        decided.await.unwrap();
        intake::act(clerk, &at.url, &case.id, "ready", &[("paper", "备案通知书")]).await.unwrap();
        let handed = [("receiver", person.name.as_str()), ("manner", "1"), ("signed", "1")];
        intake::act(clerk, &at.url, &case.id, "deliver", &handed).await.unwrap();
    }
    let values: Vec<String> = planted
        .iter()
        .flat_map(|one| [&one.name, &one.id_number, &one.phone, &one.address, &one.remark].map(String::clone))
        .collect();
    let needles = Needles::new(&values);
    let alive = needles.search(folder.path()).unwrap();
    demo.stop().await.unwrap();
    let stopped = needles.search(folder.path()).unwrap();
    for found in [&alive, &stopped] {
        assert_eq!(found.hits.len(), 0, "{:?}", found.hits.iter().take(10).collect::<Vec<_>>());
        assert!(found.files >= 15 && found.bytes > 1_000_000, "was anything searched? {found:?}");
    }
    // The control: one number in a log would have been found.
    std::fs::write(folder.path().join("boxes/leak.log"), format!("received from {}", planted[7].id_number))
        .unwrap();
    assert_eq!(needles.search(folder.path()).unwrap().hits.len(), 1);
}
