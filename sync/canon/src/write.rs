use crate::Canon;

/// Appends canonical values to a byte string.
#[derive(Debug, Default, Clone)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// An empty writer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// LEB128, shortest form.
    #[allow(clippy::cast_possible_truncation)] // masked to seven bits
    pub fn u64(&mut self, mut value: u64) -> &mut Self {
        while value >= 0x80 {
            self.bytes.push((value as u8 & 0x7f) | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
        self
    }

    /// Zigzag, then as [`Writer::u64`].
    #[allow(clippy::cast_sign_loss)] // zigzag is a bijection
    pub fn i64(&mut self, value: i64) -> &mut Self {
        self.u64(((value << 1) ^ (value >> 63)) as u64)
    }

    /// One byte.
    pub fn u8(&mut self, value: u8) -> &mut Self {
        self.bytes.push(value);
        self
    }

    /// One byte, 0 or 1.
    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.u8(u8::from(value))
    }

    /// Length, then the bytes.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.u64(value.len() as u64);
        self.fixed(value)
    }

    /// Length, then UTF-8.
    pub fn str(&mut self, value: &str) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    /// The bytes alone: the format fixes how many.
    pub fn fixed(&mut self, value: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(value);
        self
    }

    /// Another value.
    pub fn value<T: Canon>(&mut self, value: &T) -> &mut Self {
        value.write(self);
        self
    }

    /// Byte 0, or byte 1 and the value.
    pub fn option<T: Canon>(&mut self, value: Option<&T>) -> &mut Self {
        self.bool(value.is_some());
        if let Some(value) = value {
            value.write(self);
        }
        self
    }

    /// Count, then the items.
    pub fn list<T: Canon>(&mut self, items: &[T]) -> &mut Self {
        self.u64(items.len() as u64);
        for item in items {
            item.write(self);
        }
        self
    }

    /// How many bytes so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Nothing yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// What has been written so far.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What has been written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
