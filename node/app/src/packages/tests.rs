//! D8: a package is authored at the centre, found at a station, asked once, and taken all or none.

use crate::authoring::Publishing;
use crate::cases::{CaseId, NewPhoto};
use crate::testing::{Invented, MONDAY, TestClock, answers, clerk, jpeg, meet, township};
use crate::{ActError, Node};
use model::authority::IntakePaper;
use model::case::{Stage, facts};
use model::catalogue::package::Package;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::MemoryEngine;

/// 养老待遇, 养老资格认证, 出生登记: the last is taken on somebody's behalf only.
const ITEMS: [&str; 3] = ["S021", "S025", "S074"];

struct Town {
    centre: Node,
    station: Node,
    clock: Arc<TestClock>,
    disk: Arc<MemoryEngine>,
    town: crate::testing::TestTownship,
}

fn town() -> Town {
    let town = township(1, 3);
    let clock = TestClock::at(MONDAY);
    let disk = Arc::new(MemoryEngine::new());
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let station = town.start(1, Arc::clone(&disk) as _, Arc::clone(&clock), 2);
    centre.load_small_sample(&[2301]).unwrap();
    Town { centre, station, clock, disk, town }
}

fn said(centre: &Node, note: &str) -> Publishing {
    Publishing { effective: Some(centre.today()), note: note.to_owned(), ..Publishing::default() }
}

/// A package of these items, drafted and published at the centre.
fn published(centre: &Node, items: &[&str]) -> String {
    let code = centre.new_package(&clerk(), "一件事").unwrap();
    let package = Package {
        theme: "其他".into(),
        items: items.iter().map(|&item| item.to_owned()).collect(),
        ..centre.package_draft(&code).unwrap().unwrap().package
    };
    assert!(centre.save_package(&clerk(), package, "").unwrap());
    centre.publish_package(&clerk(), &code, said(centre, "新开")).unwrap();
    code
}

/// What a clerk types on the page, by the page's names: everything that each item asks, answered rightly.
fn typed(node: &Node, lead: CaseId, person: u64) -> BTreeMap<String, String> {
    let scenes = node.together(lead).unwrap().unwrap();
    let mut first = BTreeMap::new();
    for (place, view) in scenes.drafts.iter().enumerate() {
        let scene = view.version.as_ref().unwrap().scenarios[0].id.clone();
        first.insert(format!("{}.scenario", place + 1), scene);
    }
    node.merge_together(&clerk(), lead, first, None).unwrap();
    let drafts = node.together(lead).unwrap().unwrap();
    let layout = drafts.parts().unwrap();
    let mut all = BTreeMap::new();
    for (place, view) in drafts.drafts.iter().enumerate() {
        let version = view.version.as_ref().unwrap();
        let own = answers(version, view.case.filing.scenario(), &Invented::nth(person));
        all.extend(own.into_iter().map(|(name, text)| (layout.page_name(place, &name), text)));
    }
    all
}

fn begun(station: &Node, code: &str, person: u64) -> CaseId {
    let lead = station.start_package(&clerk(), code).unwrap();
    let all = typed(station, lead, person);
    let kept = station.merge_together(&clerk(), lead, all, None).unwrap();
    assert!(kept.wrong.is_empty(), "{:?}", kept.wrong);
    lead
}

fn cases(node: &Node, lead: CaseId) -> Vec<CaseId> {
    let first = node.case(lead).unwrap();
    let mut all: Vec<CaseId> = node.sisters(&first).unwrap().iter().map(|line| line.id).collect();
    all.push(lead);
    all.sort_by_key(|id| node.case(*id).unwrap().case.number().unwrap().to_owned());
    all
}

