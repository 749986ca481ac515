//! Drafts: what is typed is on this box's disk, sealed, and never leaves it.

use super::{CaseId, CaseView, Saved};
use crate::commit::{Change, Job, Said};
use crate::{ActError, Node, Who, ports, views};
use data_encoding::HEXLOWER;
use identity::{Audience, Lane};
use model::case::draft::{self, Seen};
use model::case::{Case, facts, one_time_notice, trip};
use model::record::{Edit, Record};
use model::{FieldErrors, Refusal};
use std::collections::BTreeMap;
use store::engine::ReadTx;
use store::{documents, meta};

/// A draft in the list of drafts.
#[derive(Debug, Clone)]
pub struct DraftLine {
    /// Which.
    pub id: CaseId,
    /// 高龄津贴申领.
    pub item: String,
    /// The applicant, masked; empty when nobody has been typed yet.
    pub name: String,
    /// How many things are still missing.
    pub gaps: usize,
    /// When it was last touched, seconds since 1970; none where nobody knows.
    pub touched: Option<i64>,
    /// It was taken down at somebody's home.
    pub away: bool,
    /// Several drafts of one package, which go by one page; `item` is the package's name.
    pub together: bool,
}

/// What came of saving a page of a draft.
#[derive(Debug)]
pub struct Kept {
    /// That it was saved, and when.
    pub saved: Saved,
    /// Fields that do not fit, which are not saved.
    pub wrong: FieldErrors,
    /// Fields that the page and another window both changed, and differently: not saved either.
    pub clashes: Vec<String>,
    /// Fields that another window changed and the page shows as they were before.
    pub moved: Vec<String>,
}

impl Kept {
    /// The refusal of what does not fit.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        let message = self.wrong.iter().next()?.message.clone();
        Some(Refusal { message, fields: self.wrong.clone() })
    }
}

impl Node {
    /// Begins a draft for the version of an item that is in force today. A draft of the same item that the same clerk
    /// began and nobody has typed in is taken up again, so that looking around leaves no heap of empty ones.
    ///
    /// # Errors
    /// When there is no such item, or the disk says no.
    pub fn start_draft(&self, who: &Who, code: &str) -> Result<CaseId, ActError> {
        let id = CaseId(ports::random(&*self.ports().random));
        let (who, code) = (who.clone(), code.to_owned());
        self.commit(move |job| {
            let opened = job.open(id.doc())?;
            let reference = job.node.reference();
            let today = job.node.today();
            let version = reference.catalogue.current(&code, today).cloned();
            let edit = job.ask(&who, &opened, |acting| {
                let version =
                    version.as_ref().ok_or_else(|| Refusal::because("没有这个事项，请重新查找。"))?;
                Ok(draft::start(version, acting.ctx))
            })?;
            if let Some(empty) = untouched(job, &edit)? {
                return Ok(empty);
            }
            job.write(opened, &Change { edit, audiences: vec![Audience::Hub], lane: Lane::LOCAL })?;
            Ok(id)
        })
    }

    /// Saves what was typed, by field name. Names that are not given stay as they are.
    ///
    /// # Errors
    /// [`ActError::Refused`] with the fields that are too long: the others are saved all the same. Also when the case is
    /// no draft any more, or the disk says no.
    pub fn save_draft(
        &self,
        who: &Who,
        id: CaseId,
        typed: BTreeMap<String, String>,
    ) -> Result<Saved, ActError> {
        let kept = self.merge_draft(who, id, typed, None)?;
        match kept.refusal() {
            Some(refusal) => Err(refusal.into()),
            None => Ok(kept.saved),
        }
    }

    /// [`Node::save_draft`] from a page that was drawn with `seen` and may be older than what another window saved
    /// meanwhile: merged field by field, and what could not be taken is told in the answer. Without `seen` what was typed
    /// is taken at its word.
    ///
    /// # Errors
    /// When the case is no draft any more, or the disk says no.
    pub fn merge_draft(
        &self,
        who: &Who,
        id: CaseId,
        typed: BTreeMap<String, String>,
        seen: Option<Seen>,
    ) -> Result<Kept, ActError> {
        let who = who.clone();
        self.commit(move |job| {
            let opened = job.open(id.doc())?;
            if opened.is_new() || !views::is_draft(job.tx, &id.0)? {
                return Err(ActError::NotFound);
            }
            let (mut wrong, mut clashes, mut moved) = (FieldErrors::default(), Vec::new(), Vec::new());
            let lane = opened.lane(true);
            let edit = job.ask(&who, &opened, |acting| {
                let merged = match &seen {
                    Some(seen) => draft::merge(acting.record, acting.case, &typed, seen)?,
                    None => {
                        let (edit, wrong) = draft::save(acting.record, acting.case, &typed)?;
                        draft::Merged { edit, wrong, ..draft::Merged::default() }
                    }
                };
                (wrong, clashes, moved) = (merged.wrong, merged.clashes, merged.moved);
                Ok(merged.edit)
            })?;
            job.write(opened, &Change { edit, audiences: vec![Audience::Hub], lane })?;
            let saved = Saved { id, wall: job.node.ports().clock.wall(), before: false };
            Ok(Kept { saved, wrong, clashes, moved })
        })
    }

