//! What entries say, in the order in which it is coded. Every function takes what is to be written and gives what was
//! read: writing both are the same, reading the first is blank. So there is one description for both ways.

use std::collections::BTreeMap;

use super::change::{At, Change, Id, Told};
use super::event::Stamped;
use super::model::{Lie, Model, Place, hash, mix};
use super::{Content, Entitled, Origin, Piece, understood};
use crate::{Actor, limit};

/// Stands in a text for the act's nonce, as its cells' names have it; no letter has this byte.
const NONCE: u8 = 0xFF;
/// Names that are remembered to have followed a name: a case has its papers in some order.
const NAMES_AFTER: usize = 12;
/// What an entry and an operation take besides their texts.
const EACH_BYTES: usize = 8;

pub(super) struct Says<'a> {
    model: Model<'a>,
    entitled: Entitled<'a>,
    docs: Vec<[u8; 16]>,
    actors: Vec<Actor>,
    logs: Vec<Origin>,
    seeds: BTreeMap<([u8; 16], u64), [u8; 16]>,
    /// Which names followed a name, the last one first.
    next_names: BTreeMap<u32, Vec<Vec<u8>>>,
    time: i64,
    step: i64,
    wall: i64,
    form: u8,
}

/// What the parts of one change know of each other.
struct Scene {
    nonce: Option<[u8; 8]>,
    object: Option<Id>,
    name: u32,
    value: u32,
    events: u32,
    kind: u64,
    wall: i64,
    time: i64,
}

fn place(set: usize, exact: u32, aux: u32) -> Place {
    let own = u32::try_from(set).unwrap_or(0);
    Place { set, exact: mix(exact, own), class: mix(own, 0xA5), aux }
}