/// Fails if a package goes out before it is checked, without a reason, or to nobody; if a station may change one; or if a
/// retired one is still offered.
#[test]
fn d8_a_package_is_drafted_published_and_retired_like_an_item() {
    let Town { centre, station, clock, .. } = town();
    meet(&station, &centre);
    let who = clerk();
    assert!(matches!(station.new_package(&who, "一件事"), Err(ActError::Refused(_))), "the centre's alone");
    let code = centre.new_package(&who, "一件事").unwrap();
    let told = centre.publish_package(&who, &code, said(&centre, "新开")).unwrap_err();
    let ActError::Refused(refusal) = told else { panic!("{told:?}") };
    assert!(refusal.fields.of("items").is_some() && refusal.fields.of("theme").is_some());
    let draft = centre.package_draft(&code).unwrap().unwrap();
    assert_eq!((draft.base, draft.package.name.as_str()), (0, "一件事"));
    let package = Package {
        theme: "退休".into(),
        items: ITEMS.iter().map(|&item| item.to_owned()).collect(),
        ..draft.package
    };
    assert!(centre.save_package(&who, package, "").unwrap());
    let no_reason = centre.publish_package(&who, &code, said(&centre, " ")).unwrap_err();
    assert!(matches!(&no_reason, ActError::Refused(refusal) if refusal.fields.of("note").is_some()));
    centre.publish_package(&who, &code, said(&centre, "新开")).unwrap();
    assert!(centre.package_draft(&code).unwrap().is_none(), "the draft is gone");
    assert!(station.find("一件事", 9).unwrap().packages.is_empty(), "not there yet");
    meet(&station, &centre);
    let found = station.find("yjs", 9).unwrap().packages;
    assert_eq!(found, [(code.clone(), "一件事".to_owned())], "found by its initials");

    centre.begin_package(&who, &code).unwrap();
    assert_eq!(centre.package_draft(&code).unwrap().unwrap().base, 1);
    let rows = |node: &Node| store::rows::all(&*node.engine().read().unwrap()).unwrap();
    let before = rows(&centre);
    centre.rebuild_rows().unwrap();
    assert!(before == rows(&centre), "rows made anew say the same");
    centre.drop_package(&who, &code).unwrap();
    assert!(centre.package_drafts().unwrap().is_empty());
    centre.retire_package(&who, &code, Some(centre.today().tomorrow().unwrap()), "不用了").unwrap();
    meet(&station, &centre);
    assert_eq!(station.find("yjs", 9).unwrap().packages.len(), 1, "still today");
    clock.advance(24 * 60 * 60 * 1000);
    assert!(station.find("yjs", 9).unwrap().packages.is_empty());
    assert!(matches!(station.start_package(&who, &code), Err(ActError::Refused(_))));
}

/// Fails if the button pressed twice makes two packages, or the second of two clerks overwrites the first unseen.
#[test]
fn d8_two_clerks_on_one_draft_of_a_package_lose_nothing() {
    let Town { centre, .. } = town();
    let code = centre.new_package(&clerk(), "开店一件事").unwrap();
    assert_eq!(centre.new_package(&clerk(), " 开店一件事 ").unwrap(), code, "the button pressed twice");
    assert_eq!(centre.package_drafts().unwrap().len(), 1);
    let drawn = centre.package_draft(&code).unwrap().unwrap();
    let says = |words: &str| Package { words: words.to_owned(), ..drawn.package.clone() };
    assert!(centre.save_package(&clerk(), says("开饭店的"), &drawn.drawn()).unwrap());
    assert!(!centre.save_package(&clerk(), says("开小卖部的"), &drawn.drawn()).unwrap());
    let held = centre.package_draft(&code).unwrap().unwrap();
    assert_eq!(held.package.words, "开饭店的");
    let first = published(&centre, &ITEMS);
    let named = centre.reference().packages.current(&first, centre.today()).unwrap().name.clone();
    let twice = Package {
        name: named,
        items: ITEMS.map(str::to_owned).to_vec(),
        theme: "出生".into(),
        ..held.package.clone()
    };
    assert!(centre.save_package(&clerk(), twice, "").unwrap());
    let refused = centre.publish_package(&clerk(), &code, said(&centre, "新开")).unwrap_err();
    assert!(matches!(&refused, ActError::Refused(refusal) if refusal.fields.of("name").is_some()));
    assert!(centre.save_package(&clerk(), held.package.clone(), "").unwrap());
    assert!(
        centre.save_package(&clerk(), says("开饭店的"), &drawn.drawn()).unwrap(),
        "the same twice is no clash"
    );
    assert!(
        centre.save_package(&clerk(), says("开小卖部的"), &held.drawn()).unwrap(),
        "looked at, and meant"
    );
}

