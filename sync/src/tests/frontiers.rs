use super::testbox::{Town, seed};
use crate::*;
use canon::Canon as _;
use identity::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

fn scope() -> Scope {
    let town = Town::new(1);
    let (station, centre) = (town.make("station1"), town.make("centre"));
    Scope::pair(station.party(), centre.party())
}

/// Trap 15. Fails if restarts add to what every session and every receipt costs.
#[test]
fn eleven_thousand_restarts_cost_nothing() {
    let membership = Town::new(1).membership();
    let key = DeviceKey::from_seed(seed("station1"));
    let (mut holdings, scope) = (Holdings::new(), scope());
    let (mut parents, mut size, mut logs) = (Vec::new(), None, 0);
    for start in 0..11_000u64 {
        let epoch = Epoch((start + 1).to_be_bytes());
        assert!(holdings.hold_opening(Opening::sign(&key, epoch, std::mem::take(&mut parents))));
        let audiences = [Audience::Hub, Audience::All, Audience::Member(StationNo(1))];
        for audience in audiences.into_iter().take(if start % 3 == 0 { 3 } else { 1 }) {
            let log = LogId { device: key.id(), epoch, audience, lane: Lane::CASES };
            let head = Head { log, seq: 5, link: canon::sha256(&start.to_be_bytes()) };
            holdings.set_head(head);
            parents.push(head);
            logs += 1;
        }
        if start == 3 || start == 10_998 {
            parents.sort_unstable();
            assert_eq!(holdings.next_parents(&key.id()), parents);
            let view = holdings.view(&scope, &membership);
            let bytes = view.frontier.to_canon().len();
            assert_eq!(*size.get_or_insert(bytes), bytes, "the vector grew");
            let known = view.frontier.read_with(&holdings, &scope);
            assert_eq!(known.heads.len(), logs, "it still says everything");
            assert!(known.strange.is_empty());
        }
    }
}

/// Fails if a small change goes unseen.
#[test]
fn a_digest_tells_every_difference() {
    let town = Town::new(1);
    let membership = town.membership();
    let mut station = town.make("station1");
    station.write_hub(b"x");
    let at = |b: &super::testbox::TestBox, marks: &[RegisterMark]| {
        digest(&b.holdings.view(&scope(), &membership).frontier, marks)
    };
    let before = at(&station, &[]);
    let mark = RegisterMark { kind: 2, owner: station.id(), subject: 1, number: 1 };
    assert_ne!(before, at(&station, &[mark]));
    station.write(Audience::Hub, Lane::LOCAL, b"draft");
    assert_eq!(before, at(&station, &[]), "drafts are nobody's business");
    station.write_hub(b"x");
    assert_ne!(before, at(&station, &[]));
}

/// Fails if a revoked box's entries beyond the cut are offered, or keep two boxes from ever agreeing.
#[test]
fn what_lies_beyond_a_cut_is_not_spoken_of() {
    let mut town = Town::new(2);
    let mut lost = town.make("station1");
    for body in [b"1", b"2", b"3"] {
        lost.write(Audience::All, Lane::CASES, body);
    }
    let log = lost.log(Audience::All, Lane::CASES);
    lost.restart();
    lost.write(Audience::All, Lane::CASES, b"a new epoch to escape the cut");
    town.members.retain(|(name, _)| name != "station1");
    let head = Head { log, seq: 2, link: lost.link_at(&log, 2).unwrap() };
    town.cuts =
        vec![Cut { device: lost.id(), role: Role::Station, station: StationNo(1), heads: vec![head] }];
    let heads = lost.holdings.heads_in(&scope(), &town.membership());
    assert_eq!(heads, BTreeMap::from([(log, head)]));
}

#[test]
fn openings_in_a_ring_do_not_hide_each_other() {
    let key = DeviceKey::from_seed(seed("station1"));
    let device = key.id();
    let log = |n: u8| LogId { device, epoch: Epoch([n; 8]), audience: Audience::Hub, lane: Lane::CASES };
    let head = |n: u8| Head { log: log(n), seq: 1, link: [n; 32] };
    let mut holdings = Holdings::new();
    holdings.hold_opening(Opening::sign(&key, Epoch([1; 8]), vec![head(2)]));
    holdings.hold_opening(Opening::sign(&key, Epoch([2; 8]), vec![head(1)]));
    holdings.set_head(head(1));
    holdings.set_head(head(2));
    let view = holdings.view(&scope(), &Town::new(1).membership());
    assert_eq!(view.frontier.tips.len(), 2);
    assert_eq!(view.frontier.read_with(&holdings, &scope()).heads.len(), 2);
}

