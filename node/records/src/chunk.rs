//! A raw Automerge change, read by ourselves: Automerge's own reader walks runs of any length and trusts indexes, so
//! nothing of a stranger's reaches it before this has bounded every count. It also tells where in the bytes a value
//! stands, which [`crate::wire`] needs. Only what docs/formats/document.md allows is understood; the rest is refused.

mod column;
mod cursor;
#[cfg(test)]
mod tests;

use model::record::OpId;
use sha2::{Digest as _, Sha256};

use self::column::{Delta, Flags, Rle};
use self::cursor::Cursor;
use crate::guard::ContentFault;
use crate::limit;
use crate::{Actor, ChangeHash};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHUNK_CHANGE: u8 = 1;

pub(crate) const ACTION_MAKE_MAP: u64 = 0;
pub(crate) const ACTION_SET: u64 = 1;
pub(crate) const ACTION_MAKE_LIST: u64 = 2;
pub(crate) const ACTION_DELETE: u64 = 3;

/// A change as it stands in its raw bytes.
#[derive(Debug)]
pub(crate) struct Chunk<'a> {
    pub(crate) hash: ChangeHash,
    pub(crate) deps: Vec<ChangeHash>,
    pub(crate) actor: Actor,
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
    pub(crate) time: i64,
    /// Its actor, then the others that its operations mention.
    pub(crate) actors: Vec<Actor>,
    pub(crate) ops: Vec<Op<'a>>,
}

/// One operation.
#[derive(Debug)]
pub(crate) struct Op<'a> {
    /// The object it changes; none is the root.
    pub(crate) object: Option<OpId>,
    pub(crate) key: Key<'a>,
    pub(crate) insert: bool,
    pub(crate) action: u64,
    pub(crate) value: Scalar<'a>,
    /// The value as it stands there: its type's number, its bytes.
    pub(crate) stored: (u64, &'a [u8]),
    /// Where the value's bytes begin, counted from the start of the chunk.
    pub(crate) value_at: usize,
    /// The operations it supersedes.
    pub(crate) preds: Vec<OpId>,
}

/// Where in an object an operation works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    Name(&'a str),
    Head,
    After(OpId),
}

/// A plain value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar<'a> {
    Null,
    Bool,
    Int(i64),
    Text,
    Bytes(&'a [u8]),
    Other,
}

impl Chunk<'_> {
    /// The counter of its last operation; one before the first when it has none.
    pub(crate) fn max_op(&self) -> u64 {
        self.start_op + self.ops.len() as u64 - 1
    }
}

/// Reads a whole raw change and nothing more.
pub(crate) fn parse(raw: &[u8]) -> Result<Chunk<'_>, ContentFault> {
    let chunk = parse_unsummed(raw)?;
    if raw.get(4..8) == chunk.hash.get(..4) { Ok(chunk) } else { Err(ContentFault::Checksum) }
}

/// [`parse`] whatever the checksum says: what comes of a change whose cells are cut out has another one.
pub(crate) fn parse_unsummed(raw: &[u8]) -> Result<Chunk<'_>, ContentFault> {
    if raw.len() > limit::RAW_BYTES_MAX {
        return Err(ContentFault::TooLarge);
    }
    let mut from = Cursor::new(raw);
    if from.array()? != MAGIC {
        return Err(ContentFault::Malformed("magic"));
    }
    let _: [u8; 4] = from.array()?;
    let [kind] = from.array()?;
    if kind != CHUNK_CHANGE {
        return Err(ContentFault::NotARawChange);
    }
    let hashed_from = from.position() - 1;
    if from.count(1, limit::RAW_BYTES_MAX)? != from.left() {
        return Err(ContentFault::Malformed("length"));
    }
    let hash: ChangeHash = Sha256::digest(raw.get(hashed_from..).unwrap_or_default()).into();
    parse_body(from, hash)
}

/// Fills in the checksum where a wire form left it out.
pub(crate) fn sum(raw: &mut [u8]) {
    let hash: ChangeHash = Sha256::digest(raw.get(8..).unwrap_or_default()).into();
    if let (Some(sum), Some(first)) = (raw.get_mut(4..8).filter(|sum| **sum == [0; 4]), hash.get(..4)) {
        sum.copy_from_slice(first);
    }
}

