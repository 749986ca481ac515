//! What happened, kept so that boxes can merge it: Automerge documents on one side, [`model::record`] on the other.
//! The formats are docs/formats/document.md and the wire form of a change in docs/formats/wire.md.
//!
//! This crate never touches a disk, a clock or a random source, never holds a key longer than a call, and lets
//! nothing of a stranger's bytes reach Automerge before [`guard`] has read them. It is the only user of automerge.
//!
//! Start with [`Document`], then [`edit()`] (one act, one change), [`trial::admit`] (what peers send) and [`wire`].

mod apart;
mod cell;
mod chunk;
mod document;
mod edit;
pub mod guard;
pub mod limit;
mod read;
mod rebuild;
mod seeds;
mod settle;
pub mod trial;
pub mod wire;

pub use apart::{before, change_of};
pub use document::{DocId, DocKind, DocRef, Document, LoadFault, RawChange};
pub use edit::{EditFault, edit};
pub use read::{read, read_cell, read_sealed};
pub use rebuild::{Rebuilt, rebuild};
pub use seeds::{Held, SeedBook, Seeds};

/// A writer epoch's Automerge actor, 16 bytes of H(device key, epoch).
pub type Actor = [u8; 16];

/// The SHA-256 by which Automerge names a change.
pub type ChangeHash = [u8; 32];
