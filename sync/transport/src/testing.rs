//! Toy boxes for this crate's tests: a membership list, registers in memory, and real sessions over them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use identity::{
    Cut, DeviceId, DeviceKey, LogId, Member, MemberSealing, Membership, MembershipList, Role, RootKey,
    Roster, StationNo,
};
use sync::{
    Arrival, Budget, Config, Context, Holdings, Outcome, Reason, Register, RegisterMark, Sealed, Session,
    Side, Slot, Stretch, kind,
};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::gate::{Gatekeeper, Peer, Refusal};
use crate::limit::Patience;
use crate::mesh::{Mesh, MeshStatus, MeshWatch, Parts};
use crate::ports::{Clock, Dice, Host, Seat};
use crate::tls::{Dateless, LinkKey, Tls};

/// A key that is the same in every run.
pub(crate) fn key(n: u8) -> DeviceKey {
    DeviceKey::from_seed([n; 32])
}

/// A membership list that tests write by hand.
#[derive(Default)]
pub(crate) struct ToyGate {
    listed: Mutex<BTreeMap<DeviceId, Result<StationNo, Refusal>>>,
}

impl ToyGate {
    /// The keys of `seeds` are stations 1, 2, …
    pub(crate) fn listing(seeds: &[u8]) -> Arc<Self> {
        let listed = seeds.iter().zip(1u16..).map(|(seed, no)| (key(*seed).id(), Ok(StationNo(no))));
        Arc::new(Self { listed: Mutex::new(listed.collect()) })
    }

    /// Says something else about a key from now on.
    pub(crate) fn rule(&self, seed: u8, verdict: Result<StationNo, Refusal>) {
        self.listed.lock().unwrap().insert(key(seed).id(), verdict);
    }
}

impl Gatekeeper for ToyGate {
    fn admit(&self, device: &DeviceId) -> Result<Peer, Refusal> {
        let verdict = self.listed.lock().unwrap().get(device).copied().unwrap_or(Err(Refusal::NotListed));
        verdict.map(|station| Peer { device: *device, station })
    }
}

/// The TLS side of the box with this seed.
pub(crate) fn tls(seed: u8, gate: &Arc<ToyGate>) -> Tls {
    let gate: Arc<dyn Gatekeeper> = Arc::<ToyGate>::clone(gate);
    Tls::new(LinkKey::new(&key(seed)).unwrap(), gate, Arc::new(Dateless))
}

fn root() -> RootKey {
    RootKey::from_seed([200; 32])
}

fn signer() -> DeviceKey {
    key(201)
}

/// The first list: the first seed is the centre, the others are stations 1, 2, …
pub(crate) fn township(seeds: &[u8]) -> MembershipList {
    let centre = seeds.first().map(|seed| key(*seed).id());
    let roster = Roster {
        delegation: root().delegate(1, signer().id(), centre),
        epoch: 1,
        previous: [0; 32],
        incarnation: 1,
        members: seeds.iter().zip(0..).map(|(seed, station)| member(*seed, station)).collect(),
        cuts: vec![],
        rulings: vec![],
    };
    roster.sign(&signer())
}

/// The list after this one with one box more.
pub(crate) fn joined(list: &MembershipList, seed: u8, station: u16) -> MembershipList {
    let mut next = Roster::after(list);
    next.members.push(member(seed, station));
    next.sign(&signer())
}

/// The list after this one with one box cut.
pub(crate) fn cut(list: &MembershipList, seed: u8) -> MembershipList {
    let mut next = Roster::after(list);
    let device = key(seed).id();
    let gone = next.members.iter().find(|member| member.device == device).unwrap().clone();
    next.members.retain(|member| member.device != device);
    next.cuts.push(Cut { device, role: gone.role, station: gone.station, heads: vec![] });
    next.sign(&signer())
}

fn member(seed: u8, station: u16) -> Member {
    Member {
        device: key(seed).id(),
        role: if station == 0 { Role::Centre } else { Role::Station },
        station: StationNo(station),
        name: format!("示例站{station}"),
        division: "341802102007".into(),
        sealing: MemberSealing { version: 1, key: [seed; 32] },
        addresses: vec![],
    }
}

/// A box that holds registers only.
pub(crate) struct ToyBox {
    key: DeviceKey,
    versions: (u8, u8),
    held: Mutex<Held>,
    changed: watch::Sender<u64>,
    pub(crate) reached: Mutex<Vec<String>>,
    barred: Mutex<BTreeSet<DeviceId>>,
}

