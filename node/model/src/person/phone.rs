use super::tidy_code;

/// Why a phone number cannot stand, in Chinese; `None` when it can. Mobile: 11 digits from 13 to 19. Landline: 7 or 8
/// digits, not all the same, with the area code before it if wanted. Spaces and dashes are forgiven.
#[must_use]
pub fn phone_fault(text: &str) -> Option<String> {
    let digits = tidy_code(text).replace('-', "");
    if digits.is_empty() {
        return Some("还没填联系电话，办好了要打电话通知，请填手机号或座机号。".to_owned());
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Some("联系电话只能是数字，请重填。".to_owned());
    }
    let count = digits.len();
    let mut others = digits.bytes().skip(1);
    if digits.bytes().next().is_some_and(|first| others.all(|digit| digit == first)) {
        return Some("联系电话不会每一位都一样，请对方再报一遍。".to_owned());
    }
    if let Some(rest) = digits.strip_prefix('0') {
        // no area code begins with two zeros
        let good = (10..=12).contains(&count) && !rest.starts_with('0');
        return (!good).then(|| "座机号应是区号加 7 或 8 位号码，请重填。".to_owned());
    }
    if matches!(count, 7 | 8) {
        return None;
    }
    if digits.starts_with('1') && count != 11 {
        return Some(format!("手机号是 11 位，现在是 {count} 位，请对方再报一遍；没有手机可填座机。"));
    }
    let second = digits.as_bytes().get(1).copied().unwrap_or_default();
    let good = count == 11 && digits.starts_with('1') && (b'3'..=b'9').contains(&second);
    (!good).then(|| "这不像手机号，也不像座机号，请对方再报一遍。".to_owned())
}
