use super::Char;

const LETTERS: usize = 26;
const WORDS: usize = (LETTERS * LETTERS).div_ceil(64);

/// Which letters may stand side by side in what is typed for a name.
#[derive(Debug, Clone)]
pub(super) struct Pairs([u64; WORDS]);

fn place(first: char, second: char) -> Option<usize> {
    let number = |c: char| c.is_ascii_lowercase().then(|| usize::from(c as u8 - b'a'));
    Some(number(first)? * LETTERS + number(second)?)
}

impl Pairs {
    pub(super) fn of(chars: &[Char]) -> Self {
        let mut pairs = Self([0; WORDS]);
        let mut ends: Vec<char> = Vec::new();
        for one in chars {
            let mut begins = vec![one.c];
            let mut next_ends = vec![one.c];
            for reading in &one.readings {
                let letters: Vec<char> = reading.letters().iter().map(|b| char::from(*b)).collect();
                letters.iter().zip(letters.iter().skip(1)).for_each(|(a, b)| pairs.add(*a, *b));
                begins.extend(letters.first());
                next_ends.extend(letters.last());
                next_ends.extend(reading.initials().filter_map(|short| short.last().map(|b| char::from(*b))));
            }
            for end in &ends {
                begins.iter().for_each(|begin| pairs.add(*end, *begin));
            }
            ends = next_ends;
        }
        pairs
    }

    fn add(&mut self, first: char, second: char) {
        let Some(place) = place(first, second) else { return };
        if let Some(word) = self.0.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    fn has(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// How many neighbourhoods of letters in `typed` are none here. Others are not counted.
    pub(super) fn lacks(&self, typed: &[char]) -> usize {
        let places = typed.iter().zip(typed.iter().skip(1)).filter_map(|(a, b)| place(*a, *b));
        places.filter(|place| !self.has(*place)).count()
    }
}
