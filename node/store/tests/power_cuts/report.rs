//! A whole run of the harness and its figures.

use crate::campaign::{Campaign, Flips, failing_disk, flips};
use crate::disk::{Faults, Image, SimFolder};
use crate::verdict::{Fault, Oracle, Tally};
use crate::workload::{Plant, bag_key, open};
use redb::{Database, ReadableDatabase as _, ReadableTable as _, TableDefinition};
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use store::engine::{collect, commit_number};
use store::{Engine as _, Folder as _, Span, Suspicion, Table};

/// How much to do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) first_seed: u64,
    /// At least so many cuts.
    pub(crate) cuts: u64,
    pub(crate) flips: u64,
}

/// What came of it.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) plan: Plan,
    pub(crate) seeds: u64,
    pub(crate) tally: Tally,
    pub(crate) flips: Flips,
    /// Flips that go unnoticed when the file is trusted: the positive control.
    pub(crate) flips_unnoticed_when_trusted: u64,
    pub(crate) planted: Vec<(Plant, Option<String>)>,
}

/// Runs everything.
pub(crate) fn run(plan: Plan) -> Report {
    let (mut tally, seeds) = cut_everywhere(plan);
    for seed in plan.first_seed..plan.first_seed + 1 + plan.cuts / 20_000 {
        tally.add(failing_disks(seed));
    }
    let planted = Plant::BUGS.map(|plant| (plant, find(plan.first_seed, plant))).to_vec();
    Report {
        plan,
        seeds,
        tally,
        flips: flips(plan.first_seed, plan.flips, &look_honestly),
        flips_unnoticed_when_trusted: flips(plan.first_seed, 300, &look_trusting).silently_wrong,
        planted,
    }
}

/// Seed after seed, one on each processor, until there are enough cuts. Rounds are as wide on every machine, so that the
/// same plan makes the same cuts.
fn cut_everywhere(plan: Plan) -> (Tally, u64) {
    const WIDTH: u64 = 2;
    let (mut tally, mut seeds) = (Tally::default(), 0);
    while tally.all_cuts() < plan.cuts {
        let round = plan.first_seed + seeds..plan.first_seed + seeds + WIDTH;
        seeds += WIDTH;
        std::thread::scope(|scope| {
            let workers: Vec<_> =
                round.map(|seed| scope.spawn(move || Campaign::honest(seed, 3).run(u64::MAX))).collect();
            for worker in workers {
                tally.add(worker.join().unwrap());
            }
        });
    }
    (tally, seeds)
}

/// The disk is full at ever later moments; a sync fails at ever later moments.
fn failing_disks(seed: u64) -> Tally {
    let whole = Campaign::honest(seed, 1).record();
    let size: u64 = whole.image.values().map(|bytes| bytes.len() as u64).sum();
    let mut tally = Tally::default();
    for part in 1..60 {
        let capacity = Some(size * part / 60);
        tally.add(failing_disk(seed, Faults { capacity, ..Faults::default() }, 6));
    }
    for number in (0..whole.syncs).step_by(2) {
        tally.add(failing_disk(seed, Faults { failing_sync: Some(number), ..Faults::default() }, 4));
    }
    tally
}

/// The first fault that shows a planted bug.
fn find(first_seed: u64, plant: Plant) -> Option<String> {
    (first_seed..first_seed + 4).find_map(|seed| {
        let tally = Campaign::planted(seed, plant).run(4000);
        tally.stories.into_iter().next()
    })
}

/// As a box opens its folder. What it says about damage is fine; what it gets wrong without a word is not.
fn look_honestly(oracle: &Oracle<'_>, image: Image) -> Result<(), Fault> {
    let said = |error: &dyn std::fmt::Display| Fault::Unopenable(error.to_string());
    let opened = open(&SimFolder::new(image, Faults::default(), false)).map_err(|error| said(&error))?;
    let tx = opened.engine.read().map_err(|error| said(&error))?;
    if opened.suspicion != Suspicion::None {
        return Err(said(&"the stamp tells"));
    }
    if commit_number(&*tx).map_err(|error| said(&error))? != oracle.commits {
        return Err(Fault::Wrong("an older state without suspicion".to_owned()));
    }
    if *opened.keybag.key().bytes() != *bag_key(1).bytes() {
        return Err(Fault::Wrong("another bag key".to_owned()));
    }
    oracle.same(&*tx, oracle.commits)
}

