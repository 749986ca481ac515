//! The mesh of this box: what `transport` and `discovery` need of it, and what pages see of them.

use crate::system::{SystemClock, SystemRandom};
use crate::words::reason;
use app::Node;
use app::mesh::MeshContext;
use app::ports::{Clock as _, LinkView, Links, Random as _};
use discovery::{Announcement, LastKnown, Multicast, Neighbours, Versions};
use identity::DeviceId;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use sync::{Config, Session, Side};
use tokio::sync::watch;
use transport::{
    Clock, Dateless, Dice, Gatekeeper, Host, LinkKey, Mesh, MeshWatch, Parts, Patience, Peer, Refusal, Seat,
    Tls,
};

/// The protocol versions of this release: since 2 photos travel too, since 3 cases are pressed over a far line.
const PROTOCOL: Versions = Versions { min: 1, max: 3 };

/// What links are started with.
pub(crate) struct Settings {
    pub(crate) listen: SocketAddr,
    /// Static addresses, from the command line and the membership list.
    pub(crate) given: Vec<String>,
    pub(crate) multicast: bool,
    /// The box's folder: last-known addresses are kept there.
    pub(crate) dir: PathBuf,
}

/// The running links; both end when this does.
pub(crate) struct Running {
    pub(crate) mesh: Mesh,
    neighbours: Arc<Neighbours>,
}

impl Running {
    /// Says goodbye on every link.
    pub(crate) async fn stop(self) {
        self.mesh.stop().await;
        // The host of the links held the other handle; it is gone with them.
        if let Some(neighbours) = Arc::into_inner(self.neighbours) {
            neighbours.stop().await;
        }
    }
}

/// Starts listening, dialling and, where wanted, announcing.
pub(crate) async fn start(
    node: &Node,
    key: &identity::DeviceKey,
    clock: Arc<SystemClock>,
    settings: Settings,
) -> Result<Running, String> {
    let (changes, changed) = watch::channel(0);
    let key = LinkKey::new(key).map_err(|e| format!("身份密钥不能用：{e}"))?;
    let tls = Tls::new(key, Arc::new(Gate(node.clone())), Arc::new(Dateless));
    let multicast = settings.multicast.then(|| Multicast {
        announcement: Announcement::new(&node.membership().township(), &node.device(), PROTOCOL),
        port: settings.listen.port(),
        addresses: Vec::new(),
    });
    let known = Box::new(Known { path: settings.dir.join("neighbours.txt") });
    let neighbours = Arc::new(Neighbours::start(settings.given, known, multicast));
    let host = Arc::new(BoxHost { node: node.clone(), changed, neighbours: Arc::clone(&neighbours) });
    let parts = Parts {
        tls,
        host,
        clock: Arc::new(LinkClock(Arc::clone(&clock))),
        dice: Arc::new(LinkDice),
        patience: Patience::default(),
        listen: vec![settings.listen],
        neighbours: neighbours.candidates(),
    };
    let mesh = Mesh::start(parts)
        .await
        .map_err(|e| format!("{} 不能用来联网：{}。", settings.listen, reason(&e)))?;
    let seen = Seen { node: node.clone(), watch: mesh.watch(), clock, changes: Mutex::new(changes) };
    node.attach_links(Arc::new(seen));
    Ok(Running { mesh, neighbours })
}

/// Who may come in: the membership list decides.
struct Gate(Node);

impl Gatekeeper for Gate {
    fn admit(&self, device: &DeviceId) -> Result<Peer, Refusal> {
        let membership = self.0.membership();
        if membership.cut(device).is_some() {
            return Err(Refusal::Cut);
        }
        let member = membership.member(device).ok_or(Refusal::NotListed)?;
        Ok(Peer { device: *device, station: member.station })
    }
}

struct BoxHost {
    node: Node,
    changed: watch::Receiver<u64>,
    neighbours: Arc<Neighbours>,
}

impl Host for BoxHost {
    fn seat(&self, peer: &DeviceId, side: Side) -> Seat {
        Seat {
            session: Session::new(Config { side, peer: *peer, min: PROTOCOL.min, max: PROTOCOL.max }),
            context: Box::new(MeshContext::new(self.node.clone())),
            changed: self.changed.clone(),
        }
    }

    fn reached(&self, address: &str) {
        self.neighbours.reached(address);
    }
}

struct LinkClock(Arc<SystemClock>);

impl Clock for LinkClock {
    fn now_ms(&self) -> u64 {
        self.0.monotonic_ms()
    }
}

struct LinkDice;

impl Dice for LinkDice {
    fn roll(&self) -> u64 {
        let mut bytes = [0; 8];
        SystemRandom.fill(&mut bytes);
        u64::from_be_bytes(bytes)
    }
}

/// Addresses that worked before, one a line. A hint: losing it costs a search.
struct Known {
    path: PathBuf,
}

impl LastKnown for Known {
    fn load(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.path).unwrap_or_default();
        text.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
    }

    fn keep(&self, addresses: &[String]) {
        if let Err(error) = replace(&self.path, &addresses.join("\n")) {
            tracing::warn!(%error, "last-known addresses were not kept");
        }
    }
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, text)?;
    fs::rename(new, path)
}

/// The links as pages see them.
struct Seen {
    node: Node,
    watch: MeshWatch,
    clock: Arc<SystemClock>,
    changes: Mutex<watch::Sender<u64>>,
}

impl Links for Seen {
    fn views(&self) -> Vec<LinkView> {
        let status = self.watch.status();
        let wall = self.clock.wall();
        let at = |ms: u64| wall - i64::try_from(status.now_ms.saturating_sub(ms) / 1000).unwrap_or(0);
        let membership = self.node.membership();
        let peers = status.peers.iter().filter(|peer| membership.member(&peer.device).is_some());
        peers
            .map(|peer| LinkView {
                station: peer.station.0,
                open: peer.link.is_some(),
                last_heard: peer.last_contact_ms.map(at),
                bytes: (peer.bytes_in, peer.bytes_out),
            })
            .collect()
    }

    fn allowed(&self) -> bool {
        self.watch.status().link
    }

    fn allow(&self, on: bool) {
        self.watch.set_link(on);
    }

    fn changed(&self) {
        let changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        changes.send_modify(|count| *count = count.wrapping_add(1));
    }
}
