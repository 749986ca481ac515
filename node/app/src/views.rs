//! Index rows: derived from documents in the same commit, rebuildable, never personal. Names on a list are opened from
//! the documents of the page that is shown.

mod derive;
pub(crate) mod lacking;
pub(crate) mod matters;
pub(crate) mod packed;
pub(crate) mod page;
pub(crate) mod renew;
pub(crate) mod shared;
pub(crate) mod taken;
pub(crate) mod tally;
pub(crate) mod twins;

use crate::cases::CaseId;
use crate::commit::Job;
use crate::{ActError, Node, limit};
use canon::{Reader, Writer};
use derive::{Told, derive};
use identity::{Lane, StationNo};
use model::case::Turn;
use model::record::Record;
use model::station::CENTRE;
use records::{DocId, DocKind, DocRef, Document};
use std::sync::Arc;
use store::documents::{self, DocId as Doc};
use store::engine::{Direction, ReadTx, WriteTx};
use store::rows::{self, Page, View};
use store::{journal, logs, meta};

/// Document → whose it is, and the keys of its rows elsewhere.
const OF_DOC: View = View(0);
/// Kind, document: items, authorities, profiles.
const BY_KIND: View = View(1);
/// Due day, when the papers were taken, document: every case somebody still has to do something about.
pub(crate) const OPEN: View = View(2);
/// Whose turn, due day, when the papers were taken, document.
pub(crate) const BY_TURN: View = View(3);
/// Case number → document.
pub(crate) const BY_NUMBER: View = View(4);
/// Day the papers were taken, document.
pub(crate) const BY_DAY: View = View(5);
/// Drafts, the last touched first.
const DRAFTS: View = View(6);

/// Due day, when the papers were taken, document: cases that wait for a person's ruling.
pub(crate) const TROUBLES: View = View(8);
/// Item, month, document: what was asked for here.
const TAKEN: View = View(9);
/// Last day of a 公示 that stands, document.
pub(crate) const POSTED: View = View(11);
/// Item code → its draft at the centre.
pub(crate) const ITEM_DRAFTS: View = View(20);
/// Kind, day, document: what is owed after acceptance.
pub(crate) const OWED: View = View(22);
/// Finished cases: 0 to be filed by the day they ended, 1 filed by the last day they are kept; day, document.
pub(crate) const ARCHIVE: View = View(23);
/// Day, document: sealed cases. They have no other row.
pub(crate) const SEALED: View = View(26);
/// Whose desk (0 a station's, 1 the centre's), day since when, document: cases to be copied into an outside system.
pub(crate) const TRANSCRIBE: View = View(25);
/// Drafts that trips brought back, keyed as [`DRAFTS`].
const BROUGHT: View = View(27);
/// Of the rows as [`derive`] makes them: a box whose rows are of another version makes them anew when it starts.
const ROWS_VERSION: u8 = 10;
/// Where that stands in `meta`.
const ROWS: &str = "rows";

/// Bytes of a key there: order, document.
const DRAFT_KEY: usize = 24;

/// No due date sorts last.
const NO_DUE: u32 = u32::MAX;
const KEY_MAX: usize = 64;
const ROWS_MAX: usize = 32;

/// Whose turn it is, as rows sort it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hands {
    /// The station's.
    Station = 0,
    /// The centre's.
    Centre = 1,
    /// A body's outside the mesh.
    Outside = 2,
    /// The resident's.
    Applicant = 3,
    /// Nobody's: all is done.
    Nobody = 4,
    /// Another village's, as this station sees it.
    Elsewhere = 5,
}

impl Hands {
    /// As a box of station `here` sees it: to the centre every village's turn is a station's.
    #[must_use]
    pub fn of(turn: &Turn, here: u16) -> Self {
        match turn {
            Turn::Station(station) if here != CENTRE && *station != here => Self::Elsewhere,
            Turn::Station(_) => Self::Station,
            Turn::Centre => Self::Centre,
            Turn::Outside(_) => Self::Outside,
            Turn::Applicant => Self::Applicant,
            Turn::Nobody => Self::Nobody,
        }
    }
}

/// What is owed after acceptance, as rows sort it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owed {
    /// 容缺 papers, by the day until which they come.
    Deferral = 1,
    /// Promises to be looked into, by the day the papers were taken.
    Promise = 2,
    /// 待核验, by the day the papers were taken.
    Verify = 3,
    /// A false promise without a repair; no day.
    Bar = 4,
}

impl Owed {
    pub(crate) fn key(self, day: u32, doc: &Doc) -> Vec<u8> {
        [&[self as u8][..], &day.to_be_bytes(), doc].concat()
    }
}

pub use shared::Crossed;

type Row = (View, Vec<u8>, Vec<u8>);

struct Kept {
    owner: StationNo,
    keys: Vec<(View, Vec<u8>)>,
}

/// The key under which a document stands in a view, where it does.
pub(crate) fn kept_key<R: ReadTx + ?Sized>(
    tx: &R,
    doc: &Doc,
    view: View,
) -> Result<Option<Vec<u8>>, ActError> {
    let kept = kept(tx, doc)?;
    Ok(kept.and_then(|kept| kept.keys.into_iter().find(|(of, _)| *of == view)).map(|(_, key)| key))
}

