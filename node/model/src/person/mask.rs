//! How personal values stand on a screen until somebody asks for the full value with a reason (domain.md).

/// 张*三, 李*; a longer name keeps its first and last character.
#[must_use]
pub fn mask_name(name: &str) -> String {
    let chars: Vec<char> = name.trim().chars().collect();
    match chars.as_slice() {
        [] => String::new(),
        [_] => "*".to_owned(),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len())),
    }
}

fn keep(text: &str, head: usize, tail: usize) -> String {
    let chars: Vec<char> = text.trim().chars().collect();
    if chars.len() <= head + tail {
        return "*".repeat(chars.len());
    }
    let last = chars.len() - tail;
    chars.iter().enumerate().map(|(i, c)| if i < head || i >= last { *c } else { '*' }).collect()
}

/// First 6 and last 4, for staff. Anything too short to hide part of is hidden whole.
#[must_use]
pub fn mask_id(id: &str) -> String {
    keep(id, 6, 4)
}

/// First 1 and last 1, for pages that anyone may read.
#[must_use]
pub fn mask_id_public(id: &str) -> String {
    keep(id, 1, 1)
}

/// First 3 and last 4.
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    keep(phone, 3, 4)
}

/// 尾号: only the last 4 digits.
#[must_use]
pub fn mask_account(account: &str) -> String {
    keep(account, 0, 4)
}
