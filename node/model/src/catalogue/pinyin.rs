//! Matching a typed word against a name: characters, syllables and initials in any mix.

mod near;
mod pairs;

use pairs::Pairs;
use pinyin::ToPinyinMulti as _;

use crate::limit;

/// Letters of the longest syllable: zhuang.
const SYLLABLE: usize = 6;
/// A name that is what was typed, as a whole.
const WHOLE: u32 = 5_000;
/// A name that begins so, in characters.
const BEGINS: u32 = 4_000;
/// Characters from the middle of a name.
const WITHIN: u32 = 3_000;
/// Pinyin: the least of a match that is no slip of the keys.
const SPOKEN: u32 = 1_000;
/// Pinyin of a whole name comes before a beginning by so much.
const SPOKEN_WHOLE: u32 = 500;
/// Pinyin from a later character on: below every beginning, however short the name.
const LATER: u32 = 780;
/// Pinyin from the first character on.
const SPOKEN_EARLY: u32 = 1_000;

/// One way to say a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reading {
    letters: [u8; SYLLABLE],
    len: usize,
}

impl Reading {
    fn of(text: &str) -> Option<Self> {
        let mut letters = [0; SYLLABLE];
        letters.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        text.is_ascii().then_some(Self { letters, len: text.len() })
    }

    fn letters(&self) -> &[u8] {
        self.letters.get(..self.len).unwrap_or_default()
    }

    /// How it is shortened: z, and zh where it begins so.
    fn initials(&self) -> impl Iterator<Item = &[u8]> {
        let letters = self.letters();
        let double = [b"zh", b"ch", b"sh"].iter().any(|d| letters.starts_with(*d));
        let lengths = if double { 1..=2 } else { 1..=1 };
        lengths.filter_map(move |len| letters.get(..len).filter(|short| short.len() < letters.len()))
    }
}

/// One character of a name, and all its readings.
#[derive(Debug, Clone)]
struct Char {
    c: char,
    readings: Vec<Reading>,
}

/// A name, made ready.
#[derive(Debug, Clone)]
pub(super) struct Key {
    text: String,
    folded: String,
    chars: Vec<Char>,
    pairs: Pairs,
}

/// A typed word, made ready.
#[derive(Debug, Clone)]
pub(super) struct Word {
    text: String,
    chars: Vec<char>,
}

/// Lower case, full-width letters and digits made narrow, ü written v.
pub(super) fn fold(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        'ü' | 'Ü' => 'v',
        other => other,
    };
    text.chars().map(narrow).flat_map(char::to_lowercase).take(limit::QUERY_CHARS).collect()
}

/// What one character can stand for, beside itself.
fn readings(c: char) -> Vec<Reading> {
    let Some(all) = c.to_pinyin_multi() else { return Vec::new() };
    let mut out: Vec<Reading> = Vec::new();
    for one in all {
        let plain = fold(one.plain());
        // 女 is typed nv or nu, 绿 lv or lu
        for form in [plain.replace('v', "u"), plain] {
            let reading = Reading::of(&form).filter(|reading| !out.contains(reading));
            out.extend(reading);
        }
    }
    out
}

impl Word {
    pub(super) fn of(text: &str) -> Self {
        let text = fold(text);
        Self { chars: text.chars().collect(), text }
    }
}

/// How good a match is, coarsely: matches of one rank are told apart by what is taken often here, then by their score.
pub(super) fn rank(score: u32) -> u32 {
    let steps = [SPOKEN, SPOKEN + SPOKEN_EARLY, SPOKEN + SPOKEN_EARLY + SPOKEN_WHOLE, WITHIN, BEGINS, WHOLE];
    steps.iter().map(|step| u32::from(score >= *step)).sum()
}

/// The whole name, in characters or pinyin.
pub(super) fn is_whole(score: u32) -> bool {
    score >= WHOLE || (SPOKEN + SPOKEN_EARLY + SPOKEN_WHOLE..WITHIN).contains(&score)
}

/// Only with one slip of the keys.
pub(super) fn is_near(score: u32) -> bool {
    score < SPOKEN
}

impl Key {
    pub(super) fn of(text: &str) -> Self {
        let folded = fold(text);
        let spoken = |c: &char| c.is_alphanumeric();
        let chars: Vec<Char> =
            folded.chars().filter(spoken).map(|c| Char { c, readings: readings(c) }).collect();
        Self { text: text.to_owned(), folded, pairs: Pairs::of(&chars), chars }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The first letter of each character, as it is said most.
    pub(super) fn initials(&self) -> String {
        let first = |one: &Char| {
            let letter = one.readings.first().and_then(|reading| reading.letters().first());
            letter.map_or(one.c, |letter| char::from(*letter))
        };
        self.chars.iter().map(first).collect()
    }

    /// Shorter names come first.
    fn short(&self) -> u32 {
        u32::try_from(100usize.saturating_sub(self.chars.len())).unwrap_or(0)
    }

    /// How well a word matches; `None` when it does not. Whole name over beginning over middle, characters over
    /// pinyin, shorter names over longer ones.
    pub(super) fn score(&self, word: &Word) -> Option<u32> {
        if self.folded == word.text {
            return Some(WHOLE + self.short());
        }
        if let Some(at) = self.folded.find(&word.text) {
            return Some(if at == 0 { BEGINS } else { WITHIN } + self.short());
        }
        for start in 0..self.chars.len() {
            if let Some(end) = self.matches_from(start, &word.chars) {
                let whole = if start == 0 && end == self.chars.len() { SPOKEN_WHOLE } else { 0 };
                return Some(SPOKEN + early(start) + whole + self.short());
            }
        }
        None
    }

    /// Where a match that begins at `start` ends: bit n of `reached` says that n letters of the query are used up.
    fn matches_from(&self, start: usize, query: &[char]) -> Option<usize> {
        let goal = 1u64 << query.len().min(limit::QUERY_CHARS);
        let mut reached = 1u64;
        for (at, one) in self.chars.iter().enumerate().skip(start) {
            let mut next = 0u64;
            for used in bits(reached) {
                next |= one.uses(query.get(used..).unwrap_or_default()) << used;
            }
            if next & goal != 0 {
                return Some(at + 1);
            }
            if next == 0 {
                return None;
            }
            reached = next;
        }
        None
    }
}

/// Earlier is better.
fn early(start: usize) -> u32 {
    let late = u32::try_from(start * 20).unwrap_or(SPOKEN_EARLY);
    if start == 0 { SPOKEN_EARLY } else { LATER.saturating_sub(late) }
}

/// The numbers of the bits that are set.
fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = mask.trailing_zeros();
        mask &= mask.checked_sub(1)?;
        usize::try_from(at).ok()
    })
}

impl Char {
    /// Bits for how many letters of `rest` this character may use up.
    fn uses(&self, rest: &[char]) -> u64 {
        let mut bits = u64::from(rest.first() == Some(&self.c)) << 1;
        for reading in &self.readings {
            bits |= syllable(reading, rest);
        }
        bits
    }
}

/// Bits for how many letters of `rest` this syllable may use up: its initial (`z`, `zh`), itself, or a beginning of it
/// where the query ends there.
fn syllable(reading: &Reading, rest: &[char]) -> u64 {
    let letters = reading.letters();
    let common = letters.iter().zip(rest).take_while(|(a, b)| char::from(**a) == **b).count();
    let short = reading.initials().filter(|short| common >= short.len());
    let mut bits = short.fold(0, |bits, short| bits | 1 << short.len());
    if common > 0 && (common == letters.len() || common == rest.len()) {
        bits |= 1 << common;
    }
    bits
}
