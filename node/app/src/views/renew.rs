//! Due days of the rows after a calendar came: counted anew a few cases a commit, so that pages stay usable, and going on
//! where it stopped after a restart. What moved is kept until somebody has seen it.

#[cfg(test)]
mod tests;

use super::{Kept, NO_DUE, OF_DOC, OPEN, Told, derive, kept, replace};
use crate::commit::{Job, Said};
use crate::time::date_of_day;
use crate::{ActError, Node, Who};
use identity::Lane;
use model::Date;
use model::calendar::Calendar;
use records::{DocId, DocKind, DocRef, Document};
use std::sync::atomic::Ordering;
use store::documents::{self, DocId as Doc};
use store::engine::{Direction, ReadTx, WriteTx};
use store::meta;
use store::rows::{self, Page, View};

/// Document → due day before, due day now, u32 BE each: what calendars moved and nobody has seen.
const MOVED: View = View(10);
/// In `meta`: by which calendar the rows are counted.
const COUNTED_BY: &str = "rows calendar";
/// In `meta`: which calendar is being counted by, and the last document that was.
const PLACE: &str = "rows calendar place";
/// Rows looked at in one commit; most are of closed cases and cost nothing.
const SCANNED: usize = 512;
/// Cases counted anew in one commit: some tens of milliseconds on a small box.
const RENEWED: usize = 32;

/// A case whose due day a calendar moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Which.
    pub id: crate::cases::CaseId,
    /// Due day before; none when none was.
    pub before: Option<Date>,
    /// Due day now.
    pub now: Option<Date>,
}

fn mark(calendar: &Calendar) -> Vec<u8> {
    let hash = canon::hash("calendar of rows", |out| {
        out.u64(u64::from(calendar.hand_over().days));
        for year in calendar.notices() {
            out.i64(i64::from(year.year));
            for (kind, days) in [(0, &year.rest), (1, &year.work)] {
                out.u8(kind).u64(days.len() as u64);
                for day in days {
                    out.str(&day.to_string());
                }
            }
        }
        // what ships with the box changes with its version
        out.str(&calendar.last_builtin().to_string());
    });
    hash.get(..16).unwrap_or_default().to_vec()
}

/// Every row is counted by this calendar.
pub(super) fn done<W: WriteTx + ?Sized>(tx: &mut W, calendar: &Calendar) -> Result<(), ActError> {
    Ok(meta::put(tx, COUNTED_BY, &mark(calendar))?)
}

fn due_of(kept: &Kept) -> Option<u32> {
    let (_, key) = kept.keys.iter().find(|(view, _)| *view == OPEN)?;
    key.first_chunk().map(|day| u32::from_be_bytes(*day))
}

/// Where to go on: behind this document; none at the beginning.
fn place<R: ReadTx + ?Sized>(tx: &R, wanted: &[u8]) -> Result<Option<Vec<u8>>, ActError> {
    let kept = meta::get(tx, PLACE)?;
    Ok(kept.and_then(|kept| kept.strip_prefix(wanted).map(<[u8]>::to_vec)).filter(|doc| doc.len() == 16))
}

impl Node {
    /// Counts the due days of some more cases by the calendar in force. Gives whether there is more to do.
    ///
    /// # Errors
    /// When the disk says no; the next call goes on.
    pub fn renew_dues(&self) -> Result<bool, ActError> {
        // reading what is in force is what finds a new calendar
        let reference = self.reference();
        if !self.dues_stale().load(Ordering::Relaxed) {
            return Ok(false);
        }
        let wanted = mark(&reference.calendar);
        let held = meta::get(&*self.engine().read()?, COUNTED_BY)?;
        let more = held.as_deref() != Some(&wanted[..]) && self.commit(move |job| step(job, &wanted))?;
        if !more {
            // a calendar that came meanwhile says so itself
            self.dues_stale().store(false, Ordering::Relaxed);
            let now = mark(&self.reference().calendar);
            if meta::get(&*self.engine().read()?, COUNTED_BY)?.as_deref() != Some(&now[..]) {
                self.dues_stale().store(true, Ordering::Relaxed);
                return Ok(true);
            }
        }
        Ok(more)
    }