struct Held {
    membership: Arc<Membership>,
    registers: BTreeMap<Slot, Register>,
    memories: BTreeMap<DeviceId, Vec<u8>>,
}

impl ToyBox {
    pub(crate) fn new(seed: u8, list: &MembershipList) -> Arc<Self> {
        Self::speaking(seed, list, (1, 1))
    }

    pub(crate) fn speaking(seed: u8, list: &MembershipList, versions: (u8, u8)) -> Arc<Self> {
        let membership = Arc::new(Membership::verify(list.clone(), &root().id()).unwrap());
        let held = Held { membership, registers: BTreeMap::new(), memories: BTreeMap::new() };
        let toy = Self {
            key: key(seed),
            versions,
            held: Mutex::new(held),
            changed: watch::Sender::new(0),
            reached: Mutex::default(),
            barred: Mutex::default(),
        };
        let toy = Arc::new(toy);
        toy.take_list(list);
        toy
    }

    /// Holds a newer list.
    pub(crate) fn take_list(&self, list: &MembershipList) {
        self.hold(Register::of_list(list));
    }

    /// Its gatekeeper cuts this key, whatever the list says that its sessions see.
    pub(crate) fn bar(&self, seed: u8) {
        self.barred.lock().unwrap().insert(key(seed).id());
    }

    /// Has something new to tell: a register that a station and its centre exchange.
    pub(crate) fn say(&self, number: u64) {
        self.hold(Register::sign(&self.key, kind::SEALING_KEY, 0, number, vec![7; 100]));
    }

    /// The number of the newest that is held of what a box told; 0 when nothing is.
    pub(crate) fn heard_from(&self, seed: u8) -> u64 {
        let slot = Register::sign(&key(seed), kind::SEALING_KEY, 0, 0, vec![]).mark().slot();
        self.held.lock().unwrap().registers.get(&slot).map_or(0, |register| register.number)
    }

    pub(crate) fn list_epoch(&self) -> u64 {
        self.held.lock().unwrap().membership.number().epoch
    }

    fn hold(&self, register: Register) {
        let mut held = self.held.lock().unwrap();
        let slot = register.mark().slot();
        if held.registers.get(&slot).is_some_and(|known| known.number >= register.number) {
            return;
        }
        if register.kind == kind::MEMBERSHIP {
            let Ok(list) = Membership::from_bytes(&register.body, &root().id()) else { return };
            held.membership = Arc::new(list);
        }
        held.registers.insert(slot, register);
        drop(held);
        self.changed.send_modify(|count| *count += 1);
    }

    /// Waits until this box is as wanted.
    pub(crate) async fn until(&self, holds: impl Fn(&Self) -> bool) {
        let mut changed = self.changed.subscribe();
        let waiting = async {
            while !holds(self) {
                changed.changed().await.unwrap();
            }
        };
        timeout(GIVE_UP, waiting).await.expect("it never came to that");
    }
}

impl Gatekeeper for ToyBox {
    fn admit(&self, device: &DeviceId) -> Result<Peer, Refusal> {
        if self.barred.lock().unwrap().contains(device) {
            return Err(Refusal::Cut);
        }
        let membership = Arc::clone(&self.held.lock().unwrap().membership);
        match membership.member(device) {
            Some(member) => Ok(Peer { device: *device, station: member.station }),
            None if membership.cut(device).is_some() => Err(Refusal::Cut),
            None => Err(Refusal::NotListed),
        }
    }
}

/// A box as a host of links.
pub(crate) struct ToyHost(pub(crate) Arc<ToyBox>);

impl Host for ToyHost {
    fn seat(&self, peer: &DeviceId, side: Side) -> Seat {
        let (min, max) = self.0.versions;
        Seat {
            session: Session::new(Config { side, peer: *peer, min, max }),
            context: Box::new(ToyContext(Arc::clone(&self.0))),
            changed: self.0.changed.subscribe(),
        }
    }

    fn reached(&self, address: &str) {
        self.0.reached.lock().unwrap().push(address.to_owned());
    }
}

struct ToyContext(Arc<ToyBox>);

