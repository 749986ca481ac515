//! Toy ports for this crate's tests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use identity::{DeviceId, DeviceKey, StationNo};

use crate::gate::{Gatekeeper, Peer, Refusal};
use crate::tls::{Dateless, LinkKey, Tls};

/// No condition of these tests takes this long.
pub(crate) const GIVE_UP: Duration = Duration::from_secs(20);

/// A key that is the same in every run.
pub(crate) fn key(n: u8) -> DeviceKey {
    DeviceKey::from_seed([n; 32])
}

/// A membership list that tests write by hand.
#[derive(Default)]
pub(crate) struct ToyGate {
    pub(crate) listed: Mutex<BTreeMap<DeviceId, Result<StationNo, Refusal>>>,
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