fn parse_body(mut from: Cursor<'_>, hash: ChangeHash) -> Result<Chunk<'_>, ContentFault> {
    let mut deps = Vec::new();
    for _ in 0..from.count(32, limit::DEPS_MAX)? {
        deps.push(from.array()?);
    }
    let mut actors = vec![actor(&mut from)?];
    let seq = from.u64()?;
    let start_op = from.u64()?;
    if start_op == 0 || start_op > limit::COUNTER_MAX || seq == 0 || seq > limit::COUNTER_MAX {
        return Err(ContentFault::CounterOutOfRange);
    }
    let time = from.i64()?; // the wall clock, a label
    if from.u64()? != 0 {
        return Err(ContentFault::Shape("a message"));
    }
    for _ in 0..from.count(17, limit::ACTORS_MAX)? {
        actors.push(actor(&mut from)?);
    }
    let columns = Columns::parse(&mut from)?;
    if !from.is_empty() {
        return Err(ContentFault::Shape("bytes after the operations"));
    }
    let ops = columns.ops(&actors)?;
    let [actor, ..] = actors.as_slice() else { return Err(ContentFault::Malformed("actor")) };
    Ok(Chunk { hash, deps, actor: *actor, seq, start_op, time, actors, ops })
}

fn actor(from: &mut Cursor<'_>) -> Result<Actor, ContentFault> {
    if from.u64()? == 16 { from.array() } else { Err(ContentFault::Shape("an actor that is not 16 bytes")) }
}

/// The columns by Automerge's specification number (id << 4 | type).
#[derive(Default)]
struct Columns<'a> {
    object_actor: &'a [u8],
    object_counter: &'a [u8],
    key_actor: &'a [u8],
    key_counter: &'a [u8],
    key_name: &'a [u8],
    insert: &'a [u8],
    action: &'a [u8],
    value_meta: &'a [u8],
    value: &'a [u8],
    value_at: usize,
    pred_count: &'a [u8],
    pred_actor: &'a [u8],
    pred_counter: &'a [u8],
}

impl<'a> Columns<'a> {
    fn parse(from: &mut Cursor<'a>) -> Result<Self, ContentFault> {
        let mut layout = Vec::new();
        let mut last = None;
        for _ in 0..from.count(2, 16)? {
            let spec = from.u64()?;
            if last.is_some_and(|last| last >= spec) {
                return Err(ContentFault::Malformed("column order"));
            }
            last = Some(spec);
            layout.push((spec, from.u64()?));
        }
        let mut columns = Self::default();
        for (spec, length) in layout {
            let length = usize::try_from(length).map_err(|_| ContentFault::Malformed("column"))?;
            let at = from.position();
            let bytes = from.take(length)?;
            match spec {
                1 => columns.object_actor = bytes,
                2 => columns.object_counter = bytes,
                17 => columns.key_actor = bytes,
                19 => columns.key_counter = bytes,
                21 => columns.key_name = bytes,
                52 => columns.insert = bytes,
                66 => columns.action = bytes,
                86 => columns.value_meta = bytes,
                87 => (columns.value, columns.value_at) = (bytes, at),
                112 => columns.pred_count = bytes,
                113 => columns.pred_actor = bytes,
                115 => columns.pred_counter = bytes,
                _ => return Err(ContentFault::Shape("an unknown column")),
            }
        }
        Ok(columns)
    }

    fn ops(self, actors: &[Actor]) -> Result<Vec<Op<'a>>, ContentFault> {
        let mut rows = Rows {
            actors,
            object_actor: Rle::new(self.object_actor),
            object_counter: Rle::new(self.object_counter),
            key_actor: Rle::new(self.key_actor),
            key_counter: Delta::new(self.key_counter),
            key_name: Rle::new(self.key_name),
            insert: Flags::new(self.insert),
            action: Rle::new(self.action),
            value_meta: Rle::new(self.value_meta),
            value: Cursor::new(self.value),
            value_at: self.value_at,
            pred_count: Rle::new(self.pred_count),
            pred_actor: Rle::new(self.pred_actor),
            pred_counter: Delta::new(self.pred_counter),
            preds_left: limit::PREDS_MAX as u64,
        };
        let mut ops = Vec::new();
        while !rows.action.is_done() {
            if ops.len() == limit::OPS_MAX {
                return Err(ContentFault::TooManyOps);
            }
            ops.push(rows.next()?);
        }
        if ops.is_empty() {
            return Err(ContentFault::Shape("no operation"));
        }
        if rows.is_done() { Ok(ops) } else { Err(ContentFault::Malformed("columns of different length")) }
    }
}

