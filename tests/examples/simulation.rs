//! The longer run: `cargo run --release -p bianmin-tests --example simulation -- --seeds N`, `--help` says what else.
//! Prints what went wrong, with the command that shows it again, and writes `target/measure/simulation.json`.

use bianmin_tests::sim;
use std::process::ExitCode;

const HELP: &str = "\
Lives through many seeds of a township of thirty-one boxes, then looks for each planted bug.
  --seeds N    how many, default 2000
  --first S    the first one, default 1
  --plants N   within so many seeds each planted bug must be found, default 300; 0 leaves them out
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help") {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let number = |name: &str, otherwise: u64| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)?.parse().ok().or(Some(otherwise))
    };
    let report = sim::run(
        number("--first", 1).unwrap_or(1),
        number("--seeds", 2_000).unwrap_or(2_000),
        number("--plants", 300).unwrap_or(300),
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
    let missed = report.planted.iter().any(|(_, found)| found.is_none());
    if report.failures.is_empty() && !missed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
