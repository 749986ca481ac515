//! What waits: receipts never let it pass for received, and it never fills a disk.

mod centre;
mod cuts;
mod pressed;
mod quota;
mod receipts;

use crate::testing::{self, MONDAY, TestClock, TestTownship, meet, township};
use crate::{ActError, Node};
use canon::Writer;
use identity::{Audience, DeviceKey, Epoch, Lane, LogId};
use model::record::Edit;
use records::{DocId, DocKind, DocRef};
use std::sync::Arc;
use store::engine::Engine as _;
use store::journal::{self, Place, State};
use store::{MemoryEngine, logs, openings};
use sync::{EntryHeader, Opening};

/// A township of one centre and some stations; each box can be switched off and written to behind its back.
struct Town {
    town: TestTownship,
    clock: Arc<TestClock>,
    disks: Vec<Arc<MemoryEngine>>,
    nodes: Vec<Node>,
}

fn town(stations: usize, seed: u64) -> Town {
    let town = township(stations, seed);
    let clock = TestClock::at(MONDAY);
    let disks: Vec<_> = (0..=stations).map(|_| Arc::new(MemoryEngine::new())).collect();
    let start = |(at, disk): (usize, &Arc<MemoryEngine>)| {
        town.start(at, Arc::clone(disk) as _, Arc::clone(&clock), at as u64 + 1)
    };
    let nodes = disks.iter().enumerate().map(start).collect();
    Town { town, clock, disks, nodes }
}

fn doc(number: u64) -> DocRef {
    let id = canon::hash("doc", |w: &mut Writer| {
        w.u64(number);
    });
    DocRef { id: DocId(id.first_chunk().copied().unwrap()), kind: DocKind::Case }
}

/// A change as an honest box writes it.
fn act(node: &Node, at: DocRef, number: u8) -> Result<(), ActError> {
    act_in(node, at, number, Audience::Hub, Lane::CASES)
}

fn act_in(node: &Node, at: DocRef, number: u8, audience: Audience, lane: Lane) -> Result<(), ActError> {
    let edit = Edit { events: vec![vec![number; 9]], ..Edit::default() };
    testing::write(node, at, edit, vec![audience], lane).map(drop)
}

impl Town {
    /// Starts a box anew over its disk.
    fn restart(&mut self, at: usize) {
        let engine = Arc::clone(&self.disks[at]) as _;
        self.nodes[at] = self.town.start(at, engine, Arc::clone(&self.clock), 100 + at as u64);
    }

    /// A member writes these bodies into its own journal, past its own software.
    fn slip_in(&mut self, at: usize, epoch: u8, lane: Lane, bodies: &[(DocRef, Vec<u8>)]) {
        let key = DeviceKey::from_seed(self.town.boxes[at].key);
        let epoch = Epoch([epoch; 8]);
        let log = LogId { device: key.id(), epoch, audience: Audience::Hub, lane };
        let mut tx = self.disks[at].write().unwrap();
        openings::put(&mut *tx, &Opening::sign(&key, epoch, Vec::new())).unwrap();
        for (at, body) in bodies {
            let header = EntryHeader { doc: at.id.0, kind: at.kind.number(), origin: None };
            journal::append(&mut *tx, &log, header, body.clone()).unwrap();
        }
        tx.commit().unwrap();
        self.restart(at);
    }

    fn meet_centre(&self, at: usize) {
        meet(&self.nodes[at], &self.nodes[0]);
    }

    /// What an entry is at a box.
    fn state(&self, at: usize, log: &LogId, seq: u64) -> Option<State> {
        let tx = self.disks[at].read().unwrap();
        let held = logs::get(&*tx, log).unwrap()?;
        journal::get(&*tx, &Place { log: held.index, seq }).unwrap().map(|stored| stored.state)
    }

    fn events(&self, at: usize, doc: DocRef) -> Option<usize> {
        testing::record(&self.nodes[at], doc).unwrap().map(|record| record.events.len())
    }
}

/// What no box can apply.
fn junk(number: u64, bytes: usize) -> (DocRef, Vec<u8>) {
    (doc(1_000_000 + number), vec![7; bytes])
}
