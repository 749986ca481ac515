use super::segment::entitled;
use super::{Intake, reason};
use crate::cases::{CaseId, Order, is_shared_draft};
use crate::matters::MatterId;
use crate::views::{self, lacking, shared};
use crate::{ActError, keyring};
use identity::{DeviceId, Lane, Role, StationNo};
use model::case::Case;
use model::matter::Matter;
use model::record::Record;
use records::trial::{self, Incoming, Outcome as Tried};
use records::{DocId, DocKind, DocRef, Document};
use std::collections::BTreeSet;
use store::documents::{self, StoredDocument};
use store::journal::{self, Place, State};
use store::{logs, waiting};
use sync::Form;

/// An entry that waits for its document.
struct Candidate {
    /// Whose log it is in.
    device: DeviceId,
    place: Place,
    raw: Vec<u8>,
    actor: [u8; 16],
    role: Role,
    station: StationNo,
    /// The centre hands it on: it has judged whether its writer may write here.
    vouched: bool,
}

impl Intake<'_, '_> {
    /// Tries every document that this batch touched.
    pub(super) fn apply(&mut self) -> Result<(), ActError> {
        for (doc, kind) in std::mem::take(&mut self.touched) {
            if let Some(kind) = DocKind::from_number(kind) {
                self.apply_document(DocRef { id: DocId(doc), kind })?;
            }
        }
        // last: what a draft became must be here before the draft goes
        for order in std::mem::take(&mut self.orders) {
            self.job.obey(&order)?;
        }
        Ok(())
    }

    fn apply_document(&mut self, at: DocRef) -> Result<(), ActError> {
        // What is applied may name further stations that take part, whose changes waited for that.
        loop {
            let candidates = self.candidates(at)?;
            let stored = documents::get(self.job.tx, &at.id.0)?;
            let before = self.parties(at, stored.as_ref())?;
            let Some(stored) = stored else {
                if self.first_batch(at, candidates)? && self.parties_grew(at, &before)? {
                    continue;
                }
                return Ok(());
            };
            if stored.kind != at.kind.number() {
                return self.hold(&candidates, reason::KIND);
            }
            let owner = views::owner(self.job.tx, &at.id.0)?;
            let (allowed, strangers) = split(candidates, &before);
            let applied = self.try_batch(at, Some(&stored), &allowed, owner)?;
            if !(applied && self.parties_grew(at, &before)?) {
                return self.hold(&strangers, reason::OWNER);
            }
        }
    }

    /// Nobody owns it yet: whoever's change makes the document does.
    fn first_batch(&mut self, at: DocRef, mut candidates: Vec<Candidate>) -> Result<bool, ActError> {
        let makers = candidates.iter().filter(|candidate| trial::creates(&candidate.raw));
        let mut authors: Vec<StationNo> = makers.map(|candidate| candidate.station).collect();
        let others: BTreeSet<StationNo> = candidates.iter().map(|candidate| candidate.station).collect();
        authors.extend(others);
        for author in authors {
            let (allowed, strangers) = split(candidates, &BTreeSet::from([author]));
            if self.try_batch(at, None, &allowed, author)? {
                self.hold(&strangers, reason::OWNER)?;
                return Ok(true);
            }
            candidates = allowed.into_iter().chain(strangers).collect();
        }
        Ok(false)
    }

    /// The stations that may write into a document: whose it is, and those it was passed on to.
    fn parties(&self, at: DocRef, stored: Option<&StoredDocument>) -> Result<BTreeSet<StationNo>, ActError> {
        let Some(stored) = stored else { return Ok(BTreeSet::new()) };
        let mut parties = BTreeSet::from([views::owner(&*self.job.tx, &at.id.0)?]);
        if at.kind == DocKind::Case && shared::is_routed(&*self.job.tx, &at.id.0)? {
            let record = records::read_sealed(&Document::load(at, &stored.saved)?);
            parties.extend(self.job.node.villages(&record));
        }
        Ok(parties)
    }

    fn parties_grew(&self, at: DocRef, before: &BTreeSet<StationNo>) -> Result<bool, ActError> {
        let stored = documents::get(&*self.job.tx, &at.id.0)?;
        Ok(!self.parties(at, stored.as_ref())?.is_subset(before))
    }

    /// Everything that waits for the document and may be written by its writer's role.
    fn candidates(&mut self, at: DocRef) -> Result<Vec<Candidate>, ActError> {
        let mut candidates = Vec::new();
        for place in waiting::of(self.job.tx, &at.id.0)? {
            let Some(stored) = journal::get(self.job.tx, &place)? else { continue };
            let log = logs::named(self.job.tx, place.log)?;
            // what was a stranger's may have become a party's
            let open = matches!(stored.state, State::Parked | State::Held { reason: reason::OWNER });
            let (true, Form::Body(raw)) = (open, stored.entry.form) else { continue };
            let actor = entitled(&log, &stored.entry.header);
            let author = stored.entry.header.origin.map_or(log.device, |(origin, _)| origin.device);
            let Some(writer) = self.membership.writer(&author) else { continue };
            if may_write(writer.role, at.kind) {
                let device = log.device;
                let (role, station) = (writer.role, writer.station);
                let vouched = stored.entry.header.origin.is_some();
                candidates.push(Candidate { device, place, raw, actor, role, station, vouched });
            } else {
                journal::set_state(self.job.tx, &place, State::Held { reason: reason::ROLE })?;
                self.writers.insert(log.device);
            }
        }
        Ok(candidates)
    }

