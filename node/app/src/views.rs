//! Index rows: derived from documents in the same commit, rebuildable, never personal. Names on a list are opened from
//! the documents of the page that is shown.

pub(crate) mod matters;
pub(crate) mod packed;
pub(crate) mod renew;
pub(crate) mod taken;
pub(crate) mod tally;
pub(crate) mod twins;

use crate::cases::CaseId;
use crate::commit::Job;
use crate::reference::Reference;
use crate::time::day_number;
use crate::{ActError, Node, authoring};
use canon::{Reader, Writer};
use identity::{Lane, StationNo};
use model::case::{AnomalyKind, Case, Turn};
use model::record::Record;
use records::{DocId, DocKind, DocRef, Document};
use store::documents::{self, DocId as Doc};
use store::engine::{Direction, ReadTx, WriteTx};
use store::rows::{self, Page, View};
use store::{journal, logs, meta};

/// Document → whose it is, and the keys of its rows elsewhere.
const OF_DOC: View = View(0);
/// Kind, document: items, authorities, profiles.
const BY_KIND: View = View(1);
/// Due day, document: every case somebody still has to do something about.
pub(crate) const OPEN: View = View(2);
/// Whose turn, due day, document.
pub(crate) const BY_TURN: View = View(3);
/// Case number → document.
pub(crate) const BY_NUMBER: View = View(4);
/// Day the papers were taken, document.
pub(crate) const BY_DAY: View = View(5);
/// Drafts, the last touched first.
const DRAFTS: View = View(6);

/// Due day, document: cases that wait for a person's ruling.
pub(crate) const TROUBLES: View = View(8);
/// Item, month, document: what was asked for here.
const TAKEN: View = View(9);
/// Last day of a 公示 that stands, document.
pub(crate) const POSTED: View = View(11);
/// Item code → its draft at the centre.
pub(crate) const ITEM_DRAFTS: View = View(20);
/// Kind, day, document: what is owed after acceptance.
pub(crate) const OWED: View = View(22);
/// Of the rows as [`derive`] makes them: a box whose rows are of another version makes them anew when it starts.
const ROWS_VERSION: u8 = 8;
/// Where that stands in `meta`.
const ROWS: &str = "rows";

/// Bytes of a key there: order, document.
const DRAFT_KEY: usize = 24;

/// No due date sorts last.
const NO_DUE: u32 = u32::MAX;
const KEY_MAX: usize = 64;
const ROWS_MAX: usize = 16;

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
}

