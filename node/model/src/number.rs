//! Case numbers, `SSSS-YYYY-EEEE-CCCC-K`: minted offline, never twice (design.md, “Documents”).
//!
//! Station number, year, four Crockford base-32 characters of the writer epoch, a counter that never resets, and the
//! ISO 7064 MOD 37,36 check character. People read them over the phone, so reading is tolerant and the check exact.

#[cfg(test)]
mod tests;

use std::fmt;

use crate::person::half_width;

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The station number of every case of a 演练, at whatever box: no station has it, so nobody takes such a number for a real
/// one (docs/decisions/0014).
pub const DRILL: u16 = 9999;

const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A case number whose check character is right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseNumber {
    station: u16,
    year: u16,
    tag: [u8; 4],
    counter: u64,
}

/// What is wrong with a typed number, to be shown as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberFault {
    /// Too short, too long or odd characters.
    #[error("办件编号应像 2308-2026-K7QM-0352-P，请照通知书重填。")]
    Shape,
    /// The check character does not match.
    #[error("办件编号最后一位对不上，多半是有一位看错了，请照通知书逐位核对。")]
    Check,
}

impl CaseNumber {
    /// Makes the number of a new case.
    ///
    /// # Errors
    /// [`NumberFault::Shape`] when the station or year has more than four digits, or the counter is 0.
    pub fn mint(station: u16, year: i16, epoch: [u8; 8], counter: u64) -> Result<Self, NumberFault> {
        let year = u16::try_from(year).map_err(|_| NumberFault::Shape)?;
        if station > 9999 || !(1..=9999).contains(&year) || counter == 0 || counter > 9_999_999_999 {
            return Err(NumberFault::Shape);
        }
        Ok(Self { station, year, tag: tag(epoch), counter })
    }

    /// Reads what a person typed: any case, dashes and spaces where they like, full-width characters as a Chinese
    /// keyboard gives them, O for 0 and I or L for 1.
    ///
    /// # Errors
    /// [`NumberFault`], never with the text in it.
    pub fn parse(text: &str) -> Result<Self, NumberFault> {
        let bytes: Vec<u8> = text
            .chars()
            .map(half_width)
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '—' | '–'))
            .map(|c| u8::try_from(c.to_ascii_uppercase()).unwrap_or(b'?'))
            .collect();
        let (check, body) = bytes.split_last().ok_or(NumberFault::Shape)?;
        if !(16..=22).contains(&body.len()) || !check.is_ascii_alphanumeric() {
            return Err(NumberFault::Shape);
        }
        let body: Vec<u8> = body.iter().map(|b| likely(*b)).collect();
        let number = Self::read(&body).ok_or(NumberFault::Shape)?;
        // the check character itself is taken as it stands: taking O for 0 there would let slips through
        if *check == number.check() { Ok(number) } else { Err(NumberFault::Check) }
    }

    fn read(body: &[u8]) -> Option<Self> {
        let digits = |from: usize, to: usize| -> Option<u64> {
            let part = body.get(from..to)?;
            part.iter().all(u8::is_ascii_digit).then_some(())?;
            std::str::from_utf8(part).ok()?.parse().ok()
        };
        let tag: [u8; 4] = body.get(8..12)?.try_into().ok()?;
        tag.iter().all(|b| CROCKFORD.contains(b)).then_some(())?;
        let counter = digits(12, body.len())?;
        // a longer counter has no leading zero, else one case could be written two ways
        (counter > 0 && (body.len() == 16 || counter > 9999)).then_some(())?;
        let number = Self {
            station: u16::try_from(digits(0, 4)?).ok()?,
            year: u16::try_from(digits(4, 8)?).ok()?,
            tag,
            counter,
        };
        (number.body() == body).then_some(number)
    }

    fn body(&self) -> Vec<u8> {
        let tag = String::from_utf8_lossy(&self.tag);
        format!("{:04}{:04}{tag}{:04}", self.station, self.year, self.counter).into_bytes()
    }

    /// The check character over everything before it, ISO 7064 MOD 37,36.
    fn check(&self) -> u8 {
        check_char(&self.body())
    }

    /// The station that minted it.
    #[must_use]
    pub fn station(&self) -> u16 {
        self.station
    }

    /// Whether it belongs to a 演练.
    #[must_use]
    pub fn is_drill(&self) -> bool {
        self.station == DRILL
    }

    /// The year it was minted in.
    #[must_use]
    pub fn year(&self) -> u16 {
        self.year
    }

    /// The four characters of the writer epoch.
    #[must_use]
    pub fn tag(&self) -> &str {
        std::str::from_utf8(&self.tag).unwrap_or("")
    }

    /// The running counter.
    #[must_use]
    pub fn counter(&self) -> u64 {
        self.counter
    }

    /// `0344-A`: enough to tell neighbours in a list apart.
    #[must_use]
    pub fn short(&self) -> String {
        format!("{:04}-{}", self.counter, char::from(self.check()))
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tag, check) = (self.tag(), char::from(self.check()));
        write!(f, "{:04}-{:04}-{tag}-{:04}-{check}", self.station, self.year, self.counter)
    }
}

fn check_char(body: &[u8]) -> u8 {
    let mut product = 36;
    for byte in body {
        let value = ALPHABET.iter().position(|b| b == byte).unwrap_or(0);
        let sum = (product + value) % 36;
        product = if sum == 0 { 36 } else { sum } * 2 % 37;
    }
    ALPHABET.get((37 - product) % 36).copied().unwrap_or(b'0')
}

/// The tag of an epoch: its first 20 bits.
#[must_use]
pub fn tag(epoch: [u8; 8]) -> [u8; 4] {
    let [a, b, c, ..] = epoch.map(u32::from);
    let bits = (a << 12) | (b << 4) | (c >> 4);
    [15, 10, 5, 0].map(|shift| CROCKFORD.get((bits >> shift & 31) as usize).copied().unwrap_or(b'0'))
}

fn likely(byte: u8) -> u8 {
    match byte {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    }
}

/// Makes a query code of six digits from a random number.
#[must_use]
pub fn query_code(random: u64) -> String {
    format!("{:06}", random % 1_000_000)
}

/// Reads a typed query code: six digits, spaces and full-width digits forgiven.
#[must_use]
pub fn parse_query_code(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
    (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}
