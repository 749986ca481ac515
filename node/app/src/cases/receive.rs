//! 收件 and 受理: a draft becomes a case with a number, in one commit.

use super::CaseId;
use super::draft::became_name;
use crate::commit::{Change, Job, Said};
use crate::time::{clock_of, date_of};
use crate::{ActError, Node, Who, ports, views};
use identity::Lane;
use model::Refusal;
use model::case::accept::{self, Accept};
use model::case::deem;
use model::case::facts::HOME;
use model::case::photo;
use model::case::receive::{self, Receive};
use model::case::together;
use model::case::twin::CaseDoc;
use model::case::{Filing, facts};
use model::number::{self, CaseNumber, query_code};
use model::record::{CellName, Edit, Record};
use store::{counters, meta};

/// Name of the counter that case numbers come from. It never goes back.
const NUMBERS: &str = "case number";

/// A draft that became a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The case.
    pub id: CaseId,
    /// It had become one before: a second submit, or the back button.
    pub before: bool,
}

/// How far the act goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Far {
    /// 收件: papers may be missing.
    Received,
    /// 受理, or 收件凭证 when acting on behalf.
    Accepted,
    /// 受理 where nothing is missing, else 收件.
    AsMayBe,
}

impl Node {
    /// Accepts a draft as the station's written authority allows; refuses with everything that is missing. A case of the
    /// same person and item of which the draft says nothing is asked about first: the refusal names its field
    /// ([`facts::twin`]), and the draft carries the answer.
    ///
    /// # Errors
    /// [`ActError::Refused`] with the fields, or when the disk says no.
    pub fn accept(&self, who: &Who, draft: CaseId) -> Result<Taken, ActError> {
        self.take(who, draft, Far::Accepted)
    }

    /// Takes the papers although some are missing: a number, but no acceptance yet.
    ///
    /// # Errors
    /// As [`Node::accept`].
    pub fn receive(&self, who: &Who, draft: CaseId) -> Result<Taken, ActError> {
        self.take(who, draft, Far::Received)
    }

    fn take(&self, who: &Who, draft: CaseId, far: Far) -> Result<Taken, ActError> {
        let fresh = CaseId(ports::random(&*self.ports().random));
        let who = who.clone();
        self.commit(move |job| {
            if let Some(id) = meta::get(job.tx, &became_name(draft))?.and_then(|bytes| bytes.try_into().ok())
            {
                return Ok(Taken { id: CaseId(id), before: true });
            }
            if !views::is_draft(job.tx, &draft.0)? {
                return Err(ActError::NotFound);
            }
            job.take_draft(&who, draft, fresh, far, None)?;
            meta::put(job.tx, &became_name(draft), &fresh.0)?;
            job.forget_draft(draft, Some(fresh))?;
            let act = if far == Far::Received { "收件" } else { "受理" };
            job.audit(&who, &Said::new(act), Some(fresh.0))?;
            Ok(Taken { id: fresh, before: false })
        })
    }

    /// Accepts a case that was received before. `good`: the materials and rules (`m/<id>`, `r/<id>`) that are in order by
    /// now, though they were not when the papers were taken.
    ///
    /// # Errors
    /// As [`Node::accept`].
    pub fn accept_received(
        &self,
        who: &Who,
        id: CaseId,
        good: Vec<String>,
    ) -> Result<super::Saved, ActError> {
        let (station, reference) = (self.station(), self.reference());
        let barred = self.is_barred(&self.case(id)?.case.filing)?;
        self.act(who, id, Said::new("受理"), move |acting| {
            let version = acting.item()?;
            let standing = reference.standing(version, station.0, acting.ctx.today);
            accept::complete(
                acting.record,
                &good,
                &Accept { receive: None, standing, barred },
                version,
                acting.ctx,
            )
        })
    }

    /// Registers that a licence counts as accepted from the day its papers came (行政许可法 §32).
    ///
    /// # Errors
    /// [`ActError::Refused`] when it does not, or when the disk says no.
    pub fn deem(&self, who: &Who, id: CaseId) -> Result<super::Saved, ActError> {
        let (station, reference) = (self.station(), self.reference());
        self.act(who, id, Said::new("视为受理"), move |acting| {
            let version = acting.item()?;
            let standing = reference.standing(version, station.0, acting.ctx.today);
            deem::deem(acting.case, &standing, version, acting.ctx)
        })
    }
}

