use super::segment::entitled;
use super::{Intake, reason};
use crate::cases::CaseId;
use crate::matters::MatterId;
use crate::{ActError, keyring, views};
use identity::{DeviceId, Lane, Role, StationNo};
use model::case::Case;
use model::matter::Matter;
use model::record::Record;
use records::trial::{self, Incoming, Outcome as Tried};
use records::{DocId, DocKind, DocRef};
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
}

impl Intake<'_, '_> {
    /// Tries every document that this batch touched.
    pub(super) fn apply(&mut self) -> Result<(), ActError> {
        for (doc, kind) in std::mem::take(&mut self.touched) {
            if let Some(kind) = DocKind::from_number(kind) {
                self.apply_document(DocRef { id: DocId(doc), kind })?;
            }
        }
        Ok(())
    }

    fn apply_document(&mut self, at: DocRef) -> Result<(), ActError> {
        let stored = documents::get(self.job.tx, &at.id.0)?;
        let mut candidates = self.candidates(at)?;
        if let Some(stored) = &stored {
            if stored.kind != at.kind.number() {
                return self.hold(&candidates, reason::KIND);
            }
            let owner = views::owner(self.job.tx, &at.id.0)?;
            let (allowed, strangers) = split(candidates, owner);
            self.hold(&strangers, reason::OWNER)?;
            return self.try_batch(at, Some(stored), &allowed, owner).map(drop);
        }
        // Nobody owns it yet: whoever's change makes the document does.
        let authors: BTreeSet<StationNo> = candidates.iter().map(|candidate| candidate.station).collect();
        for author in authors {
            let (allowed, strangers) = split(candidates, author);
            if self.try_batch(at, None, &allowed, author)? {
                return self.hold(&strangers, reason::OWNER);
            }
            candidates = allowed.into_iter().chain(strangers).collect();
        }
        Ok(())
    }

    /// Everything that waits for the document and may be written by its writer's role.
    fn candidates(&mut self, at: DocRef) -> Result<Vec<Candidate>, ActError> {
        let mut candidates = Vec::new();
        for place in waiting::of(self.job.tx, &at.id.0)? {
            let Some(stored) = journal::get(self.job.tx, &place)? else { continue };
            let log = logs::named(self.job.tx, place.log)?;
            let (State::Parked, Form::Body(raw)) = (stored.state, stored.entry.form) else { continue };
            let actor = entitled(&log, &stored.entry.header);
            let author = stored.entry.header.origin.map_or(log.device, |(origin, _)| origin.device);
            let Some(writer) = self.membership.writer(&author) else { continue };
            if may_write(writer.role, at.kind) {
                let device = log.device;
                let (role, station) = (writer.role, writer.station);
                candidates.push(Candidate { device, place, raw, actor, role, station });
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
        if at.kind == DocKind::Case {
            views::twins::place(self.job, at.id.0, &tried.record)?;
            for name in crate::commit::NUMBERS {
                let numbers = tried.record.cells.get(name).map(Vec::as_slice).unwrap_or_default();
                self.job.index_person(CaseId(at.id.0), numbers)?;
            }
        } else if at.kind == DocKind::Matter {
            self.job.index_due(MatterId(at.id.0), &tried.record)?;
        }
        Ok(true)
    }
}

/// The centre writes everything; a station its cases, its matters, its profile and its staff.
fn may_write(role: Role, kind: DocKind) -> bool {
    match (role, kind) {
        (Role::Centre, _)
        | (Role::Station, DocKind::Case | DocKind::Matter | DocKind::Station | DocKind::Staff) => true,
        (
            Role::Station,
            DocKind::Item | DocKind::Notice | DocKind::Calendar | DocKind::Authority | DocKind::Package,
        ) => false,
    }
}

/// Who may write into a document that belongs to a station: that station and the centre.
fn split(candidates: Vec<Candidate>, owner: StationNo) -> (Vec<Candidate>, Vec<Candidate>) {
    candidates.into_iter().partition(|each| each.role == Role::Centre || each.station == owner)
}
