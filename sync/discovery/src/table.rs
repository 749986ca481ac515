//! Candidate addresses from all sources, bounded, in order of preference.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;

use crate::limit;

/// What is known at present.
#[derive(Debug, Default)]
pub(crate) struct Table {
    given: Vec<String>,
    last_known: VecDeque<String>,
    heard: BTreeMap<String, Heard>,
    count: u64,
}

#[derive(Debug)]
struct Heard {
    addresses: BTreeSet<SocketAddr>,
    at: u64,
}

/// Whether something can be dialled at all: a host and a port.
fn is_address(text: &str) -> bool {
    let port = text
        .rsplit_once(':')
        .filter(|(host, _)| !host.is_empty())
        .and_then(|(_, port)| port.parse::<u16>().ok());
    text.len() <= limit::ADDRESS_BYTES_MAX && port.is_some_and(|port| port > 0)
}

fn is_dialable(address: &SocketAddr) -> bool {
    let ip = address.ip();
    address.port() > 0 && !ip.is_loopback() && !ip.is_unspecified() && !ip.is_multicast()
}

impl Table {
    /// With the addresses kept from the run before, the latest first.
    pub(crate) fn new(last_known: Vec<String>) -> Self {
        let last_known = last_known.into_iter().filter(|address| is_address(address));
        Self { last_known: last_known.take(limit::LAST_KNOWN_MAX).collect(), ..Self::default() }
    }

    /// Replaces the given addresses (settings and membership list).
    pub(crate) fn give(&mut self, addresses: impl IntoIterator<Item = String>) {
        let sound = addresses.into_iter().filter(|address| is_address(address));
        self.given = sound.take(limit::CANDIDATES_MAX).collect();
    }

    /// An address led to a listed peer. Returns the list to keep when it changed.
    pub(crate) fn reached(&mut self, address: &str) -> Option<Vec<String>> {
        if self.last_known.front().is_some_and(|first| first == address) || !is_address(address) {
            return None;
        }
        self.last_known.retain(|known| known != address);
        self.last_known.push_front(address.to_owned());
        self.last_known.truncate(limit::LAST_KNOWN_MAX);
        Some(self.last_known.iter().cloned().collect())
    }

    /// An announcer was heard at these addresses.
    pub(crate) fn hear(&mut self, name: String, addresses: impl IntoIterator<Item = SocketAddr>) {
        let addresses: BTreeSet<_> =
            addresses.into_iter().filter(is_dialable).take(limit::ADDRESSES_PER_ANNOUNCER_MAX).collect();
        if addresses.is_empty() {
            return;
        }
        self.count = self.count.saturating_add(1);
        self.heard.insert(name, Heard { addresses, at: self.count });
        if self.heard.len() > limit::HEARD_MAX {
            let oldest = self.heard.iter().min_by_key(|(_, heard)| heard.at).map(|(name, _)| name.clone());
            oldest.and_then(|name| self.heard.remove(&name));
        }
    }

    /// An announcer said goodbye or was not heard in time.
    pub(crate) fn lose(&mut self, name: &str) {
        self.heard.remove(name);
    }

    /// Multicast was switched off.
    pub(crate) fn lose_all(&mut self) {
        self.heard.clear();
    }

    /// Announcers at present.
    pub(crate) fn heard(&self) -> usize {
        self.heard.len()
    }

    /// What to dial.
    pub(crate) fn candidates(&self) -> BTreeSet<String> {
        let heard = self.heard.values().flat_map(|heard| heard.addresses.iter().map(ToString::to_string));
        let mut all = BTreeSet::new();
        for address in self.given.iter().cloned().chain(self.last_known.iter().cloned()).chain(heard) {
            if all.len() >= limit::CANDIDATES_MAX {
                break;
            }
            all.insert(address);
        }
        all
    }
}
