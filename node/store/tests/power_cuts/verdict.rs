//! Whether what is found after a cut is what was promised before it.

use crate::disk::{Faults, Image, Note, SimFolder};
use crate::workload::{BAG, Done, bag_key, commit, open, rotates};
use std::collections::BTreeMap;
use store::engine::{Pair, collect, commit_number};
use store::{Engine as _, EngineError, MemorySnapshot, Opened, ReadTx, Span, Suspicion, Table, meta};

/// The promises that hold at one moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Promise {
    /// The last commit that was acknowledged.
    pub(crate) at_least: u64,
    /// The last commit that was begun.
    pub(crate) at_most: u64,
    /// Bag keys before this one must be gone.
    pub(crate) oldest_key: u8,
}

impl Promise {
    pub(crate) const NONE: Self = Self { at_least: 0, at_most: 0, oldest_key: 0 };

    pub(crate) fn heed(&mut self, note: Note) {
        match note {
            Note::Begun(n) => self.at_most = self.at_most.max(n),
            Note::Acknowledged(n) => {
                self.at_least = self.at_least.max(n);
                self.at_most = self.at_most.max(n);
            }
            Note::KeyOffered(_) => {}
            Note::KeyDestroyed(key) => self.oldest_key = self.oldest_key.max(key),
        }
    }
}

/// What was wrong.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// An acknowledged commit is gone, or can no longer be read.
    Lost(String),
    /// The folder does not open.
    Unopenable(String),
    /// It opens and says something else than was written, without a word.
    Wrong(String),
}

/// What a run wanted, shared by all its cuts.
pub(crate) struct Oracle<'o> {
    pub(crate) seed: u64,
    pub(crate) commits: u64,
    pub(crate) wanted: &'o [MemorySnapshot],
}

impl Oracle<'_> {
    /// Opens an image and holds it against the promise; then goes on working by one commit, which the folder records.
    pub(crate) fn check(&self, image: Image, promise: Promise, recording: bool) -> Result<SimFolder, Fault> {
        let folder = SimFolder::new(image, Faults::default(), recording);
        let mut opened = open(&folder).map_err(|error| Fault::Unopenable(error.to_string()))?;
        let found = self.found(&opened, promise)?;
        // Once it has been seen, it must stay.
        folder.note(Note::Acknowledged(found));
        self.keys(&folder, &opened, promise, found)?;
        if found <= self.commits {
            self.go_on(&folder, &mut opened, found + 1)?;
        }
        opened.engine.close().map_err(|error| Fault::Unopenable(error.to_string()))?;
        Ok(folder)
    }

    /// Opens an image on a disk that is still full: what was acknowledged can at least be read.
    pub(crate) fn check_still_full(
        &self,
        image: Image,
        promise: Promise,
        faults: Faults,
    ) -> Result<(), Fault> {
        let folder = SimFolder::new(image, faults, false);
        let opened = open(&folder).map_err(|error| Fault::Unopenable(error.to_string()))?;
        self.found(&opened, promise).map(|_| ())
    }

    fn found(&self, opened: &Opened, promise: Promise) -> Result<u64, Fault> {
        let tx = opened.engine.read().map_err(lost)?;
        let found = commit_number(&*tx).map_err(lost)?;
        if found < promise.at_least {
            return Err(Fault::Lost(format!(
                "commit {} was acknowledged, {found} is found",
                promise.at_least
            )));
        }
        if found > promise.at_most {
            return Err(Fault::Wrong(format!("commit {found} is found, only {} was begun", promise.at_most)));
        }
        if opened.suspicion != Suspicion::None {
            return Err(Fault::Wrong(format!("suspicion without cause: {:?}", opened.suspicion)));
        }
        self.same(&*tx, found)?;
        Ok(found)
    }

    /// Every table holds exactly what commit `n` left: no half commit, nothing more, nothing changed.
    pub(crate) fn same(&self, tx: &dyn ReadTx, n: u64) -> Result<(), Fault> {
        let wanted =
            self.wanted.get(n as usize).ok_or_else(|| Fault::Wrong(format!("commit {n} is unheard of")))?;
        for table in Table::ALL {
            let found = pairs(tx, table).map_err(lost)?;
            if found != pairs(wanted, table).map_err(lost)? {
                return Err(Fault::Wrong(format!("table {table} is not what commit {n} left")));
            }
        }
        Ok(())
    }

    /// The seeds' key is there; a destroyed one is nowhere.
    fn keys(&self, folder: &SimFolder, opened: &Opened, promise: Promise, found: u64) -> Result<(), Fault> {
        let tx = opened.engine.read().map_err(lost)?;
        let wrapping = if found == 0 {
            0
        } else {
            let number = meta::get(&*tx, BAG).map_err(|error| Fault::Lost(error.to_string()))?;
            number.and_then(|bytes| bytes.first().copied()).unwrap_or(u8::MAX)
        };
        let key = bag_key(wrapping);
        let held = |other: &seal::BagKey| *other.bytes() == *key.bytes();
        if !held(opened.keybag.key()) && !opened.keybag.retiring().is_some_and(held) {
            return Err(Fault::Lost(format!(
                "bag key {wrapping} is gone, but wraps the seeds of commit {found}"
            )));
        }
        for (name, bytes) in folder.image().iter().filter(|(name, _)| name.starts_with("keybag")) {
            for destroyed in 0..promise.oldest_key {
                if bytes.windows(32).any(|window| window == *bag_key(destroyed).bytes()) {
                    return Err(Fault::Wrong(format!("{name} still holds destroyed key {destroyed}")));
                }
            }
        }
        Ok(())
    }

    fn go_on(&self, folder: &SimFolder, opened: &mut Opened, n: u64) -> Result<(), Fault> {
        self.work_on(folder, opened, n)
            .map_err(|error| Fault::Unopenable(format!("cannot go on with commit {n}: {error}")))?;
        self.same(&*opened.engine.read().map_err(lost)?, n)
    }

    fn work_on(&self, folder: &SimFolder, opened: &mut Opened, n: u64) -> Done {
        let rotates = rotates(n, self.commits);
        if rotates && opened.keybag.retiring().is_none() {
            folder.note(Note::KeyOffered(1));
            opened.keybag.begin_rotation(bag_key(1))?;
        }
        folder.note(Note::Begun(n));
        let mut tx = opened.engine.write()?;
        commit(&mut *tx, self.seed, n, self.commits)?;
        tx.commit()?;
        folder.note(Note::Acknowledged(n));
        // Also when the rotation was cut short after its commit: the next start ends it.
        if rotates || (n > self.commits / 2 + 1 && opened.keybag.retiring().is_some()) {
            opened.keybag.finish_rotation()?;
            folder.note(Note::KeyDestroyed(1));
        }
        Ok(opened.stamp.note(n)?)
    }
}

