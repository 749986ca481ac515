//! The fold: a merged record in, a case and its anomalies out. Any order of delivery and any duplication give the same.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Entry, Filing, Mark, Standing, StepState, Verdict, event::*, facts};
use crate::{
    item::{ItemRef, Version},
    record::{Candidate, OpId, Record, StampedEvent, Value},
    station::CENTRE,
};

/// Something a person must look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomaly {
    /// The event.
    pub op: OpId,
    /// What sort.
    pub kind: AnomalyKind,
    /// The act's word: 审批通过.
    pub title: &'static str,
    /// Why it has no effect, in Chinese.
    pub why: String,
    /// Who, where, when, where that can be read.
    pub stamp: Option<Stamp>,
}

/// Sorts of anomalies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnomalyKind {
    /// The state did not allow it: a further event settles it.
    NotAllowed,
    /// A kind of a later version: upgrading settles it.
    UnknownKind,
    /// Bytes that are no event.
    Unreadable,
    /// The item version is not on this box: syncing settles it.
    NoItem,
}

/// A fact or cell with several differing values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Fact or cell name.
    pub name: String,
    /// What a clerk calls it.
    pub label: &'static str,
    /// The values, the one that shows last.
    pub candidates: Vec<Candidate>,
}

struct Read {
    op: OpId,
    event: Event,
}

impl Case {
    /// Which item version the record is about: what was received counts, a draft's facts before that.
    #[must_use]
    pub fn item_of(record: &Record) -> Option<ItemRef> {
        let received = in_order(&record.events).into_iter().find_map(|stamped| {
            match Event::decode(&stamped.bytes).map(|e| e.what) {
                Ok(What::Received(r)) => {
                    u32::try_from(r.version).ok().map(|v| ItemRef { code: r.item, version: v })
                }
                _ => None,
            }
        });
        received.or_else(|| {
            let filing = Filing::read(record);
            let version = u32::try_from(filing.int(facts::ITEM_VERSION)?).ok()?;
            Some(ItemRef { code: filing.fact(facts::ITEM)?.to_owned(), version })
        })
    }

    /// Folds a record along the route of its item version (see [`Case::item_of`]); `None` when this box has not got
    /// that version yet. Never fails: what cannot stand is an anomaly.
    #[must_use]
    pub fn read(record: &Record, version: Option<&Version>) -> (Self, Vec<Anomaly>) {
        let mut anomalies = Vec::new();
        let events = readable(&record.events, &mut anomalies);
        let mut case = Self::empty(record, version);
        if version.is_none() && !events.is_empty() {
            let first = events.first().map(|r| (r.op, r.event.stamp.clone()));
            anomalies.extend(first.map(|(op, stamp)| Anomaly {
                op,
                kind: AnomalyKind::NoItem,
                title: "事项未到",
                why: "这个事项的版本还没到本机，等同步后再办。".to_owned(),
                stamp: Some(stamp),
            }));
        }
        let (verdicts, unsettled) = settlements(&events);
        for read in events {
            let (verdict, stray) = (verdicts.get(&read.op).copied(), unsettled.contains(&read.op));
            case.step_on(read, verdict, stray, &mut anomalies);
        }
        case.conflicts = conflicts(record);
        (case, anomalies)
    }

