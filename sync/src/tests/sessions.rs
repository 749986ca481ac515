use super::pipe::{Link, meet};
use super::testbox::{TestBox, Town};
use crate::limit;
use crate::truth::{Truth, truth};
use crate::*;
use identity::*;

fn pair() -> (TestBox, TestBox) {
    let town = Town::new(2);
    (town.make("station1"), town.make("centre"))
}

fn same(a: &TestBox, b: &TestBox) -> bool {
    a.view(b) == b.view(a)
}

/// Fails if anything but the two hellos is said, or a hello grows: this is what every quiet link costs, for ever.
#[test]
fn two_boxes_that_hold_the_same_say_hello_and_nothing_else() {
    let (mut station, mut centre) = pair();
    for n in 0..40u8 {
        station.write_hub(&[n]);
    }
    meet(&mut station, &mut centre);
    let link = meet(&mut station, &mut centre);
    assert_eq!((link.a.names(), link.b.names()), (vec!["hello"], vec!["hello"]));
    assert_eq!((link.a.said_bytes, link.b.said_bytes), (45, 45));
    assert_eq!(link.a.notes, [Note::Equal]);
    assert!(link.a.session.progress().settled);
}

/// Fails if records do not reach the centre, its receipt does not come back in the same session, or an answer for the
/// station does not arrive.
#[test]
fn records_go_up_answers_and_the_receipt_come_down_in_one_session() {
    let (mut station, mut centre) = pair();
    let own = station.write_hub(b"case 1");
    centre.write(Audience::Member(StationNo(1)), Lane::CASES, b"decision");
    centre.write(Audience::Member(StationNo(2)), Lane::CASES, b"for another");
    centre.write(Audience::All, Lane::CATALOGUE, b"item");
    assert_eq!(truth(&[own], &[], station.confirmed().as_ref(), &|_| 0), Truth::Saved);
    let link = meet(&mut station, &mut centre);
    assert!(same(&station, &centre));
    assert_eq!(station.journal.len(), 3, "its own, its answers, the catalogue; not another's");
    assert_eq!(station.acknowledged, [(own.0, 1)].into());
    assert_eq!(truth(&[own], &[], station.confirmed().as_ref(), &|_| 0), Truth::Received);
    assert!(link.a.notes.contains(&Note::Settled { equal: true }), "{:?}", link.a.notes);
    assert!(link.b.notes.contains(&Note::Settled { equal: true }), "{:?}", link.b.notes);
    let next = meet(&mut station, &mut centre);
    assert_eq!(next.a.names(), ["hello"], "the session ended with both knowing the same");
}

/// Fails if a change on an open link waits for a new session, or costs more than its opening, segment and acknowledgement.
#[test]
fn a_change_on_an_open_link_is_pushed_at_once() {
    let (mut station, mut centre) = pair();
    let mut link = Link::new(&station, &centre).run(&mut station, &mut centre);
    let (before_a, before_b) = (link.a.said.len(), link.b.said.len());
    station.write_hub(b"live");
    link.changed_a(&mut station);
    link.deliver(&mut station, &mut centre);
    assert_eq!(link.a.names()[before_a..], ["opening", "segment"]);
    assert_eq!(link.b.names()[before_b..], ["ack", "register"]);
    station.write_hub(b"live again");
    link.changed_a(&mut station);
    link.deliver(&mut station, &mut centre);
    assert_eq!(link.a.names()[before_a + 2..], ["segment"], "the opening is known now");
    link.hang_up(&mut station, &mut centre);
    let next = meet(&mut station, &mut centre);
    assert_eq!(next.a.names(), ["hello"]);
    assert!(next.a.segments().is_empty(), "acknowledged entries are never sent again");
}

