//! G7: every item has its fields in an order, values come whole or masked, photos get their names, and nothing is marked without a
//! number or a reason.

use super::*;
use crate::{
    case::{
        event::{Transcribed, What},
        note,
        tests::{
            flow::{accept_it, filled},
            support::{Doc, VILLAGE, version},
        },
    },
    catalogue,
    station::CENTRE,
};

fn copied<'a>(case: &'a Case, version: &'a Version) -> Copied<'a> {
    Copied { case, version, station: "杨村便民服务站" }
}

fn accepted(code: &str) -> Doc {
    let mut doc = filled(code);
    accept_it(&mut doc, true).unwrap();
    doc
}

/// Fails when a sample item has no mapping, one of its 申请表's fields is left out, or the mapping does not come back from its page
/// as it was shown.
#[test]
fn g7_every_sample_item_has_a_mapping_made_of_its_form() {
    let sample = catalogue::sample().unwrap();
    let versions: Vec<&Version> = sample.items().flat_map(|item| &item.versions).collect();
    assert!(versions.len() > 90);
    for version in versions {
        let mapping = Mapping::derived(version);
        let sources: Vec<&str> = mapping.fields.iter().map(|place| place.source.as_str()).collect();
        assert!(sources.contains(&facts::NAME), "{}", version.code);
        for field in &version.form {
            let own = facts::form(&field.id);
            let there = sources.contains(&own.as_str()) || sources.contains(&"members");
            assert!(there, "{} {}", version.code, field.label);
        }
        let shown = ItemSetting::of(&mapping, version);
        assert_eq!(shown.read(version).unwrap(), mapping, "{}", version.code);
    }
}

/// Fails when a line that cannot be read is dropped in silence, or its number is not told.
#[test]
fn g7_a_wrong_line_of_a_mapping_is_told_by_its_number() {
    let version = version("S047");
    let good = ItemSetting {
        system: "民政".into(),
        fields: "申请人=姓名或名称\n镇＝固定：枫河镇".into(),
        photos: PATTERN.into(),
    };
    let mapping = good.read(&version).unwrap();
    assert_eq!(mapping.fields[1], Place { label: "镇".into(), source: "=枫河镇".into() });
    let wrong = ItemSetting { fields: "姓名\n\n电话 = 手机".into(), ..good.clone() };
    let refusal = wrong.read(&version).unwrap_err();
    // the first line says both by one word: it is no source, as the third line is none
    let told: Vec<&str> = refusal.fields.iter().map(|error| error.message.as_str()).collect();
    assert!(told.len() == 2 && told[0].contains("第 1 行") && told[1].contains("第 3 行"), "{told:?}");
    for (system, photos) in [("", PATTERN), ("民政", "材料名"), ("民政", "")] {
        let wrong = ItemSetting { system: system.into(), photos: photos.into(), ..good.clone() };
        assert_eq!(wrong.read(&version).unwrap_err().fields.len(), 1, "{system} {photos}");
    }
    assert!(ItemSetting { fields: "\n".into(), ..good }.read(&version).is_err());
}

/// Fails when a value is not masked until it is asked for, a derived one is wrong, or the order is not the mapping's.
#[test]
fn g7_values_come_in_order_whole_and_masked() {
    let doc = accepted("S047");
    let (case, version) = (doc.case(), doc.version.clone());
    let id = case.filing.cell(facts::ID_NUMBER).unwrap().to_owned();
    let fields =
        ["姓名或名称", "证件号码", "性别", "出生日期", "办理情形", "办件编号", "受理站点", "固定：一般件"];
    let typed = fields.map(|source| format!("栏 = {source}")).join("\n");
    let setting = ItemSetting { system: "民政".into(), fields: typed, photos: PATTERN.into() };
    let lines = setting.read(&version).unwrap().lines(&copied(&case, &version));
    let values: Vec<&str> = lines.iter().map(|line| line.value.as_str()).collect();
    assert_eq!(values[1], id);
    assert_eq!(values[3].replace('-', ""), id[6..14]);
    assert_eq!(values[5], case.number().unwrap());
    assert_eq!((values[6], values[7]), ("杨村便民服务站", "一般件"));
    for line in &lines[..2] {
        assert!(line.masked.contains('*') && !line.value.is_empty() && line.masked != line.value);
    }
    assert!(!lines[3].masked.contains(&id[6..10]), "a birthday says who it is");
    assert!(!format!("{lines:?}").contains(&id), "no log says it");
}

