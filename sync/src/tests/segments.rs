use super::formats::draft;
use super::testbox::{Town, seed};
use crate::chain::{HeldLog, Stop, authentic, verify_segment};
use crate::limit;
use crate::*;
use canon::Canon as _;
use identity::*;

fn key(name: &str) -> DeviceKey {
    DeviceKey::from_seed(seed(name))
}

fn no_seal(_: u64, _: &[u8; 32], plain: &[u8]) -> Option<Sealed> {
    Some(Sealed { encapsulated: [0; 32], ciphertext: plain.to_vec() })
}

/// Fails if one changed bit anywhere leaves a segment acceptable: whoever carries it can neither alter nor shorten it.
#[test]
fn a_segment_with_any_byte_changed_or_missing_is_refused() {
    let membership = Town::new(1).membership();
    let station = key("station1");
    for audience in [Audience::All, Audience::Hub] {
        let segment = draft(&station, audience, None).build((key("centre").id(), Some(1)), no_seal).unwrap();
        assert_eq!(authentic(&segment, &membership), Ok(()));
        let bytes = segment.to_canon();
        let accepted =
            |bytes: &[u8]| Segment::decode(bytes).is_ok_and(|s| authentic(&s, &membership).is_ok());
        assert!(accepted(&bytes), "the control");
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            assert!(!accepted(&flipped), "byte {at} changed");
            assert!(!accepted(&bytes[..at]), "cut at {at}");
        }
    }
}

/// Trap 6. Fails if a payload is believed about its own size: memory must follow the limits, not the sender.
#[test]
fn payloads_that_lie_about_their_length_are_refused() {
    let station = key("station1");
    let honest = draft(&station, Audience::All, None).build((station.id(), None), no_seal).unwrap();
    assert_eq!(honest.unpack(&honest.payload).unwrap().len(), 2);
    let with = |change: fn(&mut SegmentHeader), payload: Vec<u8>| {
        let mut segment = Segment { header: honest.header.clone(), payload };
        change(&mut segment.header);
        segment.unpack(&segment.payload).unwrap_err()
    };
    let bomb = zstd::bulk::compress(&vec![0u8; 300 * 1024 * 1024], 3).unwrap();
    assert!(bomb.len() < 64 * 1024);
    assert_eq!(with(|_| {}, bomb.clone()), PayloadFault::Length);
    assert_eq!(with(|h| h.inflated = 300 * 1024 * 1024, bomb.clone()), PayloadFault::Declared);
    assert_eq!(with(|h| h.inflated = limit::SEGMENT_INFLATED_BYTES as u64, bomb), PayloadFault::Length);
    assert_eq!(with(|h| h.count = u64::MAX, honest.payload.clone()), PayloadFault::Declared);
    assert_eq!(with(|h| h.inflated -= 1, honest.payload.clone()), PayloadFault::Length);
    assert_eq!(with(|h| h.inflated += 1, honest.payload.clone()), PayloadFault::Length);
    assert!(matches!(with(|h| h.count = 3, honest.payload.clone()), PayloadFault::Entries(_)));
    assert_eq!(with(|h| h.codec = Codec(2), honest.payload.clone()), PayloadFault::Codec(2));
    assert_eq!(with(|h| h.codec = Codec::RAW, honest.payload.clone()), PayloadFault::Length);
    assert_eq!(with(|_| {}, [&honest.payload[..], &[0]].concat()), PayloadFault::Length);
    let two = [&honest.payload[..], &honest.payload[..]].concat();
    assert_eq!(with(|h| h.inflated *= 2, two), PayloadFault::Length);
    // A window of 128 MiB is asked for by a frame header of a few bytes: refused before it is reserved.
    let wide = {
        use std::io::Write as _;
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
        encoder.window_log(27).unwrap();
        encoder.write_all(&[1; 100]).unwrap();
        encoder.finish().unwrap()
    };
    assert_eq!(with(|h| h.inflated = 100, wide), PayloadFault::Length);
}

