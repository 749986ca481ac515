mod naive;
mod reading;

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Fails if 调休 is ignored: 10 October 2026 is a worked Saturday, 1 to 7 October are free.
#[test]
fn national_day_2026() {
    let calendar = Calendar::builtin();
    assert!(calendar.day(day("2026-10-10")).working);
    assert!(!calendar.day(day("2026-10-05")).working);
    let due = calendar.due(day("2026-09-30"), Limit::working(3));
    assert_eq!(due, Due { date: day("2026-10-10"), provisional: false });
}

/// Fails if the acceptance day is counted; the date is the one on the printed example.
#[test]
fn fifteen_working_days_from_a_monday() {
    let due = Calendar::builtin().due(day("2026-11-23"), Limit::working(15));
    assert_eq!(due, Due { date: day("2026-12-14"), provisional: false });
}

/// Fails if papers taken on a weekend lose or win a day: Monday is the first that counts.
#[test]
fn weekend_intake_counts_from_the_next_working_day() {
    let calendar = Calendar::builtin();
    for intake in ["2026-11-20", "2026-11-21", "2026-11-22"] {
        assert_eq!(calendar.due(day(intake), Limit::working(1)).date, day("2026-11-23"), "{intake}");
    }
}

/// Fails if a due date in January panics, or hides that no notice is known.
#[test]
fn a_year_without_notice_is_provisional_and_a_synced_notice_settles_it() {
    let calendar = Calendar::builtin();
    let due = calendar.due(day("2026-12-24"), Limit::working(6));
    assert_eq!(due, Due { date: day("2027-01-01"), provisional: true });
    let free = |days: &[&str]| days.iter().map(|d| day(d)).collect();
    let notice =
        |year, rest: &[&str]| YearNotice { year, source: String::new(), rest: free(rest), work: free(&[]) };
    let calendar = calendar.with(notice(2027, &["2027-01-01"])).with(notice(2026, &[]));
    let due = calendar.due(day("2026-12-24"), Limit::working(6));
    assert_eq!(due, Due { date: day("2027-01-04"), provisional: false });
}

/// Fails if a stop does not move the due date by exactly the days it covered.
#[test]
fn a_stopped_clock_gives_its_days_back() {
    let calendar = Calendar::builtin();
    let stop = Stop { from: day("2026-11-24"), to: Some(day("2026-11-26")) };
    let due = calendar.due_with_stops(day("2026-11-23"), Limit::working(5), &[stop]);
    assert_eq!(due.date, day("2026-12-02"));
}

/// Fails if a light turns a day early or late: limit 15, a third is 5.
#[test]
fn lights() {
    let calendar = Calendar::builtin();
    let light = |today: &str| calendar.light(day(today), day("2026-12-14"), Limit::working(15));
    assert_eq!(light("2026-12-04"), Light::Normal);
    assert_eq!(light("2026-12-07"), Light::Yellow);
    assert_eq!(light("2026-12-13"), Light::Yellow);
    assert_eq!(light("2026-12-14"), Light::Red);
    assert_eq!(light("2026-12-15"), Light::Overdue);
    let one = |today: &str| calendar.light(day(today), day("2026-11-24"), Limit::working(1));
    assert_eq!(one("2026-11-23"), Light::Yellow);
    assert_eq!(calendar.left(day("2026-12-16"), day("2026-12-14"), Unit::Working), -2);
}

/// Fails if 公示 counts the day of posting or working days only.
#[test]
fn notice_days_are_calendar_days() {
    assert_eq!(Calendar::notice_days(day("2026-11-23"), 7), (day("2026-11-24"), day("2026-11-30")));
}

proptest! {
    /// Fails if any date at all panics, or if counting forward and back disagree.
    #[test]
    fn any_date_counts(year in 1950i16..2150, month in 1i8..=12, at in 1i8..=28, days in 1u16..60) {
        let calendar = Calendar::builtin();
        let from = Date::new(year, month, at).unwrap();
        let due = calendar.due(from, Limit::working(days));
        prop_assert_eq!(calendar.left(from, due.date, Unit::Working), i32::from(days));
        prop_assert!(calendar.day(due.date).working);
    }
}
