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

/// Values that stand against each other, masked; what differs is shown, or a person could not tell them apart.
#[must_use]
pub fn mask_apart(values: &[&str], mask: impl Fn(&str) -> String) -> Vec<String> {
    let masked: Vec<String> = values.iter().map(|value| mask(value)).collect();
    let twice = |one: &String| masked.iter().filter(|other| *other == one).count() > 1;
    if !masked.iter().any(twice) {
        return masked;
    }
    let all: Vec<Vec<char>> = values.iter().map(|value| value.trim().chars().collect()).collect();
    let differs =
        |place: usize| all.iter().any(|chars| chars.get(place) != all.first().and_then(|c| c.get(place)));
    let shown = |(chars, masked): (&Vec<char>, &String)| {
        let hidden: Vec<char> = masked.chars().collect();
        let one = |(place, real): (usize, &char)| match hidden.get(place) {
            Some(hidden) if !differs(place) => *hidden,
            _ => *real,
        };
        chars.iter().enumerate().map(one).collect()
    };
    all.iter().zip(&masked).map(shown).collect()
}
