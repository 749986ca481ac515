//! Cuts a recorded run everywhere: while it was created, while it worked, while it recovered from a cut.

use crate::dice::Dice;
use crate::disk::{Faults, Image, Op};
use crate::medium::Medium;
use crate::verdict::{Fault, Oracle, Promise, Tally};
use crate::workload::{Plant, Recording, record};

/// Commits of one recorded run: enough for restarts, a rotation and pages that are freed and used again; few enough for
/// the file to stay small.
pub(crate) const COMMITS: u64 = 40;

/// How deep a recovery is cut while it recovers.
const DEPTH_MAX: u32 = 3;

/// One recorded run and how it is cut.
pub(crate) struct Campaign {
    pub(crate) seed: u64,
    pub(crate) plant: Plant,
    pub(crate) faults: Faults,
    /// Cuts at each point of the first creation, and at each later one.
    pub(crate) cuts_in_creation: u64,
    pub(crate) cuts_at_work: u64,
}

impl Campaign {
    /// The code as it is, on a disk that keeps its word.
    pub(crate) fn honest(seed: u64, cuts_at_work: u64) -> Self {
        Self {
            seed,
            plant: Plant::Nothing,
            faults: Faults::default(),
            cuts_in_creation: 8 * cuts_at_work,
            cuts_at_work,
        }
    }

    /// A planted bug.
    pub(crate) fn planted(seed: u64, plant: Plant) -> Self {
        Self { seed, plant, faults: plant.faults(), cuts_in_creation: 8, cuts_at_work: 1 }
    }

    pub(crate) fn record(&self) -> Recording {
        let recording = record(self.seed, COMMITS, self.plant, self.faults);
        assert_eq!(recording.failure, None, "the run itself must succeed");
        recording
    }

    /// Cuts at every operation of the run. Stops at `enough` cuts.
    pub(crate) fn run(&self, enough: u64) -> Tally {
        let recording = self.record();
        let oracle = Oracle { seed: self.seed, commits: COMMITS, wanted: &recording.wanted };
        let (mut medium, mut promise) = (Medium::new(&Image::new()), Promise::NONE);
        let mut tally = Tally::default();
        for (at, op) in recording.log.iter().enumerate() {
            medium.apply(op);
            if let Op::Note(note) = op {
                promise.heed(*note);
                continue;
            }
            let creating = promise.at_most == 0;
            let cuts = if creating { self.cuts_in_creation } else { self.cuts_at_work };
            for cut in 0..cuts {
                if tally.all_cuts() >= enough {
                    return tally;
                }
                let mut dice = Dice::of(&[self.seed, at as u64, cut]);
                let place = if creating { "creation" } else { "work" };
                let name = || format!("--seed {} (operation {at}, cut {cut}, {:?})", self.seed, self.plant);
                let image = medium.cut(&mut dice);
                explore(&oracle, image, promise, place, 0, &mut dice, &mut tally, &name);
            }
        }
        tally
    }
}

/// Opens what a cut left, and cuts the power again while it recovers and goes on.
#[expect(clippy::too_many_arguments, reason = "one recursion, and a struct of its state would be read once")]
fn explore(
    oracle: &Oracle<'_>,
    image: Image,
    promise: Promise,
    place: &'static str,
    depth: u32,
    dice: &mut Dice,
    tally: &mut Tally,
    name: &dyn Fn() -> String,
) {
    let again = depth < DEPTH_MAX && dice.roll(4) == 0;
    let base = again.then(|| image.clone());
    let folder = match oracle.check(image, promise, again) {
        Ok(folder) => {
            tally.count(place, Ok(()), String::new);
            folder
        }
        Err(fault) => {
            tally.count(place, Err(&fault), || format!("{} at depth {depth}", name()));
            return;
        }
    };
    let Some(base) = base else { return };
    let log = folder.take_log();
    let cuts: Vec<usize> = (0..2).map(|_| dice.index(log.len() + 1)).collect();
    for end in cuts {
        let (mut medium, mut promise) = (Medium::new(&base), promise);
        for op in &log[..end] {
            medium.apply(op);
            if let Op::Note(note) = op {
                promise.heed(*note);
            }
        }
        let image = medium.cut(dice);
        explore(oracle, image, promise, "recovery", depth + 1, dice, tally, name);
    }
}

/// Fills the disk, or lets a sync fail, at ever later moments; then the process ends, with or without a power cut.
pub(crate) fn failing_disk(seed: u64, faults: Faults, cuts: u64) -> Tally {
    let recording = record(seed, COMMITS, Plant::Nothing, faults);
    let oracle = Oracle { seed, commits: COMMITS, wanted: &recording.wanted };
    let (mut medium, mut promise, mut tally) = (Medium::new(&Image::new()), Promise::NONE, Tally::default());
    for op in &recording.log {
        medium.apply(op);
        if let Op::Note(note) = op {
            promise.heed(*note);
        }
    }
    let place = if faults.capacity.is_some() { "full disk" } else { "failing sync" };
    for cut in 0..=cuts {
        let mut dice = Dice::of(&[seed, cut, faults.capacity.unwrap_or(0), faults.failing_sync.unwrap_or(0)]);
        // The first time the process just ends: everything written is there.
        let image = if cut == 0 { recording.image.clone() } else { medium.cut(&mut dice) };
        let name = || format!("--seed {seed} ({faults:?}, cut {cut})");
        if faults.capacity.is_some() && promise.at_least > 0 {
            let outcome = oracle.check_still_full(image.clone(), promise, faults);
            tally.count("still full", outcome.as_ref().copied(), name);
        }
        explore(&oracle, image, promise, place, DEPTH_MAX, &mut dice, &mut tally, &name);
    }
    tally
}

/// What became of a flipped bit.
#[derive(Debug, Default, Clone)]
pub(crate) struct Flips {
    pub(crate) flips: u64,
    /// Said: the folder does not open, or a value is refused.
    pub(crate) said: u64,
    /// The bit stood where nothing is.
    pub(crate) harmless: u64,
    pub(crate) silently_wrong: u64,
    pub(crate) stories: Vec<String>,
}

/// Flips single bits in the files of a cleanly closed box. `open` says what is found: nothing to complain, or a fault.
pub(crate) fn flips(seed: u64, count: u64, look: &dyn Fn(&Oracle<'_>, Image) -> Result<(), Fault>) -> Flips {
    let recording = record(seed, COMMITS, Plant::Nothing, Faults::default());
    let oracle = Oracle { seed, commits: COMMITS, wanted: &recording.wanted };
    let mut flips = Flips::default();
    for number in 0..count {
        let mut dice = Dice::of(&[seed, number]);
        let mut image = recording.image.clone();
        let names: Vec<String> = image.keys().cloned().collect();
        let name = if dice.roll(10) == 0 { &names[dice.index(names.len())] } else { store::open::DATABASE };
        let bytes = image.get_mut(name).unwrap();
        let (at, bit) = (dice.index(bytes.len()), dice.roll(8));
        bytes[at] ^= 1 << bit;
        flips.flips += 1;
        match look(&oracle, image) {
            Ok(()) => flips.harmless += 1,
            Err(Fault::Lost(_) | Fault::Unopenable(_)) => flips.said += 1,
            Err(Fault::Wrong(story)) => {
                flips.silently_wrong += 1;
                flips
                    .stories
                    .push(format!("--seed {seed} (flip {number}, {name} byte {at} bit {bit}): {story}"));
            }
        }
    }
    flips
}
