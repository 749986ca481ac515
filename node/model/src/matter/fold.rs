//! The fold: a merged record in, a matter and its anomalies out. Any order of delivery and any duplication give the same.

use super::{Entry, Matter, event::What};
use crate::{
    history::{Anomaly, Mark, Stamp, Subject, Verdict, unfold},
    record::Record,
};

impl Matter {
    /// Folds a record. Never fails: what cannot stand is an anomaly.
    #[must_use]
    pub fn read(record: &Record) -> (Self, Vec<Anomaly>) {
        let mut matter = Self::empty(record);
        let anomalies = unfold(&mut matter, &record.events);
        (matter, anomalies)
    }
}

impl Subject for Matter {
    type What = What;
    const STRAY: &'static str = "要处置的记录不在这里，或在这之后才发生。";

    fn judge_by(&self, what: &What, stamp: &Stamp) -> Verdict {
        self.judge(what, stamp)
    }

    fn take_effect(&mut self, mark: &Mark, what: &What) {
        self.effect(mark, what);
    }

    fn note_line(&mut self, line: Entry) {
        self.timeline.push(line);
    }
}
