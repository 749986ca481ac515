//! What a session costs on a poor rural line: `cargo bench -p bianmin-tests --bench link`. Two real boxes (redb on disk,
//! mutual TLS over TCP) meet through the workload's slow-line proxy; figures go to `target/measure/idle.json` and
//! `target/measure/merge.json` and `target/measure/fresh.json`. How the workload becomes cases stands in `tests/workload/README.md`.

mod boxes;
mod case;
mod figures;
mod line;
mod workload;

use boxes::Town;
use figures::Figures;
use line::Line;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use workload::Workload;

/// What may go wrong ends the bench with its words.
type Fault = Box<dyn Error + Send + Sync>;

const HELP: &str = "\
Measures a session with nothing to say (Z), a merge (M) and a fresh box (F) over a slow line. Needs python3.
  --rtt-ms N   round trip of the line, default 400
  --kbps N     each way, default 128
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help") {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let number = |name: &str, otherwise: u32| {
        let at = arguments.iter().position(|argument| argument == name);
        at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(otherwise)
    };
    let line = Line { rtt_ms: number("--rtt-ms", 400), kbps: number("--kbps", 128) };
    match measure(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn target() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| here.join("../target"), PathBuf::from)
}

fn measure(line: Line) -> Result<(), Fault> {
    let workload = Workload::make(&target().join("workload"))?;
    let folder = tempfile::Builder::new().prefix("link-bench").tempdir_in(target())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let town = Town::at(folder.path());
    let centre = town.start(0, "centre")?;
    let station = town.start(1, "station")?;
    for case in &workload.base {
        station.write(case, town.clock())?;
    }
    app::testing::meet(&station.node, &centre.node);

    let idle = runtime.block_on(line.between(&station, &centre))?;
    let replaced = town.start(1, "replaced")?;
    let fresh = runtime.block_on(line.between(&replaced, &centre))?;
    for case in workload.a_new.iter().chain(&workload.a_edits) {
        station.write(case, town.clock())?;
    }
    for case in workload.b_edits.iter().chain(&workload.b_new) {
        centre.write(case, town.clock())?;
    }
    let merge = runtime.block_on(line.between(&station, &centre))?;
    let conflicts = boxes::conflicts(&station, &centre, workload.documents())?;
    if conflicts > 0 {
        return Err(format!("{conflicts} conflicts are left where different fields were edited").into());
    }
    let measured = [("Z", idle), ("M", merge), ("F", fresh)];
    Figures { line, measured, conflicts }.write(&target().join("measure"))
}