#[test]
fn a_segment_holds_neither_nothing_nor_too_much() {
    let station = key("station1");
    let build = |entries: Vec<Entry>| {
        let stretch = Stretch { prev: [0; 32], entries, last: [0; 32], proof: None };
        SegmentDraft { stretch, ..draft(&station, Audience::All, None) }
            .build((station.id(), None), no_seal)
            .map(|_| ())
    };
    let entry = |size| Entry {
        header: EntryHeader { doc: [0; 16], kind: 1, origin: None },
        form: Form::Body(vec![0; size]),
    };
    assert_eq!(build(Vec::new()), Err(BuildFault::Count));
    assert_eq!(build(vec![entry(1); limit::SEGMENT_ENTRIES + 1]), Err(BuildFault::Count));
    assert_eq!(build(vec![entry(limit::BODY_BYTES); 17]), Err(BuildFault::TooLong));
    assert_eq!(build(vec![entry(limit::BODY_BYTES); 15]), Ok(()));
    let sealed = draft(&station, Audience::Hub, None).build((station.id(), None), no_seal);
    assert_eq!(sealed.map(|_| ()), Err(BuildFault::Seal), "no sealing key of the recipient is known");
}

/// Fails if anybody but the writer and the centre can bring entries, unless with what one of them signed.
#[test]
fn only_the_writer_the_centre_or_a_proof_may_bring_a_log() {
    let town = Town::new(2);
    let membership = town.membership();
    let (writer, centre, other) = (key("station1"), key("centre"), key("station2"));
    let build = |key: &DeviceKey, proof: Option<Vec<u8>>| {
        let mut draft = draft(key, Audience::All, proof);
        draft.log.device = writer.id();
        draft.build((centre.id(), None), no_seal).unwrap()
    };
    let own = build(&writer, None);
    assert_eq!(authentic(&own, &membership), Ok(()));
    assert_eq!(authentic(&build(&centre, None), &membership), Ok(()));
    assert_eq!(authentic(&build(&other, None), &membership), Err(Reason::Signer));
    let proof = own.header.to_proof();
    let proven = build(&other, Some(proof.clone()));
    assert_eq!(authentic(&proven, &membership), Ok(()));
    assert_eq!(proven.header.to_proof(), proof, "handed on, the proof stays the writer's");
    let vouched = build(&other, Some(build(&centre, None).header.to_proof()));
    assert_eq!(authentic(&vouched, &membership), Ok(()));
    let nested = build(&other, Some(proven.header.to_canon()));
    assert_eq!(authentic(&nested, &membership), Err(Reason::Signer), "a third one's word is no proof");
    let mut invented = draft(&other, Audience::All, Some(proof));
    invented.log.device = writer.id();
    invented.stretch.last = [3; 32];
    let invented = invented.build((centre.id(), None), no_seal).unwrap();
    assert_eq!(authentic(&invented, &membership), Err(Reason::Signer), "it proves another link");
    // A header that names the writer, but which the writer did not sign; and one of another log of the writer's.
    let mut forged = build(&other, None).header;
    forged.signer = writer.id();
    let forged = build(&other, Some(forged.to_canon()));
    assert_eq!(authentic(&forged, &membership), Err(Reason::Signer));
    let mut elsewhere = draft(&writer, Audience::All, None);
    elsewhere.log.lane = Lane::RATINGS;
    let elsewhere = elsewhere.build((centre.id(), None), no_seal).unwrap();
    let elsewhere = build(&other, Some(elsewhere.header.to_proof()));
    assert_eq!(authentic(&elsewhere, &membership), Err(Reason::Signer));
    let unlisted = key("station9");
    let foreign = SegmentDraft {
        log: LogId { device: unlisted.id(), ..own.header.log },
        ..draft(&unlisted, Audience::All, None)
    };
    let foreign = foreign.build((centre.id(), None), no_seal).unwrap();
    assert_eq!(authentic(&foreign, &membership), Err(Reason::Unlisted));
}

/// The writer's log of `count` entries as one segment from `first` on, and its links.
fn chain_of(count: u8, first: u64, change: Option<u8>) -> (SegmentHeader, Vec<Entry>, Vec<Link>) {
    let writer = key("station1");
    let opening = Opening::sign(&writer, Epoch([1; 8]), Vec::new());
    let log = LogId { device: writer.id(), epoch: Epoch([1; 8]), audience: Audience::All, lane: Lane::CASES };
    let mut links = vec![first_link(&log, &opening.hash())];
    let mut entries = Vec::new();
    for (seq, n) in (1..).zip(0..count) {
        let body = if change == Some(n) { vec![n, 99] } else { vec![n] };
        let header = EntryHeader { doc: [n; 16], kind: 1, origin: None };
        let entry = Entry { header, form: Form::Body(body) };
        links.push(link(links.last().unwrap(), seq, &header, &entry.form.hash()));
        entries.push(entry);
    }
    let skip = usize::try_from(first - 1).unwrap();
    let stretch = Stretch {
        prev: links[skip],
        entries: entries[skip..].to_vec(),
        last: *links.last().unwrap(),
        proof: None,
    };
    let segment =
        SegmentDraft { key: &writer, log, first, stretch: stretch.clone(), pressed: None, level: 3 };
    let segment = segment.build((writer.id(), None), no_seal).unwrap();
    (segment.header, stretch.entries, links)
}