/// Fails if a cut at some byte loses an entry, stores one twice, or makes an acknowledged entry travel again.
#[test]
fn a_link_cut_at_any_byte_resumes_where_it_was() {
    let (mut first, mut second) = pair();
    for n in 0..30u8 {
        first.write_hub(&[n; 90]);
        first.write(Audience::All, Lane::OTHER, &[n; 40]);
    }
    second.write(Audience::All, Lane::CATALOGUE, &[5; 300]);
    let whole = Link::new(&first, &second).run(&mut first.clone(), &mut second.clone());
    let total = whole.a.said_bytes + whole.b.said_bytes;
    for fuse in (1..total).step_by(7) {
        let (mut a, mut b) = (first.clone(), second.clone());
        let mut link = Link { fuse, chunk: 50, ..Link::new(&a, &b) };
        link.connect(&mut a, &mut b);
        link.deliver(&mut a, &mut b);
        let (acked, durable) = (a.acknowledged.clone(), b.arrived.len());
        let again = meet(&mut a, &mut b);
        assert!(same(&a, &b), "cut at byte {fuse}");
        for header in again.a.segments() {
            let known = acked.get(&header.log).copied().unwrap_or(0);
            assert!(header.first > known, "cut at byte {fuse}: {header:?} was acknowledged up to {known}");
        }
        assert_eq!(b.arrived.len(), 60, "cut at byte {fuse}: {durable} were durable before");
        let mut once = b.arrived.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), 60, "an entry was stored twice");
    }
}

/// Fails if entries go in the order they were written rather than by lane.
#[test]
fn the_urgent_lane_goes_first_even_when_a_large_catalogue_is_queued() {
    let (mut station, mut centre) = pair();
    for n in 0..2_000u32 {
        let body: Vec<u8> = (0..16u32).flat_map(|i| canon::sha256(&(n * 16 + i).to_be_bytes())).collect();
        centre.write(Audience::All, Lane::CATALOGUE, &body);
    }
    centre.write(Audience::Member(StationNo(1)), Lane::OTHER, b"less urgent");
    centre.write(Audience::Member(StationNo(1)), Lane::CASES, b"urgent");
    let link = meet(&mut centre, &mut station);
    let lanes: Vec<Lane> = link.a.segments().iter().map(|header| header.log.lane).collect();
    assert_eq!(lanes[..3], [Lane::CASES, Lane::OTHER, Lane::CATALOGUE]);
    assert!(lanes.len() > 5, "the catalogue takes several segments");
    assert!(same(&station, &centre));
}

/// Fails if bulk may fill more than its share: then an urgent entry written later waits behind it.
#[test]
fn a_catalogue_in_flight_leaves_room_for_the_urgent() {
    let (mut station, mut centre) = pair();
    for n in 0..4_000u32 {
        let body: Vec<u8> = (0..8u32).flat_map(|i| canon::sha256(&(n * 8 + i).to_be_bytes())).collect();
        centre.write(Audience::All, Lane::CATALOGUE, &body);
    }
    let mut link = Link::new(&centre, &station);
    link.connect(&mut centre, &mut station);
    let hello = link.b.said[0].encode();
    link.a.take(2_000, &hello, &mut centre);
    let vector = Frame::Vector(station.view(&centre).frontier, Vec::new()).encode();
    link.a.take(2_001, &vector, &mut centre);
    let sent = link.a.segments().len();
    assert!(sent == 1 && link.a.session.progress().in_flight_bytes >= limit::BULK_WINDOW_BYTES);
    centre.write(Audience::Member(StationNo(1)), Lane::CASES, b"urgent");
    link.a.event(2_002, Event::LocalChanged, &mut centre);
    let next: Vec<Lane> = link.a.segments()[sent..].iter().map(|header| header.log.lane).collect();
    assert_eq!(next, [Lane::CASES], "it did not wait for an acknowledgement");
    assert!(!link.a.session.progress().settled);
}

/// Fails if one bad log stops the session or the other logs, or if it is tried again and again.
#[test]
fn a_refused_log_stops_alone() {
    let (mut station, mut centre) = pair();
    let (bad, _) = station.write(Audience::Hub, Lane::CASES, b"bad");
    station.write(Audience::Hub, Lane::CASES, b"bad too");
    let (good, _) = station.write(Audience::Hub, Lane::RATINGS, b"good");
    centre.refuse.insert(bad, Reason::Link);
    let mut link = Link::new(&station, &centre).run(&mut station, &mut centre);
    assert!(link.a.notes.contains(&Note::PeerRefused(bad, Reason::Link)), "{:?}", link.a.notes);
    assert_eq!((centre.head(&bad), centre.head(&good)), (0, 1));
    assert_eq!(link.a.closed, None);
    station.write(Audience::Hub, Lane::CASES, b"more of it");
    station.write(Audience::Hub, Lane::RATINGS, b"more good");
    let before = link.a.segments().len();
    link.changed_a(&mut station);
    link.deliver(&mut station, &mut centre);
    assert_eq!(link.a.segments().len(), before + 1, "only the good log");
    centre.refuse.clear();
    link.now_ms += limit::REFUSED_RETRY_MS;
    link.a.event(link.now_ms, Event::Tick, &mut station);
    link.deliver(&mut station, &mut centre);
    assert!(same(&station, &centre), "after a while it is tried again");
}

