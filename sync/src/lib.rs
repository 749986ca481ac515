//! Journals and how two boxes exchange them (docs/formats/journal.md, docs/formats/wire.md): entries and links,
//! segments, registers, receipts, frontiers, and the session as a state machine.
//!
//! Architecture Invariant: this crate does no I/O, reads no clock and draws no randomness; time is an argument, and
//! all that a session needs of its box comes through [`Context`]. It knows bytes, writers and audiences, and no
//! government word. It never applies anything: [`Context::admit`] decides, and only what that calls durable is acknowledged.
//!
//! Start with [`Session`] and [`Context`]; then [`Holdings`] (what a box holds), [`Frontier`] (how it says so in
//! few bytes), [`Segment`] (what travels), [`chain`] (the pure half of admission), [`truth`] (where a record is) and
//! [`Attachments`] (blobs beside the documents).

mod backoff;
mod blob;
pub mod chain;
mod context;
pub mod courier;
mod entry;
mod frame;
mod frontier;
mod holdings;
pub mod limit;
mod memory;
mod opening;
mod reason;
mod receipt;
mod register;
mod scope;
mod segment;
mod session;
#[cfg(test)]
mod tests;
pub mod truth;

pub use backoff::Backoff;
pub use blob::{
    Attachments, BlobFrame, BlobHead, BlobHeader, BlobName, BlobPiece, BlobReason, Kept, Want, Wanted,
};
pub use context::{Arrival, Budget, Context, Outcome, Pressed, Sealed, Stretch};
pub use entry::{Entry, EntryHeader, Form, body_hash, first_link, link};
pub use frame::{Ack, Frame, FrameFault, Hello, Splitter, Verdict};
pub use frontier::{Frontier, Known, Tip, TipHead, digest};
pub use holdings::{Holdings, View};
pub use opening::{Opening, OpeningFault};
pub use reason::Reason;
pub use receipt::{HeldEntry, Receipt};
pub use register::{Register, RegisterFault, RegisterMark, Slot, kind};
pub use scope::{Party, Scope};
pub use segment::{
    BuildFault, Codec, PayloadFault, Seal, Segment, SegmentDraft, SegmentFault, SegmentHeader,
};
pub use session::{CloseReason, Config, Effect, Event, Note, Progress, Session, Side};
