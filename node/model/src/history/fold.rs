//! The fold: events in the one order of everybody, each judged by the state before it. Any order of delivery and any
//! duplication give the same state; what cannot stand is an anomaly that a person settles, never an error.

use std::collections::{BTreeMap, BTreeSet};

use super::{Event, EventFault, Happening, Settlement, Stamp};
use crate::record::{OpId, StampedEvent};

/// Who did something, where, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The event.
    pub op: OpId,
    /// Who, where, when.
    pub stamp: Stamp,
}

/// An act that took effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done<T> {
    /// Who, where, when.
    pub mark: Mark,
    /// What.
    pub what: T,
}

/// How an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It took effect.
    Counts,
    /// It says again what was done already: harmless.
    Repeats,
    /// The state did not allow it: somebody must settle it.
    Anomaly,
    /// Settled: it has no effect.
    Void,
    /// Settled: it stands although the state did not allow it.
    Forced,
}

impl Standing {
    /// It has its effect.
    #[must_use]
    pub fn counts(self) -> bool {
        matches!(self, Self::Counts | Self::Forced)
    }
}

/// What the state says about an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It takes effect.
    Applies,
    /// It was done already, the same way: harmless.
    Repeats,
    /// Not allowed; why, in Chinese.
    Refused(String),
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<W> {
    /// Who, where, when.
    pub mark: Mark,
    /// What. Words about a person are in cells.
    pub what: W,
    /// How it stands.
    pub standing: Standing,
}

impl<W: Happening> Entry<W> {
    /// 初审通过.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.what.title()
    }
}

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

/// A state that events make.
pub(crate) trait Subject: Clone {
    /// What can happen to it.
    type What: Happening + Clone;
    /// Why a settlement has no effect that names no earlier event of this document.
    const STRAY: &'static str;

    /// Whether this person may do this here now. The acts ask it too, so what a box lets a person do is what every box
    /// will later let stand.
    fn judge_by(&self, what: &Self::What, stamp: &Stamp) -> Verdict;
    /// What an act that stands makes of the state.
    fn take_effect(&mut self, mark: &Mark, what: &Self::What);
    /// Notes the line.
    fn note_line(&mut self, line: Entry<Self::What>);
}

/// An event with its place in the order.
struct Read<W> {
    op: OpId,
    event: Event<W>,
}

/// Leads `state` through the events and tells what could not stand.
pub(crate) fn unfold<S: Subject>(state: &mut S, events: &[StampedEvent]) -> Vec<Anomaly> {
    let mut anomalies = Vec::new();
    let events = readable(events, &mut anomalies);
    let (verdicts, stray) = settlements(&events);
    for read in events {
        let (verdict, stray) = (verdicts.get(&read.op).copied(), stray.contains(&read.op));
        anomalies.extend(step(state, read, verdict, stray));
    }
    anomalies
}

fn step<S: Subject>(
    state: &mut S,
    read: Read<S::What>,
    verdict: Option<Settlement>,
    stray: bool,
) -> Option<Anomaly> {
    let Read { op, event: Event { stamp, what } } = read;
    let mark = Mark { op, stamp };
    let judged = match stray {
        true => Verdict::Refused(S::STRAY.to_owned()),
        false => state.judge_by(&what, &mark.stamp),
    };
    let standing = match (&judged, verdict) {
        (Verdict::Applies, _) => Standing::Counts,
        (Verdict::Repeats, _) => Standing::Repeats,
        (Verdict::Refused(_), Some(Settlement::Stands)) => Standing::Forced,
        (Verdict::Refused(_), Some(Settlement::Void)) => Standing::Void,
        (Verdict::Refused(_), None) => Standing::Anomaly,
    };
    let anomaly = match (standing, judged) {
        (Standing::Anomaly, Verdict::Refused(why)) => {
            let known = what.number().is_some();
            let kind = if known { AnomalyKind::NotAllowed } else { AnomalyKind::UnknownKind };
            Some(Anomaly { op, kind, title: what.title(), why, stamp: Some(mark.stamp.clone()) })
        }
        _ => None,
    };
    if standing.counts() {
        state.take_effect(&mark, &what);
    }
    state.note_line(Entry { mark, what, standing });
    anomaly
}

/// Events once each, in the one order of everybody.
pub(crate) fn in_order(events: &[StampedEvent]) -> Vec<&StampedEvent> {
    let once: BTreeMap<OpId, &StampedEvent> = events.iter().map(|event| (event.id, event)).collect();
    once.into_values().collect()
}

/// Decodes, drops reissues of events that are there, reports what cannot be read.
fn readable<W: Happening>(events: &[StampedEvent], anomalies: &mut Vec<Anomaly>) -> Vec<Read<W>> {
    let mut reads = Vec::new();
    for stamped in in_order(events) {
        match Event::decode(&stamped.bytes) {
            Ok(event) => reads.push(Read { op: stamped.id, event }),
            Err(fault) => anomalies.push(unreadable(stamped.id, &fault)),
        }
    }
    let mut present: BTreeSet<OpId> = reads.iter().map(|read| read.op).collect();
    // the original counts; of several reissues the first does
    reads.retain(|read| read.event.stamp.reissue.is_none_or(|original| present.insert(original)));
    reads
}

fn unreadable(op: OpId, fault: &EventFault) -> Anomaly {
    let (kind, why) = if fault.is_newer() {
        (AnomalyKind::UnknownKind, "这条记录来自更新的版本，请升级后再看。")
    } else {
        (AnomalyKind::Unreadable, "这条记录的内容坏了，请联系镇中心。")
    };
    Anomaly { op, kind, title: "读不懂的记录", why: why.to_owned(), stamp: None }
}

/// The last settlement of each event, and settlements that name no earlier event. A reissued event is named by either id.
fn settlements<W: Happening>(events: &[Read<W>]) -> (BTreeMap<OpId, Settlement>, BTreeSet<OpId>) {
    let (mut ids, mut verdicts, mut stray) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    for read in events {
        if let Some((event, verdict)) = read.event.what.settles() {
            match ids.get(&event) {
                Some(target) => drop(verdicts.insert(*target, verdict)),
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
