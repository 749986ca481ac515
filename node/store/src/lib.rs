//! What a box keeps on its disk: documents, journal, index rows, audit and the rest, each commit whole and durable.
//!
//! Never: reads a clock, opens a socket, sees a plain personal value, starts a fresh database in silence.
//!
//! Start with [`engine`], the contract with the database, and [`conformance`], the same contract as checks that every
//! engine runs. [`redb_engine`] is the real one, [`memory_engine`] the one of the simulation, [`group`] shares one
//! fsync between writers.

mod checksum;
pub mod conformance;
pub mod engine;
pub mod free_space;
pub mod group;
pub mod limit;
pub mod memory_engine;
pub mod redb_engine;

pub use engine::{Engine, EngineError, ReadTx, Span, Table, Transaction, WriteTx};
pub use group::Committer;
pub use memory_engine::{MemoryEngine, MemorySnapshot};
pub use redb_engine::{Check, RedbEngine};
