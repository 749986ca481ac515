//! Matching a typed word against a name: characters, syllables and initials in any mix.

use pinyin::ToPinyinMulti as _;

use crate::limit;

/// A name, made ready: for each character itself and all its readings.
#[derive(Debug, Clone)]
pub(super) struct Key {
    text: String,
    folded: String,
    chars: Vec<(char, Vec<String>)>,
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
fn readings(c: char) -> Vec<String> {
    let Some(all) = c.to_pinyin_multi() else { return Vec::new() };
    let mut out: Vec<String> = Vec::new();
    for one in all {
        let plain = fold(one.plain());
        // 女 is typed nv or nu, 绿 lv or lu
        for form in [plain.replace('v', "u"), plain] {
            if !out.contains(&form) {
                out.push(form);
            }
        }
    }
    out
}

impl Key {
    pub(super) fn of(text: &str) -> Self {
        let folded = fold(text);
        let spoken = |c: &char| c.is_alphanumeric();
        let chars = folded.chars().filter(spoken).map(|c| (c, readings(c))).collect();
        Self { text: text.to_owned(), folded, chars }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How well a folded word matches; `None` when it does not. Whole name over beginning over middle, characters over
    /// pinyin, shorter names over longer ones.
    pub(super) fn score(&self, word: &str) -> Option<u32> {
        let short = u32::try_from(100usize.saturating_sub(self.chars.len())).unwrap_or(0);
        if self.folded == word {
            return Some(5_000 + short);
        }
        if let Some(at) = self.folded.find(word) {
            return Some(if at == 0 { 4_000 } else { 3_000 } + short);
        }
        let query: Vec<char> = word.chars().collect();
        for start in 0..self.chars.len() {
            if let Some(end) = self.matches_from(start, &query) {
                let whole = if start == 0 && end == self.chars.len() { 500 } else { 0 };
                let early = 1_000u32.saturating_sub(u32::try_from(start * 20).unwrap_or(1_000));
                return Some(1_000 + early + whole + short);
            }
        }
        None
    }

    /// Where a match that begins at `start` ends: bit n of `reached` says that n letters of the query are used up.
    fn matches_from(&self, start: usize, query: &[char]) -> Option<usize> {
        let goal = 1u64 << query.len().min(limit::QUERY_CHARS);
        let mut reached = 1u64;
        for (at, (c, readings)) in self.chars.iter().enumerate().skip(start) {
            let mut next = 0u64;
            for used in (0..query.len()).filter(|n| reached >> n & 1 == 1) {
                let rest = query.get(used..).unwrap_or_default();
                if rest.first() == Some(c) {
                    next |= 1 << (used + 1);
                }
                for reading in readings {
                    next |= syllable(reading, rest) << used;
                }
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

/// Bits for how many letters of `rest` this syllable may use up: its initial (`z`, `zh`), itself, or a beginning of it
/// where the query ends there.
fn syllable(reading: &str, rest: &[char]) -> u64 {
    let common = reading.chars().zip(rest).take_while(|(a, b)| a == *b).count();
    let mut bits = 0;
    if common >= 1 {
        bits |= 1 << 1;
    }
    let double = ["zh", "ch", "sh"].iter().any(|d| reading.starts_with(d));
    if common >= 2 && double {
        bits |= 1 << 2;
    }
    if common == reading.len() || common == rest.len() {
        bits |= 1 << common;
    }
    bits
}
