//! Which peers are linked: one link each, and what the pages show of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use identity::{DeviceId, StationNo};
use tokio::sync::{oneshot, watch};

use crate::gate::Peer;
use crate::limit;
use crate::stats::{LinkStats, Meter};

/// One peer as the pages see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerStatus {
    /// Its key.
    pub device: DeviceId,
    /// Its number on the list when it was last linked.
    pub station: StationNo,
    /// The present link, if there is one.
    pub link: Option<LinkStats>,
    /// When something whole last arrived from it, on the mesh's clock. Never a proof that anything is safe there.
    pub last_contact_ms: Option<u64>,
    /// Bytes received from it since the start, over all links.
    pub bytes_in: u64,
    /// Bytes sent to it since the start, over all links.
    pub bytes_out: u64,
}

struct Live {
    serial: u64,
    dialler: DeviceId,
    meter: Arc<Meter>,
    evict: oneshot::Sender<()>,
}

struct Entry {
    station: StationNo,
    live: Option<Live>,
    past: LinkStats,
}

#[derive(Default)]
struct Inner {
    serial: u64,
    peers: BTreeMap<DeviceId, Entry>,
}

/// All peers seen since the start.
pub(crate) struct Roster {
    own: DeviceId,
    inner: Mutex<Inner>,
    changes: watch::Sender<u64>,
}

/// The right to be the link to a peer, until dropped.
pub(crate) struct Claim {
    roster: Arc<Roster>,
    device: DeviceId,
    serial: u64,
    /// Resolves when a better link to the same peer has taken over.
    pub(crate) evicted: oneshot::Receiver<()>,
}

impl Roster {
    pub(crate) fn new(own: DeviceId) -> Arc<Self> {
        Arc::new(Self { own, inner: Mutex::default(), changes: watch::Sender::new(0) })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes whenever a link is claimed or given up, and when something else on the status pages does.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(crate) fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Asks to be the link to `peer`. Of two links dialled by different boxes the one dialled by the smaller key
    /// stays, so both sides choose the same. Of two by one dialler, the dialler decides by giving the new one up before it
    /// says a word (it has a link already), so the other side takes the one on which it hears something.
    pub(crate) fn claim(
        self: &Arc<Self>,
        peer: &Peer,
        we_dialled: bool,
        meter: &Arc<Meter>,
    ) -> Option<Claim> {
        let dialler = if we_dialled { self.own } else { peer.device };
        let mut inner = self.lock();
        if inner.peers.len() >= limit::PEERS_MAX && !inner.peers.contains_key(&peer.device) {
            inner.forget_one();
        }
        inner.serial = inner.serial.wrapping_add(1);
        let serial = inner.serial;
        let entry = inner.peers.entry(peer.device).or_insert_with(|| Entry {
            station: peer.station,
            live: None,
            past: LinkStats::default(),
        });
        let yields = |live: &Live| live.dialler < dialler || (we_dialled && live.dialler == dialler);
        if entry.live.as_ref().is_some_and(yields) {
            return None;
        }
        entry.station = peer.station;
        let (evict, evicted) = oneshot::channel();
        let live = Live { serial, dialler, meter: Arc::clone(meter), evict };
        if let Some(older) = entry.live.replace(live) {
            entry.past.add(&older.meter.snapshot());
            // an older link that has just ended by itself needs no telling
            let _told = older.evict.send(());
        }
        drop(inner);
        self.changed();
        Some(Claim { roster: Arc::clone(self), device: peer.device, serial, evicted })
    }

    pub(crate) fn is_linked(&self, device: &DeviceId) -> bool {
        self.lock().peers.get(device).is_some_and(|entry| entry.live.is_some())
    }

    pub(crate) fn status(&self) -> Vec<PeerStatus> {
        let inner = self.lock();
        inner.peers.iter().map(|(device, entry)| entry.status(*device)).collect()
    }
}

impl Inner {
    /// Makes room: the unlinked peer with the oldest contact goes.
    fn forget_one(&mut self) {
        let oldest = self
            .peers
            .iter()
            .filter(|(_, entry)| entry.live.is_none())
            .min_by_key(|(_, entry)| entry.past.last_contact_ms)
            .map(|(device, _)| *device);
        if let Some(device) = oldest {
            self.peers.remove(&device);
        }
    }
}

impl Entry {
    fn status(&self, device: DeviceId) -> PeerStatus {
        let link = self.live.as_ref().map(|live| live.meter.snapshot());
        let mut all = self.past.clone();
        if let Some(live) = &link {
            all.add(live);
        }
        PeerStatus {
            device,
            station: self.station,
            link,
            last_contact_ms: all.last_contact_ms,
            bytes_in: all.bytes_in,
            bytes_out: all.bytes_out,
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut inner = self.roster.lock();
        if let Some(entry) = inner.peers.get_mut(&self.device)
            && let Some(live) = entry.live.take_if(|live| live.serial == self.serial)
        {
            entry.past.add(&live.meter.snapshot());
        }
        drop(inner);
        self.roster.changed();
    }
}

#[cfg(test)]
mod tests;
