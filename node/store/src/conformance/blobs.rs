//! Blobs that come in pieces, on any engine.

use super::{Outcome, expect, told, write};
use crate::blobs::{self, BlobHeader, Claim, Room};
use crate::engine::{Engine, Span, Table, collect};
use crate::error::StoreError;
use crate::limit::BLOB_PIECE_BYTES;
use canon::Canon as _;
use sync::{BlobHead, BlobPiece, BlobReason, Kept};

const CLAIM: Claim = Claim { doc: [7; 16], lane: 1, share: 5 };
const ROOM: Room = Room { document: 1 << 20, peer: 1 << 20, all: 1 << 20 };

fn ciphertext() -> Vec<u8> {
    (0..2 * BLOB_PIECE_BYTES + 9).map(|at| (at % 251) as u8).collect()
}

/// The pieces of a blob as a peer sends them.
fn pieces(ciphertext: &[u8]) -> Vec<BlobPiece> {
    let header = BlobHeader::of(ciphertext);
    let head = |index| BlobHead { header: header.to_canon(), parcel: vec![index] };
    let each = ciphertext.chunks(BLOB_PIECE_BYTES).zip(0u8..).map(|(bytes, index)| BlobPiece {
        name: header.hash(),
        index: u32::from(index),
        head: (index == 0).then(|| head(index)),
        bytes: bytes.to_vec(),
    });
    each.collect()
}

fn stored<T>(result: Result<T, StoreError>) -> Result<T, String> {
    result.map_err(|error| format!("unexpected error: {error}"))
}

fn take(
    engine: &dyn Engine,
    claim: &Claim,
    piece: &BlobPiece,
    room: &Room,
) -> Result<Result<Kept, BlobReason>, String> {
    let mut tx = told(engine.write())?;
    let taken = stored(blobs::take(&mut *tx, claim, piece, room))?;
    told(tx.commit())?;
    Ok(taken)
}

fn rows(engine: &dyn Engine) -> Result<usize, String> {
    let tx = told(engine.read())?;
    let mut count = 0;
    for table in [Table::Blobs, Table::BlobRefs, Table::BlobDocs] {
        count += told(collect(&*tx, table, &Span::all(), usize::MAX))?.len();
    }
    Ok(count)
}

/// Piece after piece, each in a commit of its own, the last makes it whole; the same again changes nothing.
pub(super) fn comes_piece_by_piece(engine: &dyn Engine) -> Outcome {
    let whole = ciphertext();
    let sent = pieces(&whole);
    for (piece, next) in sent.iter().zip(1..) {
        let kept = Kept { next, whole: next == 3 };
        expect("kept", &take(engine, &CLAIM, piece, &ROOM)?, &Ok(kept))?;
        let tx = told(engine.read())?;
        expect("whole", &stored(blobs::is_whole(&*tx, &CLAIM.doc, &piece.name))?, &kept.whole)?;
        expect("held", &stored(blobs::held(&*tx, &piece.name))?, &Some((next, 3)))?;
        expect("read", &stored(blobs::get(&*tx, &piece.name))?.is_some(), &kept.whole)?;
        let count = rows(engine)?;
        expect("again", &take(engine, &CLAIM, piece, &ROOM)?, &Ok(kept))?;
        expect("rows after the same again", &rows(engine)?, &count)?;
    }
    let tx = told(engine.read())?;
    let name = sent.first().map(|piece| piece.name).unwrap_or_default();
    expect("bytes", &stored(blobs::get(&*tx, &name))?, &Some(whole.clone()))?;
    expect("sum of the peer", &stored(blobs::taken_from(&*tx, CLAIM.share))?, &(whole.len() as u64))?;
    expect("document", &stored(blobs::owner(&*tx, &name))?, &Some(CLAIM.doc))?;
    drop(tx);
    write(engine, |tx| {
        blobs::release(tx, &CLAIM.doc, &name).map_err(|_| crate::EngineError::Group("release".into()))
    })?;
    expect("rows after it was destroyed", &rows(engine)?, &0)?;
    let tx = told(engine.read())?;
    expect("sum of the peer", &stored(blobs::taken_from(&*tx, CLAIM.share))?, &0)?;
    expect("sum", &stored(blobs::total(&*tx))?, &0)
}

/// Whatever is not the next piece of the blob of that name for that document leaves nothing.
pub(super) fn what_is_no_piece_leaves_nothing(engine: &dyn Engine) -> Outcome {
    let sent = pieces(&ciphertext());
    let [first, second, third] = sent.as_slice() else { return Err("three pieces".to_owned()) };
    let mut changed = first.clone();
    changed.bytes.iter_mut().take(1).for_each(|byte| *byte ^= 1);
    let mut renamed = first.clone();
    renamed.name = [9; 32];
    let mut long = first.clone();
    long.bytes.push(0);
    let small = |document, peer, all| Room { document, peer, all };
    for (what, piece, room, reason) in [
        ("a changed piece", &changed, ROOM, BlobReason::Piece),
        ("a longer piece", &long, ROOM, BlobReason::Piece),
        ("a header of another name", &renamed, ROOM, BlobReason::Name),
        ("the second first", second, ROOM, BlobReason::Order),
        ("no room in the document", first, small(1, 1 << 20, 1 << 20), BlobReason::Full),
        ("no room for the peer", first, small(1 << 20, 1, 1 << 20), BlobReason::Full),
        ("no room on the box", first, small(1 << 20, 1 << 20, 1), BlobReason::Full),
    ] {
        expect(what, &take(engine, &CLAIM, piece, &room)?, &Err(reason))?;
        expect("rows", &rows(engine)?, &0)?;
    }
    expect("the first", &take(engine, &CLAIM, first, &ROOM)?.is_ok(), &true)?;
    let count = rows(engine)?;
    let other = Claim { doc: [8; 16], ..CLAIM };
    expect("for another document", &take(engine, &other, second, &ROOM)?, &Err(BlobReason::Scope))?;
    expect("the third second", &take(engine, &CLAIM, third, &ROOM)?, &Err(BlobReason::Order))?;
    expect("a changed piece again", &take(engine, &CLAIM, &changed, &ROOM)?, &Err(BlobReason::Piece))?;
    expect("rows", &rows(engine)?, &count)
}
