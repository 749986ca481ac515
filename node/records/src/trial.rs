//! Taking up what peers send: guard, then a trial copy that is saved and loaded again, then only the new bytes. One
//! trial per document and batch.

use std::fmt;

use model::record::Record;

use crate::document::{caught, find_roots};
use crate::guard::{self, ContentFault, DocState, Verdict};
use crate::read::read;
use crate::{Actor, ChangeHash, DocRef, Document, LoadFault, Seeds, chunk, limit};

/// A change of a peer, with the actor that its log entitles it to.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// The raw change.
    pub raw: &'a [u8],
    /// The actor of the log that it came in (device and epoch).
    pub actor: Actor,
}

/// What became of one incoming change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the new bytes.
    Applied(ChangeHash),
    /// The document had it.
    Duplicate(ChangeHash),
    /// It waits for these changes.
    Parked(Vec<ChangeHash>),
    /// It must not be applied.
    Refused(ContentFault),
}

/// A document that was saved and has been loaded again.
#[derive(Clone)]
pub struct Tried {
    /// The bytes to store.
    pub saved: Vec<u8>,
    /// The document loaded from them.
    pub document: Document,
    /// What it says.
    pub record: Record,
    /// Its heads, sorted.
    pub heads: Vec<ChangeHash>,
}

impl fmt::Debug for Tried {
    /// The record is opened: nothing of it is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tried").field("document", &self.document).finish_non_exhaustive()
    }
}

/// What became of a batch.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// One for each incoming change, in its order.
    pub outcomes: Vec<Outcome>,
    /// The new document; none when nothing was applied.
    pub tried: Option<Tried>,
}

/// Whether the guard stands before the trial. Without it only tests and simulations run, to show that they would
/// notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// As it must be.
    Guarded,
    /// A planted fault: whatever parses is applied and saved without a trial.
    Reckless,
}

/// Whether a raw change makes its document: it follows no other. A change that can't be read makes none.
#[must_use]
pub fn creates(raw: &[u8]) -> bool {
    chunk::parse(raw).is_ok_and(|chunk| chunk.deps.is_empty())
}

/// [`admit_folding`] where nothing is folded.
///
/// # Errors
/// As [`admit_folding`].
pub fn admit(
    at: DocRef,
    saved: Option<&[u8]>,
    batch: &[Incoming<'_>],
    seeds: &dyn Seeds,
    policy: Policy,
) -> Result<Admitted, LoadFault> {
    admit_folding(at, saved, batch, seeds, &|_| (), policy)
}

/// Judges a batch for one document and applies what may be applied. Order within the batch doesn't matter.
/// `fold` is what the caller will do with the record later: should it panic on what a change says, that change is
/// refused here, before it is stored, instead of at every start.
///
/// # Errors
/// [`LoadFault`]: the stored document itself is damaged; nothing can be said about the batch.
pub fn admit_folding(
    at: DocRef,
    saved: Option<&[u8]>,
    batch: &[Incoming<'_>],
    seeds: &dyn Seeds,
    fold: &dyn Fn(&Record),
    policy: Policy,
) -> Result<Admitted, LoadFault> {
    let document = saved.map_or_else(|| Ok(Document::create(at)), |saved| Document::load(at, saved))?;
    if policy == Policy::Reckless {
        return Ok(reckless(&document, batch, seeds));
    }
    let state = DocState::of(&document);
    let mut outcomes = judge(state.clone(), batch);
    let wanted = chosen(&outcomes, batch);
    if wanted.is_empty() {
        return Ok(Admitted { outcomes, tried: None });
    }
    if let Ok(tried) = apply(&document, &wanted, seeds, fold) {
        return Ok(Admitted { outcomes, tried: Some(tried) });
    }
    // One of them slipped through the guard: find it by itself, and let the others in.
    let tried = one_by_one(
        document,
        state,
        batch,
        &|document, raw| apply(document, &[raw], seeds, fold),
        &mut outcomes,
    );
    Ok(Admitted { outcomes, tried })
}

/// The guard's word on each, going round until no parked change has found what it waits for.
fn judge(mut state: DocState, batch: &[Incoming<'_>]) -> Vec<Outcome> {
    let mut outcomes = vec![Outcome::Parked(Vec::new()); batch.len()];
    loop {
        let mut moved = false;
        for (outcome, incoming) in outcomes.iter_mut().zip(batch) {
            let Outcome::Parked(missing) = outcome else { continue };
            if missing.iter().any(|hash| !state.has(hash)) {
                continue; // still: so a batch turned upside down costs no second reading
            }
            *outcome = match guard::check(&state, incoming.raw, &incoming.actor) {
                Ok(Verdict::Apply(checked)) => {
                    state.enter(&checked);
                    moved = true;
                    Outcome::Applied(checked.hash)
                }
                Ok(Verdict::Duplicate(hash)) => Outcome::Duplicate(hash),
                Ok(Verdict::Missing(missing)) => Outcome::Parked(missing),
                Err(fault) => Outcome::Refused(fault),
            };
        }
        if !moved {
            return outcomes;
        }
    }
}

fn chosen<'a>(outcomes: &[Outcome], batch: &[Incoming<'a>]) -> Vec<&'a [u8]> {
    let applied = outcomes.iter().zip(batch).filter(|(outcome, _)| matches!(outcome, Outcome::Applied(_)));
    applied.map(|(_, incoming)| incoming.raw).collect()
}

