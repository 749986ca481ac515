//! 疑似重复件: the same person and the same item more than once, at intake and after a merge; a person says which they are.

use super::{CaseId, CaseLine, CaseView, once};
use crate::commit::{Change, Job, Opened, Said};
use crate::views::{self, twins};
use crate::{ActError, Node, Who};
use data_encoding::HEXLOWER;
use identity::Lane;
use model::case::event::Twice;
use model::case::twin::{self, CaseDoc, Ending};
use model::case::{Case, Filing, facts};
use model::record::Edit;
use model::{Date, FieldErrors, Refusal};
use store::engine::ReadTx;

/// Another case or draft of the same person and item.
#[derive(Debug, Clone)]
pub struct Twin {
    /// What a list says of it; masked.
    pub line: CaseLine,
    /// Not taken yet.
    pub draft: bool,
    /// The day its papers were taken.
    pub on: Option<Date>,
    /// Who took it, or began the draft.
    pub clerk: String,
    /// It is over.
    pub over: bool,
}

/// What a person says of two cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settle {
    /// 不是重复.
    Apart,
    /// 同一件: one stays, the other one ends.
    Same {
        /// Which stays.
        keep: CaseId,
        /// How the other one ends.
        ending: Ending,
    },
}

impl Node {
    fn twin(&self, view: &CaseView) -> Twin {
        let case = &view.case;
        Twin {
            line: self.line(view),
            draft: case.received.is_none(),
            on: case.received.as_ref().map(|received| received.what.on),
            clerk: case.filing.fact(facts::CLERK_NAME).unwrap_or_default().to_owned(),
            over: case.outcome.is_some(),
        }
    }

    /// Everything on this box of the person and item of a case or draft, but itself and what is sealed.
    fn others(&self, tx: &dyn ReadTx, id: CaseId) -> Result<Vec<CaseView>, ActError> {
        self.in_use(tx, twins::others(tx, &id.0)?)
    }

    /// Cases and drafts, but those that are sealed: one that is out of use stands in nobody's way.
    fn in_use(&self, tx: &dyn ReadTx, docs: Vec<CaseDoc>) -> Result<Vec<CaseView>, ActError> {
        let (reference, mut found) = (self.reference(), Vec::new());
        for doc in docs {
            if !views::is_sealed(tx, &doc)? {
                found.push(self.view_case(tx, &reference, CaseId(doc))?);
            }
        }
        Ok(found)
    }

