mod search;

use super::*;
use crate::item::{Act, ApplicantKind, Level, Limit, Need, Unit, Way};

fn today() -> Date {
    "2026-11-23".parse().unwrap()
}

fn found(query: &str) -> Vec<String> {
    let catalogue = sample().unwrap();
    catalogue.search(query, today(), 5).iter().map(|h| h.version.name.clone()).collect()
}

/// Fails if a clerk's way of typing no longer finds 高龄津贴 first.
#[test]
fn every_way_of_typing_finds_the_item() {
    for query in [
        "gljt",
        "gaolingjintie",
        "高龄",
        "高ljt",
        "gaoljt",
        "GLJT",
        "jintie",
        "glingjt",
        "gaolingjin",
        "高龄津贴申领",
        "ｇｌｊｔ",
    ] {
        assert_eq!(found(query).first().map(String::as_str), Some("高龄津贴申领"), "{query}");
    }
    assert_eq!(found("低保").first().map(String::as_str), Some("最低生活保障审核确认"));
    assert_eq!(found("db").first().map(String::as_str), Some("最低生活保障审核确认"));
    assert_eq!(found("yiliao gaoling").first().map(String::as_str), None);
    assert_eq!(found("shenling gaoling").first().map(String::as_str), Some("高龄津贴申领"));
    assert!(found("").is_empty() && found("   ").is_empty() && found("qqqq").is_empty());
    assert!(found(&"a".repeat(5000)).is_empty());
}

/// Fails if only a character's commonest reading is tried: 行 is xing and hang, 长 is chang and zhang, 女 nv and nu.
#[test]
fn heteronyms_match_by_each_reading() {
    let key = Key::of("银行行长子女");
    let score = |word: &str| key.score(&Word::of(word));
    for word in ["yhhzzn", "yxxczn", "yinhang", "xingzhang", "hangchang", "nv", "zinu"] {
        assert!(score(word).is_some(), "{word}");
    }
    assert!(score("hz").is_some() && score("yz").is_none());
}

/// Fails if the better match does not come first.
#[test]
fn whole_names_come_before_beginnings_and_middles() {
    let score = |name: &str| Key::of(name).score(&Word::of("失业登记")).unwrap();
    assert!(score("失业登记") > score("失业登记证明") && score("失业登记证明") > score("办理失业登记"));
    let typed = Word::of("gljt");
    assert!(Key::of("高龄津贴").score(&typed) > Key::of("申领高龄津贴").score(&typed));
}

/// Fails if a big catalogue is not searched to the end or the limit is not kept. (10 to 20 ms in a debug build.)
#[test]
fn two_thousand_items_are_searched() {
    let base = sample_small().unwrap();
    let mut versions = Vec::new();
    for n in 0..2000u32 {
        let mut version = base.items().nth((n % 17) as usize).unwrap().versions[0].clone();
        version.code = format!("X{n}");
        version.name = format!("{}{n}", version.name);
        versions.push(version);
    }
    let catalogue = Catalogue::new(versions);
    assert_eq!(catalogue.search("gljt", today(), 10).len(), 10);
    assert_eq!(catalogue.search("zhongguorenminzzzz", today(), 10).len(), 0);
}

fn limit(days: &str, unit: &str) -> Option<Limit> {
    let unit = if unit == "自然日" { Unit::Calendar } else { Unit::Working };
    days.parse().ok().map(|days| Limit { days, unit })
}

/// Fails if the sample departs from the published facts in any column (an empty limit stays 无法定时限).
#[test]
fn the_facts_are_the_published_ones() {
    let catalogue = sample().unwrap();
    let mut seen = 0;
    for line in include_str!("sample-facts.csv").lines().skip(1) {
        let c: Vec<&str> = line.split(',').collect();
        let v = catalogue.current(&format!("S{:0>3}", c[0]), today()).unwrap();
        assert_eq!(
            (v.area.as_str(), v.name.as_str(), v.kind.as_str(), v.decided_by.as_str()),
            (c[1], c[2], c[3], c[4])
        );
        assert_eq!(v.way.label(), c[5]);
        assert_eq!(v.pace.label().starts_with("即办"), c[6] == "是");
        assert_eq!(v.legal, limit(c[7], c[8]), "{}", v.name);
        assert_eq!(v.promised, limit(c[9], "工作日"), "{}", v.name);
        assert_eq!(v.notice, c[10]);
        assert_eq!(v.materials.iter().map(|m| m.name.as_str()).collect::<Vec<_>>().join("；"), c[11]);
        assert_eq!(v.scenarios.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join("；"), c[12]);
        assert_eq!(v.guide.basis, c[13]);
        assert_eq!(v.guide.doubts, c[15]);
        let notice = v.route.iter().any(|s| s.act == Act::Notice);
        // what is carried to an outside body is posted by that body
        assert_eq!(notice, c[10] == "是" && v.way != Way::OnBehalf, "{}", v.name);
        if let Some(given) = c[15].split("公示7").nth(1) {
            assert!(given.starts_with(['日', '天']) && v.notice_days == Some(7), "{}", v.name);
        }
        seen += 1;
    }
    assert_eq!(seen, catalogue.items().count());
}

