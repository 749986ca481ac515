//! What peers send, before anything is applied: chain faults stop a log, content faults are kept opaque and listed, and
//! no honest writer is ever stopped by one entry (design: Admission).

mod content;
mod cut;
mod missing;
pub mod reason;
pub(crate) mod receipt;
mod register;
pub(crate) mod segment;
#[cfg(test)]
mod tests;
mod waiting;

pub use waiting::{WaitingCount, WaitingLine};

use crate::commit::Job;
use crate::{ActError, Node};
use identity::{DeviceId, Membership};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::engine::EngineError;
use sync::{Arrival, Holdings, Outcome, Reason};
use waiting::Load;

/// One batch on its way in.
pub(crate) struct Intake<'j, 't> {
    pub(crate) job: &'j mut Job<'t>,
    pub(crate) membership: Arc<Membership>,
    /// What will be held if this batch is committed.
    pub(crate) holdings: Holdings,
    /// Documents with entries that may now be applicable.
    pub(crate) touched: BTreeMap<[u8; 16], u8>,
    /// Writers whose entries came: the centre owes them a receipt.
    pub(crate) writers: BTreeSet<DeviceId>,
    /// Writers whose segments are turned away: too much of theirs waits.
    stopped: BTreeSet<DeviceId>,
    /// Writers of whom this batch brought entries.
    came: BTreeSet<DeviceId>,
    /// Cut writers whose entries must be judged again.
    recut: BTreeSet<DeviceId>,
    /// Drafts that their boxes say are gone.
    orders: Vec<crate::cases::Order>,
    /// What waited of each writer before this batch.
    waited: BTreeMap<DeviceId, Load>,
}

/// Why a batch was not stored.
enum Halt {
    /// It would leave more waiting of these writers than they may have waiting.
    OverQuota(BTreeSet<DeviceId>),
    /// The disk said no, or something on it cannot be read.
    Act(ActError),
}

impl From<ActError> for Halt {
    fn from(error: ActError) -> Self {
        Self::Act(error)
    }
}

impl From<EngineError> for Halt {
    fn from(error: EngineError) -> Self {
        Self::Act(error.into())
    }
}

impl Node {
    /// Judges and stores a batch in one commit. One outcome per arrival; `Durable` is on disk when this returns.
    #[must_use]
    pub fn admit(&self, peer: &DeviceId, arrivals: Vec<Arrival>) -> Vec<Outcome> {
        // One batch at a time: receipts are computed from what is held, and holdings are told after the commit.
        let _one = self.one_admission_at_a_time();
        let count = arrivals.len();
        let mut stopped = BTreeSet::new();
        loop {
            match self.try_admit(arrivals.clone(), stopped.clone()) {
                Ok(outcomes) => return outcomes,
                // Each round turns away one writer more; without its segments nothing more of it can wait.
                Err(Halt::OverQuota(writers)) if !writers.is_subset(&stopped) => stopped.extend(writers),
                Err(Halt::OverQuota(_)) => break,
                Err(Halt::Act(error)) => {
                    tracing::error!(?peer, %error, "nothing of a batch was stored");
                    break;
                }
            }
        }
        vec![Outcome::Refused(Reason::Full); count]
    }

    fn try_admit(&self, arrivals: Vec<Arrival>, stopped: BTreeSet<DeviceId>) -> Result<Vec<Outcome>, Halt> {
        self.commit_or(move |job| {
            let mut intake = Intake::new(job)?;
            intake.stopped = stopped;
            let outcomes =
                arrivals.into_iter().map(|arrival| intake.take(arrival)).collect::<Result<Vec<_>, _>>()?;
            intake.keep_cuts()?;
            intake.apply()?;
            intake.keep_quota()?;
            intake.receipts()?;
            Ok(outcomes)
        })
    }
}

impl<'j, 't> Intake<'j, 't> {
    fn new(job: &'j mut Job<'t>) -> Result<Self, ActError> {
        Ok(Self {
            membership: job.node.membership(),
            holdings: Holdings::clone(&job.node.holdings()),
            waited: waiting::loads(&*job.tx)?,
            touched: BTreeMap::new(),
            writers: BTreeSet::new(),
            stopped: BTreeSet::new(),
            came: BTreeSet::new(),
            recut: BTreeSet::new(),
            orders: Vec::new(),
            job,
        })
    }
}

impl Intake<'_, '_> {
    fn take(&mut self, arrival: Arrival) -> Result<Outcome, ActError> {
        match arrival {
            Arrival::Opening(opening) => self.opening(opening),
            Arrival::Segment { segment, .. } if self.stopped.contains(&segment.header.log.device) => {
                Ok(self.turn_away(&segment.header))
            }
            Arrival::Segment { segment, entries } => self.segment(&segment.header, entries),
            Arrival::Register(register) => self.register(&register),
        }
    }
}
