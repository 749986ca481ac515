//! H5: fails if what a courier carries is lost, doubled, believed unseen, or opened by another box than the one it is for.

use super::Brought;
use crate::cases::{CaseId, TruthMark};
use crate::testing::{Invented, MONDAY, TestClock, TestTownship, answers, meet, township};
use crate::{Node, Who};
use model::case::Stage;
use std::sync::Arc;
use store::MemoryEngine;

fn clerk() -> Who {
    Who { staff: "s1".into(), name: "陈春梅".into(), post: "综合窗口".into(), session: String::new() }
}

struct Town {
    town: TestTownship,
    clock: Arc<TestClock>,
    centre: Node,
    stations: [Node; 2],
}

/// A centre and two villages that have met it once, so that all hold the catalogue.
fn town() -> Town {
    let town = township(2, 8);
    let clock = TestClock::at(MONDAY);
    let boxed = |place, random| town.start(place, Arc::new(MemoryEngine::new()), Arc::clone(&clock), random);
    let (centre, stations) = (boxed(0, 1), [boxed(1, 2), boxed(2, 3)]);
    centre.load_small_sample(&[2301, 2302]).unwrap();
    for station in &stations {
        meet(station, &centre);
    }
    Town { town, clock, centre, stations }
}

fn take(node: &Node, person: u64) -> CaseId {
    let mut items = node
        .reference()
        .catalogue
        .items()
        .filter_map(|item| item.on(node.today()).cloned())
        .collect::<Vec<_>>();
    items.retain(|version| {
        version
            .deciding_step()
            .is_some_and(|step| !step.outside && step.level == model::item::Level::Township)
    });
    let version = items.into_iter().find(|version| version.way != model::item::Way::OnBehalf).unwrap();
    let draft = node.start_draft(&clerk(), &version.code).unwrap();
    node.save_draft(&clerk(), draft, answers(&version, &version.scenarios[0].id, &Invented::nth(person)))
        .unwrap();
    node.accept(&clerk(), draft).unwrap_or_else(|error| panic!("{error:?}")).id
}

fn carry(from: &Node, to: &Node) -> Vec<Brought> {
    let file = from.pick_up(&clerk()).unwrap();
    to.drop_off(&clerk(), &file.bytes).unwrap()
}

#[test]
fn h5_cases_go_and_answers_and_receipts_come_back_by_stick_alone() {
    let Town { centre, stations: [village, other], .. } = town();
    let id = take(&village, 1);
    let file = village.pick_up(&clerk()).unwrap();
    assert!(file.parcels.len() == 1 && file.parcels[0].entries > 0 && file.parcels[0].left == 0);
    // what lies on the stick tells nothing of the person
    let person = Invented::nth(1);
    for secret in [&person.name, &person.id_number, &person.phone] {
        assert!(!file.bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
    assert_eq!(village.case(id).unwrap().truth, TruthMark::Saved, "the box goes on offering it");
    // another village can do nothing with it
    let told = other.drop_off(&clerk(), &file.bytes).unwrap();
    assert!(
        matches!(told[..], [Brought::ForAnother(Some(number))] if number == centre.station().0),
        "{told:?}"
    );
    assert!(other.case(id).is_err());

    let brought = centre.drop_off(&clerk(), &file.bytes).unwrap();
    assert_eq!(brought[0].fresh(), file.parcels[0].entries, "{brought:?}");
    assert!(centre.case(id).is_ok());
    let again = centre.drop_off(&clerk(), &file.bytes).unwrap();
    assert!(
        again[0].fresh() == 0 && matches!(&again[0], Brought::Taken { taken, .. } if taken.refused == 0),
        "{again:?}"
    );

    let paper = model::case::approve::Approve { paper: "批〔2026〕1号".into(), opinion: "同意".into() };
    centre.approve(&clerk(), id, paper).unwrap();
    carry(&centre, &village);
    let view = village.case(id).unwrap();
    assert_eq!((view.case.stage(), view.truth), (Stage::Decided, TruthMark::Received));
}

#[test]
fn h5_days_and_stations_lie_in_one_file_in_any_order_half_copied_and_among_others() {
    let Town { centre, stations: [village, other], clock, .. } = town();
    let (first, second) = (take(&village, 1), village.pick_up(&clerk()).unwrap().bytes);
    clock.advance(24 * 60 * 60 * 1000);
    let (later, third) = (take(&village, 2), village.pick_up(&clerk()).unwrap().bytes);
    let (theirs, fourth) = (take(&other, 3), other.pick_up(&clerk()).unwrap().bytes);
    let half = &fourth[..fourth.len() / 2];
    let mess = [b"holiday.jpg", third.as_slice(), half, &fourth, &second, b"bmc1?", &third].concat();
    let brought = centre.drop_off(&clerk(), &mess).unwrap();
    assert!(brought.contains(&Brought::Broken), "{brought:?}");
    for id in [first, later, theirs] {
        assert!(centre.case(id).is_ok());
    }
    meet(&village, &centre);
    assert_eq!(village.case(later).unwrap().truth, TruthMark::Received);
}

#[test]
fn h5_a_parcel_of_a_stranger_or_of_another_township_is_refused_in_words() {
    let Town { centre, stations: [village, _], .. } = town();
    let elsewhere = township(1, 99);
    let stranger = elsewhere.start(1, Arc::new(MemoryEngine::new()), TestClock::at(MONDAY), 5);
    let file = stranger.pick_up(&clerk()).unwrap();
    let told = centre.drop_off(&clerk(), &file.bytes).unwrap();
    assert!(matches!(told[..], [Brought::ForAnother(None)]), "{told:?}");
    let mut bent = village.pick_up(&clerk()).unwrap().bytes;
    take(&village, 4);
    bent.extend(village.pick_up(&clerk()).unwrap().bytes);
    let last = bent.len() - 1;
    bent[last] ^= 1;
    let told = centre.drop_off(&clerk(), &bent).unwrap();
    assert!(told.contains(&Brought::Broken) && told.iter().all(|line| line.fresh() == 0), "{told:?}");
}

#[test]
fn h5_a_box_that_was_put_back_gets_by_stick_what_it_lost() {
    let Town { town, clock, centre, stations: [village, _] } = town();
    let id = take(&village, 1);
    carry(&village, &centre);
    drop(village);
    // its disk is new, its keys are the same; its own parcel tells the centre how little it has
    let fresh = town.start(1, Arc::new(MemoryEngine::new()), clock, 9);
    carry(&fresh, &centre);
    carry(&centre, &fresh);
    assert!(fresh.reference().catalogue.items().count() > 0, "the catalogue came too");
    assert!(fresh.case(id).is_ok());
}
