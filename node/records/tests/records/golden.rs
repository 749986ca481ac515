//! What version 1 looked like. If one of these fails, a box that updates would make or read other bytes than its
//! neighbours: that is a new version of docs/formats, not a new golden file.
//! The files are written anew with `RECORDS_GOLDEN=write cargo test -p records golden`.

use std::path::PathBuf;

use model::record::{Edit, Value};
use records::{Document, rebuild, wire};

use crate::world::{CASE, Station, all_seeds, cell};

fn golden(name: &str, now: &[u8]) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let text = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    if std::env::var("RECORDS_GOLDEN").is_ok_and(|value| value == "write") {
        std::fs::write(&path, text(now) + "\n").unwrap();
    }
    let held = std::fs::read_to_string(&path).unwrap();
    let held = held.trim_end();
    (0..held.len() / 2).map(|at| u8::from_str_radix(&held[at * 2..at * 2 + 2], 16).unwrap()).collect()
}

#[test]
fn version_1_is_made_and_read_as_ever() {
    let mut station = Station::new(1);
    let mut act = Edit::default();
    act.facts.insert("item".to_owned(), Some(Value::Text("社会保险登记".to_owned())));
    act.facts.insert("copies".to_owned(), Some(Value::Int(-2)));
    act.cells.insert(cell(0, "name"), Some("王小明".to_owned()));
    act.events.push(b"\x01first".to_vec());
    let created = station.edit(&act).unwrap();
    act.facts.insert("copies".to_owned(), None);
    act.cells.insert(cell(0, "name"), Some("王小明（更正）".to_owned()));
    let second = station.edit(&act).unwrap();
    assert_eq!(golden("create.change", &created.bytes), created.bytes);
    assert_eq!(golden("edit.change", &second.bytes), second.bytes);
    let cut = wire::cut(CASE.id, &second.bytes, &all_seeds());
    assert_eq!(golden("edit.wire", &cut), cut);
    let both = [&created, &second].map(|change| wire::Piece {
        doc: CASE.id.0,
        kind: 1,
        origin: None,
        content: wire::Content::Wire(wire::cut(CASE.id, &change.bytes, &all_seeds())),
    });
    let own = |_: Option<&wire::Origin>| Some(station.actor);
    let pressed = wire::press(&both, 65_536, &own).unwrap();
    assert_eq!(golden("both.pressed", &pressed.bytes), pressed.bytes);
    assert!(wire::expand(&golden("both.pressed", &pressed.bytes), 2, pressed.inflated, &own).is_some());

    let saved = golden("case.saved", station.saved.as_deref().unwrap());
    let document = Document::load(CASE, &saved).unwrap();
    let record = records::read(&document, &all_seeds());
    assert_eq!(record, station.record());
    assert_eq!(record.cells["0/name"][0].value, Value::Text("王小明（更正）".to_owned()));
    let again = rebuild(CASE, &[&created.bytes, &second.bytes], &all_seeds()).tried.unwrap();
    assert_eq!(again.record, record);
}
