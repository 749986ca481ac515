//! The engine in memory: for the simulation and for tests. Same promises as the one on disk (see
//! [`crate::conformance`]), and a disk that can be copied and put back: a restored backup, a cloned card.

use crate::engine::{
    Direction, Engine, EngineError, Overlay, ReadTx, Span, Table, Transaction, Visit, WriteTx,
    raise_commit_number,
};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Pairs = BTreeMap<Vec<u8>, Arc<[u8]>>;

/// Everything a memory engine held at one moment. Cheap to take and to keep.
#[derive(Clone, Default)]
pub struct MemorySnapshot {
    tables: BTreeMap<Table, Arc<Pairs>>,
}

impl fmt::Debug for MemorySnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemorySnapshot").field("tables", &self.tables.len()).finish_non_exhaustive()
    }
}

/// A database in memory.
#[derive(Debug, Default)]
pub struct MemoryEngine {
    committed: Mutex<MemorySnapshot>,
    turn: Mutex<()>,
}

impl MemoryEngine {
    /// An empty database.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A database that holds what `snapshot` held: a clone of the disk.
    #[must_use]
    pub fn from_snapshot(snapshot: MemorySnapshot) -> Self {
        Self { committed: Mutex::new(snapshot), turn: Mutex::default() }
    }

    /// A copy of the disk as it is now.
    #[must_use]
    pub fn snapshot(&self) -> MemorySnapshot {
        self.committed().clone()
    }

    /// Puts an older (or another box's) disk in. Waits for a writer; readers keep what they saw.
    pub fn restore(&self, snapshot: MemorySnapshot) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        *self.committed() = snapshot;
    }

    // A poisoned lock guards no half-done state here: the map is only ever replaced whole, or by `absorb`, which
    // cannot panic between two tables short of running out of memory.
    fn committed(&self) -> MutexGuard<'_, MemorySnapshot> {
        self.committed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine for MemoryEngine {
    fn read(&self) -> Result<Box<dyn ReadTx + '_>, EngineError> {
        Ok(Box::new(self.snapshot()))
    }

    fn write(&self) -> Result<Box<dyn Transaction + '_>, EngineError> {
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let overlay = Overlay::new(self.snapshot());
        Ok(Box::new(MemoryWrite { engine: self, overlay, _turn: turn }))
    }
}

impl ReadTx for MemorySnapshot {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        Ok(self.tables.get(&table).and_then(|pairs| pairs.get(key)).map(|value| value.to_vec()))
    }

    fn scan(&self, table: Table, span: &Span, visit: &mut Visit<'_>) -> Result<(), EngineError> {
        if span.is_empty() {
            return Ok(());
        }
        let Some(pairs) = self.tables.get(&table) else { return Ok(()) };
        let bounds: (Bound<&[u8]>, Bound<&[u8]>) =
            (span.from.as_ref().map(Vec::as_slice), span.to.as_ref().map(Vec::as_slice));
        let mut range = pairs.range::<[u8], _>(bounds);
        loop {
            let next = match span.direction {
                Direction::Ascending => range.next(),
                Direction::Descending => range.next_back(),
            };
            let Some((key, value)) = next else { return Ok(()) };
            if visit(key, value).is_break() {
                return Ok(());
            }
        }
    }
}

struct MemoryWrite<'e> {
    engine: &'e MemoryEngine,
    overlay: Overlay<MemorySnapshot>,
    _turn: MutexGuard<'e, ()>,
}

impl ReadTx for MemoryWrite<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        self.overlay.get(table, key)
    }

    fn scan(&self, table: Table, span: &Span, visit: &mut Visit<'_>) -> Result<(), EngineError> {
        self.overlay.scan(table, span, visit)
    }
}

impl WriteTx for MemoryWrite<'_> {
    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), EngineError> {
        self.overlay.put(table, key, value)
    }

    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), EngineError> {
        self.overlay.delete(table, key)
    }
}

impl Transaction for MemoryWrite<'_> {
    fn commit(self: Box<Self>) -> Result<u64, EngineError> {
        let Self { engine, mut overlay, _turn } = *self;
        let number = raise_commit_number(&mut overlay)?;
        // The overlay's own snapshot is let go first, so that tables no reader holds are changed in place.
        let changes = overlay.into_changes();
        let mut committed = engine.committed();
        for (table, changed) in changes.into_tables() {
            let pairs = Arc::make_mut(committed.tables.entry(table).or_default());
            for (key, value) in changed {
                match value {
                    Some(value) => pairs.insert(key, value.into()),
                    None => pairs.remove(&key),
                };
            }
        }
        Ok(number)
    }
}