/// Fails if what we remember of a peer costs a round trip, grows over its limit, or is believed against the peer's own word.
#[test]
fn the_first_flight_follows_memory_and_a_gap_puts_it_right() {
    let (mut station, mut centre) = pair();
    station.write_hub(b"one");
    meet(&mut station, &mut centre);
    let older = centre.clone();
    station.write_hub(b"two");
    meet(&mut station, &mut centre);
    station.write_hub(b"three");
    let mut flight = Link::new(&station, &centre);
    flight.connect(&mut station, &mut centre);
    assert_eq!(flight.a.names(), ["hello", "segment"], "sent before anything is heard");
    // The centre comes back from a backup that lacks "two": what we remember of it is wrong.
    let mut restored = older;
    let link = meet(&mut station, &mut restored);
    assert!(link.a.notes.iter().any(|note| matches!(note, Note::Gap(_, 2))), "{:?}", link.a.notes);
    assert!(same(&station, &restored));
    let sent: Vec<(u64, u64)> = link.a.segments().iter().map(|h| (h.first, h.last_seq())).collect();
    assert_eq!(sent, [(3, 3), (2, 3)], "the flight, then from where the gap is");
}

/// Fails if the first flight is not bounded.
#[test]
fn the_first_flight_is_small() {
    let (mut station, mut centre) = pair();
    station.write_hub(b"one");
    meet(&mut station, &mut centre);
    for n in 0..600u32 {
        station.write_hub(&[&canon::sha256(&n.to_be_bytes())[..]; 8].concat());
    }
    let mut link = Link::new(&station, &centre);
    link.connect(&mut station, &mut centre);
    let sent = link.a.said_bytes;
    assert!(sent > 4_000 && sent <= 2 * limit::FIRST_FLIGHT_BYTES, "{sent} bytes");
    link.deliver(&mut station, &mut centre);
    assert!(same(&station, &centre));
    assert_eq!(centre.arrived.len(), 601);
}

/// Trap 13. Fails if a centre that comes back from an older backup keeps the stations believing its old receipts, or does not
/// get everything back: their records, and its own decisions, which only they still hold.
#[test]
fn a_restored_centre_takes_its_receipts_back_and_gets_everything_again() {
    let mut town = Town::new(2);
    let (mut station, mut centre) = (town.make("station1"), town.make("centre"));
    let early = station.write_hub(b"early");
    centre.write(Audience::Member(StationNo(1)), Lane::CASES, b"first decision");
    meet(&mut station, &mut centre);
    let mut backup = centre.clone();
    let late = station.write_hub(b"late");
    meet(&mut station, &mut centre);
    let (decision, _) = centre.write(Audience::Member(StationNo(1)), Lane::CASES, b"second decision");
    meet(&mut station, &mut centre);
    let relayed = station.acknowledged.clone();
    let relayed = move |log: &LogId| relayed.get(log).copied().unwrap_or(0);
    assert_eq!(truth(&[late], &[], station.confirmed().as_ref(), &relayed), Truth::Received);
    // Back from the backup: the centre's incarnation is raised first, then it says what it holds.
    town.incarnation = 2;
    town.epoch = 2;
    backup.membership = town.membership();
    backup.hold_register(town.register());
    backup.salt = 1;
    backup.restart();
    backup.issue_receipt(&station.id());
    let mut link = Link { fuse: 900, ..Link::new(&station, &backup) };
    link.connect(&mut station, &mut backup);
    for receipt in backup.registers.values().cloned().collect::<Vec<_>>() {
        station.hold_register(receipt);
    }
    assert_eq!(truth(&[early], &[], station.confirmed().as_ref(), &relayed), Truth::Received);
    assert_eq!(truth(&[late], &[], station.confirmed().as_ref(), &relayed), Truth::InTransit);
    link.hang_up(&mut station, &mut backup);
    meet(&mut station, &mut backup);
    assert_eq!(truth(&[late], &[], station.confirmed().as_ref(), &relayed), Truth::Received);
    assert_eq!(
        backup.head(&decision),
        2,
        "its own second decision came back, with its own signature as proof"
    );
    backup.write(Audience::Member(StationNo(1)), Lane::CASES, b"third decision");
    meet(&mut station, &mut backup);
    assert!(same(&station, &backup));
    let again = meet(&mut station, &mut backup);
    assert_eq!(again.a.names(), ["hello"]);
}

