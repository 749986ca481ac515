//! A stretch of entries for the wire (docs/formats/wire.md, codec 3): each wire form is taken apart into what its change
//! says, and every part is coded by what stood in its place before. What does not come out again just as it went in
//! travels as it is, so pressing can lose nothing.

mod bits;
mod change;
mod columns;
mod event;
mod model;
mod says;

use self::bits::Bits;
use self::change::Change;
use self::model::Model;
use self::says::Says;
use crate::{Actor, limit};

/// One entry of a log, as much of it as this crate must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The document.
    pub doc: [u8; 16],
    /// Its kind.
    pub kind: u8,
    /// The log and the number under which a vouched entry was first written.
    pub origin: Option<Origin>,
    /// Its content.
    pub content: Content,
}

/// A log's canonical bytes, and a number in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The log.
    pub log: Vec<u8>,
    /// The entry's number.
    pub seq: u64,
}

/// What there is of an entry's body.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// A wire form; its change's checksum may be zero, for [`super::splice`] to fill in.
    Wire(Vec<u8>),
    /// The hash of what was erased.
    Erased([u8; 32]),
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Wire(bytes) => write!(f, "Wire({} bytes)", bytes.len()),
            Self::Erased(_) => f.write_str("Erased"),
        }
    }
}

/// A stretch as it travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// What a reader must allow to come out of them.
    pub inflated: usize,
}

/// The actor that an entry's log or origin entitles it to.
pub type Entitled<'a> = &'a dyn Fn(Option<&Origin>) -> Option<Actor>;

/// Bytes of what is not understood that may stand in a stretch for as little gain as it is.
const STRANGE_BYTES: usize = 16 * 1024;

/// Presses entries; none when more would come out than `most`, or most of them are no changes that are understood: then
/// there is nothing to gain, and each byte costs as much as a decision.
#[must_use]
pub fn press(pieces: &[Piece], most: usize, actor: Entitled<'_>) -> Option<Pressed> {
    let (mut size, mut strange) = (0, 0);
    for piece in pieces {
        let Content::Wire(wire) = &piece.content else { continue };
        size += wire.len();
        strange += if understood(wire).is_none() { wire.len() } else { 0 };
    }
    if strange > STRANGE_BYTES.max(size / 2) {
        return None;
    }
    let slots = model::slots_for(size);
    let mut says = Says::new(Model::new(Bits::writer(), slots, most), actor);
    for piece in pieces {
        says.piece(piece).ok()?;
    }
    let inflated = most - says.left();
    // The reader's model must be as large as the writer's.
    let mut bytes = vec![slots];
    bytes.append(&mut says.finish());
    Some(Pressed { bytes, inflated })
}

/// What [`press`] was given, but for checksums; none when these are not its bytes. Never yields more than `inflated` times
/// a small number, whatever the bytes say.
#[must_use]
pub fn expand(bytes: &[u8], count: usize, inflated: usize, actor: Entitled<'_>) -> Option<Vec<Piece>> {
    let (slots, bytes) = bytes.split_first()?;
    let slots = model::slots_named(*slots)?;
    let mut says = Says::new(Model::new(Bits::reader(bytes), slots, inflated), actor);
    let mut pieces = Vec::new();
    for _ in 0..count {
        pieces.push(says.piece(&Piece::blank()).ok()?);
    }
    says.ends().then_some(pieces)
}

impl Piece {
    fn blank() -> Self {
        Self { doc: [0; 16], kind: 0, origin: None, content: Content::Erased([0; 32]) }
    }
}

/// A wire form's change, when it comes out of it again.
fn understood(wire: &[u8]) -> Option<Change> {
    let change = Change::read(wire)?;
    (change.write()? == unsummed(wire)?).then_some(change)
}

/// The wire form with its change's checksum taken away.
fn unsummed(wire: &[u8]) -> Option<Vec<u8>> {
    let mut from = canon::Reader::new(wire);
    from.u64().ok()?;
    for _ in 0..from.count(limit::PERSONS_MAX).ok()? {
        from.u64().ok()?;
        from.fixed::<16>().ok()?;
    }
    for _ in 0..from.count(limit::OPS_MAX).ok()? {
        from.u64().ok()?;
        from.u64().ok()?;
        from.str(limit::NAME_BYTES_MAX).ok()?;
        from.str(limit::PLAINTEXT_BYTES_MAX).ok()?;
    }
    let rest = from.bytes(limit::RAW_BYTES_MAX).ok()?.len();
    from.end().ok()?;
    let mut out = wire.to_vec();
    let start = out.len().checked_sub(rest)?;
    out.get_mut(start + 4..start + 8)?.fill(0);
    Some(out)
}