impl Context for ToyContext {
    fn key(&self) -> &DeviceKey {
        &self.0.key
    }
    fn membership(&self) -> Arc<Membership> {
        Arc::clone(&self.0.held.lock().unwrap().membership)
    }
    fn holdings(&self) -> Arc<Holdings> {
        Arc::new(Holdings::new())
    }
    fn registers(&self) -> Vec<RegisterMark> {
        self.0.held.lock().unwrap().registers.values().map(Register::mark).collect()
    }
    fn register(&self, mark: &RegisterMark) -> Option<Register> {
        self.0.held.lock().unwrap().registers.values().find(|register| register.mark() == *mark).cloned()
    }
    fn stretch(&mut self, _: &LogId, _: u64, _: Budget) -> Option<Stretch> {
        None
    }
    fn admit(&mut self, _: &DeviceId, arrivals: Vec<Arrival>) -> Vec<Outcome> {
        let judge = |arrival| match arrival {
            Arrival::Register(register) => {
                self.0.hold(register);
                Outcome::Durable { seq: 0 }
            }
            Arrival::Opening(_) | Arrival::Segment { .. } => Outcome::Refused(Reason::Scope),
        };
        arrivals.into_iter().map(judge).collect()
    }
    fn sealing_key(&self, _: &DeviceId) -> Option<u64> {
        None
    }
    fn seal(&mut self, _: &DeviceId, _: u64, _: &[u8; 32], _: &[u8]) -> Option<Sealed> {
        None
    }
    fn open(&mut self, _: u64, _: &[u8; 32], _: &Sealed) -> Option<Vec<u8>> {
        None
    }
    fn recall(&self, peer: &DeviceId) -> Option<Vec<u8>> {
        self.0.held.lock().unwrap().memories.get(peer).cloned()
    }
    fn remember(&mut self, peer: &DeviceId, memory: Vec<u8>) {
        self.0.held.lock().unwrap().memories.insert(*peer, memory);
    }
    fn acknowledged(&mut self, _: &DeviceId, _: &LogId, _: u64) {}
}

/// Runtime time, so that paused tests move it.
pub(crate) struct ToyClock(Instant);

impl Clock for ToyClock {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap()
    }
}

/// The same rolls in every run.
#[derive(Default)]
pub(crate) struct ToyDice(AtomicU64);

impl Dice for ToyDice {
    fn roll(&self) -> u64 {
        let turn = self.0.fetch_add(1, Ordering::Relaxed);
        canon::sha256(&turn.to_be_bytes()).first_chunk().map_or(turn, |bytes| u64::from_be_bytes(*bytes))
    }
}

/// No condition of these tests takes this long.
pub(crate) const GIVE_UP: Duration = Duration::from_secs(20);

/// Short where a test waits for it to run out.
pub(crate) fn patience() -> Patience {
    Patience { redial_max: Duration::from_millis(50), ..Patience::default() }
}

/// A running mesh of a toy box, on a free loopback port, dialling `addresses`.
pub(crate) async fn mesh(toy: &Arc<ToyBox>, addresses: &[SocketAddr], patience: Patience) -> Mesh {
    let neighbours: BTreeSet<_> = addresses.iter().map(ToString::to_string).collect();
    mesh_dialling(toy, watch::Sender::new(neighbours).subscribe(), patience).await
}

/// As [`mesh`], with candidates that change.
pub(crate) async fn mesh_dialling(
    toy: &Arc<ToyBox>,
    neighbours: watch::Receiver<BTreeSet<String>>,
    patience: Patience,
) -> Mesh {
    let gate: Arc<dyn Gatekeeper> = Arc::<ToyBox>::clone(toy);
    let parts = Parts {
        tls: Tls::new(LinkKey::new(&toy.key).unwrap(), gate, Arc::new(Dateless)),
        host: Arc::new(ToyHost(Arc::clone(toy))),
        clock: Arc::new(ToyClock(Instant::now())),
        dice: Arc::new(ToyDice::default()),
        patience,
        listen: vec![SocketAddr::from(([127, 0, 0, 1], 0))],
        neighbours,
    };
    Mesh::start(parts).await.unwrap()
}

/// Waits until a mesh is as wanted.
pub(crate) async fn until(watch: &MeshWatch, holds: impl Fn(&MeshStatus) -> bool) -> MeshStatus {
    let mut changes = watch.changes();
    let waiting = async {
        loop {
            let status = watch.status();
            if holds(&status) {
                return status;
            }
            changes.changed().await.unwrap();
        }
    };
    match timeout(GIVE_UP, waiting).await {
        Ok(status) => status,
        Err(_) => panic!("it never came to that: {:#?}", watch.status()),
    }
}
