use super::*;
use crate::catalogue;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Fails when a sample package cannot be published from the sample catalogue, is not marked as one, or there are fewer
/// than three.
#[test]
fn d8_the_sample_packages_can_be_published() {
    let (catalogue, packages) = (catalogue::sample().unwrap(), sample().unwrap());
    assert!(packages.len() >= 3);
    for package in &packages {
        assert!(package.sample, "{}", package.code);
        let errors = package.check(&catalogue, day("2026-11-23"));
        let told: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        assert!(told.is_empty(), "{}: {told:?}", package.name);
    }
}

/// Fails when a package without a name, with one item, with an item that is not in force, or with items of no common
/// applicant may be published.
#[test]
fn d8_what_cannot_be_asked_at_once_is_no_package() {
    let catalogue = catalogue::sample().unwrap();
    let told = |items: &[&str]| {
        let package = Package {
            items: items.iter().map(|&code| code.to_owned()).collect(),
            ..Package::blank("T9", day("2026-11-23"))
        };
        let errors = package.check(&catalogue, day("2026-11-23"));
        errors.iter().map(|error| error.message.clone()).collect::<Vec<_>>().join("\n")
    };
    let all = told(&["S074"]);
    assert!(all.contains("还没填套餐名称") && all.contains("还没选主题") && all.contains("现在是 1 个"));
    assert!(told(&["S074", "S999"]).contains("“S999”那天没有在用的版本"));
    assert!(told(&["S074", "S054"]).contains("申请人不是同一类"), "a person and a household");
    assert!(!told(&["S074", "S033"]).contains("事项"), "{}", told(&["S074", "S033"]));
}

/// Fails when a package is not found by its name, its initials, its theme or an alias; or when a retired or a future one
/// is.
#[test]
fn d8_a_package_is_found_as_items_are() {
    let mut all = sample().unwrap();
    all.push(Package {
        version: 2, effective: day("2027-01-01"), name: "新名字".into(), ..all[0].clone()
    });
    all[2].retired = Some(day("2026-11-01"));
    let packages = Packages::new(all);
    let found = |query: &str| {
        let hits = packages.search(query, day("2026-11-23"), 9);
        hits.iter().map(|hit| hit.package.code.clone()).collect::<Vec<_>>()
    };
    assert_eq!(found("退休"), ["T02"]);
    assert_eq!(found("dltxyl"), ["T02"], "by its initials");
    assert_eq!(found("开店"), ["T04"]);
    assert_eq!(found("出生"), ["T01"]);
    assert_eq!(packages.current("T01", day("2026-11-23")).unwrap().version, 1);
    assert!(found("身后").is_empty(), "retired");
    assert!(found("").is_empty());
    let offered = packages.offered(day("2026-11-23"));
    assert_eq!(offered.len(), 4);
    assert_eq!(offered[0].code, "T01", "by theme");
}
