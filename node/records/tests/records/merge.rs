//! Boxes that have the same changes say the same, however they came by them.

use model::record::{Edit, Value};
use proptest::prelude::*;
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use records::trial::Outcome;
use records::{Document, EditFault, SeedBook, before, change_of, edit, read, rebuild};

use crate::world::{CASE, Made, Station, actor, all_made, all_seeds, cell, lived, random_edit};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// Fails if reading depended on arrival, or the guard stopped an honest change (`meet` asserts that), or a change
    /// waiting for another were lost.
    #[test]
    fn any_delivery_order_gives_the_same_record(seed in any::<u64>()) {
        let stations = lived(seed, 30);
        let mut made = all_made(&stations);
        let mut straight = Station::new(9);
        straight.meet(&made);
        let mut rng = ChaCha8Rng::seed_from_u64(!seed);
        made.shuffle(&mut rng);
        let mut shuffled = Station::new(9);
        deliver_in_pieces(&mut shuffled, made.clone(), &mut rng);
        prop_assert_eq!(straight.record(), shuffled.record());
        prop_assert_eq!(straight.document().heads(), shuffled.document().heads());
        for mut station in stations {
            station.meet(&made);
            prop_assert_eq!(straight.record(), station.record());
        }
    }

    /// Fails if an entry couldn't be replayed, or the losing part of a fork came back.
    #[test]
    fn rebuilding_leaves_out_what_follows_a_dropped_change(seed in any::<u64>()) {
        let made = all_made(&lived(seed, 20));
        let raws: Vec<_> = made.iter().map(|one| one.change.bytes.as_slice()).collect();
        let whole = rebuild(CASE, &raws, &all_seeds());
        prop_assert!(whole.orphans.is_empty() && whole.refused.is_empty());
        let dropped = 1 + (seed as usize) % (raws.len() - 1).max(1);
        let kept: Vec<_> = (0..raws.len()).filter(|index| *index != dropped).map(|index| raws[index]).collect();
        let rebuilt = rebuild(CASE, &kept, &all_seeds());
        prop_assert!(rebuilt.refused.is_empty());
        let document = rebuilt.tried.unwrap().document;
        prop_assert_eq!(document.raw_changes().len() + rebuilt.orphans.len(), kept.len());
        if let Some(lost) = made.get(dropped) {
            let follows = made.iter().any(|one| one.change.deps.contains(&lost.change.hash));
            prop_assert_eq!(!rebuilt.orphans.is_empty(), follows);
        }
    }
}

/// Random pieces, keeping what is parked and offering it again.
fn deliver_in_pieces(to: &mut Station, mut waiting: Vec<Made>, rng: &mut ChaCha8Rng) {
    let mut coming: Vec<Vec<Made>> = Vec::new();
    while !waiting.is_empty() {
        let piece = rng.random_range(1..=waiting.len());
        coming.push(waiting.drain(..piece).collect());
    }
    let mut parked: Vec<Made> = Vec::new();
    for mut piece in coming {
        piece.append(&mut parked);
        for (made, outcome) in piece.iter().zip(to.receive(&piece)) {
            match outcome {
                Outcome::Parked(missing) => {
                    assert!(!missing.is_empty());
                    parked.push(made.clone());
                }
                Outcome::Applied(_) => {}
                other @ (Outcome::Duplicate(_) | Outcome::Refused(_)) => {
                    panic!("an honest change was not applied: {other:?}")
                }
            }
        }
    }
    assert!(parked.is_empty());
}

#[test]
fn an_edit_is_one_change_and_saying_it_again_is_none() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut station = Station::new(1);
    for round in 1..50 {
        let mut act = random_edit(&mut rng);
        act.events.push(vec![1]);
        station.edit(&act).unwrap();
        assert_eq!(station.document().raw_changes().len(), round, "one change for each edit");
        act.events.clear();
        assert!(station.edit(&act).is_none(), "nothing new was said, yet a change was made");
    }
}

#[test]
fn equal_values_written_apart_settle_and_different_ones_stay() {
    let mut first = Station::new(1);
    first.edit(&Edit::default()).unwrap();
    let mut second = Station::new(2);
    second.meet(&first.has.clone());
    let mut same = Edit::default();
    same.facts.insert("town".to_owned(), Some(Value::Text("郸城".to_owned())));
    same.cells.insert(cell(0, "name"), Some("王小明".to_owned()));
    let mut apart = same.clone();
    same.cells.insert(cell(0, "phone"), Some("1".to_owned()));
    apart.cells.insert(cell(0, "phone"), Some("2".to_owned()));
    first.edit(&same).unwrap();
    second.edit(&apart).unwrap();
    first.meet(&second.has.clone());
    let record = first.record();
    assert_eq!(record.facts["town"].len(), 1);
    assert_eq!(record.cells["0/name"].len(), 1, "equal once opened, though the ciphertexts differ");
    let phones = &record.cells["0/phone"];
    assert_eq!(phones.len(), 2);
    assert!(phones[0].op < phones[1].op, "the winner stands last");
    assert_eq!(phones[1].value, Value::Text("2".to_owned()), "the larger actor wins at equal counters");
    // a person decides: one value again, on every box
    let mut decided = Edit::default();
    decided.cells.insert(cell(0, "phone"), Some("1".to_owned()));
    first.edit(&decided).unwrap();
    assert_eq!(first.record().cells["0/phone"].len(), 1);
}

