//! How many rows begin alike, kept as rows of their own in the commit that changes them: a page that counts 50,000
//! cases must not read 50,000 rows.

#[cfg(test)]
mod tests;

use super::matters::{MATTERS, OPEN_MATTERS};
use super::shared::{HELP, ROUTED};
use super::twins::SUSPECTS;
use super::{ARCHIVE, BY_DAY, BY_TURN, OWED, TAKEN, TRANSCRIBE, TROUBLES, taken};
use crate::ActError;
use std::collections::BTreeMap;
use store::engine::{Direction, Pair, ReadTx, WriteTx};
use store::rows::{self, Page, View};

/// View, front of its keys → how many rows begin so, u64 BE; none where there are none.
const TALLIES: View = View(7);
/// The views that are counted, and how many bytes of a key count as its front: of [`BY_TURN`] whose turn and due day, of
/// [`BY_DAY`] the day, of [`TROUBLES`] nothing, of [`TAKEN`] item and month, of [`OWED`] what and the day, of matters the
/// sort and, while they are open, the due day; of [`SUSPECTS`] what sort of row, of [`TRANSCRIBE`] and [`ARCHIVE`]
/// the first byte and the day,
/// of [`ROUTED`] which way and whether it is over, of [`HELP`] who is to answer.
const COUNTED: &[(View, usize)] = &[
    (BY_TURN, 5),
    (BY_DAY, 4),
    (TROUBLES, 0),
    (TAKEN, taken::FRONT),
    (OWED, 5),
    (TRANSCRIBE, 5),
    (ROUTED, 2),
    (HELP, 1),
    (ARCHIVE, 5),
    (OPEN_MATTERS, 5),
    (MATTERS, 1),
    (SUSPECTS, 1),
];

/// Key of the tally that counts a row; none for a row that nobody counts.
fn place(view: View, key: &[u8]) -> Option<Vec<u8>> {
    let (_, front) = COUNTED.iter().find(|(counted, _)| *counted == view)?;
    Some([&[view.0], key.get(..*front)?].concat())
}

fn number(row: &[u8]) -> Result<u64, ActError> {
    row.try_into().map(u64::from_be_bytes).map_err(|_| ActError::Damaged("tallies"))
}

/// A row came.
pub(super) fn came<W: WriteTx + ?Sized>(tx: &mut W, view: View, key: &[u8]) -> Result<(), ActError> {
    let Some(place) = place(view, key) else { return Ok(()) };
    let held = rows::get(tx, TALLIES, &place)?.map_or(Ok(0), |row| number(&row))?;
    Ok(rows::put(tx, TALLIES, &place, &held.saturating_add(1).to_be_bytes())?)
}

/// A row went.
pub(super) fn went<W: WriteTx + ?Sized>(tx: &mut W, view: View, key: &[u8]) -> Result<(), ActError> {
    let Some(place) = place(view, key) else { return Ok(()) };
    let held = rows::get(tx, TALLIES, &place)?.map_or(Ok(0), |row| number(&row))?;
    if held > 1 {
        Ok(rows::put(tx, TALLIES, &place, &(held - 1).to_be_bytes())?)
    } else {
        Ok(rows::remove(tx, TALLIES, &place)?)
    }
}

fn all_of<R: ReadTx + ?Sized>(
    tx: &R,
    view: View,
    prefix: &[u8],
    count: usize,
) -> Result<Vec<Pair>, ActError> {
    let page = Page { prefix, after: None, direction: Direction::Ascending, count };
    Ok(rows::page(tx, view, &page)?)
}

/// The tallies of a view whose fronts begin with `prefix`: each front, and how many rows begin so.
pub(crate) fn of<R: ReadTx + ?Sized>(
    tx: &R,
    view: View,
    prefix: &[u8],
) -> Result<Vec<(Vec<u8>, u64)>, ActError> {
    let found = all_of(tx, TALLIES, &[&[view.0], prefix].concat(), usize::MAX)?;
    let pair =
        |(key, row): (Vec<u8>, Vec<u8>)| Ok((key.get(1..).unwrap_or_default().to_vec(), number(&row)?));
    found.into_iter().map(pair).collect()
}

/// How many rows of a view begin with `prefix`, which is a front or the beginning of fronts.
pub(crate) fn sum<R: ReadTx + ?Sized>(tx: &R, view: View, prefix: &[u8]) -> Result<u64, ActError> {
    Ok(of(tx, view, prefix)?.iter().map(|(_, count)| count).sum())
}

/// Counts everything anew.
pub(super) fn recount<W: WriteTx + ?Sized>(tx: &mut W) -> Result<(), ActError> {
    for (key, _) in all_of(tx, TALLIES, &[], usize::MAX)? {
        rows::remove(tx, TALLIES, &key)?;
    }
    let mut counts: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    for &(view, _) in COUNTED {
        for (key, _) in all_of(tx, view, &[], usize::MAX)? {
            if let Some(place) = place(view, &key) {
                *counts.entry(place).or_default() += 1;
            }
        }
    }
    for (place, count) in counts {
        rows::put(tx, TALLIES, &place, &count.to_be_bytes())?;
    }
    Ok(())
}
