//! Where a record is: from the centre's signed receipt and from what others hold durably, never from a link's state.

use super::{CaseId, on_the_way};
use crate::admission::receipt;
use crate::views::{BY_DAY, lacking, tally};
use crate::{ActError, Node, views};
use identity::{Lane, LogId, StationNo};
use std::collections::{BTreeMap, BTreeSet};
use store::engine::ReadTx;
use store::journal::{self, Place};
use store::{logs, origin};
use sync::BlobName;
use sync::truth::{Confirmed, Truth, truth};

/// Where a record is, for a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TruthMark {
    /// 本机已存.
    Saved,
    /// 在途: another box or a courier holds it durably.
    InTransit,
    /// 中心已回执.
    Received,
    /// 中心未采纳, with admission's reason.
    NotAdopted(u8),
    /// 材料 3/5 在途: the record is at the centre, so many of its photos are.
    Missing(usize, usize),
    /// A case that was practised on: it never leaves this box.
    Drill,
    /// This is the centre: what it shows is on its own disk, photos included.
    Here,
}

impl TruthMark {
    /// The word on screen.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Saved => "本机已存".to_owned(),
            Self::InTransit => "在途".to_owned(),
            Self::Received => "中心已回执".to_owned(),
            Self::NotAdopted(_) => "中心未采纳".to_owned(),
            Self::Missing(present, total) => format!("材料 {present}/{total} 在途"),
            Self::Drill => "只在演练里".to_owned(),
            Self::Here => "中心已存".to_owned(),
        }
    }
}

/// How many records are where. Each is counted once; none is called received that the centre has not adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TruthCounts {
    /// 本机已存.
    pub saved: usize,
    /// 在途, photos included.
    pub in_transit: usize,
    /// 中心未采纳: the centre holds an entry of it and did not take it up.
    pub not_adopted: usize,
    /// 中心已回执.
    pub received: usize,
    /// Not looked at, because too much waits: each other figure then says "at least".
    pub uncounted: usize,
}

/// The record that waits longest for a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Oldest {
    /// Which.
    pub id: CaseId,
    /// When it was last written, seconds since 1970.
    pub wall: i64,
}

/// Cases that the centre has not signed for.
#[derive(Default)]
struct Waiting {
    docs: BTreeSet<[u8; 16]>,
    /// The first of each log: a log is in the order of writing, so the one that waits longest is among them, and a
    /// page need not open every document to find it.
    first: BTreeSet<[u8; 16]>,
    /// Covered by the receipt, and named in it as not adopted.
    held: BTreeSet<[u8; 16]>,
    /// Covered by the receipt, which names photos of it as missing at the centre.
    incomplete: BTreeSet<[u8; 16]>,
    /// Entries that were not looked at.
    unread: usize,
}

/// The journal is walked this far in each log for records without a receipt; a box that has more says "at least".
const WALK_MAX: usize = 20_000;

impl Node {
    /// The present centre's newest word to this station.
    pub(crate) fn confirmed(&self, tx: &dyn ReadTx) -> Result<Option<Confirmed>, ActError> {
        let receipt = receipt::valid(tx, &self.membership(), self.station())?;
        Ok(receipt.map(|receipt| Confirmed::new(receipt, &self.device(), &self.holdings())))
    }

    pub(crate) fn truth_of(&self, tx: &dyn ReadTx, id: CaseId) -> Result<TruthMark, ActError> {
        self.mark(tx, id, self.confirmed(tx)?.as_ref())
    }

