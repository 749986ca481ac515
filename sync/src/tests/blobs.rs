//! Blobs go after records, one piece at a time, and only what was asked for, verified and stored counts (D5).

use super::pipe::{Link, meet};
use super::testblobs::{Fault, ciphertext};
use super::testbox::{TestBox, Town};
use crate::*;
use canon::Canon as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

const PIECE: usize = limit::BLOB_PIECE_BYTES;

/// A station that holds two photos and their thumbnails, and a centre whose documents name them.
fn pair() -> (TestBox, TestBox, Vec<(BlobName, Vec<u8>)>) {
    let town = Town::new(2);
    let (mut station, mut centre) = (town.make("station1"), town.make("centre"));
    let mut all = Vec::new();
    for number in 0..4u8 {
        let bytes = ciphertext(number, if number < 2 { 4 * PIECE + 100 } else { 3_000 });
        station.blobs.hold(&bytes);
        all.push((centre.blobs.name(&bytes, u8::from(number < 2)), bytes));
    }
    station.blobs.readers.insert(centre.id());
    centre.blobs.readers.insert(station.id());
    (station, centre, all)
}

fn arrived(centre: &TestBox, all: &[(BlobName, Vec<u8>)]) -> bool {
    all.iter().all(|(name, bytes)| centre.blobs.whole(name).as_ref() == Some(bytes))
}

/// Each piece stored once, in order.
fn once(centre: &TestBox) -> bool {
    let mut sorted = centre.blobs.stored.clone();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len() == centre.blobs.stored.len()
}

/// Fails if a blob arrives otherwise than it was, a photo goes before a thumbnail, anything of them before the
/// records, or more than one piece is under way.
#[test]
fn d5_blobs_go_after_the_records_thumbnails_first_one_piece_at_a_time() {
    let (mut station, mut centre, all) = pair();
    for n in 0..200u8 {
        station.write_hub(&[n; 300]);
    }
    let link = meet(&mut station, &mut centre);
    assert!(arrived(&centre, &all) && once(&centre));
    let names = link.a.names();
    let last_segment = names.iter().rposition(|name| *name == "segment").unwrap();
    assert!(names.iter().position(|name| *name == "piece").unwrap() > last_segment);
    let pieces = link.a.pieces();
    assert_eq!(pieces.len(), 12);
    let thumbs: Vec<_> = all[2..].iter().map(|(name, _)| *name).collect();
    assert!(pieces[..2].iter().all(|(name, _)| thumbs.contains(name)), "thumbnails before photos");
    assert_eq!(link.b.names().iter().filter(|name| **name == "kept").count(), 12);
    assert_eq!(link.a.session.progress().blobs_left, 0);
    let again = meet(&mut station, &mut centre);
    assert_eq!((again.a.names(), again.b.names()), (vec!["hello"], vec!["hello"]), "nothing more to say");
}

/// Fails if a link cut at some byte makes a piece that was stored travel again, or loses one.
#[test]
fn d5_a_link_cut_at_any_byte_goes_on_at_the_piece_where_it_was() {
    let (first, second, all) = pair();
    let whole = Link::new(&first, &second).run(&mut first.clone(), &mut second.clone());
    let total = whole.a.said_bytes + whole.b.said_bytes;
    for fuse in (1..total).step_by(2_999) {
        let (mut station, mut centre) = (first.clone(), second.clone());
        let mut link = Link { fuse, chunk: 1_400, ..Link::new(&station, &centre) };
        link.connect(&mut station, &mut centre);
        link.deliver(&mut station, &mut centre);
        let held: Vec<_> = centre.blobs.stored.clone();
        let again = meet(&mut station, &mut centre);
        assert!(arrived(&centre, &all) && once(&centre), "cut at byte {fuse}");
        let twice = again.a.pieces().iter().filter(|piece| held.contains(piece)).count();
        assert_eq!(twice, 0, "cut at byte {fuse}: a piece that was held travelled again");
        assert_eq!(held.len() + again.a.pieces().len(), 12);
    }
}

/// Fails if an entry that becomes ready while a photo travels waits for more than the piece that is under way.
#[test]
fn h3_a_record_overtakes_a_photo_at_the_next_piece() {
    let (mut station, mut centre, all) = pair();
    let mut link = Link { chunk: 20_000, ..Link::new(&station, &centre) };
    link.connect(&mut station, &mut centre);
    for written in 0..10u8 {
        let before = link.a.pieces().len();
        while link.a.pieces().len() == before {
            assert!(link.step(&mut station, &mut centre), "all was sent before so many records were written");
        }
        let said = link.a.said.len();
        station.write_hub(&[written; 500]);
        link.changed_a(&mut station);
        let sent = &link.a.names()[said..];
        assert!(sent.contains(&"segment") && !sent.contains(&"piece"), "{sent:?}");
    }
    link.deliver(&mut station, &mut centre);
    assert!(arrived(&centre, &all));
    assert_eq!(centre.arrived.len(), 10);
}

