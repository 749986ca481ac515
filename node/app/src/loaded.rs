//! Documents that were worked on lately, kept loaded: clerks go on with the case they have open, and loading one costs
//! more than the act.
//!
//! Architecture Invariant: trust in this memory is absent. A document is found here only under the very bytes that the
//! transaction at hand reads from the disk, so it is what loading those bytes gives; whatever became of the commit it was
//! made for, an old or a lost one is never found. Cells stand in it as they stand on disk: sealed.

#[cfg(test)]
mod tests;

use crate::limit::{LOADED_BYTES_MAX, LOADED_MAX};
use records::{DocId, DocRef, Document, LoadFault};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The memory.
#[derive(Default)]
pub(crate) struct Loaded {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    documents: BTreeMap<DocId, Kept>,
    /// Which one was kept when: the first goes first.
    order: BTreeMap<u64, DocId>,
    next: u64,
    bytes: usize,
}

struct Kept {
    turn: u64,
    saved: Vec<u8>,
    document: Document,
}

impl Loaded {
    /// The document of these stored bytes: from memory, or loaded. It is the caller's alone until it is kept again.
    pub(crate) fn take(&self, at: DocRef, saved: &[u8]) -> Result<Document, LoadFault> {
        let kept = self.held().remove(at.id);
        match kept {
            Some(kept) if kept.saved == saved && kept.document.at() == at => Ok(kept.document),
            Some(_) | None => Document::load(at, saved),
        }
    }

    /// Keeps a document under the bytes that it was saved as or loaded from.
    pub(crate) fn keep(&self, document: Document, saved: Vec<u8>) {
        self.held().insert(document.at().id, document, saved);
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // What a panic leaves half done here is at worst a document that is not found, or room that is not used.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn remove(&mut self, id: DocId) -> Option<Kept> {
        let kept = self.documents.remove(&id)?;
        self.order.remove(&kept.turn);
        self.bytes = self.bytes.saturating_sub(kept.saved.len());
        Some(kept)
    }

    fn insert(&mut self, id: DocId, document: Document, saved: Vec<u8>) {
        self.remove(id);
        let turn = self.next;
        self.next += 1;
        self.bytes += saved.len();
        self.order.insert(turn, id);
        self.documents.insert(id, Kept { turn, saved, document });
        while self.documents.len() > LOADED_MAX || self.bytes > LOADED_BYTES_MAX {
            let Some((_, oldest)) = self.order.first_key_value() else { return };
            let oldest = *oldest;
            self.remove(oldest);
        }
    }
}
