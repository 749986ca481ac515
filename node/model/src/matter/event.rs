//! Events of a matter (docs/formats/matter.md). The table in `event/table.rs` *is* the format: a kind keeps its number and its
//! fields' order for ever; a new need is a new kind. What somebody typed is never in an event: it is a cell, named here.

mod codes;
mod table;
#[cfg(test)]
mod tests;

pub use codes::{Channel, Ending, LinkedTo, Satisfied, Target, Verdict};
pub use table::*;

use crate::history;

/// An event of a matter.
pub type Event = history::Event<What>;
