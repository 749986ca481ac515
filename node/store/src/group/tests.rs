//! A group's promises: told only after the commit, nobody spoiled by another.

use super::Committer;
use crate::engine::{Engine, EngineError, ReadTx, Table, Transaction, WriteTx, collect, commit_number};
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

fn number(tx: &dyn ReadTx, key: &[u8]) -> u32 {
    let stored = tx.get(Table::Rows, key).unwrap();
    stored.map_or(0, |bytes| u32::from_be_bytes(bytes.try_into().unwrap()))
}

/// Raises the number under a key: loses one if two do it from the same snapshot. Says how often it read.
fn raise(committer: &Committer, key: &'static [u8]) -> u64 {
    let runs = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&runs);
    let done = committer.submit_prepared(
        move |tx| {
            counted.fetch_add(1, Ordering::SeqCst);
            let next = number(&*tx, key) + 1;
            tx.put(Table::Rows, key, &next.to_be_bytes())
        },
        |_, ()| Ok::<_, EngineError>(()),
    );
    done.unwrap();
    runs.load(Ordering::SeqCst)
}

/// What a thread does with the committer.
type Act<'a> = Box<dyn FnOnce(&Committer) + Send + 'a>;

/// Runs `jobs` while a first commit is held back, so that each surely works ahead of its turn.
fn behind_a_gate(jobs: Vec<Act<'_>>) -> Arc<Gate> {
    let gate =
        Arc::new(Gate { inner: MemoryEngine::new(), begun: AtomicU64::new(0), open: AtomicBool::new(false) });
    let committer = Committer::new(gate.clone());
    let count = jobs.len();
    std::thread::scope(|scope| {
        let (committer, gate) = (&committer, &gate);
        scope.spawn(move || put(committer, 1).unwrap());
        while gate.begun.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        for job in jobs {
            scope.spawn(move || job(committer));
        }
        while committer.queue.lock().unwrap().jobs.len() < count {
            std::thread::yield_now();
        }
        gate.open.store(true, Ordering::SeqCst);
    });
    gate
}

/// Fails if work done ahead were taken over although what it read has changed, or thrown away although nothing has.
#[test]
fn work_ahead_counts_only_while_what_it_read_stands() {
    let runs = AtomicU64::new(0);
    let mut jobs: Vec<Act<'_>> = Vec::new();
    for _ in 0..8 {
        let runs = &runs;
        jobs.push(Box::new(move |committer: &Committer| {
            runs.fetch_add(raise(committer, b"shared"), Ordering::SeqCst);
        }));
    }
    let gate = behind_a_gate(jobs);
    assert_eq!(number(&*gate.read().unwrap(), b"shared"), 8, "no raise is lost");
    assert_eq!(runs.load(Ordering::SeqCst), 8 + 7, "all but the first had to work again");
    let apart = AtomicU64::new(0);
    let keys: [&'static [u8]; 4] = [b"a", b"b", b"c", b"d"];
    let count = &apart;
    let gate = behind_a_gate(
        keys.map(|key| {
            Box::new(move |committer: &Committer| {
                count.fetch_add(raise(committer, key), Ordering::SeqCst);
            }) as Act<'_>
        })
        .into(),
    );
    assert!(keys.iter().all(|key| number(&*gate.read().unwrap(), key) == 1));
    assert_eq!(apart.load(Ordering::SeqCst), 4, "nobody had to work twice");
}

/// Fails if only single values were checked: each job takes the next free key after those that it lists, in either
/// direction, and to the end or not.
#[test]
fn work_ahead_checks_what_was_listed() {
    for (direction, all) in [(true, true), (false, false)] {
        let next = move |tx: &mut dyn WriteTx| {
            let span = Span::prefix(b"n");
            let span = if direction { span } else { span.descending() };
            let listed = collect(tx, Table::Rows, &span, if all { 99 } else { 1 })?;
            let last = if all { listed.last() } else { listed.first() };
            let next = last.map_or(0, |(key, _)| key[1] + 1);
            tx.put(Table::Rows, &[b'n', next], b"v")
        };
        let jobs = (0..6).map(|_| {
            Box::new(move |committer: &Committer| {
                committer.submit_prepared(next, |_, ()| Ok::<_, EngineError>(())).unwrap();
            }) as Act<'_>
        });
        let gate = behind_a_gate(jobs.collect());
        let tx = gate.read().unwrap();
        assert_eq!(collect(&*tx, Table::Rows, &Span::prefix(b"n"), 99).unwrap().len(), 6);
    }
}

/// Fails if a failure or a panic while working ahead were told to anybody: what happens in the job's turn counts.
#[test]
fn a_failure_ahead_is_judged_again_in_its_turn() {
    let needs_the_first = |tx: &mut dyn WriteTx| match tx.get(Table::Rows, &1u32.to_be_bytes())? {
        Some(_) => tx.put(Table::Rows, b"second", b"v"),
        None => Err(EngineError::InUse),
    };
    let gate = behind_a_gate(vec![
        Box::new(move |committer: &Committer| {
            committer.submit_prepared(needs_the_first, |_, ()| Ok::<_, EngineError>(())).unwrap();
        }),
        Box::new(|committer: &Committer| {
            let failed = committer.submit_prepared(
                |tx| tx.put(Table::Rows, b"half", b"v"),
                |_, ()| Err::<(), _>(EngineError::InUse),
            );
            assert!(matches!(failed, Err(EngineError::InUse)));
        }),
        Box::new(|committer: &Committer| {
            let panicked =
                committer.submit_prepared::<(), (), EngineError>(|_| panic!("planted"), |_, ()| Ok(()));
            assert!(matches!(panicked, Err(EngineError::Panicked)));
        }),
    ]);
    let tx = gate.read().unwrap();
    assert!(tx.get(Table::Rows, b"second").unwrap().is_some());
    assert!(tx.get(Table::Rows, b"half").unwrap().is_none());
}
