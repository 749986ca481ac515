//! Promise: what was acknowledged survives any power cut, a database always opens again, and nothing is silently wrong.
//!
//! A workload runs once on a simulated folder that writes down every operation; then the power is cut at every one of them,
//! keeping a random part of what was not synced, torn at sectors; each result is opened by the real code and held against
//! the memory engine. The longer run:
//!
//! ```text
//! cargo run --release -p store --example power_cuts -- --cuts 200000
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    clippy::cast_possible_truncation,
    reason = "a harness: it stops at the first thing that is not as it thinks"
)]

mod campaign;
mod dice;
mod disk;
mod medium;
mod report;
mod verdict;
mod workload;

use report::{Plan, run};

/// Fails when any of 20,000 cuts loses an acknowledged commit, leaves a half one, a folder that does not open or a wrong
/// value; when a flipped bit goes unnoticed; or when the harness misses one of the planted bugs (a skipped fsync, an early
/// acknowledgement …), which shows that it could see the first kind.
#[test]
fn acknowledged_work_survives_power_cuts() {
    let report = run(Plan { first_seed: 1, cuts: 20_000, flips: 2000 });
    let file = report.write().unwrap();
    println!("{}{}", report.to_json(), file.display());
    assert!(report.tally.all_cuts() >= 20_000, "too few cuts");
    assert!(report.is_good(), "{}\n{}", report.to_json(), report.stories());
}
