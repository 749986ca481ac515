//! D4: the years of the crate against the State Council's notices, and what the page of a notice takes and refuses.

use super::*;

const NOTICES: &str = include_str!("../notices.txt");

/// The notices of the data file, read as the page reads them.
fn notices() -> Vec<YearNotice> {
    let parts = NOTICES.split("\n= ").skip(1);
    let notice = |part: &str| {
        let (head, words) = part.split_once('\n').unwrap();
        let (year, source) = head.split_once(' ').unwrap();
        read(year.parse().unwrap(), source, words).unwrap_or_else(|e| panic!("{head}: {e}")).notice
    };
    parts.map(notice).collect()
}

/// Fails when a day of 2020 to 2026 is counted otherwise than the notices say.
#[test]
fn d4_every_day_of_2020_to_2026_is_as_the_notices_say() {
    let builtin = Calendar::builtin();
    let notices = notices();
    assert_eq!(notices.iter().map(|n| n.year).collect::<Vec<_>>(), (2020..=2026).collect::<Vec<_>>());
    let mut days = 0;
    for notice in notices {
        let year = notice.year;
        let alone = Calendar::builtin().with(notice);
        let mut date = Date::new(year, 1, 1).unwrap();
        while date.year() == year {
            assert_eq!(builtin.day(date).working, alone.day(date).working, "{date}");
            assert!(!alone.day(date).provisional, "{date}");
            date = date.tomorrow().unwrap();
            days += 1;
        }
    }
    assert_eq!(days, 7 * 365 + 2);
}

/// The comparison above catches a planted fault: one worked Sunday that is forgotten.
#[test]
fn d4_a_forgotten_worked_sunday_would_be_seen() {
    let mut notice = notices().into_iter().find(|n| n.year == 2026).unwrap();
    notice.work.remove(&day("2026-09-20"));
    assert_ne!(
        Calendar::builtin().day(day("2026-09-20")),
        Calendar::builtin().with(notice).day(day("2026-09-20"))
    );
}

fn refused(text: &str) -> String {
    read(2027, "国办发明电〔2026〕8号", text).unwrap_err().message
}

/// Fails when a notice that contradicts itself moves deadlines.
#[test]
fn d4_a_notice_that_does_not_fit_itself_is_refused() {
    for (text, why) in [
        ("", "没有读到放假的日子"),
        ("元旦：1月1日（周四）放假", "2027年1月1日是周五，写的是周四"),
        ("元旦：1月1日至3日放假，共4天", "是 3 天，写的是 4 天"),
        ("元旦：1月1日至3日", "没有写是放假还是上班"),
        ("清明：2月30日放假", "没有“2月30日”这一天"),
        ("清明：4月6日至4日放假", "前后不对"),
        ("元旦：2026年1月1日放假", "不在 2027 年"),
        ("元旦：1月1日放假，1月1日上班", "又写放假，又写上班"),
        ("春节：2月1日至12月31日放假", "前后不对"),
    ] {
        let told = refused(text);
        assert!(told.contains(why), "{text}: {told}");
    }
    assert!(read(1999, "x", "1月1日放假").unwrap_err().fields.of("year").is_some());
    assert!(read(2027, " ", "1月1日放假").unwrap_err().fields.of("source").is_some());
}

/// Fails when a way of writing dates that a clerk would use is read otherwise than meant.
#[test]
fn d4_dates_are_read_the_way_people_write_them() {
    let days = |text: &str| {
        let notice = read(2027, "试", text).unwrap().notice;
        let list =
            |days: &BTreeSet<Date>| days.iter().map(|d| d.strftime("%m%d").to_string()).collect::<Vec<_>>();
        format!("{}/{}", list(&notice.rest).join(" "), list(&notice.work).join(" "))
    };
    for text in [
        "元旦：1月1日（周五）至3日（周日）放假，共3天。1月4日上班。",
        "2027-01-01 至 2027-01-03 放假\n2027.1.4 上班",
        "1月1-3日放假\n１月４日补班",
        "1月1日-1月3日 休\n1/4\n",
        "2027/1/1到2027/1/3,放假;1月4号上班",
        "国务院办公厅关于2027年部分节假日安排的通知\n一、元旦：1月1日至3日放假，1月4日上班。\n国务院办公厅\n2026年11月4日",
    ] {
        if text.contains("1/4\n") {
            // a day and a month alone could be either way round: it is not guessed
            assert_eq!(days(text), "0101 0102 0103/");
            continue;
        }
        assert_eq!(days(text), "0101 0102 0103/0104", "{text}");
    }
    assert_eq!(days("元旦：2026年12月31日至2027年1月2日放假"), "1231 0101 0102/");
}

/// Fails when a notice has no say in the December before it, or an older one wins over it.
#[test]
fn d4_a_notice_may_move_days_of_the_december_before() {
    let words = "元旦：2026年12月31日至2027年1月2日放假，2026年12月27日（周日）上班";
    let notice = read(2027, "试", words).unwrap().notice;
    let calendar = Calendar::builtin().with(notice);
    assert_eq!(calendar.day(day("2026-12-31")), Day { working: false, provisional: false });
    assert_eq!(calendar.day(day("2026-12-27")), Day { working: true, provisional: false });
    let ordinary = day("2026-12-28");
    assert_eq!(Calendar::builtin().day(ordinary), Day { working: true, provisional: true });
    assert_eq!(calendar.day(ordinary), Day { working: true, provisional: false }, "nothing was said of it");
    assert_eq!(calendar.known(2026), Known::Builtin);
}

/// Fails when a year without a notice is called certain, or one with a notice is not.
#[test]
fn d4_what_is_known_of_a_year_is_said() {
    let calendar = Calendar::builtin();
    assert_eq!(calendar.known(2025), Known::Builtin);
    assert_eq!(calendar.known(2026), Known::BuiltinUntil(day("2026-12-25")));
    for year in [1990, 2003, 2027, 2040] {
        assert_eq!(calendar.known(year), Known::Nothing, "{year}");
        assert!(calendar.working_days(year).count() > 255, "{year}");
    }
    assert_eq!(calendar.working_days(2024).count(), 251);
    let calendar = calendar.with(read(2027, "试", "元旦：1月1日放假").unwrap().notice);
    assert!(matches!(calendar.known(2027), Known::Notice(_)));
    assert!(calendar.is_certain(day("2026-12-31"), day("2027-06-01")));
    assert!(!calendar.is_certain(day("2027-12-31"), day("2028-01-03")));
}

proptest! {
    /// Fails when any text at all panics the reader.
    #[test]
    fn any_text_is_read_or_refused(text in "[0-9年月日至（）周一日放假上班，。:\\-\n]{0,60}", year in -100i16..3000) {
        let _ = read(year, "试", &text);
    }
}
