//! Many seeds, on all processors, and what came of them.

use super::plant::Plant;
use super::tally::Tally;
use super::world::{Failure, World};
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Once;
use std::time::Instant;

/// One seed's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// Hash of everything that happened: the same in every run.
    pub trace: [u8; 32],
    /// What happened.
    pub tally: Tally,
    /// The promise that was broken, if any.
    pub failure: Option<Failure>,
}

/// Runs one seed. A panic anywhere in a box is a broken promise.
#[must_use]
pub fn run_seed(seed: u64, plant: Option<Plant>) -> Outcome {
    let lived = catch_unwind(AssertUnwindSafe(|| live(seed, plant)));
    lived.unwrap_or_else(|payload| {
        let words = payload.downcast_ref::<String>().map(String::as_str);
        let words = words.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("panic");
        let failure = Some(Failure::new(format!("a box panicked: {words}")));
        Outcome { seed, trace: [0; 32], tally: Tally::default(), failure }
    })
}

fn live(seed: u64, plant: Option<Plant>) -> Outcome {
    let mut world = match World::new(seed, plant) {
        Ok(world) => world,
        Err(failure) => {
            return Outcome { seed, trace: [0; 32], tally: Tally::default(), failure: Some(failure) };
        }
    };
    let mut failure = None;
    for _ in 0..world.plan.steps {
        failure = world.step().err();
        if failure.is_some() {
            break;
        }
    }
    let failure = failure.or_else(|| world.finish().err());
    let mut tally = world.tally.clone();
    tally.seconds = world.now_ms / 1000;
    Outcome { seed, trace: world.traced(), tally, failure }
}

/// What a campaign came to.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many seeds were run.
    pub seeds: u64,
    /// Their counts.
    pub tally: Tally,
    /// The seeds that failed, the first ones in full.
    pub failures: Vec<(u64, Failure)>,
    /// For each planted bug: after how many seeds it was found, and by which broken promise.
    pub planted: Vec<(Plant, Option<(u64, Failure)>)>,
    /// How long it took.
    pub seconds: f64,
}

/// Runs seeds `first..first + seeds`, then looks for each planted bug within `plant_seeds` seeds.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the campaign tells how long it took; no box sees this clock")]
pub fn run(first: u64, seeds: u64, plant_seeds: u64) -> Report {
    let start = Instant::now();
    let mut report = Report { seeds, ..Report::default() };
    for outcome in
        on_all_processors(&(first..first + seeds).collect::<Vec<_>>(), &|seed| run_seed(*seed, None))
    {
        report.tally.add(&outcome.tally);
        report.failures.extend(outcome.failure.map(|failure| (outcome.seed, failure)));
    }
    if plant_seeds > 0 {
        let found = on_all_processors(&Plant::ALL, &|plant| find(*plant, first, plant_seeds));
        report.planted = Plant::ALL.into_iter().zip(found).collect();
    }
    report.seconds = start.elapsed().as_secs_f64();
    report
}

/// The first seed that notices a planted bug, counted from 1.
#[must_use]
pub fn find(plant: Plant, first: u64, seeds: u64) -> Option<(u64, Failure)> {
    (first..first + seeds)
        .zip(1..)
        .find_map(|(seed, tried)| run_seed(seed, Some(plant)).failure.map(|failure| (tried, failure)))
}

/// Name of the campaign's threads.
const WORKER: &str = "simulation";

/// A panic inside a box is caught and told as a broken promise: its backtrace would only bury the seed's number.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().name() != Some(WORKER) {
                before(info);
            }
        }));
    });
}

/// In the order of the jobs, whoever does them.
fn on_all_processors<J: Sync, T: Send>(jobs: &[J], work: &(dyn Fn(&J) -> T + Sync)) -> Vec<T> {
    let count = std::thread::available_parallelism().map_or(2, usize::from).min(jobs.len().max(1));
    let next = std::sync::atomic::AtomicUsize::new(0);
    let worker = || {
        let mut mine = Vec::new();
        loop {
            let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(job) = jobs.get(at) else { return mine };
            mine.push((at, work(job)));
        }
    };
    quiet_panics();
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let named = || std::thread::Builder::new().name(WORKER.to_owned()).spawn_scoped(scope, worker);
        let workers: Vec<_> = (0..count).filter_map(|_| named().ok()).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, value)| value).collect()
}

impl Report {
    /// How many failures were of records that did not arrive once, and how many of boxes that differ.
    fn lost_and_diverged(&self) -> (usize, usize) {
        let count = |words: &[&str]| {
            self.failures.iter().filter(|(_, f)| words.iter().any(|word| f.what.contains(word))).count()
        };
        (count(&["stands", "arrived", "cannot be read"]), count(&["differs", "come to rest"]))
    }

    /// The figures as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let (lost, diverged) = self.lost_and_diverged();
        let mut json = String::from("{");
        let _ =
            write!(json, "\"seeds\": {}, \"simulated_days\": {}, ", self.seeds, self.tally.seconds / 86_400);
        let faults: Vec<_> =
            self.tally.faults.iter().map(|(kind, count)| format!("\"{kind}\": {count}")).collect();
        let _ = write!(json, "\"faults\": {{{}}}, ", faults.join(", "));
        let refused: Vec<_> =
            self.tally.refused.iter().map(|(reason, count)| format!("\"{reason}\": {count}")).collect();
        let _ =
            write!(json, "\"refused\": {{{}}}, \"gaps_resent\": {}, ", refused.join(", "), self.tally.gaps);
        let _ = write!(json, "\"acknowledged\": {}, ", self.tally.acknowledged);
        let _ =
            write!(json, "\"failed\": {}, \"lost\": {lost}, \"diverged\": {diverged}, ", self.failures.len());
        let planted: Vec<_> = self
            .planted
            .iter()
            .map(|(plant, found)| {
                let after = found.as_ref().map_or("null".to_owned(), |(tried, _)| tried.to_string());
                format!("\"{plant}\": {after}")
            })
            .collect();
        let _ =
            write!(json, "\"planted_found\": {}, ", self.planted.iter().filter(|(_, f)| f.is_some()).count());
        let _ = write!(json, "\"planted_found_after_seeds\": {{{}}}, ", planted.join(", "));
        let _ = writeln!(json, "\"seconds\": {:.1}}}", self.seconds);
        json
    }

    /// Writes the figures where all measurements go, and returns where that is.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write(&self) -> std::io::Result<PathBuf> {
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
        let folder = target.join("measure");
        std::fs::create_dir_all(&folder)?;
        let file = folder.join("simulation.json");
        std::fs::write(&file, self.to_json())?;
        Ok(file)
    }

    /// For people: the failures, with the command that shows each again.
    #[must_use]
    pub fn complaints(&self) -> String {
        let mut words = String::new();
        for (seed, failure) in self.failures.iter().take(10) {
            let _ = writeln!(words, "seed {seed}: {}", failure.what);
            let _ = writeln!(
                words,
                "  again: cargo run --release -p bianmin-tests --example simulation -- --seeds 1 --plants 0 --first {seed}"
            );
        }
        for (plant, found) in &self.planted {
            if found.is_none() {
                let _ = writeln!(words, "planted bug {plant} was not found");
            }
        }
        words
    }
}
