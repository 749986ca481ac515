//! What was typed, put into the one form that is kept.

/// A sign that cannot be seen: it is stripped from what is typed, since it only comes from pasting, and could turn round
/// or hide what a page or a paper says. Zero-width signs, direction marks, controls, variation selectors, tags.
pub(super) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Free text without what cannot be seen; line ends stay, a tab becomes a space.
#[must_use]
pub fn visible(text: &str) -> String {
    let text = text.replace('\t', " ");
    text.chars().filter(|c| *c == '\n' || !is_unseen(*c)).collect()
}

/// Full-width letters, digits and signs as a Chinese keyboard gives them, in their usual width.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
            char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
        }
        '－' => '-',
        other => other,
    }
}

/// A number or code: usual width, capital letters, no spaces.
#[must_use]
pub fn tidy_code(text: &str) -> String {
    let seen = text.chars().filter(|c| !c.is_whitespace()).map(half_width);
    seen.map(|c| c.to_ascii_uppercase()).collect()
}

/// A name: one middle dot, one kind of space, none at the ends, none beside a Chinese character (王　五 is 王五).
#[must_use]
pub fn tidy_name(text: &str) -> String {
    let same = |c: char| match c {
        '\u{2022}' | '\u{2027}' | '\u{30fb}' | '\u{ff65}' | '\u{22c5}' | '\u{2219}' => '·',
        // only what a keyboard makes of a full-width digit or letter: a rule must still see a digit
        other => half_width(other),
    };
    let text: String = text.chars().map(same).collect();
    let mut tidy = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() && !is_unseen(c)).filter(|word| !word.is_empty()) {
        let latin = |c: Option<char>| c.is_some_and(super::name::is_latin);
        if latin(word.chars().next())
            && tidy.chars().last().is_some_and(|c| super::name::is_latin(c) || c == '.')
        {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    tidy
}
