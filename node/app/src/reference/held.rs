//! What is in force, kept in memory. A whole catalogue may come in hundreds of commits: it is read from the disk again
//! when somebody asks for it after a change, not after each.

use super::Reference;
use crate::ActError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// The reference in memory, and of which change it is.
pub(crate) struct Held {
    now: RwLock<(u64, Arc<Reference>)>,
    /// Changes so far.
    changes: AtomicU64,
    /// One reads at a time; whoever waits finds it read.
    reading: Mutex<()>,
}

impl Held {
    pub(crate) fn new(reference: Reference) -> Self {
        let now = RwLock::new((0, Arc::new(reference)));
        Self { now, changes: AtomicU64::new(0), reading: Mutex::default() }
    }

    /// A durable commit changed what is in force.
    pub(crate) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// What is in force, with every change that was told before this call; when it had to be read, what stood before it.
    pub(crate) fn get(
        &self,
        read: impl FnOnce() -> Result<Reference, ActError>,
    ) -> (Arc<Reference>, Option<Arc<Reference>>) {
        if let Some(reference) = self.fresh() {
            return (reference, None);
        }
        let _turn = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reference) = self.fresh() {
            return (reference, None);
        }
        // counted before reading: a change that comes meanwhile is read by the next who asks
        let changes = self.changes.load(Ordering::SeqCst);
        let read = read()
            .inspect_err(|error| tracing::error!(%error, "catalogue and authorities were not read again"));
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        let before = Arc::clone(&now.1);
        *now = (changes, read.map_or_else(|_told| Arc::clone(&before), Arc::new));
        (Arc::clone(&now.1), Some(before))
    }

    fn fresh(&self) -> Option<Arc<Reference>> {
        let now = self.now.read().unwrap_or_else(PoisonError::into_inner);
        (now.0 == self.changes.load(Ordering::SeqCst)).then(|| Arc::clone(&now.1))
    }
}

#[cfg(test)]
mod tests {
    use super::{Held, Reference};

    fn with(item: &str) -> Reference {
        let mut reference = Reference::default();
        reference.deeds.insert(item.to_owned(), Vec::new());
        reference
    }

    /// Fails if a change is missed, or if the disk is read when nothing changed or once for each of many changes.
    #[test]
    fn many_changes_are_read_once_and_none_is_missed() {
        let held = Held::new(with("1"));
        let stands = |held: &Held| held.get(|| panic!("nothing changed")).0.deeds.contains_key("1");
        assert!(stands(&held));
        (0..100).for_each(|_| held.changed());
        let (now, before) = held.get(|| Ok(with("2")));
        assert!(now.deeds.contains_key("2") && before.unwrap().deeds.contains_key("1"));
        assert!(!stands(&held));
        // one that comes while it is read
        held.changed();
        held.get(|| {
            held.changed();
            Ok(with("3"))
        });
        assert!(held.get(|| Ok(with("4"))).0.deeds.contains_key("4"));
        // what cannot be read leaves what is known, and is not tried again at every page
        held.changed();
        assert!(held.get(|| Err(crate::ActError::NotFound)).0.deeds.contains_key("4"));
        assert!(!stands(&held));
    }
}
