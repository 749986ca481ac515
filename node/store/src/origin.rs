//! Which of this box's own logs hold entries of a document, and up to where: what the truth of a record (本机已存, 在途,
//! 中心已回执) is asked for. The journal keeps this table.

use crate::documents::DocId;
use crate::engine::{ReadTx, Table, WriteTx};
use crate::error::StoreError;
use crate::limit;
use crate::logs::{self, LogIndex};
use canon::{Canon, Malformed, Reader, Writer};
use identity::LogId;

struct Own {
    log: u32,
    last: u64,
}

impl Canon for Own {
    fn write(&self, out: &mut Writer) {
        out.u64(u64::from(self.log)).u64(self.last);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let log = u32::try_from(from.u64()?).map_err(|_| from.malformed("log index"))?;
        Ok(Self { log, last: from.u64()? })
    }
}

/// Sorted by log index, no index twice.
struct Owns(Vec<Own>);

impl Canon for Owns {
    fn write(&self, out: &mut Writer) {
        out.list(&self.0);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(from.list(limit::OWN_LOGS_MAX)?))
    }
}

/// The logs of this box that hold entries of a document, each with the last such entry's number.
///
/// # Errors
/// When the database fails or a value is malformed.
pub fn get<R: ReadTx + ?Sized>(tx: &R, doc: &DocId) -> Result<Vec<(LogId, u64)>, StoreError> {
    read(tx, doc)?.0.iter().map(|own| Ok((logs::named(tx, LogIndex(own.log))?, own.last))).collect()
}

/// Notes that one of this box's own logs holds an entry of a document up to `seq`. The journal does so for what is appended;
/// admission for own entries that come back after a restore.
///
/// # Errors
/// When the database fails, or the document is in more than [`limit::OWN_LOGS_MAX`] own logs.
pub fn note<W: WriteTx + ?Sized>(tx: &mut W, doc: &DocId, log: LogIndex, seq: u64) -> Result<(), StoreError> {
    let mut owns = read(tx, doc)?;
    match owns.0.binary_search_by_key(&log.0, |own| own.log) {
        Ok(at) => {
            if let Some(own) = owns.0.get_mut(at) {
                own.last = seq;
            }
        }
        Err(at) => owns.0.insert(at, Own { log: log.0, last: seq }),
    }
    if owns.0.len() > limit::OWN_LOGS_MAX {
        return Err(StoreError::rule(Table::Origin, "a document is in too many own logs"));
    }
    Ok(tx.put(Table::Origin, doc, &owns.to_canon())?)
}

fn read<R: ReadTx + ?Sized>(tx: &R, doc: &DocId) -> Result<Owns, StoreError> {
    let Some(bytes) = tx.get(Table::Origin, doc)? else { return Ok(Owns(Vec::new())) };
    Owns::from_canon(&bytes).map_err(StoreError::malformed(Table::Origin))
}
