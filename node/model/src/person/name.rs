//! Names of people and of units. A Chinese id card always carries the name in Chinese characters, a foreign passport in
//! Latin letters; so those two scripts are what a name is made of.

use super::text::{is_unseen, tidy_name};
use crate::limit;

/// A Chinese character, those of the rare planes (𠮷 䶮 𬱖) among them, and 〇.
pub(super) fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{2fa1f}' | '\u{30000}'..='\u{33479}')
}

/// A Latin letter, with or without marks.
pub(super) fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || (matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}') && !matches!(c, '×' | '÷'))
}

/// A character that old systems made up for themselves: another computer shows a box, or another character.
fn is_homemade(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

fn unseen_or_homemade(name: &str) -> Option<&'static str> {
    if name.chars().any(is_unseen) {
        Some("里有看不见的符号，多半是粘贴时带进来的，请清空再打一遍。")
    } else if name.chars().any(is_homemade) {
        Some("里有一个旧系统的自造字，别的电脑显示不出。请换输入法打出这个字，打不出就先填拼音。")
    } else {
        None
    }
}

/// Why a person's name cannot stand, in Chinese; `None` when it can. Allowed are Chinese characters and Latin letters,
/// one `·` between two parts, and inside a Latin name single spaces, `-`, `'` and `.`.
#[must_use]
pub fn name_fault(name: &str) -> Option<String> {
    let name = tidy_name(name);
    if name.is_empty() {
        return Some("还没填姓名，请照证件填写。".to_owned());
    }
    if let Some(fault) = unseen_or_homemade(&name) {
        return Some(format!("姓名{fault}"));
    }
    let (count, most) = (name.chars().count(), limit::NAME_CHARS);
    if count > most {
        return Some(format!("姓名最多 {most} 个字，现在是 {count} 个，请核对是不是填错了栏。"));
    }
    if name.chars().any(|c| c.is_numeric() && !is_han(c)) {
        return Some("姓名里有数字，请照证件重填。".to_owned());
    }
    let letter = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_latin(c));
    let latin = |c: Option<char>| c.is_some_and(is_latin);
    let (mut before, mut rest) = (None, name.chars().peekable());
    while let Some(c) = rest.next() {
        let after = rest.peek().copied();
        let good = match c {
            '·' => letter(before) && letter(after),
            ' ' => latin(after),
            '-' | '\'' | '’' => latin(before) && latin(after),
            '.' => latin(before),
            other => is_han(other) || is_latin(other),
        };
        if !good {
            return Some("姓名里有符号，请照证件重填；证件上是“·”就填“·”，两边都要有字。".to_owned());
        }
        before = Some(c);
    }
    None
}

/// Why a unit's name cannot stand; `None` when it can. Beside letters: digits, brackets and the few signs that are
/// registered in names (第2分公司, A&B（泾县）有限公司, “三农”合作社).
#[must_use]
pub fn unit_name_fault(name: &str) -> Option<String> {
    let name = tidy_name(name);
    if name.is_empty() {
        return Some("还没填单位名称，请照营业执照填写。".to_owned());
    }
    if let Some(fault) = unseen_or_homemade(&name) {
        return Some(format!("名称{fault}"));
    }
    let (count, most) = (name.chars().count(), limit::UNIT_NAME_CHARS);
    if count > most {
        return Some(format!("名称最多 {most} 个字，现在是 {count} 个，请核对是不是填错了栏。"));
    }
    let good =
        |c: char| is_han(c) || is_latin(c) || c.is_ascii_digit() || " （）()·&＆-—.,、“”《》".contains(c);
    let named = name.chars().any(|c| is_han(c) || is_latin(c));
    (!named || !name.chars().all(good)).then(|| "名称里有不能用的符号，请照营业执照重填。".to_owned())
}
