//! Peers that are not what they should be: unlisted, cut, silent, of another town or version, or talking nonsense.

use super::pipe::{Link, meet};
use super::testbox::{TestBox, Town};
use crate::limit;
use crate::*;
use identity::*;

fn closed(link: &Link) -> (Option<CloseReason>, Option<CloseReason>) {
    (link.a.closed.clone(), link.b.closed.clone())
}

/// Fails if a box that has slept through new lists is locked out, or an unlisted one learns more than the list.
#[test]
fn an_old_list_locks_nobody_out() {
    let mut town = Town::new(1);
    let mut sleeper = town.make("station1");
    sleeper.write_hub(b"from before");
    town.members.push(("station2".to_owned(), 2));
    town.epoch = 2;
    let mut newcomer = town.make("station2");
    newcomer.write(Audience::All, Lane::OTHER, b"profile");
    let link = Link::new(&sleeper, &newcomer).run(&mut sleeper, &mut newcomer);
    assert!(link.a.notes.contains(&Note::NowListed), "{:?}", link.a.notes);
    assert_eq!(sleeper.membership.number(), newcomer.membership.number());
    assert_eq!(sleeper.view(&newcomer), newcomer.view(&sleeper));
    assert_eq!(closed(&link), (None, None));
}

#[test]
fn a_peer_that_no_list_names_learns_the_list_and_nothing_else() {
    let mut town = Town::new(2);
    let mut cut = town.make("station2");
    cut.write_hub(b"x");
    town.members.retain(|(name, _)| name != "station2");
    town.cuts = vec![Cut { device: cut.id(), role: Role::Station, station: StationNo(2), heads: Vec::new() }];
    town.epoch = 2;
    let mut centre = town.make("centre");
    centre.write(Audience::All, Lane::OTHER, b"catalogue");
    let link = Link::new(&cut, &centre).run(&mut cut, &mut centre);
    assert_eq!(link.b.names(), ["hello", "register", "bye"]);
    let Frame::Hello(hello) = &link.b.said[0] else { panic!("hello first") };
    assert_eq!(hello.digest, [0; 16]);
    assert_eq!(link.b.closed, Some(CloseReason::NotListed));
    assert!(matches!(link.a.closed, Some(CloseReason::NotListed | CloseReason::Bye { code: 3, .. })));
    assert_eq!((centre.admissions, cut.membership.number().epoch), (0, 2), "it knows now that it is cut");
}

/// Fails if a cut that arrives while a link stands leaves the link standing.
#[test]
fn a_cut_ends_a_link_that_stands() {
    let mut town = Town::new(2);
    let (mut station, mut centre) = (town.make("station1"), town.make("centre"));
    let mut link = Link::new(&centre, &station).run(&mut centre, &mut station);
    town.members.retain(|(name, _)| name != "station1");
    town.cuts =
        vec![Cut { device: station.id(), role: Role::Station, station: StationNo(1), heads: Vec::new() }];
    town.epoch = 2;
    centre.membership = town.membership();
    centre.hold_register(town.register());
    link.changed_a(&mut centre);
    assert_eq!(link.a.closed, Some(CloseReason::NotListed));
}

/// A newer list goes round with any session, before anything else.
#[test]
fn a_newer_list_travels_first() {
    let mut town = Town::new(2);
    let (mut station, mut centre) = (town.make("station1"), town.make("centre"));
    town.epoch = 5;
    centre.membership = town.membership();
    centre.hold_register(town.register());
    centre.write(Audience::All, Lane::NOTICES, b"notice");
    let link = meet(&mut centre, &mut station);
    assert_eq!(link.a.names()[..3], ["hello", "register", "vector"]);
    assert_eq!(link.a.names().iter().filter(|name| **name == "register").count(), 1, "once");
    assert_eq!(station.membership.number().epoch, 5);
}

#[test]
fn another_township_or_version_is_told_so() {
    let (mut station, mut centre) = (Town::new(1).make("station1"), Town::new(1).make("centre"));
    let mut link = Link::new(&station, &centre);
    link.connect(&mut station, &mut centre);
    let Frame::Hello(hello) = link.b.said[0].clone() else { panic!("hello first") };
    let answer = |hello: Hello, station: &mut TestBox| {
        let mut link = Link::new(station, &centre);
        link.a.event(1, Event::Connected, station);
        link.a.take(2, &Frame::Hello(hello).encode(), station);
        (link.a.closed.clone(), link.a.said.last().cloned())
    };
    let foreign = Hello { township: TownshipId([9; 16]), ..hello.clone() };
    let text = "the peer belongs to another township".to_owned();
    assert_eq!(answer(foreign, &mut station), (Some(CloseReason::Township), Some(Frame::Bye(2, text))));
    let (reason, bye) = answer(Hello { min: 4, max: 5, ..hello.clone() }, &mut station);
    assert_eq!(reason, Some(CloseReason::Version { min: 4, max: 5 }));
    let Some(Frame::Bye(1, text)) = bye else { panic!("a bye says why") };
    assert_eq!(text, "no common protocol version: the peer speaks 4 to 5");
    assert_eq!(answer(Hello { max: 9, ..hello }, &mut station).0, None, "the common version is spoken");
}

