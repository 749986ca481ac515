//! No saved byte and no journal byte holds what a person is called.

use model::record::{Edit, Value};
use records::{SeedBook, read};

use crate::wire::contains;
use crate::world::{CASE, NAMES, Station, all_made, all_seeds, cell, lived};

/// Fails if a cell were written plain: the plain fact, found by the same scan, shows that the scan can see. `save`
/// deflates, so the uncompressed history is scanned as well.
#[test]
fn set_changed_and_deleted_cells_leave_no_plaintext() {
    let mut station = Station::new(1);
    for name in NAMES {
        let mut act = Edit::default();
        act.cells.insert(cell(0, "name"), Some(name.to_owned()));
        act.facts.insert("seen".to_owned(), Some(Value::Text(format!("plain {name}"))));
        station.edit(&act).unwrap();
    }
    let mut gone = Edit::default();
    gone.cells.insert(cell(0, "name"), None);
    station.edit(&gone).unwrap();
    let saved = automerge::Automerge::load(station.saved.as_ref().unwrap()).unwrap().save_nocompress();
    for name in NAMES {
        assert!(contains(&saved, format!("plain {name}").as_bytes()), "the scan sees plain text");
        let count = saved.windows(name.len()).filter(|window| *window == name.as_bytes()).count();
        assert_eq!(count, 1, "{name} stands there beside the plain fact");
    }
    for seed in 0..20 {
        let stations = lived(seed, 20);
        for made in all_made(&stations) {
            for name in NAMES {
                assert!(!contains(&made.change.bytes, name.as_bytes()));
            }
        }
        for station in &stations {
            for name in NAMES {
                assert!(!contains(station.saved.as_deref().unwrap_or_default(), name.as_bytes()));
            }
        }
    }
}

#[test]
fn a_box_without_the_seed_sees_closed_and_after_erasure_erased() {
    let mut station = Station::new(1);
    let mut act = Edit::default();
    act.cells.insert(cell(0, "name"), Some("王小明".to_owned()));
    act.cells.insert(cell(1, "name"), Some("李".to_owned()));
    station.edit(&act).unwrap();
    let value = |seeds: &SeedBook, name: &str| read(&station.document(), seeds).cells[name][0].value.clone();
    let mut seeds = all_seeds();
    assert_eq!(value(&seeds, "0/name"), Value::Text("王小明".to_owned()));
    assert_eq!(value(&SeedBook::new(), "0/name"), Value::Closed);
    seeds.erase(0);
    assert_eq!(value(&seeds, "0/name"), Value::Erased);
    assert_eq!(value(&seeds, "1/name"), Value::Text("李".to_owned()));
    let mut wrong = SeedBook::new();
    wrong.put(0, seal::Seed([200; 16]));
    assert_eq!(value(&wrong, "0/name"), Value::Closed, "a seed that is another's opens nothing");
    assert_eq!(CASE.kind.number(), 1);
}
