use super::rewrap_seeds;
use crate::testing::{self, MONDAY, TestClock, TestRandom, township};
use identity::{Audience, Lane};
use model::record::{CellName, Edit, Value};
use records::{DocId, DocKind, DocRef};
use seal::BagKey;
use std::sync::Arc;
use store::MemoryEngine;

const NAME: &str = "禤翀旻";

fn doc(number: u8) -> DocRef {
    DocRef { id: DocId([number; 16]), kind: DocKind::Case }
}

/// Fails if a box whose rotation a power cut stopped, before or after the seeds were wrapped anew, cannot open what
/// it wrote; or if the old key still opens anything afterwards.
#[test]
fn a_rotation_that_was_cut_short_is_finished() {
    let mut town = township(1, 17);
    let disk = Arc::new(MemoryEngine::new());
    let node = town.start(1, Arc::clone(&disk) as _, TestClock::at(MONDAY), 1);
    for number in 1..=5 {
        let cell = CellName { person: 0, field: "name".to_owned() };
        let edit = Edit { cells: [(cell, Some(NAME.to_owned()))].into(), ..Edit::default() };
        testing::write(&node, doc(number), edit, vec![Audience::Hub], Lane::CASES).unwrap();
    }
    drop(node);
    let (old, new) = (town.boxes[1].bag, [0x5a; 32]);
    let keys = |bag| BagKey::from_bytes(bag);
    let random = TestRandom::new(5);

    town.boxes[1].bag = new;
    let unfinished = town.start(1, Arc::clone(&disk) as _, TestClock::at(MONDAY), 2);
    assert!(testing::record(&unfinished, doc(1)).is_err(), "the planted fault: nobody wraps anew");
    drop(unfinished);

    assert_eq!(rewrap_seeds(&*disk, &keys(old), &keys(new), &*random).unwrap(), 5);
    assert_eq!(
        rewrap_seeds(&*disk, &keys(old), &keys(new), &*random).unwrap(),
        0,
        "again, after a second cut"
    );
    let node = town.start(1, Arc::clone(&disk) as _, TestClock::at(MONDAY), 3);
    for number in 1..=5 {
        let record = testing::record(&node, doc(number)).unwrap().unwrap();
        assert_eq!(record.cells["0/name"].last().unwrap().value, Value::Text(NAME.to_owned()));
    }
    drop(node);
    town.boxes[1].bag = old;
    let back = town.start(1, Arc::clone(&disk) as _, TestClock::at(MONDAY), 4);
    assert!(testing::record(&back, doc(1)).is_err(), "the old key opens nothing any more");
}

/// Fails if a seed that neither key opens is passed over, and its only key then destroyed.
#[test]
fn a_seed_that_neither_key_opens_stops_the_rotation() {
    let town = township(1, 18);
    let disk = Arc::new(MemoryEngine::new());
    let node = town.start(1, Arc::clone(&disk) as _, TestClock::at(MONDAY), 1);
    let cell = CellName { person: 0, field: "name".to_owned() };
    let edit = Edit { cells: [(cell, Some(NAME.to_owned()))].into(), ..Edit::default() };
    testing::write(&node, doc(1), edit, vec![Audience::Hub], Lane::CASES).unwrap();
    let (one, other) = (BagKey::from_bytes([1; 32]), BagKey::from_bytes([2; 32]));
    assert!(rewrap_seeds(&*disk, &one, &other, &*TestRandom::new(5)).is_err());
}
