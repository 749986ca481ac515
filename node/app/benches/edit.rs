//! What 已保存 costs: one durable edit of one case through the real use case, beside the disk's bare fdatasync in the
//! same minute, and many clerks at once. `cargo bench -p app --bench edit -- --edits 2000`; figures as JSON in
//! `target/measure/edit.json`.
#![expect(clippy::expect_used, reason = "a bench that cannot measure stops")]
#![expect(clippy::disallowed_methods, reason = "this is where time is measured")]
#![expect(clippy::print_stdout, reason = "its figures")]

use app::Node;
use app::cases::CaseId;
use app::testing::{MONDAY, TestClock, clerk, meet, take, township, township_item};
use model::record::{self, Edit};
use records::{DocId, DocKind, DocRef, Document, SeedBook};
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use store::documents::{self, StoredDocument};
use store::engine::Engine;
use store::{DiskFolder, Folder as _, MemoryEngine, RedbEngine};

/// What a journal entry of a small edit takes.
const BARE_BYTES: usize = 400;

/// How much to do.
struct Plan {
    /// Edits one by one.
    edits: usize,
    /// Edits by all threads together.
    grouped: usize,
    /// Clerks at once.
    threads: usize,
    /// Cases to edit.
    cases: u64,
}

fn plan() -> Result<Plan, lexopt::Error> {
    use lexopt::prelude::*;
    let mut plan = Plan { edits: 2000, grouped: 20_000, threads: 64, cases: 512 };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("edits") => plan.edits = parser.value()?.parse()?,
            Long("grouped") => plan.grouped = parser.value()?.parse()?,
            Long("threads") => plan.threads = parser.value()?.parse()?,
            Long("cases") => plan.cases = parser.value()?.parse()?,
            // What cargo itself adds.
            Long("bench") => {}
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected()),
        }
    }
    Ok(plan)
}

fn main() {
    let plan = plan().expect("--edits N --grouped N --threads N --cases N");
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
    let folder = target.join("measure/edit");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder under target");
    let figures = measure(&plan, &folder);
    let _ = fs::remove_dir_all(&folder);
    fs::write(target.join("measure/edit.json"), &figures).expect("the figures are written");
    println!("{figures}");
}

fn measure(plan: &Plan, folder: &Path) -> String {
    let node = station(folder);
    let version = township_item(&node);
    let cases: Vec<CaseId> =
        (0..plan.cases).map(|n| take(&node, &version, n).expect("a case is taken")).collect();
    let mut bare = Bare::new(folder);
    let mut alone = Alone::new(folder);
    let (mut edit, mut append, mut overwrite, mut document) = <(Vec<_>, Vec<_>, Vec<_>, Vec<_>)>::default();
    for n in 0..plan.edits {
        let id = *cases.get(n % cases.len()).expect("there are cases");
        append.push(timed(|| bare.append()));
        overwrite.push(timed(|| bare.overwrite()));
        document.push(timed(|| alone.edit(n)));
        edit.push(timed(|| write(&node, id, n)));
    }
    let cpu = cpu_us();
    let grouped = together(&node, &cases, plan);
    let cpu = cpu_us().saturating_sub(cpu) / u64::try_from(plan.grouped.max(1)).unwrap_or(1);
    let bytes = fs::metadata(folder.join(store::open::DATABASE)).map_or(0, |file| file.len());
    let base = at(&mut append, 50);
    let ratio = |of: u64| serde_json::Value::from((of * 100 / base.max(1)) as f64 / 100.0);
    let figures = serde_json::json!({
        "p50_us": at(&mut edit, 50), "p99_us": at(&mut edit, 99),
        "fdatasync_p50_us": base, "fdatasync_p99_us": at(&mut append, 99),
        "ratio_p50": ratio(at(&mut edit, 50)),
        "overwrite_fdatasync_p50_us": at(&mut overwrite, 50),
        "document_alone_p50_us": at(&mut document, 50), "document_alone_ratio_p50": ratio(at(&mut document, 50)),
        "edits_per_second": grouped.0, "group_p50_us": grouped.1, "group_p99_us": grouped.2,
        "cpu_us_per_edit": cpu,
        "edits": plan.edits, "grouped": plan.grouped, "threads": plan.threads, "cases": plan.cases,
        "database_bytes": bytes,
    });
    serde_json::to_string_pretty(&figures).expect("figures are JSON")
}

/// A station on a real file, with the catalogue of a centre.
fn station(folder: &Path) -> Node {
    let (town, clock) = (township(1, 3), TestClock::at(MONDAY));
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    centre.load_small_sample(&[2301]).expect("the sample loads");
    let node = town.start(1, Arc::new(engine(folder, store::open::DATABASE)), clock, 2);
    meet(&node, &centre);
    node
}

