//! Events of a matter (docs/formats/matter.md). The table in `event/table.rs` *is* the format: a kind keeps its number and its
//! fields' order for ever; a new need is a new kind. What somebody typed is never in an event: it is a cell, named here.

mod codes;
mod table;
#[cfg(test)]
mod tests;

use canon::{Reader, Writer};
pub use codes::{Channel, Ending, LinkedTo, Satisfied, Target, Verdict};
pub use table::*;

use crate::case::event::{EventFault, Stamp, put_head, take_head};

/// An event of a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Who, where, when.
    pub stamp: Stamp,
    /// What.
    pub what: What,
}

impl Event {
    /// The canonical bytes; `None` for an unknown kind, which this box never writes, and for a text over the limit.
    #[must_use]
    pub fn encode(&self) -> Option<Vec<u8>> {
        let mut out = Writer::new();
        put_head(&mut out, self.what.kind().number()?, &self.stamp);
        self.what.put(&mut out);
        let bytes = out.into_bytes();
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

/// A payload type: finds itself in an event.
pub trait Payload: Sized {
    /// The payload, when the event is of this kind.
    fn of(what: &What) -> Option<&Self>;
}
