//! The journal: every entry of every log held, in order, never pruned. Own entries are appended here (their links are
//! computed here); received ones come after admission has judged them.

mod stored;
#[cfg(test)]
mod tests;

pub use stored::{State, StoredEntry};

use crate::documents::DocId;
use crate::engine::{ReadTx, Span, Table, WriteTx};
use crate::error::StoreError;
use crate::logs::{self, HeldLog, LogIndex};
use crate::{key, origin, waiting};
use canon::Canon as _;
use identity::{Head, Link, LogId};
use std::ops::ControlFlow;
use sync::{Entry, EntryHeader, Form};

/// Where an entry stands on this box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its log.
    pub log: LogIndex,
    /// Its number in the log, from 1.
    pub seq: u64,
}

impl Place {
    pub(crate) fn key(&self) -> Vec<u8> {
        key::join(&[&self.log.0.to_be_bytes(), &self.seq.to_be_bytes()])
    }

    pub(crate) fn from_key(table: Table, bytes: &[u8]) -> Result<Self, StoreError> {
        match (bytes.len(), key::head(bytes), key::tail_number(bytes)) {
            (12, Some(index), Some(seq)) => Ok(Self { log: LogIndex(u32::from_be_bytes(index)), seq }),
            _ => Err(StoreError::rule(table, "a journal key is a log index and a number")),
        }
    }

    /// The key under which an entry of a document is listed.
    pub(crate) fn of_doc(&self, doc: &DocId) -> Vec<u8> {
        key::join(&[doc, &self.key()])
    }

    pub(crate) fn from_doc_key(table: Table, bytes: &[u8]) -> Result<(DocId, Self), StoreError> {
        match (key::head(bytes), bytes.get(16..)) {
            (Some(doc), Some(rest)) => Ok((doc, Self::from_key(table, rest)?)),
            _ => Err(StoreError::rule(table, "a key is a document and a journal key")),
        }
    }
}

/// Appends an entry of this box's own, applied. Begins the log if need be; the epoch's opening must be held.
///
/// # Errors
/// When the opening is missing, or the database fails.
pub fn append<W: WriteTx + ?Sized>(
    tx: &mut W,
    log: &LogId,
    header: EntryHeader,
    body: Vec<u8>,
) -> Result<Head, StoreError> {
    let held = logs::begin(tx, log)?;
    let doc = header.doc;
    let head = add(tx, &held, Entry { header, form: Form::Body(body) }, State::Applied)?;
    origin::note(tx, &doc, held.index, head.seq)?;
    Ok(head)
}

/// Appends an entry that another box wrote, in journal form, with the link that admission verified.
///
/// # Errors
/// When the link does not follow from what is held (a gap or a fork that admission missed), when the opening is missing,
/// or when the database fails.
pub fn receive<W: WriteTx + ?Sized>(
    tx: &mut W,
    log: &LogId,
    entry: Entry,
    link: &Link,
    state: State,
) -> Result<Head, StoreError> {
    let held = logs::begin(tx, log)?;
    let head = add(tx, &held, entry, state)?;
    if head.link == *link {
        Ok(head)
    } else {
        Err(StoreError::rule(Table::Journal, "a link follows from the entries before it"))
    }
}

fn add<W: WriteTx + ?Sized>(
    tx: &mut W,
    held: &HeldLog,
    entry: Entry,
    state: State,
) -> Result<Head, StoreError> {
    let seq = held.head.seq.saturating_add(1);
    let link = sync::link(&held.head.link, seq, &entry.header, &entry.form.hash());
    let place = Place { log: held.index, seq };
    let doc = entry.header.doc;
    let stored = StoredEntry { entry, link, state };
    tx.put(Table::Journal, &place.key(), &stored.to_canon())?;
    tx.put(Table::Entries, &place.of_doc(&doc), &[])?;
    if state != State::Applied {
        waiting::add(tx, &place, &stored)?;
    }
    let head = Head { log: held.head.log, seq, link };
    logs::store(tx, &HeldLog { head, ..*held })?;
    Ok(head)
}

/// The entry at a place.
///
/// # Errors
/// When the database fails or the value is malformed.
pub fn get<R: ReadTx + ?Sized>(tx: &R, place: &Place) -> Result<Option<StoredEntry>, StoreError> {
    let Some(bytes) = tx.get(Table::Journal, &place.key())? else { return Ok(None) };
    StoredEntry::from_canon(&bytes).map(Some).map_err(StoreError::malformed(Table::Journal))
}

