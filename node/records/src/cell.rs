//! Sealed cells as documents hold them: which seed, which place.

use model::record::{CellName, Value};
use seal::{CellPlace, Seed};

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

/// What this box can say about a cell.
pub(crate) fn value(seeds: &dyn Seeds, doc: DocId, name: &CellName, cell: &[u8]) -> Value {
    match seeds.held(name.person) {
        Held::Erased => Value::Erased,
        Held::Missing => Value::Closed,
        Held::Seeds(held) => {
            open_with(&held, doc, name, cell).map_or(Value::Closed, |(_, text)| Value::Text(text))
        }
    }
}
