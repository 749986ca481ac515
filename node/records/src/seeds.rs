//! The port through which this crate sees person seeds; it stores none.

use std::collections::{BTreeMap, BTreeSet};

use seal::Seed;

/// What this box knows of one person's seed in one document.
#[derive(Debug, Clone)]
pub enum Held {
    /// The seed; more than one when two boxes each began to write about the same person before they met. The first
    /// one seals, any of them may open.
    Seeds(Vec<Seed>),
    /// Never received: the values are closed to this box.
    Missing,
    /// Destroyed by an order to erase.
    Erased,
}

/// The seeds of one document.
pub trait Seeds {
    /// The seeds of `person` in the document at hand.
    fn held(&self, person: u64) -> Held;
}

/// Seeds of one document, held in memory for as long as a call takes.
#[derive(Debug, Clone, Default)]
pub struct SeedBook {
    seeds: BTreeMap<u64, Vec<Seed>>,
    erased: BTreeSet<u64>,
}

impl SeedBook {
    /// A book with no seed in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a seed. A second one for the same person stands behind the first.
    pub fn put(&mut self, person: u64, seed: Seed) -> &mut Self {
        let seeds = self.seeds.entry(person).or_default();
        if !seeds.contains(&seed) {
            seeds.push(seed);
        }
        self
    }

    /// Forgets the person's seeds and remembers that they were destroyed.
    pub fn erase(&mut self, person: u64) -> &mut Self {
        self.seeds.remove(&person);
        self.erased.insert(person);
        self
    }

    /// The person's seeds, the one that seals first; none when they are missing or destroyed.
    #[must_use]
    pub fn all(&self, person: u64) -> Vec<Seed> {
        self.seeds.get(&person).cloned().unwrap_or_default()
    }

    /// Whether the book has a seed for the person.
    #[must_use]
    pub fn has(&self, person: u64) -> bool {
        self.seeds.contains_key(&person)
    }
}

impl Seeds for SeedBook {
    fn held(&self, person: u64) -> Held {
        if self.erased.contains(&person) {
            return Held::Erased;
        }
        self.seeds.get(&person).map_or(Held::Missing, |seeds| Held::Seeds(seeds.clone()))
    }
}