/// Fails if what is the same has to be typed again, one press does not open every case in one commit, a case lacks its own
/// number, paper or sisters, what can only be carried gets another paper, or the draft is lost over a restart.
#[test]
fn d8_a_package_is_asked_once_and_opens_every_case_at_once() {
    let Town { centre, station, clock, disk, town } = town();
    let code = published(&centre, &ITEMS);
    meet(&station, &centre);
    let who = clerk();
    let empty = station.start_package(&who, &code).unwrap();
    assert_eq!(station.start_package(&who, &code).unwrap(), empty, "an empty one is taken up again");
    let lead = begun(&station, &code, 5);
    assert_eq!(lead, empty);
    let other = station.start_package(&who, &code).unwrap();
    assert_ne!(other, lead, "one that is typed in is not");
    station.discard_together(&who, other).unwrap();
    let drafts = station.drafts(10).unwrap();
    assert_eq!(drafts.iter().map(|line| (line.together, line.gaps)).collect::<Vec<_>>(), [(true, 0)]);
    let name = |view: &crate::cases::CaseView| view.case.filing.cell(facts::NAME).map(str::to_owned);
    let again = town.start(1, disk, clock, 9);
    let kept = again.together(lead).unwrap().unwrap();
    assert_eq!(kept.drafts.len(), 3);
    assert!(kept.drafts.iter().all(|view| name(view) == Some(Invented::nth(5).name)), "typed once, in each");
    let codes = kept.drafts.iter().map(|view| view.case.item.as_ref().unwrap().code.clone());
    assert_eq!(codes.collect::<Vec<_>>(), ITEMS, "in the order of the package");

    let commits = again.commits().unwrap();
    let taken = again.accept_together(&who, lead).unwrap();
    assert_eq!(again.commits().unwrap(), commits + 1, "one commit");
    assert!(again.accept_together(&who, lead).unwrap().before, "a second press");
    assert!(again.drafts(10).unwrap().is_empty());
    let all = cases(&again, taken.id);
    assert_eq!(all.len(), 3);
    let views: Vec<_> = all.iter().map(|id| again.case(*id).unwrap()).collect();
    let numbers: std::collections::BTreeSet<_> =
        views.iter().map(|view| view.case.number().unwrap()).collect();
    assert_eq!(numbers.len(), 3, "each its own number");
    for view in &views {
        let version = view.version.as_ref().unwrap();
        let standing = again.reference().standing(version, 2301, again.today());
        let carried = standing.paper == IntakePaper::OnBehalf;
        assert_eq!((view.case.on_behalf.is_some(), view.case.accepted.is_none()), (carried, carried));
        assert_eq!(again.sisters(view).unwrap().len(), 2);
        assert!(
            view.case.filing.fact(facts::LEAD).is_none() && view.case.filing.fact(facts::PACKAGE).is_none()
        );
        let package = &view.case.package.as_ref().unwrap().what;
        assert_eq!((package.package.as_str(), package.version), (code.as_str(), 1));
    }
    assert!(views.iter().any(|view| view.case.on_behalf.is_some()), "one is carried");
    assert!(views.iter().any(|view| view.case.accepted.is_some()), "others are accepted");
    meet(&again, &centre);
    for id in &all {
        let view = centre.case(*id).unwrap();
        assert_eq!(centre.sisters(&view).unwrap().len(), 2, "at the centre as well");
        assert_ne!(view.case.stage(), Stage::Draft);
    }
}

