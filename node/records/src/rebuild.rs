//! A document from its journal entries alone, for a ruling on a fork or a repair.

use crate::guard::ContentFault;
use crate::trial::{Incoming, Outcome, Policy, Tried, admit};
use crate::{ChangeHash, DocRef, Seeds, chunk};

/// What came of rebuilding.
#[derive(Debug, Clone)]
pub struct Rebuilt {
    /// The document; none when not even its creation was among the changes.
    pub tried: Option<Tried>,
    /// Changes that follow one that is not there (a fork's losing part), with their place in the input.
    pub orphans: Vec<(usize, Vec<ChangeHash>)>,
    /// Changes that break a rule, with their place in the input.
    pub refused: Vec<(usize, ContentFault)>,
}

/// Builds a document from raw changes in any order, guarded and tried like new ones. The changes were admitted under
/// their actors once, so each is taken as its actor's own.
#[must_use]
pub fn rebuild(at: DocRef, raws: &[&[u8]], seeds: &dyn Seeds) -> Rebuilt {
    let batch: Vec<_> = raws
        .iter()
        .map(|raw| Incoming { raw, actor: chunk::parse(raw).map(|chunk| chunk.actor).unwrap_or_default() })
        .collect();
    let mut rebuilt = Rebuilt { tried: None, orphans: Vec::new(), refused: Vec::new() };
    let Ok(admitted) = admit(at, None, &batch, seeds, Policy::Guarded) else { return rebuilt };
    rebuilt.tried = admitted.tried;
    for (index, outcome) in admitted.outcomes.into_iter().enumerate() {
        match outcome {
            Outcome::Applied(_) | Outcome::Duplicate(_) => {}
            Outcome::Parked(missing) => rebuilt.orphans.push((index, missing)),
            Outcome::Refused(fault) => rebuilt.refused.push((index, fault)),
        }
    }
    rebuilt
}