    fn hold(&mut self, candidates: &[Candidate], reason: u8) -> Result<(), ActError> {
        for candidate in candidates {
            journal::set_state(self.job.tx, &candidate.place, State::Held { reason })?;
            self.writers.insert(candidate.device);
        }
        Ok(())
    }

    /// Guard, trial copy, and only then the new bytes. Says whether anything was applied.
    fn try_batch(
        &mut self,
        at: DocRef,
        stored: Option<&StoredDocument>,
        candidates: &[Candidate],
        owner: StationNo,
    ) -> Result<bool, ActError> {
        let book = keyring::open(self.job.tx, self.job.node.bag(), &at.id.0)?;
        let batch: Vec<_> =
            candidates.iter().map(|each| Incoming { raw: &each.raw, actor: each.actor }).collect();
        let policy = self.job.node.policy();
        let saved = stored.map(|stored| stored.saved.as_slice());
        let reference = self.job.node.reference();
        let fold = |record: &Record| {
            if at.kind == DocKind::Case {
                let _ = Case::read(record, reference.version(Case::item_of(record).as_ref()));
            } else if at.kind == DocKind::Matter {
                let _ = Matter::read(record);
            }
        };
        let Ok(admitted) = trial::admit_folding(at, saved, &batch, &book, &fold, policy) else {
            self.hold(candidates, reason::DOCUMENT)?;
            return Ok(false);
        };
        for (candidate, outcome) in candidates.iter().zip(&admitted.outcomes) {
            let state = match outcome {
                Tried::Applied(_) | Tried::Duplicate(_) => State::Applied,
                Tried::Parked(_) => continue,
                Tried::Refused(fault) => {
                    tracing::warn!(doc = ?at.id, fault = fault.code(), "entry held, not applied");
                    State::Held { reason: fault.code() }
                }
            };
            journal::set_state(self.job.tx, &candidate.place, state)?;
            // It may have waited since long before this batch: its writer's receipt says otherwise now.
            self.writers.insert(candidate.device);
        }
        let Some(tried) = admitted.tried else { return Ok(false) };
        let flags = stored.map_or(0, |stored| stored.flags);
        let kind = at.kind.number();
        documents::put(self.job.tx, &at.id.0, &StoredDocument { kind, flags, saved: tried.saved })?;
        views::update(self.job, at, owner, &tried.record, Lane::CASES)?;
        self.note_lacking(at, owner)?;
        if at.kind == DocKind::Erasure {
            self.orders.extend(Order::read(&tried.record, owner));
        } else if at.kind == DocKind::Case {
            views::twins::place(self.job, at.id.0, &tried.record)?;
        }
        if at.kind == DocKind::Case && !is_shared_draft(&tried.record) {
            for name in crate::commit::NUMBERS {
                let numbers = tried.record.cells.get(name).map(Vec::as_slice).unwrap_or_default();
                self.job.index_person(CaseId(at.id.0), numbers)?;
            }
            self.job.index_outside(CaseId(at.id.0), &tried.record)?;
        } else if at.kind == DocKind::Matter {
            self.job.index_due(MatterId(at.id.0), &tried.record)?;
        }
        self.job.pass_on(at)?;
        Ok(true)
    }
}

impl Intake<'_, '_> {
    /// A document's owner hears what is missing of its photos, whoever's entry named them.
    fn note_lacking(&mut self, at: DocRef, owner: StationNo) -> Result<(), ActError> {
        if !lacking::of(&*self.job.tx, &at.id.0)?.is_empty() {
            let owners = self.membership.members().iter().filter(|member| member.station == owner);
            self.writers.extend(owners.map(|member| member.device));
        }
        Ok(())
    }
}

/// The centre writes everything; a station its cases, its matters, its profile and its staff.
fn may_write(role: Role, kind: DocKind) -> bool {
    match (role, kind) {
        (Role::Centre, _)
        | (
            Role::Station,
            DocKind::Case | DocKind::Matter | DocKind::Station | DocKind::Staff | DocKind::Erasure,
        ) => true,
        (
            Role::Station,
            DocKind::Item | DocKind::Notice | DocKind::Calendar | DocKind::Authority | DocKind::Package,
        ) => false,
    }
}

/// Who may write into a document: the stations that take part and the centre, and whoever it vouches for.
fn split(candidates: Vec<Candidate>, parties: &BTreeSet<StationNo>) -> (Vec<Candidate>, Vec<Candidate>) {
    let allowed =
        |each: &Candidate| each.role == Role::Centre || each.vouched || parties.contains(&each.station);
    candidates.into_iter().partition(allowed)
}
