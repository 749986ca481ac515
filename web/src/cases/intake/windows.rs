//! One draft in two windows: what is told about a field that the other window changed.

use std::collections::BTreeMap;

use model::FieldErrors;
use model::case::{Tick, facts};
use model::item::{ApplicantKind, Version};

/// What a clerk calls a field of this item.
fn label(name: &str, version: &Version) -> String {
    let id = name.split_once('/').map_or("", |(_, id)| id);
    let own = match name.split('/').next() {
        Some("m") => version.material(id).map(|material| material.name.clone()),
        Some("r") => version.rule(id).map(|rule| rule.text.clone()),
        _ => {
            let id = id.strip_prefix("form.").unwrap_or("");
            version.form.iter().find(|field| field.id == id).map(|field| field.label.clone())
        }
    };
    own.unwrap_or_else(|| facts::label(name).to_owned())
}

/// Errors of fields under the names that this item's page gives them.
pub(crate) fn named(errors: &FieldErrors, version: &Version) -> FieldErrors {
    let mut named = FieldErrors::default();
    for error in errors.iter() {
        let label = label(&error.field, version);
        let told = error.message.strip_prefix(error.label.as_str());
        let message = told.map_or_else(|| error.message.clone(), |rest| format!("{label}{rest}"));
        named.add(error.field.clone(), label, message);
    }
    named
}

/// What stands in a field, as its page words it.
fn words(name: &str, text: &str, version: &Version) -> String {
    let said = match (name, name.split('/').next(), text) {
        (_, _, "") => return "空着".to_owned(),
        (facts::SCENARIO, ..) => version.scenario(text).map(|one| one.name.clone()),
        (facts::APPLICANT_KIND, ..) => ApplicantKind::parse(text).map(|kind| kind.label().to_owned()),
        (facts::ID_KIND, _, "resident") => Some("居民身份证".to_owned()),
        (facts::ID_KIND, ..) => Some("其他证件".to_owned()),
        (facts::HAS_AGENT, ..) => Some("有人代办".to_owned()),
        (_, Some("m"), _) => {
            Tick::ALL.into_iter().find(|tick| tick.code() == text).map(|tick| tick.label().to_owned())
        }
        (_, Some("r"), "pass") => Some("合格".to_owned()),
        (_, Some("r"), "fail") => Some("不合格".to_owned()),
        _ => None,
    };
    format!("“{}”", said.unwrap_or_else(|| text.to_owned()))
}

/// What is told where both windows changed a field: what is kept, what was typed here, and how to choose.
pub(crate) fn clashed(
    names: &[String],
    typed: &BTreeMap<String, String>,
    kept: &BTreeMap<String, String>,
    version: &Version,
) -> FieldErrors {
    let text = |all: &BTreeMap<String, String>, name: &str| {
        words(name, all.get(name).map_or("", String::as_str), version)
    };
    let mut told = FieldErrors::default();
    for name in names {
        let (there, here) = (text(kept, name), text(typed, name));
        let why = format!(
            "另一个窗口里已经存成{there}，这里写的是{here}，还没存。看看用哪个：用这里的，直接点“存草稿”；用那个，照着改过来。"
        );
        told.add(name.clone(), label(name, version), why);
    }
    told
}

/// What is told where only the other window changed a field, and the page now shows the new text.
pub(crate) fn moved(
    names: &[String],
    typed: &BTreeMap<String, String>,
    kept: &BTreeMap<String, String>,
    version: &Version,
) -> FieldErrors {
    let mut told = FieldErrors::default();
    for name in names {
        let before = typed.get(name).map(|text| format!("原来是{}，", words(name, text, version)));
        let now = words(name, kept.get(name).map_or("", String::as_str), version);
        let why = format!("{}另一个窗口里改成了{now}，这里已经换上。", before.unwrap_or_default());
        told.add(name.clone(), label(name, version), why);
    }
    told
}