/// All columns, read row by row.
struct Rows<'a, 'b> {
    actors: &'b [Actor],
    object_actor: Rle<'a, u64>,
    object_counter: Rle<'a, u64>,
    key_actor: Rle<'a, u64>,
    key_counter: Delta<'a>,
    key_name: Rle<'a, &'a str>,
    insert: Flags<'a>,
    action: Rle<'a, u64>,
    value_meta: Rle<'a, u64>,
    value: Cursor<'a>,
    value_at: usize,
    pred_count: Rle<'a, u64>,
    pred_actor: Rle<'a, u64>,
    pred_counter: Delta<'a>,
    preds_left: u64,
}

impl<'a> Rows<'a, '_> {
    fn is_done(&self) -> bool {
        self.object_actor.is_done()
            && self.object_counter.is_done()
            && self.key_actor.is_done()
            && self.key_counter.is_done()
            && self.key_name.is_done()
            && self.insert.is_done()
            && self.value_meta.is_done()
            && self.value.is_empty()
            && self.pred_count.is_done()
            && self.pred_actor.is_done()
            && self.pred_counter.is_done()
    }

    fn id(&self, counter: u64, actor: u64) -> Result<OpId, ContentFault> {
        let index = usize::try_from(actor).map_err(|_| ContentFault::Malformed("actor index"))?;
        let actor = *self.actors.get(index).ok_or(ContentFault::Malformed("actor index"))?;
        if counter == 0 || counter > limit::COUNTER_MAX {
            return Err(ContentFault::CounterOutOfRange);
        }
        Ok(OpId { lamport: counter, actor })
    }

    fn next(&mut self) -> Result<Op<'a>, ContentFault> {
        let action = self.action.next()?.ok_or(ContentFault::Malformed("action"))?;
        let object = match (self.object_counter.next()?, self.object_actor.next()?) {
            (None, None) => None,
            (Some(counter), Some(actor)) => Some(self.id(counter, actor)?),
            _ => return Err(ContentFault::Malformed("object id")),
        };
        let key = match (self.key_name.next()?, self.key_counter.next()?, self.key_actor.next()?) {
            (Some(name), None, None) => Key::Name(name),
            (None, Some(0), None) => Key::Head,
            (None, Some(counter), Some(actor)) => Key::After(self.id(counter, actor)?),
            _ => return Err(ContentFault::Malformed("key")),
        };
        let insert = self.insert.next()?;
        let value_at = self.value_at + self.value.position();
        let (value, stored) = self.scalar()?;
        let preds = self.preds()?;
        Ok(Op { object, key, insert, action, value, stored, value_at, preds })
    }

    fn scalar(&mut self) -> Result<(Scalar<'a>, (u64, &'a [u8])), ContentFault> {
        let meta = self.value_meta.next()?.ok_or(ContentFault::Malformed("value"))?;
        let length = usize::try_from(meta >> 4).map_err(|_| ContentFault::Malformed("value"))?;
        let bytes = self.value.take(length)?;
        let value = match (meta & 15, length) {
            (0, 0) => Scalar::Null,
            (1 | 2, 0) => Scalar::Bool,
            (4, _) => {
                let mut number = Cursor::new(bytes);
                let int = number.i64()?;
                if number.is_empty() { Scalar::Int(int) } else { return Err(ContentFault::Malformed("int")) }
            }
            (6, _) => match std::str::from_utf8(bytes) {
                Ok(_) => Scalar::Text,
                Err(_) => return Err(ContentFault::Malformed("utf-8")),
            },
            (7, _) => Scalar::Bytes(bytes),
            _ => Scalar::Other,
        };
        Ok((value, (meta & 15, bytes)))
    }

    fn preds(&mut self) -> Result<Vec<OpId>, ContentFault> {
        let count = self.pred_count.next()?.unwrap_or(0);
        self.preds_left = self.preds_left.checked_sub(count).ok_or(ContentFault::TooManyOps)?;
        let mut preds = Vec::new();
        for _ in 0..count {
            match (self.pred_counter.next()?, self.pred_actor.next()?) {
                (Some(counter), Some(actor)) => preds.push(self.id(counter, actor)?),
                _ => return Err(ContentFault::Malformed("superseded id")),
            }
        }
        Ok(preds)
    }
}
