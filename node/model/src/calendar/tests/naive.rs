//! D4: counting against a model that takes one day after the other and knows nothing else.

use super::*;

/// The last day of a limit, one day after the other.
fn naive(calendar: &Calendar, from: Date, days: u16, unit: Unit, stopped: &[Date]) -> Date {
    let (mut date, mut left) = (from, days);
    while left > 0 {
        date = date.tomorrow().unwrap();
        if stopped.contains(&date) {
            continue;
        }
        if unit == Unit::Calendar || calendar.day(date).working {
            left -= 1;
        }
    }
    date
}

fn dates() -> impl Strategy<Value = Date> {
    (2020i16..2042, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

proptest! {
    /// Fails when the acceptance day counts, a stop gives back more or fewer days than it took, or a unit is mixed up.
    #[test]
    fn d4_counting_is_what_one_day_after_the_other_gives(
        from in dates(), days in 1u16..60, unit in prop_oneof![Just(Unit::Working), Just(Unit::Calendar)],
        stop in proptest::option::of((0i64..40, 0i64..40)),
    ) {
        let calendar = Calendar::builtin();
        let stop = stop.map(|(after, long)| {
            let began = from.saturating_add(after.days());
            Stop { from: began, to: Some(began.saturating_add(long.days())) }
        });
        let stopped: Vec<Date> = stop.iter().flat_map(|stop| {
            let to = stop.to.unwrap();
            std::iter::successors(stop.from.tomorrow().ok(), |d| d.tomorrow().ok()).take_while(move |d| *d <= to)
        }).collect();
        let limit = Limit { days, unit };
        let stops: Vec<Stop> = stop.into_iter().collect();
        let due = calendar.due_with_stops(from, limit, &stops);
        prop_assert_eq!(due.date, naive(&calendar, from, days, unit, &stopped));
    }

    /// Fails when papers taken on a weekend or holiday win or lose a day: all free days in a row are due as the working day
    /// before them.
    #[test]
    fn d4_intake_on_a_free_day_counts_from_the_next_working_day(from in dates(), days in 1u16..40) {
        let calendar = Calendar::builtin();
        let mut worked = from;
        while !calendar.day(worked).working {
            worked = worked.yesterday().unwrap();
        }
        prop_assert_eq!(
            calendar.due(from, Limit::working(days)).date,
            calendar.due(worked, Limit::working(days)).date
        );
    }

    /// Fails when 公示 counts working days, or the day of posting.
    #[test]
    fn d4_a_notice_stands_for_calendar_days(posted in dates(), days in 1u16..31) {
        let (from, until) = Calendar::notice_days(posted, days);
        prop_assert_eq!(from, posted.tomorrow().unwrap());
        prop_assert_eq!(from.until(until).unwrap().get_days() + 1, i32::from(days));
    }

    /// Fails when a date in a year without a notice is not marked, or one before is.
    #[test]
    fn d4_dates_beyond_the_last_notice_are_marked(from in dates(), days in 1u16..40) {
        let calendar = Calendar::builtin();
        let due = calendar.due(from, Limit::working(days));
        prop_assert_eq!(due.provisional, due.date > LAST);
        prop_assert_eq!(calendar.is_certain(from, due.date), due.date <= LAST || from >= due.date);
    }
}
