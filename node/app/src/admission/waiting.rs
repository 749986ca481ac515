//! What waits: entries that are stored and not applied. Counted for people, named in receipts, and bounded for each
//! writer, so that a member that sends what nobody can apply fills no disk.

use super::{Halt, Intake, reason};
use crate::{ActError, Node, limit};
use identity::{DeviceId, LogId, StationNo};
use std::collections::BTreeMap;
use store::engine::ReadTx;
use store::journal::State;
use store::waiting::{self, Waits};
use store::{journal, logs};
use sync::{Outcome, Reason, SegmentHeader};

/// How much of one writer waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Load {
    entries: u64,
    bytes: u64,
}

impl Load {
    /// Over the quota, and by more than before: what makes things better is always taken, so that two writers who wait for
    /// each other come free.
    fn is_too_much_after(&self, before: Self) -> bool {
        (self.entries > limit::WAITING_ENTRIES && self.entries > before.entries)
            || (self.bytes > limit::WAITING_BYTES && self.bytes > before.bytes)
    }
}

/// How many entries of one writer wait here, for pages and figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingCount {
    /// The writer's number on the membership list; none for one that is not on it.
    pub station: Option<StationNo>,
    /// Entries whose predecessors are missing.
    pub parked: u64,
    /// Entries with a fault.
    pub held: u64,
    /// Bytes of both.
    pub bytes: u64,
}

/// One entry that waits here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingLine {
    /// The writer's number on the membership list; none for one that is not on it.
    pub station: Option<StationNo>,
    /// Its document.
    pub doc: [u8; 16],
    /// Its number in its log.
    pub seq: u64,
    /// Why: see [`reason`].
    pub reason: u8,
}

/// Why an entry is not applied; none when it is.
pub(super) fn reason_of(state: State) -> Option<u8> {
    match state {
        State::Applied => None,
        State::Parked => Some(reason::WAITS),
        State::Held { reason } => Some(reason),
    }
}

/// Everything that waits, each with its log.
pub(super) fn all<R: ReadTx + ?Sized>(tx: &R) -> Result<Vec<(LogId, Waits)>, ActError> {
    let mut names: BTreeMap<logs::LogIndex, LogId> = BTreeMap::new();
    let mut found = Vec::new();
    for waits in waiting::all(tx)? {
        let index = waits.place.log;
        let log = match names.get(&index) {
            Some(log) => *log,
            None => *names.entry(index).or_insert(logs::named(tx, index)?),
        };
        found.push((log, waits));
    }
    Ok(found)
}

/// How much waits, by writer.
pub(super) fn loads<R: ReadTx + ?Sized>(tx: &R) -> Result<BTreeMap<DeviceId, Load>, ActError> {
    let mut loads: BTreeMap<DeviceId, Load> = BTreeMap::new();
    for (log, waits) in all(tx)? {
        let load = loads.entry(log.device).or_default();
        load.entries += 1;
        load.bytes += waits.bytes;
    }
    Ok(loads)
}

impl Intake<'_, '_> {
    /// Nothing of a batch counts when it leaves more waiting of a writer than that writer may have waiting.
    pub(super) fn keep_quota(&self) -> Result<(), Halt> {
        let mut over = loads(&*self.job.tx)?;
        over.retain(|writer, load| {
            let before = self.waited.get(writer).copied().unwrap_or_default();
            self.came.contains(writer) && load.is_too_much_after(before)
        });
        if over.is_empty() { Ok(()) } else { Err(Halt::OverQuota(over.into_keys().collect())) }
    }

    /// The log stops here until something of its writer's is applied; other writers go on.
    pub(super) fn turn_away(&self, header: &SegmentHeader) -> Outcome {
        let load = self.waited.get(&header.log.device).copied().unwrap_or_default();
        tracing::warn!(
            log = ?header.log,
            first = header.first,
            waiting_entries = load.entries,
            waiting_bytes = load.bytes,
            "segment turned away: too much of its writer waits unapplied"
        );
        Outcome::Refused(Reason::Full)
    }
}

impl Node {
    /// How many entries wait here, by writer: those who have none are left out.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn waiting_counts(&self) -> Result<Vec<WaitingCount>, ActError> {
        let tx = self.engine().read()?;
        let mut counts: BTreeMap<DeviceId, WaitingCount> = BTreeMap::new();
        for (log, waits) in all(&*tx)? {
            let station = self.station_of(&log.device);
            let none = WaitingCount { station, parked: 0, held: 0, bytes: 0 };
            let count = counts.entry(log.device).or_insert(none);
            if waits.state == State::Parked {
                count.parked += 1
            } else {
                count.held += 1
            }
            count.bytes += waits.bytes;
        }
        Ok(counts.into_values().collect())
    }

    /// The first `count` entries that wait here, by document.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn waiting_lines(&self, count: usize) -> Result<Vec<WaitingLine>, ActError> {
        let tx = self.engine().read()?;
        let mut lines = Vec::new();
        for (doc, place) in waiting::page(&*tx, None, count)? {
            let Some(stored) = journal::get(&*tx, &place)? else { continue };
            let Some(reason) = reason_of(stored.state) else { continue };
            let writer = logs::named(&*tx, place.log)?.device;
            lines.push(WaitingLine { station: self.station_of(&writer), doc, seq: place.seq, reason });
        }
        Ok(lines)
    }

    fn station_of(&self, device: &DeviceId) -> Option<StationNo> {
        self.membership().writer(device).map(|writer| writer.station)
    }
}
