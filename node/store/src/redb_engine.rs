//! The engine on disk. Each [`Table`] is one redb table of bytes; each value carries a checksum; each commit is one
//! fsynced redb transaction. redb is named nowhere else in the crate but by the backends that the harness brings.

mod read;
mod write;

use crate::checksum;
use crate::engine::{Engine, EngineError, ReadTx, SCHEMA, SCHEMA_KEY, Span, Table, Transaction};
use crate::free_space::FreeSpace;
use crate::limit;
use read::RedbRead;
use redb::{Database, DatabaseError, Durability, ReadableDatabase as _, StorageBackend, StorageError};
use std::fmt;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use write::RedbWrite;

type Definition = redb::TableDefinition<'static, &'static [u8], &'static [u8]>;

const fn definition(table: Table) -> Definition {
    redb::TableDefinition::new(table.name())
}

/// When the whole file is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// While opening: nothing is read before every page was verified.
    WhileOpening,
    /// Later, by [`RedbEngine::verify`]: for files too large to check while people wait. (After an unclean stop redb
    /// verifies everything while opening in any case.)
    Later,
}

/// A redb database. Opened by one process at a time.
pub struct RedbEngine {
    database: Database,
    space: Box<dyn FreeSpace>,
    free_bytes_min: u64,
}

impl fmt::Debug for RedbEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedbEngine").field("free_bytes_min", &self.free_bytes_min).finish_non_exhaustive()
    }
}

impl RedbEngine {
    /// Makes an empty database in an empty backend. A power cut leaves a file that may never open, so callers do it
    /// under a temporary name ([`crate::open`]).
    ///
    /// # Errors
    /// When the backend is not empty, or fails.
    pub fn create(backend: impl StorageBackend, space: Box<dyn FreeSpace>) -> Result<Self, EngineError> {
        let length = backend.len().map_err(|cause| EngineError::database("create", cause))?;
        if length != 0 {
            return Err(EngineError::DamagedFile("a file to create in is not empty".into()));
        }
        let engine = Self::start(backend, Check::Later, space)?;
        let made = engine.begin()?;
        for table in Table::ALL {
            made.open_table(definition(table)).map_err(|cause| EngineError::table("create", table, cause))?;
        }
        {
            let failed = |cause| EngineError::table("create", Table::Meta, cause);
            let mut meta = made
                .open_table(definition(Table::Meta))
                .map_err(|cause| EngineError::table("create", Table::Meta, cause))?;
            let version = checksum::protect(SCHEMA_KEY, &SCHEMA.to_be_bytes());
            meta.insert(SCHEMA_KEY, version.as_slice()).map_err(failed)?;
        }
        made.commit().map_err(|cause| EngineError::database("create", cause))?;
        Ok(engine)
    }

    /// Opens what [`RedbEngine::create`] made, repairing what a power cut left unfinished.
    ///
    /// # Errors
    /// [`EngineError::InUse`], [`EngineError::DamagedFile`] (empty counts as damage: a database is never started
    /// fresh in silence), or when the backend fails.
    pub fn open(
        backend: impl StorageBackend,
        check: Check,
        space: Box<dyn FreeSpace>,
    ) -> Result<Self, EngineError> {
        let length = backend.len().map_err(|cause| EngineError::database("open", cause))?;
        if length == 0 {
            return Err(EngineError::DamagedFile("the file is empty".into()));
        }
        let engine = Self::start(backend, check, space)?;
        let found = engine.schema()?;
        if found > SCHEMA { Err(EngineError::NewerSchema { found, known: SCHEMA }) } else { Ok(engine) }
    }

    fn schema(&self) -> Result<u64, EngineError> {
        let stored = self.snapshot()?.get(Table::Meta, SCHEMA_KEY)?;
        let fixed = stored.and_then(|bytes| bytes.try_into().ok());
        fixed
            .map(u64::from_be_bytes)
            .ok_or_else(|| EngineError::DamagedFile("it has no schema version".into()))
    }

