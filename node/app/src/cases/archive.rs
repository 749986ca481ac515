//! 一件一档: finished cases on their shelf, for their time; 封存 instead of erasing; what has run out waits for a person.
//!
//! A sealed case stands in no list and is found by no search; a page, a paper, a photo or an act is refused until the centre
//! looks into it with a reason, or takes it back into use.

use super::{CaseId, CaseLine, CaseView, PhotoOut, Saved, Why};
use crate::commit::Said;
use crate::time::{date_of_day, day_number};
use crate::views::page::{List, page};
use crate::views::{ARCHIVE, SEALED, tally};
use crate::{ActError, Node, Who};
use model::case::archive::{self, default_years};
use model::case::event::Asker;
use model::item::Version;
use model::{Date, Refusal};
use store::engine::{Direction, ReadTx};
use store::rows::{self, Page};

/// Which files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files {
    /// Finished, and not filed.
    ToFile,
    /// Filed, the first to run out first.
    Filed,
    /// Filed, and their time has run out.
    Expired,
}

/// A finished case in such a list.
#[derive(Debug, Clone)]
pub struct FileLine {
    /// The case.
    pub line: CaseLine,
    /// When it ended, or until when it is kept; none for ever.
    pub day: Option<Date>,
    /// Where it stands.
    pub shelf: String,
    /// How long it is kept: years, 0 for ever.
    pub years: Option<u64>,
}

/// A sealed case: no name stands in a list.
#[derive(Debug, Clone)]
pub struct SealedLine {
    /// Which.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// Its item.
    pub item: String,
    /// Since when.
    pub on: Option<Date>,
    /// Who sealed it.
    pub by: String,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileCounts {
    /// To be filed.
    pub to_file: u64,
    /// Filed.
    pub filed: u64,
    /// Of these, their time has run out.
    pub expired: u64,
    /// Sealed.
    pub sealed: u64,
}

/// What is said of a sealed case wherever it is asked for.
pub(crate) fn sealed_refusal() -> Refusal {
    Refusal::because("本件已经封存，不能看，也不能办。确实要用的，请镇中心负责人写明理由查阅。")
}

impl Node {
    /// How long an item's cases are kept: as the township set it, else by its 事项类型.
    #[must_use]
    pub fn keeps_for(&self, version: &Version) -> u64 {
        let set = self.reference().office.terms.get(&version.code).copied();
        set.unwrap_or_else(|| default_years(version))
    }

    /// 归档.
    ///
    /// # Errors
    /// [`ActError::Refused`] when it is not finished, is filed, or a field is wrong.
    pub fn file_case(&self, who: &Who, id: CaseId, shelf: String, pages: u32) -> Result<Saved, ActError> {
        let node = self.clone();
        self.act(who, id, Said::new("归档"), move |acting| {
            let mut events: Vec<_> = acting.record.events.iter().collect();
            events.sort_by_key(|stamped| stamped.id);
            let digest = canon::hash("archive", |out| {
                for stamped in events {
                    out.bytes(&stamped.bytes);
                }
            });
            let years = node.keeps_for(acting.item()?);
            let command = archive::File { shelf: shelf.clone(), pages, years, digest };
            archive::file(acting.case, &command, acting.ctx)
        })
    }

    /// The file stands elsewhere.
    ///
    /// # Errors
    /// As [`Node::file_case`].
    pub fn move_shelf(&self, who: &Who, id: CaseId, shelf: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("移动存放位置"), move |acting| {
            archive::move_shelf(acting.case, &shelf, acting.ctx)
        })
    }

