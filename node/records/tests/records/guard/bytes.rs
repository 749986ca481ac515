//! The guard over raw bytes: bombs, flipped bits with and without a mended checksum, damaged documents.

use super::{Scene, WRITER, scene};
use crate::world::{CASE, actor, all_made, all_seeds, lived};
use automerge::Change;
use records::guard::{ContentFault, DocState, Verdict, check};
use records::trial::{Incoming, Policy, admit};
use records::{Document, LoadFault, limit};
use std::io::Write as _;

#[test]
fn bombs_and_giants_are_refused_unread() {
    let scene = scene();
    let mut compressed = Change::from_bytes(scene.forged(|change| {
        change.operations[0].action = automerge::legacy::OpType::Put("x".repeat(400).into());
    }))
    .unwrap();
    assert_eq!(compressed.bytes()[8], 2, "the control is a compressed chunk");
    assert_eq!(scene.refuses(&compressed.bytes()), ContentFault::NotARawChange);
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    deflate.write_all(&vec![0; 40_000_000]).unwrap();
    let zeros = deflate.finish().unwrap();
    assert_eq!(
        scene.refuses(&chunk(2, &zeros)),
        ContentFault::NotARawChange,
        "40 MB in {} bytes",
        zeros.len()
    );
    assert_eq!(scene.refuses(&vec![0x85; limit::RAW_BYTES_MAX + 1]), ContentFault::TooLarge);
    assert_eq!(scene.refuses(scene.station.saved.as_ref().unwrap()), ContentFault::NotARawChange);
    // run-length bombs: 2^60 operations, and one operation that supersedes 2^60 others
    let ops: Vec<(u64, Vec<u8>)> = vec![
        (21, [sleb(1 << 60), vec![1, b'x']].concat()),
        (52, leb(1 << 60)),
        (66, [sleb(1 << 60), vec![1]].concat()),
        (86, [sleb(1 << 60), vec![0]].concat()),
        (112, [sleb(1 << 60), vec![0]].concat()),
    ];
    assert_eq!(scene.refuses(&bomb(&scene, &ops)), ContentFault::TooManyOps);
    let preds: Vec<(u64, Vec<u8>)> = vec![
        (21, vec![1, 1, b'x']),
        (52, vec![1]),
        (66, vec![1, 1]),
        (86, vec![1, 0]),
        (112, [vec![1], leb(1 << 60)].concat()),
        (113, [sleb(1 << 60), vec![0]].concat()),
        (115, [sleb(1 << 60), vec![1]].concat()),
    ];
    assert_eq!(scene.refuses(&bomb(&scene, &preds)), ContentFault::TooManyOps);
}

/// Every bit of a change flipped, and with the checksum mended, so that what lies behind it is tried too.
#[test]
fn no_flipped_bit_and_no_cut_gets_in() {
    let scene = scene();
    let state = scene.state();
    let good = &scene.next.bytes;
    let (mut applied, mut tried) = (0, 0);
    for bit in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(check(&state, &bad, &actor(WRITER)).is_err(), "bit {bit}");
        if bit / 8 < 12 {
            continue;
        }
        let mended = chunk(1, &bad[header_bytes(good)..]);
        if let Ok(Verdict::Apply(_)) = check(&state, &mended, &actor(WRITER)) {
            // only a value differs, or the trial must see what is wrong
            tried += 1;
            let batch = [Incoming { raw: &mended, actor: actor(WRITER) }];
            let saved = scene.station.saved.as_deref();
            let admitted = admit(CASE, saved, &batch, &all_seeds(), Policy::Guarded).unwrap();
            if let Some(done) = admitted.tried {
                assert!(Document::load(CASE, &done.saved).is_ok());
                applied += 1;
            }
        }
    }
    assert!(
        tried > applied && applied > 0,
        "both the trial and the guard had something to say: {tried} {applied}"
    );
    for end in 0..good.len() {
        assert!(check(&state, &good[..end], &actor(WRITER)).is_err());
    }
    let mut longer = good.clone();
    longer.push(0);
    assert!(check(&state, &longer, &actor(WRITER)).is_err());
}

#[test]
fn a_stranger_s_bytes_never_panic() {
    for seed in 0..6 {
        for made in all_made(&lived(seed, 12)) {
            let state = DocState::new();
            for at in 0..made.change.bytes.len() {
                let mut bad = made.change.bytes.clone();
                bad[at] = bad[at].wrapping_add(0x81);
                let mended = if at < 12 { bad } else { chunk(1, &bad[header_bytes(&made.change.bytes)..]) };
                let verdict = check(&state, &mended, &made.actor);
                assert_ne!(verdict, Err(ContentFault::Malformed("reading it panicked")));
            }
        }
    }
}

#[test]
fn a_damaged_document_is_told_and_never_panics() {
    let scene = scene();
    let saved = scene.station.saved.clone().unwrap();
    for bit in 0..saved.len() * 8 {
        let mut bad = saved.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(Document::load(CASE, &bad).is_err());
    }
    assert!(matches!(Document::load(CASE, &[]), Err(LoadFault::NoRoot(_))));
}

/// A chunk with a checksum that fits.
fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut hashed = canon::Writer::new();
    hashed.u8(kind).bytes(body);
    let checksum = canon::sha256(hashed.as_bytes());
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83];
    chunk.extend_from_slice(&checksum[..4]);
    chunk.extend_from_slice(hashed.as_bytes());
    chunk
}

/// Magic, checksum, kind and length in front of a change's body.
fn header_bytes(raw: &[u8]) -> usize {
    if raw[9] < 0x80 { 10 } else { 11 }
}

/// A change chunk in the scene's line whose columns are ours.
fn bomb(scene: &Scene, columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut body = canon::Writer::new();
    body.u64(1).fixed(&scene.next.deps[0]).bytes(&actor(WRITER)).u64(5).u64(scene.next.start_op);
    body.u64(0).u64(0).u64(0).u64(columns.len() as u64);
    for (spec, data) in columns {
        body.u64(*spec).u64(data.len() as u64);
    }
    for (_, data) in columns {
        body.fixed(data);
    }
    chunk(1, body.as_bytes())
}

fn leb(value: u64) -> Vec<u8> {
    let mut out = canon::Writer::new();
    out.u64(value);
    out.into_bytes()
}

fn sleb(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 && byte & 0x40 == 0 {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}
