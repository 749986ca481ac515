use super::{BuildFault, SegmentHeader};
use crate::{Entry, Pressed, limit};
use canon::{Canon as _, Malformed, Reader, Writer};
use std::io::Read as _;
use zstd::zstd_safe::CParameter;

/// How a payload is compressed. A number unknown to this version is kept, so that the header can be read and refused by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Codec(pub u8);

/// Why an opened payload is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadFault {
    /// Compressed in a way this version does not know.
    #[error("codec {0} is unknown to this box")]
    Codec(u8),
    /// The header declares more than the limits allow.
    #[error("the header declares more than a segment may hold")]
    Declared,
    /// It does not inflate, or not to what the header declares.
    #[error("the payload does not inflate to the declared length")]
    Length,
    /// What it inflates to is not the declared number of entries.
    #[error(transparent)]
    Entries(#[from] Malformed),
}

impl Codec {
    /// As it is.
    pub const RAW: Self = Self(0);
    /// zstd, one frame without size and checksum (the header has both).
    pub const ZSTD: Self = Self(1);
    /// Pressed by what stands in the entries: [`crate::Context::press`]. From protocol version 3 on.
    pub const PRESSED: Self = Self(3);
}

/// The payload in the form that takes fewer bytes. Pressing learns from what it has pressed, so it is long stretches that
/// gain; they are not packed a second time to see it.
pub(super) fn shorter(
    entries: &[Entry],
    level: i32,
    pressed: Option<Pressed>,
) -> Result<(Codec, u64, Vec<u8>), BuildFault> {
    let Some(pressed) = pressed else { return pack(entries, level) };
    let plain: usize = entries.iter().map(|entry| entry.to_canon().len()).sum();
    if plain <= limit::COMPARED_BYTES {
        let packed = pack(entries, level)?;
        if packed.2.len() <= pressed.bytes.len() {
            return Ok(packed);
        }
    }
    Ok((Codec::PRESSED, pressed.inflated as u64, pressed.bytes))
}

pub(super) fn pack(entries: &[Entry], level: i32) -> Result<(Codec, u64, Vec<u8>), BuildFault> {
    let mut out = Writer::new();
    out.list(entries);
    let plain = out.into_bytes();
    if plain.len() > limit::SEGMENT_INFLATED_BYTES {
        return Err(BuildFault::TooLong);
    }
    let inflated = plain.len() as u64;
    match compress(&plain, level) {
        Some(packed) if packed.len() < plain.len() => Ok((Codec::ZSTD, inflated, packed)),
        _ => Ok((Codec::RAW, inflated, plain)),
    }
}

fn compress(plain: &[u8], level: i32) -> Option<Vec<u8>> {
    let mut compressor = zstd::bulk::Compressor::new(level).ok()?;
    for parameter in
        [CParameter::ContentSizeFlag(false), CParameter::ChecksumFlag(false), CParameter::DictIdFlag(false)]
    {
        compressor.set_parameter(parameter).ok()?;
    }
    compressor.compress(plain).ok()
}

pub(super) fn unpack(header: &SegmentHeader, opened: &[u8]) -> Result<Vec<Entry>, PayloadFault> {
    let inflated = usize::try_from(header.inflated).map_err(|_| PayloadFault::Declared)?;
    let count = usize::try_from(header.count).map_err(|_| PayloadFault::Declared)?;
    if inflated > limit::SEGMENT_INFLATED_BYTES || count > limit::SEGMENT_ENTRIES {
        return Err(PayloadFault::Declared);
    }
    let plain = match header.codec {
        Codec::RAW if opened.len() == inflated => opened.to_vec(),
        Codec::RAW => return Err(PayloadFault::Length),
        Codec::ZSTD => inflate(opened, inflated).ok_or(PayloadFault::Length)?,
        Codec(other) => return Err(PayloadFault::Codec(other)),
    };
    let mut reader = Reader::new(&plain);
    let entries: Vec<Entry> = reader.list(limit::SEGMENT_ENTRIES)?;
    reader.end()?;
    if entries.len() == count { Ok(entries) } else { Err(reader.malformed("count of entries").into()) }
}

/// Inflates one frame that must come to exactly `length` bytes and leave nothing over. Memory follows what really comes
/// out, up to one byte more than `length`, and the window, which is bounded.
fn inflate(packed: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(packed).ok()?.single_frame();
    decoder.window_log_max(limit::ZSTD_WINDOW_LOG).ok()?;
    let mut plain = Vec::new();
    let allowed = u64::try_from(length).ok()?.checked_add(1)?;
    decoder.by_ref().take(allowed).read_to_end(&mut plain).ok()?;
    (plain.len() == length && decoder.into_inner().is_empty()).then_some(plain)
}

/// How many entries a pressed payload may give, and what may come out of it, when the header declares no more than is
/// allowed.
pub(super) fn declared(header: &SegmentHeader) -> Option<(usize, usize)> {
    let inflated =
        usize::try_from(header.inflated).ok().filter(|most| *most <= limit::PRESSED_INFLATED_BYTES)?;
    let count = usize::try_from(header.count).ok().filter(|most| *most <= limit::SEGMENT_ENTRIES)?;
    Some((count, inflated))
}
