//! What comes in at a real centre's mesh port from strangers and from a member's key in bad hands, and a centre killed
//! in the middle of a merge.

use app::mesh::MeshContext;
use app::testing::{self, MONDAY, TestClock, TestRandom};
use app::{Boot, Node, Ports};
use bianmin_tests::canary::people;
use bianmin_tests::demo::{Demo, DemoBox, sign_in};
use bianmin_tests::intake::{self, Resident, truth};
use bianmin_tests::person::Person;
use bianmin_tests::wait::{PATIENCE, until};
use identity::{Audience, DeviceId, DeviceKey, Lane, LogId, Membership, StationNo};
use model::record::Edit;
use rand::RngExt as _;
use records::trial::Policy;
use records::{DocId, DocKind, DocRef};
use seal::BagKey;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use store::engine::Engine as _;
use store::folder::DiskFolder;
use store::free_space::Unbounded;
use store::{MemoryEngine, documents, logs};
use sync::truth::Truth;
use sync::{
    Arrival, Budget, Config, Context, Entry, Form, Holdings, Outcome, Pressed, Register, RegisterMark,
    Sealed, Session, Side, Stretch,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use transport::{
    Clock, Dateless, Dice, Gatekeeper, Host, LinkKey, Mesh, Parts, Patience, Peer, Refusal, Seat, Tls,
};

/// Records under way when the centre is killed.
const MERGED: usize = 100;

/// What the bad hands do to what they send.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spoil {
    Nothing,
    FlippedBit,
    CutShort,
}

/// A member's key on a machine that is not its box.
#[derive(Clone)]
struct Guest {
    node: Node,
    doc: DocRef,
    spoil: Spoil,
    versions: (u8, u8),
    changes: watch::Sender<u64>,
}

struct Spoilt {
    inner: MeshContext,
    spoil: Spoil,
}

struct Anyone;
struct Still;

impl Gatekeeper for Anyone {
    fn admit(&self, device: &DeviceId) -> Result<Peer, Refusal> {
        Ok(Peer { device: *device, station: StationNo::CENTRE })
    }
}

impl Clock for Still {
    fn now_ms(&self) -> u64 {
        0
    }
}

impl Dice for Still {
    fn roll(&self) -> u64 {
        rand::rng().random()
    }
}

impl Host for Guest {
    fn seat(&self, peer: &DeviceId, side: Side) -> Seat {
        let (min, max) = self.versions;
        Seat {
            session: Session::new(Config { side, peer: *peer, min, max }),
            context: Box::new(Spoilt { inner: MeshContext::new(self.node.clone()), spoil: self.spoil }),
            changed: self.changes.subscribe(),
        }
    }

    fn reached(&self, _address: &str) {}
}

impl Context for Spoilt {
    fn key(&self) -> &DeviceKey {
        self.inner.key()
    }
    fn membership(&self) -> Arc<Membership> {
        self.inner.membership()
    }
    fn holdings(&self) -> Arc<Holdings> {
        self.inner.holdings()
    }
    fn registers(&self) -> Vec<RegisterMark> {
        self.inner.registers()
    }
    fn register(&self, mark: &RegisterMark) -> Option<Register> {
        self.inner.register(mark)
    }
    fn stretch(&mut self, log: &LogId, first: u64, budget: Budget) -> Option<Stretch> {
        let mut stretch = self.inner.stretch(log, first, budget)?;
        if let Some(Form::Body(body)) = stretch.entries.last_mut().map(|entry| &mut entry.form) {
            let middle = body.len() / 2;
            match self.spoil {
                Spoil::Nothing => {}
                Spoil::FlippedBit => body[middle] ^= 0x10,
                Spoil::CutShort => body.truncate(middle),
            }
        }
        Some(stretch)
    }
    fn press(&self, log: &LogId, entries: &[Entry]) -> Option<Pressed> {
        self.inner.press(log, entries)
    }
    fn expand(&self, log: &LogId, pressed: &[u8], count: usize, inflated: usize) -> Option<Vec<Entry>> {
        self.inner.expand(log, pressed, count, inflated)
    }
    fn admit(&mut self, peer: &DeviceId, arrivals: Vec<Arrival>) -> Vec<Outcome> {
        self.inner.admit(peer, arrivals)
    }
    fn sealing_key(&self, recipient: &DeviceId) -> Option<u64> {
        self.inner.sealing_key(recipient)
    }
    fn seal(&mut self, to: &DeviceId, version: u64, aad: &[u8; 32], plaintext: &[u8]) -> Option<Sealed> {
        self.inner.seal(to, version, aad, plaintext)
    }
    fn open(&mut self, version: u64, aad: &[u8; 32], sealed: &Sealed) -> Option<Vec<u8>> {
        self.inner.open(version, aad, sealed)
    }
    fn recall(&self, _peer: &DeviceId) -> Option<Vec<u8>> {
        None
    }
    fn remember(&mut self, _peer: &DeviceId, _memory: Vec<u8>) {}
    fn acknowledged(&mut self, peer: &DeviceId, log: &LogId, seq: u64) {
        self.inner.acknowledged(peer, log, seq);
    }
}