#[test]
fn openings_that_no_box_may_write_are_refused() {
    let (key, other) = (DeviceKey::from_seed(seed("a")), DeviceKey::from_seed(seed("b")));
    let log = LogId { device: key.id(), epoch: Epoch([1; 8]), audience: Audience::Hub, lane: Lane::CASES };
    let head = Head { log, seq: 1, link: [1; 32] };
    let sign = |parents: Vec<Head>| Opening::sign(&key, Epoch([2; 8]), parents).verify();
    assert_eq!(sign(vec![head]), Ok(()));
    let foreign = Head { log: LogId { device: other.id(), ..log }, ..head };
    let own = Head { log: LogId { epoch: Epoch([2; 8]), ..log }, ..head };
    let local = Head { log: LogId { lane: Lane::LOCAL, ..log }, ..head };
    for bad in [foreign, own, local, Head { seq: 0, ..head }] {
        assert_eq!(sign(vec![bad]), Err(OpeningFault::Parents), "{bad:?}");
    }
    assert_eq!(sign(vec![head, head]), Err(OpeningFault::Parents), "twice the same log");
    let mut forged = Opening::sign(&key, Epoch([2; 8]), vec![head]);
    forged.epoch = Epoch([3; 8]);
    assert_eq!(forged.verify(), Err(OpeningFault::Signature));
}

/// One device's epochs: whose opening names which earlier ones, and how long its three logs are.
fn epochs() -> impl Strategy<Value = Vec<(Vec<usize>, [u64; 3])>> {
    let epoch = (proptest::collection::vec(0usize..100, 0..3), [0u64..3, 0u64..3, 0u64..3]);
    proptest::collection::vec(epoch, 1..9)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    /// The law of frontiers: whatever part of a writer's history a box holds, with restores, branches and holes, somebody who
    /// knows all openings reads out of its frontier exactly what it holds. Fails if anything held would be sent again,
    /// or, far worse, anything missing be taken for held.
    #[test]
    fn a_frontier_says_exactly_what_is_held(
        epochs in epochs(),
        has_opening in proptest::collection::vec(any::<bool>(), 9),
        upto in proptest::collection::vec(0u64..4, 27),
        named_less in proptest::collection::vec(0u64..2, 27),
    ) {
        let key = DeviceKey::from_seed(seed("station1"));
        let audiences = [Audience::Hub, Audience::All, Audience::Member(StationNo(2))];
        let membership = Town::new(1).membership();
        let head = |e: usize, a: usize, seq: u64| {
            let epoch = Epoch([u8::try_from(e).unwrap(); 8]);
            let log = LogId { device: key.id(), epoch, audience: audiences[a], lane: Lane::CASES };
            Head { log, seq, link: canon::sha256(&[u8::try_from(e).unwrap(), u8::try_from(a).unwrap(), u8::try_from(seq).unwrap()]) }
        };
        let (mut all, mut part) = (Holdings::new(), Holdings::new());
        for (e, (parents, lengths)) in epochs.iter().enumerate() {
            let mut named = BTreeMap::new();
            for parent in parents.iter().filter(|_| e > 0).map(|p| p % e) {
                for a in 0..3 {
                    // A branch may have started before the end of its parent.
                    let seq = epochs[parent].1[a].saturating_sub(named_less[e * 3 + a]);
                    if seq > 0 {
                        named.insert(head(parent, a, seq).log, head(parent, a, seq));
                    }
                }
            }
            let opening = Opening::sign(&key, Epoch([u8::try_from(e).unwrap(); 8]), named.into_values().collect());
            all.hold_opening(opening.clone());
            if !has_opening[e] {
                continue;
            }
            part.hold_opening(opening);
            for a in 0..3 {
                let seq = lengths[a].min(upto[e * 3 + a]);
                if seq > 0 {
                    part.set_head(head(e, a, seq));
                }
            }
        }
        // A station's scope: its own logs, all of them. A neighbour's: those for all.
        let neighbours = Scope::Neighbours(key.id(), key.id());
        for scope in [scope(), neighbours] {
            let view = part.view(&scope, &membership);
            let known = view.frontier.read_with(&all, &scope);
            let held: BTreeMap<LogId, u64> = view.heads.values().map(|head| (head.log, head.seq)).collect();
            let read: BTreeMap<LogId, u64> = known.heads.iter().map(|(log, (seq, _))| (*log, *seq)).collect();
            prop_assert_eq!(held, read);
            for (device, epoch) in &known.epochs {
                prop_assert!(part.opening(device, epoch).is_some(), "an opening is taken for held");
            }
            let again = Frontier::from_canon(&view.frontier.to_canon()).unwrap();
            prop_assert_eq!(again, view.frontier);
        }
    }
}

#[test]
fn holdings_are_cheap_to_share() {
    let mut station = Town::new(1).make("station1");
    let before = Arc::clone(&station.holdings);
    station.write_hub(b"x");
    assert_eq!(before.heads().count(), 0, "a snapshot does not move");
    assert_eq!(station.holdings.heads().count(), 1);
}
