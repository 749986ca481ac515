//! The fold: a merged record in, a case and its anomalies out. Any order of delivery and any duplication give the same.

use super::{Case, Entry, Filing, Mark, StepState, Verdict, event::*, facts};
use crate::{
    history::{Anomaly, AnomalyKind, Subject, in_order, unfold},
    item::{ItemRef, Version},
    record::{Candidate, Record, Value},
    station::CENTRE,
};

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
        let mut case = Self::empty(record, version);
        let mut anomalies = unfold(&mut case, &record.events);
        if let (None, Some(first)) = (version, case.timeline.first()) {
            let no_item = Anomaly {
                op: first.mark.op,
                kind: AnomalyKind::NoItem,
                title: "事项未到",
                why: "这个事项的版本还没到本机，等同步后再办。".to_owned(),
                stamp: Some(first.mark.stamp.clone()),
            };
            anomalies.insert(0, no_item);
        }
        case.conflicts = conflicts(record);
        (case, anomalies)
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
            routed: Vec::new(),
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
            apart_from: Vec::new(),
            package: None,
            photos: Vec::new(),
            help: super::help::Thread::default(),
            stops: Vec::new(),
            timeline: Vec::new(),
            conflicts: Vec::new(),
        }
    }
}

impl Subject for Case {
    type What = What;
    const STRAY: &'static str = "要处置的记录不在本件里，或在这之后才发生。";

    fn judge_by(&self, what: &What, stamp: &Stamp) -> Verdict {
        self.judge(what, stamp.station)
    }

    fn take_effect(&mut self, mark: &Mark, what: &What) {
        self.effect(mark, what);
    }

    fn note_line(&mut self, line: Entry) {
        self.timeline.push(line);
    }
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
