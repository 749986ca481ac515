//! Automerge's column encodings, read one row at a time: a run of 2^60 equal rows costs what is read of it.

use super::cursor::Cursor;
use crate::guard::ContentFault;

/// What a run-length column holds.
pub(crate) trait Cell<'a>: Clone {
    fn read(from: &mut Cursor<'a>) -> Result<Self, ContentFault>;
}

impl<'a> Cell<'a> for u64 {
    fn read(from: &mut Cursor<'a>) -> Result<Self, ContentFault> {
        from.u64()
    }
}

impl<'a> Cell<'a> for i64 {
    fn read(from: &mut Cursor<'a>) -> Result<Self, ContentFault> {
        from.i64()
    }
}

impl<'a> Cell<'a> for &'a str {
    fn read(from: &mut Cursor<'a>) -> Result<Self, ContentFault> {
        from.str()
    }
}

#[derive(Debug, Clone)]
enum Run<T> {
    Null,
    Same(T),
    Literal,
}

/// A run-length column: positive count = run of one value, negative = that many literals, zero = nulls.
#[derive(Debug, Clone)]
pub(crate) struct Rle<'a, T> {
    from: Cursor<'a>,
    absent: bool,
    left: u64,
    run: Run<T>,
}

impl<'a, T: Cell<'a>> Rle<'a, T> {
    pub(crate) fn new(column: &'a [u8]) -> Self {
        Self { from: Cursor::new(column), absent: column.is_empty(), left: 0, run: Run::Null }
    }

    /// Whether every row has been read; true for a column that isn't there.
    pub(crate) fn is_done(&self) -> bool {
        self.left == 0 && self.from.is_empty()
    }

    /// The next row. A column that isn't there is null for ever, one that is there must reach to the last row.
    pub(crate) fn next(&mut self) -> Result<Option<T>, ContentFault> {
        if self.absent {
            return Ok(None);
        }
        if self.left == 0 {
            let count = self.from.i64()?;
            (self.left, self.run) = match count {
                0 => (self.from.u64()?, Run::Null),
                1.. => (count.unsigned_abs(), Run::Same(T::read(&mut self.from)?)),
                _ => (count.unsigned_abs(), Run::Literal),
            };
            if self.left == 0 {
                return Err(ContentFault::Malformed("empty run"));
            }
        }
        self.left -= 1;
        Ok(match &self.run {
            Run::Null => None,
            Run::Same(value) => Some(value.clone()),
            Run::Literal => Some(T::read(&mut self.from)?),
        })
    }
}

/// A run-length column of differences.
#[derive(Debug, Clone)]
pub(crate) struct Delta<'a> {
    rle: Rle<'a, i64>,
    value: i64,
}

impl<'a> Delta<'a> {
    pub(crate) fn new(column: &'a [u8]) -> Self {
        Self { rle: Rle::new(column), value: 0 }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.rle.is_done()
    }

    pub(crate) fn next(&mut self) -> Result<Option<u64>, ContentFault> {
        let Some(step) = self.rle.next()? else { return Ok(None) };
        self.value = self.value.checked_add(step).ok_or(ContentFault::Malformed("counter"))?;
        u64::try_from(self.value).map(Some).map_err(|_| ContentFault::Malformed("counter"))
    }
}

/// A column of yes and no: lengths of alternating runs, the first of them "no".
#[derive(Debug, Clone)]
pub(crate) struct Flags<'a> {
    from: Cursor<'a>,
    left: u64,
    value: bool,
    first: bool,
}

impl<'a> Flags<'a> {
    pub(crate) fn new(column: &'a [u8]) -> Self {
        Self { from: Cursor::new(column), left: 0, value: true, first: true }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.left == 0 && self.from.is_empty()
    }

    pub(crate) fn next(&mut self) -> Result<bool, ContentFault> {
        while self.left == 0 {
            self.left = self.from.u64()?;
            if self.left == 0 && !self.first {
                return Err(ContentFault::Malformed("empty run"));
            }
            self.value = !self.value;
            self.first = false;
        }
        self.left -= 1;
        Ok(self.value)
    }
}
