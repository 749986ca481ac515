//! One slip of the keys: a letter or character wrong, missing, too many, or changed places with its neighbour.

use super::{Char, Key, Reading, Word, bits};
use crate::limit;

/// Letters from which on a slip is allowed for: one in four would match anything.
const LETTERS: usize = 5;
/// Chinese characters from which on.
const CHARACTERS: usize = 4;
/// Neighbourhoods that letters spoil which changed places.
const PAIRS: usize = 3;
/// The best score of a match with a slip: below every match without.
const BEST: u32 = 700;

/// One way a character is written in a query.
#[derive(Clone, Copy)]
enum Form<'k> {
    /// Itself.
    Char(char),
    /// Its initials.
    Short(&'k [u8]),
    /// Its whole syllable.
    Full(&'k [u8]),
}

impl Form<'_> {
    fn len(self) -> usize {
        match self {
            Self::Char(_) => 1,
            Self::Short(letters) | Self::Full(letters) => letters.len(),
        }
    }

    fn at(self, n: usize) -> Option<char> {
        match self {
            Self::Char(c) => (n == 0).then_some(c),
            Self::Short(letters) | Self::Full(letters) => letters.get(n).map(|letter| char::from(*letter)),
        }
    }

    /// From `from` on the same as `typed`, both to the end; a syllable may be broken off where the query ends.
    fn goes_on(self, from: usize, typed: &[char], broken_off: bool) -> bool {
        let left = self.len().saturating_sub(from);
        let fits = if broken_off { typed.len() <= left } else { typed.len() == left };
        fits && typed.iter().enumerate().all(|(n, c)| self.at(from + n) == Some(*c))
    }

    /// Bits for how many letters of `rest` it uses up with one slip in them.
    fn slips(self, rest: &[char]) -> u64 {
        let len = self.len();
        let mut found = 0;
        for used in len.saturating_sub(1)..=(len + 1).min(rest.len()) {
            if rest.get(..used).is_some_and(|typed| self.is_near(typed, false)) {
                found |= 1 << used;
            }
        }
        // the query ends within the syllable
        if matches!(self, Self::Full(_)) && rest.len() <= len + 1 && self.is_near(rest, true) {
            found |= 1 << rest.len();
        }
        found
    }

    fn is_near(self, typed: &[char], broken_off: bool) -> bool {
        let same = (0..typed.len()).take_while(|n| self.at(*n) == typed.get(*n).copied()).count();
        let after = |n: usize| typed.get(same + n..).unwrap_or_default();
        let wrong = typed.len() > same && self.goes_on(same + 1, after(1), broken_off);
        let missing = self.goes_on(same + 1, after(0), broken_off) && same < self.len();
        let extra = typed.len() > same && self.goes_on(same, after(1), broken_off);
        let crossed = typed.len() > same + 1
            && self.at(same) == typed.get(same + 1).copied()
            && self.at(same + 1) == typed.get(same).copied()
            && self.goes_on(same + 2, after(2), broken_off);
        wrong || missing || extra || crossed
    }
}

impl Reading {
    fn forms(&self) -> impl Iterator<Item = Form<'_>> {
        self.initials().map(Form::Short).chain([Form::Full(self.letters())])
    }
}

impl Char {
    fn forms(&self) -> impl Iterator<Item = Form<'_>> {
        std::iter::once(Form::Char(self.c)).chain(self.readings.iter().flat_map(Reading::forms))
    }

    fn slips(&self, rest: &[char]) -> u64 {
        self.forms().fold(0, |bits, form| bits | form.slips(rest))
    }

    /// Bits for how many letters this character and the next use up together, where the last letter of the one has
    /// changed places with the first of the other.
    fn crosses(&self, next: &Self, rest: &[char]) -> u64 {
        let mut found = 0;
        for one in self.forms() {
            let Some(last) = one.len().checked_sub(1) else { continue };
            let whole = rest.get(..last).is_some_and(|typed| one.goes_on_before(last, typed));
            if !whole || rest.get(last + 1).copied() != one.at(last) {
                continue;
            }
            for other in next.forms().filter(|other| other.at(0) == rest.get(last).copied()) {
                let tail = rest.get(last + 2..).unwrap_or_default();
                let used = tail.len().min(other.len() - 1);
                let broken_off = used == tail.len();
                if tail.get(..used).is_some_and(|typed| other.goes_on(1, typed, broken_off)) {
                    found |= 1 << (last + 2 + used);
                }
            }
        }
        found
    }
}

impl Form<'_> {
    /// The first `len` letters are the same as `typed`.
    fn goes_on_before(self, len: usize, typed: &[char]) -> bool {
        typed.len() == len && typed.iter().enumerate().all(|(n, c)| self.at(n) == Some(*c))
    }
}

impl Word {
    /// Long enough that one slip still says what was meant.
    pub(in super::super) fn may_slip(&self) -> bool {
        let letters = self.chars.iter().filter(|c| c.is_ascii_alphabetic()).count();
        self.chars.len() >= LETTERS || self.chars.len() - letters >= CHARACTERS
    }
}

impl Key {
    /// How well a word matches with one slip in it; `None` when it does not.
    pub(in super::super) fn near(&self, word: &Word) -> Option<u32> {
        if !word.may_slip() || !self.may_be_near(word) {
            return None;
        }
        let start = (0..self.chars.len()).find(|start| self.is_near_from(*start, &word.chars))?;
        let late = u32::try_from(start * 20).unwrap_or(BEST);
        Some(BEST.saturating_sub(late) + self.short())
    }

    /// What one slip can spoil: three neighbourhoods of letters, one Chinese character. More than that is another name,
    /// and nearly every name is sorted out here.
    fn may_be_near(&self, word: &Word) -> bool {
        let strange = |c: &&char| !c.is_ascii() && !self.chars.iter().any(|own| own.c == **c);
        word.chars.iter().filter(strange).count() <= 1 && self.pairs.lacks(&word.chars) <= PAIRS
    }

    /// As `matches_from`, with the places that are reached without a slip and those with one.
    fn is_near_from(&self, start: usize, query: &[char]) -> bool {
        let goal = 1u64 << query.len().min(limit::QUERY_CHARS);
        let (mut clean, mut slipped, mut owed) = (1u64, 0u64, 0u64);
        for (at, one) in self.chars.iter().enumerate().skip(start) {
            let (mut next_clean, mut next_slipped, mut next_owed) = (0, owed, 0);
            for used in bits(clean) {
                let rest = query.get(used..).unwrap_or_default();
                next_clean |= one.uses(rest) << used;
                next_slipped |= one.slips(rest) << used;
                if let Some(next) = self.chars.get(at + 1) {
                    next_owed |= one.crosses(next, rest) << used;
                }
            }
            for used in bits(slipped) {
                next_slipped |= one.uses(query.get(used..).unwrap_or_default()) << used;
            }
            if (next_clean | next_slipped) & goal != 0 {
                return true;
            }
            if next_clean | next_slipped | next_owed == 0 {
                return false;
            }
            (clean, slipped, owed) = (next_clean, next_slipped, next_owed);
        }
        false
    }
}
