//! Slows guessing down, per source and per thing guessed. Runs on the monotonic clock and forgets at a restart: it
//! slows, it never locks anybody out.

use crate::limit;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

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
        self.wait_of(&self.tries(), key, now_ms)
    }

    /// Takes a try under all of `keys`, counted as wrong until [`Throttle::right`] says otherwise, so that tries sent all
    /// at once are no more than tries one after another. Gives how long to wait instead; 0 is taken.
    pub(crate) fn take(&self, keys: &[String], now_ms: u64) -> u64 {
        let mut wrong = self.tries();
        let wait = keys.iter().map(|key| self.wait_of(&wrong, key, now_ms)).max().unwrap_or(0);
        if wait == 0 {
            for key in keys {
                count(&mut wrong, key, now_ms);
            }
        }
        wait
    }

    /// One more wrong try.
    pub(crate) fn wrong(&self, key: &str, now_ms: u64) {
        count(&mut self.tries(), key, now_ms);
    }

    /// A right try clears the count.
    pub(crate) fn right(&self, key: &str) {
        self.tries().remove(key);
    }

    fn wait_of(&self, wrong: &BTreeMap<String, Tries>, key: &str, now_ms: u64) -> u64 {
        let Some(tries) = wrong.get(key) else { return 0 };
        if tries.count < self.free_tries {
            return 0;
        }
        (tries.last_ms + self.wait_ms).saturating_sub(now_ms)
    }

    fn tries(&self) -> MutexGuard<'_, BTreeMap<String, Tries>> {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(wrong: &mut BTreeMap<String, Tries>, key: &str, now_ms: u64) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails when tries sent all at once get more answers than tries one after another.
    #[test]
    fn tries_at_the_same_time_are_counted_before_they_are_answered() {
        let throttle = Throttle::new(5, 30_000);
        let keys = ["from here".to_owned(), "for that".to_owned()];
        // none of them has been found wrong yet
        let taken = (0..50).filter(|_| throttle.take(&keys, 1_000) == 0).count();
        assert_eq!(taken, 5);
        assert_eq!(throttle.take(&keys[1..], 2_000), 29_000, "from elsewhere as well");
        assert_eq!(throttle.take(&keys, 31_000), 0, "one more after the wait");
        assert_eq!(throttle.take(&keys, 31_000), 30_000);
        keys.iter().for_each(|key| throttle.right(key));
        assert_eq!(throttle.take(&keys, 31_000), 0, "a right one clears the count");
    }
}
