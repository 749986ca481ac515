use super::*;
use crate::Node;
use crate::testing::{MONDAY, TestClock, clerk, meet, take, township};
use std::sync::Arc;
use store::MemoryEngine;

/// An hour of milliseconds.
const HOUR: u64 = 3_600_000;

fn found(node: &Node, typed: &str) -> Vec<String> {
    node.find(typed, 50).unwrap().items.into_iter().map(|(code, _)| code).collect()
}

fn used(node: &Node, code: &str) -> u32 {
    often(&*node.engine().read().unwrap(), code, node.today()).unwrap()
}

/// C3. Fails if what this station takes does not come first among equal matches, if another station's does, if a draft
/// counts, or if it still counts a year later.
#[test]
fn what_a_station_takes_comes_first_there() {
    let (town, clock) = (township(2, 3), TestClock::at(MONDAY));
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let station = town.start(1, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 2);
    let other = town.start(2, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 3);
    centre.load_sample(&[2301, 2302]).unwrap();
    meet(&station, &centre);
    meet(&other, &centre);
    let before = found(&station, "社会保障卡");
    let last = before.last().unwrap().clone();
    assert!(before.len() > 4 && before[0] != last);
    let version = station.reference().catalogue.current(&last, station.today()).unwrap().clone();
    station.start_draft(&clerk(), &last).unwrap();
    assert_eq!((used(&station, &last), found(&station, "社会保障卡")), (0, before.clone()));
    take(&station, &version, 1).unwrap();
    assert_eq!((used(&station, &last), &found(&station, "社会保障卡")[0]), (4, &last));
    meet(&station, &centre);
    meet(&other, &centre);
    assert_eq!(found(&other, "社会保障卡"), before, "what others take says nothing here");
    // rows made anew say the same
    station.rebuild_rows().unwrap();
    assert_eq!(used(&station, &last), 4);
    clock.advance(31 * 24 * HOUR);
    assert_eq!(used(&station, &last), 2);
    clock.advance(365 * 24 * HOUR);
    assert_eq!((used(&station, &last), found(&station, "社会保障卡")), (0, before));
}

/// C3. Fails if Enter would not begin what was named in full, or would begin a guess among several.
#[test]
fn a_whole_name_is_sure_and_a_guess_is_told() {
    let (town, clock) = (township(1, 3), TestClock::at(MONDAY));
    let centre = town.start(0, Arc::new(MemoryEngine::new()), clock, 1);
    centre.load_sample(&[2301]).unwrap();
    let find = |typed: &str| centre.find(typed, 50).unwrap();
    for typed in ["低保", "db", "zjd", "失业登记", "gljt"] {
        let found = find(typed);
        assert!(found.sure && !found.near && !found.items.is_empty(), "{typed}: {:?}", found.items);
    }
    assert!(find("db").items.len() > 1, "sure of the first of several");
    for typed in ["社会保障卡", "补贴", "zuidishenghuo"] {
        assert!(!find(typed).sure, "{typed}");
    }
    let slip = find("gaolignjintie");
    assert!(slip.near && slip.items.len() == 1);
}

/// C3. Fails if the home page offers what this station never took, leaves out what it takes, puts the rarer first, or
/// names initials that do not find the item.
#[test]
fn what_a_station_takes_most_is_offered_by_the_initials_that_find_it() {
    let (town, clock) = (township(1, 3), TestClock::at(MONDAY));
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let station = town.start(1, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 2);
    centre.load_sample(&[2301]).unwrap();
    meet(&station, &centre);
    assert_eq!(station.taken_most(6).unwrap(), []);
    let version = |code: &str| station.reference().catalogue.current(code, station.today()).unwrap().clone();
    for (code, times) in [("S047", 2), ("S054", 3), ("S097", 1)] {
        for nth in 0..times {
            take(&station, &version(code), 10 + nth).unwrap();
        }
    }
    let most = station.taken_most(6).unwrap();
    let codes: Vec<&str> = most.iter().map(|(code, ..)| code.as_str()).collect();
    assert_eq!(codes, ["S054", "S047", "S097"]);
    assert_eq!((most[1].1.as_str(), most[1].2.as_str()), ("高龄津贴", "gljt"));
    for (code, name, initials) in &most {
        assert!(found(&station, initials).contains(code), "{name} {initials}");
    }
    assert_eq!(station.taken_most(2).unwrap().len(), 2);
    clock.advance(365 * 24 * HOUR);
    assert_eq!(station.taken_most(6).unwrap(), [], "what was taken a year ago is forgotten");
}