    fn step_on(
        &mut self,
        read: Read,
        verdict: Option<Settlement>,
        stray: bool,
        anomalies: &mut Vec<Anomaly>,
    ) {
        let Read { op, event: Event { stamp, what } } = read;
        let mark = Mark { op, stamp };
        let judged = match stray {
            true => Verdict::Refused("要处置的记录不在本件里，或在这之后才发生。".to_owned()),
            false => self.judge(&what, mark.stamp.station),
        };
        let standing = match (&judged, verdict) {
            (Verdict::Applies, _) => Standing::Counts,
            (Verdict::Repeats, _) => Standing::Repeats,
            (Verdict::Refused(_), Some(Settlement::Stands)) => Standing::Forced,
            (Verdict::Refused(_), Some(Settlement::Void)) => Standing::Void,
            (Verdict::Refused(_), None) => Standing::Anomaly,
        };
        if let (Standing::Anomaly, Verdict::Refused(why)) = (standing, judged) {
            let unknown = matches!(what, What::Unknown { .. });
            anomalies.push(Anomaly {
                op,
                kind: if unknown { AnomalyKind::UnknownKind } else { AnomalyKind::NotAllowed },
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

    fn empty(record: &Record, version: Option<&Version>) -> Self {
        let filing = Filing::read(record);
        let station = filing.int(facts::STATION).and_then(|s| u16::try_from(s).ok()).unwrap_or(CENTRE);
        let steps = version.map(|v| v.route.as_slice()).unwrap_or_default();
        Self {
            item: Self::item_of(record),
            filing,
            way: version.map(|v| v.way),
            station,
            steps: steps.iter().map(|s| StepState { step: s.clone(), done: None, on: None }).collect(),
            received: None,
            accepted: None,
            on_behalf: None,
            handed_over: None,
            supplement: None,
            supplemented: None,
            special: None,
            special_ended: false,
            extension_asked: None,
            extension: None,
            extension_declined: None,
            deemed: None,
            notice: None,
            notice_ended: None,
            visit: None,
            first_review: None,
            reported: None,
            feedback: None,
            approved: None,
            outcome: None,
            paid: None,
            ready: None,
            delivered: None,
            deferred: Vec::new(),
            promised: Vec::new(),
            promise_checked: None,
            bar_lifted: None,
            revoked: None,
            archived: None,
            shelf_moved: None,
            prolonged: None,
            sealed: None,
            unsealed: None,
            transcribed: Vec::new(),
            photos: Vec::new(),
            stops: Vec::new(),
            timeline: Vec::new(),
            conflicts: Vec::new(),
        }
    }
}

/// Events once each, in the one order of everybody.
fn in_order(events: &[StampedEvent]) -> Vec<&StampedEvent> {
    let once: BTreeMap<OpId, &StampedEvent> = events.iter().map(|e| (e.id, e)).collect();
    once.into_values().collect()
}

/// Decodes, drops reissues of events that are there, reports what cannot be read.
fn readable(events: &[StampedEvent], anomalies: &mut Vec<Anomaly>) -> Vec<Read> {
    let mut reads = Vec::new();
    for stamped in in_order(events) {
        match Event::decode(&stamped.bytes) {
            Ok(event) => reads.push(Read { op: stamped.id, event }),
            Err(fault) => {
                let newer = matches!(fault, EventFault::Version(v) if v > VERSION);
                anomalies.push(Anomaly {
                    op: stamped.id,
                    kind: if newer { AnomalyKind::UnknownKind } else { AnomalyKind::Unreadable },
                    title: "读不懂的记录",
                    why: if newer {
                        "这条记录来自更新的版本，请升级后再看。"
                    } else {
                        "这条记录的内容坏了，请联系镇中心。"
                    }
                    .to_owned(),
                    stamp: None,
                });
            }
        }
    }
    let mut present: BTreeSet<OpId> = reads.iter().map(|r| r.op).collect();
    // the original counts; of several reissues the first does
    reads.retain(|r| r.event.stamp.reissue.is_none_or(|original| present.insert(original)));
    reads
}

/// The last settlement of each event, and settlements that name no earlier event. A reissued event is named by either id.
fn settlements(events: &[Read]) -> (BTreeMap<OpId, Settlement>, BTreeSet<OpId>) {
    let mut ids = BTreeMap::new();
    let mut verdicts = BTreeMap::new();
    let mut stray = BTreeSet::new();
    for read in events {
        if let What::Settled(settled) = &read.event.what {
            match ids.get(&settled.event) {
                Some(target) => {
                    verdicts.insert(*target, settled.verdict);
                }
                None => {
                    stray.insert(read.op);
                }
            }
        }
        ids.insert(read.op, read.op);
        if let Some(original) = read.event.stamp.reissue {
            ids.insert(original, read.op);
        }
    }
    (verdicts, stray)
}

/// Names whose values differ. Equal values settle themselves; closed and erased ones can't be compared here.
fn conflicts(record: &Record) -> Vec<Conflict> {
    let all = record.facts.iter().chain(&record.cells);
    all.filter_map(|(name, candidates)| {
        let mut differing: Vec<Candidate> = Vec::new();
        for candidate in candidates.iter().rev() {
            let open = !matches!(candidate.value, Value::Closed | Value::Erased);
            if open && !differing.iter().any(|c| c.value == candidate.value) {
                differing.push(candidate.clone());
            }
        }
        differing.reverse();
        (differing.len() > 1).then(|| Conflict {
            name: name.clone(),
            label: facts::label(name),
            candidates: differing,
        })
    })
    .collect()
}