/// Fails if a box of an earlier version gets to hear of blobs, or its records wait.
#[test]
fn an_older_peer_gets_records_and_hears_nothing_of_blobs() {
    let (mut station, mut centre, _) = pair();
    station.write_hub(b"case");
    let link = Link::speaking(&station, &centre, 1).run(&mut station, &mut centre);
    assert_eq!(centre.arrived.len(), 1);
    let blobs = ["wanted", "piece", "kept", "refused", "cannot"];
    let said = [link.a.names(), link.b.names()].concat();
    assert!(said.iter().all(|name| !blobs.contains(name)), "{said:?}");
    assert!(link.a.closed.is_none() && link.b.closed.is_none());
    // and one that says something of them all the same is no peer of that version
    let mut link = Link::speaking(&station, &centre, 1).run(&mut station, &mut centre);
    let frame = Frame::Blob(BlobFrame::Cannot([1; 32], BlobReason::Absent)).encode();
    link.b.event(5_000, Event::Frame(frame[4..].to_vec()), &mut centre);
    assert!(matches!(link.b.closed, Some(CloseReason::Protocol(_))));
}

/// Fails if what is forged, torn, out of order or not asked for is stored, goes uncounted, or stops what is right.
#[test]
fn d5_forged_unasked_and_malformed_pieces_are_refused_and_counted() {
    let (mut station, mut centre, all) = pair();
    let (name, bytes) = all[0].clone();
    let head = BlobHead { header: BlobHeader::of(&bytes).to_canon(), parcel: Vec::new() };
    let other = BlobHead { header: BlobHeader::of(&bytes[1..]).to_canon(), parcel: Vec::new() };
    let good = BlobPiece { name, index: 0, head: Some(head), bytes: bytes[..PIECE].to_vec() };
    let mut flipped = good.clone();
    flipped.bytes[77] ^= 1;
    let second = BlobPiece { index: 1, head: None, bytes: bytes[PIECE..2 * PIECE].to_vec(), ..good.clone() };
    for (bad, reason) in [
        (BlobPiece { name: [3; 32], ..good.clone() }, BlobReason::Unasked),
        (flipped, BlobReason::Piece),
        (BlobPiece { head: Some(other), ..good.clone() }, BlobReason::Name),
        (second, BlobReason::Order),
    ] {
        let (mut a, mut b) = (station.clone(), centre.clone());
        a.blobs = super::testblobs::TestBlobs { readers: a.blobs.readers, ..Default::default() };
        b.blobs.named.retain(|named, _| *named == name);
        let mut link = Link::new(&a, &b);
        link.connect(&mut a, &mut b);
        // the centre has asked, and the station has not answered yet
        while !link.b.names().contains(&"wanted") {
            assert!(link.step(&mut a, &mut b));
        }
        let frame = Frame::Blob(BlobFrame::Piece(bad)).encode();
        link.b.event(2_000, Event::Frame(frame[4..].to_vec()), &mut b);
        assert_eq!((b.blobs.refused.as_slice(), b.blobs.stored.len()), (&[reason][..], 0));
        assert_eq!(*link.b.names().last().unwrap(), "refused");
        assert!(link.b.closed.is_none(), "records go on");
    }
    meet(&mut station, &mut centre);
    assert!(arrived(&centre, &all));

    // who sends nothing else is hung up on
    let mut link = Link::new(&station, &centre).run(&mut station, &mut centre);
    for _ in 0..=limit::BLOB_OFFENCES {
        let frame = Frame::Blob(BlobFrame::Piece(good.clone())).encode();
        link.b.event(2_000, Event::Frame(frame[4..].to_vec()), &mut centre);
        if link.b.closed.is_some() {
            break;
        }
    }
    assert!(matches!(link.b.closed, Some(CloseReason::Protocol(_))));
}

/// Fails if a box gives a blob to a peer that may not read its document, or asks it again and again.
#[test]
fn a_peer_that_may_not_read_a_document_gets_no_blob_of_it() {
    let (mut station, mut centre, _) = pair();
    station.blobs.readers.clear();
    let link = meet(&mut station, &mut centre);
    assert_eq!(link.a.pieces(), []);
    assert_eq!(link.a.names().iter().filter(|name| **name == "cannot").count(), 4);
    assert_eq!(station.blobs.refused, [BlobReason::Scope; 4]);
    assert_eq!(link.b.names().iter().filter(|name| **name == "wanted").count(), 1);
}

