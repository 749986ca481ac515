//! `bianmin calendar`: the working days of a year, one a line, with or without a box.

use crate::cli::RunOptions;
use crate::run;
use crate::words;
use model::calendar::{Calendar, Known};
use std::path::PathBuf;

/// Prints them; what is not certain is said on standard error, so that the list stays a list.
///
/// # Errors
/// When the box's folder cannot be opened.
pub(crate) fn print(year: i16, data: Option<PathBuf>) -> Result<(), String> {
    let calendar = match data {
        Some(dir) => run::calendar_of(&RunOptions { dir, ..RunOptions::default() })?,
        None => Calendar::builtin(),
    };
    for date in calendar.working_days(year) {
        words::say(&date.to_string());
    }
    if let Some(note) = note(&calendar, year) {
        eprintln!("{note}");
    }
    Ok(())
}

fn note(calendar: &Calendar, year: i16) -> Option<String> {
    match calendar.known(year) {
        Known::Nothing => Some(format!(
            "{year} 年没有放假通知，只按周末算，日子是暂定的。通知出来以后由镇中心在“日历”里发布。"
        )),
        Known::BuiltinUntil(last) => Some(format!(
            "{year} 年 {} 月 {} 日以后是暂定的：要看下一年的放假通知。",
            last.month(),
            last.day()
        )),
        Known::Notice(_) | Known::Builtin => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails when a year without a notice is printed as if it were certain, or a certain one is doubted.
    #[test]
    fn d4_a_year_that_is_not_certain_says_so() {
        let calendar = Calendar::builtin();
        assert_eq!(note(&calendar, 2025), None);
        assert!(note(&calendar, 2026).is_some_and(|note| note.contains("12 月 25 日以后是暂定的")));
        for year in [1990, 2027, 2040] {
            assert!(note(&calendar, year).is_some_and(|note| note.contains("只按周末算")), "{year}");
        }
    }
}
