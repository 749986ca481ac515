//! The fold: a merged record in, a matter and its anomalies out. Any order of delivery and any duplication give the same.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Matter, event::*};
use crate::{
    case::{
        Anomaly, AnomalyKind, Mark, Standing, Verdict,
        event::{EventFault, Settlement, VERSION},
    },
    record::{OpId, Record, StampedEvent},
};

struct Read {
    op: OpId,
    event: Event,
}

impl Matter {
    /// Folds a record. Never fails: what cannot stand is an anomaly.
    #[must_use]
    pub fn read(record: &Record) -> (Self, Vec<Anomaly>) {
        let mut anomalies = Vec::new();
        let events = readable(&record.events, &mut anomalies);
        let (verdicts, stray) = settlements(&events);
        let mut matter = Self::empty(record);
        for read in events {
            let (verdict, stray) = (verdicts.get(&read.op).copied(), stray.contains(&read.op));
            matter.step_on(read, verdict, stray, &mut anomalies);
        }
        (matter, anomalies)
    }

    fn step_on(
        &mut self,
        read: Read,
        verdict: Option<Settlement>,
        stray: bool,
        anomalies: &mut Vec<Anomaly>,
    ) {
        let Read { op, event: Event { stamp, what } } = read;
        let judged = match stray {
            true => Verdict::Refused("要处置的记录不在这里，或在这之后才发生。".to_owned()),
            false => self.judge(&what, &stamp),
        };
        let mark = Mark { op, stamp };
        let standing = match (&judged, verdict) {
            (Verdict::Applies, _) => Standing::Counts,
            (Verdict::Repeats, _) => Standing::Repeats,
            (Verdict::Refused(_), Some(Settlement::Stands)) => Standing::Forced,
            (Verdict::Refused(_), Some(Settlement::Void)) => Standing::Void,
            (Verdict::Refused(_), None) => Standing::Anomaly,
        };
        if let (Standing::Anomaly, Verdict::Refused(why)) = (standing, judged) {
            let unknown = matches!(what, What::Unknown { .. });
            let kind = if unknown { AnomalyKind::UnknownKind } else { AnomalyKind::NotAllowed };
            anomalies.push(Anomaly {
                op,
                kind,
                title: what.kind().title(),
                why,
                stamp: Some(mark.stamp.clone()),
            });
        }
        if matches!(standing, Standing::Counts | Standing::Forced) {
            self.effect(&mark, &what);
        }
        self.timeline.push(Entry { mark, what, standing });
    }
}

/// Once each, in the one order of everybody; decoded; reissues of events that are there dropped.
fn readable(events: &[StampedEvent], anomalies: &mut Vec<Anomaly>) -> Vec<Read> {
    let once: BTreeMap<OpId, &StampedEvent> = events.iter().map(|event| (event.id, event)).collect();
    let mut reads = Vec::new();
    for (op, stamped) in once {
        match Event::decode(&stamped.bytes) {
            Ok(event) => reads.push(Read { op, event }),
            Err(fault) => {
                let newer = matches!(fault, EventFault::Version(version) if version > VERSION);
                let (kind, why) = if newer {
                    (AnomalyKind::UnknownKind, "这条记录来自更新的版本，请升级后再看。")
                } else {
                    (AnomalyKind::Unreadable, "这条记录的内容坏了，请联系镇中心。")
                };
                anomalies.push(Anomaly {
                    op, kind, title: "读不懂的记录", why: why.to_owned(), stamp: None
                });
            }
        }
    }
    let mut present: BTreeSet<OpId> = reads.iter().map(|read| read.op).collect();
    reads.retain(|read| read.event.stamp.reissue.is_none_or(|original| present.insert(original)));
    reads
}

/// The last settlement of each event, and settlements that name no earlier event.
fn settlements(events: &[Read]) -> (BTreeMap<OpId, Settlement>, BTreeSet<OpId>) {
    let (mut ids, mut verdicts, mut stray) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    for read in events {
        if let What::Settled(settled) = &read.event.what {
            match ids.get(&settled.event) {
                Some(target) => drop(verdicts.insert(*target, settled.verdict)),
                None => drop(stray.insert(read.op)),
            }
        }
        ids.insert(read.op, read.op);
        if let Some(original) = read.event.stamp.reissue {
            ids.insert(original, read.op);
        }
    }
    (verdicts, stray)
}
