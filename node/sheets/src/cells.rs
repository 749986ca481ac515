//! One cell, as words.

use calamine::{DataRef, ExcelDateTime};

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// Words, or a number or a date told as words.
    Words(String),
    /// Something no words can be made of: why, and the cure.
    Wrong(String),
}

/// Beyond this a spreadsheet no longer keeps every digit.
const EXACT: f64 = 1e15;
/// Days from 1970-01-01 back to the day a spreadsheet counts from.
const EPOCH_DAYS: i64 = 25_569;

fn number(value: f64) -> Cell {
    if value.abs() >= EXACT {
        let words = "数字太长，表格软件把末尾几位改成了 0。先把这一列设成“文本”，再重填。";
        return Cell::Wrong(words.to_owned());
    }
    Cell::Words(value.to_string())
}

fn date(stamp: ExcelDateTime) -> Cell {
    let wrong = || Cell::Wrong("这个日期看不懂，请写成 2026-01-05。".to_owned());
    let serial = stamp.as_f64();
    if stamp.is_duration() || !(1.0..200_000.0).contains(&serial) {
        return wrong();
    }
    #[expect(clippy::cast_possible_truncation, reason = "between 1 and 200,000")]
    let days = serial.floor() as i64;
    let day = jiff::civil::Date::constant(1970, 1, 1).checked_add(jiff::Span::new().days(days - EPOCH_DAYS));
    day.map_or_else(|_beyond| wrong(), |day| Cell::Words(day.to_string()))
}

/// A cell as the spreadsheet keeps it. None where it is empty.
pub(crate) fn cell(value: &DataRef<'_>) -> Option<Cell> {
    let words = |text: &str| (!text.trim().is_empty()).then(|| Cell::Words(text.to_owned()));
    match value {
        DataRef::Empty => None,
        DataRef::String(text) => words(text),
        DataRef::SharedString(text) => words(text),
        #[expect(clippy::cast_precision_loss, reason = "what is too long to be exact is refused")]
        DataRef::Int(value) => Some(number(*value as f64)),
        DataRef::Float(value) => Some(number(*value)),
        DataRef::Bool(value) => Some(Cell::Words(if *value { "是" } else { "否" }.to_owned())),
        DataRef::DateTime(stamp) => Some(date(*stamp)),
        DataRef::DateTimeIso(text) => words(text.split('T').next().unwrap_or_default()),
        DataRef::DurationIso(_) => Some(Cell::Wrong("这是一段时间，请写成文字。".to_owned())),
        DataRef::Error(_) => Some(Cell::Wrong("这一格是表格软件算出来的错误，请重填。".to_owned())),
    }
}
