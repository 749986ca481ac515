//! The use cases: one file per verb, a command in, a receipt out; queries for pages; admission of what peers send.
//!
//! Never knows HTTP, TLS or redb. Everything that is written goes through one commit: document, journal entry, index
//! rows and audit row together. Start with [`Node`].

mod error;
pub mod limit;
mod node;
pub mod ports;
pub mod staff;
pub mod testing;
mod throttle;
mod who;

pub use error::ActError;
pub use node::{Boot, Node, Ports};
pub use who::Who;
