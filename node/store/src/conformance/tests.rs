//! Both engines keep the contract; engines with one planted fault each do not get through.

use super::{count, run};
use crate::engine::{
    Engine, EngineError, Overlay, ReadTx, Span, Table, Transaction, Visit, WriteTx, collect,
};
use crate::free_space::Unbounded;
use crate::{MemoryEngine, RedbEngine};
use redb::backends::InMemoryBackend;

#[test]
fn the_memory_engine_keeps_the_contract() {
    run(&mut || Box::new(MemoryEngine::new())).unwrap();
}

#[test]
fn the_disk_engine_keeps_the_contract() {
    run(&mut || Box::new(RedbEngine::create(InMemoryBackend::new(), Box::new(Unbounded)).unwrap())).unwrap();
    assert!(count() >= 16, "a check was lost");
}

/// The faults an engine could have.
#[derive(Debug, Clone, Copy)]
enum Fault {
    DroppedIsKept,
    DeleteForgotten,
    ScanBackwardsIgnored,
    LastOfScanMissing,
    OwnChangesUnseenInScan,
    ReaderSeesLatest,
    TablesShared,
    EmptyValueIsNothing,
    CounterStands,
}

struct Faulty {
    inner: MemoryEngine,
    fault: Fault,
}

struct FaultyRead<'e> {
    engine: &'e Faulty,
    snapshot: crate::MemorySnapshot,
}

impl FaultyRead<'_> {
    fn now(&self) -> crate::MemorySnapshot {
        if matches!(self.engine.fault, Fault::ReaderSeesLatest) {
            self.engine.inner.snapshot()
        } else {
            self.snapshot.clone()
        }
    }
}

fn shared(fault: Fault, table: Table) -> Table {
    if matches!(fault, Fault::TablesShared) && table == Table::Tags { Table::Rows } else { table }
}

impl ReadTx for FaultyRead<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        let value = self.now().get(shared(self.engine.fault, table), key)?;
        let hide_empty = matches!(self.engine.fault, Fault::EmptyValueIsNothing);
        Ok(value.filter(|value| !(hide_empty && value.is_empty())))
    }

    fn scan(&self, table: Table, span: &Span, visit: &mut Visit<'_>) -> Result<(), EngineError> {
        let mut span = span.clone();
        if matches!(self.engine.fault, Fault::ScanBackwardsIgnored) {
            span.direction = crate::engine::Direction::Ascending;
        }
        let mut pairs = collect(&self.now(), shared(self.engine.fault, table), &span, usize::MAX)?;
        if matches!(self.engine.fault, Fault::LastOfScanMissing) {
            pairs.pop();
        }
        for (key, value) in pairs {
            if visit(&key, &value).is_break() {
                break;
            }
        }
        Ok(())
    }
}

struct FaultyWrite<'e> {
    engine: &'e Faulty,
    overlay: Option<Overlay<FaultyRead<'e>>>,
}

impl FaultyWrite<'_> {
    fn overlay(&self) -> &Overlay<FaultyRead<'_>> {
        self.overlay.as_ref().unwrap()
    }

    fn finish(&mut self) -> Result<u64, EngineError> {
        let mut tx = self.engine.inner.write()?;
        self.overlay.take().unwrap().into_changes().apply(&mut *tx)?;
        let number = tx.commit()?;
        Ok(if matches!(self.engine.fault, Fault::CounterStands) { 1 } else { number })
    }
}

impl ReadTx for FaultyWrite<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        self.overlay().get(table, key)
    }

    fn scan(&self, table: Table, span: &Span, visit: &mut Visit<'_>) -> Result<(), EngineError> {
        if matches!(self.engine.fault, Fault::OwnChangesUnseenInScan) {
            return self.engine.inner.snapshot().scan(table, span, visit);
        }
        self.overlay().scan(table, span, visit)
    }
}

impl WriteTx for FaultyWrite<'_> {
    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), EngineError> {
        let table = shared(self.engine.fault, table);
        self.overlay.as_mut().unwrap().put(table, key, value)
    }

    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), EngineError> {
        if matches!(self.engine.fault, Fault::DeleteForgotten) {
            return Ok(());
        }
        self.overlay.as_mut().unwrap().delete(shared(self.engine.fault, table), key)
    }
}

impl Transaction for FaultyWrite<'_> {
    fn commit(mut self: Box<Self>) -> Result<u64, EngineError> {
        self.finish()
    }
}

impl Drop for FaultyWrite<'_> {
    fn drop(&mut self) {
        if matches!(self.engine.fault, Fault::DroppedIsKept) && self.overlay.is_some() {
            self.finish().unwrap();
        }
    }
}

impl Engine for Faulty {
    fn read(&self) -> Result<Box<dyn ReadTx + '_>, EngineError> {
        Ok(Box::new(FaultyRead { engine: self, snapshot: self.inner.snapshot() }))
    }

    fn write(&self) -> Result<Box<dyn Transaction + '_>, EngineError> {
        let base = FaultyRead { engine: self, snapshot: self.inner.snapshot() };
        Ok(Box::new(FaultyWrite { engine: self, overlay: Some(Overlay::new(base)) }))
    }
}

/// The positive control: if a check were lost or made empty, one of these would get through.
#[test]
fn every_planted_fault_is_caught() {
    for fault in [
        Fault::DroppedIsKept,
        Fault::DeleteForgotten,
        Fault::ScanBackwardsIgnored,
        Fault::LastOfScanMissing,
        Fault::OwnChangesUnseenInScan,
        Fault::ReaderSeesLatest,
        Fault::TablesShared,
        Fault::EmptyValueIsNothing,
        Fault::CounterStands,
    ] {
        let caught = run(&mut || Box::new(Faulty { inner: MemoryEngine::new(), fault }));
        assert!(caught.is_err(), "{fault:?} was not caught");
    }
}
