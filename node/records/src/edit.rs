//! One act becomes one change.

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, Automerge, AutomergeError, ObjId, ObjType, ROOT, ReadDoc as _, ScalarValue};
use model::record::{Candidate, CellName, Edit, Value};

use crate::document::{Roots, find_roots};
use crate::{Actor, Document, Held, RawChange, Seeds, cell, limit, read};

/// An act that can't become a change. The document is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditFault {
    /// A fact was to hold something that only reading can yield.
    #[error("fact {0} can't hold a closed or erased value")]
    NotStorable(String),
    /// A name is empty, too long or not ASCII.
    #[error("name {0:?} is empty, over {max} bytes or not ASCII", max = limit::NAME_BYTES_MAX)]
    Name(String),
    /// This box has no seed for the person, so it can't write about them.
    #[error("no seed for person {0}")]
    NoSeed(u64),
    /// The person's seed was destroyed: nothing more may be written about them.
    #[error("the seed of person {0} was destroyed")]
    Erased(u64),
    /// A personal value, an event or the whole act is over its limit.
    #[error("{0} is too large")]
    TooLarge(String),
    /// The document has reached the size at which it is closed to further acts.
    #[error("the document is full")]
    Full,
    /// Automerge refused, which it shouldn't.
    #[error("automerge: {0}")]
    Automerge(String),
}

/// What is to be done to Automerge, decided before anything is touched.
#[derive(Default)]
struct Plan {
    facts: Vec<(String, Option<ScalarValue>)>,
    cells: Vec<(String, Option<Vec<u8>>)>,
    events: Vec<Vec<u8>>,
}

impl Plan {
    fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.cells.is_empty() && self.events.is_empty()
    }

    fn fits(&self) -> bool {
        let facts =
            self.facts.iter().map(|(name, value)| name.len() + value.as_ref().map_or(0, scalar_bytes));
        let cells = self.cells.iter().map(|(name, value)| name.len() + value.as_ref().map_or(0, Vec::len));
        let ops = 4 + self.facts.len() + self.cells.len() + self.events.len();
        let bytes = facts.chain(cells).chain(self.events.iter().map(Vec::len)).sum::<usize>()
            + ops * limit::OP_OVERHEAD_BYTES
            + limit::CHANGE_OVERHEAD_BYTES;
        ops <= limit::OPS_MAX && bytes <= limit::RAW_BYTES_MAX
    }
}

/// Makes exactly one change of `edit`, whole or not at all. Setting what already stands there makes no operation, and
/// an edit without any makes no change (`None`), except that the first edit of a new document always makes its root.
/// `wall` is seconds since 1970, a label only. The same document, edit, actor and seeds give the same bytes.
///
/// # Errors
/// [`EditFault`]; the document is as it was.
pub fn edit(
    document: &mut Document,
    edit: &Edit,
    actor: Actor,
    wall: i64,
    seeds: &dyn Seeds,
) -> Result<Option<RawChange>, EditFault> {
    let (changes, seq) = place_in_line(document, &actor);
    if changes >= limit::EDIT_CHANGES_MAX || document.saved_bytes > limit::EDIT_SAVED_BYTES_MAX {
        return Err(EditFault::Full);
    }
    let plan = plan(document, edit, &actor, seq, seeds)?;
    if plan.is_empty() && document.roots.is_some() {
        return Ok(None);
    }
    if !plan.fits() {
        return Err(EditFault::TooLarge("the act".to_owned()));
    }
    let hash = commit(&mut document.automerge, document.roots.as_ref(), &plan, &actor, wall)
        .map_err(|fault| EditFault::Automerge(fault.to_string()))?
        .ok_or_else(|| EditFault::Automerge("no change was made".to_owned()))?;
    if document.roots.is_none() {
        document.roots = find_roots(&document.automerge);
    }
    let change = document
        .automerge
        .get_change_by_hash(&hash)
        .ok_or_else(|| EditFault::Automerge("the change is not there".to_owned()))?;
    Ok(Some(RawChange {
        bytes: change.raw_bytes().to_vec(),
        hash: hash.0,
        seq: change.seq(),
        start_op: change.start_op().get(),
        max_op: change.max_op(),
        deps: change.deps().iter().map(|dep| dep.0).collect(),
    }))
}

/// How many changes the document has, and the number this actor's next one will bear.
fn place_in_line(document: &Document, actor: &Actor) -> (usize, u64) {
    let changes = document.automerge.get_changes_meta(&[]);
    let last = changes
        .iter()
        .filter(|change| change.actor.to_bytes() == actor.as_slice())
        .map(|change| change.seq)
        .max()
        .unwrap_or(0);
    (changes.len(), last + 1)
}

