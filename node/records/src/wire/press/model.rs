//! What is likely to come next. Several contexts each remember how often a one followed; a mixer that learns weighs them.
//! Whole numbers only: every box must come to the same chances, bit by bit.

use std::collections::BTreeMap;

use super::bits::Bits;

/// The packed bytes lie, or what was to be packed is over its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lie;

/// Contexts that are mixed for one decision.
const CONTEXTS: usize = 6;
/// The contexts and what an earlier, equal passage went on with.
const INPUTS: usize = CONTEXTS + 1;
/// How sure a context is: never seen, seen once, twice, a few times, often.
const TRUST: usize = 6;
/// Kinds of values with weights of their own.
const SETS: usize = 16;
/// Slots of the smallest and of the largest model, in powers of two (four bytes each).
const SLOT_BITS: (u8, u8) = (14, 20);
const PASSAGE_BITS: u32 = 15;
/// Occurrences after which a context no longer learns more slowly.
const COUNT_MAX: u32 = 60;
const LEARNING: i32 = 14;

/// Where a value stands: what predicts it, from the narrowest to the widest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) set: usize,
    pub(super) exact: u32,
    pub(super) class: u32,
    pub(super) aux: u32,
}

pub(super) struct Model<'a> {
    bits: Bits<'a>,
    slots: Vec<u32>,
    weights: Vec<i32>,
    stretch: Vec<i16>,
    contexts: [u32; CONTEXTS],
    set: usize,
    /// All texts so far, a zero between them.
    recent: Vec<u8>,
    /// Where four bytes last stood in it.
    passages: Vec<u32>,
    /// Where the present passage goes on, and for how long it has been right; 0 for none.
    follows: usize,
    right: usize,
    /// Where each place's last text begins in it.
    streams: BTreeMap<u32, usize>,
    trusts: [u32; 32],
    /// What may still come out; writing, what was spent is taken from it.
    left: usize,
}

/// The size of a model for about so many bytes.
pub(super) fn slots_for(bytes: usize) -> u8 {
    let wanted = bytes.saturating_mul(8).next_power_of_two().trailing_zeros();
    u8::try_from(wanted).unwrap_or(SLOT_BITS.1).clamp(SLOT_BITS.0, SLOT_BITS.1)
}

/// The size that a stretch names, if it is one.
pub(super) fn slots_named(slots: u8) -> Option<u8> {
    (SLOT_BITS.0..=SLOT_BITS.1).contains(&slots).then_some(slots)
}

pub(super) fn mix(a: u32, b: u32) -> u32 {
    let mixed = (a ^ b.rotate_left(15)).wrapping_mul(0x9E37_79B1);
    (mixed ^ (mixed >> 15)).wrapping_mul(0x85EB_CA77) ^ (b.wrapping_mul(0xC2B2_AE3D) >> 7)
}

pub(super) fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811C_9DC5, |hash, byte| mix(hash, u32::from(*byte) + 1))
}

/// The logistic curve, 12 bits in and out, from its values at 33 places.
fn squash(at: i32) -> i32 {
    const CURVE: [i32; 33] = [
        1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1101, 1546, 2047, 2549, 2994, 3348, 3607,
        3785, 3901, 3975, 4022, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094,
    ];
    let at = at.clamp(-2047, 2047) + 2048;
    let (place, part) = (usize::try_from(at >> 7).unwrap_or(0), at & 127);
    let value = |index: usize| CURVE.get(index).copied().unwrap_or(4095);
    (value(place) * (128 - part) + value(place + 1) * part + 64) >> 7
}

/// Its inverse, as a table.
fn stretch_table() -> Vec<i16> {
    let mut table = Vec::with_capacity(4096);
    let mut at = -2047i16;
    for chance in 0..4096 {
        while at < 2047 && squash(i32::from(at)) < chance {
            at += 1;
        }
        table.push(at);
    }
    table
}

impl<'a> Model<'a> {
    /// `slots`: the model's size in powers of two, within [`SLOT_BITS`]; `left`: how many bytes may come out.
    pub(super) fn new(bits: Bits<'a>, slots: u8, left: usize) -> Self {
        Self {
            bits,
            slots: vec![0; 1 << slots],
            weights: vec![22_000; SETS * INPUTS * TRUST],
            stretch: stretch_table(),
            contexts: [0; CONTEXTS],
            set: 0,
            recent: vec![0],
            passages: vec![0; 1 << PASSAGE_BITS],
            follows: 0,
            right: 0,
            streams: BTreeMap::new(),
            trusts: [48_000; 32],
            left,
        }
    }

