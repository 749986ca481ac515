//! The longer run: `cargo run --release -p bianmin-tests --example simulation -- --seeds N [--first S] [--plants N]`.
//! Prints what went wrong, with the command that shows it again, and writes `target/measure/simulation.json`.

use bianmin_tests::sim;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, otherwise: u64| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)?.parse().ok().or(Some(otherwise))
    };
    let report = sim::run(
        number("--first", 1).unwrap_or(1),
        number("--seeds", 2_000).unwrap_or(2_000),
        number("--plants", 0).unwrap_or(0),
    );
    print!("{}{}", report.complaints(), report.to_json());
    if report.write().is_err() {
        eprintln!("the figures could not be written");
    }
    for (plant, found) in &report.planted {
        if let Some((tried, failure)) = found {
            println!("{plant}: found by seed {tried}: {}", failure.what);
        }
    }
    if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
