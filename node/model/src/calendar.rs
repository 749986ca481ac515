//! Days that count: working days by the State Council's yearly notice, lights, due dates.
//!
//! Built-in years come from `chinese_holiday`, which panics outside its bounds, so it is asked only for whole years
//! that it knows. Any other year counts weekends only and says so (`provisional`), until a synced notice arrives.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan as _, civil::Date, civil::Weekday};
use serde::{Deserialize, Serialize};

use crate::{
    item::{Limit, Unit},
    limit,
};

/// A year's notice: a calendar document holds this as JSON in its fact `notice`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearNotice {
    /// Which year.
    pub year: i16,
    /// 国办发明电 number, for the page.
    pub source: String,
    /// Weekdays that are free.
    pub rest: BTreeSet<Date>,
    /// Weekend days that are worked (调休).
    pub work: BTreeSet<Date>,
}

/// What is known about working days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    notices: BTreeMap<i16, YearNotice>,
}

/// One day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Counts as a working day.
    pub working: bool,
    /// No notice is known for it: weekends only.
    pub provisional: bool,
}

/// A date that was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The last day.
    pub date: Date,
    /// A year without a notice was crossed: the date may move.
    pub provisional: bool,
}

/// Days during which a clock stood still: after `from`, up to and including `to` (`None`: still standing).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// The day it stopped; that day itself counted.
    pub from: Date,
    /// The day it went on; that day itself does not count.
    pub to: Option<Date>,
}

impl Stop {
    fn covers(&self, date: Date) -> bool {
        date > self.from && self.to.is_none_or(|to| date <= to)
    }
}

/// The light of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Light {
    /// 超期.
    Overdue,
    /// 红: the last day.
    Red,
    /// 黄: at most a third of the limit is left, at least one day.
    Yellow,
    /// 正常.
    Normal,
    /// 停: the clock stands still.
    Stopped,
    /// No clock runs.
    None,
}

impl Light {
    /// The word beside the light.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Overdue => "超期",
            Self::Red => "今日到期",
            Self::Yellow => "快到期",
            Self::Normal => "正常",
            Self::Stopped => "停止计时",
            Self::None => "不计时",
        }
    }
}

impl Calendar {
    /// The years that ship with the box.
    #[must_use]
    pub fn builtin() -> Self {
        Self::default()
    }

    /// Adds or replaces a year by a synced notice.
    #[must_use]
    pub fn with(mut self, notice: YearNotice) -> Self {
        self.notices.insert(notice.year, notice);
        self
    }

    /// Whether a day counts, and whether that is certain.
    #[must_use]
    pub fn day(&self, date: Date) -> Day {
        let weekday = !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        if let Some(notice) = self.notices.get(&date.year()) {
            let working = (weekday && !notice.rest.contains(&date)) || notice.work.contains(&date);
            return Day { working, provisional: false };
        }
        match builtin(date) {
            Some(working) => Day { working, provisional: false },
            None => Day { working: weekday, provisional: true },
        }
    }

    /// The date after so many days, not counting `from` itself.
    #[must_use]
    pub fn due(&self, from: Date, limit: Limit) -> Due {
        self.due_with_stops(from, limit, &[])
    }

    /// As [`Calendar::due`], leaving out the days on which the clock stood still. A clock that still stands is counted
    /// as if it went on at `Date::MAX` never: callers ask only while it runs, or take the date as open.
    #[must_use]
    pub fn due_with_stops(&self, from: Date, limit: Limit, stops: &[Stop]) -> Due {
        let mut left = limit.days.min(limit::LIMIT_DAYS);
        let mut due = Due { date: from, provisional: false };
        // every limit ends within its days, twice over for weekends, and the stops' own length
        for _ in 0..20_000u32 {
            if left == 0 {
                break;
            }
            let Ok(next) = due.date.checked_add(1.day()) else { break };
            due.date = next;
            let day = self.day(next);
            if limit.unit == Unit::Working {
                due.provisional |= day.provisional;
            }
            let counts = limit.unit == Unit::Calendar || day.working;
            if counts && !stops.iter().any(|stop| stop.to.is_some() && stop.covers(next)) {
                left -= 1;
            }
        }
        due
    }

    /// How many days of the unit are left after `today`, up to and including `due`; negative when it has passed.
    #[must_use]
    pub fn left(&self, today: Date, due: Date, unit: Unit) -> i32 {
        let count = |from: Date, to: Date| {
            let mut days = 0;
            let mut date = from;
            while date < to && days < 20_000 {
                let Ok(next) = date.checked_add(1.day()) else { break };
                date = next;
                if unit == Unit::Calendar || self.day(date).working {
                    days += 1;
                }
            }
            days
        };
        if today <= due { count(today, due) } else { -count(due, today).max(1) }
    }

    /// The light of a running clock.
    #[must_use]
    pub fn light(&self, today: Date, due: Date, limit: Limit) -> Light {
        if today > due {
            return Light::Overdue;
        }
        let left = self.left(today, due, limit.unit);
        let warn = i32::from((limit.days / 3).max(1));
        match left {
            i32::MIN..=0 => Light::Red,
            left if left <= warn => Light::Yellow,
            _ => Light::Normal,
        }
    }

    /// The first and last day of a 公示 posted on `posted`: calendar days, from the day after.
    #[must_use]
    pub fn notice_days(posted: Date, days: u16) -> (Date, Date) {
        let from = posted.saturating_add(1.day());
        (from, posted.saturating_add(i64::from(days).days()))
    }
}

/// Asks the crate, only within the years it knows whole; of 2026 it knows until 25 December.
fn builtin(date: Date) -> Option<bool> {
    let known = (2004..=2025).contains(&date.year()) || (date.year() == 2026 && date <= LAST);
    let ymd =
        (u16::try_from(date.year()).ok()?, u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    known.then(|| chinese_holiday::chinese_holiday(ymd).is_workday())
}

const LAST: Date = jiff::civil::date(2026, 12, 25);
