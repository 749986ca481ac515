//! What a station does, in small: each commit puts a document, its journal entry, its seeds, index rows and the audit line
//! together, through the same typed layers as the application. The same steps on the memory engine say what must be found.

use crate::dice::Dice;
use crate::disk::{Faults, Image, Note, Op, SimFolder};
use identity::{Audience, DeviceKey, Epoch, Lane, LogId};
use seal::BagKey;
use std::sync::Arc;
use store::audit::AuditRecord;
use store::documents::StoredDocument;
use store::free_space::Unbounded;
use store::journal::State;
use store::rows::View;
use store::seeds::SeedPlace;
use store::{
    Engine as _, MemoryEngine, MemorySnapshot, Opened, StoreError, WriteTx, audit, blobs, counters,
    documents, journal, logs, meta, openings, rows, seeds, tags,
};
use sync::{Entry, EntryHeader, Form, Opening};

/// Bugs that the harness must find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plant {
    /// None: the code as it is.
    Nothing,
    /// The disk says it has synced, and has not.
    SyncSkipped,
    /// "已保存" is said before the commit.
    AcknowledgedBeforeCommit,
    /// The first database is made under its last name.
    NoTemporaryName,
    /// The stamp is written before the commit it speaks of.
    StampBeforeCommit,
    /// The old bag key is destroyed before the seeds are wrapped anew.
    KeyDestroyedTooEarly,
}

impl Plant {
    pub(crate) const BUGS: [Self; 5] = [
        Self::SyncSkipped,
        Self::AcknowledgedBeforeCommit,
        Self::NoTemporaryName,
        Self::StampBeforeCommit,
        Self::KeyDestroyedTooEarly,
    ];

    pub(crate) fn faults(self) -> Faults {
        Faults {
            skip_sync: self == Self::SyncSkipped,
            no_temporary_name: self == Self::NoTemporaryName,
            ..Faults::default()
        }
    }
}

/// What a run did, and what each of its commits must leave.
pub(crate) struct Recording {
    pub(crate) log: Vec<Op>,
    /// The folder at the end.
    pub(crate) image: Image,
    /// By commit number, from 0.
    pub(crate) wanted: Vec<MemorySnapshot>,
    /// The failure of the disk that ended the run.
    pub(crate) failure: Option<String>,
    /// How many syncs the disk was asked for.
    pub(crate) syncs: u64,
}

/// The bag keys in the order of their use.
pub(crate) fn bag_key(number: u8) -> BagKey {
    BagKey::from_bytes([number + 1; 32])
}

/// Name under which the number of the bag key that wraps all seeds is kept.
pub(crate) const BAG: &str = "bag";

fn device(number: u8) -> DeviceKey {
    DeviceKey::from_seed([number; 32])
}

fn log_of(number: u8, lane: u8) -> LogId {
    LogId {
        device: device(number).id(),
        epoch: Epoch([number; 8]),
        audience: Audience::Hub,
        lane: Lane(lane),
    }
}

fn filler(dice: &mut Dice, least: u64, most: u64) -> Vec<u8> {
    let mut bytes = vec![0; (least + dice.roll(most - least)) as usize];
    for byte in &mut bytes {
        *byte = dice.next() as u8;
    }
    bytes
}

/// Commit `n`; the same for every engine.
pub(crate) fn step(tx: &mut dyn WriteTx, seed: u64, n: u64) -> Result<(), StoreError> {
    let mut dice = Dice::of(&[seed, n]);
    if n == 1 {
        meta::put(tx, BAG, &[0])?;
        for number in [1, 2] {
            openings::put(tx, &Opening::sign(&device(number), Epoch([number; 8]), Vec::new()))?;
        }
    }
    let doc = [dice.roll(9) as u8; 16];
    let saved = filler(&mut dice, 150, 1400);
    documents::put(tx, &doc, &StoredDocument { kind: 1, flags: 0, saved })?;
    let header = EntryHeader { doc, kind: 1, origin: None };
    let lane = 1 + dice.roll(2) as u8;
    let head = journal::append(tx, &log_of(1, lane), header, filler(&mut dice, 60, 400))?;
    let number = counters::next(tx, "case")?;
    rows::put(tx, View(1), &[&doc[..1], &number.to_be_bytes()].concat(), &head.link)?;
    rows::put(tx, View(2), &doc, &n.to_be_bytes())?;
    if n.is_multiple_of(3) {
        rows::remove(tx, View(1), &[&doc[..1], &(number / 2).to_be_bytes()].concat())?;
    }
    let place = SeedPlace { doc, person: dice.roll(3) };
    let wrapped = [meta::get(tx, BAG)?.unwrap_or_default(), filler(&mut dice, 44, 45)].concat();
    seeds::put(tx, &place, &wrapped)?;
    tags::add(tx, &[dice.roll(5) as u8; 16], &doc)?;
    let (staff, act) = ("s1".to_owned(), "receive".to_owned());
    audit::append(tx, &AuditRecord { wall: n as i64, staff, act, doc: Some(doc), detail: String::new() })?;
    match n % 8 {
        3 => {
            blobs::put(tx, &filler(&mut dice, 3000, 9000))?;
        }
        5 => receive(tx, &mut dice, doc)?,
        7 => {
            documents::remove(tx, &doc)?;
            seeds::remove_of(tx, &doc)?;
            tags::remove_of(tx, &doc)?;
        }
        _ => {}
    }
    Ok(())
}