    fn start(
        backend: impl StorageBackend,
        check: Check,
        space: Box<dyn FreeSpace>,
    ) -> Result<Self, EngineError> {
        // redb asserts on some damage instead of returning an error: that must end as an error too.
        let opened = catch_unwind(AssertUnwindSafe(|| {
            Database::builder()
                .set_cache_size(limit::CACHE_BYTES)
                .set_check_integrity_on_open(check == Check::WhileOpening)
                .create_with_backend(backend)
        }));
        let database = match opened {
            Ok(result) => result.map_err(open_error)?,
            Err(_) => return Err(EngineError::DamagedFile("the database library gave up on it".into())),
        };
        Ok(Self { database, space, free_bytes_min: limit::FREE_BYTES_MIN })
    }

    /// Changes how much must be free before a write begins, in bytes.
    #[must_use]
    pub const fn with_free_bytes_min(mut self, free_bytes_min: u64) -> Self {
        self.free_bytes_min = free_bytes_min;
        self
    }

    /// Reads everything once: order of keys, number of pairs, every checksum. Returns the number of pairs.
    ///
    /// # Errors
    /// [`EngineError::Damaged`] or [`EngineError::DamagedFile`] for the first thing that is wrong.
    pub fn verify(&self) -> Result<u64, EngineError> {
        let tx = self.snapshot()?;
        let mut all = 0;
        for table in Table::ALL {
            let (mut seen, mut last, mut sorted) = (0u64, None::<Vec<u8>>, true);
            tx.scan(table, &Span::all(), &mut |key, _| {
                sorted &= last.as_deref().is_none_or(|last| last < key);
                last = Some(key.to_vec());
                seen += 1;
                ControlFlow::Continue(())
            })?;
            if !sorted || seen != tx.pairs(table)? {
                return Err(EngineError::DamagedFile(format!("table {table} is out of order or has gaps")));
            }
            all += seen;
        }
        Ok(all)
    }

    /// Ends cleanly, so that the next start needs no repair.
    ///
    /// # Errors
    /// When the disk fails while the last pages are written.
    pub fn close(self) -> Result<(), EngineError> {
        self.database.close().map_err(|cause| EngineError::database("close", cause))
    }

    fn snapshot(&self) -> Result<RedbRead, EngineError> {
        let tx = self.database.begin_read().map_err(|cause| EngineError::database("begin read", cause))?;
        Ok(RedbRead::new(tx))
    }

    fn begin(&self) -> Result<redb::WriteTransaction, EngineError> {
        let mut tx =
            self.database.begin_write().map_err(|cause| EngineError::database("begin write", cause))?;
        tx.set_durability(Durability::Immediate)
            .map_err(|cause| EngineError::database("begin write", cause))?;
        Ok(tx)
    }

    fn require_room(&self) -> Result<(), EngineError> {
        let free_bytes =
            self.space.free_bytes().map_err(|cause| EngineError::database("ask for free space", cause))?;
        if free_bytes < self.free_bytes_min {
            return Err(EngineError::DiskFull { free_bytes, needed_bytes: self.free_bytes_min });
        }
        Ok(())
    }
}

fn open_error(error: DatabaseError) -> EngineError {
    if matches!(error, DatabaseError::DatabaseAlreadyOpen) {
        return EngineError::InUse;
    }
    if let DatabaseError::Storage(storage) = &error
        && is_damage(storage)
    {
        return EngineError::DamagedFile(storage.to_string());
    }
    EngineError::database("open", error)
}

fn is_damage(error: &StorageError) -> bool {
    if let StorageError::Io(cause) = error {
        return matches!(cause.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof);
    }
    matches!(error, StorageError::Corrupted(_))
}

impl Engine for RedbEngine {
    fn read(&self) -> Result<Box<dyn ReadTx + '_>, EngineError> {
        Ok(Box::new(self.snapshot()?))
    }

    fn write(&self) -> Result<Box<dyn Transaction + '_>, EngineError> {
        self.require_room()?;
        let tx = self.begin()?;
        // Taken while this writer holds the turn: no commit can come between the two.
        let snapshot = self.snapshot()?;
        Ok(Box::new(RedbWrite::new(tx, snapshot)))
    }

    fn room(&self) -> Result<u64, EngineError> {
        let free = self.space.free_bytes().map_err(|cause| EngineError::database("free space", cause))?;
        Ok(free.saturating_sub(self.free_bytes_min))
    }
}
