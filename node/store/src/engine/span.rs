use std::ops::Bound;

/// Which way a scan goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest key first.
    Ascending,
    /// Largest key first.
    Descending,
}

/// The keys a scan visits, and in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The lower end.
    pub from: Bound<Vec<u8>>,
    /// The upper end.
    pub to: Bound<Vec<u8>>,
    /// The order of visiting.
    pub direction: Direction,
}

impl Span {
    /// Every key, ascending.
    #[must_use]
    pub const fn all() -> Self {
        Self { from: Bound::Unbounded, to: Bound::Unbounded, direction: Direction::Ascending }
    }

    /// Every key that begins with `prefix`, ascending.
    #[must_use]
    pub fn prefix(prefix: &[u8]) -> Self {
        Self { from: Bound::Included(prefix.to_vec()), to: end_of(prefix), direction: Direction::Ascending }
    }

    /// From one key to another, both included, ascending.
    #[must_use]
    pub fn between(first: &[u8], last: &[u8]) -> Self {
        Self {
            from: Bound::Included(first.to_vec()),
            to: Bound::Included(last.to_vec()),
            direction: Direction::Ascending,
        }
    }

    /// The same keys, largest first.
    #[must_use]
    pub fn descending(mut self) -> Self {
        self.direction = Direction::Descending;
        self
    }

    /// Goes on behind `key`, in the span's direction: pages of a list use the last key they showed. A cursor
    /// from outside the span never widens it.
    #[must_use]
    pub fn after(mut self, key: &[u8]) -> Self {
        match self.direction {
            Direction::Ascending => {
                if starts_below(&self.from, key) {
                    self.from = Bound::Excluded(key.to_vec());
                }
            }
            Direction::Descending => {
                if ends_above(&self.to, key) {
                    self.to = Bound::Excluded(key.to_vec());
                }
            }
        }
        self
    }

    /// Whether no key can lie inside. redb and `BTreeMap` both panic or misbehave on such bounds, so engines ask first.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match (&self.from, &self.to) {
            (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
            (Bound::Included(from), Bound::Included(to)) => from > to,
            (Bound::Included(from) | Bound::Excluded(from), Bound::Included(to) | Bound::Excluded(to)) => {
                from >= to
            }
        }
    }
}

/// The end of the keys that begin with `prefix`: its successor, or none when it is all 0xff.
fn end_of(prefix: &[u8]) -> Bound<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Bound::Excluded(end);
        }
    }
    Bound::Unbounded
}

fn starts_below(from: &Bound<Vec<u8>>, key: &[u8]) -> bool {
    match from {
        Bound::Unbounded => true,
        Bound::Included(start) | Bound::Excluded(start) => start.as_slice() <= key,
    }
}

fn ends_above(to: &Bound<Vec<u8>>, key: &[u8]) -> bool {
    match to {
        Bound::Unbounded => true,
        Bound::Included(end) | Bound::Excluded(end) => end.as_slice() >= key,
    }
}
