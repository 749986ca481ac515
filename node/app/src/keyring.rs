//! The seeds of a document's persons: wrapped on disk under the bag key, open for as long as one act takes.

#[cfg(test)]
mod tests;

use crate::{ActError, Node, ports};
use canon::{Reader, Writer};
use records::SeedBook;
use seal::{BagKey, Seed};
use store::engine::{Engine, ReadTx, WriteTx};
use store::seeds::{self, SeedPlace};

const VERSION: u8 = 1;
/// Two boxes may each begin to write about one person before they meet; more than a few would be an attack.
const SEEDS_MAX: usize = 8;
const WRAPPED_BYTES_MAX: usize = 128;

/// The document's seeds, unwrapped.
pub(crate) fn open<R: ReadTx + ?Sized>(tx: &R, bag: &BagKey, doc: &[u8; 16]) -> Result<SeedBook, ActError> {
    let mut book = SeedBook::new();
    for (place, stored) in seeds::of(tx, doc)? {
        let wrapped = read(&stored).ok_or(ActError::Damaged("seeds"))?;
        if wrapped.is_empty() {
            book.erase(place.person);
        }
        for each in wrapped {
            let seed = bag.unwrap(doc, place.person, &each).map_err(|_| ActError::Damaged("seeds"))?;
            book.put(place.person, seed);
        }
    }
    Ok(book)
}

/// Keeps a seed that is not there yet, on disk and in the book. A person whose seed was destroyed stays erased.
pub(crate) fn keep<W: WriteTx + ?Sized>(
    tx: &mut W,
    node: &Node,
    place: SeedPlace,
    seed: &Seed,
    book: &mut SeedBook,
) -> Result<(), ActError> {
    let mut wrapped = match seeds::get(tx, &place)? {
        None => Vec::new(),
        Some(stored) => read(&stored).ok_or(ActError::Damaged("seeds"))?,
    };
    let erased = wrapped.is_empty() && seeds::get(tx, &place)?.is_some();
    let bag = node.bag();
    let is_held = |each: &Vec<u8>| bag.unwrap(&place.doc, place.person, each).is_ok_and(|held| held == *seed);
    if erased || wrapped.len() >= SEEDS_MAX || wrapped.iter().any(is_held) {
        return Ok(());
    }
    let nonce = ports::random(&*node.ports().random);
    wrapped.push(bag.wrap(seed, &place.doc, place.person, nonce).map_err(|_| ActError::Damaged("seeds"))?);
    seeds::put(tx, &place, &write(&wrapped))?;
    book.put(place.person, seed.clone());
    Ok(())
}

/// Goes on with a rotation of the bag key that was cut short: wraps every seed that still stands under `retiring` anew, in
/// one commit, and says how many those were. Called before the box starts; after it the old key may be destroyed.
/// Calling it again changes nothing.
///
/// # Errors
/// When the disk says no, or a seed opens under neither key: nothing is written then, and neither key may be destroyed.
pub fn rewrap_seeds(
    engine: &dyn Engine,
    retiring: &BagKey,
    key: &BagKey,
    random: &dyn ports::Random,
) -> Result<usize, ActError> {
    const DAMAGED: ActError = ActError::Damaged("seeds");
    let mut tx = engine.write()?;
    let mut count = 0;
    for (place, stored) in seeds::page(&*tx, None, usize::MAX)? {
        let mut wrapped = read(&stored).ok_or(DAMAGED)?;
        let before = count;
        for each in &mut wrapped {
            if key.unwrap(&place.doc, place.person, each).is_err() {
                let seed = retiring.unwrap(&place.doc, place.person, each).map_err(|_| DAMAGED)?;
                *each =
                    key.wrap(&seed, &place.doc, place.person, ports::random(random)).map_err(|_| DAMAGED)?;
                count += 1;
            }
        }
        if count > before {
            seeds::put(&mut *tx, &place, &write(&wrapped))?;
        }
    }
    if count > 0 {
        tx.commit()?;
    }
    Ok(count)
}

fn write(wrapped: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Writer::new();
    out.u8(VERSION).u64(wrapped.len() as u64);
    for each in wrapped {
        out.bytes(each);
    }
    out.into_bytes()
}

fn read(stored: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut from = Reader::new(stored);
    if from.u8().ok()? != VERSION {
        return None;
    }
    let count = from.count(SEEDS_MAX).ok()?;
    let mut wrapped = Vec::with_capacity(count);
    for _ in 0..count {
        wrapped.push(from.bytes(WRAPPED_BYTES_MAX).ok()?.to_vec());
    }
    from.end().ok()?;
    Some(wrapped)
}