    /// How much of what may come out is left.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    pub(super) fn into_bits(self) -> Bits<'a> {
        self.bits
    }

    /// Accounts for bytes that come out.
    pub(super) fn charge(&mut self, bytes: usize) -> Result<(), Lie> {
        self.left = self.left.checked_sub(bytes).ok_or(Lie)?;
        Ok(())
    }

    /// Bytes that nothing predicts.
    pub(super) fn raw<const N: usize>(&mut self, given: [u8; N]) -> Result<[u8; N], Lie> {
        self.charge(N)?;
        let mut out = [0; N];
        for (to, from) in out.iter_mut().zip(given) {
            for bit in (0..8).rev() {
                *to = (*to << 1) | u8::from(self.bits.code(32_768, (from >> bit) & 1 == 1));
            }
        }
        Ok(out)
    }

    pub(super) fn flag(&mut self, place: Place, given: bool) -> bool {
        self.begin(place, 0x51);
        self.decide(1, given, None)
    }

    /// A number: how long it is, then its bits from the highest on.
    pub(super) fn number(&mut self, place: Place, given: u64) -> Result<u64, Lie> {
        self.charge(1)?;
        self.begin(place, 0x52);
        let length = 64 - given.leading_zeros();
        let mut node = 1;
        for bit in (0..7).rev() {
            node = (node << 1) | u32::from(self.decide(node, (length >> bit) & 1 == 1, None));
        }
        let length = node - 128;
        if length > 64 {
            return Err(Lie);
        }
        let mut value = u64::from(length > 0);
        for bit in (0..length.saturating_sub(1)).rev() {
            let known = if length - bit > 12 { 0 } else { u32::try_from(value).unwrap_or(0) };
            let node = mix(0x1000 + length * 64 + bit, known);
            value = (value << 1) | u64::from(self.decide(node, (given >> bit) & 1 == 1, None));
        }
        Ok(value)
    }

    /// A text, byte by byte, each after the question whether it goes on.
    pub(super) fn text(&mut self, place: Place, given: &[u8]) -> Result<Vec<u8>, Lie> {
        self.charge(1)?;
        let mut out = Vec::new();
        let (mut prefix, mut last) = (0x9E37u32, 0u32);
        self.right = 0;
        self.follows = self.streams.insert(place.exact, self.recent.len()).unwrap_or(0);
        loop {
            let narrow = mix(place.exact, prefix);
            self.set = place.set;
            self.contexts = [
                narrow,
                mix(mix(place.class, 0x77), prefix),
                mix(mix(place.aux, 0x99), narrow),
                mix(place.class ^ 0x4444, last & 0xFFFF),
                mix(0x5555, last & 0x00FF_FFFF),
                mix(0x6666, last),
            ];
            let expected = (self.follows > 0).then(|| self.recent.get(self.follows).copied()).flatten();
            let goes_on = self.decide(0, out.len() < given.len(), expected.map(|byte| byte != 0));
            if !goes_on {
                break;
            }
            let byte =
                self.byte(given.get(out.len()).copied().unwrap_or(0), expected.filter(|byte| *byte != 0));
            self.charge(1)?;
            out.push(byte);
            prefix = mix(prefix, u32::from(byte) + 1);
            last = (last << 8) | u32::from(byte);
            self.pass(byte, expected);
        }
        self.pass(0, None);
        Ok(out)
    }

    fn byte(&mut self, given: u8, expected: Option<u8>) -> u8 {
        let mut node = 1u32;
        for bit in (0..8).rev() {
            let hint = expected.map(|byte| u32::from(byte) | 256).filter(|byte| byte >> (bit + 1) == node);
            let decided = self.decide(node, (given >> bit) & 1 == 1, hint.map(|byte| (byte >> bit) & 1 == 1));
            node = (node << 1) | u32::from(decided);
        }
        node.to_le_bytes()[0]
    }

    fn begin(&mut self, place: Place, what: u32) {
        self.set = place.set;
        self.follows = 0;
        self.contexts = [
            mix(place.exact, what),
            mix(place.class, what + 0x100),
            mix(mix(place.exact, place.aux), what + 0x200),
            mix(mix(place.class, place.aux), what + 0x300),
            0,
            0,
        ];
    }

    /// Takes a byte of a text into what later passages are compared with.
    fn pass(&mut self, byte: u8, expected: Option<u8>) {
        if expected == Some(byte) {
            self.right += 1;
            self.follows += 1;
        } else {
            (self.right, self.follows) = (0, 0);
        }
        self.recent.push(byte);
        let key = self.passage();
        if self.follows == 0 {
            self.follows = self.passages.get(key).map_or(0, |at| *at as usize);
        }
        let end = u32::try_from(self.recent.len()).unwrap_or(0);
        if let Some(at) = self.passages.get_mut(key) {
            *at = end;
        }
    }

    fn passage(&self) -> usize {
        let tail = self.recent.get(self.recent.len().saturating_sub(4)..).unwrap_or_default();
        (hash(tail) >> (32 - PASSAGE_BITS)) as usize
    }

    /// One decision: asks the contexts, codes, and teaches them.
    fn decide(&mut self, node: u32, bit: bool, hint: Option<bool>) -> bool {
        let mask = self.slots.len() - 1;
        let mut at = [0usize; CONTEXTS];
        let mut inputs = [(0i32, 0usize); INPUTS];
        for (index, context) in (0u32..).zip(self.contexts) {
            if context == 0 {
                continue;
            }
            let hashed = mix(context.wrapping_add(index), node.wrapping_mul(0x2545_F491).wrapping_add(1));
            let (place, check) = (hashed as usize & mask, (hashed >> 22) & 0x3FF);
            let Some(slot) = self.slots.get_mut(place) else { continue };
            if (*slot >> 6) & 0x3FF != check || *slot & 63 == 0 {
                *slot = (32_768 << 16) | (check << 6);
            }
            let trust = match *slot & 63 {
                0 => 0,
                1 => 1,
                2 => 2,
                3..=5 => 3,
                6..=20 => 4,
                _ => 5,
            };
            let chance = (*slot >> 20) as usize;
            let input =
                if trust == 0 { 0 } else { i32::from(self.stretch.get(chance).copied().unwrap_or(0)) };
            if let (Some(at), Some(to)) = (at.get_mut(index as usize), inputs.get_mut(index as usize)) {
                (*at, *to) = (place + 1, (input, trust));
            }
        }
        let run = self.right.min(15) * 2 + usize::from(node == 0);
        if let (Some(one), Some(trusted), [.., last]) = (hint, self.trusts.get(run), &mut inputs) {
            let sure = i32::from(self.stretch.get((*trusted >> 4) as usize).copied().unwrap_or(0));
            *last = (if one { sure } else { -sure }, (self.right / 3).min(TRUST - 1));
        }
        let bit = self.mix_and_code(&inputs, bit);
        self.teach(&at, bit);
        if let (Some(one), Some(trusted)) = (hint, self.trusts.get_mut(run)) {
            if one == bit {
                *trusted += (65_535 - *trusted) >> 6;
            } else {
                *trusted -= *trusted >> 5;
            }
        }
        bit
    }

    fn mix_and_code(&mut self, inputs: &[(i32, usize); INPUTS], bit: bool) -> bool {
        let from = self.set.min(SETS - 1) * INPUTS * TRUST;
        let weights = self.weights.get_mut(from..from + INPUTS * TRUST).unwrap_or_default();
        let mut sum = 0i64;
        for (row, (input, trust)) in weights.chunks_exact(TRUST).zip(inputs) {
            sum += i64::from(*input) * i64::from(row.get(*trust).copied().unwrap_or(0));
        }
        let chance = squash(i32::try_from((sum >> 16).clamp(-2047, 2047)).unwrap_or(0));
        let one = u32::try_from(chance * 16 + 8).unwrap_or(32_768).clamp(24, 65_512);
        let bit = self.bits.code(one, bit);
        let error = ((i32::from(bit) << 12) - chance) * LEARNING;
        for (row, (input, trust)) in weights.chunks_exact_mut(TRUST).zip(inputs) {
            if let Some(weight) = row.get_mut(*trust) {
                *weight = (*weight + ((input * error + 0x8000) >> 16)).clamp(-(1 << 20), 1 << 20);
            }
        }
        bit
    }

    fn teach(&mut self, at: &[usize; CONTEXTS], bit: bool) {
        for place in at {
            let Some(slot) = place.checked_sub(1).and_then(|place| self.slots.get_mut(place)) else {
                continue;
            };
            let (chance, count) = (i64::from(*slot >> 16), *slot & 63);
            let target = if bit { 65_535 } else { 0 };
            let moved = chance + (target - chance) * 2 / (i64::from(count) * 2 + 3);
            let moved = u32::try_from(moved.clamp(16, 65_520)).unwrap_or(32_768);
            *slot = (moved << 16) | (*slot & 0xFFC0) | (count + 1).min(COUNT_MAX);
        }
    }
}
