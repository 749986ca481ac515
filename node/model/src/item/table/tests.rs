use super::*;
use crate::catalogue;

fn sample() -> Vec<Version> {
    catalogue::sample().unwrap().items().flat_map(|item| item.versions.clone()).collect()
}

/// A version written anew from the words of another.
fn rewritten(version: &Version) -> Version {
    let mut new = Version::blank("", Date::constant(2001, 2, 3));
    for table in Table::ALL {
        for row in table.rows(version) {
            let looks = table.looks();
            let words = looks.iter().map(|look| look.key).zip(row).collect();
            let at = (table == Table::Item).then_some(0);
            let (_, wrong) = table.write(&mut new, at, &words);
            assert!(wrong.is_empty(), "{}: {wrong:?}", version.name);
        }
    }
    new
}

/// C3, C5: fails when a field of an item has no column, so that a page or a workbook would lose it.
#[test]
fn every_field_of_the_sample_survives_its_words() {
    for version in sample() {
        assert_eq!(rewritten(&version), version, "{}", version.name);
    }
}

/// Fails when two columns of a table share a key or a heading: a form or a sheet could not tell them apart.
#[test]
fn columns_are_told_apart() {
    for table in Table::ALL {
        let looks = table.looks();
        for (place, look) in looks.iter().enumerate() {
            assert!(
                looks.iter().skip(place + 1).all(|other| other.key != look.key && other.name != look.name),
                "{}",
                look.name
            );
        }
    }
}

/// Fails when what does not fit is taken, or stops what fits from being kept, or is not told with the cure.
#[test]
fn what_does_not_fit_is_told_and_the_rest_is_kept() {
    let mut version = sample().remove(0);
    let before = version.clone();
    let words = BTreeMap::from([
        ("name", "  高龄津贴\t申领  ".to_owned()),
        ("legal", "十天".to_owned()),
        ("promised", "１２".to_owned()),
        ("promised_unit", "自然日".to_owned()),
        ("way", "代办".to_owned()),
        ("applicants", "个人，单位".to_owned()),
    ]);
    let (_, wrong) = Table::Item.write(&mut version, Some(0), &words);
    let told: Vec<_> = wrong.iter().map(|wrong| wrong.name).collect();
    assert_eq!(told, ["村站办理方式", "法定时限"]);
    assert!(
        wrong.iter().all(|wrong| wrong.words.contains("只能是") || wrong.words.contains("整数")),
        "{wrong:?}"
    );
    assert_eq!((version.way, version.legal), (before.way, before.legal));
    assert_eq!(version.name, "高龄津贴 申领");
    assert_eq!(version.promised, Some(crate::item::Limit::calendar(12)));
    assert_eq!(version.applicants.len(), 2);
}

/// Fails when a new row takes the id of another: two materials would share one answer.
#[test]
fn a_new_row_gets_an_id_of_its_own() {
    let mut version = sample().remove(0);
    let count = version.scenarios.len();
    let (place, wrong) =
        Table::Scenarios.write(&mut version, None, &BTreeMap::from([("name", "补发".to_owned())]));
    assert!(wrong.is_empty() && place == count);
    let ids: std::collections::BTreeSet<_> = version.scenarios.iter().map(|s| s.id.clone()).collect();
    assert_eq!(ids.len(), count + 1);
    let first = version.scenarios[0].id.clone();
    let (_, wrong) = Table::Scenarios.write(&mut version, None, &BTreeMap::from([("id", first)]));
    assert_eq!(wrong.len(), 1, "an id that is taken is told");
}

/// C4: fails when a comparison misses a change, or shows what did not change.
#[test]
fn a_comparison_names_what_changed_and_nothing_else() {
    let mut old = sample().remove(0);
    old.promised = Some(crate::item::Limit { days: 10, unit: crate::item::Unit::Working });
    assert!(
        compare(&old, &Version { version: 2, effective: Date::constant(2027, 1, 1), ..old.clone() })
            .is_empty()
    );
    let mut new = old.clone();
    new.promised = None;
    new.guide.place = "镇里".to_owned();
    new.materials[1].passes = "看得清".to_owned();
    let gone = new.rules.remove(0);
    new.route.swap(0, 1);
    Table::Scenarios.write(&mut new, None, &BTreeMap::from([("name", "补发".to_owned())]));
    let found = compare(&old, &new);
    let said: Vec<_> = found.iter().map(|one| (one.table.name(), one.row.as_str(), one.column)).collect();
    let material = old.materials[1].name.as_str();
    let wanted = [
        ("事项", "", "承诺时限"),
        ("事项", "", "承诺时限单位"),
        ("事项", "", "办理地点"),
        ("情形", "补发", ""),
        ("材料", material, "受理标准"),
        ("审查细则", gone.text.as_str(), ""),
        ("环节", "先后顺序", ""),
    ];
    assert_eq!(said, wanted);
}

/// Fails when a date as people write it is not understood, or nonsense is taken for one.
#[test]
fn dates_are_read_as_people_write_them() {
    for text in ["2026-01-05", "2026/1/5", "2026年1月5日", "２０２６．１．５"] {
        assert_eq!(Kind::Date.clean(text).unwrap(), "2026-01-05", "{text}");
    }
    for text in ["2026-02-30", "46027", "明天", "2026-1", "9999999-1-1"] {
        assert!(Kind::Date.clean(text).is_err(), "{text}");
    }
}