fn kept<R: ReadTx + ?Sized>(tx: &R, doc: &Doc) -> Result<Option<Kept>, ActError> {
    let Some(row) = rows::get(tx, OF_DOC, doc)? else { return Ok(None) };
    let read = || {
        let mut from = Reader::new(&row);
        let owner = StationNo::new(from.u64()?).unwrap_or(StationNo::CENTRE);
        let mut keys = Vec::new();
        for _ in 0..from.count(ROWS_MAX)? {
            keys.push((View(from.u8()?), from.bytes(KEY_MAX)?.to_vec()));
        }
        Ok::<_, canon::Malformed>(Kept { owner, keys })
    };
    read().map(Some).map_err(|_| ActError::Damaged("rows"))
}

/// Whose document it is; the centre's when it is not known.
pub(crate) fn owner<R: ReadTx + ?Sized>(tx: &R, doc: &Doc) -> Result<StationNo, ActError> {
    Ok(kept(tx, doc)?.map_or(StationNo::CENTRE, |kept| kept.owner))
}

/// Whose document it is; none when it has no rows here.
pub(crate) fn owner_of<R: ReadTx + ?Sized>(tx: &R, doc: &Doc) -> Result<Option<StationNo>, ActError> {
    Ok(kept(tx, doc)?.map(|kept| kept.owner))
}

/// Whether the document is a draft of this box.
pub(crate) fn is_draft<R: ReadTx + ?Sized>(tx: &R, doc: &Doc) -> Result<bool, ActError> {
    Ok(kept(tx, doc)?.is_some_and(|kept| {
        kept.keys.iter().any(|(view, key)| *view == DRAFTS || packed::is_sister(*view, key))
    }))
}

/// Whether a case counts among those that were taken in here.
pub(crate) fn is_counted<R: ReadTx + ?Sized>(tx: &R, doc: &Doc) -> Result<bool, ActError> {
    Ok(kept(tx, doc)?.is_some_and(|kept| kept.keys.iter().any(|(view, _)| *view == BY_DAY)))
}

/// Whether the document is a sealed case.
pub(crate) fn is_sealed<R: ReadTx + ?Sized>(tx: &R, doc: &Doc) -> Result<bool, ActError> {
    Ok(kept(tx, doc)?.is_some_and(|kept| kept.keys.iter().any(|(view, _)| *view == SEALED)))
}

/// Brings the rows of a document up to what it now says.
pub(crate) fn update(
    job: &mut Job<'_>,
    at: DocRef,
    owner: StationNo,
    record: &Record,
    lane: Lane,
) -> Result<(), ActError> {
    // a draft of an item is in force nowhere
    if !matches!(at.kind, DocKind::Case | DocKind::Matter | DocKind::Erasure) && lane != Lane::LOCAL {
        job.fresh.reference = true;
    }
    let owner = if at.kind == DocKind::Matter { matters::owner(record, owner) } else { owner };
    // only cases are folded along their items; the hundreds of documents of a catalogue do not ask for it one by one
    let reference = if at.kind == DocKind::Case { job.node.reference() } else { Arc::default() };
    // Every commit changes it: read only where it is needed, or no work ahead of a commit would ever stand.
    let draft = lane == Lane::LOCAL || is_draft(&*job.tx, &at.id.0)?;
    let order = if draft { store::engine::commit_number(&*job.tx)? } else { 0 };
    let here = job.node.station().0;
    let rows = derive(at, record, &reference, Told { lane, order, here });
    replace(job.tx, &at.id.0, owner, rows)
}

/// Takes every row of a document away.
pub(crate) fn remove<W: WriteTx + ?Sized>(tx: &mut W, doc: &Doc) -> Result<(), ActError> {
    for (view, key) in kept(tx, doc)?.map(|kept| kept.keys).unwrap_or_default() {
        rows::remove(tx, view, &key)?;
        tally::went(tx, view, &key)?;
    }
    twins::leave(tx, doc)?;
    Ok(rows::remove(tx, OF_DOC, doc)?)
}

fn replace<W: WriteTx + ?Sized>(
    tx: &mut W,
    doc: &Doc,
    owner: StationNo,
    new: Vec<Row>,
) -> Result<(), ActError> {
    let before = kept(tx, doc)?;
    let owner = before.as_ref().map_or(owner, |kept| kept.owner);
    let keys = before.map(|kept| kept.keys).unwrap_or_default();
    let new = lacking::only_lacking(tx, doc, owner, new)?;
    for (view, key) in &keys {
        if !new.iter().any(|(other, same, _)| other == view && same == key) {
            rows::remove(tx, *view, key)?;
            tally::went(tx, *view, key)?;
        }
    }
    for (view, key, row) in &new {
        rows::put(tx, *view, key, row)?;
        if !keys.iter().any(|(other, same)| other == view && same == key) {
            tally::came(tx, *view, key)?;
        }
    }
    let own = write_kept(owner, new.iter().map(|(view, key, _)| (view, key)));
    Ok(rows::put(tx, OF_DOC, doc, &own)?)
}