fn verify(first: u64, held: u64, change: Option<u8>) -> Result<usize, Stop> {
    let (header, entries, _) = chain_of(10, first, change);
    let (_, _, links) = chain_of(10, 1, None);
    let link_at = |seq: u64| links.get(usize::try_from(seq).unwrap()).copied().filter(|_| seq <= held);
    let held = HeldLog { seq: held, link: link_at(held).unwrap(), link_at: &link_at };
    verify_segment(&header, &entries, &held, &Town::new(1).membership(), &()).map(|v| v.links.len())
}

/// Fails if a piece that does not continue what is held is taken, or one that does is refused.
#[test]
fn a_segment_must_continue_what_is_held() {
    assert_eq!(verify(1, 0, None), Ok(10));
    assert_eq!(verify(4, 3, None), Ok(7));
    assert_eq!(verify(4, 6, None), Ok(4), "an overlap is skipped");
    assert_eq!(verify(5, 3, None), Err(Stop::Gap { want: 4 }));
    assert_eq!(verify(2, 0, None), Err(Stop::Gap { want: 1 }));
    assert_eq!(verify(1, 10, None), Err(Stop::Duplicate));
    assert_eq!(verify(4, 3, Some(1)), Err(Stop::Fault(Reason::Fork)), "another past");
    assert_eq!(verify(1, 5, Some(2)), Err(Stop::Fault(Reason::Fork)), "another past inside the overlap");
    assert_eq!(verify(1, 10, Some(9)), Err(Stop::Fault(Reason::Fork)), "another entry where one is held");
    assert_eq!(verify(1, 5, Some(8)), Ok(5), "what comes after is new, whatever it is");
}

/// Fails if entries can differ from what the links say: a body, an erased hash, a header, a missing entry.
#[test]
fn entries_must_be_those_that_the_links_cover() {
    let membership = Town::new(1).membership();
    let (header, entries, links) = chain_of(4, 1, None);
    let link_at = |seq: u64| (seq == 0).then(|| links[0]);
    let held = HeldLog { seq: 0, link: links[0], link_at: &link_at };
    let check =
        |entries: &[Entry]| verify_segment(&header, entries, &held, &membership, &()).map(|v| v.links);
    assert_eq!(check(&entries).unwrap(), links[1..]);
    let mut erased = entries.clone();
    erased[1].form = Form::Erased(erased[1].form.hash());
    assert_eq!(check(&erased).unwrap(), links[1..], "an erased body changes no link");
    erased[1].form = Form::Erased([0; 32]);
    assert_eq!(check(&erased), Err(Stop::Fault(Reason::Link)));
    let mut body = entries.clone();
    body[3].form = Form::Body(vec![1, 2, 3]);
    assert_eq!(check(&body), Err(Stop::Fault(Reason::Link)));
    let mut kind = entries.clone();
    kind[0].header.kind = 2;
    assert_eq!(check(&kind), Err(Stop::Fault(Reason::Link)));
    assert_eq!(check(&entries[..3]), Err(Stop::Fault(Reason::Payload)));
}

/// Trap 14. Fails if a revoked box's entries beyond the accepted head count, or those before it are lost.
#[test]
fn a_cut_ends_a_log_where_it_says() {
    let (header, entries, links) = chain_of(6, 1, None);
    let verify_cut_at = |seq: usize| {
        let mut town = Town::new(2);
        town.members.retain(|(name, _)| name != "station1");
        let head = Head { log: header.log, seq: seq as u64, link: links[seq] };
        let device = header.log.device;
        town.cuts = vec![Cut { device, role: Role::Station, station: StationNo(1), heads: vec![head] }];
        let link_at = |seq: u64| (seq == 0).then(|| links[0]);
        let held = HeldLog { seq: 0, link: links[0], link_at: &link_at };
        verify_segment(&header, &entries, &held, &town.membership(), &()).map(|v| v.links.len())
    };
    assert_eq!(verify_cut_at(6), Ok(6));
    assert_eq!(verify_cut_at(5), Err(Stop::Fault(Reason::Cut)));
}
