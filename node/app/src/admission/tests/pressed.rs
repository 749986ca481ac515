//! Boxes of different protocol versions, side by side.

use super::{doc, town};
use crate::testing::{self, meet_speaking};
use identity::{Audience, Lane};
use model::record::{CellName, Edit, Value};

/// Fails if a box of an older version and one of this do not come to hold the same, or the newer form does not pay.
#[test]
fn every_form_brings_the_same_and_the_pressed_one_in_fewer_bytes() {
    let sent = [1, 2, 3].map(|max| {
        let town = town(1, 7);
        let (centre, station) = (&town.nodes[0], &town.nodes[1]);
        for number in 1..=60 {
            let mut edit = Edit::default();
            edit.facts.insert("scenario".to_owned(), Some(Value::Text(format!("窗口{}", number % 3))));
            for (name, text) in [
                ("0/name".to_owned(), format!("某人{number}")),
                ("0/address".to_owned(), format!("某村{}组{number}号", number % 7)),
                (format!("9/w.{:016x}.note", number * 7_919), "材料齐全，已转镇级。".to_owned()),
            ] {
                edit.cells.insert(CellName::parse(&name).unwrap(), Some(text));
            }
            testing::write(station, doc(number), edit, vec![Audience::Hub], Lane::CASES).unwrap();
        }
        let bytes = meet_speaking(station, centre, max);
        for number in 1..=60 {
            let here = testing::record(station, doc(number)).unwrap();
            assert!(here.is_some() && testing::record(centre, doc(number)).unwrap() == here, "version {max}");
        }
        bytes.0
    });
    let [oldest, older, now] = sent;
    assert!(now * 5 < oldest * 4 && now * 5 < older * 4, "{sent:?}");
}
