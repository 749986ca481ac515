//! A document as the model folds it.

use std::collections::BTreeMap;

use automerge::{ChangeHash, ObjId, ReadDoc as _, ScalarValueRef, ValueRef};
use model::record::{Candidate, CellName, OpId, Record, StampedEvent, Value};

use crate::cell::Opener;
use crate::document::Roots;
use crate::settle::settle;
use crate::{Document, SeedBook, Seeds};

/// What the document says, merged and opened as far as `seeds` go. A document that holds nothing yet is an empty
/// record. What stands there against the format is left out; [`crate::guard`] doesn't let it in.
#[must_use]
pub fn read(document: &Document, seeds: &dyn Seeds) -> Record {
    let Some(roots) = &document.roots else { return Record::default() };
    let opener = Opener::new(seeds, document.at.id);
    Record {
        facts: names(document, &roots.facts, &|_, value| plain(value)),
        cells: names(document, &roots.cells, &|name, value| opened(&opener, name, value)),
        events: events(document, roots),
    }
}

/// What the document says without opening any cell: for what depends on facts and events alone. Every cell reads as
/// [`Value::Closed`].
#[must_use]
pub fn read_sealed(document: &Document) -> Record {
    read(document, &SeedBook::new())
}

/// The candidates of one cell, as [`read`] gives them.
#[must_use]
pub fn read_cell(document: &Document, seeds: &dyn Seeds, name: &CellName) -> Vec<Candidate> {
    document.roots.as_ref().map(|roots| cell_values(document, roots, seeds, name)).unwrap_or_default()
}

/// All candidates that stand for each name of a map.
fn names(
    document: &Document,
    map: &ObjId,
    value_of: &dyn Fn(&str, &ValueRef<'_>) -> Option<Value>,
) -> BTreeMap<String, Vec<Candidate>> {
    let mut found = BTreeMap::new();
    for item in document.automerge.map_range(map, ..) {
        let candidates = if item.conflict {
            all(document, map, &item.key, value_of)
        } else {
            value_of(&item.key, &item.value)
                .zip(op_id(&item.id()))
                .map(|(value, op)| Candidate { value, op })
                .into_iter()
                .collect()
        };
        if !candidates.is_empty() {
            found.insert(item.key.into_owned(), settle(candidates));
        }
    }
    found
}

/// The candidates for one name, the settled ones.
fn all(
    document: &Document,
    map: &ObjId,
    name: &str,
    value_of: &dyn Fn(&str, &ValueRef<'_>) -> Option<Value>,
) -> Vec<Candidate> {
    candidates(&document.automerge.get_all(map, name).unwrap_or_default(), name, value_of)
}

fn candidates(
    found: &[(automerge::Value<'_>, ObjId)],
    name: &str,
    value_of: &dyn Fn(&str, &ValueRef<'_>) -> Option<Value>,
) -> Vec<Candidate> {
    found
        .iter()
        .filter_map(|(value, id)| {
            let automerge::Value::Scalar(scalar) = value else { return None };
            let value = value_of(name, &ValueRef::Scalar(ScalarValueRef::from(scalar.clone().into_owned())))?;
            Some(Candidate { value, op: op_id(id)? })
        })
        .collect()
}

/// What stood for a fact or cell at a point of the history.
pub(crate) fn at(
    document: &Document,
    roots: &Roots,
    seeds: &dyn Seeds,
    name: &str,
    heads: &[ChangeHash],
) -> Vec<Candidate> {
    let is_cell = CellName::parse(name).is_some();
    let map = if is_cell { &roots.cells } else { &roots.facts };
    let found = document.automerge.get_all_at(map, name, heads).unwrap_or_default();
    if !is_cell {
        return settle(candidates(&found, name, &|_, value| plain(value)));
    }
    let opener = Opener::new(seeds, document.at.id);
    settle(candidates(&found, name, &|key, value| opened(&opener, key, value)))
}

/// The candidates for one fact.
pub(crate) fn fact(document: &Document, roots: &Roots, name: &str) -> Vec<Candidate> {
    settle(all(document, &roots.facts, name, &|_, value| plain(value)))
}

/// The candidates for one cell.
pub(crate) fn cell_values(
    document: &Document,
    roots: &Roots,
    seeds: &dyn Seeds,
    name: &CellName,
) -> Vec<Candidate> {
    let opener = Opener::new(seeds, document.at.id);
    settle(all(document, &roots.cells, &name.key(), &|key, value| opened(&opener, key, value)))
}

fn events(document: &Document, roots: &Roots) -> Vec<StampedEvent> {
    let mut events: Vec<_> = document
        .automerge
        .list_range(&roots.events, ..)
        .filter_map(|item| {
            let ValueRef::Scalar(ScalarValueRef::Bytes(bytes)) = &item.value else { return None };
            Some(StampedEvent { id: op_id(&item.id())?, bytes: bytes.to_vec() })
        })
        .collect();
    events.sort_by_key(|event| event.id);
    events
}

fn plain(value: &ValueRef<'_>) -> Option<Value> {
    let ValueRef::Scalar(scalar) = value else { return None };
    if let ScalarValueRef::Str(text) = scalar {
        return Some(Value::Text(text.to_string()));
    }
    if let ScalarValueRef::Int(number) = scalar {
        return Some(Value::Int(*number));
    }
    if let ScalarValueRef::Boolean(flag) = scalar { Some(Value::Bool(*flag)) } else { None }
}

fn opened(opener: &Opener<'_>, key: &str, value: &ValueRef<'_>) -> Option<Value> {
    let ValueRef::Scalar(ScalarValueRef::Bytes(cell)) = value else { return None };
    let name = CellName::parse(key)?;
    Some(opener.value(&name, cell))
}

fn op_id(id: &ObjId) -> Option<OpId> {
    let ObjId::Id(counter, actor, _) = id else { return None };
    Some(OpId { lamport: *counter, actor: actor.to_bytes().try_into().ok()? })
}
