//! What version 1 looks like, byte for byte. A change here is a new version, not a new golden file.

use super::testbox::{Town, seed};
use crate::limit;
use crate::memory::Memory;
use crate::*;
use canon::Canon;
use identity::*;
use proptest::prelude::*;
use std::path::PathBuf;

fn golden(name: &str, bytes: &[u8]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.hex"));
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let lines: Vec<&str> = hex.as_bytes().chunks(96).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let text = lines.join("\n") + "\n";
    if std::env::var_os("WRITE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, text, "{name}: version 1 looks otherwise (WRITE_GOLDEN=1 writes a new file)");
}

fn check<T: Canon + PartialEq + std::fmt::Debug>(name: &str, value: &T) {
    let bytes = value.to_canon();
    golden(name, &bytes);
    assert_eq!(&T::from_canon(&bytes).unwrap(), value);
    for cut in 0..bytes.len() {
        assert!(T::from_canon(&bytes[..cut]).is_err(), "{name} cut at {cut} was accepted");
    }
    assert!(T::from_canon(&[&bytes[..], &[0]].concat()).is_err(), "{name} with a byte more was accepted");
}

fn key() -> DeviceKey {
    DeviceKey::from_seed(seed("station1"))
}

fn log(audience: Audience) -> LogId {
    LogId { device: key().id(), epoch: Epoch([1; 8]), audience, lane: Lane::CASES }
}

fn head() -> Head {
    Head { log: log(Audience::Hub), seq: 300, link: [4; 32] }
}

fn frontier() -> Frontier {
    let tip = Tip { device: key().id(), epoch: Epoch([1; 8]), heads: vec![TipHead::from(&head())] };
    Frontier { tips: vec![tip, Tip { device: key().id(), epoch: Epoch([2; 8]), heads: Vec::new() }] }
}

pub(super) fn entries() -> Vec<Entry> {
    let plain = EntryHeader { doc: [1; 16], kind: 1, origin: None };
    let vouched = EntryHeader { doc: [2; 16], kind: 200, origin: Some((log(Audience::Hub), 7)) };
    vec![
        Entry { header: plain, form: Form::Body(vec![8; 200]) },
        Entry { header: vouched, form: Form::Erased([6; 32]) },
    ]
}

pub(super) fn draft(key: &DeviceKey, audience: Audience, proof: Option<Vec<u8>>) -> SegmentDraft<'_> {
    let stretch = Stretch { prev: [1; 32], entries: entries(), last: [2; 32], proof };
    SegmentDraft { key, log: log(audience), first: 300, stretch, pressed: None, level: limit::LEVEL_LIVE }
}

fn sealed(version: u64, aad: &[u8; 32], plain: &[u8]) -> Option<Sealed> {
    let mut ciphertext = plain.to_vec();
    ciphertext.extend_from_slice(&aad[..16]);
    Some(Sealed { encapsulated: [u8::try_from(version).unwrap(); 32], ciphertext })
}

#[test]
fn stored_and_sent_values_look_as_version_1() {
    let station = key();
    for (name, entry) in ["entry-body", "entry-erased"].iter().zip(entries()) {
        check(name, &entry);
    }
    check("opening", &Opening::sign(&station, Epoch([2; 8]), vec![head()]));
    check("frontier", &frontier());
    let receipt = Receipt {
        generation: 1,
        incarnation: 2,
        number: 3,
        durable: frontier(),
        backed_up: Frontier::default(),
        held: vec![HeldEntry { log: log(Audience::Hub), seq: 9, reason: 4 }],
        missing: vec![[5; 32]],
    };
    check("receipt", &receipt);
    let register = receipt.sign(&station, StationNo(12));
    check("register", &register);
    assert_eq!(Receipt::from_register(&register).unwrap(), receipt);
    let memory = Memory {
        frontier: frontier(),
        acked: vec![(log(Audience::All), 5)],
        registers: vec![register.mark()],
        spoken: 3,
    };
    check("memory-2", &memory);
    let older =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/memory.hex")).unwrap();
    let older: String = older.split_whitespace().collect();
    let digits = (0..older.len()).step_by(2).map(|at| u8::from_str_radix(&older[at..at + 2], 16).unwrap());
    let older = Memory::from_canon(&digits.collect::<Vec<u8>>()).unwrap();
    assert_eq!(older, Memory { spoken: 0, ..memory }, "what a box of before wrote is read");
    let centre = DeviceKey::from_seed(seed("centre"));
    let clear = draft(&station, Audience::All, None).build((centre.id(), None), sealed).unwrap();
    let closed = draft(&station, Audience::Hub, None).build((centre.id(), Some(3)), sealed).unwrap();
    let proven = draft(&centre, Audience::Hub, Some(closed.header.to_proof()));
    let proven = proven.build((station.id(), Some(1)), sealed).unwrap();
    for (name, segment) in [("segment-clear", clear), ("segment-sealed", closed), ("segment-proof", proven)] {
        let bytes = segment.to_canon();
        golden(name, &bytes);
        assert_eq!(Segment::decode(&bytes).unwrap(), segment);
    }
}

