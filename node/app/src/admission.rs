//! What peers send, before anything is applied: chain faults stop a log, content faults are kept opaque and listed, and
//! no honest writer is ever stopped by one entry (design: Admission).

mod content;
mod receipt;
mod register;
mod segment;

use crate::commit::Job;
use crate::{ActError, Node};
use identity::{DeviceId, Membership};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use sync::{Arrival, Holdings, Outcome, Reason};

/// Reasons of content faults above those of `records::guard`, as receipts and pages name them.
pub mod reason {
    /// The kind of document is unknown to this version.
    pub const KIND: u8 = 200;
    /// The writer's role may not write this kind of document.
    pub const ROLE: u8 = 201;
    /// The case belongs to another station.
    pub const OWNER: u8 = 202;
    /// Only the centre may hand on another's change.
    pub const VOUCHER: u8 = 203;
    /// The document itself is damaged on this box.
    pub const DOCUMENT: u8 = 204;
}

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
}

impl Node {
    /// Judges and stores a batch in one commit. One outcome per arrival; `Durable` is on disk when this returns.
    #[must_use]
    pub fn admit(&self, peer: &DeviceId, arrivals: Vec<Arrival>) -> Vec<Outcome> {
        // One batch at a time: receipts are computed from what is held, and holdings are told after the commit.
        let _one = self.one_admission_at_a_time();
        let count = arrivals.len();
        let peer = *peer;
        let admitted = self.commit(move |job| {
            let membership = job.node.membership();
            let holdings = Holdings::clone(&job.node.holdings());
            let mut intake =
                Intake { job, membership, holdings, touched: BTreeMap::new(), writers: BTreeSet::new() };
            let outcomes =
                arrivals.into_iter().map(|arrival| intake.take(arrival)).collect::<Result<Vec<_>, _>>()?;
            intake.apply()?;
            intake.receipts()?;
            Ok(outcomes)
        });
        admitted.unwrap_or_else(|error| {
            tracing::error!(peer = ?peer, %error, "nothing of a batch was stored");
            vec![Outcome::Refused(Reason::Full); count]
        })
    }
}

impl Intake<'_, '_> {
    fn take(&mut self, arrival: Arrival) -> Result<Outcome, ActError> {
        match arrival {
            Arrival::Opening(opening) => self.opening(opening),
            Arrival::Segment { segment, entries } => self.segment(&segment.header, entries),
            Arrival::Register(register) => self.register(&register),
        }
    }
}
