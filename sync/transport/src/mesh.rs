//! Everything that links this box to others: listeners, diallers, the cut switch, the figures.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::core::{Core, DialStatus};
use crate::dialler::dial_all;
use crate::gate::Refusal;
use crate::limit::Patience;
use crate::ports::{Clock, Dice, Host};
use crate::roster::PeerStatus;
use crate::serve::{Origin, serve};
use crate::tls::Tls;

/// What a mesh is started with.
pub struct Parts {
    /// Keys and the gatekeeper.
    pub tls: Tls,
    /// The box.
    pub host: Arc<dyn Host>,
    /// Session time.
    pub clock: Arc<dyn Clock>,
    /// For pauses.
    pub dice: Arc<dyn Dice>,
    /// How long to wait for what.
    pub patience: Patience,
    /// Where to listen; port 0 picks a free one.
    pub listen: Vec<SocketAddr>,
    /// What to dial (`host:port`), always up to date.
    pub neighbours: watch::Receiver<BTreeSet<String>>,
}

/// The state of all links at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeshStatus {
    /// The clock's time of this snapshot.
    pub now_ms: u64,
    /// Whether links may stand (the cut switch).
    pub link: bool,
    /// Peers seen since the start, by key.
    pub peers: Vec<PeerStatus>,
    /// Refused connections since the start, by reason.
    pub refused: BTreeMap<Refusal, u64>,
    /// Addresses that are dialled.
    pub dials: BTreeMap<String, DialStatus>,
}

/// The running mesh. Ends all it has started when stopped or dropped.
pub struct Mesh {
    core: Arc<Core>,
    listening: Vec<SocketAddr>,
    root: Option<JoinHandle<()>>,
}

impl Mesh {
    /// Listens and begins to dial. Needs a tokio runtime with time and network.
    ///
    /// # Errors
    /// An address that cannot be listened on; nothing runs then.
    pub async fn start(parts: Parts) -> io::Result<Self> {
        let Parts { tls, host, clock, dice, patience, listen, neighbours } = parts;
        let mut listeners = Vec::new();
        for address in listen {
            listeners.push(TcpListener::bind(address).await?);
        }
        let listening = listeners.iter().map(TcpListener::local_addr).collect::<Result<_, _>>()?;
        let core = Core::new(tls, host, clock, dice, patience);
        let shared = Arc::clone(&core);
        let root = tokio::spawn(async move {
            let mut tasks = JoinSet::new();
            for listener in listeners {
                tasks.spawn(listen_on(Arc::clone(&shared), listener));
            }
            tasks.spawn(dial_all(shared, neighbours));
            while let Some(ended) = tasks.join_next().await {
                if let Err(fault) = ended {
                    tracing::error!(%fault, "a part of the mesh failed");
                }
            }
        });
        Ok(Self { core, listening, root: Some(root) })
    }

    /// Where it listens, with the real ports.
    #[must_use]
    pub fn listening(&self) -> &[SocketAddr] {
        &self.listening
    }

    /// The cut switch: `false` drops every link at once, as if the cable were pulled, and refuses new ones until
    /// `true`, which dials again at once. Not remembered over a restart.
    pub fn set_link(&self, on: bool) {
        self.watch().set_link(on);
    }

    /// For the pages and the metrics.
    #[must_use]
    pub fn status(&self) -> MeshStatus {
        self.watch().status()
    }

    /// A handle that only looks and switches, for pages; it keeps nothing running.
    #[must_use]
    pub fn watch(&self) -> MeshWatch {
        MeshWatch { core: Arc::clone(&self.core) }
    }

    /// Says goodbye on every link, then ends all tasks.
    pub async fn stop(mut self) {
        self.core.stop.send_replace(true);
        if let Some(mut root) = self.root.take() {
            // the farewells of all links run side by side, and none may hold up the end of the program
            let patience = self.core.patience.farewell.saturating_add(Duration::from_secs(2));
            if timeout(patience, &mut root).await.is_err() {
                tracing::warn!("links did not end in time");
                root.abort();
            }
        }
    }
}

impl Drop for Mesh {
    fn drop(&mut self) {
        if let Some(root) = &self.root {
            root.abort();
        }
    }
}

impl std::fmt::Debug for Mesh {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mesh").field("listening", &self.listening).finish_non_exhaustive()
    }
}

/// Looks at a mesh, and works its switch.
#[derive(Clone)]
pub struct MeshWatch {
    core: Arc<Core>,
}

impl MeshWatch {
    /// As [`Mesh::status`].
    #[must_use]
    pub fn status(&self) -> MeshStatus {
        MeshStatus {
            now_ms: self.core.clock.now_ms(),
            link: *self.core.switch.borrow(),
            peers: self.core.roster.status(),
            refused: self.core.refusals.counts(),
            dials: self.core.dials.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// As [`Mesh::set_link`].
    pub fn set_link(&self, on: bool) {
        let was = self.core.switch.send_replace(on);
        if was != on {
            tracing::info!(on, "links switched");
        }
    }

    /// Changes whenever a link comes up or goes, a connection is refused, or a dial ends.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.core.roster.changes()
    }
}

impl std::fmt::Debug for MeshWatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MeshWatch").finish_non_exhaustive()
    }
}

/// Accepts until the mesh ends, then waits for the links it accepted.
async fn listen_on(core: Arc<Core>, listener: TcpListener) {
    let mut links = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(ended) = links.join_next() => {
                if let Err(fault) = ended {
                    tracing::error!(%fault, "a link failed");
                }
                continue;
            }
            () = core.stopping() => break,
        };
        let (io, source) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "accept");
                // out of descriptors, most likely: give links time to end
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let name = source.to_string();
        if !*core.switch.borrow() {
            core.refuse(Refusal::SwitchedOff, None, &name);
        } else if let Some(place) = core.admit_source(source.ip()) {
            let core = Arc::clone(&core);
            links.spawn(async move { drop(serve(&core, io, Origin::Accepted(name, place)).await) });
        } else {
            core.refuse(Refusal::Crowded, None, &name);
        }
    }
    drop(listener);
    while links.join_next().await.is_some() {}
}

#[cfg(test)]
mod tests;