/// As if files could be trusted: no check on open, no checksum on values.
fn look_trusting(oracle: &Oracle<'_>, image: Image) -> Result<(), Fault> {
    let read = || -> Result<bool, redb::Error> {
        let backend =
            SimFolder::new(image, Faults::default(), false).backend(store::open::DATABASE, false)?;
        let database = Database::builder().create_with_backend(backend)?;
        let tx = database.begin_read()?;
        let mut same = true;
        for table in Table::ALL.into_iter().filter(|table| *table != Table::Meta) {
            let definition = TableDefinition::<&[u8], &[u8]>::new(table.name());
            let mut found = Vec::new();
            for pair in tx.open_table(definition)?.iter()? {
                let (key, stored) = pair?;
                let body = stored.value().len().saturating_sub(4);
                found.push((key.value().to_vec(), stored.value()[..body].to_vec()));
            }
            let wanted = &oracle.wanted[oracle.commits as usize];
            same &= collect(wanted, table, &Span::all(), usize::MAX).is_ok_and(|wanted| wanted == found);
        }
        Ok(same)
    };
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(Fault::Wrong("read as if nothing had happened".to_owned())),
        Ok(Err(_)) | Err(_) => Err(Fault::Unopenable("said".to_owned())),
    }
}

impl Report {
    pub(crate) fn planted_found(&self) -> usize {
        self.planted.iter().filter(|(_, found)| found.is_some()).count()
    }

    /// Whether every promise held and every planted bug was found.
    pub(crate) fn is_good(&self) -> bool {
        self.tally.faults() == 0
            && self.flips.silently_wrong == 0
            && self.flips_unnoticed_when_trusted > 0
            && self.planted_found() == Plant::BUGS.len()
    }

    pub(crate) fn to_json(&self) -> String {
        let mut json = String::from("{\n");
        let numbers = [
            ("cuts", self.tally.all_cuts()),
            ("lost", self.tally.lost),
            ("unopenable", self.tally.unopenable),
            ("silently_wrong", self.tally.silently_wrong + self.flips.silently_wrong),
            ("planted", Plant::BUGS.len() as u64),
            ("planted_found", self.planted_found() as u64),
            ("first_seed", self.plan.first_seed),
            ("seeds", self.seeds),
            ("bit_flips", self.flips.flips),
            ("bit_flips_said", self.flips.said),
            ("bit_flips_harmless", self.flips.harmless),
            ("bit_flips_unnoticed_of_300_when_trusted", self.flips_unnoticed_when_trusted),
        ];
        for (name, number) in numbers {
            let _ = writeln!(json, "  \"{name}\": {number},");
        }
        let places: Vec<String> =
            self.tally.cuts.iter().map(|(place, cuts)| format!("\"{place}\": {cuts}")).collect();
        let _ = writeln!(json, "  \"cuts_by_place\": {{{}}}", places.join(", "));
        json.push_str("}\n");
        json
    }

    /// Writes the figures where all measurements go, and returns where that is.
    pub(crate) fn write(&self) -> std::io::Result<PathBuf> {
        let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
        let folder = target.join("measure");
        std::fs::create_dir_all(&folder)?;
        let file = folder.join("power-cuts.json");
        std::fs::write(&file, self.to_json())?;
        Ok(file)
    }

    /// Everything that went wrong, with how to see it again.
    pub(crate) fn stories(&self) -> String {
        let missed = self.planted.iter().filter(|(_, found)| found.is_none());
        let missed = missed.map(|(plant, _)| format!("planted and not found: {plant:?}"));
        self.tally
            .stories
            .iter()
            .chain(&self.flips.stories)
            .cloned()
            .chain(missed)
            .collect::<Vec<_>>()
            .join("\n")
    }
}
