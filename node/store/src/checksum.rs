//! The checksum that every stored value carries: redb verifies its pages when it opens a file, but not when it reads.

use crate::engine::{EngineError, Table};

const CHECKSUM_BYTES: usize = 4;

/// What is stored for `body` under `key`: body, then CRC-32C of key and body, little-endian. The key is covered so
/// that a value which turns up under another key is seen.
pub(crate) fn protect(key: &[u8], body: &[u8]) -> Vec<u8> {
    let mut stored = Vec::with_capacity(body.len() + CHECKSUM_BYTES);
    stored.extend_from_slice(body);
    stored.extend_from_slice(&checksum(key, body).to_le_bytes());
    stored
}

/// The body of what is stored under `key`.
pub(crate) fn verify<'s>(table: Table, key: &[u8], stored: &'s [u8]) -> Result<&'s [u8], EngineError> {
    match stored.split_last_chunk::<CHECKSUM_BYTES>() {
        Some((body, sum)) if checksum(key, body) == u32::from_le_bytes(*sum) => Ok(body),
        Some(_) | None => Err(EngineError::Damaged { table }),
    }
}

fn checksum(key: &[u8], body: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(key), body)
}
