//! Values that people wrote apart: which of them still say something different.

use model::record::{Candidate, Value};

/// Sorts the candidates, the winner last, and keeps of equal values only the latest. Two closed values can't be
/// compared, so both stay.
pub(crate) fn settle(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by_key(|candidate| candidate.op);
    let mut settled: Vec<Candidate> = Vec::with_capacity(candidates.len());
    for candidate in candidates.into_iter().rev() {
        let known = candidate.value != Value::Closed
            && settled.iter().any(|later: &Candidate| later.value == candidate.value);
        if !known {
            settled.push(candidate);
        }
    }
    settled.reverse();
    settled
}
