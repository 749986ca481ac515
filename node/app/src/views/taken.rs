//! What is asked for here often, and lately: the search puts it first among its equals.

#[cfg(test)]
mod tests;

use super::{TAKEN, tally};
use crate::ActError;
use model::Date;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use store::engine::ReadTx;

/// Bytes of a key's front: 8 of the item's digest, 2 of the month.
pub(super) const FRONT: usize = 10;
/// What a case of this month counts, of the last one, and of the one before. What is older is forgotten.
const WEIGHTS: [u64; 3] = [4, 2, 1];

fn month(day: Date) -> Option<u16> {
    u16::try_from(i32::from(day.year()) * 12 + i32::from(day.month()) - 1).ok()
}

/// With what the keys of an item begin that was taken in the month of a day.
pub(super) fn front(code: &str, day: Date) -> [u8; FRONT] {
    at(code, month(day).unwrap_or(0))
}

fn at(code: &str, month: u16) -> [u8; FRONT] {
    let hash = canon::hash("taken", |w| {
        w.str(code);
    });
    let mut front = [0; FRONT];
    let parts = hash.into_iter().take(FRONT - 2).chain(month.to_be_bytes());
    front.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
    front
}

/// How often an item was taken on this box of late.
pub(crate) fn often<R: ReadTx + ?Sized>(tx: &R, code: &str, today: Date) -> Result<u32, ActError> {
    let mut sum = 0u64;
    for (ago, weight) in (0u16..).zip(WEIGHTS) {
        let Some(month) = month(today).and_then(|month| month.checked_sub(ago)) else { break };
        sum += weight * tally::sum(tx, TAKEN, &at(code, month))?;
    }
    Ok(u32::try_from(sum).unwrap_or(u32::MAX))
}

/// Those of `codes` that were taken on this box of late, most often first.
pub(crate) fn most<'c, R: ReadTx + ?Sized>(
    tx: &R,
    codes: impl Iterator<Item = &'c str>,
    today: Date,
    count: usize,
) -> Result<Vec<&'c str>, ActError> {
    let mut sums: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    let Some(now) = month(today) else { return Ok(Vec::new()) };
    for (front, cases) in tally::of(tx, TAKEN, &[])? {
        let Some((item, of)) = front.split_last_chunk::<2>() else { continue };
        let ago = now.checked_sub(u16::from_be_bytes(*of));
        let Some(weight) = ago.and_then(|ago| WEIGHTS.get(usize::from(ago))) else { continue };
        *sums.entry(item.to_vec()).or_default() += weight * cases;
    }
    let sum = |code: &'c str| Some((*sums.get(front(code, today).get(..FRONT - 2)?)?, code));
    let mut found: Vec<(u64, &str)> = codes.filter_map(sum).collect();
    found.sort_by_key(|(sum, _)| Reverse(*sum));
    found.truncate(count);
    Ok(found.into_iter().map(|(_, code)| code).collect())
}
