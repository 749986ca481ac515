//! From the wall clock to the legal date in China. The wall clock is a label; what is printed is what counts.

use crate::commit::Said;
use crate::ports::Confidence;
use crate::{ActError, Node, Who};
use jiff::Span;
use model::{Date, Refusal};
use std::sync::atomic::Ordering;

/// China has had one time, eight hours before UTC's, since 1949.
const CHINA_SECONDS: i64 = 8 * 3600;
const DAY_SECONDS: i64 = 86_400;

/// Days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> i64 {
    Date::constant(1970, 1, 1).until(date).map_or(0, |span| i64::from(span.get_days()))
}

/// The inverse of [`day_number`]; 1970-01-01 for a number out of any calendar.
pub(crate) fn date_of_day(day: i64) -> Date {
    let epoch = Date::constant(1970, 1, 1);
    Span::new().try_days(day).and_then(|span| epoch.checked_add(span)).unwrap_or(epoch)
}

/// The date in China at a moment; 1970-01-01 for a clock out of any calendar.
#[must_use]
pub fn date_of(wall: i64) -> Date {
    date_of_day(wall.saturating_add(CHINA_SECONDS).div_euclid(DAY_SECONDS))
}

/// Hour and minute in China.
#[must_use]
pub fn clock_of(wall: i64) -> (i64, i64) {
    let second = wall.saturating_add(CHINA_SECONDS).rem_euclid(DAY_SECONDS);
    (second / 3600, second % 3600 / 60)
}

impl Node {
    /// Today's date in China by this box's clock.
    #[must_use]
    pub fn today(&self) -> Date {
        date_of(self.ports().clock.wall())
    }

    /// How far today's date can be believed: by the clock, or by the word of a clerk since this start.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        let told = if self.day_confirmed().load(Ordering::Relaxed) {
            Confidence::Confirmed
        } else {
            Confidence::Unknown
        };
        self.ports().clock.confidence().max(told)
    }

    /// A clerk says that `day` is today; holds until the box starts again. The audit keeps who said so.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the box's date is another by now, or when the disk says no.
    pub fn confirm_today(&self, who: &Who, day: Date) -> Result<(), ActError> {
        if day != self.today() {
            return Err(Refusal::because("盒子上的日期刚刚变了，请再看一眼。").into());
        }
        let who = who.clone();
        self.commit(move |job| {
            let said = Said { act: "核对今天的日期", detail: day.to_string() };
            job.audit(&who, &said, None)
        })?;
        self.day_confirmed().store(true, Ordering::Relaxed);
        Ok(())
    }
}
