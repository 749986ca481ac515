use crate::limit::{BACKOFF_FIRST_MS, BACKOFF_MAX_MS};

/// How long to wait before the next try at a peer: doubling, with jitter so that thirty boxes do not come back at once.
/// Pure: the caller gives the randomness and does the waiting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// No failure yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a failed try; the wait in ms before the next one, between half of and the whole of the doubled time.
    pub fn failed(&mut self, random: u64) -> u64 {
        let whole = BACKOFF_FIRST_MS.saturating_shl(self.failures).min(BACKOFF_MAX_MS);
        self.failures = self.failures.saturating_add(1);
        let half = whole / 2;
        half + random % (whole - half + 1)
    }

    /// Notes a session that agreed on a protocol: the next failure waits shortly again.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }
}

trait SaturatingShl {
    fn saturating_shl(self, by: u32) -> Self;
}

impl SaturatingShl for u64 {
    fn saturating_shl(self, by: u32) -> Self {
        1u64.checked_shl(by).map_or(Self::MAX, |factor| self.saturating_mul(factor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails if waits stop growing, pass the cap, or lose their jitter.
    #[test]
    fn waits_double_up_to_a_cap_and_differ_between_boxes() {
        let mut backoff = Backoff::new();
        let waits: Vec<u64> = (0..80).map(|_| backoff.failed(0)).collect();
        assert_eq!(waits.first(), Some(&(BACKOFF_FIRST_MS / 2)));
        assert!(waits.is_sorted() && waits.last() == Some(&(BACKOFF_MAX_MS / 2)));
        assert_eq!(backoff.failed(BACKOFF_MAX_MS / 2), BACKOFF_MAX_MS);
        assert_ne!(backoff.failed(1), backoff.failed(2));
        backoff.succeeded();
        assert!(backoff.failed(u64::MAX) <= BACKOFF_FIRST_MS);
    }
}
