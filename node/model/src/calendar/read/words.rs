//! The words of a notice: numbers, signs, brackets with a weekday; dates among them.

use jiff::civil::Weekday;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// 1, 03, 2027.
    Number(u32),
    /// Any other character.
    Sign(char),
    /// What stands in brackets: the weekday it names.
    Bracket(Option<Weekday>),
}

impl Token {
    /// 至 and what is typed for it.
    pub(super) fn is_to(&self) -> bool {
        matches!(self, Self::Sign('至' | '到' | '-' | '—' | '–' | '－' | '~' | '～' | '―'))
    }
}

/// A line, or a sentence: what it is about, and its tokens.
pub(super) struct Line {
    /// 春节.
    pub(super) name: Option<String>,
    tokens: Vec<Token>,
}

/// A date as it is named; what is left out is as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) year: Option<i16>,
    pub(super) month: Option<i8>,
    pub(super) day: i8,
    pub(super) weekday: Option<Weekday>,
}

const WEEKDAYS: [(char, Weekday); 7] = [
    ('一', Weekday::Monday),
    ('二', Weekday::Tuesday),
    ('三', Weekday::Wednesday),
    ('四', Weekday::Thursday),
    ('五', Weekday::Friday),
    ('六', Weekday::Saturday),
    ('日', Weekday::Sunday),
];

/// 三.
pub(super) fn weekday(day: Weekday) -> char {
    WEEKDAYS.iter().find(|(_, one)| *one == day).map_or('日', |(name, _)| *name)
}

/// The weekday that stands in brackets: 周四, 星期四, 农历除夕、周四.
fn named_weekday(text: &str) -> Option<Weekday> {
    let after =
        ["星期", "周", "礼拜"].iter().find_map(|word| text.split_once(word).map(|(_, after)| after))?;
    let name = after.chars().next().map(|name| if name == '天' { '日' } else { name })?;
    WEEKDAYS.iter().find(|(one, _)| *one == name).map(|(_, day)| *day)
}

/// Full-width digits and signs as they are typed on a keyboard.
fn plain(sign: char) -> char {
    match sign {
        '０'..='９' => char::from_u32(u32::from(sign) - 0xFEE0).unwrap_or(sign),
        '(' => '（',
        ')' => '）',
        ',' => '，',
        ';' => '；',
        ':' => '：',
        other => other,
    }
}

/// Sentences of a text, each with its name and tokens.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let plain: String = text.chars().map(plain).collect();
    let sentences = plain.split(['\n', '\r', '。', '；']);
    sentences.map(str::trim).filter(|line| !line.is_empty()).map(line).collect()
}

fn line(text: &str) -> Line {
    let named = text.split_once('：').filter(|(head, _)| !head.contains(|sign: char| sign.is_ascii_digit()));
    let (name, rest) = match named {
        Some((head, rest)) => {
            let name = head.rsplit('、').next().unwrap_or_default().trim();
            (Some(name.chars().take(12).collect()), rest)
        }
        None => (None, text),
    };
    Line { name, tokens: tokens(rest) }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut signs = text.chars().filter(|sign| !sign.is_whitespace()).peekable();
    while let Some(sign) = signs.next() {
        if let Some(digit) = sign.to_digit(10) {
            let mut number = digit;
            while let Some(digit) = signs.peek().and_then(|sign| sign.to_digit(10)) {
                number = number.saturating_mul(10).saturating_add(digit);
                signs.next();
            }
            found.push(Token::Number(number));
        } else if sign == '（' {
            let inside: String = signs.by_ref().take_while(|sign| *sign != '）').collect();
            found.push(Token::Bracket(named_weekday(&inside)));
        } else {
            found.push(Token::Sign(sign));
        }
    }
    found
}

impl Line {
    /// Its parts between commas.
    pub(super) fn clauses(&self) -> impl Iterator<Item = &[Token]> {
        self.tokens.split(|token| *token == Token::Sign('，'))
    }

    /// The year, when nothing but one whole date stands here.
    pub(super) fn alone(&self) -> Option<i16> {
        date(&self.tokens).filter(|(_, rest)| rest.is_empty()).and_then(|(named, _)| named.year)
    }
}

/// Whether a clause says 上班 (true) or 放假 (false).
pub(super) fn kind(clause: &[Token]) -> Option<bool> {
    let signs: String = clause
        .iter()
        .filter_map(|token| match token {
            Token::Sign(sign) => Some(*sign),
            Token::Number(_) | Token::Bracket(_) => None,
        })
        .collect();
    if signs.contains("上班") || signs.contains("补班") {
        Some(true)
    } else {
        (signs.contains('休') || signs.contains("放假")).then_some(false)
    }
}

/// The date that stands at the beginning, and what is behind it: 2027年1月1日, 1月1日, 3日, 2027-01-01, 1月1 before 至.
pub(super) fn date(tokens: &[Token]) -> Option<(Named, &[Token])> {
    use Token::{Number, Sign};
    let (year, month, day, rest) = match tokens {
        [Number(y), Sign('年'), Number(m), Sign('月'), Number(d), Sign('日' | '号'), rest @ ..]
        | [Number(y), Sign('-' | '.' | '/'), Number(m), Sign('-' | '.' | '/'), Number(d), rest @ ..]
            if *y >= 1000 =>
        {
            (Some(*y), Some(*m), *d, rest)
        }
        [Number(m), Sign('月'), Number(d), Sign('日' | '号'), rest @ ..] => (None, Some(*m), *d, rest),
        [Number(m), Sign('月'), Number(d), rest @ ..] if rest.first().is_some_and(Token::is_to) => {
            (None, Some(*m), *d, rest)
        }
        [Number(d), Sign('日' | '号'), rest @ ..] => (None, None, *d, rest),
        _ => return None,
    };
    let named = Named {
        year: year.map(|year| i16::try_from(year).unwrap_or(i16::MAX)),
        month: month.map(|month| i8::try_from(month).unwrap_or(i8::MAX)),
        day: i8::try_from(day).unwrap_or(i8::MAX),
        weekday: None,
    };
    match rest {
        [Token::Bracket(weekday), rest @ ..] => Some((Named { weekday: *weekday, ..named }, rest)),
        rest => Some((named, rest)),
    }
}