#[test]
fn links_are_those_of_version_1() {
    let opening = Opening::sign(&key(), Epoch([2; 8]), vec![head()]);
    let first = first_link(&log(Audience::Hub), &opening.hash());
    let [body, erased] = entries().try_into().unwrap();
    let one = link(&first, 1, &body.header, &body.form.hash());
    let two = link(&one, 2, &erased.header, &erased.form.hash());
    golden("links", &[opening.hash(), first, one, two].concat());
}

#[test]
fn frames_look_as_version_1() {
    let hello = Hello {
        min: 1,
        max: 1,
        township: TownshipId([1; 16]),
        list: ListNumber { generation: 1, epoch: 300 },
        digest: [2; 16],
    };
    let ack = |verdict| Frame::Ack(Ack { log: log(Audience::Hub), seq: 12, verdict });
    let mark = RegisterMark { kind: 2, owner: key().id(), subject: 1, number: 1 << 40 };
    let frames = [
        Frame::Hello(hello.clone()),
        Frame::Vector(frontier(), vec![mark]),
        Frame::Opening(Opening::sign(&key(), Epoch([2; 8]), Vec::new())),
        Frame::Segment(vec![1, 2, 3]),
        Frame::Register(Town::new(1).register()),
        ack(Verdict::Durable),
        ack(Verdict::Gap),
        ack(Verdict::Refused(Reason::Fork)),
        Frame::Settled([3; 16]),
        Frame::Bye(2, "the peer belongs to another township".to_owned()),
        Frame::Ping(7),
        Frame::Pong(7),
    ];
    let bytes: Vec<u8> = frames.iter().flat_map(Frame::encode).collect();
    golden("frames", &bytes);
    let mut splitter = Splitter::new();
    splitter.push(&bytes);
    for frame in &frames {
        let got = Frame::decode(&splitter.next_frame().unwrap().unwrap()).unwrap();
        assert_eq!(&got, frame);
    }
    assert_eq!(splitter.next_frame(), Ok(None));
    let mut later = Frame::Hello(Hello { max: 4, ..hello.clone() }).encode()[4..].to_vec();
    later.push(99);
    assert!(Frame::decode(&later).is_ok(), "a later version's hello may say more");
    let mut longer = Frame::Hello(hello).encode()[4..].to_vec();
    longer.push(99);
    assert!(Frame::decode(&longer).is_err());
}

#[test]
fn blob_frames_look_as_version_2() {
    let (doc, name) = ([7; 16], [8; 32]);
    let header = BlobHeader::of(&[5; 70_000]).to_canon();
    let head = BlobHead { header, parcel: vec![9; 3] };
    let frames = [
        BlobFrame::Wanted { full: false, wants: vec![Want { doc, name, lane: 1, first: 300 }] },
        BlobFrame::Wanted { full: true, wants: Vec::new() },
        BlobFrame::Piece(BlobPiece { name, index: 0, head: Some(head), bytes: vec![1, 2, 3] }),
        BlobFrame::Piece(BlobPiece { name, index: 1, head: None, bytes: vec![4] }),
        BlobFrame::Kept(name, Kept { next: 2, whole: true }),
        BlobFrame::Refused(name, BlobReason::Full),
        BlobFrame::Cannot(name, BlobReason::Absent),
    ]
    .map(Frame::Blob);
    let bytes: Vec<u8> = frames.iter().flat_map(Frame::encode).collect();
    golden("frames-2", &bytes);
    for frame in &frames {
        assert_eq!(&Frame::decode(&frame.encode()[4..]).unwrap(), frame);
    }
    // a head with a later piece, and a first piece without one, are no frames
    let piece = BlobPiece { name, index: 1, head: None, bytes: vec![4] };
    let mut odd = Frame::Blob(BlobFrame::Piece(piece)).encode()[4..].to_vec();
    odd[33] = 0;
    assert!(Frame::decode(&odd).is_err());
    for code in 0..=255 {
        assert_eq!(BlobReason::from_code(code).code(), code);
    }
    assert_eq!((BlobReason::Unasked.code(), BlobReason::Disk.code()), (1, 10));
}

