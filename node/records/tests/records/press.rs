//! Pressed stretches: what comes out is what went in, whatever went in, and whatever comes is borne.

use proptest::prelude::*;
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use records::Actor;
use records::wire::{Content, Origin, Piece, cut, expand, press, splice};

use crate::world::{CASE, Made, actor, all_made, all_seeds, lived};

const MOST: usize = 2 * 1024 * 1024;

/// The origin's log is, in these tests, the number of the actor.
fn entitled(origin: Option<&Origin>) -> Option<Actor> {
    Some(actor(origin.and_then(|origin| origin.log.first().copied()).unwrap_or(1)))
}

fn pieces(made: &[Made]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (at, made) in made.iter().enumerate() {
        let number = made.actor[0];
        let origin = (number != 1).then(|| Origin { log: vec![number], seq: at as u64 });
        let content = Content::Wire(cut(CASE.id, &made.change.bytes, &all_seeds()));
        pieces.push(Piece { doc: CASE.id.0, kind: 1, origin, content });
    }
    pieces
}

/// Fails if one change of thousands, by one of three boxes, comes back otherwise, or is not understood and so not shortened.
#[test]
fn thousands_of_pressed_changes_come_back_as_they_were() {
    let (mut changes, mut before, mut after) = (0, 0, 0);
    for seed in 0..130 {
        let made = all_made(&lived(seed, 40));
        let pieces = pieces(&made);
        let pressed = press(&pieces, MOST, &entitled).unwrap();
        let back = expand(&pressed.bytes, pieces.len(), pressed.inflated, &entitled).unwrap();
        for ((made, piece), back) in made.iter().zip(&pieces).zip(&back) {
            assert_eq!((piece.doc, piece.kind, &piece.origin), (back.doc, back.kind, &back.origin));
            let (Content::Wire(sent), Content::Wire(came)) = (&piece.content, &back.content) else {
                panic!()
            };
            assert_eq!(splice(CASE.id, &made.actor, came).unwrap().raw, made.change.bytes);
            before += sent.len();
        }
        after += pressed.bytes.len();
        changes += made.len();
    }
    assert!(changes > 2_000, "{changes} changes");
    assert!(after * 5 < before * 3, "{before} bytes came to {after}");
}

/// Fails if a body that is no change, or an erased one, is lost or changed: an honest box may hold either.
#[test]
fn what_is_no_change_travels_as_it_is() {
    let made = all_made(&lived(3, 20));
    let mut all = pieces(&made);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for (at, piece) in all.iter_mut().enumerate() {
        let Content::Wire(wire) = &mut piece.content else { panic!() };
        match at % 5 {
            0 => piece.content = Content::Erased([9; 32]),
            1 => wire.truncate(wire.len() / 2),
            2 => wire.clear(),
            3 => {
                let at = rng.random_range(0..wire.len());
                wire[at] ^= 0x10;
            }
            _ => {}
        }
        piece.kind = u8::try_from(at % 7).unwrap();
    }
    let pressed = press(&all, MOST, &entitled).unwrap();
    let back = expand(&pressed.bytes, all.len(), pressed.inflated, &entitled).unwrap();
    for (piece, back) in all.iter().zip(&back) {
        if let (Content::Wire(sent), Content::Wire(came)) = (&piece.content, &back.content) {
            let differ = sent.iter().zip(came).filter(|(a, b)| a != b).count();
            assert!(sent.len() == came.len() && differ <= 4, "only a checksum may be left out");
        } else {
            assert_eq!(piece, back);
        }
    }
}

/// Fails if damaged bytes give the right entries, or a panic.
#[test]
fn damaged_bytes_never_give_the_right_entries() {
    let pieces = pieces(&all_made(&lived(5, 12)));
    let pressed = press(&pieces, MOST, &entitled).unwrap();
    let right = expand(&pressed.bytes, pieces.len(), pressed.inflated, &entitled).unwrap();
    for bit in 0..pressed.bytes.len() * 8 {
        let mut bad = pressed.bytes.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let came = expand(&bad, pieces.len(), pressed.inflated, &entitled);
        assert!(came.is_none_or(|came| came != right), "bit {bit}");
    }
    for end in 0..pressed.bytes.len() {
        let came = expand(&pressed.bytes[..end], pieces.len(), pressed.inflated, &entitled);
        assert!(came.is_none_or(|came| came != right), "{end} bytes");
    }
    for (count, inflated) in [(pieces.len() - 1, pressed.inflated), (pieces.len() + 1, pressed.inflated)] {
        assert_eq!(expand(&pressed.bytes, count, inflated, &entitled), None);
    }
    for inflated in [0, 1, pressed.inflated - 1, pressed.inflated + 1, MOST] {
        assert_eq!(expand(&pressed.bytes, pieces.len(), inflated, &entitled), None, "a length that lies");
    }
    assert_eq!(press(&pieces, pressed.inflated - 1, &entitled), None, "no more comes out than was allowed");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Fails if any bytes make more than a few times what was declared, or a panic.
    #[test]
    fn any_bytes_are_borne(
        slots in 0u8..24,
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        count in 0usize..4096,
        inflated in 0usize..60_000,
    ) {
        let bytes = [&[slots], bytes.as_slice()].concat();
        if let Some(pieces) = expand(&bytes, count, inflated, &entitled) {
            let came: usize = pieces.iter().map(|piece| match &piece.content {
                Content::Wire(wire) => wire.len(),
                Content::Erased(_) => 32,
            }).sum();
            prop_assert!(pieces.len() == count && came <= 24 * inflated);
        }
    }
}