fn write_kept<'k>(owner: StationNo, keys: impl ExactSizeIterator<Item = (&'k View, &'k Vec<u8>)>) -> Vec<u8> {
    let mut own = Writer::new();
    own.u64(u64::from(owner.0)).u64(keys.len() as u64);
    for (view, key) in keys {
        own.u8(view.0).bytes(key);
    }
    own.into_bytes()
}

fn tail(key: &[u8]) -> Option<Doc> {
    key.last_chunk::<16>().copied()
}

/// The documents of a reference kind.
pub(crate) fn of_kind<R: ReadTx + ?Sized>(tx: &R, kind: DocKind) -> Result<Vec<Doc>, ActError> {
    let prefix = [kind.number()];
    let page = Page { prefix: &prefix, after: None, direction: Direction::Ascending, count: usize::MAX };
    Ok(rows::page(tx, BY_KIND, &page)?.iter().filter_map(|(key, _)| tail(key)).collect())
}

/// Drafts, the last touched first, and where the next page begins.
pub(crate) fn drafts<R: ReadTx + ?Sized>(
    tx: &R,
    after: Option<&[u8]>,
    count: usize,
) -> Result<(Vec<Doc>, Option<Vec<u8>>), ActError> {
    if after.is_some_and(|key| key.len() != DRAFT_KEY) {
        return Err(ActError::BadCursor);
    }
    let page = Page { prefix: &[], after, direction: Direction::Ascending, count: count + 1 };
    let mut found = rows::page(tx, DRAFTS, &page)?;
    let more = found.len() > count;
    found.truncate(count);
    let next = found.last().filter(|_| more).map(|(key, _)| key.clone());
    Ok((found.iter().filter_map(|(key, _)| tail(key)).collect(), next))
}

/// The drafts that trips brought back, the last touched first.
pub(crate) fn brought<R: ReadTx + ?Sized>(tx: &R) -> Result<Vec<Doc>, ActError> {
    let page = Page { prefix: &[], after: None, direction: Direction::Ascending, count: limit::BROUGHT_MAX };
    Ok(rows::page(tx, BROUGHT, &page)?.iter().filter_map(|(key, _)| tail(key)).collect())
}

impl Node {
    /// Makes the rows anew where a box of another version made them.
    pub(crate) fn keep_rows(&self) -> Result<(), ActError> {
        let kept = meta::get(&*self.engine().read()?, ROWS)?;
        if kept.as_deref() == Some(&[ROWS_VERSION]) {
            return Ok(());
        }
        self.rebuild_rows()?;
        self.renew_receipts()
    }

    /// Makes every row anew from the documents: after an upgrade that changes a view, or a calendar that changes due dates.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn rebuild_rows(&self) -> Result<(), ActError> {
        self.commit(|job| {
            // References first: cases are folded along their items' routes.
            let reference = job.node.reference();
            let mut after = None;
            loop {
                let page = documents::page(job.tx, after.as_ref(), 256)?;
                let Some((last, _)) = page.last() else {
                    tally::recount(job.tx)?;
                    renew::done(job.tx, &reference.calendar)?;
                    return Ok(meta::put(job.tx, ROWS, &[ROWS_VERSION])?);
                };
                after = Some(*last);
                for (doc, stored) in page {
                    let Some(kind) = DocKind::from_number(stored.kind) else { continue };
                    let at = DocRef { id: DocId(doc), kind };
                    let document = Document::load(at, &stored.saved)?;
                    let book = crate::keyring::open(job.tx, job.node.bag(), &doc)?;
                    let record = records::read(&document, &book);
                    let lane = if is_local(job.tx, &doc)? { Lane::LOCAL } else { Lane::CASES };
                    let order = store::engine::commit_number(&*job.tx)?;
                    let owner = owner(job.tx, &doc)?;
                    let here = job.node.station().0;
                    let rows = derive(at, &record, &reference, Told { lane, order, here });
                    let draft = rows.iter().any(|(view, ..)| *view == DRAFTS);
                    if kind == DocKind::Case {
                        lacking::adopt(job.tx, &doc, &record)?;
                    }
                    replace(job.tx, &doc, owner, rows)?;
                    if kind == DocKind::Case {
                        twins::place(job, doc, &record)?;
                    }
                    let draft = draft || crate::cases::is_shared_draft(&record);
                    if kind == DocKind::Case && !draft {
                        for name in crate::commit::NUMBERS {
                            let numbers = record.cells.get(name).map(Vec::as_slice).unwrap_or_default();
                            job.index_person(CaseId(doc), numbers)?;
                        }
                        job.index_outside(CaseId(doc), &record)?;
                    }
                }
            }
        })
    }
}

fn is_local<R: ReadTx + ?Sized>(tx: &R, doc: &Doc) -> Result<bool, ActError> {
    for place in journal::of_doc(tx, doc)? {
        if logs::named(tx, place.log)?.lane != Lane::LOCAL {
            return Ok(false);
        }
    }
    Ok(true)
}