/// Fails if a station restored from an older backup does not get its own lost records back, or its new epoch is taken for a fork.
#[test]
fn a_restored_station_gets_its_own_records_back() {
    let (mut station, mut centre) = pair();
    station.write_hub(b"one");
    meet(&mut station, &mut centre);
    let mut backup = station.clone();
    for _ in 0..3 {
        station.restart();
        station.write_hub(b"written after the backup");
        meet(&mut station, &mut centre);
    }
    backup.salt = 1;
    backup.restart();
    backup.write_hub(b"written by the restored box");
    backup.memory.clear();
    centre.memory.clear();
    let link = meet(&mut backup, &mut centre);
    assert!(same(&backup, &centre));
    let entries = |headers: Vec<SegmentHeader>| headers.iter().map(|header| header.count).sum::<u64>();
    assert_eq!(
        entries(link.a.segments()),
        1,
        "what the centre holds is not sent, though neither knew the other's epochs"
    );
    assert_eq!(entries(link.b.segments()), 3);
    assert_eq!(backup.journal.len(), 5, "the shared epoch, the three lost ones, the new one");
    let parents = backup.holdings.next_parents(&backup.id());
    assert_eq!(parents.len(), 2, "the next opening joins both branches: {parents:?}");
    backup.restart();
    backup.write_hub(b"after");
    meet(&mut backup, &mut centre);
    assert_eq!(backup.view(&centre).frontier.tips.len(), 1);
}

/// Fails if a station cannot pass the centre's catalogue on to a neighbour, or the neighbour takes it without the centre's
/// signature: who passes it on is neither its writer nor the centre.
#[test]
fn a_neighbour_passes_on_what_is_for_all() {
    let town = Town::new(2);
    let (mut one, mut two, mut centre) = (town.make("station1"), town.make("station2"), town.make("centre"));
    let (item, _) = centre.write(Audience::All, Lane::CATALOGUE, b"item");
    centre.write(Audience::All, Lane::CATALOGUE, b"item 2");
    let (private, _) = centre.write(Audience::Member(StationNo(1)), Lane::CASES, b"for one");
    meet(&mut one, &mut centre);
    let mut without = one.clone();
    without.proofs.clear();
    let link = meet(&mut without, &mut two.clone());
    assert!(link.a.notes.contains(&Note::CannotSend(item)), "{:?}", link.a.notes);
    assert!(link.a.segments().is_empty());
    meet(&mut one, &mut two);
    assert_eq!((two.head(&item), two.head(&private)), (2, 0));
    assert_eq!(two.journal[&item], centre.journal[&item]);
    assert_eq!(meet(&mut one, &mut two).a.names(), ["hello"]);
}

/// Fails if several segments that meet one gap are each answered by sending everything again.
#[test]
fn one_gap_is_mended_once() {
    let (mut station, mut centre) = pair();
    station.write_hub(b"one");
    meet(&mut station, &mut centre);
    let mut restored = centre.clone();
    station.write_hub(b"two");
    meet(&mut station, &mut centre);
    // A fourteenth of it does not compress, as in cases: so a first flight is several segments.
    let like_a_case = |n: u32| -> Vec<u8> {
        let random = (0..28u32).flat_map(|i| canon::sha256(&(n * 100 + i).to_be_bytes()));
        random.chain(std::iter::repeat_n(0, 11_900)).collect()
    };
    for n in 0..90 {
        station.write_hub(&like_a_case(n));
    }
    // Answers come one by one, so that the first is acted on before the second is read.
    let link = Link { chunk: 40, ..Link::new(&station, &restored) }.run(&mut station, &mut restored);
    let sent: Vec<u64> = link.a.segments().iter().map(|header| header.first).collect();
    let gaps =
        link.b.said.iter().filter(|f| matches!(f, Frame::Ack(Ack { verdict: Verdict::Gap, .. }))).count();
    assert!(gaps >= 2, "several segments were in flight: {sent:?}");
    assert_eq!(sent.iter().filter(|first| **first == 2).count(), 1, "{sent:?}");
    assert!(link.a.notes.iter().filter(|note| matches!(note, Note::Gap(..))).count() == 1);
    assert!(same(&station, &restored));
}

