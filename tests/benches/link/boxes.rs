//! Boxes as the program assembles them: redb on disk, real links; only clock and randomness are the bench's.

use crate::Fault;
use crate::case::{Act, STATION};
use app::Node;
use app::mesh::MeshContext;
use app::ports::{LinkView, Links};
use app::testing::{self, MONDAY, TestClock, TestTownship};
use identity::{Audience, DeviceId, DeviceKey, Lane, StationNo};
use records::{DocId, DocKind, DocRef};
use seal::BagKey;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use store::DiskFolder;
use store::free_space::Unbounded;
use sync::{Config, Session, Side};
use tokio::sync::watch;
use transport::{
    Clock, Dateless, Dice, Gatekeeper, Host, LinkKey, Mesh, Parts, Patience, Peer, Refusal, Seat, Tls,
};

/// Between two acts of the workload: some clerk's pace.
const ACT_EVERY_MS: u64 = 61_000;

/// A centre and a station, and the folder that their disks are in.
pub(crate) struct Town {
    town: TestTownship,
    clock: Arc<TestClock>,
    folder: PathBuf,
    started: AtomicU64,
}

impl Town {
    pub(crate) fn at(folder: &Path) -> Self {
        Self {
            town: testing::township(1, 11),
            clock: TestClock::at(MONDAY),
            folder: folder.to_owned(),
            started: AtomicU64::new(0),
        }
    }

    pub(crate) fn clock(&self) -> &TestClock {
        &self.clock
    }

    /// Starts the n-th box (0 the centre) on an empty disk of its own.
    pub(crate) fn start(&self, place: usize, name: &str) -> Result<LinkedBox, Fault> {
        let held = self.town.boxes.get(place).ok_or("no such box")?;
        let path = self.folder.join(name);
        std::fs::create_dir_all(&path)?;
        let folder = Arc::new(DiskFolder::at(path)?);
        let opened = store::open::open(&folder, Box::new(Unbounded), BagKey::from_bytes(held.bag))?;
        let random = self.started.fetch_add(1, Ordering::Relaxed) + 1;
        let node = self.town.start(place, Arc::new(opened.engine), Arc::clone(&self.clock), random);
        let (changes, changed) = watch::channel(0);
        node.attach_links(Arc::new(Told(Mutex::new(changes))));
        Ok(LinkedBox { node, key: DeviceKey::from_seed(held.key), changed })
    }
}

/// A box that can be linked.
pub(crate) struct LinkedBox {
    pub(crate) node: Node,
    key: DeviceKey,
    changed: watch::Receiver<u64>,
}

impl LinkedBox {
    /// One act, durable when this returns, through the commit that every use case goes through.
    pub(crate) fn write(&self, act: &Act, clock: &TestClock) -> Result<(), Fault> {
        clock.advance(ACT_EVERY_MS);
        let audience = if self.node.is_centre() {
            Audience::Member(StationNo::new(u64::from(STATION)).ok_or("no station number")?)
        } else {
            Audience::Hub
        };
        testing::write(&self.node, place(act.doc), act.edit.clone(), vec![audience], Lane::CASES)?;
        Ok(())
    }

    /// Listens on a free port of loopback and dials `neighbours`.
    pub(crate) async fn link(&self, neighbours: BTreeSet<String>) -> Result<Mesh, Fault> {
        let host = BoxHost { node: self.node.clone(), changed: self.changed.clone() };
        let (_, neighbours) = watch::channel(neighbours);
        let parts = Parts {
            tls: Tls::new(LinkKey::new(&self.key)?, Arc::new(Gate(self.node.clone())), Arc::new(Dateless)),
            host: Arc::new(host),
            clock: Arc::new(LinkClock::start()),
            dice: Arc::new(Fair),
            patience: Patience::default(),
            listen: vec![SocketAddr::from(([127, 0, 0, 1], 0))],
            neighbours,
        };
        Ok(Mesh::start(parts).await?)
    }

    /// Whether both durably hold the same entries.
    pub(crate) fn holds_as(&self, other: &Self) -> bool {
        self.node.holdings().heads().eq(other.node.holdings().heads())
    }
}

/// Facts and cells for which two values stand, or which the two boxes show differently.
pub(crate) fn conflicts(a: &LinkedBox, b: &LinkedBox, documents: BTreeSet<[u8; 16]>) -> Result<usize, Fault> {
    let mut left = 0;
    for doc in documents {
        let here = testing::record(&a.node, place(doc))?.ok_or("a document is missing")?;
        if testing::record(&b.node, place(doc))?.as_ref() != Some(&here) {
            return Err("the two boxes show a case differently".into());
        }
        left +=
            here.facts.values().chain(here.cells.values()).filter(|candidates| candidates.len() > 1).count();
    }
    Ok(left)
}

fn place(doc: [u8; 16]) -> DocRef {
    DocRef { id: DocId(doc), kind: DocKind::Case }
}

/// Tells running sessions that the box holds more.
struct Told(Mutex<watch::Sender<u64>>);

impl Links for Told {
    fn views(&self) -> Vec<LinkView> {
        Vec::new()
    }
    fn allowed(&self) -> bool {
        true
    }
    fn allow(&self, _: bool) {}
    fn changed(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).send_modify(|count| *count += 1);
    }
}

struct Gate(Node);

impl Gatekeeper for Gate {
    fn admit(&self, device: &DeviceId) -> Result<Peer, Refusal> {
        let membership = self.0.membership();
        let member = membership.member(device).ok_or(Refusal::NotListed)?;
        Ok(Peer { device: *device, station: member.station })
    }
}

struct BoxHost {
    node: Node,
    changed: watch::Receiver<u64>,
}

impl Host for BoxHost {
    fn seat(&self, peer: &DeviceId, side: Side) -> Seat {
        Seat {
            session: Session::new(Config { side, peer: *peer, min: 1, max: 3 }),
            context: Box::new(MeshContext::new(self.node.clone())),
            changed: self.changed.clone(),
        }
    }
    fn reached(&self, _: &str) {}
}

struct LinkClock(Instant);

impl LinkClock {
    #[expect(clippy::disallowed_methods, reason = "a bench measures time; no box sees this clock")]
    fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for LinkClock {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

struct Fair;

impl Dice for Fair {
    fn roll(&self) -> u64 {
        u64::MAX / 2
    }
}
