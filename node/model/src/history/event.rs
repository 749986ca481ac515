//! An event: who, where, when, and what. The encoding is docs/formats/document.md's.

use canon::{Malformed, Reader, Writer};

use super::part::{Part, codes};
use crate::{limit, record::OpId, station::StationNo};

/// The key of a cell, `<person>/<field>`.
pub type CellKey = String;

/// Version of the encoding.
pub(super) const VERSION: u8 = 1;

codes! {
    /// How sure the box was of its clock.
    Confidence {
        /// Nobody looked.
        Unknown = 0 "未核对",
        /// Set by hand.
        ByHand = 1 "手工设置",
        /// A person confirmed today's date.
        Confirmed = 2 "今日已核对",
        /// Synchronised.
        Synchronised = 3 "已校时",
    }
}

codes! {
    /// What a person decided about an anomaly.
    Settlement {
        /// The act has no effect.
        Void = 1 "不算数",
        /// The act stands.
        Stands = 2 "算数",
    }
}

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

/// The events of one kind of document. Its table makes it ([`super::define::events`]).
pub trait Happening: Sized {
    /// The kind's number; `None` for a kind of a later version.
    fn number(&self) -> Option<u64>;
    /// The kind's word on screen.
    fn title(&self) -> &'static str;
    /// Which event a person settled by this one, and how.
    fn settles(&self) -> Option<(OpId, Settlement)>;
    /// The event by which a person settles another.
    fn settling(event: OpId, verdict: Settlement, reason: CellKey) -> Self;
    /// Appends the payload.
    fn put(&self, out: &mut Writer);
    /// Reads the payload of a kind.
    ///
    /// # Errors
    /// [`Malformed`]: not the payload's one encoding.
    fn take(kind: u64, from: &mut Reader<'_>) -> Result<Self, Malformed>;
}

/// A payload type: finds itself in what happened.
pub trait Payload<W>: Sized {
    /// The payload, when the event is of this kind.
    fn of(what: &W) -> Option<&Self>;
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<W> {
    /// Who, where, when.
    pub stamp: Stamp,
    /// What.
    pub what: W,
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

impl EventFault {
    /// A later version wrote it.
    pub(super) fn is_newer(&self) -> bool {
        matches!(self, Self::Version(version) if *version > VERSION)
    }
}

impl<W: Happening> Event<W> {
    /// The canonical bytes; `None` for an unknown kind, which this box never writes, and for a text over the limit.
    #[must_use]
    pub fn encode(&self) -> Option<Vec<u8>> {
        let Stamp { wall, confidence, station, by, name, reissue } = &self.stamp;
        let mut out = Writer::new();
        out.u8(VERSION).u64(self.what.number()?).i64(*wall).u8(confidence.code());
        out.u64(u64::from(*station)).str(by).str(name);
        reissue.put(&mut out);
        self.what.put(&mut out);
        let bytes = out.into_bytes();
        // reading back is the check that every text and list is within its limit
        Self::decode(&bytes).is_ok().then_some(bytes)
    }

    /// Reads canonical bytes. A kind of a later version is an event too, of which only the stamp can be read.
    ///
    /// # Errors
    /// [`EventFault`]: another encoding version, or not the one canonical encoding.
    pub fn decode(bytes: &[u8]) -> Result<Self, EventFault> {
        let mut from = Reader::new(bytes);
        let version = from.u8()?;
        if version != VERSION {
            return Err(EventFault::Version(version));
        }
        let kind = from.u64()?;
        let stamp = Stamp {
            wall: from.i64()?,
            confidence: Part::take(&mut from)?,
            station: u16::try_from(from.u64()?).map_err(|_| from.malformed("station"))?,
            by: from.str(limit::EVENT_TEXT)?.to_owned(),
            name: from.str(limit::EVENT_TEXT)?.to_owned(),
            reissue: Part::take(&mut from)?,
        };
        let what = W::take(kind, &mut from)?;
        if what.number().is_some() {
            from.end()?;
        }
        Ok(Self { stamp, what })
    }
}
