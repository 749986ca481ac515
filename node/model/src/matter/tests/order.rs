use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{super::*, *};
use crate::history::{
    Anomaly, Standing,
    tests::{mixed, reissued},
};

fn events(sort: Sort) -> impl Strategy<Value = Vec<StampedEvent>> {
    let one = (0..Kind::ALL.len(), 1u64..40, 1u8..4, prop::bool::ANY);
    prop::collection::vec(one, 0..40).prop_map(move |list| {
        let mut out = BTreeMap::new();
        let mut put = |lamport, actor, station, what| {
            let id = OpId { lamport, actor: [actor; 16] };
            let bytes = Event { stamp: by(station), what }.encode().unwrap();
            out.insert(id, StampedEvent { id, bytes });
        };
        put(1, 9, VILLAGE, payload_of(sort, Kind::Opened));
        for (kind, lamport, actor, centre) in list {
            let station = if centre { 0 } else { VILLAGE };
            put(lamport + 1, actor, station, payload_of(sort, Kind::ALL[kind]));
        }
        out.into_values().collect()
    })
}

fn any_sort() -> impl Strategy<Value = Vec<StampedEvent>> {
    prop::sample::select(Sort::ALL.to_vec()).prop_flat_map(events)
}

fn read(events: Vec<StampedEvent>) -> (Matter, Vec<Anomaly>) {
    Matter::read(&Record { events, ..Record::default() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Fails if the state hangs on the order of delivery or on something delivered twice.
    #[test]
    fn any_delivery_gives_the_same_matter(events in any_sort(), seed in any::<u64>()) {
        let straight = read(events.clone());
        let mixed = mixed(&events, seed);
        prop_assert_eq!(read(mixed), straight);
    }

    /// Fails if a reissued act counts twice, or is lost when the original never comes.
    #[test]
    fn a_reissue_counts_once(events in any_sort(), which in any::<prop::sample::Index>()) {
        let original = which.get(&events).clone();
        let mut again = reissued::<What>(&events, &original);
        prop_assert_eq!(read(again.clone()), read(events));
        again.retain(|e| e.id != original.id);
        let (matter, _) = read(again);
        prop_assert_eq!(matter.timeline.iter().filter(|e| e.mark.stamp.reissue.is_some()).count(), 1);
    }

    /// Fails if an event is neither in effect, harmless, nor somebody's to settle.
    #[test]
    fn nothing_is_lost(events in any_sort()) {
        let (matter, anomalies) = read(events.clone());
        prop_assert_eq!(matter.timeline.len(), events.len());
        let open = matter.timeline.iter().filter(|e| e.standing == Standing::Anomaly).count();
        prop_assert_eq!(open, anomalies.len());
    }
}