impl From<&Turn> for Hands {
    fn from(turn: &Turn) -> Self {
        match turn {
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

type Row = (View, Vec<u8>, Vec<u8>);

struct Kept {
    owner: StationNo,
    keys: Vec<(View, Vec<u8>)>,
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

/// Whether the document is a draft of this box.
pub(crate) fn is_draft<R: ReadTx + ?Sized>(tx: &R, doc: &Doc) -> Result<bool, ActError> {
    Ok(kept(tx, doc)?.is_some_and(|kept| {
        kept.keys.iter().any(|(view, key)| *view == DRAFTS || packed::is_sister(*view, key))
    }))
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
    if !matches!(at.kind, DocKind::Case | DocKind::Matter) && lane != Lane::LOCAL {
        job.fresh.reference = true;
    }
    let owner = if at.kind == DocKind::Matter { matters::owner(record, owner) } else { owner };
    let reference = job.node.reference();
    // Every commit changes it: read only where it is needed, or no work ahead of a commit would ever stand.
    let order = if lane == Lane::LOCAL { store::engine::commit_number(&*job.tx)? } else { 0 };
    let rows = derive(at, record, &reference, lane, order);
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
    for (view, key) in &keys {
        if !new.iter().any(|(other, same, _)| other == view && same == key) {
            rows::remove(tx, *view, key)?;
            tally::went(tx, *view, key)?;
        }
    }
    let mut own = Writer::new();
    own.u64(u64::from(owner.0)).u64(new.len() as u64);
    for (view, key, row) in &new {
        own.u8(view.0).bytes(key);
        rows::put(tx, *view, key, row)?;
        if !keys.iter().any(|(other, same)| other == view && same == key) {
            tally::came(tx, *view, key)?;
        }
    }
    Ok(rows::put(tx, OF_DOC, doc, own.as_bytes())?)
}

fn derive(at: DocRef, record: &Record, reference: &Reference, lane: Lane, order: u64) -> Vec<Row> {
    let doc = at.id.0;
    if let Some(row) = authoring::draft_row(at, record) {
        return vec![(ITEM_DRAFTS, row.0, row.1)];
    }
    if at.kind == DocKind::Matter {
        return matters::of_matter(&doc, record);
    }
    if at.kind == DocKind::Package && lane == Lane::LOCAL {
        let code = crate::packages::code_of_draft(record);
        return code.and_then(|code| packed::of_authored(&doc, code)).into_iter().collect();
    }
    if at.kind != DocKind::Case {
        return vec![(BY_KIND, [&[at.kind.number()], &doc[..]].concat(), Vec::new())];
    }
    if let Some(row) = packed::of_sister(&doc, record).filter(|_| lane == Lane::LOCAL) {
        return vec![row];
    }
    if lane == Lane::LOCAL {
        return vec![(DRAFTS, [&(u64::MAX - order).to_be_bytes()[..], &doc].concat(), Vec::new())];
    }
    let (case, anomalies) = Case::read(record, reference.version(Case::item_of(record).as_ref()));
    let due = case.due(&reference.calendar).and_then(|due| u32::try_from(day_number(due.date)).ok());
    let due = due.unwrap_or(NO_DUE).to_be_bytes();
    let hands = Hands::from(&case.turn());
    let mut rows = vec![(BY_TURN, [&[hands as u8][..], &due, &doc].concat(), Vec::new())];
    if hands != Hands::Nobody {
        rows.push((OPEN, [&due[..], &doc].concat(), vec![hands as u8]));
    }
    // what is only waiting for its item settles itself
    if !case.conflicts.is_empty() || anomalies.iter().any(|anomaly| anomaly.kind != AnomalyKind::NoItem) {
        rows.push((TROUBLES, [&due[..], &doc].concat(), Vec::new()));
    }
    if let Some(posted) =
        case.notice.as_ref().filter(|_| case.notice_ended.is_none() && case.outcome.is_none())
    {
        let until = u32::try_from(day_number(posted.what.until)).unwrap_or(0).to_be_bytes();
        rows.push((POSTED, [&until[..], &doc].concat(), Vec::new()));
    }
    rows.extend(owed(&case, &doc));
    if let Some(received) = &case.received {
        let day = u32::try_from(day_number(received.what.on)).unwrap_or(0).to_be_bytes();
        rows.push((BY_DAY, [&day[..], &doc].concat(), Vec::new()));
        let front = taken::front(&received.what.item, received.what.on);
        rows.push((TAKEN, [&front[..], &doc].concat(), Vec::new()));
        let number = received.what.number.as_bytes();
        if number.len() <= KEY_MAX {
            rows.push((BY_NUMBER, number.to_vec(), doc.to_vec()));
        }
    }
    matters::of_case(&doc, &case, due, hands, &mut rows);
    rows
}

fn owed(case: &Case, doc: &Doc) -> Vec<Row> {
    let number = |date| u32::try_from(day_number(date)).unwrap_or(0);
    let taken = case.received.as_ref().map_or(0, |received| number(received.what.on));
    let all = [
        (Owed::Deferral, case.deferral_due().map(number)),
        (Owed::Promise, case.awaits_check().then_some(taken)),
        (Owed::Verify, (!case.unverified().is_empty()).then_some(taken)),
        (Owed::Bar, case.bars().then_some(0)),
    ];
    let row = |(kind, day): (Owed, Option<u32>)| Some((OWED, kind.key(day?, doc), Vec::new()));
    all.into_iter().filter_map(row).collect()
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

impl Node {
    /// Makes the rows anew where a box of another version made them.
    pub(crate) fn keep_rows(&self) -> Result<(), ActError> {
        let kept = meta::get(&*self.engine().read()?, ROWS)?;
        if kept.as_deref() == Some(&[ROWS_VERSION]) {
            return Ok(());
        }
        self.rebuild_rows()
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
                    replace(job.tx, &doc, owner, derive(at, &record, &reference, lane, order))?;
                    if kind == DocKind::Case {
                        twins::place(job, doc, &record)?;
                    }
                    if kind == DocKind::Case && lane != Lane::LOCAL {
                        for name in crate::commit::NUMBERS {
                            let numbers = record.cells.get(name).map(Vec::as_slice).unwrap_or_default();
                            job.index_person(CaseId(doc), numbers)?;
                        }
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