    /// 延长保管.
    ///
    /// # Errors
    /// As [`Node::file_case`].
    pub fn prolong(&self, who: &Who, id: CaseId, years: u64, reason: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("延长保管"), move |acting| {
            archive::prolong(acting.case, years, &reason, acting.ctx)
        })
    }

    /// 封存.
    ///
    /// # Errors
    /// As [`Node::file_case`].
    pub fn seal_case(&self, who: &Who, id: CaseId, asker: Asker, reason: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("封存"), move |acting| {
            archive::seal(acting.case, asker, &reason, acting.ctx)
        })
    }

    /// 解除封存.
    ///
    /// # Errors
    /// As [`Node::file_case`]; [`ActError::Refused`] elsewhere than at the centre.
    pub fn unseal_case(&self, who: &Who, id: CaseId, reason: String) -> Result<Saved, ActError> {
        self.act_on_sealed(who, id, Said::new("解除封存"), move |acting| {
            archive::unseal(acting.case, &reason, acting.ctx)
        })
    }

    /// Looks into a sealed case: the event that says who and why is durable first.
    ///
    /// # Errors
    /// [`ActError::Refused`] elsewhere than at the centre, or without a reason: then nothing is shown.
    pub fn open_sealed(&self, who: &Who, id: CaseId, reason: String) -> Result<CaseView, ActError> {
        self.act_on_sealed(who, id, Said::new("查阅封存件"), move |acting| {
            archive::open_seal(acting.case, &reason, acting.ctx)
        })?;
        let tx = self.engine().read()?;
        self.view_any(&*tx, &self.reference(), id, self.truth_of(&*tx, id)?)
    }

    /// Everything of a case for a file that leaves the box: with its photos in full where `why` was given, which is written
    /// down first; else without them. Both are written down.
    ///
    /// # Errors
    /// [`ActError::NotFound`], [`ActError::Refused`] before the case has ended, or when the disk says no.
    pub fn export_case(
        &self,
        who: &Who,
        id: CaseId,
        why: Option<Why>,
    ) -> Result<(CaseView, Vec<PhotoOut>), ActError> {
        let view = self.case(id)?;
        if view.case.outcome.is_none() {
            return Err(Refusal::because("还没办结，办结以后再导出。").into());
        }
        let who = who.clone();
        let detail = why.map_or_else(|| "遮住".to_owned(), |why| format!("完整：{}", why.label()));
        self.commit(move |job| job.audit(&who, &Said { act: "导出档案", detail }, Some(id.0)))?;
        let photos = view.case.photos.clone();
        let out = if why.is_some() { self.images(id, photos)? } else { Vec::new() };
        Ok((view, out))
    }

    /// A page of finished cases.
    ///
    /// # Errors
    /// [`ActError::BadCursor`] for a cursor that is not ours, or when the disk says no.
    pub fn files(
        &self,
        which: Files,
        after: Option<&str>,
        count: usize,
    ) -> Result<(Vec<FileLine>, Option<String>), ActError> {
        let prefix = [u8::from(which != Files::ToFile)];
        let decode = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes());
        let after = after.map(decode).transpose().map_err(|_| ActError::BadCursor)?;
        if after.as_ref().is_some_and(|key| key.len() != 21 || !key.starts_with(&prefix)) {
            return Err(ActError::BadCursor);
        }
        let tx = self.engine().read()?;
        let (after, direction) = (after.as_deref(), Direction::Ascending);
        let mut found =
            rows::page(&*tx, ARCHIVE, &Page { prefix: &prefix, after, direction, count: count + 1 })?;
        if which == Files::Expired {
            let today = u32::try_from(day_number(self.today())).unwrap_or(0);
            found.retain(|(key, _)| until(key) < today);
        }
        let more = found.len() > count;
        found.truncate(count);
        let next = found.last().filter(|_| more).map(|(key, _)| data_encoding::HEXLOWER.encode(key));
        let (reference, mut lines) = (self.reference(), Vec::new());
        for (key, _) in found {
            let Some(id) = key.last_chunk::<16>().copied() else { continue };
            let view = self.view_case(&*tx, &reference, CaseId(id))?;
            let shelf = view.case.shelf().and_then(|cell| view.case.filing.cell(cell)).unwrap_or_default();
            let day = until(&key);
            lines.push(FileLine {
                shelf: shelf.to_owned(),
                day: (day != u32::MAX).then(|| date_of_day(i64::from(day))),
                years: view.case.retention().map(|(years, _)| years),
                line: self.line(&view),
            });
        }
        Ok((lines, next))
    }

    /// A page of sealed cases, the first sealed first, and where the next page begins.
    ///
    /// # Errors
    /// [`ActError::BadCursor`] for a cursor that is not ours, or when the disk says no.
    pub fn sealed_cases(
        &self,
        after: Option<&str>,
        count: usize,
    ) -> Result<(Vec<SealedLine>, Option<String>), ActError> {
        let tx = self.engine().read()?;
        let (ids, next) = page(&*tx, &List { view: SEALED, prefix: &[], rest: 20 }, after, count)?;
        let mut lines = Vec::new();
        for id in ids.into_iter().map(CaseId) {
            let view = self.view_any(&*tx, &self.reference(), id, super::TruthMark::Saved)?;
            lines.push(SealedLine {
                id,
                number: view.case.number().unwrap_or_default().to_owned(),
                item: view.version.map(|version| version.name).unwrap_or_default(),
                on: view.case.sealed.as_ref().map(|sealed| sealed.what.on),
                by: view.case.sealed.map(|sealed| sealed.mark.stamp.name).unwrap_or_default(),
            });
        }
        Ok((lines, next))
    }

    /// How many finished cases there are of each sort.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn file_counts(&self) -> Result<FileCounts, ActError> {
        let tx = self.engine().read()?;
        let today = u32::try_from(day_number(self.today())).unwrap_or(0);
        let mut counts = FileCounts { sealed: rows::count(&*tx, SEALED, &[])?, ..FileCounts::default() };
        for (front, count) in tally::of(&*tx, ARCHIVE, &[])? {
            if front.first() == Some(&0) {
                counts.to_file += count;
                continue;
            }
            counts.filed += count;
            counts.expired += if until(&front) < today { count } else { 0 };
        }
        Ok(counts)
    }

    /// Whether a case is sealed.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn is_sealed(&self, id: CaseId) -> Result<bool, ActError> {
        crate::views::is_sealed(&*self.engine().read()?, &id.0)
    }
}

/// The day of a key there.
fn until(key: &[u8]) -> u32 {
    key.get(1..).and_then(|rest| rest.first_chunk()).map_or(0, |day| u32::from_be_bytes(*day))
}

/// Refuses what is sealed.
pub(crate) fn unsealed<R: ReadTx + ?Sized>(tx: &R, id: CaseId) -> Result<(), ActError> {
    if crate::views::is_sealed(tx, &id.0)? { Err(sealed_refusal().into()) } else { Ok(()) }
}
