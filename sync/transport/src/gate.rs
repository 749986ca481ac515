//! Who may come in: the port to the membership list, and the reasons for which somebody may not.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use identity::{DeviceId, StationNo};

/// A device on the membership list that is not cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its key, proven by the handshake.
    pub device: DeviceId,
    /// The number the list gives it; 0 is the centre.
    pub station: StationNo,
}

/// Why a connection did not become a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Refusal {
    /// It showed no raw public key.
    #[error("no key shown")]
    NoKey,
    /// What it showed is not an Ed25519 key, or its proof is wrong.
    #[error("key or proof malformed")]
    Malformed,
    /// Its key is not on the membership list.
    #[error("key not on the membership list")]
    NotListed,
    /// Its key was cut from the membership list.
    #[error("key is cut")]
    Cut,
    /// It shows this box's own key: this box dialled itself, or the key was copied.
    #[error("own key")]
    Ourselves,
    /// It speaks no protocol or TLS version that we do.
    #[error("no common protocol")]
    Protocol,
    /// The handshake did not finish in time, or broke off.
    #[error("handshake unfinished")]
    Unfinished,
    /// Too many unauthenticated connections, in all or from its address.
    #[error("too many connections")]
    Crowded,
    /// Strangers come too fast.
    #[error("too many strangers")]
    Paced,
    /// This box's links are switched off.
    #[error("links switched off")]
    SwitchedOff,
}

/// The membership list as this crate needs it. Implementations answer from memory: they are asked often.
pub trait Gatekeeper: Send + Sync {
    /// Whether this key may open a session.
    ///
    /// # Errors
    /// [`Refusal::NotListed`] lets it exchange the membership list and nothing else (the session sees to that, this
    /// crate bounds its size, time and number); any other refusal ends the handshake, or the link that stands.
    fn admit(&self, device: &DeviceId) -> Result<Peer, Refusal>;
}

/// Counts refusals by reason and logs each.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    counts: Mutex<BTreeMap<Refusal, u64>>,
}

impl Refusals {
    /// Logs and counts one. `source` is the network address; of the key its first eight digits.
    pub(crate) fn record(&self, refusal: Refusal, key: Option<&DeviceId>, source: &str) {
        let key = key.map(ToString::to_string);
        tracing::warn!(reason = %refusal, key = key.as_deref().unwrap_or("-"), source, "link refused");
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(refusal).or_insert(0);
        *count = count.saturating_add(1);
    }

    /// Refusals so far, by reason.
    pub(crate) fn counts(&self) -> BTreeMap<Refusal, u64> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
