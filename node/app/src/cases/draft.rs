//! Drafts: what is typed is on this box's disk, sealed, and never leaves it.

use super::{CaseId, CaseView, Saved};
use crate::commit::{Change, Job, Said};
use crate::{ActError, Node, Who, ports, views};
use data_encoding::HEXLOWER;
use identity::{Audience, Lane};
use model::case::draft::{self, Seen};
use model::case::{facts, one_time_notice};
use model::record::{Edit, Record};
use model::{FieldErrors, Refusal};
use std::collections::BTreeMap;
use store::{blobs, documents, journal, logs, meta, seeds};

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
            job.write(opened, &Change { edit, audiences: vec![Audience::Hub], lane: Lane::LOCAL })?;
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
        if let Some(case) = self.became(id)? {
            return Ok(Err(case));
        }
        if !views::is_draft(&*self.engine().read()?, &id.0)? {
            return Err(ActError::NotFound);
        }
        self.case(id).map(Ok)
    }

    /// The case that a draft became, when it did.
    pub(crate) fn became(&self, draft: CaseId) -> Result<Option<CaseId>, ActError> {
        let tx = self.engine().read()?;
        Ok(meta::get(&*tx, &became_name(draft))?.and_then(|bytes| bytes.try_into().ok()).map(CaseId))
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
        let (reference, today) = (self.reference(), self.today());
        let mut lines = Vec::new();
        let (ids, next) = views::drafts(&*tx, after.as_deref(), count)?;
        for id in ids {
            let view = self.view_case(&*tx, &reference, CaseId(id))?;
            let missing = |view: &CaseView| {
                view.version.as_ref().map_or(0, |v| view.case.filing.check(v, today).all_errors().len())
            };
            let mut gaps = missing(&view);
            let sisters = views::packed::sisters(&*tx, &id)?;
            for sister in &sisters {
                gaps += missing(&self.view_case(&*tx, &reference, CaseId(*sister))?);
            }
            let package = view.case.filing.fact(facts::PACKAGE).filter(|_| !sisters.is_empty());
            let package = package.map(|code| {
                reference
                    .packages
                    .newest(code)
                    .map_or_else(|| code.to_owned(), |package| package.name.clone())
            });
            let (together, name) = (package.is_some(), super::list::masked_name(&view.case));
            let item = package.or(view.version.map(|v| v.name)).unwrap_or_default();
            lines.push(DraftLine { id: view.id, item, name, gaps, together });
        }
        Ok((lines, next.map(|key| HEXLOWER.encode(&key))))
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
            forget(job.tx, id)?;
            job.audit(&who, &Said::new("删除草稿"), Some(id.0))
        })
    }
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

/// Destroys a draft's keys and photos, drops its document and rows, and leaves only hashes in the local journal. A draft has no
/// search tags: it is indexed only once it is a case.
pub(crate) fn forget(tx: &mut dyn store::WriteTx, id: CaseId) -> Result<(), ActError> {
    seeds::remove_of(tx, &id.0)?;
    blobs::release_of(tx, &id.0)?;
    for place in journal::of_doc(tx, &id.0)? {
        if logs::named(tx, place.log)?.lane == Lane::LOCAL {
            journal::erase(tx, &place)?;
        }
    }
    documents::remove(tx, &id.0)?;
    views::remove(tx, &id.0)
}
