//! What docs/formats/document.md lets a change say.

use std::collections::BTreeSet;

use model::record::{CellName, OpId};

use super::ContentFault;
use crate::chunk::{ACTION_DELETE, ACTION_MAKE_LIST, ACTION_MAKE_MAP, ACTION_SET, Chunk, Key, Op, Scalar};
use crate::{Actor, limit};

/// The root's operations, in the order in which [`crate::edit()`] makes them: counter 1 to 4.
const ROOT_OPS: [(&str, u64, Scalar<'static>); 4] = [
    ("v", ACTION_SET, Scalar::Int(1)),
    ("f", ACTION_MAKE_MAP, Scalar::Null),
    ("c", ACTION_MAKE_MAP, Scalar::Null),
    ("e", ACTION_MAKE_LIST, Scalar::Null),
];

const FACTS: u64 = 2;
const CELLS: u64 = 3;
const EVENTS: u64 = 4;

/// Whether this is a creating change: one that follows nothing. It must make the root, and only it may touch it.
pub(super) fn creates(chunk: &Chunk<'_>) -> Result<bool, ContentFault> {
    let root_ops = chunk.ops.iter().filter(|op| op.object.is_none()).count();
    if !chunk.deps.is_empty() {
        return if root_ops == 0 { Ok(false) } else { Err(ContentFault::Shape("the root changed later")) };
    }
    let starts = chunk.ops.iter().zip(ROOT_OPS).all(|(op, (name, action, value))| {
        op.object.is_none()
            && op.key == Key::Name(name)
            && op.action == action
            && op.value == value
            && !op.insert
            && op.preds.is_empty()
    });
    if chunk.start_op == 1 && chunk.seq == 1 && root_ops == ROOT_OPS.len() && starts {
        Ok(true)
    } else {
        Err(ContentFault::Shape("follows nothing, yet makes no root"))
    }
}

/// Every operation after the root's works on one of the three objects, in the way that object allows.
pub(super) fn check(chunk: &Chunk<'_>, creator: Actor, creates: bool) -> Result<(), ContentFault> {
    let mut set = BTreeSet::new();
    let skip = if creates { ROOT_OPS.len() } else { 0 };
    for op in chunk.ops.iter().skip(skip) {
        let Some(OpId { lamport, actor }) = op.object else {
            return Err(ContentFault::Shape("the root changed"));
        };
        if actor != creator {
            return Err(ContentFault::Shape("an object under the root's objects"));
        }
        match lamport {
            FACTS | CELLS => {
                let Key::Name(name) = op.key else { return Err(ContentFault::Shape("a map without a name")) };
                if !set.insert((lamport, name)) {
                    return Err(ContentFault::Shape("a name twice in one change"));
                }
                check_name(name)?;
                check_named(op, lamport == CELLS, name)?;
            }
            EVENTS => check_event(op)?,
            _ => return Err(ContentFault::Shape("an object under the root's objects")),
        }
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), ContentFault> {
    if name.is_empty() || name.len() > limit::NAME_BYTES_MAX || !name.is_ascii() {
        return Err(ContentFault::Shape("a name"));
    }
    Ok(())
}

fn check_named(op: &Op<'_>, is_cell: bool, name: &str) -> Result<(), ContentFault> {
    if op.insert {
        return Err(ContentFault::Shape("an insertion in a map"));
    }
    if is_cell && CellName::parse(name).is_none_or(|name| name.field.is_empty()) {
        return Err(ContentFault::Shape("a cell's name"));
    }
    match (op.action, &op.value) {
        (ACTION_DELETE, Scalar::Null) if !op.preds.is_empty() => Ok(()),
        (ACTION_SET, Scalar::Bytes(cell)) if is_cell && seal::is_cell(cell) => Ok(()),
        (ACTION_SET, Scalar::Text | Scalar::Int(_) | Scalar::Bool) if !is_cell => Ok(()),
        _ => Err(ContentFault::Shape(if is_cell { "a cell that is none" } else { "a fact's value" })),
    }
}

fn check_event(op: &Op<'_>) -> Result<(), ContentFault> {
    let appended =
        op.insert && op.action == ACTION_SET && op.preds.is_empty() && !matches!(op.key, Key::Name(_));
    let Scalar::Bytes(event) = op.value else {
        return Err(ContentFault::Shape("an event that is not bytes"));
    };
    if appended && !event.is_empty() && event.len() <= limit::EVENT_BYTES_MAX {
        Ok(())
    } else {
        Err(ContentFault::Shape("an event that is not appended, or its size"))
    }
}
