//! The demo as a newcomer meets it, from the shell's side: kills, restarts, taken ports, and what it leaves on disk.

use bianmin_tests::canary::{Needles, Planted, people};
use bianmin_tests::demo::{Demo, DemoBox, sign_in};
use bianmin_tests::intake::{self, Party, Resident, stage, truth};
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
    let (address, account) = (planted.address, planted.account);
    Resident { name, id_number, phone, address, account, words: planted.remark }
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

    let first = station.sign_in;
    let demo = Demo::start(folder.path()).await.unwrap();
    let station = demo.boxes[1].clone();
    assert_ne!(station.sign_in, first, "every start mints a code of its own");
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

/// Fails when the demo takes a township that is not its own for its own, or clears it away.
#[tokio::test]
async fn a_folder_that_is_no_demos_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("township/root.key");
    std::fs::create_dir(folder.path().join("township")).unwrap();
    std::fs::write(&key, "the only one").unwrap();
    let data = folder.path().display().to_string();
    for more in [&["--fresh"][..], &[]] {
        let words = [&["demo", "--data", &data, "--port", "0"], more].concat();
        let mut demo =
            Process::start("stray", &binary().unwrap(), &words, &folder.path().join("test")).unwrap();
        assert!(!demo.ends(PATIENCE).await.unwrap().success());
        assert!(demo.log().contains("不是演示留下的"), "{}", demo.log());
        assert_eq!(std::fs::read_to_string(&key).unwrap(), "the only one");
    }
}

/// Fails when a box that is killed while it starts again takes the whole demo with it.
#[tokio::test]
async fn a_box_killed_again_and_again_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(folder.path()).await.unwrap();
    let village = format!("{}/boxes/station-2308", folder.path().display());
    let mut killed = std::collections::BTreeSet::new();
    let looked = until("three starts of it were killed", PATIENCE, || {
        let runs = |id: &String| {
            let words = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&words).contains(&village)
        };
        for id in boxes_under(folder.path()).into_iter().filter(runs) {
            if killed.len() < 3 && killed.insert(id.clone()) {
                std::process::Command::new("kill").args(["-9", &id]).status().unwrap();
            }
        }
        let count = killed.len();
        async move { if count == 3 { Ok(()) } else { Err(format!("{count}")) } }
    });
    looked.await.unwrap();
    let someone = demo.person("waiting");
    let url = page(&demo.boxes[1], "/healthz");
    let looked = until("it serves again", PATIENCE, || async {
        let answer = someone.get(&url).await.map_err(|error| error.to_string())?;
        if answer.status == 200 { Ok(()) } else { Err(answer.status.to_string()) }
    });
    looked.await.unwrap();
    demo.stop().await.unwrap();
}

/// One sitting of the clerk at the station and the one at the centre.
struct Desks<'a> {
    clerk: &'a Person,
    station: &'a DemoBox,
    township: &'a Person,
    centre: &'a DemoBox,
}

impl Desks<'_> {
    /// At the station: who it is about, what is done, what the fields for names and closed choices get.
    async fn here(&self, case: &str, act: &str, who: &Planted, filled: &[(&str, &str)]) {
        intake::act_all(self.clerk, &self.station.url, case, act, &about(who), filled).await.unwrap();
    }

    /// At the centre.
    async fn there(&self, case: &str, act: &str, who: &Planted, filled: &[(&str, &str)]) {
        intake::act_all(self.township, &self.centre.url, case, act, &about(who), filled).await.unwrap();
    }

    /// Once what the station did is at the centre.
    async fn arrived(&self, case: &str) {
        receipted(self.clerk, self.station, case).await;
    }

    /// Once the station knows what the centre did.
    async fn back(&self, case: &str, wanted: &str) {
        let url = page(self.station, &format!("/cases/{case}"));
        let looked = until("the station knows", PATIENCE, || async {
            let page = self.clerk.get(&url).await.map_err(|error| error.to_string())?;
            if page.body.contains(wanted) { Ok(()) } else { Err(stage(&page).to_owned()) }
        });
        looked.await.unwrap();
    }
}