/// The link after entry `seq` of a log (0: the log's first link), if it is held.
///
/// # Errors
/// When the database fails or the value is malformed.
pub fn link_at<R: ReadTx + ?Sized>(tx: &R, held: &HeldLog, seq: u64) -> Result<Option<Link>, StoreError> {
    if seq == 0 {
        return Ok(Some(sync::first_link(&held.head.log, &held.opening)));
    }
    Ok(get(tx, &Place { log: held.index, seq })?.map(|entry| entry.link))
}

/// Consecutive entries of a log from `first` on: at most `count`, and about `bytes` of bodies, but at least one.
///
/// # Errors
/// When the database fails or a value is malformed.
pub fn read<R: ReadTx + ?Sized>(
    tx: &R,
    log: LogIndex,
    first: u64,
    count: usize,
    bytes: usize,
) -> Result<Vec<StoredEntry>, StoreError> {
    let span = Span::between(&Place { log, seq: first }.key(), &Place { log, seq: u64::MAX }.key());
    let (mut entries, mut size, mut failed) = (Vec::new(), 0, None);
    tx.scan(Table::Journal, &span, &mut |_, value| match StoredEntry::from_canon(value) {
        Ok(stored) => {
            size += stored.entry.form.size();
            if entries.len() == count || (size > bytes && !entries.is_empty()) {
                return ControlFlow::Break(());
            }
            entries.push(stored);
            ControlFlow::Continue(())
        }
        Err(cause) => {
            failed = Some(cause);
            ControlFlow::Break(())
        }
    })?;
    match failed {
        Some(cause) => Err(StoreError::Malformed { table: Table::Journal, cause }),
        None => Ok(entries),
    }
}

/// The places of every entry of a document, sorted by log and number.
///
/// # Errors
/// When the database fails or a key is malformed.
pub fn of_doc<R: ReadTx + ?Sized>(tx: &R, doc: &DocId) -> Result<Vec<Place>, StoreError> {
    let pairs = crate::engine::collect(tx, Table::Entries, &Span::prefix(doc), usize::MAX)?;
    pairs.iter().map(|(key, _)| Ok(Place::from_doc_key(Table::Entries, key)?.1)).collect()
}

/// Sets what became of an entry: applied after all, or held for another reason.
///
/// # Errors
/// When there is no such entry, or the database fails.
pub fn set_state<W: WriteTx + ?Sized>(tx: &mut W, place: &Place, state: State) -> Result<(), StoreError> {
    let mut stored = existing(tx, place)?;
    let doc = stored.entry.header.doc;
    stored.state = state;
    tx.put(Table::Journal, &place.key(), &stored.to_canon())?;
    if state == State::Applied { waiting::remove(tx, &doc, place) } else { waiting::add(tx, place, &stored) }
}

/// Replaces an entry's body by its hash; the chain verifies as before. An erased entry no longer waits.
///
/// # Errors
/// When there is no such entry, or the database fails.
pub fn erase<W: WriteTx + ?Sized>(tx: &mut W, place: &Place) -> Result<(), StoreError> {
    let mut stored = existing(tx, place)?;
    stored.entry.form = Form::Erased(stored.entry.form.hash());
    stored.state = State::Applied;
    waiting::remove(tx, &stored.entry.header.doc, place)?;
    Ok(tx.put(Table::Journal, &place.key(), &stored.to_canon())?)
}

/// Takes the entries after `keep` off a log: the losing side of a fork, by the centre's ruling. Returns them, oldest first,
/// for their documents to be rebuilt.
///
/// # Errors
/// When the log does not hold `keep` with that link, or the database fails.
pub fn truncate<W: WriteTx + ?Sized>(tx: &mut W, keep: &Head) -> Result<Vec<StoredEntry>, StoreError> {
    let held = logs::get(tx, &keep.log)?.ok_or(StoreError::rule(Table::Logs, "the log is held"))?;
    if link_at(tx, &held, keep.seq)? != Some(keep.link) {
        return Err(StoreError::rule(Table::Journal, "what is kept is held with the same link"));
    }
    let lost = read(tx, held.index, keep.seq.saturating_add(1), usize::MAX, usize::MAX)?;
    for (stored, seq) in lost.iter().zip(keep.seq.saturating_add(1)..) {
        let place = Place { log: held.index, seq };
        tx.delete(Table::Journal, &place.key())?;
        tx.delete(Table::Entries, &place.of_doc(&stored.entry.header.doc))?;
        waiting::remove(tx, &stored.entry.header.doc, &place)?;
    }
    logs::store(tx, &HeldLog { head: *keep, ..held })?;
    Ok(lost)
}

fn existing<R: ReadTx + ?Sized>(tx: &R, place: &Place) -> Result<StoredEntry, StoreError> {
    get(tx, place)?.ok_or(StoreError::rule(Table::Journal, "the entry is held"))
}