/// The station's keys, copied off its disk, with one record of its own that no other box has.
fn guest(data: &Path, spoil: Spoil, versions: (u8, u8)) -> Guest {
    let joined = provisioning::join::load(&data.join("boxes/station-2311")).unwrap();
    let boot = Boot {
        engine: Arc::new(MemoryEngine::new()),
        key: joined.secrets.key,
        sealing: joined.secrets.sealing,
        bag: BagKey::from_bytes([1; 32]),
        membership: joined.membership,
        ports: Ports { clock: TestClock::at(MONDAY), random: TestRandom::new(rand::rng().random()) },
        policy: Policy::Guarded,
        drill: false,
    };
    let node = Node::start(boot).unwrap();
    let at = DocRef { id: DocId(rand::rng().random()), kind: DocKind::Case };
    let edit = Edit { events: vec![vec![9; 40]], ..Edit::default() };
    testing::write(&node, at, edit, vec![Audience::Hub], Lane::CASES).unwrap();
    Guest { node, doc: at, spoil, versions, changes: watch::channel(0).0 }
}

async fn dial(centre: SocketAddr, key: &DeviceKey, guest: &Guest) -> Mesh {
    let (sender, neighbours) = watch::channel(BTreeSet::from([centre.to_string()]));
    std::mem::forget(sender);
    let tls = Tls::new(LinkKey::new(key).unwrap(), Arc::new(Anyone), Arc::new(Dateless));
    let parts = Parts {
        tls,
        host: Arc::new(guest.clone()),
        clock: Arc::new(Still),
        dice: Arc::new(Still),
        patience: Patience::default(),
        listen: Vec::new(),
        neighbours,
    };
    Mesh::start(parts).await.unwrap()
}

fn log_of(data: &Path, folder: &str) -> String {
    std::fs::read_to_string(data.join(format!("boxes/{folder}/logs/bianmin.log"))).unwrap_or_default()
}

async fn logged(data: &Path, text: &str, times: usize) {
    let what = format!("the centre's log says {text:?}");
    let looked = until(&what, PATIENCE, || async {
        let found = log_of(data, "centre").matches(text).count();
        if found >= times { Ok(()) } else { Err(format!("{found} times")) }
    });
    looked.await.unwrap();
}

/// Where the centre's mesh listens, as its log says it.
fn mesh_of(data: &Path) -> SocketAddr {
    let log = log_of(data, "centre");
    let after = log.rsplit("mesh=").next().unwrap().trim_start_matches('"');
    let end = after.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':')).unwrap();
    after[..end].parse().unwrap()
}

async fn turn_link(at: &DemoBox, clerk: &Person, word: &str) {
    let page = clerk.get(&at.control_url).await.unwrap();
    clerk.send(&page.form("/demo/link").unwrap(), &[("link", word)]).await.unwrap();
}

async fn take(clerk: &Person, at: &DemoBox, seed: u64, count: usize) -> Vec<String> {
    let mut taken = Vec::new();
    for one in people(seed, count) {
        let (name, id_number, phone, words) = (one.name, one.id_number, one.phone, one.remark);
        let resident = Resident { name, id_number, phone, address: one.address, account: one.account, words };
        taken.push(intake::take(clerk, &at.url, "S097", "s1", &resident).await.unwrap().id);
    }
    taken
}

async fn receipted(clerk: &Person, at: &DemoBox, case: &str) {
    let url = format!("{}/cases/{case}", at.url.trim_end_matches('/'));
    let looked = until("the centre has signed for it", PATIENCE * 2, || async {
        let page = clerk.get(&url).await.map_err(|error| error.to_string())?;
        if truth(&page) == "receipt" { Ok(()) } else { Err(format!("{} {}", page.status, truth(&page))) }
    });
    looked.await.unwrap();
}

fn centre_disk(data: &Path) -> store::RedbEngine {
    let folder = Arc::new(DiskFolder::at(data.join("boxes/centre")).unwrap());
    store::open::open(&folder, Box::new(Unbounded), BagKey::from_bytes([0; 32])).unwrap().engine
}

