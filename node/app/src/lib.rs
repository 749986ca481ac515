//! The use cases: one file per verb, a command in, a receipt out; queries for pages; admission of what peers send.
//!
//! Never knows HTTP, TLS or redb. Everything that is written goes through one commit: document, journal entry, index
//! rows and audit row together. Start with [`Node`].

pub mod admission;
mod attachments;
pub mod authoring;
pub mod calendar;
pub mod cases;
mod commit;
pub mod courier;
mod drill;
mod error;
pub mod gauges;
mod keyring;
pub mod limit;
mod loaded;
pub mod matters;
mod memory;
pub mod mesh;
mod node;
pub mod office;
pub mod packages;
mod pass_on;
pub mod picture;
pub mod ports;
pub mod reference;
pub mod sample;
pub mod staff;
pub mod testing;
mod throttle;
pub mod time;
pub mod trips;
pub mod views;
mod who;

pub use attachments::BlobCounts;
pub use error::ActError;
pub use keyring::rewrap_seeds;
pub use node::{Boot, Node, Ports};
pub use who::Who;
