//! D4: a calendar arrives, and what was counted without it is counted anew. Fails if a due day stays as it was, if what
//! moved is not told, or if the work is done in one long commit.

use super::*;
use crate::cases::Filter;
use crate::testing::{TestClock, clerk, meet, take, township};
use model::calendar::read;
use std::sync::Arc;
use store::MemoryEngine;

/// 2026-12-21 10:00 in China, a Monday.
const LATE: i64 = crate::testing::MONDAY + 28 * 86_400;

const WORDS: &str = "元旦：1月1日至3日放假，共3天。1月4日放假。2月27日（周六）上班。";

struct Town {
    centre: Node,
    station: Node,
    disk: Arc<MemoryEngine>,
    town: crate::testing::TestTownship,
    clock: Arc<TestClock>,
}

fn town() -> Town {
    let (town, clock) = (township(1, 3), TestClock::at(LATE));
    let disk = Arc::new(MemoryEngine::new());
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let station = town.start(1, Arc::clone(&disk) as _, Arc::clone(&clock), 2);
    centre.load_sample(&[2301]).unwrap();
    meet(&station, &centre);
    Town { centre, station, disk, town, clock }
}

fn renew_all(node: &Node) -> usize {
    let mut steps = 0;
    while node.renew_dues().unwrap() {
        // a page between two steps
        node.counts().unwrap();
        node.cases(Filter::Open, None, 5).unwrap();
        steps += 1;
    }
    steps
}

#[test]
fn d4_a_calendar_that_arrives_moves_due_days_and_says_which() {
    let Town { centre, station, disk, town, clock } = town();
    // its limit is in working days
    let version = station.reference().catalogue.current("S097", station.today()).unwrap().clone();
    let ids: Vec<_> = (0..70).map(|n| take(&station, &version, n).unwrap()).collect();
    renew_all(&station);
    assert_eq!(station.moved(9).unwrap().0, 0, "nothing has moved yet");
    let before = station.case(ids[0]).unwrap().case.due(&station.reference().calendar).unwrap();
    assert!(before.provisional, "{before:?}");

    let notice = read(2027, "国办发明电〔2026〕8号", WORDS).unwrap().notice;
    assert!(station.publish_notice(&clerk(), notice.clone()).is_err(), "a station publishes no calendar");
    centre.publish_notice(&clerk(), notice.clone()).unwrap();
    meet(&station, &centre);
    assert_eq!(station.reference().notices.len(), 1);
    assert!(station.is_renewing());
    assert!(station.renew_dues().unwrap(), "not all in one commit");

    // the box is switched off in the middle
    drop(station);
    let station = town.start(1, disk, Arc::clone(&clock), 4);
    assert!(renew_all(&station) >= 2, "in bounded steps");
    let after = station.case(ids[0]).unwrap().case.due(&station.reference().calendar).unwrap();
    assert!(!after.provisional && after.date > before.date, "{before:?} {after:?}");
    let (total, moved) = station.moved(100).unwrap();
    assert_eq!((total, moved.len()), (70, 70));
    assert!(moved.iter().all(|m| m.before == Some(before.date) && m.now == Some(after.date)));
    let rows = station.cases(Filter::Open, None, 100).unwrap().lines;
    assert!(rows.iter().all(|line| line.due.map(|due| due.date) == Some(after.date)));
    assert_eq!(station.cases(Filter::Open, None, 100).unwrap().lines.len(), 70, "none is lost from the list");

    // taken back: nothing has moved in the end
    let ordinary = read(2027, "国办发明电〔2026〕8号更正", "元旦：1月2日放假").unwrap().notice;
    centre.publish_notice(&clerk(), ordinary).unwrap();
    meet(&station, &centre);
    renew_all(&station);
    assert_eq!(station.moved(9).unwrap().0, 0);
    assert_eq!(station.reference().notices.len(), 2, "the history keeps both");

    centre.publish_notice(&clerk(), notice).unwrap();
    meet(&station, &centre);
    renew_all(&station);
    station.moved_seen(&clerk()).unwrap();
    assert_eq!(station.moved(9).unwrap().0, 0, "seen");
    assert!(!station.renew_dues().unwrap());
}

/// Fails when the township's limit does not reach the stations, changes what is printed already, or takes any number.
#[test]
fn d7_the_limit_for_handing_over_is_the_townships_own() {
    let Town { centre, station, .. } = town();
    for wrong in [0, 11, 500] {
        assert!(centre.set_hand_over(&clerk(), wrong).is_err(), "{wrong}");
    }
    assert!(station.set_hand_over(&clerk(), 5).is_err());
    let version = {
        let reference = station.reference();
        let mut all = reference.catalogue.items().filter_map(|item| item.on(station.today()).cloned());
        all.find(|version| version.way == model::item::Way::OnBehalf).unwrap()
    };
    let due =
        |id| station.case(id).unwrap().case.due(&station.reference().calendar).unwrap().date.to_string();
    let first = take(&station, &version, 1).unwrap();
    assert_eq!(due(first), "2026-12-24");
    centre.set_hand_over(&clerk(), 5).unwrap();
    meet(&station, &centre);
    let second = take(&station, &version, 2).unwrap();
    assert_eq!((due(first).as_str(), due(second).as_str()), ("2026-12-24", "2026-12-28"));
    // a calendar that moves days moves each by its own limit
    let notice = read(2026, "试", "圣诞：12月24日放假，12月28日放假").unwrap().notice;
    centre.publish_notice(&clerk(), notice).unwrap();
    meet(&station, &centre);
    assert_eq!((due(first).as_str(), due(second).as_str()), ("2026-12-25", "2026-12-30"));
}
