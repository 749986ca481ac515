//! A group's promises: told only after the commit, nobody spoiled by another.

use super::Committer;
use crate::engine::{Engine, EngineError, ReadTx, Table, Transaction, collect, commit_number};
use crate::free_space::{FreeSpace, Unbounded};
use crate::{MemoryEngine, RedbEngine, Span};
use redb::backends::InMemoryBackend;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

fn put(committer: &Committer, key: u32) -> Result<(), EngineError> {
    committer.submit(move |tx| tx.put(Table::Rows, &key.to_be_bytes(), b"v"))
}

/// Fails if a caller were told before its change is readable, or if a job were lost between groups.
#[test]
fn many_threads_share_commits_and_lose_nothing() {
    let engine = Arc::new(RedbEngine::create(InMemoryBackend::new(), Box::new(Unbounded)).unwrap());
    let committer = Committer::new(engine.clone());
    std::thread::scope(|scope| {
        for thread in 0..8u32 {
            let (committer, engine) = (&committer, &engine);
            scope.spawn(move || {
                for job in 0..50 {
                    let key = thread * 1000 + job;
                    put(committer, key).unwrap();
                    let tx = engine.read().unwrap();
                    assert!(tx.get(Table::Rows, &key.to_be_bytes()).unwrap().is_some());
                }
            });
        }
    });
    let tx = engine.read().unwrap();
    assert_eq!(collect(&*tx, Table::Rows, &Span::all(), 999).unwrap().len(), 400);
    assert!(commit_number(&*tx).unwrap() <= 400);
}

/// Holds the first commit back until others have queued, so that a group surely has several jobs.
struct Gate {
    inner: MemoryEngine,
    begun: AtomicU64,
    open: AtomicBool,
}

impl Engine for Gate {
    fn read(&self) -> Result<Box<dyn ReadTx + '_>, EngineError> {
        self.inner.read()
    }

    fn write(&self) -> Result<Box<dyn Transaction + '_>, EngineError> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        while !self.open.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        self.inner.write()
    }
}

/// Fails if a failing or panicking job took its neighbours along, left anything, or got a commit of its own.
#[test]
fn a_failing_job_spoils_nobody_in_its_group() {
    let gate =
        Arc::new(Gate { inner: MemoryEngine::new(), begun: AtomicU64::new(0), open: AtomicBool::new(false) });
    let committer = Committer::new(gate.clone());
    std::thread::scope(|scope| {
        let (committer, gate) = (&committer, &gate);
        scope.spawn(move || put(committer, 1).unwrap());
        while gate.begun.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        for key in 2..6 {
            scope.spawn(move || put(committer, key).unwrap());
        }
        scope.spawn(move || {
            let failed = committer.submit(|tx| {
                tx.put(Table::Rows, b"half", b"v")?;
                Err::<(), _>(EngineError::InUse)
            });
            assert!(matches!(failed, Err(EngineError::InUse)));
        });
        scope.spawn(move || {
            let panicked = committer.submit::<(), EngineError>(|tx| {
                tx.put(Table::Rows, b"half", b"v")?;
                panic!("planted")
            });
            assert!(matches!(panicked, Err(EngineError::Panicked)));
        });
        while committer.queue.lock().unwrap().jobs.len() < 6 {
            std::thread::yield_now();
        }
        gate.open.store(true, Ordering::SeqCst);
    });
    let tx = gate.read().unwrap();
    assert_eq!(collect(&*tx, Table::Rows, &Span::all(), 99).unwrap().len(), 5);
    assert_eq!(commit_number(&*tx).unwrap(), 2, "six jobs in the queue make one commit");
}

struct Full;

impl FreeSpace for Full {
    fn free_bytes(&self) -> std::io::Result<u64> {
        Ok(10)
    }
}

/// Fails if the guard were not asked, or if a full disk could no longer be told from another failure.
#[test]
fn a_nearly_full_disk_refuses_writes_and_still_reads() {
    let engine = RedbEngine::create(InMemoryBackend::new(), Box::new(Full)).unwrap().with_free_bytes_min(11);
    let committer = Committer::new(Arc::new(engine));
    assert!(matches!(put(&committer, 1), Err(EngineError::DiskFull { free_bytes: 10, needed_bytes: 11 })));
    assert!(committer.engine().read().unwrap().get(Table::Rows, b"k").unwrap().is_none());
}
