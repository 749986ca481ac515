use std::fmt;

use jiff::civil::Date;

use super::tidy_code;

/// A resident id number that passed every check of GB 11643-1999. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdNumber {
    digits: String,
    birthday: Date,
}

/// 性别 as the number tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

impl Sex {
    /// 男 or 女.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }
}

/// What is wrong with an id number, to be shown as it stands. Never holds the number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdFault {
    /// Nothing typed.
    #[error("还没填证件号码，请读卡或照身份证填写。")]
    Empty,
    /// Too short or too long.
    #[error("证件号码是 18 位，现在是 {0} 位，请对照身份证再数一遍。")]
    Length(usize),
    /// Something else than digits and a last X.
    #[error("证件号码前 17 位只能是数字，最后一位是数字或 X，请重填。")]
    Letters,
    /// The first digits name no place.
    #[error("证件号码开头两位不是哪个省的，请对照身份证重填。")]
    Place,
    /// The day does not exist.
    #[error("证件号码第 7 到 14 位不是一个真实的生日，请对照身份证重填。")]
    Birthday,
    /// Born tomorrow.
    #[error("证件号码里的生日还没到，请对照身份证；身份证没错就先核对电脑日期。")]
    Future,
    /// Born before anybody alive.
    #[error("证件号码里的生日在 1875 年以前，请对照身份证重填。")]
    TooOld,
    /// MOD 11-2.
    #[error("证件号码最后一位对不上，多半是有一位填错了，请对照身份证逐位核对。")]
    Check,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

impl IdNumber {
    /// Reads a number; spaces and full-width digits are forgiven, `x` becomes `X`.
    ///
    /// # Errors
    /// [`IdFault`], by GB 11643: length, digits, a province that exists, a birthday that exists and is not after `today`, check digit.
    pub fn parse(text: &str, today: Date) -> Result<Self, IdFault> {
        let digits = tidy_code(text);
        let count = digits.chars().count();
        if count == 0 {
            return Err(IdFault::Empty);
        }
        if count != 18 {
            return Err(IdFault::Length(count));
        }
        let (body, last) = digits.split_at_checked(17).ok_or(IdFault::Letters)?;
        if !body.bytes().all(|b| b.is_ascii_digit())
            || !(last == "X" || last.bytes().all(|b| b.is_ascii_digit()))
        {
            return Err(IdFault::Letters);
        }
        if !is_place(body) {
            return Err(IdFault::Place);
        }
        let birthday = birthday(body).ok_or(IdFault::Birthday)?;
        if birthday > today {
            return Err(IdFault::Future);
        }
        if birthday.year() < 1875 {
            return Err(IdFault::TooOld);
        }
        if check_char(body) != last.chars().next() {
            return Err(IdFault::Check);
        }
        Ok(Self { digits, birthday })
    }

    /// The 18 characters: only for a cell, a paper or a recorded look.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.digits
    }

    /// The day of birth.
    #[must_use]
    pub fn birthday(&self) -> Date {
        self.birthday
    }

    /// By the 17th digit.
    #[must_use]
    pub fn sex(&self) -> Sex {
        let odd = self.digits.as_bytes().get(16).is_some_and(|b| b % 2 == 1);
        if odd { Sex::Male } else { Sex::Female }
    }

    /// Full years on a day. Born on 29 February, one is a year older on 1 March of other years.
    #[must_use]
    pub fn age(&self, today: Date) -> u16 {
        let years = today.year() - self.birthday.year();
        let before = (today.month(), today.day()) < (self.birthday.month(), self.birthday.day());
        u16::try_from(years - i16::from(before)).unwrap_or(0)
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdNumber(…)")
    }
}

/// Provinces of GB/T 2260 by their two digits, with 81 to 83 of the residence permits for 港澳台居民.
const PROVINCES: [u8; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65, 71, 81, 82, 83,
];

/// Whether the number begins with a province; the card of a foreigner with permanent residence has a 9 before it.
fn is_place(body: &str) -> bool {
    let province = if body.starts_with('9') { body.get(1..3) } else { body.get(..2) };
    province.and_then(|two| two.parse().ok()).is_some_and(|two: u8| PROVINCES.contains(&two))
}

fn birthday(body: &str) -> Option<Date> {
    let year = body.get(6..10)?.parse().ok()?;
    let month = body.get(10..12)?.parse().ok()?;
    let day = body.get(12..14)?.parse().ok()?;
    Date::new(year, month, day).ok()
}

/// The check character of 17 digits, ISO 7064 MOD 11-2.
fn check_char(body: &str) -> Option<char> {
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    CHECKS.get((sum % 11) as usize).map(|b| char::from(*b))
}