/// Left out of the sample, because a township that took them over as they stand would do wrong: a paper card that many
/// places no longer give out (51), subsidies by the roll of a whole village and not by one application (71), and
/// certificates whose registration has gone to another office in part (98).
const LEFT_OUT: [u32; 3] = [51, 71, 98];

/// Fails if a row of the published list is missing without a reason.
#[test]
fn only_the_doubtful_rows_are_left_out() {
    let catalogue = sample().unwrap();
    let missing: Vec<u32> = (1..=108).filter(|n| catalogue.item(&format!("S{n:03}")).is_none()).collect();
    assert_eq!(missing, LEFT_OUT);
    assert_eq!(sample_small().unwrap().items().count(), SMALL.len());
}

/// Fails if the set misses a way of acting, a level of decision or a kind of applicant.
#[test]
fn the_set_covers_what_a_demo_must_show() {
    let catalogue = sample().unwrap();
    let all: Vec<&Version> = catalogue.items().map(|i| &i.versions[0]).collect();
    let count = |what: &dyn Fn(&Version) -> bool| all.iter().filter(|v| what(v)).count();
    assert!(all.len() >= 90);
    for way in Way::ALL {
        assert!(count(&|v| v.way == way) >= 2, "{way:?}");
    }
    let decided = |v: &Version| v.deciding_step().map(|s| (s.level, s.outside));
    assert!(count(&|v| v.way != Way::OnBehalf && decided(v) == Some((Level::County, true))) >= 4);
    assert!(count(&|v| decided(v) == Some((Level::Township, false))) >= 2);
    let here = |v: &Version| v.way == Way::Authorised && decided(v) == Some((Level::Village, false));
    assert!(count(&here) >= 3);
    assert!(count(&|v| v.way == Way::OnBehalf && decided(v).is_some_and(|(_, out)| out)) >= 2);
    assert!(count(&|v| v.applicants.first() == Some(&ApplicantKind::Household)) >= 1);
    assert!(count(&|v| v.applicants.first() == Some(&ApplicantKind::Unit)) >= 1);
}

/// Fails if an item lacks anything a page, a paper or the fold needs.
#[test]
fn every_item_is_complete() {
    for item in sample().unwrap().items() {
        let v = &item.versions[0];
        let name = &v.name;
        assert!(v.sample && !v.principal.is_empty() && !v.aliases.is_empty(), "{name}");
        let guide = serde_json::to_value(&v.guide).unwrap();
        for (field, value) in guide.as_object().unwrap() {
            let may_be_empty = matches!(field.as_str(), "doubts" | "remarks");
            let empty = value.as_str() == Some("") || value.as_array().is_some_and(Vec::is_empty);
            assert!(may_be_empty || !empty, "{name}: {field}");
        }
        assert!(
            !v.scenarios.is_empty() && !v.materials.is_empty() && v.form.len() >= 2 && !v.results.is_empty()
        );
        for s in &v.scenarios {
            assert!(v.rules_for(&s.id).count() >= 2, "{name}: {}", s.name);
            assert!(v.materials_for(&s.id).any(|m| m.need == Need::Required), "{name}: {}", s.name);
        }
        for m in &v.materials {
            assert!(
                ![&m.passes, &m.fails, &m.source, &m.source_note, &m.note].iter().any(|t| t.is_empty()),
                "{name}"
            );
            assert_eq!(m.need == Need::Exempt, m.need == Need::Exempt && m.exemption.is_some(), "{name}");
            assert_eq!(m.need == Need::Deferrable, m.defer_days.is_some(), "{name}");
        }
        let ids = |ids: Vec<&String>| {
            let set: std::collections::BTreeSet<&String> = ids.iter().copied().collect();
            assert_eq!(set.len(), ids.len(), "{name}: an id twice");
            assert!(ids.iter().all(|id| crate::case::facts::shape(&format!("r/{id}")).is_some()), "{name}");
        };
        ids(v.materials.iter().map(|m| &m.id).collect());
        ids(v.rules.iter().map(|r| &r.id).collect());
        ids(v.form.iter().map(|f| &f.id).collect());
        let scenarios =
            v.rules.iter().flat_map(|r| &r.scenarios).chain(v.form.iter().flat_map(|f| &f.scenarios));
        assert!(
            scenarios.chain(v.materials.iter().flat_map(|m| &m.scenarios)).all(|s| v.scenario(s).is_some())
        );
        route_is_sound(v);
    }
}

fn route_is_sound(v: &Version) {
    let acts: Vec<Act> = v.route.iter().map(|s| s.act).collect();
    assert_eq!(acts.first(), Some(&Act::Receive), "{}", v.name);
    for act in &acts {
        assert_eq!(acts.iter().filter(|a| *a == act).count(), 1, "{}: {act:?} twice", v.name);
    }
    assert!(acts.contains(&Act::Decide), "{}", v.name);
    assert_eq!(acts.contains(&Act::Accept), v.way != Way::OnBehalf, "{}", v.name);
    let outside = v.deciding_step().unwrap().outside;
    assert_eq!(acts.contains(&Act::ReportUp), outside, "{}", v.name);
    assert_eq!(acts.contains(&Act::Notice), v.notice_days.is_some(), "{}", v.name);
}