    /// Where one case is by the centre's newest word, which a page reads once for all its cases.
    pub(crate) fn mark(
        &self,
        tx: &dyn ReadTx,
        id: CaseId,
        confirmed: Option<&Confirmed>,
    ) -> Result<TruthMark, ActError> {
        if self.is_drill() {
            return Ok(TruthMark::Drill);
        }
        if self.station() == StationNo::CENTRE {
            let lacks = lacking::of(tx, &id.0)?;
            if lacks.is_empty() {
                return Ok(TruthMark::Here);
            }
            let is_lacking =
                |name: &BlobName| lacks.iter().flat_map(|lacks| &lacks.all).any(|lack| lack.name == *name);
            let (present, total) = on_the_way::counted(tx, &id.0, &is_lacking)?;
            return Ok(TruthMark::Missing(present, total));
        }
        let mut own = origin::get(tx, &id.0)?;
        if own.is_empty() {
            // everything of it came from the centre's journal
            return Ok(TruthMark::Here);
        }
        if own.iter().any(|(log, _)| log.lane != Lane::LOCAL) {
            own.retain(|(log, _)| log.lane != Lane::LOCAL);
        }
        let blobs = on_the_way::named(tx, &id.0)?;
        Ok(match truth(&own, &blobs, confirmed, &|log: &LogId| self.relayed_up_to(log)) {
            Truth::Saved => TruthMark::Saved,
            Truth::InTransit => TruthMark::InTransit,
            Truth::Received => TruthMark::Received,
            Truth::NotAdopted(reason) => TruthMark::NotAdopted(reason),
            Truth::Missing { .. } => {
                let missing = confirmed.map(|confirmed| confirmed.receipt().missing.as_slice());
                let is_missing =
                    |name: &BlobName| missing.is_some_and(|missing| missing.binary_search(name).is_ok());
                let (present, total) = on_the_way::counted(tx, &id.0, &is_missing)?;
                TruthMark::Missing(present, total)
            }
        })
    }