/// Fails if a full box is sent pieces all the same, its peer does not hear why, or nothing comes once there is room.
#[test]
fn a_full_box_says_so_and_gets_the_rest_when_there_is_room() {
    let (mut station, mut centre, all) = pair();
    centre.blobs.full = true;
    let mut link = Link::new(&station, &centre).run(&mut station, &mut centre);
    assert!(station.blobs.peer_full && link.a.pieces().is_empty());
    centre.blobs.full = false;
    link.b.event(3_000, Event::LocalChanged, &mut centre);
    while link.a.pieces().len() < 4 {
        assert!(link.step(&mut station, &mut centre));
    }
    assert!(!station.blobs.peer_full);
    // the disk fills up in the middle
    centre.blobs.full = true;
    link.deliver(&mut station, &mut centre);
    let sent = link.a.pieces().len();
    assert!(station.blobs.peer_full && sent <= 5, "{sent}");
    station.write_hub(b"records go on");
    link.changed_a(&mut station);
    link.deliver(&mut station, &mut centre);
    assert_eq!((centre.arrived.len(), link.a.pieces().len()), (1, sent));
    centre.blobs.full = false;
    link.b.event(4_000, Event::LocalChanged, &mut centre);
    link.deliver(&mut station, &mut centre);
    assert!(arrived(&centre, &all) && once(&centre) && !station.blobs.peer_full);
}

/// Fails if more than the limit is asked for at once, or what is beyond it never is.
#[test]
fn many_blobs_are_asked_for_a_few_at_a_time() {
    let (mut station, mut centre, _) = pair();
    let mut all = Vec::new();
    for number in 0..150u8 {
        let bytes = ciphertext(number, 200 + usize::from(number));
        station.blobs.hold(&bytes);
        all.push((centre.blobs.name(&bytes, 1), bytes));
    }
    let link = meet(&mut station, &mut centre);
    assert!(arrived(&centre, &all) && once(&centre));
    let asked = |frame: &Frame| {
        let Frame::Blob(BlobFrame::Wanted { wants, .. }) = frame else { return None };
        Some(wants.len())
    };
    let lists: Vec<usize> = link.b.said.iter().filter_map(asked).collect();
    assert_eq!(lists.iter().sum::<usize>(), 154, "each once");
    assert!(lists.iter().all(|count| *count <= limit::BLOBS_ASKED));
}

/// Connects and talks until nothing is left to say. False when the link broke, or there is no end to it.
fn talk(link: &mut Link, a: &mut TestBox, b: &mut TestBox) -> bool {
    link.connect(a, b);
    while link.a.said_bytes < 8_000_000 {
        if !link.step(a, b) {
            return link.fuse > 0;
        }
    }
    false
}

/// One life: links that break anywhere, restarts, new photos. True when everything came out right.
fn live(seed: u64, fault: Option<Fault>) -> bool {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mut station, mut centre, mut all) = pair();
    centre.blobs.fault = fault;
    for step in 0..8u8 {
        station.restart();
        if rng.random_ratio(1, 3) {
            let bytes = ciphertext(100 + step, rng.random_range(1..3 * PIECE));
            station.blobs.hold(&bytes);
            all.push((centre.blobs.name(&bytes, rng.random_range(0..2)), bytes));
        }
        if rng.random_bool(0.5) {
            station.write_hub(&[step; 60]);
        }
        station.blobs.spoils = rng.random_ratio(1, 4);
        let mut link = Link::new(&station, &centre);
        (link.chunk, link.fuse) = (rng.random_range(1..90_000), rng.random_range(1..300_000));
        talk(&mut link, &mut station, &mut centre);
    }
    station.blobs.spoils = false;
    for _ in 0..2 {
        let mut link = Link::new(&station, &centre);
        if !talk(&mut link, &mut station, &mut centre) {
            return false;
        }
        link.hang_up(&mut station, &mut centre);
    }
    arrived(&centre, &all) && once(&centre)
}

/// Random lives; a failure names its seed.
#[test]
fn d5_whatever_happens_every_blob_arrives_once() {
    (0..60).for_each(|seed| assert!(live(seed, None), "seed {seed}"));
}

/// Fails if the lives above would not notice a box that takes pieces as they come, or says "durable" too early.
#[test]
fn planted_faults_of_a_box_are_noticed() {
    for fault in [Fault::Unverified, Fault::SaidEarly] {
        assert!((0..60).any(|seed| !live(seed, Some(fault))), "{fault:?} went unnoticed");
    }
}
