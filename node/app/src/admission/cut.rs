//! A cut that comes late: entries of a stolen box that were taken before the list said where its word ends. They stay in
//! the journal, held, as evidence; their documents are made anew from everything else. A later list that raises the
//! cut lets them count again.

use super::{Intake, reason};
use crate::commit::Job;
use crate::{ActError, Node, views};
use identity::{DeviceId, LogId, Membership};
use records::{DocId, DocKind};
use std::collections::{BTreeMap, BTreeSet};
use store::engine::ReadTx;
use store::journal::{self, Place, State, StoredEntry};
use store::logs::HeldLog;
use store::{documents, logs, tags, waiting};
use sync::{EntryHeader, Form, Holdings, Scope};

const CUT: State = State::Held { reason: reason::CUT };

/// Entries that the list judges otherwise than the journal says.
#[derive(Default)]
struct Again {
    /// Beyond the cut, and not held for it yet.
    beyond: Vec<(Place, EntryHeader)>,
    /// Held for a cut that has been raised, or whose openings had not come.
    back: Vec<(Place, EntryHeader)>,
}

impl Again {
    fn of<R: ReadTx + ?Sized>(
        tx: &R,
        holdings: &Holdings,
        membership: &Membership,
        device: &DeviceId,
    ) -> Result<Self, ActError> {
        let tops = holdings.heads_in(&Scope::WrittenBy(*device), membership);
        let mut again = Self::default();
        let mut accepted: BTreeMap<logs::LogIndex, u64> = BTreeMap::new();
        for head in holdings.heads().filter(|head| head.log.device == *device) {
            let Some(held) = logs::get(tx, &head.log)? else { continue };
            let top = tops.get(&head.log).map_or(0, |top| top.seq);
            let top = accepted_up_to(tx, holdings, membership, &held, top)?;
            accepted.insert(held.index, top);
            let beyond = journal::read(tx, held.index, top + 1, usize::MAX, usize::MAX)?;
            for (stored, seq) in beyond.into_iter().zip(top + 1..) {
                if stored.state != CUT && matches!(stored.entry.form, Form::Body(_)) {
                    again.beyond.push((Place { log: held.index, seq }, stored.entry.header));
                }
            }
        }
        for waits in waiting::all(tx)?.into_iter().filter(|waits| waits.state == CUT) {
            let counts = accepted.get(&waits.place.log).is_some_and(|top| waits.place.seq <= *top);
            if let (true, Some(stored)) = (counts, journal::get(tx, &waits.place)?) {
                again.back.push((waits.place, stored.entry.header));
            }
        }
        Ok(again)
    }

    fn is_empty(&self) -> bool {
        self.beyond.is_empty() && self.back.is_empty()
    }
}

/// The last entry of a log that counts: the cut's head, unless another link stands there.
fn accepted_up_to<R: ReadTx + ?Sized>(
    tx: &R,
    holdings: &Holdings,
    membership: &Membership,
    held: &HeldLog,
    top: u64,
) -> Result<u64, ActError> {
    let Some(link) = journal::link_at(tx, held, top)?.filter(|_| top > 0) else { return Ok(0) };
    let counts = membership.accepts_with(&held.head.log, top, &link, holdings).is_ok();
    Ok(if counts { top } else { top - 1 })
}

/// The devices that a list cuts, but for this box: a list that cuts it by mistake must not undo its own clerks' work.
fn cut_devices<'m>(membership: &'m Membership, own: DeviceId) -> impl Iterator<Item = DeviceId> + 'm {
    membership.list().roster.cuts.iter().map(|cut| cut.device).filter(move |device| *device != own)
}

impl Intake<'_, '_> {
    /// The cuts that a list brings or changes are to be looked at.
    pub(super) fn note_cuts(&mut self, newer: &Membership) {
        let changed = cut_devices(newer, self.job.node.device())
            .filter(|device| newer.cut(device) != self.membership.cut(device));
        self.recut.extend(changed);
    }

    /// Something of a cut writer came: more of what is here may count, or less.
    pub(super) fn note_cut_writer(&mut self, device: &DeviceId) {
        if self.membership.cut(device).is_some() && *device != self.job.node.device() {
            self.recut.insert(*device);
        }
    }

    /// Takes what lies beyond a cut out of its documents, and puts back what counts after all.
    pub(super) fn keep_cuts(&mut self) -> Result<(), ActError> {
        let mut docs: BTreeMap<[u8; 16], u8> = BTreeMap::new();
        for device in std::mem::take(&mut self.recut) {
            let again = Again::of(&*self.job.tx, &self.holdings, &self.membership, &device)?;
            for (place, _) in &again.beyond {
                journal::set_state(self.job.tx, place, CUT)?;
            }
            for (place, _) in &again.back {
                journal::set_state(self.job.tx, place, State::Parked)?;
            }
            let all = again.beyond.iter().chain(&again.back);
            docs.extend(all.map(|(_, header)| (header.doc, header.kind)));
        }
        for (doc, kind) in docs {
            self.rebuild(doc, kind)?;
        }
        Ok(())
    }

    /// Undoes a document: everything of it but what is beyond a cut waits again, and is tried with this batch.
    fn rebuild(&mut self, doc: [u8; 16], kind: u8) -> Result<(), ActError> {
        let kind = documents::get(self.job.tx, &doc)?.map_or(kind, |stored| stored.kind);
        for place in journal::of_doc(self.job.tx, &doc)? {
            let Some(stored) = journal::get(self.job.tx, &place)? else { continue };
            let log = logs::named(self.job.tx, place.log)?;
            self.writers.insert(log.device);
            if let Some(state) = self.anew(&log, &stored) {
                journal::set_state(self.job.tx, &place, state)?;
            }
        }
        documents::remove(self.job.tx, &doc)?;
        let group = views::twins::leave(self.job.tx, &doc)?;
        views::remove(self.job.tx, &doc)?;
        if let Some(group) = group {
            views::twins::recount(self.job, &group, None)?;
        }
        tags::remove_of(self.job.tx, &doc)?;
        self.job.fresh.reference |=
            !matches!(DocKind::from_number(kind), Some(DocKind::Case | DocKind::Matter | DocKind::Erasure));
        self.touched.insert(doc, kind);
        tracing::warn!(doc = ?DocId(doc), "a cut changed what counts: the document is made anew");
        Ok(())
    }

    /// What an entry is before its document is tried again; none where that does not change.
    fn anew(&self, log: &LogId, stored: &StoredEntry) -> Option<State> {
        let body = matches!(stored.entry.form, Form::Body(_));
        (body && stored.state != CUT).then(|| self.first_state(log, &stored.entry))
    }
}

impl Node {
    /// Keeps the cuts of the list this box starts with: it may be newer than the one its documents were made under.
    ///
    /// # Errors
    /// When the disk says no.
    pub(crate) fn keep_cuts(&self) -> Result<(), ActError> {
        let (membership, holdings) = (self.membership(), self.holdings());
        let tx = self.engine().read()?;
        let mut recut = BTreeSet::new();
        for device in cut_devices(&membership, self.device()) {
            if !Again::of(&*tx, &holdings, &membership, &device)?.is_empty() {
                recut.insert(device);
            }
        }
        drop(tx);
        if recut.is_empty() {
            return Ok(());
        }
        let _one = self.one_admission_at_a_time();
        self.commit(move |job: &mut Job<'_>| {
            let mut intake = Intake::new(job)?;
            intake.recut = recut;
            intake.keep_cuts()?;
            intake.apply()?;
            intake.receipts()
        })
    }
}
