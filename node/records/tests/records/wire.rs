//! What is cut out for the wire comes back byte by byte.

use model::record::Edit;
use records::SeedBook;
use records::wire::{WireFault, cut, splice};
use seal::Seed;

use crate::world::{CASE, NAMES, Station, all_made, all_seeds, cell, lived};

/// Fails if one byte of one change came back different, or no cell was ever cut.
#[test]
fn thousands_of_changes_come_back_as_they_were() {
    let (mut changes, mut cut_bytes) = (0, 0);
    for seed in 0..130 {
        for made in all_made(&lived(seed, 40)) {
            let wire = cut(CASE.id, &made.change.bytes, &all_seeds());
            let spliced = splice(CASE.id, &made.actor, &wire).unwrap();
            assert_eq!(spliced.raw, made.change.bytes);
            for (person, seed) in spliced.seeds {
                assert_eq!(seed, Seed([person as u8 + 1; 16]));
            }
            changes += 1;
            cut_bytes += made.change.bytes.len().saturating_sub(wire.len());
        }
    }
    assert!(changes > 2_000, "{changes} changes");
    assert!(cut_bytes > 0);
}

/// The same text in several cells, one cell's text within another's: positions come from the columns, not from a search.
#[test]
fn equal_and_nested_texts_keep_their_places() {
    let mut station = Station::new(1);
    let mut act = Edit::default();
    for field in ["a", "b", "c"] {
        act.cells.insert(cell(0, field), Some("同".to_owned()));
        act.cells.insert(cell(1, field), Some("同同同".to_owned()));
    }
    let change = station.edit(&act).unwrap();
    let wire = cut(CASE.id, &change.bytes, &all_seeds());
    assert_eq!(splice(CASE.id, &station.actor, &wire).unwrap().raw, change.bytes);
    // 29 bytes of nonce and tag for each of six cells, less two seeds and what names the holes
    assert!(wire.len() + 90 < change.bytes.len(), "{} of {}", wire.len(), change.bytes.len());
}

/// An event whose bytes are another cell's ciphertext, word for word, must not be taken for it.
#[test]
fn a_ciphertext_elsewhere_in_the_change_stays_there() {
    let mut station = Station::new(1);
    let mut act = Edit::default();
    act.cells.insert(cell(0, "name"), Some("王小明".to_owned()));
    let change = station.edit(&act).unwrap();
    let place = seal::CellPlace { case: CASE.id.0, person: 0, field: "name" };
    let next = seal::seal_cell(&Seed([1; 16]), &place, &station.actor, 2, "李").unwrap();
    act.cells.insert(cell(0, "name"), Some("李".to_owned()));
    act.events.push(next.clone());
    let second = station.edit(&act).unwrap();
    assert_eq!(second.bytes.windows(next.len()).filter(|window| *window == next).count(), 2);
    for change in [change, second] {
        let wire = cut(CASE.id, &change.bytes, &all_seeds());
        assert_eq!(splice(CASE.id, &station.actor, &wire).unwrap().raw, change.bytes);
    }
}

#[test]
fn an_erased_or_closed_person_travels_as_ciphertext() {
    let mut station = Station::new(1);
    let mut act = Edit::default();
    act.cells.insert(cell(0, "name"), Some(NAMES[0].to_owned()));
    act.cells.insert(cell(1, "name"), Some(NAMES[1].to_owned()));
    let change = station.edit(&act).unwrap();
    let mut partly = all_seeds();
    partly.erase(0);
    let mut closed = SeedBook::new();
    closed.put(1, Seed([2; 16]));
    for seeds in [&partly, &closed] {
        let wire = cut(CASE.id, &change.bytes, seeds);
        assert!(
            !contains(&wire, NAMES[0].as_bytes()) && !contains(&wire, &[1; 16]),
            "nothing of the erased one"
        );
        assert!(contains(&wire, NAMES[1].as_bytes()), "the other travels open inside the seal");
        let spliced = splice(CASE.id, &station.actor, &wire).unwrap();
        assert_eq!(spliced.raw, change.bytes);
        assert_eq!(spliced.seeds.len(), 1);
    }
}

#[test]
fn a_second_seed_of_one_person_opens_and_travels() {
    let mut station = Station::new(1);
    let mut act = Edit::default();
    act.cells.insert(cell(0, "name"), Some("王".to_owned()));
    let change = station.edit(&act).unwrap();
    let mut both = SeedBook::new();
    both.put(0, Seed([99; 16])).put(0, Seed([1; 16]));
    let wire = cut(CASE.id, &change.bytes, &both);
    let spliced = splice(CASE.id, &station.actor, &wire).unwrap();
    assert_eq!(spliced.raw, change.bytes);
    assert!(spliced.seeds == [(0, Seed([1; 16]))]);
}

/// Damaged or foreign wire forms give an error or other bytes (the link then refuses them), never a panic.
#[test]
fn a_damaged_wire_form_never_gives_the_right_change() {
    let mut station = Station::new(1);
    let mut act = Edit::default();
    act.cells.insert(cell(0, "name"), Some("王小明".to_owned()));
    act.cells.insert(cell(9, "note"), Some("说明".to_owned()));
    let change = station.edit(&act).unwrap();
    let wire = cut(CASE.id, &change.bytes, &all_seeds());
    for bit in 0..wire.len() * 8 {
        let mut bad = wire.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        if let Ok(spliced) = splice(CASE.id, &station.actor, &bad) {
            assert_ne!(spliced.raw, change.bytes, "bit {bit}");
        }
    }
    for end in 0..wire.len() {
        assert!(splice(CASE.id, &station.actor, &wire[..end]).is_err());
    }
    assert_ne!(splice(CASE.id, &[0; 16], &wire).unwrap().raw, change.bytes, "another's actor");
    let mut hole = canon::Writer::new();
    hole.u64(1).u64(0).u64(1).u64(0).u64(5).str("x").str("y").bytes(b"rest");
    assert_eq!(
        splice(CASE.id, &station.actor, hole.as_bytes()).err(),
        Some(WireFault::Hole(0)),
        "no seed came along"
    );
}

pub(crate) fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}
