//! What a file is that somebody hands in as a photo: told by its first bytes, never by its name, and without what does
//! not draw. No image is decoded here (docs/formats/blob.md says why).
//!
//! Never trusts a length that a file states, and never makes more memory than the file has bytes.

mod jpeg;
mod png;
#[cfg(test)]
mod tests;
mod webp;

use crate::limit::{PICTURE_PIXELS, PICTURE_SIDE};

/// Kinds of images that every browser draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

impl Media {
    /// The media type of an answer that carries it.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// How a file of it ends.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }

    /// By the first bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(png::SIGNATURE) {
            Some(Self::Png)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP".as_slice()) {
            Some(Self::Webp)
        } else {
            None
        }
    }
}

/// An image with nothing in it but what draws. `Debug` tells its size alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it is.
    pub media: Media,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The file, without position, device, time, comments.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({:?}, {}×{}, {} bytes)", self.media, self.width, self.height, self.bytes.len())
    }
}

/// Why a file is not taken for a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    /// No image, or of a kind that browsers do not draw.
    #[error("no image of a known kind")]
    Unknown,
    /// It begins as an image and does not go on as one, or ends too early.
    #[error("a broken image")]
    Broken,
    /// More bytes than are taken.
    #[error("too many bytes")]
    TooLarge,
    /// More pixels than are taken.
    #[error("too many pixels")]
    TooWide,
}

impl Picture {
    /// Reads a file of at most `most` bytes.
    ///
    /// # Errors
    /// [`PictureFault`].
    pub fn read(file: &[u8], most: usize) -> Result<Self, PictureFault> {
        let media = Media::of(file).ok_or(PictureFault::Unknown)?;
        if file.len() > most {
            return Err(PictureFault::TooLarge);
        }
        let clean = match media {
            Media::Jpeg => jpeg::clean(file),
            Media::Png => png::clean(file),
            Media::Webp => webp::clean(file),
        };
        let Clean { width, height, bytes } = clean.ok_or(PictureFault::Broken)?;
        if width == 0 || height == 0 {
            return Err(PictureFault::Broken);
        }
        let pixels = u64::from(width).saturating_mul(u64::from(height));
        if width > PICTURE_SIDE || height > PICTURE_SIDE || pixels > PICTURE_PIXELS {
            return Err(PictureFault::TooWide);
        }
        Ok(Self { media, width, height, bytes })
    }
}

/// What is left of a file.
struct Clean {
    width: u32,
    height: u32,
    bytes: Vec<u8>,
}

/// Takes bytes from the front.
fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (front, back) = rest.split_at_checked(count)?;
    *rest = back;
    Some(front)
}

/// A big-endian number at a place.
fn big(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let part = bytes.get(at..at.checked_add(count)?)?;
    Some(part.iter().fold(0, |number, byte| (number << 8) | u32::from(*byte)))
}

/// A little-endian number at a place.
fn little(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let part = bytes.get(at..at.checked_add(count)?)?;
    Some(part.iter().rev().fold(0, |number, byte| (number << 8) | u32::from(*byte)))
}
