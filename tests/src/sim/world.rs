//! A township in one thread: its boxes, disks and links, and what was promised to whom.
#![expect(clippy::indexing_slicing, reason = "places and boxes are the simulation's own numbers")]

use super::context::Seen;
use super::disk::Disk;
use super::link::Link;
use super::photos::SimPhoto;
use super::plant::Plant;
use super::tally::Tally;
use app::testing::{TestClock, TestTownship, township};
use app::{ActError, Node};
use identity::{DeviceId, DeviceKey, LogId, Membership};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use records::DocRef;
use records::trial::Policy;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use store::engine::Engine as _;
use store::{MemorySnapshot, logs};
use sync::{Arrival, Receipt};

/// Stations of the township; box 0 is the centre.
pub(super) const STATIONS: usize = 30;
pub(super) const CENTRE: usize = 0;

/// What went wrong in a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Which promise was broken, and where.
    pub what: String,
}

impl Failure {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

impl From<ActError> for Failure {
    fn from(error: ActError) -> Self {
        Self::new(format!("a box failed: {error}"))
    }
}

impl From<store::EngineError> for Failure {
    fn from(error: store::EngineError) -> Self {
        Self::new(format!("a disk failed: {error}"))
    }
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        Self::new(format!("a disk says what it should not: {error}"))
    }
}

/// One machine. Two of them have the same place after a card was cloned.
pub(super) struct SimBox {
    pub(super) place: usize,
    pub(super) device: DeviceId,
    pub(super) disk: Arc<Disk>,
    /// None while it is off.
    pub(super) node: Option<Node>,
    pub(super) clock: Arc<TestClock>,
    pub(super) boots: u64,
    pub(super) backups: Vec<MemorySnapshot>,
    /// Revoked: a thief's.
    pub(super) cut: bool,
    /// For the planted clock.
    pub(super) newest_wall: i64,
    /// For the planted receipt: all that ever came.
    pub(super) receipts: Vec<Receipt>,
    /// Only boxes of one group reach each other.
    pub(super) group: u8,
}

/// What an act was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errand {
    /// A station's private record.
    Case,
    /// The centre's answer to a place.
    Decision { to: usize },
    /// For everybody.
    Public,
    /// By a role that may not write it: kept, never applied.
    Misplaced,
}

/// An act that a use case called saved.
#[derive(Debug, Clone)]
pub(super) struct Act {
    pub(super) marker: u64,
    pub(super) by: usize,
    pub(super) at: DocRef,
    pub(super) errand: Errand,
    pub(super) log: LogId,
    pub(super) seq: u64,
    /// What stands in its cell, where it wrote one.
    pub(super) text: Option<String>,
    /// It must arrive. Ends only when no disk of the township holds it any more, or its writer is revoked.
    pub(super) required: bool,
}

/// What may happen in this seed besides bad links, bad clocks and power cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) steps: u32,
    pub(super) restores: bool,
    pub(super) centre_restores: bool,
    pub(super) clones: bool,
    pub(super) cuts: bool,
    pub(super) misplaces: bool,
}

pub(super) struct World {
    pub(super) rng: ChaCha8Rng,
    seed: u64,
    pub(super) town: &'static TestTownship,
    /// The newest list that the engineer signed.
    pub(super) list: Membership,
    pub(super) boxes: Vec<SimBox>,
    pub(super) links: Vec<Link>,
    pub(super) acts: Vec<Act>,
    /// Photos that acts named.
    pub(super) photos: Vec<SimPhoto>,
    /// Whose document it is, by place.
    pub(super) owners: BTreeMap<DocRef, usize>,
    /// Stations where something happens; the others only listen.
    pub(super) lively: Vec<usize>,
    pub(super) forger: Option<usize>,
    /// Documents that the forger has spoilt for itself.
    pub(super) spoilt: Vec<DocRef>,
    /// The epoch of its next forgery.
    pub(super) forged_epoch: [u8; 8],
    pub(super) batches: Vec<(usize, DeviceId, Vec<Arrival>)>,
    pub(super) plan: Plan,
    pub(super) plant: Option<Plant>,
    pub(super) now_ms: u64,
    pub(super) tally: Tally,
    trace: [u8; 32],
}

fn town() -> &'static TestTownship {
    static TOWN: OnceLock<TestTownship> = OnceLock::new();
    TOWN.get_or_init(|| township(STATIONS, 2026))
}

/// Seconds since 1970 of 2100-01-01: clocks stand anywhere before it.
const YEAR_2100: i64 = 4_102_444_800;

