use super::{Clean, little, take};

/// Flags of `VP8X`: an EXIF or XMP chunk follows.
const FOLLOWS: u8 = 0x08 | 0x04;

/// The file without EXIF and XMP. `None` when it is broken, moves, or ends too early.
pub(super) fn clean(file: &[u8]) -> Option<Clean> {
    let mut rest = file.get(12..)?;
    let said = usize::try_from(little(file, 4, 4)?).ok()?;
    rest = rest.get(..said.checked_sub(4)?)?;
    let (mut chunks, mut width, mut height) = (Vec::new(), 0, 0);
    while !rest.is_empty() {
        let length = usize::try_from(little(rest, 4, 4)?).ok()?;
        let padded = length.checked_add(8)?.checked_add(length % 2)?;
        let chunk = take(&mut rest, padded)?;
        let (kind, body) = (chunk.get(..4)?, chunk.get(8..length.checked_add(8)?)?);
        let (across, down) = match kind {
            b"VP8X" => (little(body, 4, 3)?.checked_add(1)?, little(body, 7, 3)?.checked_add(1)?),
            b"VP8 " if body.get(3..6)? == [0x9d, 0x01, 0x2a] => {
                (little(body, 6, 2)? & 0x3fff, little(body, 8, 2)? & 0x3fff)
            }
            b"VP8L" if body.first()? == &0x2f => {
                let bits = little(body, 1, 4)?;
                ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)
            }
            b"ALPH" | b"ICCP" => (0, 0),
            b"EXIF" | b"XMP " => continue,
            _ => return None,
        };
        // what draws and what frames it may say different things: the larger one counts against a limit
        (width, height) = (width.max(across), height.max(down));
        let begins = chunks.len();
        chunks.extend_from_slice(chunk);
        if kind == b"VP8X" {
            let flags = chunks.get_mut(begins.checked_add(8)?)?;
            *flags &= !FOLLOWS;
        }
    }
    let whole = u32::try_from(chunks.len().checked_add(4)?).ok()?;
    let bytes = [b"RIFF".as_slice(), &whole.to_le_bytes(), b"WEBP", &chunks].concat();
    Some(Clean { width, height, bytes })
}
