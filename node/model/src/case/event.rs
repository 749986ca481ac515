//! Events: the format of what happened to a case (docs/formats/document.md). The table in `event/table.rs` *is* the format: a kind
//! keeps its number and its fields' order for ever; a new need is a new kind.
//!
//! What somebody typed is never in an event: a field of type [`CellKey`] names the sealed cell that holds it. Clear are
//! numbers, dates, what was chosen from a list, and what the item or the authority says.

mod codes;
mod table;
#[cfg(test)]
mod tests;

pub use codes::{Answer, Asker, Finding, Manner, Source, Special, Twice, TwinVerdict};
pub use table::*;

use crate::history;
pub use crate::history::{CellKey, Confidence, EventFault, Happening, Payload, Settlement, Stamp};

/// An event of a case.
pub type Event = history::Event<What>;