impl World {
    pub(super) fn new(seed: u64, plant: Option<Plant>) -> Result<Self, Failure> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut lively: Vec<usize> =
            (0..rng.random_range(2..6)).map(|_| rng.random_range(1..=STATIONS)).collect();
        lively.sort_unstable();
        lively.dedup();
        let forger = (rng.random_ratio(1, 3)).then(|| lively[0]).filter(|_| lively.len() > 1);
        let plan = Plan {
            steps: rng.random_range(50..110),
            restores: rng.random_ratio(2, 5),
            centre_restores: rng.random_ratio(1, 3),
            clones: rng.random_ratio(1, 4),
            cuts: rng.random_ratio(1, 5),
            misplaces: rng.random_ratio(1, 3),
        };
        let town = town();
        let mut world = Self {
            rng,
            seed,
            town,
            list: town.membership.clone(),
            boxes: Vec::new(),
            links: Vec::new(),
            acts: Vec::new(),
            photos: Vec::new(),
            owners: BTreeMap::new(),
            lively,
            forger,
            spoilt: Vec::new(),
            forged_epoch: [0; 8],
            batches: Vec::new(),
            plan,
            plant,
            now_ms: 1_000,
            tally: Tally::default(),
            trace: [0; 32],
        };
        for place in 0..=STATIONS {
            world.add_box(place, MemorySnapshot::default())?;
        }
        Ok(world)
    }

    /// A machine with this disk in it, switched on.
    pub(super) fn add_box(&mut self, place: usize, disk: MemorySnapshot) -> Result<usize, Failure> {
        let device = DeviceKey::from_seed(self.town.boxes[place].key).id();
        let at = self.boxes.len();
        self.boxes.push(SimBox {
            place,
            device,
            disk: Arc::new(Disk::new(disk, self.plant == Some(Plant::SaidBeforeSync))),
            node: None,
            clock: TestClock::at(app::testing::MONDAY),
            boots: 0,
            backups: Vec::new(),
            cut: false,
            newest_wall: i64::MIN,
            receipts: Vec::new(),
            group: 0,
        });
        self.switch_on(at)?;
        Ok(at)
    }

    /// A process start: a new epoch, whatever the clock says.
    pub(super) fn switch_on(&mut self, at: usize) -> Result<(), Failure> {
        let wall = if self.rng.random_ratio(1, 3) {
            self.rng.random_range(0..YEAR_2100)
        } else {
            app::testing::MONDAY
        };
        let held = &mut self.boxes[at];
        held.boots += 1;
        held.clock.set_wall(wall);
        let start = if self.plant == Some(Plant::EpochKept) { 0 } else { held.boots };
        let place = if self.plant == Some(Plant::EpochKept) { held.place } else { at };
        let random = (self.seed << 20) | ((place as u64) << 12) | start;
        let mut boot =
            self.town.boot(held.place, Arc::clone(&held.disk) as _, Arc::clone(&held.clock), random);
        if self.plant == Some(Plant::Reckless) {
            boot.policy = Policy::Reckless;
        }
        held.node = Some(Node::start(boot)?);
        Ok(())
    }

    /// Power off: links break, what was not committed is gone.
    pub(super) fn switch_off(&mut self, at: usize) -> Result<(), Failure> {
        self.boxes[at].node = None;
        let (mut dead, alive) =
            std::mem::take(&mut self.links).into_iter().partition::<Vec<_>, _>(|link| link.touches(at));
        self.links = alive;
        for link in &mut dead {
            self.hang_up(link)?;
        }
        self.boxes[at].disk.power_cycle();
        Ok(())
    }

    pub(super) fn restart(&mut self, at: usize) -> Result<(), Failure> {
        self.switch_off(at)?;
        self.switch_on(at)
    }

    /// The box's running process.
    pub(super) fn node(&self, at: usize) -> Result<&Node, Failure> {
        self.boxes[at].node.as_ref().ok_or_else(|| Failure::new(format!("box {at} is off")))
    }

    /// What a session's turn showed.
    pub(super) fn saw(&mut self, at: usize, seen: Seen) -> Result<(), Failure> {
        if let Some(broken) = seen.broken.into_iter().next() {
            return Err(Failure::new(format!("box {at}: {broken}")));
        }
        if seen.stored {
            self.has_news(at);
        }
        if let Some((peer, batch)) = seen.batch
            && self.batches.len() < 12
        {
            self.batches.push((at, peer, batch));
        }
        let Some(receipt) = seen.receipt else { return Ok(()) };
        if self.plant == Some(Plant::ReceiptMaxMerged) {
            self.boxes[at].receipts.push(receipt);
        }
        self.check_truth(at)
    }

    /// Other links of the box hear that it holds more.
    pub(super) fn has_news(&mut self, at: usize) {
        for end in self.links.iter_mut().flat_map(|link| &mut link.ends) {
            end.news |= end.at == at;
        }
    }

    /// Whether a disk holds an act.
    pub(super) fn holds(&self, at: usize, act: &Act) -> bool {
        let Ok(tx) = self.boxes[at].disk.read() else { return false };
        logs::get(&*tx, &act.log).ok().flatten().is_some_and(|held| held.head.seq >= act.seq)
    }

    /// After a disk was lost or a box revoked: what nobody has any more cannot arrive.
    pub(super) fn give_up_lost(&mut self) {
        let mut acts = std::mem::take(&mut self.acts);
        for act in acts.iter_mut().filter(|act| act.required) {
            let held = (0..self.boxes.len()).any(|at| !self.boxes[at].cut && self.holds(at, act));
            if !held {
                act.required = false;
                self.tally.gone_with_a_disk += 1;
            }
        }
        self.acts = acts;
        self.give_up_lost_photos();
    }

    /// Notes something in the event log.
    pub(super) fn trace(&mut self, what: &str, fields: impl FnOnce(&mut canon::Writer)) {
        let (now_ms, before) = (self.now_ms, self.trace);
        self.trace = canon::hash("sim", |w| {
            w.fixed(&before).u64(now_ms).str(what);
            fields(w);
        });
    }

    /// The hash of all that happened.
    pub(super) fn traced(&self) -> [u8; 32] {
        self.trace
    }
}

impl Link {
    pub(super) fn touches(&self, at: usize) -> bool {
        self.ends.iter().any(|end| end.at == at)
    }
}
