//! A binary range coder: one decision at a time, at the price that its probability deserves. Writing and reading are one
//! type, so that one description of a format serves both ways and cannot disagree with itself.

/// Bits out, or bits in.
pub(super) struct Bits<'a> {
    low: u32,
    high: u32,
    side: Side<'a>,
}

enum Side<'a> {
    Write(Vec<u8>),
    Read { from: &'a [u8], at: usize, code: u32 },
}

impl<'a> Bits<'a> {
    pub(super) fn writer() -> Self {
        Self { low: 0, high: u32::MAX, side: Side::Write(Vec::new()) }
    }

    pub(super) fn reader(from: &'a [u8]) -> Self {
        let mut bits = Self { low: 0, high: u32::MAX, side: Side::Read { from, at: 0, code: 0 } };
        for _ in 0..4 {
            bits.shift();
        }
        bits
    }

    /// Codes one decision whose chance to be a one is `one` of 65,536. Reading, `bit` is not looked at.
    pub(super) fn code(&mut self, one: u32, bit: bool) -> bool {
        let span = u64::from(self.high - self.low);
        let part = u32::try_from((span * u64::from(one.clamp(1, 65_535))) >> 16).unwrap_or(0);
        let middle = self.low + part;
        let bit = match &self.side {
            Side::Write(_) => bit,
            Side::Read { code, .. } => *code <= middle,
        };
        if bit {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
        while (self.low ^ self.high) >> 24 == 0 {
            self.shift();
            self.low <<= 8;
            self.high = (self.high << 8) | 255;
        }
        bit
    }

    /// The byte that is certain now leaves, or the next one comes in; behind the end stand zeros.
    fn shift(&mut self) {
        match &mut self.side {
            Side::Write(out) => out.push(self.high.to_be_bytes()[0]),
            Side::Read { from, at, code } => {
                *code = (*code << 8) | u32::from(from.get(*at).copied().unwrap_or(0));
                *at += 1;
            }
        }
    }

    /// What was written; one more byte names a place within what is left of the range.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.low = self.high;
        self.shift();
        match self.side {
            Side::Write(out) => out,
            Side::Read { .. } => Vec::new(),
        }
    }

    /// Reading: whether just those bytes were read that [`Bits::finish`] gave.
    pub(super) fn is_at_end(&self) -> bool {
        match &self.side {
            Side::Write(_) => true,
            Side::Read { from, at, .. } => *at == from.len() + 3,
        }
    }
}
