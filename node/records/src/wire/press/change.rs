//! A wire form taken apart into what its change says, and put together again: the same bytes, or it is not pressed.

use canon::{Reader, Writer};
use model::record::{CellName, OpId};

use super::columns::{self, Column};
use crate::chunk::{self, Key};
use crate::{Actor, ChangeHash, limit};

/// What a sealed cell is longer than its text: version, nonce and tag.
const SEALED_BYTES: usize = 29;
const HEAD: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// An operation's id: its counter, and which of the change's actors made it.
pub(super) type Id = (u64, u64);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) seeds: Vec<(u64, [u8; 16])>,
    pub(super) deps: Vec<ChangeHash>,
    /// Its own first.
    pub(super) actors: Vec<Actor>,
    pub(super) seq: u64,
    pub(super) start_op: u64,
    pub(super) time: i64,
    pub(super) ops: Vec<Told>,
}

/// One operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) object: Option<Id>,
    pub(super) key: At,
    pub(super) insert: bool,
    pub(super) action: u64,
    /// The value's type, as Automerge counts them.
    pub(super) code: u64,
    /// The value; of a cell that was cut out, its text.
    pub(super) value: Vec<u8>,
    pub(super) hole: bool,
    pub(super) preds: Vec<Id>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum At {
    Name(String),
    #[default]
    Head,
    After(Id),
}

/// A hole of a wire form: bytes since the last one, whose cell, what it says.
struct Hole<'a> {
    gap: usize,
    name: CellName,
    text: &'a str,
}

impl Change {
    /// Reads a wire form; none when it holds what this does not understand.
    pub(super) fn read(wire: &[u8]) -> Option<Self> {
        let mut from = Reader::new(wire);
        let seq = from.u64().ok()?;
        let mut seeds = Vec::new();
        for _ in 0..from.count(limit::PERSONS_MAX).ok()? {
            seeds.push((from.u64().ok()?, from.fixed().ok()?));
        }
        let mut holes = Vec::new();
        for _ in 0..from.count(limit::OPS_MAX).ok()? {
            let gap = from.count(limit::RAW_BYTES_MAX).ok()?;
            let name = CellName {
                person: from.u64().ok()?,
                field: from.str(limit::NAME_BYTES_MAX).ok()?.to_owned(),
            };
            holes.push(Hole { gap, name, text: from.str(limit::PLAINTEXT_BYTES_MAX).ok()? });
        }
        let mut rest = from.bytes(limit::RAW_BYTES_MAX).ok()?;
        from.end().ok()?;
        let mut raw = Vec::with_capacity(rest.len());
        let mut filled = Vec::with_capacity(holes.len());
        for hole in holes {
            raw.extend_from_slice(rest.get(..hole.gap)?);
            rest = rest.get(hole.gap..)?;
            filled.push((raw.len(), hole));
            raw.resize(raw.len() + SEALED_BYTES + filled.last()?.1.text.len(), 0);
        }
        raw.extend_from_slice(rest);
        let mut change = Self::of_raw(&raw, &filled)?;
        change.seeds = seeds;
        let persons = change.seeds.iter().map(|(person, _)| *person);
        (change.seq == seq && persons.eq(change.persons())).then_some(change)
    }

