use super::*;
use crate::case::tests::support::{Doc, version};

/// 养老待遇、社保卡启用、家庭医生: they share an id card and who asks.
fn docs(codes: &[&str]) -> Vec<Doc> {
    let mut docs: Vec<Doc> = codes.iter().map(|code| Doc::new(code)).collect();
    for doc in &mut docs {
        let first = doc.version.scenarios[0].id.clone();
        doc.typed(&[("scenario", first.as_str())]);
    }
    docs
}

fn with<T>(docs: &[Doc], look: impl FnOnce(&Together<'_>) -> T) -> T {
    let filings: Vec<Filing> = docs.iter().map(|doc| doc.case().filing).collect();
    let parts = docs.iter().zip(&filings);
    look(&Together::new(parts.map(|(doc, filing)| Part { version: &doc.version, filing }).collect()))
}

/// Fails when the same material, rule or field of two items is asked twice, or when what only looks alike is asked once.
#[test]
fn d8_what_is_the_same_is_asked_once() {
    let docs = docs(&["S021", "S029", "S083"]);
    with(&docs, |together| {
        let id_card = |code: &str| version(code).material("id_card").unwrap().name.clone();
        assert_eq!((id_card("S021"), id_card("S083")), ("居民身份证".into(), "经营者居民身份证".into()));
        assert_eq!(together.page_name(0, "m/id_card"), "1.m/id_card");
        assert_eq!(together.page_name(1, "m/id_card"), "1.m/id_card", "the same card");
        assert_eq!(together.page_name(1, "m/id_card/how"), "1.m/id_card/how");
        assert_eq!(together.page_name(2, "m/id_card"), "3.m/id_card", "another card");
        assert_eq!(together.page_name(1, "r/same_person"), "1.r/same_person");
        assert_eq!(together.page_name(2, "0/name"), "0/name", "who asks is asked once");
        assert_eq!(together.page_name(1, "scenario"), "2.scenario", "the situation is each item's own");
        let both = vec![(0, "m/id_card".to_owned()), (1, "m/id_card".to_owned())];
        assert_eq!(together.targets("1.m/id_card"), both);
        assert_eq!(together.targets("2.m/id_card"), [], "no page asks for it there");
        assert_eq!(together.targets("0/phone").len(), 3);
        assert_eq!(together.targets("scenario"), []);
        assert_eq!(together.targets("9.m/id_card"), []);
        assert_eq!(together.asked_for(0, "m/id_card"), 2);
    });
}

/// Fails when what was typed on the page does not land in every draft that asks for it, or comes back under another name.
#[test]
fn d8_what_is_typed_once_stands_in_each() {
    let mut docs = docs(&["S021", "S029"]);
    let typed: BTreeMap<String, String> = [("0/name", "吴秀英"), ("1.m/id_card", "ok"), ("2.scenario", "s2")]
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect();
    let each = with(&docs, |together| together.split(&typed));
    for (doc, own) in docs.iter_mut().zip(each) {
        let pairs: Vec<(&str, &str)> = own.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
        doc.typed(&pairs);
    }
    let answers: Vec<_> = docs.iter().map(|doc| doc.case().filing.material("id_card")).collect();
    assert_eq!(answers, [crate::case::Tick::Good, crate::case::Tick::Good]);
    assert_eq!(docs[1].case().filing.scenario(), "s2");
    assert_ne!(docs[0].case().filing.scenario(), "s2");
    let kept = with(&docs, |together| together.typed());
    for (name, text) in &typed {
        assert_eq!(kept.get(name), Some(text), "{name}");
    }
}

/// Fails when a refusal does not say which item, by which field of the page, and that nothing was taken; or says what is
/// shared once for each item.
#[test]
fn d8_a_refusal_names_the_item_and_the_field_of_the_page() {
    let docs = docs(&["S021", "S029"]);
    let refused: Vec<(usize, Refusal)> = docs
        .iter()
        .enumerate()
        .map(|(place, doc)| {
            let checked = doc.case().filing.check(&doc.version, doc.today);
            (place, Refusal::fields(checked.all_errors()))
        })
        .collect();
    let told = with(&docs, |together| together.refused(&refused));
    assert!(told.message.contains("一件也没有收") && told.message.contains(&docs[1].version.name));
    let count = |field: &str| told.fields.iter().filter(|error| error.field == field).count();
    assert_eq!((count("0/name"), count("1.m/id_card"), count("2.m/id_card")), (1, 1, 0));
    let other =
        with(&docs, |together| together.refused(&[(1, Refusal::because("这个事项的资料还没到本机。"))]));
    assert_eq!(other.fields.iter().next().unwrap().label, docs[1].version.name);
}

/// Fails when a plain name is taken for one with a place.
#[test]
fn d8_places_are_told_from_names() {
    assert_eq!(bare("0/form.account"), "0/form.account");
    assert_eq!(bare("12.0/form.account"), "0/form.account");
    assert_eq!(bare("1.m/x"), "m/x");
    assert_eq!((placed("0.m/x"), placed(".m/x"), placed("123.m/x")), (None, None, None));
}