/// Fails if a stranger, half a handshake, another version or a spoilt segment under a member's key gets anything stored,
/// goes unlogged, stops another station, or takes the pages down. What is not spoilt is taken: so the rest proves something.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_bad_at_the_mesh_port_is_stored_or_stops_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let demo = Demo::start(data).await.unwrap();
    let centre = mesh_of(data);
    let other = demo.person("other");
    sign_in(&other, &demo.boxes[2]).await.unwrap();
    turn_link(&demo.boxes[2], &other, "cut").await;

    let mut half_open = Vec::new();
    for _ in 0..12 {
        half_open.push(TcpStream::connect(centre).await.unwrap());
    }
    logged(data, "too many connections", 1).await;
    drop(half_open);
    // until the centre has seen the others leave it has no room for one more
    let looked = until("the centre says that junk is no protocol", PATIENCE, || async {
        let mut junk = TcpStream::connect(centre).await.map_err(|error| error.to_string())?;
        let _refused =
            junk.write_all(b"\xff\xff\xff\xff this is no handshake, and no frame of ours either").await;
        let _closed = junk.read_to_end(&mut Vec::new()).await;
        let found = log_of(data, "centre").contains("no common protocol");
        if found { Ok(()) } else { Err("nothing of it in the log".to_owned()) }
    });
    looked.await.unwrap();

    let stranger = DeviceKey::from_seed([77; 32]);
    let plain = guest(data, Spoil::Nothing, (1, 1));
    let mesh = dial(centre, &stranger, &plain).await;
    logged(data, "key not on the membership list", 1).await;
    mesh.stop().await;

    let later = guest(data, Spoil::Nothing, (9, 9));
    let mesh = dial(centre, &provisioning_key(data), &later).await;
    logged(data, "no common protocol version", 1).await;
    mesh.stop().await;

    let mut spoilt = Vec::new();
    for (times, spoil) in [(1, Spoil::FlippedBit), (2, Spoil::CutShort)] {
        let bad = guest(data, spoil, (1, 1));
        let mesh = dial(centre, &provisioning_key(data), &bad).await;
        logged(data, "segment refused", times).await;
        mesh.stop().await;
        spoilt.push(testing::epoch(&bad.node));
    }
    let good = guest(data, Spoil::Nothing, (1, 1));
    let mesh = dial(centre, &provisioning_key(data), &good).await;
    let held = until("what is whole is received", PATIENCE, || async {
        let truth = testing::whereabouts(&good.node, &good.doc.id.0).map_err(|error| error.to_string())?;
        if truth == Truth::Received { Ok(()) } else { Err(format!("{truth:?}")) }
    });
    held.await.unwrap();
    mesh.stop().await;

    let clerk = demo.person("clerk");
    sign_in(&clerk, &demo.boxes[1]).await.unwrap();
    for case in take(&clerk, &demo.boxes[1], 5, 1).await {
        receipted(&clerk, &demo.boxes[1], &case).await;
    }
    assert_eq!(clerk.get(&demo.boxes[0].url).await.unwrap().status, 200);
    demo.stop().await.unwrap();
    let engine = centre_disk(data);
    let held = logs::list(&*engine.read().unwrap()).unwrap();
    let stored = |epoch| held.iter().any(|log| log.head.log.epoch == epoch && log.head.seq > 0);
    assert!(spoilt.into_iter().all(|epoch| !stored(epoch)), "nothing spoilt is on the disk");
    assert!(stored(testing::epoch(&good.node)) && !stored(testing::epoch(&later.node)));
}

fn provisioning_key(data: &Path) -> DeviceKey {
    provisioning::join::load(&data.join("boxes/station-2311")).unwrap().secrets.key
}

/// Fails if a record is lost or stands twice after the centre was killed while it took them in.
#[tokio::test]
async fn a_centre_killed_in_a_merge_has_every_record_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let demo = Demo::start(data).await.unwrap();
    let station = demo.boxes[1].clone();
    let clerk = demo.person("clerk");
    sign_in(&clerk, &station).await.unwrap();
    intake::arrived(&clerk, &station.url, "S097").await.unwrap();
    turn_link(&station, &clerk, "cut").await;
    let taken = take(&clerk, &station, 31, MERGED).await;
    let before = log_of(data, "centre").matches("link up").count();
    turn_link(&station, &clerk, "restore").await;
    logged(data, "link up", before + 1).await;
    kill_centre(data);
    for case in &taken {
        receipted(&clerk, &station, case).await;
    }
    demo.stop().await.unwrap();
    let engine = centre_disk(data);
    let tx = engine.read().unwrap();
    let all = documents::page(&*tx, None, usize::MAX).unwrap();
    let cases = all.iter().filter(|(_, stored)| stored.kind == DocKind::Case.number()).count();
    assert_eq!(cases, MERGED);
}

/// The plug of the centre's machine; the demo starts it again.
fn kill_centre(data: &Path) {
    let ours = format!("{}/boxes/centre", data.display());
    for entry in std::fs::read_dir("/proc").unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let words = std::fs::read(format!("/proc/{name}/cmdline")).unwrap_or_default();
        if name.bytes().all(|byte| byte.is_ascii_digit()) && String::from_utf8_lossy(&words).contains(&ours) {
            let killed = std::process::Command::new("kill").args(["-KILL", &name]).status().unwrap();
            assert!(killed.success());
        }
    }
}