fn about(who: &Planted) -> String {
    format!("{}的事，{}，电话{}", who.name, who.remark, who.phone)
}

/// A planted person's name and remark goes into every field that any page of an act offers, by nine cases that end in
/// different ways; an agent and the members of a household are planted too.
async fn type_into_every_field(
    clerk: &Person,
    station: &DemoBox,
    township: &Person,
    centre: &DemoBox,
    more: &[Planted],
) {
    let desks = Desks { clerk, station, township, centre };
    let [refused, back, gone, outside, home, member, agent, carried, own] = more else {
        panic!("nine people")
    };
    let agent_fields = [
        ("has_agent", "1"),
        ("1/name", agent.name.as_str()),
        ("1/id_number", &agent.id_number),
        ("1/phone", &agent.phone),
        ("1/relation", &agent.remark),
    ];
    let take =
        |item: &'static str, kind: &'static str, who: &Planted, fields: Vec<(&'static str, String)>| {
            let resident = resident(who);
            async move {
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let party = Party { kind, more: &fields };
                intake::take_for(clerk, &station.url, item, SCENARIO, &resident, party).await.unwrap().id
            }
        };
    let with_agent = || agent_fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();

    let case = take(LAND, "person", refused, with_agent()).await;
    desks.here(&case, "note", refused, &[]).await;
    desks.here(&case, "ask-extension", refused, &[("days", "5")]).await;
    desks.arrived(&case).await;
    desks.there(&case, "approve-extension", refused, &[("approver", &agent.name)]).await;
    desks.there(&case, "ask-supplement", refused, &[("gaps", "m/m1")]).await;
    desks.back(&case, "收到补正").await;
    desks.here(&case, "take-supplement", refused, &[]).await;
    desks.arrived(&case).await;
    desks.there(&case, "refuse", refused, &[]).await;
    let case = take(LAND, "person", back, Vec::new()).await;
    desks.arrived(&case).await;
    desks.there(&case, "return", back, &[]).await;
    let case = take(LAND, "person", gone, Vec::new()).await;
    desks.here(&case, "withdraw", gone, &[]).await;

    let case = take("S058", "person", outside, Vec::new()).await;
    desks.here(&case, "hand-over", outside, &[]).await;
    desks.arrived(&case).await;
    desks.there(&case, "first-review", outside, &[]).await;
    desks.there(&case, "inquire", outside, &[]).await;
    desks.there(&case, "feed-back", outside, &[]).await;
    desks.there(&case, "pay", outside, &[]).await;

    let mut fields: Vec<(&'static str, String)> = with_agent();
    fields.push(("2/name", member.name.clone()));
    fields.push(("2/id_number", member.id_number.clone()));
    fields.push(("2/relation", member.remark.clone()));
    let case = take("S054", "household", home, fields).await;
    let visitors = [("visitor1", member.name.as_str()), ("visitor2", &agent.name)];
    desks.here(&case, "visit", home, &visitors).await;
    desks.here(&case, "post-notice", home, &[]).await;

    let case = take("S074", "person", carried, Vec::new()).await;
    desks.here(&case, "report-up", carried, &[]).await;
    let case = take("S101", "person", carried, Vec::new()).await;
    desks.here(&case, "return", carried, &[]).await;
    let case = take("S007", "person", own, Vec::new()).await;
    desks.here(&case, "approve", own, &[]).await;
    desks.here(&case, "ready", own, &[]).await;
    desks.here(&case, "deliver", own, &[("receiver", &agent.name), ("signed", "1")]).await;
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
    let more = people(4711, 9);
    type_into_every_field(&last[0].0, &last[0].1, &township, centre, &more).await;
    let values: Vec<String> = planted
        .iter()
        .chain(&more)
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
