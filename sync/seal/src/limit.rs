//! Limits of sealed values, each with its reason.

/// A cell's text in bytes: a long note of 2,700 Chinese characters.
pub const CELL_TEXT_BYTES: usize = 8 * 1024;
/// A blob in bytes: a photo reduced on the page has at most 300 KiB, and room for a scan twice as fine.
pub const BLOB_BYTES: usize = 1024 * 1024;
/// Version byte and nonce before the ciphertext.
pub(crate) const HEAD_BYTES: usize = 1 + NONCE_BYTES;
/// ChaCha20-Poly1305's nonce.
pub(crate) const NONCE_BYTES: usize = 12;
/// ChaCha20-Poly1305's tag.
pub(crate) const TAG_BYTES: usize = 16;
/// What sealing adds to a cell's text.
pub const CELL_OVERHEAD_BYTES: usize = HEAD_BYTES + TAG_BYTES;