#[test]
fn unknown_versions_and_types_are_refused_by_name() {
    assert_eq!(
        Segment::decode(&[9, 0, 0]).unwrap_err().to_string(),
        "segment version 9 is unknown to this box"
    );
    assert_eq!(
        Frame::decode(&[77]).unwrap_err().to_string(),
        "frame type 77 is unknown to this protocol version"
    );
    let mut opening = Opening::sign(&key(), Epoch([2; 8]), Vec::new()).to_canon();
    opening[0] = 2;
    assert!(
        Opening::from_canon(&opening).unwrap_err().to_string().contains("version this box does not know")
    );
    let mut register = Town::new(1).register().to_canon();
    register[0] = 2;
    assert!(
        Register::from_canon(&register).unwrap_err().to_string().contains("version this box does not know")
    );
    assert!(Splitter::new().next_frame().unwrap().is_none());
    let mut splitter = Splitter::new();
    splitter.push(&u32::MAX.to_be_bytes());
    assert_eq!(splitter.next_frame(), Err(FrameFault::TooLong(u32::MAX)));
}

#[test]
fn reasons_keep_their_numbers() {
    for code in 0..=255 {
        assert_eq!(Reason::from_code(code).code(), code);
    }
    assert_eq!((Reason::Signature.code(), Reason::Register.code()), (1, 14));
}

proptest! {
    /// Fails if a decoder panics, or if what it accepts is not the one encoding of what it understood.
    #[test]
    fn no_bytes_make_a_decoder_panic_or_have_two_meanings(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(frame) = Frame::decode(&bytes) {
            prop_assert_eq!(&frame.encode()[4..], &bytes[..]);
        }
        if let Ok(segment) = Segment::decode(&bytes) {
            prop_assert_eq!(segment.to_canon(), bytes.clone());
        }
        let _ = (Receipt::from_canon(&bytes), Memory::from_canon(&bytes));
    }

    /// The same with one byte of a real value changed, which gets far deeper.
    #[test]
    fn a_changed_byte_never_has_two_meanings(at in 0usize..10_000, to in any::<u8>(), which in 0usize..4) {
        let station = key();
        let segment = draft(&station, Audience::Hub, None).build((station.id(), Some(1)), sealed).unwrap();
        let mark = RegisterMark { kind: 2, owner: station.id(), subject: 1, number: 9 };
        let frame = match which {
            0 => Frame::Segment(segment.to_canon()),
            1 => Frame::Vector(frontier(), vec![mark]),
            2 => Frame::Opening(Opening::sign(&station, Epoch([2; 8]), vec![head()])),
            _ => Frame::Register(Town::new(1).register()),
        };
        let mut bytes = frame.encode()[4..].to_vec();
        let at = at % bytes.len();
        bytes[at] = to;
        if let Ok(frame) = Frame::decode(&bytes) {
            prop_assert_eq!(&frame.encode()[4..], &bytes[..]);
        }
    }

    /// Fails if frames come out differently when the stream is chopped elsewhere.
    #[test]
    fn a_stream_may_be_chopped_anywhere(chunk in 1usize..40) {
        let frames = [Frame::Ping(1), Frame::Segment(vec![7; 100]), Frame::Settled([1; 16]), Frame::Pong(u64::MAX)];
        let bytes: Vec<u8> = frames.iter().flat_map(Frame::encode).collect();
        let mut splitter = Splitter::new();
        let mut got = Vec::new();
        for piece in bytes.chunks(chunk) {
            splitter.push(piece);
            while let Some(frame) = splitter.next_frame().unwrap() {
                got.push(Frame::decode(&frame).unwrap());
            }
        }
        prop_assert_eq!(&got[..], &frames[..]);
    }
}
