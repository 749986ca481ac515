//! Three boxes that edit one document apart and meet at random.

use model::record::{CellName, Edit, Record, Value};
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use records::trial::{Incoming, Outcome, Policy, admit};
use records::{Actor, DocId, DocKind, DocRef, Document, RawChange, SeedBook, edit, read};
use seal::Seed;

pub(crate) const CASE: DocRef = DocRef { id: DocId([7; 16]), kind: DocKind::Case };

/// Words that no encoding of ours would produce by itself.
pub(crate) const NAMES: [&str; 5] = [
    "王小明zq",
    "41272219900307XXXX",
    "13900001111",
    "某村3组12号院",
    "一段较长的说明,一段较长的说明,一段较长的说明",
];

pub(crate) fn actor(number: u8) -> Actor {
    let mut actor = [number.wrapping_mul(83); 16];
    actor[0] = number;
    actor
}

pub(crate) fn all_seeds() -> SeedBook {
    let mut book = SeedBook::new();
    for person in [0, 1, 9] {
        book.put(person, Seed([person as u8 + 1; 16]));
    }
    book
}

pub(crate) fn cell(person: u64, field: &str) -> CellName {
    CellName { person, field: field.to_owned() }
}

/// A change and the actor that made it.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) actor: Actor,
    pub(crate) change: RawChange,
}

pub(crate) struct Station {
    pub(crate) actor: Actor,
    pub(crate) saved: Option<Vec<u8>>,
    /// What it has, in the order in which it came.
    pub(crate) has: Vec<Made>,
}

impl Station {
    pub(crate) fn new(number: u8) -> Self {
        Self { actor: actor(number), saved: None, has: Vec::new() }
    }

    pub(crate) fn document(&self) -> Document {
        self.saved
            .as_ref()
            .map_or_else(|| Document::create(CASE), |saved| Document::load(CASE, saved).unwrap())
    }

    pub(crate) fn record(&self) -> Record {
        read(&self.document(), &all_seeds())
    }

    pub(crate) fn edit(&mut self, act: &Edit) -> Option<RawChange> {
        let mut document = self.document();
        let change = edit(&mut document, act, self.actor, 1_700_000_000, &all_seeds()).unwrap()?;
        self.saved = Some(document.save());
        self.has.push(Made { actor: self.actor, change: change.clone() });
        Some(change)
    }

    /// Takes what the other has made or received; every honest change must pass.
    pub(crate) fn meet(&mut self, news: &[Made]) {
        for (made, outcome) in news.iter().zip(self.receive(news)) {
            match outcome {
                Outcome::Applied(hash) => assert_eq!(hash, made.change.hash),
                Outcome::Duplicate(hash) => assert_eq!(hash, made.change.hash),
                other @ (Outcome::Parked(_) | Outcome::Refused(_)) => {
                    panic!("an honest change was not applied: {other:?}")
                }
            }
        }
    }

    pub(crate) fn receive(&mut self, news: &[Made]) -> Vec<Outcome> {
        let batch: Vec<_> =
            news.iter().map(|made| Incoming { raw: &made.change.bytes, actor: made.actor }).collect();
        let admitted = admit(CASE, self.saved.as_deref(), &batch, &all_seeds(), Policy::Guarded).unwrap();
        if let Some(tried) = admitted.tried {
            self.saved = Some(tried.saved);
        }
        for (made, outcome) in news.iter().zip(&admitted.outcomes) {
            if matches!(outcome, Outcome::Applied(_)) {
                self.has.push(made.clone());
            }
        }
        admitted.outcomes
    }
}

/// An act: a few facts and cells set or taken away, perhaps events.
pub(crate) fn random_edit(rng: &mut ChaCha8Rng) -> Edit {
    let mut act = Edit::default();
    for _ in 0..rng.random_range(0..3) {
        let value = match rng.random_range(0..5) {
            0 => None,
            1 => Some(Value::Int(rng.random_range(-300..300))),
            2 => Some(Value::Bool(rng.random())),
            _ => Some(Value::Text(format!("甲{}", rng.random_range(0..3)))),
        };
        act.facts.insert(format!("fact{}", rng.random_range(0..4)), value);
    }
    for _ in 0..rng.random_range(0..4) {
        let person = *[0, 1, 9].choose(rng).unwrap();
        let text = rng.random_bool(0.85).then(|| (*NAMES.choose(rng).unwrap()).to_owned());
        act.cells.insert(cell(person, ["name", "phone", "note"].choose(rng).unwrap()), text);
    }
    for _ in 0..rng.random_range(0..3) {
        let mut event = vec![1u8; rng.random_range(1..60)];
        rng.fill(&mut event[..]);
        act.events.push(event);
    }
    act
}

/// Three stations after `steps` random acts and meetings; all begin with the first one's creation.
pub(crate) fn lived(seed: u64, steps: usize) -> Vec<Station> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut stations: Vec<_> = (1..=3).map(Station::new).collect();
    stations[0].edit(&random_edit(&mut rng)).unwrap();
    for _ in 0..steps {
        let who = rng.random_range(0..stations.len());
        if rng.random_bool(0.6) && stations[who].saved.is_some() {
            stations[who].edit(&random_edit(&mut rng));
        } else {
            let other = rng.random_range(0..stations.len());
            let news = stations[other].has.clone();
            stations[who].meet(&news);
        }
    }
    stations
}

/// Every change that any of them has, once.
pub(crate) fn all_made(stations: &[Station]) -> Vec<Made> {
    let mut made: Vec<Made> = Vec::new();
    for one in stations.iter().flat_map(|station| &station.has) {
        if !made.iter().any(|known| known.change.hash == one.change.hash) {
            made.push(one.clone());
        }
    }
    made
}
