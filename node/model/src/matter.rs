//! A registered matter (登记事项): what a station writes down and works off that is no case: a question, a complaint that
//! something could not be done, who answers for a delay, a daily round, a transfer to another region, a line of the due list.
//!
//! The same shape as a case (docs/formats/matter.md): sealed cells and an append-only list of events. [`event`] is the
//! format, [`Sort`] which steps there are, [`Matter`] the fold, [`Matter::judge`] what both the fold and the acts ask.

pub mod act;
mod effect;
pub mod event;
mod fold;
mod judge;
pub mod pairs;
mod rating;
mod sort;
mod state;
#[cfg(test)]
mod tests;

pub use sort::{Sort, Topic};
pub use state::{Entry, Matter, Stage};