/// Fails if one item that cannot be taken lets another be taken, or the refusal does not say which and what; planted: a
/// paper of one item that is missing, and an item whose version is not on the box.
#[test]
fn d8_all_or_none() {
    let Town { centre, station, .. } = town();
    let code = published(&centre, &ITEMS);
    meet(&station, &centre);
    let lead = begun(&station, &code, 5);
    let drafts = station.together(lead).unwrap().unwrap();
    let last = drafts.drafts[2].version.clone().unwrap();
    let scene = drafts.drafts[2].case.filing.scenario().to_owned();
    let layout = drafts.parts().unwrap();
    let own = last
        .materials_for(&scene)
        .map(|material| layout.page_name(2, &facts::material(&material.id)))
        .find(|name| name.starts_with("3."))
        .expect("a material that only the last item asks for");
    let says = |text: &str| {
        let typed = BTreeMap::from([(own.clone(), text.to_owned())]);
        station.merge_together(&clerk(), lead, typed, None).unwrap();
    };
    says("missing");
    let before = (station.commits(), store::rows::all(&*station.engine().read().unwrap()).unwrap());
    let ActError::Refused(refusal) = station.accept_together(&clerk(), lead).unwrap_err() else { panic!() };
    assert!(refusal.message.contains(&last.name) && refusal.message.contains("一件也没有收"));
    assert!(refusal.fields.of(&own).is_some(), "{own} is named");
    assert!(
        !refusal.message.contains(&drafts.drafts[0].version.as_ref().unwrap().name),
        "the others could be"
    );
    let after = (station.commits(), store::rows::all(&*station.engine().read().unwrap()).unwrap());
    assert!(before == after, "nothing was written");
    assert_eq!(station.counts().unwrap().open, 0);
    says("ok");
    let taken = station.accept_together(&clerk(), lead).unwrap();
    let first = cases(&station, taken.id)[0];
    let number = station.case(first).unwrap().case.number().unwrap().to_owned();
    assert!(number.contains("-0001-"), "no number was spent on what was refused: {number}");
}

