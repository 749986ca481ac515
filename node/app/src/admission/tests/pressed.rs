//! Boxes of different protocol versions, side by side.

use crate::testing::{MONDAY, TestClock, meet, meet_speaking, take, township, township_item};
use std::sync::Arc;
use store::MemoryEngine;

/// Fails if a box of an older version and one of this do not come to hold the same, or the newer form does not pay.
#[test]
fn every_form_brings_the_same_and_the_pressed_one_in_fewer_bytes() {
    let sent = [1, 2, 3].map(|max| {
        let town = township(1, 3);
        let clock = TestClock::at(MONDAY);
        let [centre, station] = [0, 1]
            .map(|place| town.start(place, Arc::new(MemoryEngine::new()), clock.clone(), place as u64 + 1));
        centre.load_sample(&[2301]).unwrap();
        meet(&centre, &station);
        let item = township_item(&station);
        let cases: Vec<_> = (1..=40).map(|person| take(&station, &item, person).unwrap()).collect();
        let bytes = meet_speaking(&station, &centre, max);
        for case in cases {
            let said = |node: &crate::Node| format!("{:?}", node.case(case).unwrap().case.filing);
            assert_eq!(said(&centre), said(&station), "version {max}");
        }
        bytes.0
    });
    let [oldest, older, now] = sent;
    assert!(now * 10 < oldest * 9 && now * 10 < older * 9, "{sent:?}");
}
