use proptest::prelude::*;

use super::{
    super::{event::*, *},
    support::*,
};
use crate::{
    history::tests::{mixed, reissued},
    record::{Record, StampedEvent},
};

fn events() -> impl Strategy<Value = Vec<StampedEvent>> {
    let one = (0..Kind::ALL.len(), 1u64..40, 1u8..4, prop::bool::ANY);
    prop::collection::vec(one, 0..40).prop_map(|list| {
        let mut out = std::collections::BTreeMap::new();
        // a village begins every case, so that the walks get anywhere
        for (n, kind) in [Kind::Received, Kind::Accepted].into_iter().enumerate() {
            let event = stamped(n as u64 + 1, 9, VILLAGE, payload(kind));
            out.insert(event.id, event);
        }
        for (kind, lamport, actor, centre) in list {
            let station = if centre { 0 } else { VILLAGE };
            let event = stamped(lamport + 2, actor, station, payload(Kind::ALL[kind]));
            out.insert(event.id, event);
        }
        out.into_values().collect()
    })
}

fn read(events: Vec<StampedEvent>, code: &str) -> (Case, Vec<Anomaly>) {
    Case::read(&Record { events, ..Record::default() }, Some(&version(code)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Fails if the state hangs on the order of delivery or on something delivered twice.
    #[test]
    fn any_delivery_gives_the_same_state(events in events(), seed in any::<u64>(), code in prop::sample::select(vec!["S047", "S007", "S086"])) {
        let straight = read(events.clone(), code);
        let mixed = mixed(&events, seed);
        prop_assert_eq!(read(mixed, code), straight);
    }

    /// Fails if a reissued act counts twice, or is lost when the original never comes.
    #[test]
    fn a_reissue_counts_once(events in events(), which in any::<prop::sample::Index>()) {
        let original = which.get(&events).clone();
        let mut again = reissued::<What>(&events, &original);
        prop_assert_eq!(read(again.clone(), "S047"), read(events, "S047"));
        again.retain(|e| e.id != original.id);
        let (case, _) = read(again, "S047");
        prop_assert_eq!(case.timeline.iter().filter(|e| e.mark.stamp.reissue.is_some()).count(), 1);
    }

    /// Fails if every event is not either in effect, harmless, or somebody's to settle.
    #[test]
    fn nothing_is_lost(events in events()) {
        let (case, anomalies) = read(events.clone(), "S047");
        prop_assert_eq!(case.timeline.len(), events.len());
        let open = case.timeline.iter().filter(|e| e.standing == Standing::Anomaly).count();
        prop_assert_eq!(open, anomalies.len());
    }
}