    /// What a draft's person asks for already: other drafts, and cases that are open or were finished lately.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn twins_of_draft(&self, id: CaseId) -> Result<Vec<Twin>, ActError> {
        let (tx, today) = (self.engine().read()?, self.today());
        let meant = |view: &CaseView| view.case.received.is_none() || view.case.may_be_meant(today);
        Ok(self.others(&*tx, id)?.iter().filter(|view| meant(view)).map(|view| self.twin(view)).collect())
    }

    /// What taking the draft would ask first: a word about every case that is known and of which the draft says nothing.
    /// Never a no: either word is enough. [`Node::accept`] and [`Node::receive`] ask it themselves.
    ///
    /// # Errors
    /// [`ActError::Refused`] with the fields that are still empty, or when the disk says no.
    pub fn ask_about_twins(&self, id: CaseId) -> Result<(), ActError> {
        let filing = self.case(id)?.case.filing;
        self.twins_unsaid(&*self.engine().read()?, id, &filing)
    }

    /// [`Node::ask_about_twins`] of what a draft says, within an act.
    pub(crate) fn twins_unsaid(&self, tx: &dyn ReadTx, id: CaseId, filing: &Filing) -> Result<(), ActError> {
        let today = self.today();
        let mut open = FieldErrors::default();
        let taken = |view: &&CaseView| view.case.received.is_some() && view.case.may_be_meant(today);
        for other in self.others(tx, id)?.iter().filter(taken) {
            let hex = other.id.hex();
            if filing.twice(&hex).is_none() {
                let words =
                    "同一个人同一件事已经收过一件，请看一看，选“确认不是重复”或“另一次办理”，就能接着办。";
                open.add(facts::twin(&hex), "同类办件", words);
            }
        }
        if open.is_empty() { Ok(()) } else { Err(Refusal::fields(open).into()) }
    }

    /// The cases that a person has to look at beside this one.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn twins_of(&self, view: &CaseView) -> Result<Vec<Twin>, ActError> {
        if view.case.received.is_none() {
            return Ok(Vec::new());
        }
        let tx = self.engine().read()?;
        let others = self.others(&*tx, view.id)?;
        let meets = |other: &&CaseView| view.case.is_twin_of(view.id.0, &other.case, other.id.0);
        Ok(others.iter().filter(meets).map(|other| self.twin(other)).collect())
    }

    /// How many groups of cases wait for a person.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn twin_count(&self) -> Result<u64, ActError> {
        twins::count(&*self.engine().read()?)
    }

    /// A page of them, pair by pair, the one taken first before the other. `after` is what the page before said.
    ///
    /// # Errors
    /// [`ActError::BadCursor`] for a cursor that is not ours, or when the disk says no.
    pub fn twin_pairs(
        &self,
        after: Option<&str>,
        groups: usize,
    ) -> Result<(Vec<[Twin; 2]>, Option<String>), ActError> {
        let after = after.map(|text| HEXLOWER.decode(text.as_bytes()).map_err(|_| ActError::BadCursor));
        let after = after.transpose()?;
        let tx = self.engine().read()?;
        let (groups, next) = twins::suspects(&*tx, after.as_deref(), groups)?;
        let mut pairs = Vec::new();
        for docs in groups {
            let mut views = self.in_use(&*tx, docs)?;
            views.sort_by_key(|view| (view.case.received.as_ref().map(|received| received.what.on), view.id));
            for (place, one) in views.iter().enumerate() {
                let meets = |other: &&CaseView| one.case.is_twin_of(one.id.0, &other.case, other.id.0);
                let others = views.iter().skip(place + 1).filter(meets);
                pairs.extend(others.map(|other| [self.twin(one), self.twin(other)]));
            }
        }
        Ok((pairs, next.map(|key| HEXLOWER.encode(&key))))
    }

    /// Two cases as a person settles them: both are read, and whether there is anything to settle.
    ///
    /// # Errors
    /// [`ActError::NotFound`], or when the disk says no.
    pub fn twin_pair(&self, one: CaseId, other: CaseId) -> Result<([(CaseView, Twin); 2], bool), ActError> {
        let (tx, reference) = (self.engine().read()?, self.reference());
        let read = |id| self.view_case(&*tx, &reference, id);
        let (one, other) = (read(one)?, read(other)?);
        let grouped = twins::others(&*tx, &one.id.0)?.contains(&other.id.0);
        let open = grouped && one.case.is_twin_of(one.id.0, &other.case, other.id.0);
        let told = |view: CaseView| {
            let twin = self.twin(&view);
            (view, twin)
        };
        Ok(([told(one), told(other)], open))
    }

    /// Settles a pair: both cases say so in one commit, and one of them ends where they are one.
    ///
    /// # Errors
    /// [`ActError::Refused`] without a reason, when there is nothing to settle any more, or when the case that goes cannot
    /// end so; or when the disk says no. Nothing is written then.
    pub fn settle_twins(
        &self,
        who: &Who,
        pair: (CaseId, CaseId),
        settle: Settle,
        reason: &str,
    ) -> Result<super::Saved, ActError> {
        let (who, reason) = (who.clone(), reason.to_owned());
        self.commit(move |job| {
            let saved = |job: &Job<'_>, before| super::Saved {
                id: pair.0,
                wall: job.node.ports().clock.wall(),
                before,
            };
            if once::done_before(job)? {
                return Ok(saved(job, true));
            }
            let opened = [job.open(pair.0.doc())?, job.open(pair.1.doc())?];
            job.still_open(pair, &opened)?;
            for (id, other, opened) in [pair, (pair.1, pair.0)]
                .into_iter()
                .zip(opened)
                .map(|((id, other), opened)| (id, other, opened))
            {
                let edit = job.ask(&who, &opened, |acting| match settle {
                    Settle::Apart => twin::apart(acting.case, other.0, &reason, acting.ctx),
                    Settle::Same { keep, .. } if keep == id => {
                        twin::kept(acting.case, other.0, &reason, acting.ctx)
                    }
                    Settle::Same { ending, .. } => {
                        twin::gone(acting.case, other.0, ending, &reason, acting.ctx)
                    }
                })?;
                let audiences = job.node.audiences(views::owner(job.tx, &id.0)?);
                job.write(opened, &Change { edit, audiences, lane: Lane::CASES })?;
                job.audit(&who, &Said::new("处置疑似重复件"), Some(id.0))?;
            }
            once::remember(job)?;
            Ok(saved(job, false))
        })
    }
}

impl Job<'_> {
    /// Refuses where the two are no pair any more.
    fn still_open(&self, pair: (CaseId, CaseId), opened: &[Opened; 2]) -> Result<(), ActError> {
        if opened.iter().any(Opened::is_new) {
            return Err(ActError::NotFound);
        }
        let reference = self.node.reference();
        let [one, other] = opened.each_ref().map(|opened| {
            let record = opened.record();
            Case::read(&record, reference.version(Case::item_of(&record).as_ref())).0
        });
        let grouped = twins::others(&*self.tx, &pair.0.0)?.contains(&pair.1.0);
        if grouped && one.is_twin_of(pair.0.0, &other, pair.1.0) {
            return Ok(());
        }
        Err(Refusal::because("这两件已经核对过了，或者有一件已经撤回、退件，不用再定。").into())
    }

    /// What a draft's clerk said about cases that are known.
    fn known_twins(&self, draft: CaseId, filing: &Filing) -> Result<Vec<(CaseDoc, Twice)>, ActError> {
        let mut known = Vec::new();
        for doc in twins::others(&*self.tx, &draft.0)? {
            let said = filing.twice(&CaseId(doc).hex());
            if let Some(said) = said.filter(|_| !matches!(views::is_draft(&*self.tx, &doc), Ok(true))) {
                known.push((doc, said));
            }
        }
        Ok(known)
    }

    /// The event that says so, for the case that a draft becomes.
    pub(crate) fn said_of_twins(
        &mut self,
        who: &Who,
        draft: CaseId,
        typed: &Opened,
    ) -> Result<Edit, ActError> {
        let known = self.known_twins(draft, &Filing::read(&typed.record()))?;
        if known.is_empty() {
            return Ok(Edit::default());
        }
        self.ask(who, typed, |acting| twin::answered(acting.case, &known, acting.ctx))
    }
}
