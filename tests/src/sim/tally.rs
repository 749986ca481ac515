//! What happened over some seeds, counted.

use std::collections::BTreeMap;

/// Counts of one or more seeds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Faults by kind.
    pub faults: BTreeMap<&'static str, u64>,
    /// What sessions refused, by reason.
    pub refused: BTreeMap<String, u64>,
    /// Gaps answered by resending.
    pub gaps: u64,
    /// Forks seen in vectors.
    pub forks_seen: u64,
    /// Records acknowledged to a clerk.
    pub acknowledged: u64,
    /// Those among them that no disk held any more after a restore, and that the township had not receipted.
    pub gone_with_a_disk: u64,
    /// Township time that passed, seconds.
    pub seconds: u64,
}

impl Tally {
    /// One more of a kind.
    pub(super) fn count(&mut self, fault: &'static str) {
        *self.faults.entry(fault).or_insert(0) += 1;
    }

    /// Adds another seed's counts.
    pub fn add(&mut self, other: &Self) {
        for (kind, count) in &other.faults {
            *self.faults.entry(kind).or_insert(0) += count;
        }
        for (reason, count) in &other.refused {
            *self.refused.entry(reason.clone()).or_insert(0) += count;
        }
        self.gaps += other.gaps;
        self.forks_seen += other.forks_seen;
        self.acknowledged += other.acknowledged;
        self.gone_with_a_disk += other.gone_with_a_disk;
        self.seconds += other.seconds;
    }
}