/// Fails if two branches too long to be introduced to each other are withheld for ever.
#[test]
fn two_long_branches_meet() {
    let (mut station, mut centre) = pair();
    station.write_hub(b"common");
    meet(&mut station, &mut centre);
    let mut backup = station.clone();
    backup.salt = 1;
    for _ in 0..limit::OPENINGS_UNASKED + 6 {
        station.restart();
        station.write_hub(b"before the card died");
        backup.restart();
        backup.write_hub(b"after it came back, long without a line");
    }
    meet(&mut station, &mut centre);
    backup.memory.clear();
    centre.memory.clear();
    meet(&mut backup, &mut centre);
    assert!(same(&backup, &centre));
}

/// Fails if a log that does not fit the first flight is given up for the session.
#[test]
fn what_does_not_fit_the_first_flight_follows() {
    let town = Town::new(1);
    let (mut station, mut centre) = (town.make("station1"), town.make("centre"));
    meet(&mut station, &mut centre);
    let backup = centre.clone();
    for n in 0..100u8 {
        centre.write(Audience::All, Lane::OTHER, &[n; 1000]);
    }
    centre.memory.clear();
    meet(&mut station, &mut centre);
    // The station believes that the centre holds nothing yet, which is true again of the restored one.
    station.memory.clear();
    let mut restored = backup;
    restored.restart();
    restored.salt = 1;
    let mut early = station.clone();
    early.holdings = Default::default();
    early.journal.clear();
    meet(&mut early, &mut restored);
    station.memory = early.memory;
    meet(&mut station, &mut restored);
    assert!(same(&station, &restored));
    assert_eq!(restored.arrived.len(), 100);
}

/// Fails if a box of the version before is sent what it can't read, or one of this version is not sent the shorter form.
#[test]
fn an_older_peer_gets_the_older_form() {
    for (max, codec) in [(1, Codec::RAW), (2, Codec::RAW), (3, Codec::PRESSED)] {
        let (mut station, mut centre) = pair();
        station.write_hub(b"from the newer one");
        centre.write(Audience::Member(StationNo(1)), Lane::CASES, b"from the other");
        let mut link = Link::speaking(&station, &centre, max).run(&mut station, &mut centre);
        assert!(same(&station, &centre), "version {max}");
        let sent: Vec<Codec> =
            [&link.a, &link.b].iter().flat_map(|end| end.segments()).map(|h| h.codec).collect();
        assert_eq!(sent, [codec, codec], "version {max}");
        link.hang_up(&mut station, &mut centre);
    }
}

/// Fails if a peer that was given an older program again loses what the first flight brought in the form of the newer one.
#[test]
fn a_peer_gone_back_to_an_older_version_is_sent_again_what_it_cannot_read() {
    let (mut station, mut centre) = pair();
    station.write_hub(b"one");
    meet(&mut station, &mut centre);
    station.write_hub(b"two");
    let mut link = Link::speaking(&station, &centre, 2).run(&mut station, &mut centre);
    let sent: Vec<(u64, Codec)> = link.a.segments().iter().map(|h| (h.first, h.codec)).collect();
    assert_eq!(sent, [(2, Codec::PRESSED), (2, Codec::RAW)], "the flight, then what it reads");
    assert!(same(&station, &centre));
    link.hang_up(&mut station, &mut centre);
    station.write_hub(b"three");
    let link = Link::speaking(&station, &centre, 2).run(&mut station, &mut centre);
    let sent: Vec<Codec> = link.a.segments().iter().map(|h| h.codec).collect();
    assert_eq!(sent, [Codec::RAW], "the older version is remembered");
    assert!(same(&station, &centre));
}
