//! A disk that loses power: a commit may be lost or kept without a word, and nothing works until the box starts again.

use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::engine::{Engine, EngineError, ReadTx, Span, Table, Transaction, Visit, WriteTx};
use store::{MemoryEngine, MemorySnapshot};

/// What the power does at the next commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It fails before the commit: nothing of it is there.
    Lost,
    /// It fails just after: all of it is there, and nobody was told.
    KeptUnsaid,
}

/// The memory engine behind a power switch.
pub(super) struct Disk {
    engine: MemoryEngine,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    fate: Option<Fate>,
    dead: bool,
    /// A planted fault: commits are called durable and synced only now and then. What was synced last.
    lazy: Option<Lazy>,
}

struct Lazy {
    synced: MemorySnapshot,
    since: u32,
}

/// Commits between two syncs of a lazy disk.
const LAZY_COMMITS: u32 = 4;

impl Disk {
    pub(super) fn new(of: MemorySnapshot, lazy: bool) -> Self {
        let lazy = lazy.then(|| Lazy { synced: of.clone(), since: 0 });
        let state = State { lazy, ..State::default() };
        Self { engine: MemoryEngine::from_snapshot(of), state: Mutex::new(state) }
    }

    /// What would be there if the power failed now.
    pub(super) fn snapshot(&self) -> MemorySnapshot {
        self.engine.snapshot()
    }

    /// The next commit meets this.
    pub(super) fn set_fate(&self, fate: Fate) {
        self.state().fate = Some(fate);
    }

    /// No power cut is due any more.
    pub(super) fn calm(&self) {
        self.state().fate = None;
    }

    /// The power has failed in a commit.
    pub(super) fn is_dead(&self) -> bool {
        self.state().dead
    }

    /// Power off and on.
    pub(super) fn power_cycle(&self) {
        let mut state = self.state();
        state.dead = false;
        state.fate = None;
        if let Some(lazy) = &mut state.lazy {
            lazy.since = 0;
            let synced = lazy.synced.clone();
            drop(state);
            self.engine.restore(synced);
        }
    }

    /// Another disk is put in.
    pub(super) fn restore(&self, of: MemorySnapshot) {
        let mut state = self.state();
        state.dead = false;
        state.fate = None;
        if let Some(lazy) = &mut state.lazy {
            *lazy = Lazy { synced: of.clone(), since: 0 };
        }
        drop(state);
        self.engine.restore(of);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn alive(&self) -> Result<(), EngineError> {
        if self.state().dead { Err(EngineError::Group("no power".to_owned())) } else { Ok(()) }
    }

    fn committed(&self) {
        let mut state = self.state();
        if let Some(lazy) = &mut state.lazy {
            lazy.since += 1;
            if lazy.since == LAZY_COMMITS {
                *lazy = Lazy { synced: self.engine.snapshot(), since: 0 };
            }
        }
    }
}

impl Engine for Disk {
    fn read(&self) -> Result<Box<dyn ReadTx + '_>, EngineError> {
        self.alive()?;
        self.engine.read()
    }

    fn write(&self) -> Result<Box<dyn Transaction + '_>, EngineError> {
        self.alive()?;
        Ok(Box::new(DiskWrite { disk: self, inner: self.engine.write()? }))
    }
}

struct DiskWrite<'d> {
    disk: &'d Disk,
    inner: Box<dyn Transaction + 'd>,
}

impl ReadTx for DiskWrite<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        self.inner.get(table, key)
    }

    fn scan(&self, table: Table, span: &Span, visit: &mut Visit<'_>) -> Result<(), EngineError> {
        self.inner.scan(table, span, &mut |key, value| -> ControlFlow<()> { visit(key, value) })
    }
}

impl WriteTx for DiskWrite<'_> {
    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), EngineError> {
        self.inner.put(table, key, value)
    }

    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), EngineError> {
        self.inner.delete(table, key)
    }
}

impl Transaction for DiskWrite<'_> {
    fn commit(self: Box<Self>) -> Result<u64, EngineError> {
        let Self { disk, inner } = *self;
        let fate = disk.state().fate.take();
        if fate == Some(Fate::Lost) {
            disk.state().dead = true;
            return Err(EngineError::Group("the power failed before the commit".to_owned()));
        }
        let number = inner.commit()?;
        if fate == Some(Fate::KeptUnsaid) {
            disk.state().dead = true;
            return Err(EngineError::Group("the power failed after the commit".to_owned()));
        }
        disk.committed();
        Ok(number)
    }
}
