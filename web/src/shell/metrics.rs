//! Counters of this web face, in Prometheus text. Labels are route patterns and statuses: never an address as typed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use app::gauges::Gauges;
use app::ports::LinkView;

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

/// How the box stands, for the same reader: numbers by fixed words and station numbers.
pub(crate) fn gauges(now: &Gauges) -> String {
    let mut out = String::new();
    let mut gauge = |name: &str, rows: &[(String, u64)]| {
        let _infallible = writeln!(out, "# TYPE bianmin_{name} gauge");
        for (labels, value) in rows {
            let _infallible = writeln!(out, "bianmin_{name}{labels} {value}");
        }
    };
    let peers = |value: &dyn Fn(&LinkView) -> u64| -> Vec<(String, u64)> {
        now.links.iter().map(|link| (format!("{{station=\"{}\"}}", link.station), value(link))).collect()
    };
    gauge("link_up", &peers(&|link| u64::from(link.open)));
    gauge("link_received_bytes", &peers(&|link| link.bytes.0));
    gauge("link_sent_bytes", &peers(&|link| link.bytes.1));
    gauge("store_commits", &[(String::new(), now.commits)]);
    let truth = |word: &str, count: usize| (format!("{{truth=\"{word}\"}}"), count as u64);
    let records = [
        truth("saved", now.cases.saved),
        truth("transit", now.cases.in_transit),
        truth("not_adopted", now.cases.not_adopted),
        truth("receipt", now.cases.received),
        truth("uncounted", now.cases.uncounted),
    ];
    gauge("records", &records);
    let writer = |word: &str, count| (format!("{{writer=\"{word}\"}}"), count);
    gauge("journal_entries", &[writer("own", now.own_entries), writer("others", now.other_entries)]);
    let way = |word: &str, count| (format!("{{way=\"{word}\"}}"), count);
    gauge("blob_pieces", &[way("sent", now.blobs.sent), way("kept", now.blobs.kept)]);
    gauge("blobs_whole", &[(String::new(), now.blobs.whole)]);
    gauge("blobs_lacking", &[(String::new(), now.blobs_lacking)]);
    let refused = now.blobs.refused.iter();
    let refused = refused.map(|(reason, count)| (format!("{{reason=\"{}\"}}", reason.code()), *count));
    gauge("blob_refused", &refused.collect::<Vec<_>>());
    out
}
