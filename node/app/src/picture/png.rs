use super::{Clean, big, take};

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Chunks that draw. Text, time, EXIF and what nobody knows are left out.
const KEPT: [&[u8]; 10] =
    [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs"];

/// The file up to its last chunk, only with what draws. `None` when it is broken or ends too early.
pub(super) fn clean(file: &[u8]) -> Option<Clean> {
    let mut rest = file.strip_prefix(SIGNATURE)?;
    let (mut bytes, mut size) = (SIGNATURE.to_vec(), None);
    loop {
        let length = usize::try_from(big(rest, 0, 4)?).ok()?;
        let chunk = take(&mut rest, length.checked_add(12)?)?;
        let kind = chunk.get(4..8)?;
        if size.is_none() {
            // the first chunk is the header, or it is no PNG
            if kind != b"IHDR" || length != 13 {
                return None;
            }
            size = Some((big(chunk, 8, 4)?, big(chunk, 12, 4)?));
        }
        if KEPT.contains(&kind) {
            bytes.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            let (width, height) = size?;
            return Some(Clean { width, height, bytes });
        }
    }
}
