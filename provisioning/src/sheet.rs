//! The recovery sheet: what must outlive the laptop, printed on paper and kept in the township's safe. A key stands in
//! four rows of 16 hex digits, each with two check digits, so that a slip in typing names its row.

use data_encoding::HEXUPPER;
use zeroize::Zeroizing;

const ROWS: usize = 4;
const ROW_BYTES: usize = 8;

/// Why typed rows are no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SheetFault {
    /// More or fewer rows than a key has.
    #[error("应当正好是 4 行，每行 16 位加 2 位校验")]
    Rows,
    /// The check digits of this row (from 1) don't fit.
    #[error("第 {0} 行有字打错了，请对照恢复单重新输入这一行")]
    Row(usize),
}

/// The four rows of a key.
#[must_use]
pub fn rows(key: &[u8; 32]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::new());
    for (at, bytes) in key.chunks(ROW_BYTES).enumerate() {
        for pair in bytes.chunks(2) {
            text.push_str(&HEXUPPER.encode(pair));
            text.push(' ');
        }
        text.push_str("- ");
        text.push_str(&HEXUPPER.encode(&[check(at, bytes)]));
        text.push('\n');
    }
    text
}

/// Reads the rows back; spaces, dashes and case don't matter, empty lines neither.
///
/// # Errors
/// [`SheetFault`] names the row that was mistyped.
pub fn read(text: &str) -> Result<Zeroizing<[u8; 32]>, SheetFault> {
    let mut key = Zeroizing::new([0; 32]);
    let mut count = 0;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let digits: Zeroizing<String> = Zeroizing::new(
            line.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect(),
        );
        let decoded = HEXUPPER.decode(digits.as_bytes()).map_err(|_| SheetFault::Row(count + 1))?;
        let place = key.chunks_mut(ROW_BYTES).nth(count).filter(|_| count < ROWS).ok_or(SheetFault::Rows)?;
        match decoded.split_last() {
            Some((sum, bytes)) if bytes.len() == ROW_BYTES && *sum == check(count, bytes) => {
                place.copy_from_slice(bytes);
            }
            _ => return Err(SheetFault::Row(count + 1)),
        }
        count += 1;
    }
    if count == ROWS { Ok(key) } else { Err(SheetFault::Rows) }
}

fn check(row: usize, bytes: &[u8]) -> u8 {
    let hash = canon::hash("sheet", |w| {
        w.u64(row as u64).fixed(bytes);
    });
    let [first, ..] = hash;
    first
}
