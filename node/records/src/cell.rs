//! Sealed cells as documents hold them: which seed, which place.

use std::cell::RefCell;
use std::collections::BTreeMap;

use model::record::{CellName, Value};
use seal::{CellKey, CellPlace, Seed};

use crate::{Actor, DocId, Held, Seeds, limit};

/// Where a cell belongs, for its key and its associated data.
fn place(doc: DocId, name: &CellName) -> CellPlace<'_> {
    CellPlace { case: doc.0, person: name.person, field: &name.field }
}

/// The cell that `actor`'s change number `seq` holds for this text: always the same bytes.
pub(crate) fn close(
    seed: &Seed,
    doc: DocId,
    name: &CellName,
    actor: &Actor,
    seq: u64,
    text: &str,
) -> Option<Vec<u8>> {
    if text.len() > limit::PLAINTEXT_BYTES_MAX {
        return None;
    }
    seal::seal_cell(seed, &place(doc, name), actor, seq, text).ok()
}

/// The seed that opens the cell, and what it says.
pub(crate) fn open_with(held: &[Seed], doc: DocId, name: &CellName, cell: &[u8]) -> Option<(Seed, String)> {
    held.iter().find_map(|seed| {
        let text = seal::open_cell(seed, &place(doc, name), cell).ok()?;
        Some((seed.clone(), text.as_str().to_owned()))
    })
}

/// What this box can do with one person's cells.
enum Keys {
    Held(Vec<CellKey>),
    Missing,
    Erased,
}

/// Opens the cells of one document during one reading: each person's keys are derived once.
pub(crate) struct Opener<'s> {
    seeds: &'s dyn Seeds,
    doc: DocId,
    persons: RefCell<BTreeMap<u64, Keys>>,
}

impl<'s> Opener<'s> {
    pub(crate) fn new(seeds: &'s dyn Seeds, doc: DocId) -> Self {
        Self { seeds, doc, persons: RefCell::default() }
    }

    /// What this box can say about a cell.
    pub(crate) fn value(&self, name: &CellName, cell: &[u8]) -> Value {
        let mut persons = self.persons.borrow_mut();
        let keys = persons.entry(name.person).or_insert_with(|| match self.seeds.held(name.person) {
            Held::Erased => Keys::Erased,
            Held::Missing => Keys::Missing,
            Held::Seeds(held) => {
                Keys::Held(held.iter().map(|seed| CellKey::of(seed, self.doc.0, name.person)).collect())
            }
        });
        match keys {
            Keys::Erased => Value::Erased,
            Keys::Missing => Value::Closed,
            Keys::Held(held) => {
                let opened = held.iter().find_map(|key| key.open(&name.field, cell).ok());
                opened.map_or(Value::Closed, |text| Value::Text(text.as_str().to_owned()))
            }
        }
    }
}
