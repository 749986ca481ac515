use crate::Canon;

/// Bytes that are not the canonical encoding of what was asked for. The text names what was being read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("malformed {what} at byte {at}")]
pub struct Malformed {
    /// What was being read.
    pub what: &'static str,
    /// How far into the input.
    pub at: usize,
}

/// Reads canonical values from the front of a byte string.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads from the start of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { all: bytes, at: 0 }
    }

    /// The error for a value that is well encoded but means nothing.
    #[must_use]
    pub fn malformed(&self, what: &'static str) -> Malformed {
        Malformed { what, at: self.at }
    }

    /// How far reading has come, in bytes from the start.
    #[must_use]
    pub fn position(&self) -> usize {
        self.at
    }

    /// Bytes not read yet.
    #[must_use]
    pub fn remaining(&self) -> &'a [u8] {
        self.all.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, count: usize, what: &'static str) -> Result<&'a [u8], Malformed> {
        let slice = self.remaining().get(..count).ok_or_else(|| self.malformed(what))?;
        self.at += count;
        Ok(slice)
    }

    /// One byte.
    ///
    /// # Errors
    /// At the end of the input.
    pub fn u8(&mut self) -> Result<u8, Malformed> {
        match self.take(1, "u8")? {
            [byte] => Ok(*byte),
            _ => Err(self.malformed("u8")),
        }
    }

    /// LEB128 in its shortest form.
    ///
    /// # Errors
    /// At the end of the input, over 64 bits, or in a longer form than needed.
    pub fn u64(&mut self) -> Result<u64, Malformed> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(self.malformed("u64 over 64 bits"));
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return if byte == 0 && shift > 0 {
                    Err(self.malformed("u64 not shortest"))
                } else {
                    Ok(value)
                };
            }
        }
        Err(self.malformed("u64 too long"))
    }

    /// Zigzag of [`Reader::u64`].
    ///
    /// # Errors
    /// As [`Reader::u64`].
    #[allow(clippy::cast_possible_wrap)] // zigzag is a bijection
    pub fn i64(&mut self) -> Result<i64, Malformed> {
        let raw = self.u64()?;
        Ok(((raw >> 1) as i64) ^ -((raw & 1) as i64))
    }

    /// One byte, 0 or 1.
    ///
    /// # Errors
    /// At the end of the input or for any other byte.
    pub fn bool(&mut self) -> Result<bool, Malformed> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.malformed("bool")),
        }
    }

    /// A count of things that take at least one byte each, at most `limit`.
    ///
    /// # Errors
    /// Over the limit, or more than could stand in what is left.
    pub fn count(&mut self, limit: usize) -> Result<usize, Malformed> {
        let declared = self.u64()?;
        match usize::try_from(declared) {
            Ok(count) if count <= limit && count <= self.remaining().len() => Ok(count),
            _ => Err(self.malformed("count")),
        }
    }

    /// Length, then that many bytes, at most `limit`.
    ///
    /// # Errors
    /// Over the limit or past the end.
    pub fn bytes(&mut self, limit: usize) -> Result<&'a [u8], Malformed> {
        let count = self.count(limit)?;
        self.take(count, "bytes")
    }

    /// Length, then UTF-8 of at most `limit` bytes.
    ///
    /// # Errors
    /// As [`Reader::bytes`], or when it is not UTF-8.
    pub fn str(&mut self, limit: usize) -> Result<&'a str, Malformed> {
        let bytes = self.bytes(limit)?;
        std::str::from_utf8(bytes).map_err(|_| self.malformed("str"))
    }

    /// Exactly N bytes.
    ///
    /// # Errors
    /// Past the end.
    pub fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let slice = self.take(N, "fixed bytes")?;
        slice.try_into().map_err(|_| self.malformed("fixed bytes"))
    }

    /// Another value.
    ///
    /// # Errors
    /// As the value's own reader.
    pub fn value<T: Canon>(&mut self) -> Result<T, Malformed> {
        T::read(self)
    }

    /// Byte 0, or byte 1 and a value.
    ///
    /// # Errors
    /// As the value's own reader, or for any other first byte.
    pub fn option<T: Canon>(&mut self) -> Result<Option<T>, Malformed> {
        Ok(if self.bool()? { Some(T::read(self)?) } else { None })
    }

    /// Count, then at most `limit` items.
    ///
    /// # Errors
    /// As the items' own reader, or over the limit.
    pub fn list<T: Canon>(&mut self, limit: usize) -> Result<Vec<T>, Malformed> {
        let count = self.count(limit)?;
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(T::read(self)?);
        }
        Ok(items)
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// When bytes are left over.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.remaining().is_empty() { Ok(()) } else { Err(self.malformed("end: bytes left over")) }
    }
}
