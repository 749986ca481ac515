//! Promises that every kind of document keeps, asked of each by its own tests.

use std::fmt::Debug;

use super::{Event, Happening};
use crate::{
    case::tests::support::stamp,
    record::{OpId, StampedEvent},
};

/// Every kind comes back as it went in; half an event is never read, nor one with something behind it.
pub(crate) fn every_kind_comes_back<W: Happening + Debug + PartialEq>(all: impl Iterator<Item = W>) {
    for what in all {
        let mut stamp = stamp(2308);
        stamp.reissue = Some(OpId { lamport: 7, actor: [9; 16] });
        let event = Event { stamp, what };
        let bytes = event.encode().unwrap();
        assert_eq!(Event::decode(&bytes), Ok(event));
        assert!((0..bytes.len()).all(|cut| Event::<W>::decode(&bytes[..cut]).is_err()));
        let longer = [&bytes[..], &[0]].concat();
        assert!(Event::<W>::decode(&longer).is_err());
    }
}

/// The bytes of each kind are those of its golden file: they stand in documents for ever.
pub(crate) fn bytes_are_golden<W: Happening>(all: impl Iterator<Item = (&'static str, W)>, file: &str) {
    let mut golden = String::new();
    for (name, what) in all {
        let number = what.number().unwrap();
        let bytes = Event { stamp: stamp(2308), what }.encode().unwrap();
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        golden += &format!("{number} {name} {hex}\n");
    }
    let path = format!("{}/tests/golden/{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() && !std::path::Path::new(&path).exists() {
        std::fs::write(&path, &golden).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), golden);
}

/// The events as a bad line would bring them: each twice, in an order that hangs on `seed`.
pub(crate) fn mixed(events: &[StampedEvent], seed: u64) -> Vec<StampedEvent> {
    let mut mixed: Vec<StampedEvent> = events.iter().chain(events).cloned().collect();
    let mut state = seed;
    for n in (1..mixed.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        mixed.swap(n, (state >> 33) as usize % (n + 1));
    }
    mixed
}

/// The events and two reissues of `original`.
pub(crate) fn reissued<W: Happening>(events: &[StampedEvent], original: &StampedEvent) -> Vec<StampedEvent> {
    let mut event = Event::<W>::decode(&original.bytes).unwrap();
    event.stamp.reissue = Some(original.id);
    let again = [500, 501]
        .map(|lamport| StampedEvent { id: OpId { lamport, actor: [8; 16] }, bytes: event.encode().unwrap() });
    events.iter().cloned().chain(again).collect()
}
