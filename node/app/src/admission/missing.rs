//! Which blobs of a station's documents the centre lacks, as its receipt says it.

use crate::ActError;
use crate::views::lacking;
use identity::{DeviceId, LogId, StationNo};
use std::collections::BTreeMap;
use store::engine::ReadTx;
use store::logs;
use sync::{BlobName, limit};

/// A blob, and where it is named in the writer's own logs.
type Missing = (Option<(LogId, u64)>, BlobName);

/// The blobs that a receipt has room for, sorted, and of each log the first entry one of whose blobs it cannot name. Those of
/// a log's first entries come before those of its later ones, so that what is said ends as late as it can.
pub(super) fn of<R: ReadTx + ?Sized>(
    tx: &R,
    writer: &DeviceId,
    station: StationNo,
) -> Result<(Vec<BlobName>, BTreeMap<LogId, u64>), ActError> {
    let mut all: Vec<Missing> = Vec::new();
    let mut failure = None;
    lacking::each(tx, Some(station), &mut |lacks| {
        for lack in lacks.all {
            let log = lack.place.map(|place| logs::named(tx, place.log).map(|log| (log, place.seq)));
            match log.transpose() {
                // an entry that another box wrote does not stand in this writer's receipt
                Ok(place) => all.push((place.filter(|(log, _)| log.device == *writer), lack.name)),
                Err(error) => failure = Some(error),
            }
        }
        failure.is_none()
    })?;
    match failure {
        Some(error) => Err(error.into()),
        None => Ok(named(all)),
    }
}

fn named(mut all: Vec<Missing>) -> (Vec<BlobName>, BTreeMap<LogId, u64>) {
    // by number in the log: the first of every log before the second of any
    all.sort_unstable_by_key(|(place, name)| (place.map_or(0, |(_, seq)| seq), *place, *name));
    let mut unsaid: BTreeMap<LogId, u64> = BTreeMap::new();
    let rest = all.split_off(all.len().min(limit::RECEIPT_MISSING));
    for (log, seq) in rest.into_iter().filter_map(|(place, _)| place) {
        unsaid.entry(log).and_modify(|first| *first = seq.min(*first)).or_insert(seq);
    }
    let mut names: Vec<BlobName> = all.into_iter().map(|(_, name)| name).collect();
    names.sort_unstable();
    names.dedup();
    (names, unsaid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use identity::{Audience, Epoch, Lane};

    fn log(lane: u8) -> LogId {
        LogId { device: DeviceId([1; 32]), epoch: Epoch([2; 8]), audience: Audience::Hub, lane: Lane(lane) }
    }

    fn name(number: u64) -> BlobName {
        canon::hash("test", |out| {
            out.u64(number);
        })
    }

    /// Fails if a blob that a receipt has no room for is taken for one that is there.
    #[test]
    fn what_a_receipt_cannot_name_ends_what_it_says() {
        let room = u64::try_from(limit::RECEIPT_MISSING).unwrap();
        let all: Vec<Missing> = (1..=room).map(|seq| (Some((log(1), seq)), name(seq))).collect();
        let (names, unsaid) = named(all.clone());
        assert_eq!((names.len(), unsaid.len()), (limit::RECEIPT_MISSING, 0));
        assert!(names.is_sorted());
        let more = [(Some((log(1), room + 1)), name(room + 1)), (Some((log(2), 3)), name(0))];
        let (names, unsaid) = named(all.into_iter().chain(more).collect());
        assert_eq!(names.len(), limit::RECEIPT_MISSING);
        assert!(names.contains(&name(0)) && !names.contains(&name(room)) && !names.contains(&name(room + 1)));
        assert_eq!(unsaid, [(log(1), room)].into());
    }
}
