//! The wire form of a change (docs/formats/wire.md): ciphertext compresses badly, so inside a segment's seal a change
//! travels without its cells' bytes, with their plaintexts and the person's seed instead. The receiver seals again and
//! must get the same bytes, which the journal's link covers.

mod press;

pub use press::{Content, Entitled, Origin, Piece, Pressed, expand, press};

use canon::{Malformed, Reader, Writer};
use model::record::CellName;
use seal::Seed;

use crate::chunk::{self, Key, Scalar};
use crate::{Actor, DocId, Held, Seeds, cell, limit};

/// A wire form that yields no change: a chain fault of the log it came in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireFault {
    /// Not canonical, or over a limit.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A hole for which no seed came along, or whose text can't be sealed.
    #[error("hole {0} can't be filled")]
    Hole(usize),
    /// Filled up, it is over [`limit::RAW_BYTES_MAX`].
    #[error("over the size of a change")]
    TooLarge,
}

/// A change as it was before it was cut.
#[derive(Debug, Clone)]
pub struct Spliced {
    /// The raw change; the caller compares its hash with the link.
    pub raw: Vec<u8>,
    /// The seeds that came along, by person, for [`Seeds`] to keep.
    pub seeds: Vec<(u64, Seed)>,
}

/// Where a cell's bytes stand in the raw change, and what they say.
struct Hole {
    at: usize,
    length: usize,
    name: CellName,
    text: String,
}

/// Cuts a change. A cell that this box can't open, or that sealing again would not give back byte by byte, travels
/// as it is; so does the whole change when it can't be read.
#[must_use]
pub fn cut(doc: DocId, raw: &[u8], seeds: &dyn Seeds) -> Vec<u8> {
    let (seq, persons, holes) = find_holes(doc, raw, seeds);
    let mut out = Writer::new();
    out.u64(seq).u64(persons.len() as u64);
    for (person, seed) in &persons {
        out.u64(*person).fixed(&seed.0);
    }
    out.u64(holes.len() as u64);
    let mut rest = Vec::with_capacity(raw.len());
    let mut end = 0;
    for hole in &holes {
        let gap = raw.get(end..hole.at).unwrap_or_default();
        rest.extend_from_slice(gap);
        out.u64(gap.len() as u64).u64(hole.name.person).str(&hole.name.field).bytes(hole.text.as_bytes());
        end = hole.at + hole.length;
    }
    rest.extend_from_slice(raw.get(end..).unwrap_or_default());
    out.bytes(&rest);
    out.into_bytes()
}

fn find_holes(doc: DocId, raw: &[u8], seeds: &dyn Seeds) -> (u64, Vec<(u64, Seed)>, Vec<Hole>) {
    let Ok(chunk) = chunk::parse(raw) else { return (0, Vec::new(), Vec::new()) };
    let mut persons: Vec<(u64, Seed)> = Vec::new();
    let mut holes = Vec::new();
    for op in &chunk.ops {
        let (Key::Name(key), Scalar::Bytes(bytes)) = (op.key, op.value) else { continue };
        let Some(name) = CellName::parse(key).filter(|_| seal::is_cell(bytes)) else { continue };
        let Held::Seeds(held) = seeds.held(name.person) else { continue };
        let Some((seed, text)) = cell::open_with(&held, doc, &name, bytes) else { continue };
        let sent = persons.iter().find(|(person, _)| *person == name.person).map(|(_, seed)| seed);
        let fits = match sent {
            Some(sent) => *sent == seed,
            None => persons.len() < limit::PERSONS_MAX,
        };
        if !fits || cell::close(&seed, doc, &name, &chunk.actor, chunk.seq, &text).as_deref() != Some(bytes) {
            continue;
        }
        if sent.is_none() {
            persons.push((name.person, seed));
        }
        holes.push(Hole { at: op.value_at, length: bytes.len(), name, text });
    }
    persons.sort_by_key(|(person, _)| *person);
    (chunk.seq, persons, holes)
}

/// Puts a change together again.
///
/// # Errors
/// [`WireFault`]. That the result is the right change is the caller's to check, against the link.
pub fn splice(doc: DocId, actor: &Actor, wire: &[u8]) -> Result<Spliced, WireFault> {
    let mut from = Reader::new(wire);
    let seq = from.u64()?;
    let mut seeds: Vec<(u64, Seed)> = Vec::new();
    for _ in 0..from.count(limit::PERSONS_MAX)? {
        let person = from.u64()?;
        if seeds.last().is_some_and(|(last, _)| *last >= person) {
            return Err(from.malformed("persons out of order").into());
        }
        seeds.push((person, Seed(from.fixed()?)));
    }
    let mut holes = Vec::new();
    for _ in 0..from.count(limit::OPS_MAX)? {
        let gap = from.count(limit::RAW_BYTES_MAX)?;
        let name = CellName { person: from.u64()?, field: from.str(limit::NAME_BYTES_MAX)?.to_owned() };
        holes.push((gap, name, from.str(limit::PLAINTEXT_BYTES_MAX)?));
    }
    let mut rest = from.bytes(limit::RAW_BYTES_MAX)?;
    from.end()?;
    let mut raw = Vec::with_capacity(rest.len());
    for (index, (gap, name, text)) in holes.iter().enumerate() {
        let before = rest.get(..*gap).ok_or(WireFault::Hole(index))?;
        rest = rest.get(*gap..).unwrap_or_default();
        let seed = seeds.iter().find(|(person, _)| *person == name.person).map(|(_, seed)| seed);
        let cell = seed.and_then(|seed| cell::close(seed, doc, name, actor, seq, text));
        raw.extend_from_slice(before);
        raw.extend_from_slice(&cell.ok_or(WireFault::Hole(index))?);
        if raw.len() > limit::RAW_BYTES_MAX {
            return Err(WireFault::TooLarge);
        }
    }
    raw.extend_from_slice(rest);
    if raw.len() > limit::RAW_BYTES_MAX {
        return Err(WireFault::TooLarge);
    }
    chunk::sum(&mut raw);
    Ok(Spliced { raw, seeds })
}
