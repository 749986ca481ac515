//! Files as they are handed in. Their frame is a JPEG's; no decoder would draw them, and none is asked to.

/// A JPEG of so many pixels, with words in its compressed data.
#[must_use]
pub fn jpeg(width: u16, height: u16, words: &str) -> Vec<u8> {
    let ([w1, w2], [h1, h2]) = (width.to_be_bytes(), height.to_be_bytes());
    let frame = [0xff, 0xc0, 0, 11, 8, h1, h2, w1, w2, 1, 1, 0x11, 0];
    let scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];
    [&[0xff, 0xd8], &frame[..], &scan, words.as_bytes(), &[0xff, 0xd9]].concat()
}
