//! Reading Automerge's numbers: LEB128 in its shortest form only, because a longer one would not survive
//! `load(save())` with the same hash.

use crate::guard::ContentFault;

/// Reads from the front of a byte string and knows how far it has come.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) fn position(&self) -> usize {
        self.at
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(crate) fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], ContentFault> {
        let end = self.at.checked_add(count).ok_or(ContentFault::Malformed("length"))?;
        let slice = self.bytes.get(self.at..end).ok_or(ContentFault::Malformed("truncated"))?;
        self.at = end;
        Ok(slice)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], ContentFault> {
        self.take(N)?.try_into().map_err(|_| ContentFault::Malformed("truncated"))
    }

    fn byte(&mut self) -> Result<u8, ContentFault> {
        let byte = self.bytes.get(self.at).copied().ok_or(ContentFault::Malformed("truncated"))?;
        self.at += 1;
        Ok(byte)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, ContentFault> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(ContentFault::Malformed("number over 64 bits"));
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                if byte == 0 && shift > 0 {
                    return Err(ContentFault::Malformed("number not shortest"));
                }
                return Ok(value);
            }
        }
        Err(ContentFault::Malformed("number too long"))
    }

    pub(crate) fn i64(&mut self) -> Result<i64, ContentFault> {
        let mut value = 0i64;
        let mut before = 0u8;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = i64::from(byte & 0x7f);
            if shift == 63 && !matches!(byte, 0 | 0x7f) {
                return Err(ContentFault::Malformed("signed number over 64 bits"));
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                let sign = byte & 0x40 != 0;
                if shift > 0 && ((byte == 0 && before & 0x40 == 0) || (byte == 0x7f && before & 0x40 != 0)) {
                    return Err(ContentFault::Malformed("signed number not shortest"));
                }
                if sign && shift + 7 < 64 {
                    value |= -1i64 << (shift + 7);
                }
                return Ok(value);
            }
            before = byte;
        }
        Err(ContentFault::Malformed("signed number too long"))
    }

    /// A number that counts things of at least `each` bytes, at most `limit` of them.
    pub(crate) fn count(&mut self, each: usize, limit: usize) -> Result<usize, ContentFault> {
        let declared = self.u64()?;
        match usize::try_from(declared) {
            Ok(count) if count <= limit && count.saturating_mul(each) <= self.left() => Ok(count),
            _ => Err(ContentFault::Malformed("count")),
        }
    }

    pub(crate) fn str(&mut self) -> Result<&'a str, ContentFault> {
        let count = self.count(1, usize::MAX)?;
        std::str::from_utf8(self.take(count)?).map_err(|_| ContentFault::Malformed("utf-8"))
    }
}
