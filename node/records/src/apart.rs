//! What stood before people wrote apart, and which change an operation is of: asked when a person is to rule, of one
//! document.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ChangeHash, ReadDoc as _};
use model::record::{Candidate, OpId};

use crate::{Document, Seeds, read};

/// A change as the search walks it.
struct Made {
    actor: Vec<u8>,
    first: u64,
    last: u64,
    deps: Vec<ChangeHash>,
}

/// The changes of a document by hash.
struct Changes(BTreeMap<[u8; 32], Made>);

impl Changes {
    fn of(document: &Document) -> Self {
        let made = document.automerge.get_changes_meta(&[]).into_iter().map(|meta| {
            let made = Made {
                actor: meta.actor.to_bytes().to_vec(),
                first: meta.start_op,
                last: meta.max_op,
                deps: meta.deps.clone(),
            };
            (meta.hash.0, made)
        });
        Self(made.collect())
    }

    fn holding(&self, op: OpId) -> Option<[u8; 32]> {
        let holds = |made: &Made| made.actor == op.actor && (made.first..=made.last).contains(&op.lamport);
        self.0.iter().find(|(_, made)| holds(made)).map(|(hash, _)| *hash)
    }

    /// Everything a change follows, however far back.
    fn before(&self, hash: [u8; 32]) -> BTreeSet<[u8; 32]> {
        let mut seen = BTreeSet::new();
        let mut open = vec![hash];
        while let Some(made) = open.pop().and_then(|hash| self.0.get(&hash)) {
            open.extend(made.deps.iter().map(|dep| dep.0).filter(|dep| seen.insert(*dep)));
        }
        seen
    }
}

/// What stood for a fact or cell when the last of it was known to all who then wrote `apart`: empty when nothing did.
/// None where it can't be told: an operation is not in this document.
#[must_use]
pub fn before(document: &Document, seeds: &dyn Seeds, name: &str, apart: &[OpId]) -> Option<Vec<Candidate>> {
    let roots = document.roots.as_ref()?;
    let changes = Changes::of(document);
    let mut shared: Option<BTreeSet<[u8; 32]>> = None;
    for op in apart {
        let known = changes.before(changes.holding(*op)?);
        shared = Some(match shared {
            Some(shared) => &shared & &known,
            None => known,
        });
    }
    let shared = shared.filter(|shared| !shared.is_empty())?;
    let followed: BTreeSet<[u8; 32]> = shared
        .iter()
        .filter_map(|hash| changes.0.get(hash))
        .flat_map(|made| made.deps.iter().map(|dep| dep.0))
        .collect();
    let heads: Vec<ChangeHash> = shared.difference(&followed).map(|hash| ChangeHash(*hash)).collect();
    Some(read::at(document, roots, seeds, name, &heads))
}

/// The raw change that made an operation, as it stands in the journal.
#[must_use]
pub fn change_of(document: &Document, op: OpId) -> Option<Vec<u8>> {
    let hash = Changes::of(document).holding(op)?;
    Some(document.automerge.get_change_by_hash(&ChangeHash(hash))?.raw_bytes().to_vec())
}
