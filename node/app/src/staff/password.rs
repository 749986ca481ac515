//! Which passwords are too easy: what a colleague would try first. Plain words say why; no rule asks for kinds of signs.

use crate::{Who, limit};

/// What people choose without thinking. Digits and signs behind a word are stripped first, so `admin2026!` is `admin`.
const COMMON: [&str; 28] = [
    "password",
    "passwd",
    "passw0rd",
    "p@ssw0rd",
    "admin",
    "administrator",
    "root",
    "user",
    "test",
    "guest",
    "welcome",
    "letmein",
    "qwerty",
    "qwertyui",
    "qwertyuiop",
    "qwer",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "zxcv",
    "zxcvbnm",
    "abc",
    "abcd",
    "iloveyou",
    "woaini",
    "wodemima",
    "mima",
    "bianmin",
];
/// The same, with digits between.
const COMMON_WHOLE: [&str; 8] =
    ["1q2w3e4r", "1q2w3e4r5t", "q1w2e3r4", "1qaz2wsx", "1qaz2wsx3edc", "zaq12wsx", "1qazxsw2", "qazwsxedc"];

/// Why a password cannot stand, in Chinese; `None` when it can.
pub(super) fn fault(password: &str, who: &Who) -> Option<String> {
    let (count, least, most) =
        (password.chars().count(), limit::PASSWORD_MIN_CHARS, limit::PASSWORD_MAX_BYTES);
    if count < least || password.len() > most {
        return Some(format!("密码至少要 {least} 个字，最多 {most} 个。可以用一句话，好记又难猜。"));
    }
    let small = password.to_lowercase();
    let own = |word: &str| !word.is_empty() && small.contains(&word.to_lowercase());
    if own(&who.staff) || own(&who.name) {
        return Some("密码里不能有自己的工号和姓名，别人一猜就中，请换一个。".to_owned());
    }
    let digits = limit::PASSWORD_DIGITS_MIN;
    if small.chars().all(char::is_numeric) && count < digits {
        return Some(format!(
            "只用数字的密码至少要 {digits} 位，不然太好猜。请加上字，或者换成一句好记的话。"
        ));
    }
    if repeats(&small) || runs(&small) {
        return Some("密码是重复或者连着的几个字，太好猜。请换成一句好记的话。".to_owned());
    }
    let word = small.trim_end_matches(|c: char| !c.is_alphabetic());
    if COMMON.contains(&word) || COMMON_WHOLE.contains(&small.as_str()) || is_number_with_initials(&small) {
        return Some("这个密码用的人太多，太好猜。请换成一句好记的话。".to_owned());
    }
    None
}

/// One piece of at most four signs over and over: 88888888, 12341234, 好好好好.
fn repeats(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    (1..=4).any(|piece| {
        signs.len() >= 2 * piece && signs.iter().zip(signs.iter().skip(piece)).all(|(a, b)| a == b)
    })
}

/// Each sign is the one after or before the last, 0 after 9: 567890123456, abcdefgh, 987654321098.
fn runs(text: &str) -> bool {
    let one = |c: char| u32::from(c);
    let up = |a: char, b: char| one(b) == one(a) + 1 || (a, b) == ('9', '0');
    let pairs = || text.chars().zip(text.chars().skip(1));
    pairs().all(|(a, b)| up(a, b)) || pairs().all(|(a, b)| up(b, a))
}

/// Initials of a name and a birthday or a phone: zs19800101.
fn is_number_with_initials(text: &str) -> bool {
    let letters = text.chars().take_while(char::is_ascii_alphabetic).count();
    let rest = text.chars().skip(letters);
    letters <= 3
        && rest.clone().count() < limit::PASSWORD_DIGITS_MIN
        && rest.clone().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clerk() -> Who {
        let word = str::to_owned;
        Who {
            staff: word("x2308"), name: word("陈春梅"), post: word("综合窗口"), session: String::new()
        }
    }

    /// Fails when what everybody tries first is let through.
    #[test]
    fn what_everybody_tries_first_is_refused() {
        for (password, why) in [
            ("1234567", "至少要 8 个字"),
            ("12345678", "只用数字"),
            ("88888888", "只用数字"),
            ("19800101", "只用数字"),
            ("１２３４５６７８", "只用数字"),
            ("13912342476", "只用数字"),
            ("000000000000", "重复"),
            ("123123123123", "重复"),
            ("abcabcabc", "重复"),
            ("好好好好好好好好", "重复"),
            ("        ", "重复"),
            ("123456789012", "连着"),
            ("987654321098", "连着"),
            ("abcdefgh", "连着"),
            ("password", "太好猜"),
            ("PassWord2026!", "太好猜"),
            ("admin888", "太好猜"),
            ("qwertyui", "太好猜"),
            ("abcd1234", "太好猜"),
            ("a1234567", "太好猜"),
            ("zs19800101", "太好猜"),
            ("1qaz2wsx", "太好猜"),
            ("X2308x2308y", "工号"),
            ("x2308-2026", "工号"),
            ("陈春梅是我的名字", "工号"),
        ] {
            let fault = fault(password, &clerk());
            assert!(fault.as_ref().is_some_and(|words| words.contains(why)), "{password}: {fault:?}");
        }
        assert!(fault(&"长".repeat(limit::PASSWORD_MAX_BYTES), &clerk()).is_some());
    }

    /// Fails when a sentence, or a long number that is no run, is refused.
    #[test]
    fn what_is_hard_to_guess_stands() {
        for good in [
            "枫河镇的春天来了",
            "correct horse",
            "384019275561",
            "门前种了2棵枣树",
            "abcd门前枣树",
            "Kx7-mm2p",
        ] {
            assert_eq!(fault(good, &clerk()), None, "{good}");
        }
    }
}
