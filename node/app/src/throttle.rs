//! Slows guessing down, per source and per thing guessed. Runs on the monotonic clock and forgets at a restart: it
//! slows, it never locks anybody out.

use crate::limit;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Counts wrong tries by key.
#[derive(Debug)]
pub(crate) struct Throttle {
    free_tries: u32,
    wait_ms: u64,
    wrong: Mutex<BTreeMap<String, Tries>>,
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    count: u32,
    last_ms: u64,
}

impl Throttle {
    /// Lets `free_tries` wrong ones pass, then one per `wait_ms`.
    #[must_use]
    pub(crate) fn new(free_tries: u32, wait_ms: u64) -> Self {
        Self { free_tries, wait_ms, wrong: Mutex::default() }
    }

    /// How many milliseconds `key` has to wait before it may try; 0 is now.
    #[must_use]
    pub(crate) fn wait(&self, key: &str, now_ms: u64) -> u64 {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(tries) = wrong.get(key) else { return 0 };
        if tries.count < self.free_tries {
            return 0;
        }
        (tries.last_ms + self.wait_ms).saturating_sub(now_ms)
    }

    /// One more wrong try.
    pub(crate) fn wrong(&self, key: &str, now_ms: u64) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= limit::SOURCES_MAX && !wrong.contains_key(key) {
            let oldest = wrong.iter().min_by_key(|(_, tries)| tries.last_ms).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                wrong.remove(&oldest);
            }
        }
        let tries = wrong.entry(key.to_owned()).or_insert(Tries { count: 0, last_ms: now_ms });
        tries.count = tries.count.saturating_add(1);
        tries.last_ms = now_ms;
    }

    /// A right try clears the count.
    pub(crate) fn right(&self, key: &str) {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}
