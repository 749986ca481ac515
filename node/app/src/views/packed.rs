//! Rows of packages: the drafts of one visit by the one that leads them, and the drafts of packages at the centre.

use super::twins::SUSPECTS as PACKED;
use super::{KEY_MAX, Row, kept};
use crate::ActError;
use crate::cases::CaseId;
use model::case::facts;
use model::record::{Record, Value};
use store::documents::DocId as Doc;
use store::engine::{Direction, ReadTx};
use store::rows::{self, Page, View};

/// 1, a package's code → its draft at the centre.
const AUTHORED: u8 = 1;
/// 2, the draft that leads, document → nothing.
const SISTERS: u8 = 2;

/// The row of a draft that another one leads.
pub(super) fn of_sister(doc: &Doc, record: &Record) -> Option<Row> {
    let Some(Value::Text(lead)) = record.facts.get(facts::LEAD)?.last().map(|last| &last.value) else {
        return None;
    };
    let lead = CaseId::parse(lead)?;
    Some((PACKED, [&[SISTERS][..], &lead.0, doc].concat(), Vec::new()))
}

/// The row of a package's draft.
pub(super) fn of_authored(doc: &Doc, code: &str) -> Option<Row> {
    let key = [&[AUTHORED][..], code.as_bytes()].concat();
    (key.len() <= KEY_MAX).then(|| (PACKED, key, doc.to_vec()))
}

/// Whether a row says that a document is a draft of a package's visit.
pub(super) fn is_sister(view: View, key: &[u8]) -> bool {
    view == PACKED && key.first() == Some(&SISTERS)
}

/// The draft that leads this one.
pub(crate) fn lead<R: ReadTx + ?Sized>(tx: &R, doc: &Doc) -> Result<Option<Doc>, ActError> {
    let keys = kept(tx, doc)?.map(|kept| kept.keys).unwrap_or_default();
    let key = keys.iter().find(|(view, key)| is_sister(*view, key));
    Ok(key.and_then(|(_, key)| key.get(1..17)?.try_into().ok()))
}

fn under<R: ReadTx + ?Sized>(tx: &R, prefix: &[u8]) -> Result<Vec<store::engine::Pair>, ActError> {
    let page = Page { prefix, after: None, direction: Direction::Ascending, count: usize::MAX };
    Ok(rows::page(tx, PACKED, &page)?)
}

/// The drafts that this one leads.
pub(crate) fn sisters<R: ReadTx + ?Sized>(tx: &R, lead: &Doc) -> Result<Vec<Doc>, ActError> {
    let found = under(tx, &[&[SISTERS][..], lead].concat())?;
    Ok(found.iter().filter_map(|(key, _)| key.last_chunk::<16>().copied()).collect())
}

/// The draft of a package.
pub(crate) fn authored<R: ReadTx + ?Sized>(tx: &R, code: &str) -> Result<Option<Doc>, ActError> {
    let row = rows::get(tx, PACKED, &[&[AUTHORED][..], code.as_bytes()].concat())?;
    Ok(row.and_then(|doc| doc.try_into().ok()))
}

/// The drafts of all packages, by code.
pub(crate) fn all_authored<R: ReadTx + ?Sized>(tx: &R) -> Result<Vec<Doc>, ActError> {
    Ok(under(tx, &[AUTHORED])?.into_iter().filter_map(|(_, doc)| doc.try_into().ok()).collect())
}

/// Codes of packages that are being drafted.
pub(crate) fn codes<R: ReadTx + ?Sized>(tx: &R) -> Result<Vec<String>, ActError> {
    let found = under(tx, &[AUTHORED])?;
    Ok(found.iter().filter_map(|(key, _)| String::from_utf8(key.get(1..)?.to_vec()).ok()).collect())
}