/// Fails if nonsense is not refused, if anything of it is stored, or if what came whole before it is lost.
#[test]
fn nonsense_ends_the_session_with_a_reason_and_stores_nothing() {
    let town = Town::new(1);
    let nonsense: [&[u8]; 6] = [
        &[],
        &[99],
        &[4, 1, 2, 3],
        &[6, 0],
        &Frame::Hello(Hello {
            min: 1,
            max: 1,
            township: TownshipId([0; 16]),
            list: ListNumber { generation: 1, epoch: 1 },
            digest: [0; 16],
        })
        .encode()[4..],
        &[1; 70],
    ];
    for bytes in nonsense {
        let (mut station, mut centre) = (town.make("station1"), town.make("centre"));
        station.write_hub(b"whole");
        let mut link = Link::new(&station, &centre).run(&mut station, &mut centre);
        let stored = centre.arrived.len();
        link.b.event(link.now_ms, Event::Frame(bytes.to_vec()), &mut centre);
        assert!(matches!(link.b.closed, Some(CloseReason::Protocol(_))), "{bytes:?}: {:?}", link.b.closed);
        assert!(matches!(link.b.said.last(), Some(Frame::Bye(4, _))));
        assert_eq!((centre.arrived.len(), stored), (1, 1));
        link.b.event(link.now_ms, Event::LocalChanged, &mut centre);
    }
    let (mut station, centre) = (town.make("station1"), town.make("centre"));
    let mut early = Link::new(&station, &centre);
    early.a.event(1, Event::Connected, &mut station);
    early.a.event(2, Event::Frame(Frame::Ping(1).encode()[4..].to_vec()), &mut station);
    assert!(matches!(early.a.closed, Some(CloseReason::Protocol(_))), "nothing is said before hello");
}

/// Fails if logs that are none of this pair's business get in, or a segment meant for another box.
#[test]
fn what_is_not_this_pairs_is_refused() {
    let town = Town::new(2);
    let (mut one, mut two, mut centre) = (town.make("station1"), town.make("station2"), town.make("centre"));
    one.write_hub(b"secret of one");
    let log = one.log(Audience::Hub, Lane::CASES);
    let stretch = one.stretch(&log, 1, Budget { entries: 1, bytes: 1 }).unwrap();
    let draft = SegmentDraft { key: &one.key, log, first: 1, stretch, pressed: None, level: 3 };
    let to_centre = |_: u64, aad: &[u8; 32], plain: &[u8]| {
        Some(Sealed { encapsulated: [9; 32], ciphertext: super::testbox::toy_seal(&centre.id(), aad, plain) })
    };
    let segment = draft.build((centre.id(), Some(1)), to_centre).unwrap();
    let frame = Frame::Segment(canon::Canon::to_canon(&segment)).encode();
    let mut link = Link::new(&one, &two).run(&mut one, &mut two);
    link.b.take(link.now_ms, &frame, &mut two);
    assert_eq!(link.b.notes.last(), Some(&Note::Refused(log, Reason::Scope)));
    let mut link = Link::new(&two, &centre).run(&mut two, &mut centre);
    link.b.take(link.now_ms, &frame, &mut centre);
    assert_eq!(link.b.notes.last(), Some(&Note::Refused(log, Reason::Scope)), "two may not carry it live");
    assert_eq!((link.a.closed, link.b.closed), (None, None));
    assert_eq!(centre.arrived, []);
}