    /// How many of this station's cases are where, and which waits longest for a receipt.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn truth_counts(&self) -> Result<(TruthCounts, Option<Oldest>), ActError> {
        if self.is_drill() {
            // nothing of it waits for a receipt
            return Ok((self.truth_tally()?, None));
        }
        let tx = self.engine().read()?;
        let confirmed = self.confirmed(&*tx)?;
        let waiting = self.without_receipt(&*tx, confirmed.as_ref(), WALK_MAX)?;
        let counts = self.count(&*tx, confirmed.as_ref(), &waiting)?;
        let reference = self.reference();
        let written = waiting.first.into_iter().map(CaseId).map(|id| {
            let view = self.view_case(&*tx, &reference, id).ok();
            let last =
                view.and_then(|view| view.case.timeline.iter().map(|entry| entry.mark.stamp.wall).max());
            Oldest { id, wall: last.unwrap_or(0) }
        });
        Ok((counts, written.min_by_key(|oldest| oldest.wall)))
    }

    /// How many are where, without opening any case.
    pub(crate) fn truth_tally(&self) -> Result<TruthCounts, ActError> {
        self.truth_tally_of(WALK_MAX)
    }

    /// [`Node::truth_tally`] that walks each log no further than `walk` entries.
    pub(super) fn truth_tally_of(&self, walk: usize) -> Result<TruthCounts, ActError> {
        let tx = self.engine().read()?;
        let confirmed = self.confirmed(&*tx)?;
        let waiting = self.without_receipt(&*tx, confirmed.as_ref(), walk)?;
        self.count(&*tx, confirmed.as_ref(), &waiting)
    }

    fn count(
        &self,
        tx: &dyn ReadTx,
        confirmed: Option<&Confirmed>,
        waiting: &Waiting,
    ) -> Result<TruthCounts, ActError> {
        let total = usize::try_from(tally::sum(tx, BY_DAY, &[])?).unwrap_or(usize::MAX);
        if self.is_drill() {
            return Ok(TruthCounts { saved: total, ..TruthCounts::default() });
        }
        if self.is_centre() {
            return Ok(TruthCounts { received: total, ..TruthCounts::default() });
        }
        let mut counts = TruthCounts { not_adopted: waiting.held.len(), ..TruthCounts::default() };
        counts.in_transit += waiting.incomplete.len();
        for doc in &waiting.docs {
            match self.mark(tx, CaseId(*doc), confirmed)? {
                TruthMark::InTransit => counts.in_transit += 1,
                TruthMark::Saved
                | TruthMark::Received
                | TruthMark::NotAdopted(_)
                | TruthMark::Missing(..)
                | TruthMark::Drill
                | TruthMark::Here => counts.saved += 1,
            }
        }
        let mut own = 0;
        for doc in waiting.docs.iter().chain(&waiting.held).chain(&waiting.incomplete) {
            own += usize::from(views::is_counted(tx, doc)?);
        }
        let rest = total.saturating_sub(own);
        // each entry that was not read may be the one for which its case waits
        counts.uncounted = rest.min(waiting.unread);
        counts.received = rest - counts.uncounted;
        Ok(counts)
    }

    /// Cases with an entry of this box that the receipt does not cover, or that it names as not adopted.
    fn without_receipt(
        &self,
        tx: &dyn ReadTx,
        confirmed: Option<&Confirmed>,
        walk: usize,
    ) -> Result<Waiting, ActError> {
        let mut waiting = Waiting::default();
        let cases = records::DocKind::Case.number();
        for head in self.holdings().heads().filter(|head| head.log.device == self.device()) {
            let Some(held) = logs::get(tx, &head.log)? else { continue };
            let covered = confirmed.map_or(0, |confirmed| covered_up_to(confirmed, &head.log, head.seq));
            if covered == head.seq {
                continue;
            }
            let entries = journal::read(tx, held.index, covered + 1, walk, usize::MAX)?;
            let unread = usize::try_from(head.seq - covered).unwrap_or(usize::MAX) - entries.len();
            waiting.unread = waiting.unread.saturating_add(unread);
            let docs =
                entries.iter().map(|stored| &stored.entry.header).filter(|header| header.kind == cases);
            let docs: Vec<_> = docs.map(|header| header.doc).collect();
            waiting.first.extend(docs.first());
            waiting.docs.extend(docs);
        }
        for named in confirmed.iter().flat_map(|confirmed| &confirmed.receipt().held) {
            let Some(held) = logs::get(tx, &named.log)? else { continue };
            let stored = journal::get(tx, &Place { log: held.index, seq: named.seq })?;
            let header = stored.map(|stored| stored.entry.header).filter(|header| header.kind == cases);
            waiting.held.extend(header.map(|header| header.doc).filter(|doc| !waiting.docs.contains(doc)));
        }
        if let Some(confirmed) = confirmed {
            self.note_incomplete(tx, confirmed, &mut waiting)?;
        }
        Ok(waiting)
    }
}

impl Node {
    /// Cases whose records the centre has, and not all their photos.
    fn note_incomplete(
        &self,
        tx: &dyn ReadTx,
        confirmed: &Confirmed,
        waiting: &mut Waiting,
    ) -> Result<(), ActError> {
        let mut first: BTreeMap<LogId, (u64, [u8; 16])> = BTreeMap::new();
        for doc in on_the_way::documents(tx, &confirmed.receipt().missing)? {
            if waiting.docs.contains(&doc) || waiting.held.contains(&doc) {
                continue;
            }
            let own = origin::get(tx, &doc)?;
            if own.is_empty() {
                continue;
            }
            waiting.incomplete.insert(doc);
            for (log, seq) in own {
                let before = first.entry(log).or_insert((seq, doc));
                *before = (*before).min((seq, doc));
            }
        }
        waiting.first.extend(first.into_values().map(|(_, doc)| doc));
        Ok(())
    }
}

/// The last entry a receipt covers: what it covers is a prefix.
fn covered_up_to(confirmed: &Confirmed, log: &LogId, top: u64) -> u64 {
    let (mut low, mut high) = (0, top);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if confirmed.covers(log, middle) { low = middle } else { high = middle - 1 }
    }
    low
}
