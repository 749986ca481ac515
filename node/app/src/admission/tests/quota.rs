use super::{Town, act, doc, junk, town};
use crate::admission::reason;
use crate::limit;
use crate::testing::{self, whereabouts};
use identity::{DeviceKey, Epoch, Lane, StationNo, actor};
use model::record::Edit;
use records::{DocRef, Document, SeedBook};
use sync::truth::Truth;

/// Two changes of an epoch to a document, the second following the first.
fn two_changes(town: &Town, at: usize, epoch: u8, doc: DocRef) -> [Vec<u8>; 2] {
    let device = DeviceKey::from_seed(town.town.boxes[at].key).id();
    let mut document = Document::create(doc);
    [1, 2].map(|number| {
        let edit = Edit { events: vec![vec![number; 9]], ..Edit::default() };
        let own = actor(&device, &Epoch([epoch; 8]));
        records::edit(&mut document, &edit, own, 0, &SeedBook::new()).unwrap().unwrap().bytes
    })
}

fn waiting(town: &Town) -> (u64, u64, u64) {
    let counts = town.nodes[0].waiting_counts().unwrap();
    let sum = |of: fn(&crate::admission::WaitingCount) -> u64| counts.iter().map(of).sum();
    (sum(|count| count.parked), sum(|count| count.held), sum(|count| count.bytes))
}

/// Fails if a parked entry is receipted without a reason, is not listed, or stays listed when its predecessor has come.
#[test]
fn a_parked_entry_is_named_with_its_reason_until_it_is_applied() {
    let mut town = town(1, 5);
    let [first, second] = two_changes(&town, 1, 3, doc(1));
    town.slip_in(1, 3, Lane::CASES, &[(doc(1), second)]);
    town.meet_centre(1);
    assert_eq!(whereabouts(&town.nodes[1], &doc(1).id.0).unwrap(), Truth::NotAdopted(reason::WAITS));
    assert_eq!(waiting(&town).0, 1);
    let lines = town.nodes[0].waiting_lines(9).unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].station, lines[0].doc), (Some(StationNo(2301)), doc(1).id.0));
    assert_ne!(reason::words(lines[0].reason), reason::words(0), "in words of its own");

    town.slip_in(1, 3, Lane::OTHER, &[(doc(1), first)]);
    town.meet_centre(1);
    assert_eq!(whereabouts(&town.nodes[1], &doc(1).id.0).unwrap(), Truth::Received);
    assert_eq!(waiting(&town), (0, 0, 0));
    assert_eq!(town.events(0, doc(1)), Some(2));
}

/// Fails if a member's junk is stored without end, or stops anybody else.
#[test]
fn junk_is_stored_up_to_the_quota_and_stops_nobody_else() {
    for (count, bytes) in [(limit::WAITING_ENTRIES + 9_000, 3), (400, 60 * 1024)] {
        let mut town = town(2, 6);
        let bodies: Vec<_> = (0..count).map(|n| junk(n, bytes)).collect();
        town.slip_in(1, 1, Lane::CASES, &bodies);
        act(&town.nodes[2], doc(2), 1).unwrap();
        town.meet_centre(1);
        town.meet_centre(2);
        town.meet_centre(1);
        let (_, held, stored) = waiting(&town);
        assert!(held <= limit::WAITING_ENTRIES && stored <= limit::WAITING_BYTES, "{held} {stored}");
        assert!(
            held * 2 > limit::WAITING_ENTRIES || stored * 2 > limit::WAITING_BYTES,
            "not stopped long before: {held} {stored}"
        );
        assert_eq!(whereabouts(&town.nodes[2], &doc(2).id.0).unwrap(), Truth::Received);
    }
}

/// Fails if a writer over its quota can never get well: an entry that lets what waits be applied is always taken.
#[test]
fn what_lets_the_waiting_be_applied_is_taken_over_the_quota() {
    let mut town = town(1, 8);
    let [first, second] = two_changes(&town, 1, 3, doc(1));
    let mut bodies = vec![(doc(1), second)];
    bodies.extend((0..300).map(|n| junk(n, 60 * 1024)));
    town.slip_in(1, 3, Lane::CASES, &bodies);
    town.meet_centre(1);
    assert_eq!(waiting(&town).0, 1);
    let before = waiting(&town);
    town.slip_in(1, 3, Lane::OTHER, &[(doc(1), first)]);
    town.meet_centre(1);
    assert_eq!(town.events(0, doc(1)), Some(2), "{before:?} {:?}", waiting(&town));
    assert!(testing::record(&town.nodes[0], doc(1)).unwrap().is_some());
}
