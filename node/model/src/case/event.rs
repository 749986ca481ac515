//! Events: the format of what happened to a case (docs/formats/document.md). The table in `event/table.rs` *is* the format: a kind
//! keeps its number and its fields' order for ever; a new need is a new kind.
//!
//! What somebody typed is never in an event: a field of type [`CellKey`] names the sealed cell that holds it. Clear are
//! numbers, dates, what was chosen from a list, and what the item or the authority says.

mod codes;
pub(crate) mod define;
pub(crate) mod part;
mod table;
#[cfg(test)]
mod tests;

use canon::{Malformed, Reader, Writer};
pub use codes::{
    Answer, Asker, Confidence, Finding, Manner, Settlement, Source, Special, Twice, TwinVerdict,
};
use part::Part;
pub use table::*;

use crate::{limit, record::OpId, station::StationNo};

/// The key of a cell, `<person>/<field>`.
pub type CellKey = String;

/// Version of the encoding.
pub const VERSION: u8 = 1;

/// Who did it, where, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Seconds since 1970, UTC: a label, never an order.
    pub wall: i64,
    /// How far to believe it.
    pub confidence: Confidence,
    /// The station, 0 the centre.
    pub station: StationNo,
    /// Staff id.
    pub by: String,
    /// Staff name.
    pub name: String,
    /// The event this one repeats after a fork was settled.
    pub reissue: Option<OpId>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Who, where, when.
    pub stamp: Stamp,
    /// What.
    pub what: What,
}

/// Bytes that are no event of this version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventFault {
    /// Another encoding.
    #[error("event encoding {0} is not known here")]
    Version(u8),
    /// Not canonical.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

impl Event {
    /// The canonical bytes; `None` for an unknown kind, which this box never writes, and for a text over the limit.
    #[must_use]
    pub fn encode(&self) -> Option<Vec<u8>> {
        let mut out = Writer::new();
        put_head(&mut out, self.what.kind().number()?, &self.stamp);
        self.what.put(&mut out);
        let bytes = out.into_bytes();
        // reading back is the check that every text and list is within its limit
        Self::decode(&bytes).is_ok().then_some(bytes)
    }

    /// Reads canonical bytes. An unknown kind is an event: [`What::Unknown`].
    ///
    /// # Errors
    /// [`EventFault`]: another encoding version, or not the one canonical encoding.
    pub fn decode(bytes: &[u8]) -> Result<Self, EventFault> {
        let mut from = Reader::new(bytes);
        let (kind, stamp) = take_head(&mut from)?;
        let what = What::take(kind, &mut from)?;
        if !matches!(what, What::Unknown { .. }) {
            from.end()?;
        }
        Ok(Self { stamp, what })
    }
}

/// What every event begins with, of a case or of a registered matter.
pub(crate) fn put_head(out: &mut Writer, kind: u64, stamp: &Stamp) {
    out.u8(VERSION).u64(kind).i64(stamp.wall).u8(stamp.confidence.code());
    out.u64(u64::from(stamp.station)).str(&stamp.by).str(&stamp.name);
    stamp.reissue.put(out);
}

/// Reads what [`put_head`] wrote: the kind's number, and who, where, when.
pub(crate) fn take_head(from: &mut Reader<'_>) -> Result<(u64, Stamp), EventFault> {
    let version = from.u8()?;
    if version != VERSION {
        return Err(EventFault::Version(version));
    }
    let kind = from.u64()?;
    let wall = from.i64()?;
    let confidence = Confidence::take(from)?;
    let station = u16::try_from(from.u64()?).map_err(|_| from.malformed("station"))?;
    let by = from.str(limit::EVENT_TEXT)?.to_owned();
    let name = from.str(limit::EVENT_TEXT)?.to_owned();
    let reissue = Part::take(from)?;
    Ok((kind, Stamp { wall, confidence, station, by, name, reissue }))
}

/// A payload type: finds itself in an event.
pub trait Payload: Sized {
    /// The payload, when the event is of this kind.
    fn of(what: &What) -> Option<&Self>;
}
