use std::collections::BTreeMap;

use super::*;
use crate::case::tests::support::{Doc, day};
use crate::record::{CellName, Value};

fn brought(pairs: &[(&str, &str)], on: &str) -> Brought {
    let typed: BTreeMap<String, String> =
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Brought { trip: [1; 16], record: [2; 16], on: Some(day(on)), typed }
}

fn edit(of: &Brought) -> Result<Edit, Refusal> {
    let mut doc = Doc::new("S047");
    let mut made = Edit::default();
    doc.act(|case, ctx, version| {
        made = bring(case, of, version, ctx)?;
        Ok(Edit::default())
    })?;
    Ok(made)
}

/// Fails if what was typed at somebody's home does not all stand in the draft, or the draft does not say where it was taken.
#[test]
fn d7_what_a_tablet_brings_is_a_draft_of_this_station() {
    let one = brought(&[("0/name", " 吴秀英 "), ("scenario", "s2"), ("m/card", "ok")], "2026-11-22");
    let edit = edit(&one).unwrap();
    let name = CellName::parse("0/name").unwrap();
    assert_eq!(edit.cells[&name].as_deref(), Some("吴秀英"), "tidied as at the counter");
    assert_eq!(edit.facts["scenario"], Some(Value::Text("s2".to_owned())));
    assert_eq!(edit.facts["item"], Some(Value::Text("S047".to_owned())), "as a draft begins here");
    let [event] = edit.events.as_slice() else { panic!("one event") };
    let Ok(Event { what: What::BroughtBack(told), .. }) = Event::decode(event) else {
        panic!("its own kind")
    };
    assert_eq!((told.trip, told.record, told.on), ([1; 16], [2; 16], day("2026-11-22")));
}

/// Fails if a draft takes half of what was typed, and the tablet forgets the other half.
#[test]
fn d7_what_does_not_fit_is_refused_whole() {
    let long = "长".repeat(2000);
    let refused = edit(&brought(&[("0/name", "吴秀英"), ("0/address", &long)], "2026-11-22")).unwrap_err();
    assert!(refused.fields.of("0/address").is_some());
    let odd = edit(&brought(&[("m/card", "吴秀英")], "2026-11-22")).unwrap_err();
    assert!(odd.fields.of("m/card").is_some(), "a fact holds no name");
}

/// Fails if a tablet's clock in 2099, or in 1970, becomes the day of a paper.
#[test]
fn d7_a_day_that_cannot_be_is_not_believed() {
    for (told, stands) in [
        ("2026-11-23", "2026-11-23"),
        ("2026-10-01", "2026-10-01"),
        ("2099-01-01", "2026-11-23"),
        ("1970-01-01", "2026-11-23"),
    ] {
        let edit = edit(&brought(&[("0/name", "吴秀英")], told)).unwrap();
        let event = Event::decode(&edit.events[0]).unwrap();
        let What::BroughtBack(brought) = event.what else { panic!("its own kind") };
        assert_eq!(brought.on, day(stands), "{told}");
    }
}