/// Fails when a photo's name is not the rule's, or could lead out of its folder.
#[test]
fn g7_photos_are_named_to_the_outside_systems_rules() {
    let doc = accepted("S047");
    let (case, version) = (doc.case(), doc.version.clone());
    let of = copied(&case, &version);
    let id = case.filing.cell(facts::ID_NUMBER).unwrap();
    let material = version.materials.first().unwrap();
    assert_eq!(number_end(&of), id[14..]);
    let name = photo_file(PATTERN, &of, "007X", &material.id, 2);
    assert_eq!(name, format!("007X_{}_2", material.name));
    let odd = photo_file("../材料名:序号/办件编号", &of, "", "no/such", 1);
    assert!(!odd.contains(['/', ':', '\\']), "{odd}");
    assert!(photo_file(&"长".repeat(200), &of, "", &material.id, 1).chars().count() <= 70);
    let step = photo_file(PATTERN, &of, "007X", crate::case::Scene::Visit.code(), 1);
    assert_eq!(step, "007X_入户核查_1", "a step by its words");
}

/// Fails when a fixed text is longer than what the box can keep of a whole mapping.
#[test]
fn g7_a_fixed_text_that_is_too_long_is_told_by_its_line() {
    let version = version("S047");
    let line = |count| format!("申请人 = 姓名或名称\n来源渠道 = 固定：{}", "村".repeat(count));
    let refusal = read_fields(&line(101), &version).unwrap_err();
    assert!(refusal.fields.of("fields").unwrap().contains("第 2 行"), "{refusal:?}");
    assert_eq!(read_fields(&line(100), &version).unwrap().len(), 2);
}

/// Fails when a long material's photos are all called the same, because what is cut off is their number.
#[test]
fn g7_photos_of_a_long_material_are_told_apart() {
    let doc = accepted("S047");
    let (case, mut version) = (doc.case(), doc.version.clone());
    let material = version.materials.first_mut().unwrap();
    material.name = "县级以上医疗机构出具的诊断证明".repeat(6);
    let id = material.id.clone();
    for pattern in [PATTERN, "事项名称_材料名_序号", "办件编号_事项名称_材料名_序号"] {
        let name = |n| photo_file(pattern, &copied(&case, &version), "007X", &id, n);
        assert_ne!(name(1), name(2));
        assert!(name(12).ends_with("_12") && name(12).chars().count() == 70, "{}", name(12));
    }
}

/// Fails when a case waits at the wrong desk, waits before acceptance or after it was copied.
#[test]
fn g7_a_case_waits_from_acceptance_until_it_is_registered() {
    let mut doc = Doc::new("S047");
    assert_eq!(doc.case().to_transcribe(), None, "a draft");
    doc = accepted("S047");
    let waiting = doc.case().to_transcribe().unwrap();
    assert!(waiting.centre, "the township has a step of its own");
    assert_eq!(waiting.since, doc.case().accepted.unwrap().what.on);
    doc.act(|case, ctx, _| note::transcribed(case, "民政系统", "", "系统停机，明天补录", ctx)).unwrap();
    assert_eq!(doc.case().to_transcribe(), None);
    let kept = doc.case();
    let reason = kept.transcribed[0].what.reason.as_deref().unwrap();
    assert_eq!(kept.filing.cell(reason), Some("系统停机，明天补录"));
}

/// Fails when a case is marked without a number and without a reason, be it by a page or by another box.
#[test]
fn g7_a_case_is_never_marked_without_a_number_or_a_reason() {
    let mut doc = accepted("S047");
    for number in ["", "  ", "—", "〔〕"] {
        let refusal =
            doc.act(|case, ctx, _| note::transcribed(case, "民政系统", number, " ", ctx)).unwrap_err();
        assert!(refusal.fields.of("reason").is_some(), "{number}");
    }
    assert!(doc.act(|case, ctx, _| note::transcribed(case, "", "A1", "", ctx)).is_err());
    let bare: What = Transcribed { system: "9/w.0.x".into(), number: None, reason: None }.into();
    for station in [VILLAGE, CENTRE] {
        assert!(matches!(doc.case().judge(&bare, station), crate::case::Verdict::Refused(_)));
    }
    doc.act(|case, ctx, _| note::transcribed(case, "民政系统", "皖民〔2026〕 0012", "", ctx)).unwrap();
    assert_eq!(doc.case().transcribed.len(), 1);
    let mut draft = Doc::new("S047");
    assert!(draft.act(|case, ctx, _| note::transcribed(case, "民政系统", "A1", "", ctx)).is_err());
}

/// Fails when a number is not found because it was typed another way.
#[test]
fn g7_outside_numbers_are_compared_as_people_type_them() {
    assert_eq!(plain_number(" ah-2026/００12 "), plain_number("AH20260012"));
    assert_eq!(plain_number("皖民〔2026〕12号"), "皖民202612号");
    assert_eq!(plain_number("——"), "");
}
