//! Canonical bytes (docs/formats/canon.md): one value, one encoding, so that it can be hashed, signed and stored.
//!
//! This crate never allocates on the word of a declared length, never reads a clock, knows no meaning.
//! Start with [`Writer`] and [`Reader`].

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{Malformed, Reader};
pub use write::Writer;

use sha2::{Digest as _, Sha256};

/// A value with exactly one canonical encoding.
pub trait Canon: Sized {
    /// Appends the value.
    fn write(&self, out: &mut Writer);
    /// Reads the value; the inverse of [`Canon::write`].
    ///
    /// # Errors
    /// [`Malformed`] when the bytes are not the one canonical encoding of a value.
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed>;

    /// The canonical bytes.
    fn to_canon(&self) -> Vec<u8> {
        let mut out = Writer::new();
        self.write(&mut out);
        out.into_bytes()
    }

    /// Reads exactly one value; trailing bytes are refused.
    ///
    /// # Errors
    /// [`Malformed`] as [`Canon::read`], or when bytes are left over.
    fn from_canon(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let value = Self::read(&mut reader)?;
        reader.end()?;
        Ok(value)
    }
}

/// SHA-256 over the tag and what `fields` writes.
#[must_use]
pub fn hash(tag: &str, fields: impl FnOnce(&mut Writer)) -> [u8; 32] {
    Sha256::digest(tagged(tag, fields)).into()
}

/// The bytes that a signature or hash under `tag` covers.
#[must_use]
pub fn tagged(tag: &str, fields: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut out = Writer::new();
    out.str("bianmin/1").str(tag);
    fields(&mut out);
    out.into_bytes()
}

/// Plain SHA-256, for bytes that are already a canonical encoding.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