    fn of_raw(raw: &[u8], filled: &[(usize, Hole<'_>)]) -> Option<Self> {
        let chunk = chunk::parse_unsummed(raw).ok()?;
        let place = |id: OpId| {
            let index = chunk.actors.iter().position(|actor| *actor == id.actor)?;
            Some((id.lamport, index as u64))
        };
        let mut holes = filled.iter().peekable();
        let mut ops = Vec::with_capacity(chunk.ops.len());
        for op in &chunk.ops {
            let (code, bytes) = op.stored;
            let hole = holes.next_if(|(at, _)| *at == op.value_at);
            let key = match op.key {
                Key::Name(name) => At::Name(name.to_owned()),
                Key::Head => At::Head,
                Key::After(id) => At::After(place(id)?),
            };
            if let Some((_, hole)) = hole
                && (key != At::Name(hole.name.key())
                    || code != 7
                    || bytes.len() != SEALED_BYTES + hole.text.len())
            {
                return None;
            }
            ops.push(Told {
                object: match op.object {
                    Some(id) => Some(place(id)?),
                    None => None,
                },
                key,
                insert: op.insert,
                action: op.action,
                code,
                value: hole.map_or(bytes, |(_, hole)| hole.text.as_bytes()).to_vec(),
                hole: hole.is_some(),
                preds: op.preds.iter().map(|id| place(*id)).collect::<Option<_>>()?,
            });
        }
        if holes.next().is_some() {
            return None;
        }
        let (deps, actors) = (chunk.deps, chunk.actors);
        let (seq, start_op, time) = (chunk.seq, chunk.start_op, chunk.time);
        Some(Self { seeds: Vec::new(), deps, actors, seq, start_op, time, ops })
    }

    /// The persons whose cells were cut out, ascending.
    pub(super) fn persons(&self) -> Vec<u64> {
        let cut = self.ops.iter().filter(|op| op.hole);
        let mut persons: Vec<u64> = cut.filter_map(|op| Some(op.cell()?.person)).collect();
        persons.sort_unstable();
        persons.dedup();
        persons
    }

    /// The wire form, its checksum left at zero for the receiver to fill in; none when it is no change, or too long.
    pub(super) fn write(&self) -> Option<Vec<u8>> {
        let (body, values_at) = self.body()?;
        let mut raw = HEAD.to_vec();
        raw.extend_from_slice(&[0, 0, 0, 0, 1]);
        columns::unsigned(&mut raw, body.len() as u64);
        let values_at = raw.len() + values_at;
        raw.extend_from_slice(&body);
        if raw.len() > limit::RAW_BYTES_MAX {
            return None;
        }
        let cut: Vec<&Told> = self.ops.iter().filter(|op| op.hole).collect();
        let mut out = Writer::new();
        out.u64(self.seq).u64(self.seeds.len() as u64);
        for (person, seed) in &self.seeds {
            out.u64(*person).fixed(seed);
        }
        out.u64(cut.len() as u64);
        let (mut rest, mut end, mut at) = (Vec::with_capacity(raw.len()), 0, values_at);
        for op in &self.ops {
            if op.hole {
                let (gap, name) = (raw.get(end..at)?, op.cell()?);
                rest.extend_from_slice(gap);
                out.u64(gap.len() as u64).u64(name.person).str(&name.field).bytes(&op.value);
                end = at + op.length();
            }
            at += op.length();
        }
        rest.extend_from_slice(raw.get(end..)?);
        out.bytes(&rest);
        Some(out.into_bytes())
    }

    /// The change without its chunk's head, cells as zeros, and where in it the values begin.
    fn body(&self) -> Option<(Vec<u8>, usize)> {
        let mut out = Vec::new();
        columns::unsigned(&mut out, self.deps.len() as u64);
        self.deps.iter().for_each(|dep| out.extend_from_slice(dep));
        let (own, others) = self.actors.split_first()?;
        let actor = |out: &mut Vec<u8>, actor: &Actor| {
            out.push(16);
            out.extend_from_slice(actor);
        };
        actor(&mut out, own);
        columns::unsigned(&mut out, self.seq);
        columns::unsigned(&mut out, self.start_op);
        columns::signed(&mut out, self.time);
        out.push(0);
        columns::unsigned(&mut out, others.len() as u64);
        others.iter().for_each(|other| actor(&mut out, other));
        let columns: Vec<(u64, Vec<u8>)> =
            self.columns().into_iter().filter(|(_, column)| !column.is_empty()).collect();
        columns::unsigned(&mut out, columns.len() as u64);
        for (number, column) in &columns {
            columns::unsigned(&mut out, *number);
            columns::unsigned(&mut out, column.len() as u64);
        }
        let mut values_at = out.len();
        for (number, column) in &columns {
            if *number == 87 {
                values_at = out.len();
            }
            out.extend_from_slice(column);
        }
        Some((out, values_at))
    }

    fn columns(&self) -> Vec<(u64, Vec<u8>)> {
        let ops = &self.ops;
        let after = |op: &Told| match op.key {
            At::Name(_) => None,
            At::Head => Some((0, None)),
            At::After((counter, actor)) => Some((counter, Some(actor))),
        };
        let names = ops.iter().map(|op| match &op.key {
            At::Name(name) => Some(name.as_str()),
            At::Head | At::After(_) => None,
        });
        let preds = || ops.iter().flat_map(|op| &op.preds);
        let mut values = Vec::new();
        for op in ops {
            if op.hole {
                values.resize(values.len() + op.length(), 0);
            } else {
                values.extend_from_slice(&op.value);
            }
        }
        vec![
            (1, columns::run(ops.iter().map(|op| op.object.map(|(_, actor)| actor)))),
            (2, columns::run(ops.iter().map(|op| op.object.map(|(counter, _)| counter)))),
            (17, columns::run(ops.iter().map(|op| after(op).and_then(|(_, actor)| actor)))),
            (19, columns::delta(ops.iter().map(|op| after(op).map(|(counter, _)| counter)))),
            (21, columns::run(names)),
            (52, columns::flags(ops.iter().map(|op| op.insert))),
            (66, columns::run(ops.iter().map(|op| Some(op.action)))),
            (86, columns::run(ops.iter().map(|op| Some(((op.length() as u64) << 4) | op.code)))),
            (87, values),
            (112, columns::run(ops.iter().map(|op| Some(op.preds.len() as u64)))),
            (113, columns::run(preds().map(|(_, actor)| Some(*actor)))),
            (115, columns::delta(preds().map(|(counter, _)| Some(*counter)))),
        ]
    }
}

impl Told {
    /// How long its value is in the change.
    fn length(&self) -> usize {
        if self.hole { SEALED_BYTES + self.value.len() } else { self.value.len() }
    }

    fn cell(&self) -> Option<CellName> {
        match &self.key {
            At::Name(name) => CellName::parse(name),
            At::Head | At::After(_) => None,
        }
    }
}

/// What a column may hold.
impl Column for u64 {
    fn write(&self, out: &mut Vec<u8>) {
        columns::unsigned(out, *self);
    }
}

impl Column for i64 {
    fn write(&self, out: &mut Vec<u8>) {
        columns::signed(out, *self);
    }
}

impl Column for &str {
    fn write(&self, out: &mut Vec<u8>) {
        columns::unsigned(out, self.len() as u64);
        out.extend_from_slice(self.as_bytes());
    }
}