fn zigzag(value: i64) -> u64 {
    (value.cast_unsigned() << 1) ^ (value >> 63).cast_unsigned()
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

impl<'a> Says<'a> {
    pub(super) fn new(model: Model<'a>, entitled: Entitled<'a>) -> Self {
        Self {
            model,
            entitled,
            docs: Vec::new(),
            actors: Vec::new(),
            logs: Vec::new(),
            seeds: BTreeMap::new(),
            next_names: BTreeMap::new(),
            time: 0,
            step: 0,
            wall: 0,
            form: 0,
        }
    }

    pub(super) fn left(&self) -> usize {
        self.model.left()
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.model.into_bits().finish()
    }

    /// Reading: everything that was promised has come.
    pub(super) fn ends(self) -> bool {
        self.model.left() == 0 && self.model.into_bits().is_at_end()
    }

    fn number(&mut self, exact: u32, aux: u32, given: u64) -> Result<u64, Lie> {
        self.model.number(place(0, exact, aux), given)
    }

    fn flag(&mut self, exact: u32, aux: u32, given: bool) -> bool {
        self.model.flag(place(1, exact, aux), given)
    }

    /// One of things seen before, counted from the last one, or a new one.
    fn among<T: Clone + PartialEq>(
        &mut self,
        what: u32,
        seen: impl Fn(&mut Self) -> &mut Vec<T>,
        given: &T,
        fresh: impl Fn(&mut Self, &T) -> Result<T, Lie>,
    ) -> Result<T, Lie> {
        let known = seen(self).iter().rev().position(|each| each == given);
        let back = self.number(what, 0, known.map_or(0, |back| back as u64 + 1))?;
        if back == 0 {
            let new = fresh(self, given)?;
            seen(self).push(new.clone());
            return Ok(new);
        }
        let back = usize::try_from(back).map_err(|_| Lie)?;
        let list = seen(self);
        let at = list.len().checked_sub(back).ok_or(Lie)?;
        list.get(at).cloned().ok_or(Lie)
    }

    pub(super) fn piece(&mut self, given: &Piece) -> Result<Piece, Lie> {
        self.model.charge(EACH_BYTES)?;
        let doc = self.among(10, |says| &mut says.docs, &given.doc, |says, doc| says.model.raw(*doc))?;
        let kind = self.number(11, 0, u64::from(given.kind))?;
        let kind = u8::try_from(kind).map_err(|_| Lie)?;
        let origin = self.origin(given.origin.as_ref())?;
        let change = if let Content::Wire(wire) = &given.content { understood(wire) } else { None };
        let form = match (&change, &given.content) {
            (Some(_), _) => 0,
            (None, Content::Wire(_)) => 1,
            (None, Content::Erased(_)) => 2,
        };
        let form = self.number(12, u32::from(self.form), form)?;
        self.form = u8::try_from(form).map_err(|_| Lie)?;
        let content = match (form, &given.content) {
            (0, _) => {
                let actor = (self.entitled)(origin.as_ref()).ok_or(Lie)?;
                let change = self.change(&doc, &actor, &change.unwrap_or_default())?;
                Content::Wire(change.write().ok_or(Lie)?)
            }
            (1, given) => {
                let wire = if let Content::Wire(wire) = given { wire.as_slice() } else { &[] };
                Content::Wire(self.model.text(place(2, 1, 0), wire)?)
            }
            (2, Content::Erased(hash)) => Content::Erased(self.model.raw(*hash)?),
            _ => return Err(Lie),
        };
        Ok(Piece { doc, kind, origin, content })
    }

    fn origin(&mut self, given: Option<&Origin>) -> Result<Option<Origin>, Lie> {
        let vouched = self.flag(13, 0, given.is_some());
        if !vouched {
            return Ok(None);
        }
        let blank = Origin { log: Vec::new(), seq: 0 };
        let given = given.unwrap_or(&blank);
        let known = self.logs.iter().rposition(|origin| origin.log == given.log);
        let at = self.number(14, 0, known.map_or(0, |at| at as u64 + 1))?;
        let before = match at.checked_sub(1) {
            Some(at) => usize::try_from(at).ok().and_then(|at| self.logs.get(at)).cloned().ok_or(Lie)?,
            None => Origin { log: self.model.text(place(2, 2, 0), &given.log)?, seq: 0 },
        };
        self.model.charge(before.log.len())?;
        let step = self.number(15, 0, zigzag(given.seq.wrapping_sub(before.seq).cast_signed()))?;
        let origin = Origin { seq: before.seq.wrapping_add(unzigzag(step).cast_unsigned()), log: before.log };
        match self.logs.iter_mut().find(|known| known.log == origin.log) {
            Some(known) => known.seq = origin.seq,
            None => self.logs.push(origin.clone()),
        }
        Ok(Some(origin))
    }

    fn change(&mut self, doc: &[u8; 16], actor: &Actor, given: &Change) -> Result<Change, Lie> {
        let mut made = Change::default();
        let count = self.number(20, 0, given.deps.len() as u64)?;
        for at in 0..bounded(count, limit::DEPS_MAX)? {
            made.deps.push(self.model.raw(given.deps.get(at).copied().unwrap_or_default())?);
        }
        let first = hash(&[u8::from(made.deps.is_empty())]);
        made.seq = self.number(21, first, given.seq)?;
        made.start_op = self.number(22, first, given.start_op)?;
        let step = given.time.wrapping_sub(self.time);
        let before = hash(&self.step.to_le_bytes());
        self.step = unzigzag(self.number(23, before, zigzag(step))?);
        made.time = self.time.wrapping_add(self.step);
        self.time = made.time;
        let count = self.number(24, first, given.actors.len() as u64)?;
        for at in 0..bounded(count, limit::ACTORS_MAX + 1)? {
            let given = given.actors.get(at).copied().unwrap_or_default();
            self.model.charge(EACH_BYTES)?;
            let entitled = at == 0 && self.flag(25, 0, given == *actor);
            made.actors.push(if entitled {
                *actor
            } else {
                self.among(26, |says| &mut says.actors, &given, |says, actor| says.model.raw(*actor))?
            });
        }
        if made.actors.is_empty() {
            return Err(Lie);
        }
        let mut scene = self.scene(&made, given)?;
        let count = self.number(27, first, given.ops.len() as u64)?;
        let blank = Told::default();
        for at in 0..bounded(count, limit::OPS_MAX)? {
            let told = self.op(
                &mut scene,
                made.start_op.wrapping_add(at as u64),
                given.ops.get(at).unwrap_or(&blank),
            )?;
            made.ops.push(told);
        }
        for (at, person) in made.persons().into_iter().enumerate() {
            let given = given.seeds.get(at).map(|(_, seed)| *seed).unwrap_or_default();
            let known = self.seeds.get(&(*doc, person)).copied();
            let seed = match known {
                Some(known) if self.flag(28, 0, known == given) => known,
                _ => self.model.raw(given)?,
            };
            self.seeds.insert((*doc, person), seed);
            made.seeds.push((person, seed));
        }
        Ok(made)
    }

    fn scene(&mut self, made: &Change, given: &Change) -> Result<Scene, Lie> {
        let nonce = given.ops.iter().find_map(|op| nonce_of(&op.key));
        let has = self.flag(29, 0, nonce.is_some());
        let nonce = if has { Some(self.model.raw(nonce.unwrap_or_default())?) } else { None };
        Ok(Scene {
            nonce,
            object: None,
            name: 0,
            value: 0,
            events: 0,
            kind: 0,
            wall: self.wall,
            time: made.time,
        })
    }

    fn op(&mut self, scene: &mut Scene, counter: u64, given: &Told) -> Result<Told, Lie> {
        self.model.charge(EACH_BYTES)?;
        let mut op = Told { object: self.object(scene, given.object)?, ..Told::default() };
        let object = hash(&op.object.map_or(0, |(counter, _)| counter + 1).to_le_bytes());
        op.key = self.key(scene, object, counter, &given.key)?;
        let key = if matches!(op.key, At::Name(_)) { mix(object, scene.name) } else { object };
        op.insert = self.flag(32, object, given.insert);
        op.action = self.number(33, key, given.action)?;
        op.code = self.number(34, key, given.code)?;
        if op.code > 15 {
            return Err(Lie);
        }
        op.hole = op.code == 7 && self.flag(35, key, given.hole);
        op.value = self.value(scene, key, &op, given)?;
        self.model.charge(op.value.len())?;
        scene.value = hash(&op.value);
        let count = self.number(36, key, given.preds.len() as u64)?;
        for at in 0..bounded(count, limit::PREDS_MAX)? {
            let (counter, actor) = given.preds.get(at).copied().unwrap_or_default();
            self.model.charge(EACH_BYTES)?;
            op.preds.push((self.number(37, key, counter)?, self.number(38, key, actor)?));
        }
        Ok(op)
    }

    fn object(&mut self, scene: &mut Scene, given: Option<Id>) -> Result<Option<Id>, Lie> {
        let before = scene.object.map_or(0, |(counter, _)| counter + 1);
        let (counter, actor) = given.map_or((0, 0), |(counter, actor)| (counter.saturating_add(1), actor));
        let counter = self.number(30, hash(&before.to_le_bytes()), counter)?;
        scene.object = match counter.checked_sub(1) {
            None => None,
            Some(made) => Some((made, self.number(31, hash(&counter.to_le_bytes()), actor)?)),
        };
        Ok(scene.object)
    }

    fn key(&mut self, scene: &mut Scene, object: u32, counter: u64, given: &At) -> Result<At, Lie> {
        let tag = match given {
            At::Name(_) => 0,
            At::Head => 1,
            At::After((after, 0)) if after.checked_add(1) == Some(counter) => 2,
            At::After(_) => 3,
        };
        match self.number(40, object, tag)? {
            0 => {
                let name = if let At::Name(name) = given { name.as_str() } else { "" };
                Ok(At::Name(self.name(scene, object, name)?))
            }
            1 => Ok(At::Head),
            2 => Ok(At::After((counter.checked_sub(1).ok_or(Lie)?, 0))),
            3 => {
                let (after, actor) = if let At::After(id) = given { *id } else { (0, 0) };
                Ok(At::After((self.number(41, object, after)?, self.number(42, object, actor)?)))
            }
            _ => Err(Lie),
        }
    }

    /// A name: one of those that followed the name before, or spelled out.
    fn name(&mut self, scene: &mut Scene, object: u32, given: &str) -> Result<String, Lie> {
        let masked = scene.mask(given.as_bytes());
        let before = mix(scene.name, object);
        let followed = self.next_names.get(&before).cloned().unwrap_or_default();
        let mut found = None;
        for (at, name) in (0u32..).zip(&followed) {
            if self.flag(mix(43, at), before, *name == masked) {
                found = Some((at, name.clone()));
                break;
            }
        }
        let names = self.next_names.entry(before).or_default();
        let name = if let Some((at, name)) = found {
            names.remove(at as usize);
            name
        } else {
            self.model.text(place(3, 44, before), &masked)?
        };
        let names = self.next_names.entry(before).or_default();
        names.insert(0, name.clone());
        names.truncate(NAMES_AFTER);
        scene.name = hash(&name);
        let whole = String::from_utf8(scene.unmask(&name)).map_err(|_| Lie)?;
        self.model.charge(whole.len())?;
        Ok(whole)
    }

    fn value(&mut self, scene: &mut Scene, key: u32, op: &Told, given: &Told) -> Result<Vec<u8>, Lie> {
        if op.code < 3 {
            return Ok(Vec::new());
        }
        let set = match (op.hole, op.code, op.insert) {
            (true, ..) => 4,
            (false, 7, true) => return self.event(scene, &given.value),
            _ => 5,
        };
        self.model.text(Place { class: mix(scene.name, 0xC1), ..place(set, key, scene.value) }, &given.value)
    }

    fn event(&mut self, scene: &mut Scene, given: &[u8]) -> Result<Vec<u8>, Lie> {
        let event = Stamped::read(given);
        let index = scene.events.min(12);
        scene.events += 1;
        if !self.flag(50, 0, event.is_some()) {
            return self.model.text(place(6, 51, 0), given);
        }
        let event = event.unwrap_or_default();
        let mut made = Stamped {
            kind: self.model.number(place(7, mix(52, index), hash(&scene.kind.to_le_bytes())), event.kind)?,
            ..Stamped::default()
        };
        scene.kind = made.kind;
        let kind = hash(&made.kind.to_le_bytes());
        made.wall = self.wall(scene, index, event.wall)?;
        made.confidence =
            u8::try_from(self.number(53, kind, u64::from(event.confidence))?).map_err(|_| Lie)?;
        made.station = self.number(54, kind, event.station)?;
        made.by = self.model.text(place(8, 55, index), &event.by)?;
        made.name = self.model.text(place(8, 56, hash(&made.by)), &event.name)?;
        let day = made.day();
        let dated = event.tail.ends_with(&day);
        let dated = self.flag(57, kind, dated);
        let tail = if dated { event.tail.strip_suffix(day.as_slice()).unwrap_or(&[]) } else { &event.tail };
        let masks = self.flag(58, kind, scene.can_mask(tail));
        let masked = if masks { scene.mask(tail) } else { tail.to_vec() };
        let told = self.model.text(Place { class: mix(59, index), ..place(9, kind, index) }, &masked)?;
        made.tail = if masks { scene.unmask(&told) } else { told };
        if dated {
            made.tail.extend_from_slice(&day);
        }
        Ok(made.write())
    }

    fn wall(&mut self, scene: &mut Scene, index: u32, given: i64) -> Result<i64, Lie> {
        let wall = if self.flag(60, index, given == scene.time) {
            scene.time
        } else {
            let step = given.wrapping_sub(scene.wall);
            let minutes = self.flag(61, index, step % 60 == 0);
            let step = if minutes { step / 60 } else { step };
            let step = unzigzag(self.model.number(place(10, mix(62, index.min(1)), 0), zigzag(step))?);
            scene.wall.wrapping_add(if minutes { step.wrapping_mul(60) } else { step })
        };
        if index == 0 {
            self.wall = wall;
        }
        scene.wall = wall;
        Ok(wall)
    }
}

fn bounded(count: u64, most: usize) -> Result<usize, Lie> {
    usize::try_from(count).ok().filter(|count| *count <= most).ok_or(Lie)
}

/// The nonce in the name of an act's words: `9/w.<16 hexadecimal digits>.<part>`.
fn nonce_of(key: &At) -> Option<[u8; 8]> {
    let At::Name(name) = key else { return None };
    let digits = name.strip_prefix("9/w.")?.get(..16)?;
    let number = u64::from_str_radix(digits, 16).ok()?;
    (format!("{number:016x}") == digits).then(|| number.to_be_bytes())
}

impl Scene {
    fn digits(&self) -> Option<Vec<u8>> {
        self.nonce.map(|nonce| format!("{:016x}", u64::from_be_bytes(nonce)).into_bytes())
    }

    fn can_mask(&self, text: &[u8]) -> bool {
        !text.contains(&NONCE)
            && self.digits().is_some_and(|digits| text.windows(16).any(|part| part == digits))
    }

    fn mask(&self, text: &[u8]) -> Vec<u8> {
        let Some(digits) = self.digits() else { return text.to_vec() };
        let (mut out, mut left) = (Vec::with_capacity(text.len()), text);
        while let Some((byte, after)) = left.split_first() {
            if let Some(after) = left.strip_prefix(digits.as_slice()) {
                out.push(NONCE);
                left = after;
            } else {
                out.push(*byte);
                left = after;
            }
        }
        out
    }

    fn unmask(&self, text: &[u8]) -> Vec<u8> {
        let digits = self.digits().unwrap_or_else(|| vec![NONCE]);
        let mut out = Vec::with_capacity(text.len());
        for byte in text {
            if *byte == NONCE {
                out.extend_from_slice(&digits);
            } else {
                out.push(*byte);
            }
        }
        out
    }
}