fn engine(folder: &Path, name: &str) -> RedbEngine {
    let disk = DiskFolder::at(folder.to_path_buf()).expect("a folder");
    let space = store::free_space::DiskSpace::of(folder.to_path_buf());
    RedbEngine::create(disk.backend(name, true).expect("a file"), Box::new(space)).expect("a database")
}

/// The edit: a note about a person on a received case. An event and a sealed cell.
fn write(node: &Node, id: CaseId, n: usize) {
    node.note(&clerk(), id, format!("来电询问进度，已告知第{n}次")).expect("a note is kept");
}

/// Many clerks, each at a case of its own at any moment: edits a second, and what one of them waits.
fn together(node: &Node, cases: &[CaseId], plan: &Plan) -> (u64, u64, u64) {
    let next = AtomicU64::new(0);
    let began = Instant::now();
    let mut waits = std::thread::scope(|scope| {
        let clerks: Vec<_> = (0..plan.threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut waits = Vec::new();
                    loop {
                        let n = usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap_or(usize::MAX);
                        if n >= plan.grouped {
                            return waits;
                        }
                        let id = *cases.get(n % cases.len()).expect("there are cases");
                        waits.push(timed(|| write(node, id, n)));
                    }
                })
            })
            .collect();
        clerks.into_iter().flat_map(|clerk| clerk.join().expect("no clerk fails")).collect::<Vec<_>>()
    });
    let took = began.elapsed().as_micros().max(1);
    let speed = u128::try_from(plan.grouped).unwrap_or(0) * 1_000_000 / took;
    (u64::try_from(speed).unwrap_or(u64::MAX), at(&mut waits, 50), at(&mut waits, 99))
}

/// The disk by itself: a few hundred bytes and fdatasync.
struct Bare {
    log: File,
    place: File,
}

impl Bare {
    fn new(folder: &Path) -> Self {
        let open =
            |name| OpenOptions::new().create(true).append(name == "log").write(true).open(folder.join(name));
        let place = open("place").expect("a file");
        place.write_all_at(&[0; 1 << 20], 0).and_then(|()| place.sync_all()).expect("a megabyte");
        Self { log: open("log").expect("a file"), place }
    }

    /// At the end of a growing file: what a log would do.
    fn append(&mut self) {
        self.log.write_all(&[7; BARE_BYTES]).and_then(|()| self.log.sync_data()).expect("the disk writes");
    }

    /// In the middle of a file that has its place on the disk: the least a disk can do.
    fn overwrite(&mut self) {
        let written = self.place.write_all_at(&[7; BARE_BYTES], 4096 * 17);
        written.and_then(|()| self.place.sync_data()).expect("the disk writes");
    }
}

/// A document and the database, nothing else: no use case, journal, seal, rows or audit.
struct Alone {
    engine: RedbEngine,
}

const ALONE: DocRef = DocRef { id: DocId([7; 16]), kind: DocKind::Case };

impl Alone {
    fn new(folder: &Path) -> Self {
        Self { engine: engine(folder, "alone.redb") }
    }

    fn edit(&mut self, n: usize) {
        let mut tx = self.engine.write().expect("a transaction");
        // A case of eight edits, over and over.
        let stored =
            if n.is_multiple_of(8) { None } else { documents::get(&*tx, &ALONE.id.0).expect("a read") };
        let mut document = stored.map_or_else(
            || Document::create(ALONE),
            |stored| Document::load(ALONE, &stored.saved).expect("our own bytes load"),
        );
        let mut act = Edit::default();
        act.facts
            .insert(format!("f{}", n % 8), Some(record::Value::Text(format!("来电询问进度，已告知第{n}次"))));
        records::edit(&mut document, &act, [5; 16], MONDAY, &SeedBook::new()).expect("an edit");
        let saved = document.save();
        let stored = StoredDocument { kind: 1, flags: 0, saved };
        documents::put(&mut *tx, &ALONE.id.0, &stored).expect("a document is put");
        tx.commit().expect("the commit is durable");
    }
}

/// Processor time of this process in user mode and in the kernel, from /proc: a clock that others on the machine do
/// not disturb. Ticks are hundredths of a second on every Linux.
fn cpu_us() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10_000
}

fn timed(work: impl FnOnce()) -> u64 {
    let began = Instant::now();
    work();
    u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)
}

fn at(times: &mut [u64], percent: usize) -> u64 {
    times.sort_unstable();
    times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).copied().unwrap_or(0)
}
