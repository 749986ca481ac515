//! The longer run of the power-cut harness, with any number of cuts:
//!
//! ```text
//! cargo run --release -p store --example power_cuts -- --cuts 200000 [--seed 1] [--flips 20000]
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    clippy::cast_possible_truncation,
    dead_code,
    reason = "a harness: it stops at the first thing that is not as it thinks"
)]

#[path = "../tests/power_cuts/campaign.rs"]
mod campaign;
#[path = "../tests/power_cuts/dice.rs"]
mod dice;
#[path = "../tests/power_cuts/disk.rs"]
mod disk;
#[path = "../tests/power_cuts/medium.rs"]
mod medium;
#[path = "../tests/power_cuts/report.rs"]
mod report;
#[path = "../tests/power_cuts/verdict.rs"]
mod verdict;
#[path = "../tests/power_cuts/workload.rs"]
mod workload;

use report::{Plan, run};
use std::process::ExitCode;

fn number(name: &str, default: u64) -> u64 {
    let mut words = std::env::args().skip_while(|word| word != name).skip(1);
    words.next().map_or(default, |word| word.parse().unwrap())
}

const HELP: &str = "\
Cuts the power at every operation of a workload, seed after seed, and opens what is left.
  --cuts N     at least so many, default 200000
  --seed S     the first seed, default 1
  --flips N    single bits flipped in a closed database, default 20000
";

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "--help") {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let plan = Plan {
        first_seed: number("--seed", 1),
        cuts: number("--cuts", 200_000),
        flips: number("--flips", 20_000),
    };
    let report = run(plan);
    let file = report.write().unwrap();
    println!("{}{}\n{}", report.to_json(), report.stories(), file.display());
    if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