impl Job<'_> {
    /// Takes one draft of a package; the draft itself stays until all are taken. `early`: its papers are taken although
    /// some are missing.
    pub(crate) fn take_in_package(
        &mut self,
        who: &Who,
        draft: CaseId,
        fresh: CaseId,
        sisters: Vec<CaseDoc>,
        early: bool,
    ) -> Result<(), ActError> {
        let far = if early { Far::AsMayBe } else { Far::Accepted };
        self.take_draft(who, draft, fresh, far, Some(sisters))
    }

    /// Writes the case that a draft becomes.
    fn take_draft(
        &mut self,
        who: &Who,
        draft: CaseId,
        fresh: CaseId,
        far: Far,
        sisters: Option<Vec<CaseDoc>>,
    ) -> Result<(), ActError> {
        let typed = self.open(draft.doc())?;
        let filing = Filing::read(&typed.record());
        if let Some(home) = filing.home() {
            self.node.known_village(HOME, home)?;
        }
        self.node.twins_unsaid(&*self.tx, draft, &filing)?;
        let receive = self.mint()?;
        let barred = super::credit::barred(&*self.tx, &filing)?;
        let station = self.node.station();
        let reference = self.node.reference();
        let edit = self.ask(who, &typed, |acting| {
            let version = acting.item()?;
            let papers = || receive::receive(acting.case, &receive, version, acting.ctx);
            if far == Far::Received {
                return papers();
            }
            let standing = reference.standing(version, station.0, acting.ctx.today);
            let command = Accept { receive: Some(receive.clone()), standing, barred };
            let accepted = accept::accept(acting.case, &command, version, acting.ctx);
            if far == Far::AsMayBe { accepted.or_else(|_incomplete| papers()) } else { accepted }
        })?;
        let mut edit = onto(&typed.record(), edit);
        edit.events.extend(self.said_of_twins(who, draft, &typed)?.events);
        if let Some(sisters) = sisters {
            let code = filing.fact(facts::PACKAGE).unwrap_or_default();
            let version = filing.int(facts::PACKAGE_VERSION).and_then(|version| u32::try_from(version).ok());
            let package = (code, version.unwrap_or(0));
            let told = self
                .ask(who, &typed, |acting| together::packaged(acting.case, package, sisters, acting.ctx))?;
            edit.events.extend(told.events);
        }
        let audiences = self.node.audiences(station);
        let mut opened = self.open(fresh.doc())?;
        let names = self.carry_photos(draft, typed, fresh, &mut opened)?;
        edit.events = photo::carried(&edit.events, &names);
        self.write(opened, &Change { edit, audiences, lane: Lane::CASES })
    }

    /// A number that no other box, no restored backup and no replaced box can mint again: the writer epoch is in it.
    fn mint(&mut self) -> Result<Receive, ActError> {
        let counter = counters::next(self.tx, NUMBERS)?;
        let wall = self.node.ports().clock.wall();
        let (today, (hour, minute)) = (date_of(wall), clock_of(wall));
        let station = if self.node.is_drill() { number::DRILL } else { self.node.station().0 };
        let number = CaseNumber::mint(station, today.year(), self.node.epoch().0, counter)
            .map_err(|_| Refusal::because("办件编号用完了，请找工程师。"))?;
        let code = query_code(u64::from_be_bytes(ports::random(&*self.node.ports().random)));
        Ok(Receive { number, query_code: code, at: format!("{today} {hour:02}:{minute:02}") })
    }
}

/// What the draft says now, with the act on top: the case's one first change.
pub(super) fn onto(draft: &Record, act: Edit) -> Edit {
    let mut whole = Edit::default();
    for (name, candidates) in &draft.facts {
        if let Some(last) = candidates.last() {
            whole.facts.insert(name.clone(), Some(last.value.clone()));
        }
    }
    for (name, candidates) in &draft.cells {
        let text = candidates.last().map(|last| &last.value);
        if let (Some(name), Some(model::record::Value::Text(text))) = (CellName::parse(name), text) {
            whole.cells.insert(name, Some(text.clone()));
        }
    }
    // two boxes may have written into it: in the order of everybody
    let mut events: Vec<_> = draft.events.iter().collect();
    events.sort_by_key(|event| event.id);
    whole.events = events.into_iter().map(|event| event.bytes.clone()).collect();
    whole.facts.extend(act.facts);
    whole.facts.retain(|name, _| !facts::of_draft_alone(name));
    whole.cells.extend(act.cells);
    whole.events.extend(act.events);
    whole
}
