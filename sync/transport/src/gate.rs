//! Who may come in: the port to the membership list, and the reasons for which somebody may not.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use identity::{DeviceId, StationNo};
use tokio::time::Instant;

use crate::limit;

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

/// Counts refusals by reason and logs them, as many as a log can bear.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    counts: Mutex<BTreeMap<Refusal, u64>>,
    lines: Mutex<Lines>,
}

/// How many lines the log still bears: all of a quiet day, and of a flood the first and then some. Whoever knocks without
/// end must not fill the disk.
#[derive(Debug)]
struct Lines {
    left: u32,
    since: Option<Instant>,
    /// Refusals that were counted and not logged since the last line.
    unsaid: u64,
}

impl Default for Lines {
    fn default() -> Self {
        Self { left: limit::REFUSAL_LINES, since: None, unsaid: 0 }
    }
}

impl Lines {
    /// Whether to log the refusal of now; with how many that were not before it.
    fn take(&mut self, now: Instant) -> Option<u64> {
        let since = *self.since.get_or_insert(now);
        let grown = now.duration_since(since).as_secs() / limit::REFUSAL_LINE_EVERY.as_secs();
        if let Ok(grown @ 1..) = u32::try_from(grown) {
            self.left = self.left.saturating_add(grown).min(limit::REFUSAL_LINES);
            self.since = Some(now);
        }
        let Some(left) = self.left.checked_sub(1) else {
            self.unsaid = self.unsaid.saturating_add(1);
            return None;
        };
        self.left = left;
        Some(std::mem::take(&mut self.unsaid))
    }
}

impl Refusals {
    /// Counts one and logs it. `source` is the network address; of the key its first eight digits.
    pub(crate) fn record(&self, refusal: Refusal, key: Option<&DeviceId>, source: &str, now: Instant) {
        let line = self.lines.lock().unwrap_or_else(PoisonError::into_inner).take(now);
        if let Some(unsaid) = line {
            let key = key.map(ToString::to_string);
            let key = key.as_deref().unwrap_or("-");
            tracing::warn!(reason = %refusal, key, source, unsaid, "link refused");
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(refusal).or_insert(0);
        *count = count.saturating_add(1);
    }

    /// Refusals so far, by reason.
    pub(crate) fn counts(&self) -> BTreeMap<Refusal, u64> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, limit};
    use tokio::time::Instant;

    /// Fails if a flood of strangers writes a line each, if the first ones go unsaid, or if what was left out is not told.
    #[test]
    fn a_flood_does_not_fill_the_log() {
        let (mut lines, start) = (Lines::default(), Instant::now());
        let first: Vec<_> = (0..10_000).filter_map(|_| lines.take(start)).collect();
        assert_eq!(first, vec![0; limit::REFUSAL_LINES as usize]);
        let later = start + limit::REFUSAL_LINE_EVERY;
        assert_eq!(lines.take(later), Some(10_000 - u64::from(limit::REFUSAL_LINES)));
        assert_eq!(lines.take(later), None);
        let next_day = later + limit::REFUSAL_LINE_EVERY * 10_000;
        assert_eq!(lines.take(next_day), Some(1));
        assert_eq!(
            (0..10_000).filter_map(|_| lines.take(next_day)).count(),
            limit::REFUSAL_LINES as usize - 1
        );
    }
}
