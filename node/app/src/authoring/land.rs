//! Items from a workbook: what they would change, and all of it or nothing.

use super::{draft, publish, reason};
use crate::cases::once;
use crate::commit::{Job, Said};
use crate::{ActError, Node, Who};
use model::Date;
use model::item::Version;
use model::item::table::compare;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What would become of an item of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// There is no such item yet.
    New,
    /// So many fields differ from its newest version.
    Changed(usize),
    /// It says what the newest version says: nothing is done.
    Same,
}

/// An item of a workbook, and what would become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Its code.
    pub code: String,
    /// Its name in the workbook.
    pub name: String,
    /// What would become of it.
    pub fate: Fate,
    /// A draft of it is under way here; landing drafts would replace it.
    pub drafted: bool,
}

/// How the items of a workbook come in.
#[derive(Debug, Clone)]
pub enum Landing {
    /// As drafts, to be looked at one by one.
    Drafts,
    /// Published at once.
    Publish {
        /// In force from.
        effective: Option<Date>,
        /// What changed and why.
        note: String,
        /// “仍要发布” and why, where the checks warn.
        despite: bool,
        /// Why all the same.
        why: String,
    },
}

fn fate(newest: Option<&Version>, version: &Version) -> Fate {
    match newest.map(|newest| compare(newest, version).len()) {
        None => Fate::New,
        Some(0) => Fate::Same,
        Some(count) => Fate::Changed(count),
    }
}

impl Node {
    /// What landing these items would change.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn plan_landing(&self, versions: &[Version]) -> Result<Vec<Planned>, ActError> {
        let reference = self.reference();
        let drafts = self.item_drafts()?;
        let planned = versions.iter().map(|version| {
            let newest = reference.catalogue.item(&version.code).and_then(|item| item.versions.last());
            Planned {
                code: version.code.clone(),
                name: version.name.clone(),
                fate: fate(newest, version),
                drafted: drafts.iter().any(|draft| draft.code == version.code),
            }
        });
        Ok(planned.collect())
    }

    /// Takes the items of a workbook in, all or none; those that say nothing new are passed over. `done` counts them as
    /// they are written. Gives how many came in.
    ///
    /// # Errors
    /// [`ActError::Refused`] when a date or a reason is missing or a check says no; on a station; when the disk says no.
    pub fn land_items(
        &self,
        who: &Who,
        versions: Arc<Vec<Version>>,
        landing: Landing,
        done: Arc<AtomicUsize>,
    ) -> Result<usize, ActError> {
        self.only_centre()?;
        let who = who.clone();
        self.commit(move |job| {
            if once::done_before(job)? {
                return Ok(0);
            }
            let mut landed = 0;
            for version in versions.iter() {
                landed += usize::from(land(job, &who, version, &landing)?);
                done.fetch_add(1, Ordering::Relaxed);
            }
            once::remember(job)?;
            let act = if matches!(landing, Landing::Drafts) {
                "导入事项草稿"
            } else {
                "导入并发布事项"
            };
            job.audit(&who, &Said { act, detail: format!("{landed} 项") }, None)?;
            Ok(landed)
        })
    }
}

fn land(job: &mut Job<'_>, who: &Who, version: &Version, landing: &Landing) -> Result<bool, ActError> {
    let reference = job.node.reference();
    let newest = reference.catalogue.item(&version.code).and_then(|item| item.versions.last());
    if fate(newest, version) == Fate::Same {
        return Ok(false);
    }
    let base = newest.map_or(0, |newest| newest.version);
    match landing {
        Landing::Drafts => draft::put(job, version, base)?,
        Landing::Publish { effective, note, despite, why } => {
            let day = publish::effective_day(*effective, job.node.today())?;
            let words = reason(note, "note", "发布说明", true)?;
            let said = publish::Publishing {
                effective: Some(day),
                note: words.clone(),
                despite: *despite,
                why: why.clone(),
            };
            let mut deed = publish::deed(job, who, words);
            (deed.version, deed.on) = (base + 1, day);
            let version = Version { version: base + 1, effective: day, retired: None, ..version.clone() };
            (deed.warned, deed.despite) = publish::judged(&version, &said)?;
            publish::write(job, &publish::Ready { version, deed })?;
        }
    }
    Ok(true)
}
