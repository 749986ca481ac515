//! Every rule that a change must keep before Automerge sees it (docs/formats/document.md). Automerge itself checks
//! none of them: it accepts a forged actor, panics on a gap in `seq`, and a `start_op` too low makes a document that
//! never loads again.
//!
//! Invariant: nothing here panics or reserves memory on the word of a stranger's bytes.

mod shape;
mod state;

pub use state::DocState;

use crate::chunk::{self, Chunk, Key};
use crate::document::caught;
use crate::{Actor, ChangeHash, limit};

/// What is wrong with the content of an entry. The writer's log goes on; this entry is kept, counted and not applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentFault {
    /// It can't be read as a raw change.
    #[error("malformed change: {0}")]
    Malformed(&'static str),
    /// It is a chunk of another kind: compressed, a whole document, a bundle.
    #[error("not a raw change")]
    NotARawChange,
    /// The checksum doesn't fit the bytes.
    #[error("wrong checksum")]
    Checksum,
    /// Over [`limit::RAW_BYTES_MAX`].
    #[error("over the size of a change")]
    TooLarge,
    /// Over [`limit::OPS_MAX`] or [`limit::PREDS_MAX`].
    #[error("too many operations")]
    TooManyOps,
    /// A counter that no honest document reaches.
    #[error("a counter out of range")]
    CounterOutOfRange,
    /// The actor is not the writer's.
    #[error("made under another's actor")]
    OtherActor,
    /// `seq` is taken, or leaves a gap.
    #[error("seq {found} where {expected} is next")]
    Seq {
        /// What it says.
        found: u64,
        /// What it must say.
        expected: u64,
    },
    /// `start_op` is not 1 + the largest counter that it follows.
    #[error("start_op {found} where {expected} is next")]
    StartOp {
        /// What it says.
        found: u64,
        /// What it must say.
        expected: u64,
    },
    /// It doesn't follow the writer's own last change.
    #[error("does not follow its own last change")]
    LeavesOwn,
    /// Against docs/formats/document.md.
    #[error("not allowed in a document: {0}")]
    Shape(&'static str),
    /// It names an operation that the document doesn't have.
    #[error("names an operation that is not there")]
    UnknownOp,
    /// The document is full.
    #[error("the document is full")]
    Full,
    /// It kept every rule, yet Automerge could not take it up or could not load it again.
    #[error("fails in a trial: {0}")]
    Trial(String),
}

impl ContentFault {
    /// The number for receipts and lists; never reused for something else.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Malformed(_) => 1,
            Self::NotARawChange => 2,
            Self::Checksum => 3,
            Self::TooLarge => 4,
            Self::TooManyOps => 5,
            Self::CounterOutOfRange => 6,
            Self::OtherActor => 7,
            Self::Seq { .. } => 8,
            Self::StartOp { .. } => 9,
            Self::LeavesOwn => 10,
            Self::Shape(_) => 11,
            Self::UnknownOp => 12,
            Self::Full => 13,
            Self::Trial(_) => 14,
        }
    }
}

/// What to do with a change that breaks no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may be applied, after those before it.
    Apply(Checked),
    /// The document has it.
    Duplicate(ChangeHash),
    /// It follows changes that are not here yet: keep it and try again when they come.
    Missing(Vec<ChangeHash>),
}

/// What the guard read from a change that it lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its hash.
    pub hash: ChangeHash,
    /// Its writer.
    pub actor: Actor,
    /// Its number among the writer's changes in this document.
    pub seq: u64,
    /// The counter of its first operation.
    pub start_op: u64,
    /// The counter of its last operation.
    pub max_op: u64,
    /// What it follows.
    pub deps: Vec<ChangeHash>,
}

/// Judges one raw change of the writer behind `actor` against a document.
///
/// # Errors
/// [`ContentFault`]: it must not be applied, now or later.
pub fn check(state: &DocState, raw: &[u8], actor: &Actor) -> Result<Verdict, ContentFault> {
    caught(|| judge(state, raw, actor)).unwrap_or(Err(ContentFault::Malformed("reading it panicked")))
}

fn judge(state: &DocState, raw: &[u8], actor: &Actor) -> Result<Verdict, ContentFault> {
    let chunk = chunk::parse(raw)?;
    if state.has(&chunk.hash) {
        return Ok(Verdict::Duplicate(chunk.hash));
    }
    if chunk.actor != *actor {
        return Err(ContentFault::OtherActor);
    }
    if chunk.max_op() > limit::COUNTER_MAX {
        return Err(ContentFault::CounterOutOfRange);
    }
    if state.is_full(raw.len()) {
        return Err(ContentFault::Full);
    }
    let creates = shape::creates(&chunk)?;
    if creates {
        if !state.is_new() {
            return Err(ContentFault::Shape("a second maker of the root objects"));
        }
    } else {
        let missing = state.missing(&chunk.deps);
        if !missing.is_empty() {
            return Ok(Verdict::Missing(missing));
        }
    }
    shape::check(&chunk, state.creator().unwrap_or(chunk.actor), creates)?;
    check_line(state, &chunk)?;
    check_named(state, &chunk)?;
    let max_op = chunk.max_op();
    let Chunk { hash, deps, actor, seq, start_op, .. } = chunk;
    Ok(Verdict::Apply(Checked { hash, actor, seq, start_op, max_op, deps }))
}

/// `seq` and `start_op` follow from the history; they are not the writer's to choose.
fn check_line(state: &DocState, chunk: &Chunk<'_>) -> Result<(), ContentFault> {
    let expected = state.last_seq(&chunk.actor) + 1;
    if chunk.seq != expected {
        return Err(ContentFault::Seq { found: chunk.seq, expected });
    }
    let mut sorted = chunk.deps.clone();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() != chunk.deps.len() {
        return Err(ContentFault::Shape("a dependency twice"));
    }
    let expected = state.start_after(&chunk.deps);
    if chunk.start_op != expected {
        return Err(ContentFault::StartOp { found: chunk.start_op, expected });
    }
    if state.follows_own(&chunk.actor, &chunk.deps) { Ok(()) } else { Err(ContentFault::LeavesOwn) }
}

/// Superseded values and list neighbours must exist, and be older.
fn check_named(state: &DocState, chunk: &Chunk<'_>) -> Result<(), ContentFault> {
    for (op, counter) in chunk.ops.iter().zip(chunk.start_op..) {
        let known = op.preds.iter().all(|pred| pred.lamport < chunk.start_op && state.has_op(pred));
        let neighbour = match &op.key {
            Key::Name(_) | Key::Head => true,
            Key::After(id) if id.actor == chunk.actor && id.lamport >= chunk.start_op => id.lamport < counter,
            Key::After(id) => id.lamport < chunk.start_op && state.has_op(id),
        };
        if !known || !neighbour {
            return Err(ContentFault::UnknownOp);
        }
    }
    Ok(())
}
