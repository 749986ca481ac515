//! Days that count: working days by the State Council's yearly notice, lights, due dates.
//!
//! Built-in years come from `chinese_holiday`, which panics outside its bounds, so it is asked only for whole years
//! that it knows. Any other year counts weekends only and says so (`provisional`), until a synced notice arrives.

mod read;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan as _, civil::Date, civil::Weekday};
pub use read::{Reading, Stretch, read};
use serde::{Deserialize, Serialize};

use crate::{
    item::{Limit, Unit},
    limit,
};

/// A year's notice, as [`read`] makes it. 元旦 may reach into the years beside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearNotice {
    /// Which year.
    pub year: i16,
    /// 国办发明电 number, for the page.
    pub source: String,
    /// Days that are free, weekends among them.
    pub rest: BTreeSet<Date>,
    /// Days that are worked (调休).
    pub work: BTreeSet<Date>,
}

/// A notice as the centre published it: a calendar document holds each as JSON in a fact `n/1`, `n/2` …, the last counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// What it says.
    pub notice: YearNotice,
    /// Name of the clerk.
    pub by: String,
    /// When, seconds since 1970, UTC.
    pub wall: i64,
}

/// What is known about a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<'c> {
    /// A notice that the centre published.
    Notice(&'c YearNotice),
    /// It ships with the box.
    Builtin,
    /// It ships with the box, but for the days from here on: the next year's notice may move them.
    BuiltinUntil(Date),
    /// No notice: weekends only.
    Nothing,
}

/// What is known about working days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    notices: BTreeMap<i16, YearNotice>,
    hand_over: Option<u16>,
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

    /// With the township's own limit for handing over what was taken on somebody's behalf.
    #[must_use]
    pub fn with_hand_over(mut self, days: u16) -> Self {
        self.hand_over = Some(days.clamp(1, limit::HAND_OVER_DAYS_MAX));
        self
    }

    /// Within how long papers taken on somebody's behalf go to the township.
    #[must_use]
    pub fn hand_over(&self) -> Limit {
        Limit::working(self.hand_over.unwrap_or(limit::HAND_OVER_WORKING_DAYS))
    }

    /// The last day that ships with the box.
    #[must_use]
    pub fn last_builtin(&self) -> Date {
        LAST
    }

    /// The notices the centre published, by year.
    pub fn notices(&self) -> impl Iterator<Item = &YearNotice> {
        self.notices.values()
    }

    /// What is known about a year.
    #[must_use]
    pub fn known(&self, year: i16) -> Known<'_> {
        match self.notices.get(&year) {
            Some(notice) => Known::Notice(notice),
            None if (BUILTIN.0..=BUILTIN.1).contains(&year) => Known::Builtin,
            None if self.is_settled(year) => Known::Builtin,
            None if year == LAST.year() => Known::BuiltinUntil(LAST),
            None => Known::Nothing,
        }
    }

    /// The working days of a year, in order.
    pub fn working_days(&self, year: i16) -> impl Iterator<Item = Date> {
        let first = Date::new(year, 1, 1).ok();
        let days =
            std::iter::successors(first, move |date| date.tomorrow().ok().filter(|next| next.year() == year));
        days.filter(|date| self.day(*date).working)
    }

    /// Whether a published notice has a say in the days from one to another: what was counted without it may move.
    #[must_use]
    pub fn has_say(&self, from: Date, to: Date) -> bool {
        self.notices.keys().any(|year| (from.year()..=to.year().saturating_add(1)).contains(year))
    }

    /// Whether the days after `from` up to `to` are all certain.
    #[must_use]
    pub fn is_certain(&self, from: Date, to: Date) -> bool {
        let mut date = from;
        for _ in 0..MOST_DAYS {
            if date >= to {
                return true;
            }
            let Ok(next) = date.tomorrow() else { return false };
            date = next;
            if self.day(date).provisional {
                return false;
            }
        }
        false
    }

    /// Whether a day counts, and whether that is certain. A notice about the next year may say something of December.
    #[must_use]
    pub fn day(&self, date: Date) -> Day {
        let weekday = !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let year = date.year();
        let told = [year.saturating_add(1), year, year.saturating_sub(1)].into_iter().find_map(|near| {
            let notice = self.notices.get(&near)?;
            let rests = notice.rest.contains(&date);
            (rests || notice.work.contains(&date)).then_some(!rests)
        });
        if let Some(working) = told {
            return Day { working, provisional: false };
        }
        if self.notices.contains_key(&year) {
            return Day { working: weekday, provisional: false };
        }
        match builtin(date) {
            Some(working) => Day { working, provisional: false },
            // the next year's notice is there, and says nothing of these days
            None if self.is_settled(year) => Day { working: weekday, provisional: false },
            None => Day { working: weekday, provisional: true },
        }
    }

    /// The year of which the box knows all but the last days, and the notice that could have moved those has come.
    fn is_settled(&self, year: i16) -> bool {
        year == LAST.year() && self.notices.contains_key(&year.saturating_add(1))
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
        for _ in 0..MOST_DAYS {
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
            for _ in 0..MOST_DAYS {
                if date >= to {
                    break;
                }
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
    let known =
        (BUILTIN.0..=BUILTIN.1).contains(&date.year()) || (date.year() == LAST.year() && date <= LAST);
    let ymd =
        (u16::try_from(date.year()).ok()?, u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    known.then(|| chinese_holiday::chinese_holiday(ymd).is_workday())
}

/// The years that the crate knows whole.
const BUILTIN: (i16, i16) = (2004, 2025);
/// The last day that it knows.
const LAST: Date = jiff::civil::date(2026, 12, 25);
/// Days that are walked at most: every limit ends within its own, twice over for weekends, and the stops' length.
const MOST_DAYS: u32 = 20_000;