/// Fails if what is sealed to another box, or to this one but damaged, is not called what it is.
#[test]
fn a_seal_that_does_not_open_here_is_refused() {
    let town = Town::new(2);
    let (mut station, mut centre) = (town.make("station1"), town.make("centre"));
    station.write_hub(b"case");
    let log = station.log(Audience::Hub, Lane::CASES);
    let build = |station: &mut TestBox, to: DeviceId, spoil: u8| {
        let stretch = station.stretch(&log, 1, Budget { entries: 1, bytes: 1 }).unwrap();
        let draft = SegmentDraft { key: &station.key, log, first: 1, stretch, pressed: None, level: 3 };
        let segment = draft.build((to, Some(1)), |_, aad, plain| {
            let mut ciphertext = super::testbox::toy_seal(&to, aad, plain);
            ciphertext[0] ^= spoil;
            Some(Sealed { encapsulated: [9; 32], ciphertext })
        });
        Frame::Segment(canon::Canon::to_canon(&segment.unwrap())).encode()
    };
    let elsewhere = town.make("station2").id();
    for (to, spoil, accepted) in [(elsewhere, 0, false), (centre.id(), 1, false), (centre.id(), 0, true)] {
        let mut alone = station.clone();
        alone.holdings = Default::default();
        alone.journal.clear();
        let mut link = Link::new(&alone, &centre).run(&mut alone, &mut centre);
        let opening = station.holdings.opening(&station.id(), &log.epoch).unwrap();
        link.b.take(1_100, &Frame::Opening(opening.as_ref().clone()).encode(), &mut centre);
        link.b.take(1_100, &build(&mut station, to, spoil), &mut centre);
        let refused = link.b.notes.contains(&Note::Refused(log, Reason::Seal));
        assert_eq!((refused, centre.head(&log)), (!accepted, u64::from(accepted)));
    }
}

/// Fails if a dead link is kept, a slow one is dropped, or a quiet one chatters.
#[test]
fn silence_is_asked_about_and_then_ends_the_session() {
    let town = Town::new(1);
    let (mut station, mut centre) = (town.make("station1"), town.make("centre"));
    let mut link = Link::new(&station, &centre).run(&mut station, &mut centre);
    let start = link.now_ms;
    for _ in 0..10 {
        // A quiet day: only the dialer asks, and only when its time has come.
        link.now_ms = link.a.wake_ms;
        link.a.event(link.now_ms, Event::Tick, &mut station);
        link.now_ms += 600;
        link.deliver(&mut station, &mut centre);
    }
    assert_eq!(link.a.names().iter().filter(|name| **name == "ping").count(), 10);
    assert!(!link.b.names().contains(&"ping"));
    assert!(link.now_ms - start >= 10 * limit::PING_IDLE_MS);
    // The line goes dead.
    let asked = link.a.wake_ms;
    link.a.event(asked, Event::Tick, &mut station);
    link.a.event(asked + limit::PONG_MS - 1, Event::Tick, &mut station);
    assert_eq!(link.a.closed, None, "a slow line has its time");
    link.a.event(asked + limit::PONG_MS, Event::Tick, &mut station);
    assert_eq!(link.a.closed, Some(CloseReason::Silent));
    let mut mute = Link::new(&station, &centre);
    mute.a.event(5, Event::Connected, &mut station);
    assert_eq!(mute.a.wake_ms, 5 + limit::HELLO_MS);
    mute.a.event(5 + limit::HELLO_MS, Event::Tick, &mut station);
    assert_eq!(mute.a.closed, Some(CloseReason::Silent));
}

/// Fails if a fork at the same number, which no exchange would ever move, goes unseen.
#[test]
fn a_fork_at_equal_numbers_is_seen() {
    let town = Town::new(1);
    let (mut station, mut centre) = (town.make("station1"), town.make("centre"));
    station.write_hub(b"one");
    let mut clone = station.clone();
    station.write_hub(b"written here");
    clone.write_hub(b"written by the clone in the same epoch");
    meet(&mut station, &mut centre);
    let link = meet(&mut clone, &mut centre);
    let log = station.log(Audience::Hub, Lane::CASES);
    assert!(link.b.notes.contains(&Note::ForkSeen(log, 2)), "{:?}", link.b.notes);
    clone.write_hub(b"and more");
    let link = meet(&mut clone, &mut centre);
    assert!(link.a.notes.contains(&Note::PeerRefused(log, Reason::Fork)), "{:?}", link.a.notes);
    assert_eq!(centre.head(&log), 2);
}

/// Fails if a log that was refused under an old list stays refused on a link that stands when a new list comes.
#[test]
fn a_new_list_gives_refused_logs_another_chance() {
    let mut town = Town::new(1);
    let (mut station, mut centre) = (town.make("station1"), town.make("centre"));
    let (log, _) = station.write_hub(b"case");
    centre.refuse.insert(log, Reason::Unlisted);
    let mut link = Link::new(&station, &centre).run(&mut station, &mut centre);
    assert_eq!(centre.head(&log), 0);
    centre.refuse.clear();
    link.changed_a(&mut station);
    link.deliver(&mut station, &mut centre);
    assert_eq!(centre.head(&log), 0, "not before its time");
    town.epoch = 2;
    station.membership = town.membership();
    station.hold_register(town.register());
    link.changed_a(&mut station);
    link.deliver(&mut station, &mut centre);
    assert_eq!(centre.head(&log), 1);
}
