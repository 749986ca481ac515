//! One page of a list of documents: rows in their order, and where the next page begins.

use crate::ActError;
use data_encoding::HEXLOWER;
use store::documents::DocId as Doc;
use store::engine::{Direction, ReadTx};
use store::rows::{self, Page, View};

/// A list: which rows, and what every key of them looks like.
pub(crate) struct List<'a> {
    pub(crate) view: View,
    /// What the keys of this list begin with.
    pub(crate) prefix: &'a [u8],
    /// Bytes of a key behind that; the last 16 are the document.
    pub(crate) rest: usize,
}

/// The documents of a page, and the cursor of the next one. `after` is the cursor that the page before gave.
///
/// # Errors
/// [`ActError::BadCursor`] for one that this list never gave, or when the disk says no.
pub(crate) fn page(
    tx: &dyn ReadTx,
    list: &List<'_>,
    after: Option<&str>,
    count: usize,
) -> Result<(Vec<Doc>, Option<String>), ActError> {
    let key = |text: &str| HEXLOWER.decode(text.as_bytes()).map_err(|_| ActError::BadCursor);
    let after = after.map(key).transpose()?;
    let ours = |key: &Vec<u8>| key.len() == list.prefix.len() + list.rest && key.starts_with(list.prefix);
    if !after.as_ref().is_none_or(ours) {
        return Err(ActError::BadCursor);
    }
    let direction = Direction::Ascending;
    let wanted = Page { prefix: list.prefix, after: after.as_deref(), direction, count: count + 1 };
    let mut found = rows::page(tx, list.view, &wanted)?;
    let more = found.len() > count;
    found.truncate(count);
    let next = found.last().filter(|_| more).map(|(key, _)| HEXLOWER.encode(key));
    Ok((found.iter().filter_map(|(key, _)| key.last_chunk().copied()).collect(), next))
}