/// [`apply`] for one change, with the caller's seeds and fold.
type Apply<'a> = dyn Fn(&Document, &[u8]) -> Result<Tried, ContentFault> + 'a;

fn one_by_one(
    mut document: Document,
    mut state: DocState,
    batch: &[Incoming<'_>],
    apply: &Apply<'_>,
    outcomes: &mut [Outcome],
) -> Option<Tried> {
    let mut last = None;
    let mut again = true;
    outcomes.fill(Outcome::Parked(Vec::new())); // what was refused may have been honest, beside a forged one
    while again {
        again = false;
        for (outcome, incoming) in outcomes.iter_mut().zip(batch) {
            if !matches!(outcome, Outcome::Parked(_)) {
                continue;
            }
            *outcome = match guard::check(&state, incoming.raw, &incoming.actor) {
                Ok(Verdict::Duplicate(hash)) => Outcome::Duplicate(hash),
                Ok(Verdict::Missing(missing)) => Outcome::Parked(missing),
                Err(fault) => Outcome::Refused(fault),
                Ok(Verdict::Apply(checked)) => match apply(&document, incoming.raw) {
                    Err(fault) => Outcome::Refused(fault),
                    Ok(tried) => {
                        again = true;
                        document = tried.document.clone();
                        state.enter(&checked);
                        last = Some(tried);
                        Outcome::Applied(checked.hash)
                    }
                },
            };
        }
    }
    last
}

/// Applies guarded changes to a copy, saves it, loads it again, reads and folds it. The document given is not touched.
///
/// # Errors
/// [`ContentFault::Trial`] when any step fails or panics, or the copy comes back different;
/// [`ContentFault::Full`] when it has grown over its limit.
pub fn apply(
    document: &Document,
    raws: &[&[u8]],
    seeds: &dyn Seeds,
    fold: &dyn Fn(&Record),
) -> Result<Tried, ContentFault> {
    caught(|| {
        let tried = attempt(document, raws, seeds)?;
        fold(&tried.record);
        Ok(tried)
    })
    .unwrap_or_else(|panic| Err(trial(panic)))
}

fn attempt(document: &Document, raws: &[&[u8]], seeds: &dyn Seeds) -> Result<Tried, ContentFault> {
    let mut copy = document.clone();
    take_up(&mut copy, raws)?;
    let saved = copy.save();
    if saved.len() > limit::SAVED_BYTES_MAX {
        return Err(ContentFault::Full);
    }
    let reloaded = Document::load(copy.at, &saved).map_err(trial)?;
    let heads = copy.heads();
    if reloaded.heads() != heads {
        return Err(ContentFault::Trial("other heads after loading".to_owned()));
    }
    let record = read(&reloaded, seeds);
    Ok(Tried { saved, document: reloaded, record, heads })
}

fn take_up(document: &mut Document, raws: &[&[u8]]) -> Result<(), ContentFault> {
    let changes = raws
        .iter()
        .map(|raw| automerge::Change::from_bytes(raw.to_vec()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(trial)?;
    let hashes: Vec<_> = changes.iter().map(automerge::Change::hash).collect();
    document.automerge.apply_changes(changes).map_err(trial)?;
    if hashes.iter().any(|hash| document.automerge.get_change_meta_by_hash(hash).is_none()) {
        return Err(ContentFault::Trial("a change was left in the queue".to_owned()));
    }
    document.roots = find_roots(&document.automerge);
    if document.roots.is_some() { Ok(()) } else { Err(ContentFault::Trial("no root".to_owned())) }
}

/// Automerge's own words, cut short: they go into lists that people read.
fn trial(fault: impl ToString) -> ContentFault {
    ContentFault::Trial(fault.to_string().chars().take(120).collect())
}

/// What would happen without guard and trial.
fn reckless(document: &Document, batch: &[Incoming<'_>], seeds: &dyn Seeds) -> Admitted {
    let mut copy = document.clone();
    let mut outcomes = Vec::new();
    for incoming in batch {
        let taken = caught(|| {
            let mut next = copy.clone();
            let change = automerge::Change::from_bytes(incoming.raw.to_vec()).map_err(trial)?;
            let hash = change.hash().0;
            next.automerge.apply_changes([change]).map_err(trial)?;
            next.roots = find_roots(&next.automerge);
            Ok((next, hash))
        });
        outcomes.push(match taken.unwrap_or_else(|panic| Err(trial(panic))) {
            Ok((next, hash)) => {
                copy = next;
                Outcome::Applied(hash)
            }
            Err(fault) => Outcome::Refused(fault),
        });
    }
    let tried = caught(|| {
        let saved = copy.save();
        Tried { saved, record: read(&copy, seeds), heads: copy.heads(), document: copy.clone() }
    });
    Admitted { outcomes, tried: tried.ok() }
}
