//! What a page was drawn with, so that a draft open in two windows is merged field by field and neither window takes
//! back in silence what the other saved.

use std::collections::BTreeMap;
use std::fmt;

use crate::limit;

/// Four bytes of a digest of a field's name and text: enough to tell an old text from a new one. They stand only in the
/// page that shows the very text.
type Mark = [u8; 4];

/// The fields a page was drawn with, each by a digest. A field that is not named was empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Seen(BTreeMap<String, Option<Mark>>);

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Seen({})", self.0.len())
    }
}

fn mark(name: &str, text: &str) -> Mark {
    let hash = canon::hash("draft field as drawn", |out| {
        out.str(name).str(text);
    });
    hash.first_chunk().copied().unwrap_or_default()
}

impl Seen {
    /// Of the fields as they are kept.
    pub fn of<'a>(kept: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let filled = kept.into_iter().filter(|(_, text)| !text.is_empty());
        Self(filled.map(|(name, text)| (name.to_owned(), Some(mark(name, text)))).collect())
    }

    /// Reads what [`fmt::Display`] wrote: `name:digest` with blanks between. `name:*` is a field whose save by this very
    /// window is under way, so that nobody knows what stands in it. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let one = |part: &str| {
            let (name, mark) = part.rsplit_once(':')?;
            let mark =
                if mark == "*" { None } else { Some(u32::from_str_radix(mark, 16).ok()?.to_be_bytes()) };
            Some((name.to_owned(), mark))
        };
        let all: Option<BTreeMap<_, _>> = text.split_whitespace().map(one).collect();
        all.filter(|all| all.len() <= limit::SAVE_NAMES).map(Self)
    }

    /// Whether the page was drawn with this text, so that a page which sends it has left the field alone.
    #[must_use]
    pub fn left(&self, name: &str, text: &str) -> bool {
        match self.0.get(name) {
            Some(Some(drawn)) => *drawn == mark(name, text),
            Some(None) => false,
            None => text.is_empty(),
        }
    }

    /// Whether what is kept is what the page was drawn with, as far as anybody knows.
    pub(super) fn stands(&self, name: &str, kept: &str) -> bool {
        matches!(self.0.get(name), Some(None)) || self.left(name, kept)
    }

    /// The fields that were not empty.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (name, mark)) in self.0.iter().enumerate() {
            let gap = if place == 0 { "" } else { " " };
            match mark {
                Some(mark) => write!(f, "{gap}{name}:{:08x}", u32::from_be_bytes(*mark))?,
                None => write!(f, "{gap}{name}:*")?,
            }
        }
        Ok(())
    }
}
