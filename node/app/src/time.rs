//! From the wall clock to the legal date in China. The wall clock is a label; what is printed is what counts.

use crate::Node;
use jiff::Span;
use model::Date;

/// China has had one time, eight hours before UTC's, since 1949.
const CHINA_SECONDS: i64 = 8 * 3600;
const DAY_SECONDS: i64 = 86_400;

/// Days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> i64 {
    Date::constant(1970, 1, 1).until(date).map_or(0, |span| i64::from(span.get_days()))
}

/// The date in China at a moment; 1970-01-01 for a clock out of any calendar.
#[must_use]
pub fn date_of(wall: i64) -> Date {
    let days = wall.saturating_add(CHINA_SECONDS).div_euclid(DAY_SECONDS);
    let epoch = Date::constant(1970, 1, 1);
    Span::new().try_days(days).and_then(|span| epoch.checked_add(span)).unwrap_or(epoch)
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
}
