use super::{Intake, reason};
use crate::{ActError, keyring};
use identity::{LogId, actor};
use records::{DocId, DocKind, wire};
use seal::Seed;
use store::journal::{self, State};
use store::seeds::SeedPlace;
use store::{logs, openings, origin, proofs};
use sync::chain::{self, HeldLog, Stop};
use sync::{Entry, EntryHeader, Form, Opening, Outcome, Reason, SegmentHeader};

/// An entry with its cells spliced back, and the seeds that travelled with it.
struct Spliced {
    entry: Entry,
    seeds: Vec<(u64, Seed)>,
}

impl Intake<'_, '_> {
    pub(super) fn opening(&mut self, opening: Opening) -> Result<Outcome, ActError> {
        let held = openings::get(self.job.tx, &opening.device, &opening.epoch)?;
        match chain::verify_opening(&opening, held.as_ref(), &self.membership) {
            Ok(false) => Ok(Outcome::Durable { seq: 0 }),
            Ok(true) => {
                openings::put(self.job.tx, &opening)?;
                self.note_cut_writer(&opening.device);
                self.holdings.hold_opening(opening.clone());
                self.job.fresh.openings.push(opening);
                Ok(Outcome::Durable { seq: 0 })
            }
            Err(reason) => {
                tracing::warn!(device = ?opening.device, epoch = ?opening.epoch, %reason, "opening refused");
                Ok(Outcome::Refused(reason))
            }
        }
    }

    pub(super) fn segment(
        &mut self,
        header: &SegmentHeader,
        entries: Vec<Entry>,
    ) -> Result<Outcome, ActError> {
        let log = header.log;
        if openings::get(self.job.tx, &log.device, &log.epoch)?.is_none() {
            return Ok(Outcome::Gap { want: 0 });
        }
        let held = logs::begin(self.job.tx, &log)?;
        let judged = self.judge(header, entries, &held)?;
        let (spliced, verified) = match judged {
            Ok(judged) => judged,
            Err(Stop::Duplicate) => return Ok(Outcome::Durable { seq: held.head.seq }),
            Err(Stop::Gap { want }) => return Ok(Outcome::Gap { want }),
            Err(Stop::Fault(reason)) => {
                tracing::warn!(log = ?log, first = header.first, count = header.count, %reason, "segment refused");
                return Ok(Outcome::Refused(reason));
            }
        };
        let mut head = held.head;
        for (each, link) in spliced.into_iter().skip(verified.skip).zip(&verified.links) {
            let doc = each.entry.header.doc;
            head = self.store(&log, each, link)?;
            if log.device == self.job.node.device() {
                // Given back after a restore, or a clone's: as much this box's own as what it writes now.
                origin::note(self.job.tx, &doc, held.index, head.seq)?;
            }
        }
        if !self.job.node.is_centre() {
            let place = journal::Place { log: held.index, seq: head.seq };
            proofs::put(self.job.tx, &place, &header.to_proof())?;
        }
        self.holdings.set_head(head);
        self.job.fresh.heads.push(head);
        self.writers.insert(log.device);
        self.came.insert(log.device);
        self.note_cut_writer(&log.device);
        Ok(Outcome::Durable { seq: head.seq })
    }

    /// Chain faults: everything that can be said without looking into the documents.
    fn judge(
        &self,
        header: &SegmentHeader,
        entries: Vec<Entry>,
        held: &logs::HeldLog,
    ) -> Result<Result<(Vec<Spliced>, chain::Verified), Stop>, ActError> {
        let link_at = |seq| journal::link_at(self.job.tx, held, seq).ok().flatten();
        let held = HeldLog { seq: held.head.seq, link: held.head.link, link_at: &link_at };
        if let Err(stop) = chain::place(header, &held) {
            return Ok(Err(stop));
        }
        let Some(spliced) =
            entries.into_iter().map(|entry| splice(&header.log, entry)).collect::<Option<Vec<_>>>()
        else {
            return Ok(Err(Stop::Fault(Reason::Body)));
        };
        let plain: Vec<Entry> = spliced.iter().map(|each| each.entry.clone()).collect();
        let verified = chain::verify_segment(header, &plain, &held, &self.membership, &self.holdings);
        Ok(verified.map(|verified| (spliced, verified)))
    }

    fn store(
        &mut self,
        log: &LogId,
        each: Spliced,
        link: &identity::Link,
    ) -> Result<identity::Head, ActError> {
        let Spliced { mut entry, seeds } = each;
        let doc = entry.header.doc;
        if crate::cases::is_forgotten(&*self.job.tx, &doc)? {
            // the draft is gone, and its return is refused: the chain needs only its hash
            entry.form = Form::Erased(entry.form.hash());
        }
        let state = self.first_state(log, &entry);
        if state == State::Parked {
            let mut book = keyring::open(self.job.tx, self.job.node.bag(), &doc)?;
            for (person, seed) in &seeds {
                keyring::keep(
                    self.job.tx,
                    &self.job.node,
                    SeedPlace { doc, person: *person },
                    seed,
                    &mut book,
                )?;
            }
            self.touched.insert(doc, entry.header.kind);
        }
        Ok(journal::receive(self.job.tx, log, entry, link, state)?)
    }

    /// Content faults that need no document: kind and voucher. Everything else starts parked and is then tried.
    pub(super) fn first_state(&self, log: &LogId, entry: &Entry) -> State {
        if matches!(entry.form, Form::Erased(_)) {
            return State::Applied;
        }
        if DocKind::from_number(entry.header.kind).is_none() {
            return State::Held { reason: reason::KIND };
        }
        if entry.header.origin.is_some() && !chain::may_vouch(&log.device, &self.membership) {
            return State::Held { reason: reason::VOUCHER };
        }
        State::Parked
    }
}

/// The actor that an entry's log entitles it to; a vouched one's is its origin's.
pub(crate) fn entitled(log: &LogId, header: &EntryHeader) -> [u8; 16] {
    let of = header.origin.map_or(*log, |(origin, _)| origin);
    actor(&of.device, &of.epoch)
}

fn splice(log: &LogId, entry: Entry) -> Option<Spliced> {
    let Entry { header, form } = entry;
    match form {
        Form::Erased(_) => Some(Spliced { entry: Entry { header, form }, seeds: Vec::new() }),
        Form::Body(bytes) => {
            let spliced = wire::splice(DocId(header.doc), &entitled(log, &header), &bytes).ok()?;
            let entry = Entry { header, form: Form::Body(spliced.raw) };
            Some(Spliced { entry, seeds: spliced.seeds })
        }
    }
}
