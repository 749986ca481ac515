//! Counters of this web face, in Prometheus text. Labels are route patterns and statuses: never an address as typed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

/// What the pages count. One per router.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    answers: Mutex<BTreeMap<(String, u16), Tally>>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    count: u64,
    micros: u64,
}

impl Metrics {
    /// Notes one answer.
    pub(crate) fn answered(&self, route: &str, status: u16, micros: u64) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let tally = answers.entry((route.to_owned(), status)).or_default();
        tally.count += 1;
        tally.micros = tally.micros.saturating_add(micros);
    }

    /// The text Prometheus reads.
    pub(crate) fn text(&self) -> String {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::from("# TYPE bianmin_web_answers_total counter\n");
        for ((route, status), tally) in answers.iter() {
            let labels = format!("route=\"{route}\",status=\"{status}\"");
            let _infallible = writeln!(out, "bianmin_web_answers_total{{{labels}}} {}", tally.count);
        }
        out.push_str("# TYPE bianmin_web_answer_seconds_total counter\n");
        for ((route, status), tally) in answers.iter() {
            let labels = format!("route=\"{route}\",status=\"{status}\"");
            let seconds = format!("{}.{:06}", tally.micros / 1_000_000, tally.micros % 1_000_000);
            let _infallible = writeln!(out, "bianmin_web_answer_seconds_total{{{labels}}} {seconds}");
        }
        out
    }
}
