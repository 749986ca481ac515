//! What may stand in a column, and how what a person typed is brought into that shape.

/// Parts the entries of a cell that holds several.
const BETWEEN: char = '、';

/// What may stand in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line of at most so many characters.
    Line(usize),
    /// Several lines of at most so many characters.
    Words(usize),
    /// One entry a line, each of at most so many characters.
    Lines(usize),
    /// A whole number, at most so much; empty where there is none.
    Count(u32),
    /// A date.
    Date,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Some of these words, in the order typed.
    Several(&'static [&'static str]),
    /// Ids of the item's scenarios; none means all.
    Scenarios,
    /// The row's own id: ASCII.
    Id,
}

/// Entries of a list at most: more than any guide has.
const ENTRIES: usize = 60;
/// Characters of an id.
const ID_CHARS: usize = 40;

/// The only two answers of a yes or no.
pub(super) const YES_NO: &[&str] = &["是", "否"];

/// Full-width digits, letters and signs as the half-width ones they stand for; the full-width space as a space.
#[must_use]
pub fn halfwidth(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Without what no page shows: control characters, and spaces at the ends of lines and of the whole.
fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines = text.split('\n').map(|line| {
        let plain: String =
            line.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| !c.is_control()).collect();
        plain.trim().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn short(text: &str, max: usize) -> Result<(), String> {
    let count = text.chars().count();
    if count <= max {
        Ok(())
    } else {
        Err(format!("有 {count} 个字，最多 {max} 个，请写短一点。"))
    }
}

fn one_of(text: &str, all: &[&str]) -> Result<(), String> {
    if all.contains(&text) {
        Ok(())
    } else {
        Err(format!("不能写“{text}”，只能是：{}。", all.join("、")))
    }
}

/// Entries of a cell that holds several, however a person parted them.
pub(super) fn entries(text: &str) -> Vec<String> {
    let parts = text.split([BETWEEN, '，', ',', '；', ';', '\n', ' ']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

pub(super) fn joined<S: AsRef<str>>(entries: &[S]) -> String {
    entries.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(&BETWEEN.to_string())
}

fn date(text: &str) -> Result<String, String> {
    let wrong = || format!("“{text}”不是日期，请写成 2026-01-05。");
    let plain = halfwidth(text).replace(['年', '月', '/', '.'], "-").replace('日', "");
    let mut parts = plain.split('-').map(|part| part.trim().parse::<i16>().ok());
    let (Some(Some(year)), Some(Some(month)), Some(Some(day)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(wrong());
    };
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else { return Err(wrong()) };
    if !(1900..=2200).contains(&year) {
        return Err(wrong());
    }
    jiff::civil::Date::new(year, month, day).map(|date| date.to_string()).map_err(|_no_day| wrong())
}

impl Kind {
    /// What was typed, in the shape of the column.
    ///
    /// # Errors
    /// Why it does not fit, and what to write instead.
    pub fn clean(self, text: &str) -> Result<String, String> {
        let text = tidy(text);
        match self {
            Self::Line(max) => {
                let line = text.replace('\n', " ");
                short(&line, max).map(|()| line)
            }
            Self::Words(max) => short(&text, max).map(|()| text),
            Self::Lines(max) => {
                let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
                if lines.len() > ENTRIES {
                    return Err(format!("有 {} 行，最多 {ENTRIES} 行。", lines.len()));
                }
                lines.iter().try_for_each(|line| short(line, max)).map(|()| lines.join("\n"))
            }
            Self::Count(max) => {
                let digits = halfwidth(&text);
                if digits.is_empty() {
                    return Ok(digits);
                }
                match digits.parse::<u32>() {
                    Ok(number) if number <= max => Ok(number.to_string()),
                    _ => Err(format!("“{text}”不行，请写 0 到 {max} 的整数，没有就空着。")),
                }
            }
            Self::Date if text.is_empty() => Ok(text),
            Self::Date => date(&text),
            Self::Choice(_) if text.is_empty() => Ok(text),
            Self::Choice(all) => one_of(&text, all).map(|()| text),
            Self::Several(all) => {
                let entries = entries(&text);
                entries.iter().try_for_each(|entry| one_of(entry, all)).map(|()| joined(&entries))
            }
            Self::Scenarios => Ok(joined(&entries(&text))),
            Self::Id => {
                let id = halfwidth(&text);
                let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
                if id.is_empty() || !plain || id.len() > ID_CHARS {
                    return Err(format!("编号只能用英文字母、数字、下划线，最多 {ID_CHARS} 个。"));
                }
                Ok(id)
            }
        }
    }
}
