//! Which logs are held, and how far. A log gets a short local index, so that journal keys stay small; the index means
//! nothing on another box.

use crate::engine::{ReadTx, Span, Table, WriteTx, collect};
use crate::error::StoreError;
use crate::{counters, openings};
use canon::{Canon, Malformed, Reader, Writer};
use identity::{Head, Link, LogId};

/// Name of the counter that local indexes come from.
const INDEX_COUNTER: &str = "log index";

/// A log's number on this box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogIndex(pub u32);

/// A log that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldLog {
    /// Its number here.
    pub index: LogIndex,
    /// How far it has come; seq 0 when only its opening is held.
    pub head: Head,
    /// What its first link commits to.
    pub opening: [u8; 32],
}

struct Stored {
    index: u32,
    seq: u64,
    link: Link,
    opening: [u8; 32],
}

impl Canon for Stored {
    fn write(&self, out: &mut Writer) {
        out.u64(u64::from(self.index)).u64(self.seq).fixed(&self.link).fixed(&self.opening);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let index = u32::try_from(from.u64()?).map_err(|_| from.malformed("log index"))?;
        Ok(Self { index, seq: from.u64()?, link: from.fixed()?, opening: from.fixed()? })
    }
}

/// A log and how far it has come; `None` when it is not held.
///
/// # Errors
/// When the database fails or the value is malformed.
pub fn get<R: ReadTx + ?Sized>(tx: &R, log: &LogId) -> Result<Option<HeldLog>, StoreError> {
    let Some(bytes) = tx.get(Table::Logs, &log.to_canon())? else { return Ok(None) };
    held(*log, &bytes).map(Some)
}

/// The log of a local index.
///
/// # Errors
/// When the database fails, the value is malformed or the index is unknown.
pub fn named<R: ReadTx + ?Sized>(tx: &R, index: LogIndex) -> Result<LogId, StoreError> {
    let bytes = tx
        .get(Table::LogNames, &index.0.to_be_bytes())?
        .ok_or(StoreError::rule(Table::LogNames, "an index leads to a log"))?;
    LogId::from_canon(&bytes).map_err(StoreError::malformed(Table::LogNames))
}

/// Every log held.
///
/// # Errors
/// When the database fails or a value is malformed.
pub fn list<R: ReadTx + ?Sized>(tx: &R) -> Result<Vec<HeldLog>, StoreError> {
    let pairs = collect(tx, Table::Logs, &Span::all(), usize::MAX)?;
    pairs
        .into_iter()
        .map(|(key, value)| {
            held(LogId::from_canon(&key).map_err(StoreError::malformed(Table::Logs))?, &value)
        })
        .collect()
}

/// The log, begun at seq 0 if it is not held yet.
///
/// # Errors
/// When the opening of its epoch is not held, or the database fails.
pub fn begin<W: WriteTx + ?Sized>(tx: &mut W, log: &LogId) -> Result<HeldLog, StoreError> {
    if let Some(held) = get(tx, log)? {
        return Ok(held);
    }
    let opening = openings::get(tx, &log.device, &log.epoch)?
        .ok_or(StoreError::rule(Table::Logs, "an epoch's opening comes before its logs"))?
        .hash();
    let number = counters::next(tx, INDEX_COUNTER)?;
    let index = u32::try_from(number)
        .map(LogIndex)
        .map_err(|_| StoreError::rule(Table::Logs, "the local indexes are used up"))?;
    let head = Head { log: *log, seq: 0, link: sync::first_link(log, &opening) };
    tx.put(Table::LogNames, &index.0.to_be_bytes(), &log.to_canon())?;
    let held = HeldLog { index, head, opening };
    store(tx, &held)?;
    Ok(held)
}

/// Sets how far a log has come: called by the journal in the same transaction as the entries.
pub(crate) fn store<W: WriteTx + ?Sized>(tx: &mut W, held: &HeldLog) -> Result<(), StoreError> {
    let stored =
        Stored { index: held.index.0, seq: held.head.seq, link: held.head.link, opening: held.opening };
    Ok(tx.put(Table::Logs, &held.head.log.to_canon(), &stored.to_canon())?)
}

fn held(log: LogId, bytes: &[u8]) -> Result<HeldLog, StoreError> {
    let stored = Stored::from_canon(bytes).map_err(StoreError::malformed(Table::Logs))?;
    Ok(HeldLog {
        index: LogIndex(stored.index),
        head: Head { log, seq: stored.seq, link: stored.link },
        opening: stored.opening,
    })
}