    /// Records that the one notice of everything missing was printed; the draft stays.
    ///
    /// # Errors
    /// When nothing is missing, or the disk says no.
    pub fn one_time_notice(&self, who: &Who, id: CaseId, words: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("一次性告知"), move |acting| {
            one_time_notice::one_time_notice(acting.case, &words, acting.item()?, acting.ctx)
        })
    }

    /// A draft, or the case it became. A case is none: its page masks, and writes down who saw a value and why.
    ///
    /// # Errors
    /// [`ActError::NotFound`], or when the disk says no.
    pub fn draft(&self, id: CaseId) -> Result<Result<CaseView, CaseId>, ActError> {
        // one look at the disk: between two of them the draft may become a case, and would be neither
        let tx = self.engine().read()?;
        if let Some(case) = became(&*tx, id)? {
            return Ok(Err(case));
        }
        if !views::is_draft(&*tx, &id.0)? {
            return Err(ActError::NotFound);
        }
        self.view_case(&*tx, &self.reference(), id).map(Ok)
    }

    /// The case that a draft became, when it did.
    pub(crate) fn became(&self, draft: CaseId) -> Result<Option<CaseId>, ActError> {
        became(&*self.engine().read()?, draft)
    }

    /// Drafts on this box, the last touched first.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn drafts(&self, count: usize) -> Result<Vec<DraftLine>, ActError> {
        Ok(self.drafts_after(None, count)?.0)
    }

    /// A page of the drafts, the last touched first, and where the next page begins. `after` is what the page before
    /// said.
    ///
    /// # Errors
    /// [`ActError::BadCursor`] for a cursor that is not ours, or when the disk says no.
    pub fn drafts_after(
        &self,
        after: Option<&str>,
        count: usize,
    ) -> Result<(Vec<DraftLine>, Option<String>), ActError> {
        let after = after.map(|text| HEXLOWER.decode(text.as_bytes()).map_err(|_| ActError::BadCursor));
        let after = after.transpose()?;
        let tx = self.engine().read()?;
        let (ids, next) = views::drafts(&*tx, after.as_deref(), count)?;
        let lines = ids.into_iter().map(|id| self.draft_line(&*tx, CaseId(id)));
        Ok((lines.collect::<Result<_, _>>()?, next.map(|key| HEXLOWER.encode(&key))))
    }

    /// A draft as lists show it.
    pub(crate) fn draft_line(&self, tx: &dyn ReadTx, id: CaseId) -> Result<DraftLine, ActError> {
        let stored = documents::get(tx, &id.0)?.ok_or(ActError::NotFound)?;
        let document = records::Document::load(id.doc(), &stored.saved)?;
        let record = records::read(&document, &crate::keyring::open(tx, self.bag(), &id.0)?);
        let reference = self.reference();
        let version = reference.version(Case::item_of(&record).as_ref());
        let (case, _) = Case::read(&record, version);
        let today = self.today();
        let mut gaps = version.map_or(0, |version| case.filing.check(version, today).all_errors().len());
        let sisters = views::packed::sisters(tx, &id.0)?;
        for sister in &sisters {
            let view = self.view_case(tx, &reference, CaseId(*sister))?;
            let checked = view.version.as_ref().map(|version| view.case.filing.check(version, today));
            gaps += checked.map_or(0, |checked| checked.all_errors().len());
        }
        let code = case.filing.fact(facts::PACKAGE).filter(|_| !sisters.is_empty());
        let package = code.map(|code| {
            let newest = reference.packages.newest(code);
            newest.map_or_else(|| code.to_owned(), |package| package.name.clone())
        });
        let together = package.is_some();
        let item = package.or(version.map(|version| version.name.clone())).unwrap_or_default();
        Ok(DraftLine {
            id,
            item,
            name: super::list::masked_name(&case),
            gaps,
            touched: document.touched(),
            away: trip::trip_of(&record).is_some(),
            together,
        })
    }

    /// Throws a draft away: keys first, then everything that was sealed with them.
    ///
    /// # Errors
    /// [`ActError::NotFound`], or when the disk says no.
    pub fn discard_draft(&self, who: &Who, id: CaseId) -> Result<(), ActError> {
        let who = who.clone();
        self.commit(move |job| {
            if !views::is_draft(job.tx, &id.0)? {
                return Err(ActError::NotFound);
            }
            job.forget_draft(id, None)?;
            job.audit(&who, &Said::new("删除草稿"), Some(id.0))
        })
    }
}

fn became(tx: &dyn ReadTx, draft: CaseId) -> Result<Option<CaseId>, ActError> {
    Ok(meta::get(tx, &became_name(draft))?.and_then(|bytes| bytes.try_into().ok()).map(CaseId))
}

/// Drafts looked through for an empty one.
const LOOKED_THROUGH: usize = 50;

/// The newest draft that says no more than `start`, what a fresh one by the same clerk would say.
pub(crate) fn untouched(job: &mut Job<'_>, start: &Edit) -> Result<Option<CaseId>, ActError> {
    for id in views::drafts(job.tx, None, LOOKED_THROUGH)?.0 {
        let record = job.open(CaseId(id).doc())?.record();
        if says_no_more(&record, start) {
            return Ok(Some(CaseId(id)));
        }
    }
    Ok(None)
}

/// Whether a draft says what a fresh one would, and nothing besides.
pub(crate) fn says_no_more(record: &Record, start: &Edit) -> bool {
    let typed = record.events.len() + record.cells.values().filter(|all| !all.is_empty()).count();
    let says = |name: &str| record.facts.get(name).and_then(|all| all.last()).map(|last| &last.value);
    let same = start.facts.iter().all(|(name, value)| says(name) == value.as_ref());
    let more = record.facts.keys().any(|name| says(name).is_some() && !start.facts.contains_key(name));
    typed == 0 && same && !more
}

/// Name of the meta entry that leads from a draft to its case: a second submit finds the first one's case.
pub(crate) fn became_name(draft: CaseId) -> String {
    format!("became/{}", draft.hex())
}
