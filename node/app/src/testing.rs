//! Boxes for tests, benches and the simulation: a whole township in memory, with clocks and randomness that the test
//! drives. Used by no box.
#![expect(clippy::expect_used, reason = "test support: a township that cannot be made is a broken test")]

mod acts;
mod blobs;
mod clerks;
mod meet;
mod people;
mod pictures;

pub use acts::{epoch, record, whereabouts, write};
pub use blobs::{blob, blobs_named, keep_unverified, photo_event, pieces_held, write_with_blobs};
pub use clerks::{clerk, take, township_item};
pub use meet::{meet, meet_speaking};
pub use people::{Invented, answers};
pub use pictures::jpeg;

use crate::node::{Boot, Node, Ports};
use crate::ports::{Clock, Confidence, Random};
use identity::{DeviceKey, Member, MemberSealing, Membership, Role, RootId, RootKey, Roster, StationNo};
use records::trial::Policy;
use seal::{BagKey, SealingKey};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use store::{Engine, MemoryEngine};

/// 2026-11-23 10:00 in China, a Monday.
pub const MONDAY: i64 = 1_795_399_200;

/// A clock that stands still until told.
#[derive(Debug)]
pub struct TestClock {
    wall: AtomicI64,
    monotonic_ms: AtomicU64,
}

impl TestClock {
    /// Stands at `wall` seconds since 1970.
    #[must_use]
    pub fn at(wall: i64) -> Arc<Self> {
        Arc::new(Self { wall: AtomicI64::new(wall), monotonic_ms: AtomicU64::new(0) })
    }

    /// Both clocks go on.
    pub fn advance(&self, ms: u64) {
        let before = self.monotonic_ms.fetch_add(ms, Ordering::Relaxed);
        let seconds = (before + ms) / 1000 - before / 1000;
        self.wall.fetch_add(i64::try_from(seconds).unwrap_or(0), Ordering::Relaxed);
    }

    /// Somebody sets the wall clock, right or wrong.
    pub fn set_wall(&self, wall: i64) {
        self.wall.store(wall, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn wall(&self) -> i64 {
        self.wall.load(Ordering::Relaxed)
    }
    fn confidence(&self) -> Confidence {
        Confidence::SetByHand
    }
    fn monotonic_ms(&self) -> u64 {
        self.monotonic_ms.load(Ordering::Relaxed)
    }
}

/// The same bytes for the same seed.
#[derive(Debug)]
pub struct TestRandom {
    seed: u64,
    drawn: Mutex<u64>,
}

impl TestRandom {
    /// A stream of its own for each seed.
    #[must_use]
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self { seed, drawn: Mutex::default() })
    }
}

impl Random for TestRandom {
    fn fill(&self, into: &mut [u8]) {
        for chunk in into.chunks_mut(32) {
            let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
            *drawn += 1;
            let block = canon::hash("test", |w| {
                w.u64(self.seed).u64(*drawn);
            });
            chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
        }
    }
}

/// A box's secrets, from which it can be started again and again.
#[derive(Clone)]
pub struct TestBox {
    /// Identity seed.
    pub key: [u8; 32],
    /// Sealing secret.
    pub sealing: [u8; 32],
    /// Key bag's key.
    pub bag: [u8; 32],
}

/// A township: one centre and some stations, all on one list.
pub struct TestTownship {
    /// The signer's seed: signs further lists.
    pub signer: [u8; 32],
    /// The root.
    pub root: RootId,
    /// The centre first, then the stations 2301, 2302 …
    pub boxes: Vec<TestBox>,
    /// The list in force.
    pub membership: Membership,
}

fn seed(of: &str, number: u64) -> [u8; 32] {
    canon::hash("test-seed", |w| {
        w.str(of).u64(number);
    })
}

/// The root's seed of [`township`], for tests that need a new generation.
#[must_use]
pub fn root_seed(from: u64) -> [u8; 32] {
    seed("root", from)
}

/// Station number of the n-th box; 0 is the centre.
#[must_use]
pub fn number(place: usize) -> StationNo {
    if place == 0 { StationNo::CENTRE } else { StationNo(2300 + u16::try_from(place).unwrap_or(0)) }
}

/// A township with so many stations; the same seed gives the same keys.
#[must_use]
pub fn township(stations: usize, from: u64) -> TestTownship {
    let root = RootKey::from_seed(root_seed(from));
    let signer = seed("signer", from);
    let boxes: Vec<_> = (0..=stations as u64)
        .map(|n| TestBox {
            key: seed("key", from ^ (n << 32)),
            sealing: seed("sealing", from ^ (n << 32)),
            bag: seed("bag", from ^ (n << 32)),
        })
        .collect();
    let members: Vec<_> = boxes.iter().enumerate().map(|(place, held)| member(place, held)).collect();
    let centre = members.first().map(|centre| centre.device);
    let delegation = root.delegate(1, DeviceKey::from_seed(signer).id(), centre);
    let roster = Roster {
        delegation,
        epoch: 1,
        previous: [0; 32],
        incarnation: 1,
        members,
        cuts: Vec::new(),
        rulings: Vec::new(),
    };
    let list = roster.sign(&DeviceKey::from_seed(signer));
    let membership = Membership::verify(list, &root.id()).expect("a list just signed verifies");
    TestTownship { signer, root: root.id(), boxes, membership }
}

fn member(place: usize, held: &TestBox) -> Member {
    let sealing = SealingKey::from_secret(1, held.sealing).expect("any 32 bytes are an X25519 secret");
    Member {
        device: DeviceKey::from_seed(held.key).id(),
        role: if place == 0 { Role::Centre } else { Role::Station },
        station: number(place),
        name: if place == 0 {
            "枫河镇便民服务中心".to_owned()
        } else {
            format!("第{place}村便民服务站")
        },
        division: "341823990000".to_owned(),
        sealing: MemberSealing { version: 1, key: sealing.public().key },
        addresses: Vec::new(),
    }
}

impl TestTownship {
    /// Starts a box over an engine.
    #[must_use]
    pub fn start(&self, place: usize, engine: Arc<dyn Engine>, clock: Arc<TestClock>, random: u64) -> Node {
        Node::start(self.boot(place, engine, clock, random)).expect("the engine opens")
    }

    /// What a box needs to start, for those who want to change something of it.
    #[must_use]
    pub fn boot(&self, place: usize, engine: Arc<dyn Engine>, clock: Arc<TestClock>, random: u64) -> Boot {
        let held = self.boxes.get(place).expect("a box of this township");
        Boot {
            engine,
            key: DeviceKey::from_seed(held.key),
            sealing: SealingKey::from_secret(1, held.sealing).expect("any 32 bytes are an X25519 secret"),
            bag: BagKey::from_bytes(held.bag),
            membership: self.membership.clone(),
            ports: Ports { clock, random: TestRandom::new(random) },
            policy: Policy::Guarded,
            drill: false,
        }
    }
}

/// A box to practise on beside a real one, on a memory engine.
#[must_use]
pub fn drill_of(real: &Node) -> Node {
    real.drill(Arc::new(MemoryEngine::new()), BagKey::from_bytes([3; 32])).expect("the engine opens")
}

/// One station alone on a memory engine.
#[must_use]
pub fn box_alone() -> (Node, Arc<TestClock>) {
    let clock = TestClock::at(MONDAY);
    let node = township(1, 7).start(1, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    (node, clock)
}
