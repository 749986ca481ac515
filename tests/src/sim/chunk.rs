//! A raw Automerge change taken apart and put together again with other numbers: what a forger with a hex editor does.

/// The header of a change, and the rest as it stands.
#[derive(Debug, Clone)]
pub(super) struct Chunk {
    pub(super) deps: Vec<[u8; 32]>,
    pub(super) actor: Vec<u8>,
    pub(super) seq: u64,
    pub(super) start_op: u64,
    pub(super) time: i64,
    rest: Vec<u8>,
}

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

impl Chunk {
    /// Reads the header; none when it is no raw change. The bytes after the clock are not looked at.
    pub(super) fn parse(raw: &[u8]) -> Option<Self> {
        let mut from = raw.strip_prefix(&MAGIC)?.get(4..)?.strip_prefix(&[1])?;
        unsigned(&mut from)?;
        let mut deps = Vec::new();
        for _ in 0..unsigned(&mut from)? {
            deps.push(take(&mut from, 32)?.try_into().ok()?);
        }
        let length = usize::try_from(unsigned(&mut from)?).ok()?;
        let actor = take(&mut from, length)?.to_vec();
        let (seq, start_op) = (unsigned(&mut from)?, unsigned(&mut from)?);
        let time = signed(&mut from)?;
        Some(Self { deps, actor, seq, start_op, time, rest: from.to_vec() })
    }

    /// A change with a right length and checksum, whatever it says.
    pub(super) fn to_raw(&self) -> Vec<u8> {
        let mut body = Vec::new();
        put_unsigned(&mut body, self.deps.len() as u64);
        self.deps.iter().for_each(|dep| body.extend_from_slice(dep));
        put_unsigned(&mut body, self.actor.len() as u64);
        body.extend_from_slice(&self.actor);
        put_unsigned(&mut body, self.seq);
        put_unsigned(&mut body, self.start_op);
        put_signed(&mut body, self.time);
        body.extend_from_slice(&self.rest);
        let mut hashed = vec![1];
        put_unsigned(&mut hashed, body.len() as u64);
        hashed.extend_from_slice(&body);
        let checksum = canon::sha256(&hashed);
        let mut raw = MAGIC.to_vec();
        raw.extend_from_slice(checksum.get(..4).unwrap_or_default());
        raw.extend_from_slice(&hashed);
        raw
    }
}

fn take<'a>(from: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = from.split_at_checked(count)?;
    *from = rest;
    Some(taken)
}

fn unsigned(from: &mut &[u8]) -> Option<u64> {
    let (mut value, mut shift) = (0u64, 0u32);
    loop {
        let byte = *take(from, 1)?.first()?;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
    }
}

fn signed(from: &mut &[u8]) -> Option<i64> {
    let (mut value, mut shift) = (0i64, 0u32);
    loop {
        let byte = *take(from, 1)?.first()?;
        value |= i64::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
        if byte & 0x80 == 0 {
            let negative = byte & 0x40 != 0 && shift < 64;
            return Some(if negative { value | (-1i64).checked_shl(shift)? } else { value });
        }
    }
}

fn put_unsigned(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

fn put_signed(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        let done = (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0);
        if done {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::{DocId, DocKind, DocRef, Document, SeedBook, edit};

    /// Fails if forging changes more than the forger meant to.
    #[test]
    fn a_change_taken_apart_and_put_together_is_the_same() {
        for wall in [0, -1, 1_795_399_200, 4_102_444_800] {
            let at = DocRef { id: DocId([3; 16]), kind: DocKind::Case };
            let mut document = Document::create(at);
            let mut act = model::record::Edit::default();
            act.events.push(vec![1, 2, 3]);
            let made = edit(&mut document, &act, [7; 16], wall, &SeedBook::new()).unwrap().unwrap();
            let chunk = Chunk::parse(&made.bytes).unwrap();
            assert_eq!((chunk.seq, chunk.start_op, chunk.time), (made.seq, made.start_op, wall));
            assert_eq!(chunk.to_raw(), made.bytes);
        }
    }
}
