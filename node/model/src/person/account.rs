use super::tidy_code;

/// The Luhn check over digits; `false` for anything else than digits.
#[must_use]
pub fn luhn(digits: &str) -> bool {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            match (place % 2, digit * 2) {
                (0, _) => digit,
                (_, twice) if twice > 9 => twice - 9,
                (_, twice) => twice,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Why a card or account number cannot stand, in Chinese; `None` when it can. Cards have 16 to 19 digits and a Luhn
/// check; old bank books have 12 to 15 digits (or more) without one, so only cards are checked by Luhn.
#[must_use]
pub fn account_fault(text: &str) -> Option<String> {
    let digits = tidy_code(text).replace('-', "");
    if digits.is_empty() {
        return Some("还没填银行卡或社会保障卡的账号，请照卡面填写。".to_owned());
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Some("账号只能是数字，请照卡面重填。".to_owned());
    }
    let count = digits.len();
    if !(12..=19).contains(&count) {
        return Some(format!("账号应是 12 到 19 位，现在是 {count} 位，请照卡面再数一遍。"));
    }
    (count >= 16 && !luhn(&digits))
        .then(|| "账号校验不通过，多半是有一位填错了，请照卡面逐位核对。".to_owned())
}