fn lost(error: EngineError) -> Fault {
    Fault::Lost(format!("cannot be read: {error}"))
}

/// All pairs, without the engine's own schema version, which the memory engine does not have.
fn pairs(tx: &dyn ReadTx, table: Table) -> Result<Vec<Pair>, EngineError> {
    let mut pairs = collect(tx, table, &Span::all(), usize::MAX)?;
    if table == Table::Meta {
        pairs.retain(|(key, _)| key != b"schema");
    }
    Ok(pairs)
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lost(story) => write!(f, "lost: {story}"),
            Self::Unopenable(story) => write!(f, "unopenable: {story}"),
            Self::Wrong(story) => write!(f, "silently wrong: {story}"),
        }
    }
}

/// Counts of a run.
#[derive(Debug, Default, Clone)]
pub(crate) struct Tally {
    /// Cuts by where they fell.
    pub(crate) cuts: BTreeMap<&'static str, u64>,
    pub(crate) lost: u64,
    pub(crate) unopenable: u64,
    pub(crate) silently_wrong: u64,
    /// The first few faults, each with how to see it again.
    pub(crate) stories: Vec<String>,
}

impl Tally {
    pub(crate) fn count(
        &mut self,
        place: &'static str,
        outcome: Result<(), &Fault>,
        story: impl FnOnce() -> String,
    ) {
        *self.cuts.entry(place).or_default() += 1;
        let Err(fault) = outcome else { return };
        match fault {
            Fault::Lost(_) => self.lost += 1,
            Fault::Unopenable(_) => self.unopenable += 1,
            Fault::Wrong(_) => self.silently_wrong += 1,
        }
        if self.stories.len() < 20 {
            self.stories.push(format!("{}: {fault}", story()));
        }
    }

    pub(crate) fn faults(&self) -> u64 {
        self.lost + self.unopenable + self.silently_wrong
    }

    pub(crate) fn all_cuts(&self) -> u64 {
        self.cuts.values().sum()
    }

    pub(crate) fn add(&mut self, other: Self) {
        for (place, count) in other.cuts {
            *self.cuts.entry(place).or_default() += count;
        }
        self.lost += other.lost;
        self.unopenable += other.unopenable;
        self.silently_wrong += other.silently_wrong;
        self.stories.extend(other.stories);
        self.stories.truncate(20);
    }
}
