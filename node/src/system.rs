//! The only place that reads the system's clock and randomness.

use app::ports::{Clock, Confidence, Random};
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Instant, SystemTime};

/// The machine's clock, with what is known about how far it can be believed.
#[derive(Debug)]
pub(crate) struct SystemClock {
    start: Instant,
    confidence: AtomicU8,
}

impl SystemClock {
    /// Starts the monotonic clock. Nobody has looked at the wall clock yet.
    #[expect(clippy::disallowed_methods, reason = "node owns the system clock")]
    pub(crate) fn start() -> Self {
        Self { start: Instant::now(), confidence: AtomicU8::new(Confidence::SetByHand as u8) }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "node owns the system clock")]
    fn wall(&self) -> i64 {
        match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
        }
    }

    fn confidence(&self) -> Confidence {
        match self.confidence.load(Ordering::Relaxed) {
            1 => Confidence::SetByHand,
            2 => Confidence::Confirmed,
            3 => Confidence::Synchronised,
            _ => Confidence::Unknown,
        }
    }

    fn monotonic_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// The kernel's randomness.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, into: &mut [u8]) {
        if getrandom::fill(into).is_err() {
            // Without randomness no key may be made; there is nothing sensible to go on with.
            std::process::abort();
        }
    }
}