    /// Whether due days are still being counted anew.
    #[must_use]
    pub fn is_renewing(&self) -> bool {
        self.dues_stale().load(Ordering::Relaxed)
    }

    /// How many cases calendars moved since somebody looked, and the first of them.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn moved(&self, count: usize) -> Result<(u64, Vec<Moved>), ActError> {
        let tx = self.engine().read()?;
        let total = rows::count(&*tx, MOVED, &[])?;
        let page = Page { prefix: &[], after: None, direction: Direction::Ascending, count };
        let day = |bytes: Option<&[u8]>| {
            let day = bytes.and_then(|bytes| bytes.first_chunk()).map(|day| u32::from_be_bytes(*day));
            day.filter(|day| *day != NO_DUE).map(|day| date_of_day(i64::from(day)))
        };
        let line = |(key, row): (Vec<u8>, Vec<u8>)| {
            let id = crate::cases::CaseId(*key.last_chunk::<16>()?);
            Some(Moved { id, before: day(row.get(..4)), now: day(row.get(4..)) })
        };
        Ok((total, rows::page(&*tx, MOVED, &page)?.into_iter().filter_map(line).collect()))
    }

    /// Somebody has seen what moved.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn moved_seen(&self, who: &Who) -> Result<(), ActError> {
        let who = who.clone();
        self.commit(move |job| {
            let page = Page { prefix: &[], after: None, direction: Direction::Ascending, count: usize::MAX };
            let all = rows::page(&*job.tx, MOVED, &page)?;
            if all.is_empty() {
                return Ok(());
            }
            for (key, _) in all {
                rows::remove(job.tx, MOVED, &key)?;
            }
            job.audit(&who, &Said::new("看过到期日的变动"), None)
        })
    }
}

fn step(job: &mut Job<'_>, wanted: &[u8]) -> Result<bool, ActError> {
    let after = place(&*job.tx, wanted)?;
    let page = Page { prefix: &[], after: after.as_deref(), direction: Direction::Ascending, count: SCANNED };
    let found = rows::page(&*job.tx, OF_DOC, &page)?;
    let mut last = None;
    let mut renewed = 0;
    for (key, _) in &found {
        let Some(doc) = key.first_chunk::<16>().copied() else { continue };
        if renewed >= RENEWED {
            break;
        }
        last = Some(doc);
        let Some(before) = kept(&*job.tx, &doc)?.as_ref().and_then(due_of) else { continue };
        renewed += 1;
        renew(job, doc, before)?;
    }
    let Some(last) = last else {
        meta::put(job.tx, COUNTED_BY, wanted)?;
        meta::put(job.tx, PLACE, &[])?;
        return Ok(false);
    };
    meta::put(job.tx, PLACE, &[wanted, &last].concat())?;
    Ok(true)
}

fn renew(job: &mut Job<'_>, doc: Doc, before: u32) -> Result<(), ActError> {
    let Some(stored) = documents::get(job.tx, &doc)? else { return Ok(()) };
    let at = DocRef { id: DocId(doc), kind: DocKind::Case };
    let document = Document::load(at, &stored.saved)?;
    let reference = job.node.reference();
    let told = Told { lane: Lane::CASES, order: 0, here: job.node.station().0 };
    let rows = derive(at, &records::read_sealed(&document), &reference, told);
    let now = rows.iter().find(|(view, ..)| *view == OPEN).and_then(|(_, key, _)| key.first_chunk().copied());
    let owner = super::owner(&*job.tx, &doc)?;
    replace(job.tx, &doc, owner, rows)?;
    let Some(now) = now.map(u32::from_be_bytes).filter(|now| *now != before) else { return Ok(()) };
    // moved twice before anybody looked: from where it was first
    let first = rows::get(&*job.tx, MOVED, &doc)?.and_then(|row| row.first_chunk::<4>().copied());
    let first = first.unwrap_or(before.to_be_bytes());
    if first == now.to_be_bytes() {
        return Ok(rows::remove(job.tx, MOVED, &doc)?);
    }
    Ok(rows::put(job.tx, MOVED, &doc, &[first, now.to_be_bytes()].concat())?)
}