/// D8. Fails if one notice does not tell everything that the items lack, is written although something was not looked at, or
/// into an item that lacks nothing; if 先收件 leaves out an item, does not accept what is complete, or is not one act.
#[test]
fn d8_a_package_has_one_notice_and_its_papers_are_taken_early() {
    let Town { centre, station, .. } = town();
    let code = published(&centre, &ITEMS);
    meet(&station, &centre);
    let who = clerk();
    let lead = begun(&station, &code, 5);
    let refused = |done: Result<(), ActError>| match done {
        Err(ActError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    assert!(refused(station.notice_together(&who, lead)).message.contains("没有缺的"));
    let drafts = station.together(lead).unwrap().unwrap();
    let layout = drafts.parts().unwrap();
    let own = |place: usize| {
        let version = drafts.drafts[place].version.as_ref().unwrap();
        let mut asked = version.materials_for(drafts.drafts[place].case.filing.scenario());
        let own = |m: &&model::item::Material| layout.asked_at(place, &facts::material(&m.id)) == place;
        layout.page_name(place, &facts::material(&asked.find(own).expect("a paper of its own").id))
    };
    let says = |pairs: &[(&str, &str)]| {
        let typed = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        station.merge_together(&who, lead, typed, None).unwrap();
    };
    let (first, last) = (own(0), own(2));
    says(&[(first.as_str(), "missing"), (last.as_str(), "")]);
    let unseen = refused(station.notice_together(&who, lead));
    assert!(unseen.message.contains("没核对") && unseen.fields.of(&last).is_some(), "{unseen:?}");
    let told = |place: usize| {
        let drafts = station.together(lead).unwrap().unwrap().drafts;
        drafts[place].case.last::<model::case::event::NoticePrinted>().map(|(_, notice)| notice.gaps.clone())
    };
    assert_eq!(told(0), None, "all or none");
    says(&[(last.as_str(), "missing")]);
    let commits = station.commits().unwrap();
    station.notice_together(&who, lead).unwrap();
    assert_eq!(station.commits().unwrap(), commits + 1, "one commit");
    let gap = |name: &str| vec![name.split_once('.').unwrap().1.to_owned()];
    assert_eq!((told(0), told(1), told(2)), (Some(gap(&first)), None, Some(gap(&last))));
    assert_eq!(station.drafts(9).unwrap().len(), 1, "the drafts stay");

    let commits = station.commits().unwrap();
    let taken = station.receive_together(&who, lead).unwrap();
    assert_eq!(station.commits().unwrap(), commits + 1);
    assert!(station.receive_together(&who, lead).unwrap().before, "a second press");
    let stages: Vec<Stage> =
        cases(&station, taken.id).iter().map(|id| station.case(*id).unwrap().case.stage()).collect();
    assert_eq!(stages.iter().filter(|stage| **stage == Stage::Received).count(), 2, "{stages:?}");
    assert!(stages.iter().all(|stage| *stage != Stage::Draft) && stages.len() == 3);
}

/// D8. Fails if the one code that is out for a package cannot add a photo for its other items, or reaches beyond it.
#[test]
fn d8_one_phone_takes_photos_for_every_item() {
    let Town { centre, station, .. } = town();
    let code = published(&centre, &ITEMS);
    meet(&station, &centre);
    let lead = begun(&station, &code, 5);
    station.open_phone(&clerk(), lead).unwrap();
    let token = station.phone_code(lead).unwrap().token;
    let drafts = station.together(lead).unwrap().unwrap();
    let last = drafts.drafts[2].version.as_ref().unwrap();
    let material = last.materials_for(drafts.drafts[2].case.filing.scenario()).next().unwrap().id.clone();
    let photo = |place: usize| NewPhoto {
        material: super::photo_name_of(place, &material),
        file: jpeg(800, 600, "手机"),
        thumb: None,
        instead: None,
    };
    station.add_by_phone(&token, "wifi", photo(2)).unwrap();
    assert!(station.add_by_phone(&token, "wifi", photo(3)).is_err(), "the package has no fourth item");
    let drafts = station.together(lead).unwrap().unwrap().drafts;
    assert_eq!(drafts.iter().map(|view| view.case.photos.len()).collect::<Vec<_>>(), [0, 0, 1]);
    let alone = station.start_draft(&clerk(), ITEMS[0]).unwrap();
    let named = station.photo_place(alone, "2-hukou").unwrap();
    assert_eq!(
        named,
        (alone, "2-hukou".to_owned()),
        "alone, a material's id is its name, whatever stands in it"
    );
}

/// Fails if a photo of a paper that several items ask for is not in each of their cases.
#[test]
fn d8_a_photo_of_a_shared_paper_is_in_every_file() {
    let Town { centre, station, .. } = town();
    let code = published(&centre, &["S021", "S074"]);
    meet(&station, &centre);
    let lead = begun(&station, &code, 5);
    let drafts = station.together(lead).unwrap().unwrap();
    let layout = drafts.parts().unwrap();
    let version = drafts.drafts[1].version.clone().unwrap();
    let scene = drafts.drafts[1].case.filing.scenario().to_owned();
    let shared = version.materials_for(&scene).find(|m| layout.asked_at(1, &facts::material(&m.id)) == 0);
    let shared = shared.expect("both ask for the 户口簿").id.clone();
    let file = jpeg(800, 600, "户口簿");
    let photo = NewPhoto { material: shared.clone(), file: file.clone(), thumb: None, instead: None };
    station.add_photo(&clerk(), lead, photo).unwrap();
    let taken = station.accept_together(&clerk(), lead).unwrap();
    for id in cases(&station, taken.id) {
        let view = station.case(id).unwrap();
        let photos: Vec<_> = view.case.photos_of(&shared).collect();
        assert_eq!(photos.len(), 1, "{}", view.version.as_ref().unwrap().name);
        let full = station.photo(id, photos[0].what.photo, crate::cases::FullPhoto::Reasoned).unwrap();
        assert!(full.is_some_and(|shown| shown.bytes == file), "its own copy opens");
        assert!(view.anomalies.is_empty());
    }
}

/// Fails if a second window takes back what the first one saved, or a draft of a package passes for one alone.
#[test]
fn d8_two_windows_of_one_package_are_merged() {
    let Town { centre, station, .. } = town();
    let code = published(&centre, &ITEMS);
    meet(&station, &centre);
    let lead = begun(&station, &code, 5);
    let kept = station.together(lead).unwrap().unwrap().parts().unwrap().typed();
    let seen = model::case::draft::Seen::of(kept.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let one = BTreeMap::from([("0/phone".to_owned(), "13900000001".to_owned())]);
    station.merge_together(&clerk(), lead, one, Some(seen.clone())).unwrap();
    let two = BTreeMap::from([
        ("0/phone".to_owned(), "13900000002".to_owned()),
        ("0/address".to_owned(), "别处".to_owned()),
    ]);
    let told = station.merge_together(&clerk(), lead, two, Some(seen)).unwrap();
    assert_eq!(told.clashes, ["0/phone"]);
    for view in station.together(lead).unwrap().unwrap().drafts {
        assert_eq!(view.case.filing.cell(facts::PHONE), Some("13900000001"));
        assert_eq!(view.case.filing.cell(facts::ADDRESS), Some("别处"));
        assert_eq!(station.lead_of(view.id).unwrap(), Some(lead));
    }
}

/// Fails if a sealed case closes the pages of those that were taken with it.
#[test]
fn d12_a_sealed_case_does_not_close_its_package() {
    let Town { centre, station, .. } = town();
    let code = published(&centre, &ITEMS);
    meet(&station, &centre);
    let lead = begun(&station, &code, 5);
    let taken = station.accept_together(&clerk(), lead).unwrap();
    let all = cases(&station, taken.id);
    let asker = model::case::event::Asker::Applicant;
    station.withdraw(&clerk(), all[0], asker, String::new()).unwrap();
    station.seal_case(&clerk(), all[0], asker, "不想留".into()).unwrap();
    let view = station.case(all[1]).unwrap();
    let sisters: Vec<CaseId> = station.sisters(&view).unwrap().iter().map(|line| line.id).collect();
    assert_eq!(sisters, [all[2]]);
}

/// Fails if asking for help about one draft of a package tears it out: the page of the package was gone then, and what had
/// been typed in the others with it.
#[test]
fn d8_help_about_one_draft_does_not_tear_the_package_apart() {
    let Town { centre, station, .. } = town();
    let code = published(&centre, &ITEMS);
    meet(&station, &centre);
    let lead = begun(&station, &code, 5);
    let drafts: Vec<CaseId> =
        station.together(lead).unwrap().unwrap().drafts.iter().map(|view| view.id).collect();
    let say = model::case::help::Say { words: "怎么填".into(), ..Default::default() };
    for draft in drafts {
        let ActError::Refused(refusal) = station.help_say(&clerk(), draft, say.clone()).unwrap_err() else {
            panic!()
        };
        assert!(refusal.message.contains("打电话"), "{}", refusal.message);
    }
    let taken = station.accept_together(&clerk(), lead).unwrap();
    let all = cases(&station, taken.id);
    assert_eq!(all.len(), 3, "whole as it was");
    station.help_say(&clerk(), all[0], say).unwrap();
}
