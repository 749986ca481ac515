use std::collections::{BTreeMap, BTreeSet};

use model::record::OpId;

use super::Checked;
use crate::{Actor, ChangeHash, Document, limit};

/// What the guard needs to know of a document: its changes, not its values.
#[derive(Debug, Clone, Default)]
pub struct DocState {
    changes: BTreeMap<ChangeHash, Node>,
    writers: BTreeMap<Actor, Writer>,
    creator: Option<Actor>,
    saved_bytes: usize,
}

#[derive(Debug, Clone)]
struct Node {
    max_op: u64,
    deps: Vec<ChangeHash>,
}

#[derive(Debug, Clone)]
struct Writer {
    seq: u64,
    last: ChangeHash,
    /// First and last counter of each change, ascending.
    spans: Vec<(u64, u64)>,
}

impl DocState {
    /// A document of which nothing has arrived.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The state of a loaded document.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let mut state = Self {
            creator: document.roots.as_ref().map(|roots| roots.creator),
            saved_bytes: document.saved_bytes,
            ..Self::default()
        };
        for meta in document.automerge.get_changes_meta(&[]) {
            let Ok(actor) = meta.actor.to_bytes().try_into() else { continue };
            state.enter(&Checked {
                hash: meta.hash.0,
                actor,
                seq: meta.seq,
                start_op: meta.start_op,
                max_op: meta.max_op,
                deps: meta.deps.iter().map(|dep| dep.0).collect(),
            });
        }
        state
    }

    /// Counts a change that the guard let in, so that the next of the same batch is judged after it.
    pub fn enter(&mut self, change: &Checked) {
        if self.creator.is_none() {
            self.creator = Some(change.actor);
        }
        self.changes.insert(change.hash, Node { max_op: change.max_op, deps: change.deps.clone() });
        let writer = self.writers.entry(change.actor).or_insert_with(|| Writer {
            seq: 0,
            last: change.hash,
            spans: Vec::new(),
        });
        if change.seq > writer.seq {
            (writer.seq, writer.last) = (change.seq, change.hash);
        }
        writer.spans.push((change.start_op, change.max_op));
    }

    /// Whether nothing has arrived.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether the document has this change.
    #[must_use]
    pub fn has(&self, hash: &ChangeHash) -> bool {
        self.changes.contains_key(hash)
    }

    pub(super) fn creator(&self) -> Option<Actor> {
        self.creator
    }

    pub(super) fn is_full(&self, more_bytes: usize) -> bool {
        self.changes.len() >= limit::CHANGES_MAX
            || self.saved_bytes.saturating_add(more_bytes) > limit::SAVED_BYTES_MAX
    }

    /// What of these is not here.
    pub(super) fn missing(&self, deps: &[ChangeHash]) -> Vec<ChangeHash> {
        deps.iter().filter(|dep| !self.has(dep)).copied().collect()
    }

    pub(super) fn last_seq(&self, actor: &Actor) -> u64 {
        self.writers.get(actor).map_or(0, |writer| writer.seq)
    }

    pub(super) fn start_after(&self, deps: &[ChangeHash]) -> u64 {
        1 + deps.iter().filter_map(|dep| self.changes.get(dep)).map(|node| node.max_op).max().unwrap_or(0)
    }

    pub(super) fn has_op(&self, id: &OpId) -> bool {
        self.writers.get(&id.actor).is_some_and(|writer| {
            writer.spans.iter().any(|(first, last)| (*first..=*last).contains(&id.lamport))
        })
    }

    /// Whether the writer's last change is among the ancestors. Without it two operations could bear one id.
    pub(super) fn follows_own(&self, actor: &Actor, deps: &[ChangeHash]) -> bool {
        let Some(writer) = self.writers.get(actor) else { return true };
        let oldest = self.changes.get(&writer.last).map_or(0, |node| node.max_op);
        let mut seen = BTreeSet::new();
        let mut next: Vec<ChangeHash> = deps.to_vec();
        while let Some(hash) = next.pop() {
            if hash == writer.last {
                return true;
            }
            let Some(node) = self.changes.get(&hash) else { continue };
            if node.max_op > oldest && seen.insert(hash) {
                next.extend(&node.deps);
            }
        }
        false
    }
}
