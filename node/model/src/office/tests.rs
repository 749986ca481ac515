use super::*;

/// A6: fails when a window takes an item it does not take, or turns one away that it does.
#[test]
fn a_window_takes_what_its_kind_says() {
    let catalogue = crate::catalogue::sample().unwrap();
    let today = jiff::civil::date(2026, 11, 23);
    let items: Vec<&Version> = catalogue.items().filter_map(|item| item.on(today)).collect();
    let (first, other) = (items[0], items.iter().find(|item| item.area != items[0].area).unwrap());
    let window = |kind, takes: &str| Window {
        number: 1,
        kind,
        takes: vec![takes.to_owned()],
        a: Clerk::default(),
        b: Clerk::default(),
        hours: String::new(),
    };
    for (kind, takes, sees_other) in [
        (WindowKind::Any, "", true),
        (WindowKind::Fields, first.area.as_str(), false),
        (WindowKind::Special, first.code.as_str(), false),
    ] {
        assert!(window(kind, takes).serves(first));
        assert_eq!(window(kind, takes).serves(other), sees_other, "{kind:?}");
    }
}

/// A4: fails when the first or last day away does not count, or a day beside them does.
#[test]
fn the_days_away_count_both_ends() {
    let day = |d| jiff::civil::date(2026, 11, d);
    let away = Away { clerk: Clerk::default(), from: day(23), until: day(25), told_by: String::new() };
    let on: Vec<bool> = (22..=26).map(|d| away.on(day(d))).collect();
    assert_eq!(on, [false, true, true, true, false]);
}

/// B5: fails when the limits are not 5 and 1 working days by default, or a weekend counts.
#[test]
fn the_default_limits_count_working_days() {
    let (settings, calendar) = (Settings::default(), Calendar::builtin());
    let friday = jiff::civil::date(2026, 11, 27);
    assert_eq!(settings.answer_by(friday, &calendar), jiff::civil::date(2026, 11, 30));
    assert_eq!(settings.handle_by(friday, &calendar), jiff::civil::date(2026, 12, 4));
}
