use proptest::prelude::*;

use super::{
    super::{event::*, *},
    support::*,
};
use crate::{
    history::tests::{mixed, reissued},
    record::{Edit, OpId, Record, StampedEvent},
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

/// Fails if a value is told of by an act that came before it: the page that shows two values side by side would name the
/// wrong step and time.
#[test]
fn d10_a_value_belongs_to_the_act_that_wrote_it() {
    let mut doc = Doc::new("S047");
    let act = |kind: Kind| vec![stamped(0, 1, VILLAGE, payload(kind)).bytes];
    doc.apply(&Edit { events: act(Kind::Received), ..Edit::default() });
    let how = ("m/photo/how".to_owned(), Some(crate::record::Value::Text("shared".to_owned())));
    doc.apply(&Edit { facts: [how].into(), events: act(Kind::ExemptVerified), ..Edit::default() });
    doc.apply(&Edit { events: act(Kind::Noted), ..Edit::default() });
    let (written, case) = (doc.record.facts["m/photo/how"][0].op, doc.case());
    let mark = case.writer_of(written).unwrap();
    let told = case.timeline.iter().find(|entry| entry.mark.op == mark.op).unwrap();
    assert_eq!(told.what.kind(), Kind::ExemptVerified);
    // a value behind every event of its hand is still somebody's
    let last = OpId { lamport: 1_000, ..written };
    assert_eq!(case.writer_of(last).unwrap().op, case.timeline.last().unwrap().mark.op);
}
