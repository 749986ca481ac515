//! What a box keeps on its disk: documents, journal, index rows, audit and the rest, each commit whole and durable.
//!
//! Never: reads a clock, opens a socket, sees a plain personal value, starts a fresh database in silence.
//!
//! Start with [`engine`], the contract with the database, and [`conformance`], the same contract as checks that every
//! engine runs. [`redb_engine`] is the real one, [`memory_engine`] the one of the simulation, [`group`] shares one
//! fsync between writers. A box's folder is opened by [`mod@open`]. What stands in the tables has one module each:
//! [`documents`], [`journal`] with [`logs`] and [`openings`], [`rows`], [`audit`] … — functions over a transaction, so that
//! a use case puts together in one commit what belongs together.

pub mod audit;
pub mod backup;
pub mod blobs;
mod checksum;
pub mod conformance;
pub mod counters;
pub mod documents;
pub mod engine;
mod error;
pub mod folder;
pub mod free_space;
#[cfg(test)]
mod golden;
pub mod group;
pub mod journal;
mod key;
pub mod keybag;
pub mod limit;
pub mod logs;
pub mod memory_engine;
pub mod meta;
pub mod open;
pub mod openings;
pub mod origin;
pub mod peers;
pub mod proofs;
pub mod redb_engine;
pub mod registers;
pub mod rows;
pub mod seeds;
pub mod stamp;
pub mod tags;
#[cfg(test)]
mod tests;
mod two_copies;
pub mod waiting;

pub use documents::DocId;
pub use engine::{Engine, EngineError, ReadTx, Span, Table, Transaction, WriteTx};
pub use error::StoreError;
pub use folder::{DiskFolder, Folder, SmallFiles};
pub use group::Committer;
pub use keybag::KeyBag;
pub use memory_engine::{MemoryEngine, MemorySnapshot};
pub use open::{OpenError, Opened, Suspicion};
pub use redb_engine::{Check, RedbEngine};
pub use stamp::Stamp;
pub use two_copies::CopiesError;
