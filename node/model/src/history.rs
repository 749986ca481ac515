//! What documents have in common whose state is a fold over events, of cases as of registered matters: the encoding of an
//! event, the one order and its fold, how an act asks the state before it writes, and how a person settles what could
//! not stand. What the events are and what they do is each kind of document's own ([`Happening`], [`Subject`]).

mod acting;
pub(crate) mod define;
mod event;
mod fold;
pub(crate) mod part;
mod settle;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use acting::{Acting, needed, within};
pub use event::{CellKey, Confidence, Event, EventFault, Happening, Payload, Settlement, Stamp};
pub use fold::{Anomaly, AnomalyKind, Done, Entry, Mark, Standing, Verdict};
pub(crate) use fold::{Subject, in_order, unfold};
pub(crate) use settle::settle;