fn plan(
    document: &Document,
    edit: &Edit,
    actor: &Actor,
    seq: u64,
    seeds: &dyn Seeds,
) -> Result<Plan, EditFault> {
    let mut plan = Plan::default();
    for (name, value) in &edit.facts {
        check_name(name, name)?;
        let stands = document.roots.as_ref().map(|roots| read::fact(document, roots, name));
        if !is_new(stands.as_deref().unwrap_or_default(), value.as_ref()) {
            continue;
        }
        let scalar = match value {
            None => None,
            Some(Value::Text(text)) => Some(ScalarValue::Str(text.as_str().into())),
            Some(Value::Int(number)) => Some(ScalarValue::Int(*number)),
            Some(Value::Bool(flag)) => Some(ScalarValue::Boolean(*flag)),
            Some(Value::Closed | Value::Erased) => return Err(EditFault::NotStorable(name.clone())),
        };
        plan.facts.push((name.clone(), scalar));
    }
    for (name, text) in &edit.cells {
        check_name(&name.field, &name.key())?;
        let stands = document.roots.as_ref().map(|roots| read::cell_values(document, roots, seeds, name));
        let value = text.as_ref().map(|text| Value::Text(text.clone()));
        if is_new(stands.as_deref().unwrap_or_default(), value.as_ref()) {
            let cell =
                text.as_ref().map(|text| close(document, name, actor, seq, text, seeds)).transpose()?;
            plan.cells.push((name.key(), cell));
        }
    }
    for event in &edit.events {
        if event.is_empty() || event.len() > limit::EVENT_BYTES_MAX {
            return Err(EditFault::TooLarge("an event".to_owned()));
        }
        plan.events.push(event.clone());
    }
    Ok(plan)
}

fn check_name(part: &str, whole: &str) -> Result<(), EditFault> {
    if part.is_empty() || whole.len() > limit::NAME_BYTES_MAX || !whole.is_ascii() {
        return Err(EditFault::Name(whole.to_owned()));
    }
    Ok(())
}

/// Whether setting this says anything that doesn't stand there already, alone.
fn is_new(stands: &[Candidate], value: Option<&Value>) -> bool {
    match (stands, value) {
        ([], None) => false,
        ([only], Some(value)) => only.value != *value,
        _ => true,
    }
}

fn close(
    document: &Document,
    name: &CellName,
    actor: &Actor,
    seq: u64,
    text: &str,
    seeds: &dyn Seeds,
) -> Result<Vec<u8>, EditFault> {
    match seeds.held(name.person) {
        Held::Erased => Err(EditFault::Erased(name.person)),
        Held::Missing => Err(EditFault::NoSeed(name.person)),
        Held::Seeds(held) => {
            let seed = held.first().ok_or(EditFault::NoSeed(name.person))?;
            cell::close(seed, document.at.id, name, actor, seq, text)
                .ok_or_else(|| EditFault::TooLarge(name.key()))
        }
    }
}

fn commit(
    automerge: &mut Automerge,
    roots: Option<&Roots>,
    plan: &Plan,
    actor: &Actor,
    wall: i64,
) -> Result<Option<automerge::ChangeHash>, AutomergeError> {
    automerge.set_actor(ActorId::from(actor.as_slice()));
    let mut transaction = automerge.transaction();
    let written = write(&mut transaction, roots, plan);
    if let Err(fault) = written {
        transaction.rollback();
        return Err(fault);
    }
    Ok(transaction.commit_with(CommitOptions::default().with_time(wall)).0)
}

fn write(
    transaction: &mut automerge::transaction::Transaction<'_>,
    roots: Option<&Roots>,
    plan: &Plan,
) -> Result<(), AutomergeError> {
    let (facts, cells, events) = match roots {
        Some(roots) => (roots.facts.clone(), roots.cells.clone(), roots.events.clone()),
        None => make_roots(transaction)?,
    };
    for (name, value) in &plan.facts {
        match value {
            Some(value) => transaction.put(&facts, name.as_str(), value.clone())?,
            None => transaction.delete(&facts, name.as_str())?,
        }
    }
    for (name, cell) in &plan.cells {
        match cell {
            Some(cell) => transaction.put(&cells, name.as_str(), ScalarValue::Bytes(cell.clone()))?,
            None => transaction.delete(&cells, name.as_str())?,
        }
    }
    let end = transaction.length(&events);
    for (index, event) in (end..).zip(&plan.events) {
        transaction.insert(&events, index, ScalarValue::Bytes(event.clone()))?;
    }
    Ok(())
}

/// The first four operations of every document, in this order: [`crate::guard`] knows the objects by their counters.
fn make_roots(
    transaction: &mut automerge::transaction::Transaction<'_>,
) -> Result<(ObjId, ObjId, ObjId), AutomergeError> {
    transaction.put(ROOT, "v", ScalarValue::Int(1))?;
    let facts = transaction.put_object(ROOT, "f", ObjType::Map)?;
    let cells = transaction.put_object(ROOT, "c", ObjType::Map)?;
    let events = transaction.put_object(ROOT, "e", ObjType::List)?;
    Ok((facts, cells, events))
}

fn scalar_bytes(value: &ScalarValue) -> usize {
    if let ScalarValue::Str(text) = value { text.len() } else { 10 }
}