#[test]
fn without_a_seed_nothing_is_written_and_the_document_stays() {
    let mut station = Station::new(1);
    station.edit(&Edit::default()).unwrap();
    let mut document = station.document();
    let mut act = Edit::default();
    act.facts.insert("x".to_owned(), Some(Value::Int(1)));
    act.cells.insert(cell(0, "name"), Some("王".to_owned()));
    let before = document.save();
    let refused = edit(&mut document, &act, actor(1), 0, &SeedBook::new());
    assert_eq!(refused, Err(EditFault::NoSeed(0)));
    let mut erased = all_seeds();
    erased.erase(0);
    assert_eq!(edit(&mut document, &act, actor(1), 0, &erased), Err(EditFault::Erased(0)));
    act.facts.insert("long".to_owned(), Some(Value::Text("x".repeat(70_000))));
    assert!(matches!(edit(&mut document, &act, actor(1), 0, &all_seeds()), Err(EditFault::TooLarge(_))));
    assert_eq!(document.save(), before);
    assert!(
        edit(&mut Document::create(CASE), &Edit::default(), actor(1), 0, &SeedBook::new()).unwrap().is_some()
    );
}

#[test]
fn an_event_is_known_by_the_operation_that_appended_it() {
    let mut station = Station::new(1);
    station.edit(&Edit::default()).unwrap();
    let change = station.edit(&Edit { events: vec![vec![1, 2], vec![3]], ..Edit::default() }).unwrap();
    let record = read(&station.document(), &SeedBook::new());
    assert_eq!(change.start_op, 5, "the root takes the first four");
    let ids: Vec<_> = record.events.iter().map(|event| (event.id.lamport, event.id.actor)).collect();
    assert_eq!(ids, [(change.start_op, actor(1)), (change.max_op, actor(1))]);
    assert_eq!(record.events[0].bytes, [1, 2]);
}

/// D10. Fails if what stood before two people wrote apart is not what both had known: if one's own earlier step, or what
/// only one of them had seen, were shown as the value before both.
#[test]
fn the_value_before_two_wrote_apart_is_the_last_that_both_knew() {
    let name = cell(0, "phone");
    let says = |text: &str| Edit { cells: [(name.clone(), Some(text.to_owned()))].into(), ..Edit::default() };
    let (mut a, mut b) = (Station::new(1), Station::new(2));
    a.edit(&says("first")).unwrap();
    a.edit(&says("known")).unwrap();
    b.meet(&a.has.clone());
    a.edit(&says("a's first try")).unwrap();
    let mine = a.edit(&says("a's")).unwrap();
    b.edit(&Edit { facts: [("x".to_owned(), Some(Value::Int(1)))].into(), ..Edit::default() }).unwrap();
    let yours = b.edit(&says("b's")).unwrap();
    a.meet(&b.has.clone());
    let (document, key) = (a.document(), name.key());
    let apart = a.record().cells[&key].clone();
    assert_eq!(apart.len(), 2);
    let ops: Vec<_> = apart.iter().map(|candidate| candidate.op).collect();
    let stood = before(&document, &all_seeds(), &key, &ops).unwrap();
    assert_eq!(stood.iter().map(|one| &one.value).collect::<Vec<_>>(), [&Value::Text("known".to_owned())]);
    let made: Vec<_> = ops.iter().map(|op| change_of(&document, *op).unwrap()).collect();
    assert!(made.contains(&mine.bytes) && made.contains(&yours.bytes));
    let elsewhere = model::record::OpId { lamport: 9_999, ..ops[0] };
    assert_eq!(before(&document, &all_seeds(), &key, &[ops[0], elsewhere]), None, "nothing is made up");
    assert_eq!(change_of(&document, elsewhere), None);
}

/// Fails if a fact that nobody had written before is told to have had a value.
#[test]
fn what_nobody_had_written_stood_for_nothing_before() {
    let says =
        |number| Edit { facts: [("x".to_owned(), Some(Value::Int(number)))].into(), ..Edit::default() };
    let (mut a, mut b) = (Station::new(1), Station::new(2));
    a.edit(&Edit::default()).unwrap();
    b.meet(&a.has.clone());
    a.edit(&says(1)).unwrap();
    b.edit(&says(2)).unwrap();
    a.meet(&b.has.clone());
    let ops: Vec<_> = a.record().facts["x"].iter().map(|candidate| candidate.op).collect();
    assert_eq!(before(&a.document(), &all_seeds(), "x", &ops), Some(Vec::new()));
}