/// Entries of another box arrive, the last of them parked.
fn receive(tx: &mut dyn WriteTx, dice: &mut Dice, doc: [u8; 16]) -> Result<(), StoreError> {
    for state in [State::Applied, State::Held { reason: 3 }, State::Parked] {
        let held = logs::begin(tx, &log_of(2, 1))?;
        let header = EntryHeader { doc, kind: 1, origin: None };
        let body = filler(dice, 40, 300);
        let link = sync::link(&held.head.link, held.head.seq + 1, &header, &sync::body_hash(&body));
        journal::receive(tx, &held.head.log, Entry { header, form: Form::Body(body) }, &link, state)?;
    }
    Ok(())
}

/// The commit of a key rotation: every seed wrapped anew.
fn rewrap(tx: &mut dyn WriteTx, key: u8) -> Result<(), StoreError> {
    for (place, mut wrapped) in seeds::page(tx, None, usize::MAX)? {
        wrapped[0] = key;
        seeds::put(tx, &place, &wrapped)?;
    }
    meta::put(tx, BAG, &[key])
}

/// Whether commit `n` of a run of `commits` is the one that rotates the bag key.
pub(crate) const fn rotates(n: u64, commits: u64) -> bool {
    n == commits / 2 + 1
}

/// What commit `n` of a run does.
pub(crate) fn commit(tx: &mut dyn WriteTx, seed: u64, n: u64, commits: u64) -> Result<(), StoreError> {
    if rotates(n, commits) { rewrap(tx, 1) } else { step(tx, seed, n) }
}

/// What each commit must leave, by the memory engine.
pub(crate) fn wanted(seed: u64, commits: u64) -> Vec<MemorySnapshot> {
    let memory = MemoryEngine::new();
    let mut snapshots = vec![memory.snapshot()];
    // One more than the run makes: a reopened database goes on by one.
    for n in 1..=commits + 1 {
        let mut tx = memory.write().unwrap();
        commit(&mut *tx, seed, n, commits).unwrap();
        assert_eq!(tx.commit().unwrap(), n);
        snapshots.push(memory.snapshot());
    }
    snapshots
}

/// Opens a simulated folder as a box would.
pub(crate) fn open(folder: &SimFolder) -> Result<Opened, store::OpenError> {
    store::open::open(&Arc::new(folder.clone()), Box::new(Unbounded), bag_key(0))
}

struct Run<'r> {
    folder: &'r SimFolder,
    seed: u64,
    commits: u64,
    plant: Plant,
}

/// Does the whole workload on a fresh simulated folder and records it.
pub(crate) fn record(seed: u64, commits: u64, plant: Plant, faults: Faults) -> Recording {
    let folder = SimFolder::new(Image::new(), faults, true);
    let done = Run { folder: &folder, seed, commits, plant }.all();
    let (log, image) = (folder.take_log(), folder.image());
    Recording {
        log,
        image,
        wanted: wanted(seed, commits),
        failure: done.err().map(|error| error.to_string()),
        syncs: folder.syncs(),
    }
}

pub(crate) type Done = Result<(), Box<dyn std::error::Error>>;

impl Run<'_> {
    fn all(&self) -> Done {
        self.folder.note(Note::KeyOffered(0));
        let mut opened = open(self.folder)?;
        for n in 1..=self.commits {
            if n.is_multiple_of(16) {
                opened.engine.close()?;
                opened = open(self.folder)?;
            }
            if rotates(n, self.commits) {
                self.rotate(&mut opened, n)?;
            } else {
                self.one(&opened, n)?;
            }
            if n.is_multiple_of(4) {
                opened.stamp.note(if self.plant == Plant::StampBeforeCommit { n + 1 } else { n })?;
            }
        }
        opened.stamp.note(self.commits)?;
        opened.engine.close()?;
        Ok(())
    }

    fn one(&self, opened: &Opened, n: u64) -> Done {
        self.folder.note(Note::Begun(n));
        if self.plant == Plant::AcknowledgedBeforeCommit {
            self.folder.note(Note::Acknowledged(n));
        }
        let mut tx = opened.engine.write()?;
        commit(&mut *tx, self.seed, n, self.commits)?;
        assert_eq!(tx.commit()?, n);
        self.folder.note(Note::Acknowledged(n));
        Ok(())
    }

    fn rotate(&self, opened: &mut Opened, n: u64) -> Done {
        self.folder.note(Note::KeyOffered(1));
        opened.keybag.begin_rotation(bag_key(1))?;
        if self.plant == Plant::KeyDestroyedTooEarly {
            opened.keybag.finish_rotation()?;
        }
        self.one(opened, n)?;
        opened.keybag.finish_rotation()?;
        self.folder.note(Note::KeyDestroyed(1));
        Ok(())
    }
}
