//! An event's stamp, told apart from what it says.

use canon::{Reader, Writer};

const CHINA_S: i64 = 8 * 3600;
const DAY_S: i64 = 86_400;

/// An event of version 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stamped {
    pub(super) kind: u64,
    pub(super) wall: i64,
    pub(super) confidence: u8,
    pub(super) station: u64,
    pub(super) by: Vec<u8>,
    pub(super) name: Vec<u8>,
    /// What follows the name.
    pub(super) tail: Vec<u8>,
}

impl Stamped {
    /// Reads an event; none when writing would not give the same bytes.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut from = Reader::new(bytes);
        if from.u8().ok()? != 1 {
            return None;
        }
        let mut event = Self { kind: from.u64().ok()?, wall: from.i64().ok()?, ..Self::default() };
        (event.confidence, event.station) = (from.u8().ok()?, from.u64().ok()?);
        event.by = from.bytes(bytes.len()).ok()?.to_vec();
        event.name = from.bytes(bytes.len()).ok()?.to_vec();
        event.tail = from.remaining().to_vec();
        (event.write() == bytes).then_some(event)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(1).u64(self.kind).i64(self.wall).u8(self.confidence).u64(self.station);
        out.bytes(&self.by).bytes(&self.name).fixed(&self.tail);
        out.into_bytes()
    }

    /// The day of its wall clock, as a payload writes it.
    pub(super) fn day(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.i64(self.wall.saturating_add(CHINA_S).div_euclid(DAY_S));
        out.into_bytes()
    }
}
