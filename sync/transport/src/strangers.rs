//! How many strangers are listened to: few at a time, and not too fast.

use std::sync::{Arc, Mutex, PoisonError};

use crate::limit;

#[derive(Debug, Default)]
struct Inner {
    present: usize,
    spent: u64,
    refilled_ms: u64,
}

/// Counts links that TLS has let in and the membership list has not.
#[derive(Debug, Default)]
pub(crate) struct Strangers {
    inner: Mutex<Inner>,
}

/// A stranger's place, until dropped.
#[derive(Debug)]
pub(crate) struct Place(Arc<Strangers>);

impl Strangers {
    /// A place, unless there are too many or they come too fast.
    pub(crate) fn enter(self: &Arc<Self>, now_ms: u64) -> Option<Place> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let refills = now_ms.saturating_sub(inner.refilled_ms) / limit::STRANGER_PACE_MS;
        inner.refilled_ms = inner.refilled_ms.saturating_add(refills.saturating_mul(limit::STRANGER_PACE_MS));
        inner.spent = inner.spent.saturating_sub(refills);
        if inner.present >= limit::STRANGERS_MAX || inner.spent >= limit::STRANGER_BURST {
            return None;
        }
        inner.present = inner.present.saturating_add(1);
        inner.spent = inner.spent.saturating_add(1);
        drop(inner);
        Some(Place(Arc::clone(self)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inner = self.0.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.present = inner.present.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails when strangers can fill the box, or are locked out for ever after a rush.
    #[test]
    fn strangers_are_few_and_paced() {
        let strangers = Arc::new(Strangers::default());
        let present: Vec<_> = (0..10).filter_map(|_| strangers.enter(0)).collect();
        assert_eq!(present.len(), limit::STRANGERS_MAX);
        drop(present);
        let served = (0..1_000).filter_map(|_| strangers.enter(1)).count();
        assert_eq!(served as u64, limit::STRANGER_BURST - limit::STRANGERS_MAX as u64);
        assert!(strangers.enter(limit::STRANGER_PACE_MS).is_some());
        assert!(strangers.enter(limit::STRANGER_PACE_MS).is_none());
        let later = limit::STRANGER_PACE_MS * 1_000;
        assert_eq!((0..1_000).filter_map(|_| strangers.enter(later)).count() as u64, limit::STRANGER_BURST);
    }
}
