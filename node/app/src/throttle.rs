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
                self.count(&mut wrong, key, now_ms);
            }
        }
        wait
    }

    /// One more wrong try.
    pub(crate) fn wrong(&self, key: &str, now_ms: u64) {
        self.count(&mut self.tries(), key, now_ms);
    }

    /// A right try clears the count.
    pub(crate) fn right(&self, key: &str) {
        self.tries().remove(key);
    }

    /// A right try that was taken is no wrong one, and says nothing about the others from there: who knows one right
    /// answer does not get to guess at more.
    pub(crate) fn give_back(&self, key: &str) {
        if let Some(tries) = self.tries().get_mut(key) {
            tries.count = tries.count.saturating_sub(1);
        }
    }

    fn wait_of(&self, wrong: &BTreeMap<String, Tries>, key: &str, now_ms: u64) -> u64 {
        let Some(tries) = wrong.get(key) else { return 0 };
        if self.left(tries, now_ms) < self.free_tries {
            return 0;
        }
        (tries.last_ms + self.wait_ms).saturating_sub(now_ms)
    }

    /// Wrong tries fade, one in each wait: a kiosk at which many mistype over a day stays usable.
    fn left(&self, tries: &Tries, now_ms: u64) -> u32 {
        let faded = now_ms.saturating_sub(tries.last_ms) / self.wait_ms.max(1);
        tries.count.saturating_sub(u32::try_from(faded).unwrap_or(u32::MAX))
    }

    fn count(&self, wrong: &mut BTreeMap<String, Tries>, key: &str, now_ms: u64) {
        if wrong.len() >= limit::SOURCES_MAX && !wrong.contains_key(key) {
            let oldest = wrong.iter().min_by_key(|(_, tries)| tries.last_ms).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                wrong.remove(&oldest);
            }
        }
        let tries = wrong.entry(key.to_owned()).or_insert(Tries { count: 0, last_ms: now_ms });
        *tries = Tries { count: self.left(tries, now_ms).saturating_add(1), last_ms: now_ms };
    }

    fn tries(&self) -> MutexGuard<'_, BTreeMap<String, Tries>> {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

    /// Fails when a right answer lets the same source guess at others without end.
    #[test]
    fn a_right_try_gives_back_its_own_count_alone_and_wrong_ones_fade() {
        let throttle = Throttle::new(5, 30_000);
        let here = ["from here".to_owned()];
        let (mut guesses, mut now) = (0, 0);
        for _ in 0..20 {
            guesses += (0..4).filter(|_| throttle.take(&here, now) == 0).count();
            if throttle.take(&here, now) == 0 {
                throttle.give_back("from here");
            }
            now += 1_000;
        }
        assert_eq!(guesses, 5, "right ones in between open no door");
        assert_eq!(throttle.take(&here, now + 300_000), 0);
        assert_eq!(throttle.take(&here, now + 300_000), 0, "after a while several may be mistyped again");
    }
}
