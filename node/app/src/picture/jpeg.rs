use super::{Clean, big, little, take};

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const APP1: u8 = 0xe1;
const ORIENTATION: u32 = 0x0112;

/// The file up to its end marker, without comments and application segments but those that say how its colours and its
/// sides are meant. `None` when it is broken or ends too early.
pub(super) fn clean(file: &[u8]) -> Option<Clean> {
    let mut rest = file;
    if take(&mut rest, 2)? != [0xff, SOI] {
        return None;
    }
    let (mut bytes, mut size) = (vec![0xff, SOI], None);
    loop {
        let marker = marker(&mut rest)?;
        if marker == EOI {
            bytes.extend([0xff, EOI]);
            let (width, height) = size?;
            return Some(Clean { width, height, bytes });
        }
        let length = usize::try_from(big(rest, 0, 2)?).ok()?;
        let segment = take(&mut rest, length)?;
        let body = segment.get(2..)?;
        if is_frame(marker) {
            size = Some((big(body, 3, 2)?, big(body, 1, 2)?));
        }
        if marker == APP1 {
            if let Some(turned) = orientation(body) {
                bytes.extend(only_orientation(turned));
            }
        } else if is_kept(marker, body) {
            bytes.extend([0xff, marker]);
            bytes.extend_from_slice(segment);
        }
        if marker == SOS {
            bytes.extend_from_slice(scan(&mut rest)?);
        }
    }
}

/// The next marker, past fill bytes.
fn marker(rest: &mut &[u8]) -> Option<u8> {
    if take(rest, 1)? != [0xff] {
        return None;
    }
    loop {
        match take(rest, 1)? {
            [0xff] => {}
            // no segment begins with these
            [0x00 | 0x01 | 0xd0..=0xd8] => return None,
            [marker] => return Some(*marker),
            _ => return None,
        }
    }
}

/// Start of frame: holds the size.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

fn is_kept(marker: u8, body: &[u8]) -> bool {
    match marker {
        // JFIF without its thumbnail; ICC profile; Adobe's colour transform
        0xe0 => body.starts_with(b"JFIF\0") && body.len() == 14,
        0xe2 => body.starts_with(b"ICC_PROFILE\0"),
        0xee => body.starts_with(b"Adobe"),
        0xe1..=0xfe => false,
        _ => true,
    }
}

/// Compressed data up to the next marker.
fn scan<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let mut pairs = rest.windows(2);
    let end =
        pairs.position(|pair| matches!(pair, [0xff, next] if !matches!(next, 0x00 | 0xd0..=0xd7 | 0xff)))?;
    take(rest, end)
}

/// Which way is up, as EXIF says it: 2 to 8, or nothing to say.
fn orientation(body: &[u8]) -> Option<u8> {
    let tiff = body.strip_prefix(b"Exif\0\0")?;
    let number: fn(&[u8], usize, usize) -> Option<u32> = match tiff.get(..4)? {
        b"MM\0*" => big,
        b"II*\0" => little,
        _ => return None,
    };
    let at = usize::try_from(number(tiff, 4, 4)?).ok()?;
    let count = usize::try_from(number(tiff, at, 2)?).ok()?;
    let entries = (0..count).filter_map(|entry| at.checked_add(2)?.checked_add(entry * 12));
    let found = entries
        .take_while(|entry| *entry < tiff.len())
        .find(|entry| number(tiff, *entry, 2) == Some(ORIENTATION))?;
    let value = u8::try_from(number(tiff, found.checked_add(8)?, 2)?).ok()?;
    (2..=8).contains(&value).then_some(value)
}

/// A segment that says nothing else.
fn only_orientation(value: u8) -> Vec<u8> {
    let mut segment = vec![0xff, APP1, 0, 34];
    segment.extend_from_slice(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend([value, 0, 0, 0, 0, 0, 0]);
    segment
}
