//! What may be marked and suggested: the fields of the intake, and the values that a list offers.

use model::case::help::is_field;
use model::case::{Case, Tick, facts};
use model::item::{FieldKind, Version};

use super::telling::spoken;
use super::thread::Suggesting;
use crate::cases::words;
use crate::view::{Choice, Field};

/// Every field of the intake by name, in the order of its page.
pub(super) fn fields_of(case: &Case, version: &Version) -> Vec<String> {
    let mut names: Vec<String> = [facts::SCENARIO, facts::APPLICANT_KIND].map(str::to_owned).to_vec();
    let people =
        [facts::NAME, facts::ID_NUMBER, facts::UNIT_CODE, facts::CONTACT, facts::PHONE, facts::ADDRESS];
    let unit = case.filing.applicant_kind() == model::item::ApplicantKind::Unit;
    let fits = |name: &&str| match *name {
        facts::UNIT_CODE | facts::CONTACT => unit,
        facts::ID_NUMBER => !unit,
        _ => true,
    };
    names.extend(people.into_iter().filter(fits).map(str::to_owned));
    if case.filing.has_agent() {
        let agent = [facts::AGENT_NAME, facts::AGENT_RELATION, facts::AGENT_ID, facts::AGENT_PHONE];
        names.extend(agent.map(str::to_owned));
    }
    let scenario = case.filing.scenario();
    for field in version.form_for(scenario).filter(|field| !matches!(field.kind, FieldKind::Members)) {
        names.push(facts::form(&field.id));
        if matches!(field.kind, FieldKind::Account { .. }) {
            names.push(facts::form_holder(&field.id));
        }
    }
    names.extend(version.materials_for(scenario).map(|material| facts::material(&material.id)));
    names.extend(version.rules_for(scenario).map(|rule| facts::rule(&rule.id)));
    names.retain(|name| is_field(name, version));
    names
}

/// What may be suggested from a list: the field, `=`, the code.
fn choices(case: &Case, version: &Version) -> Vec<Choice> {
    let mut all = Vec::new();
    let mut offer = |field: &str, code: &str| {
        if case.filing.text(field) != Some(code) {
            let (name, word) = (words::field_named(field, Some(version)), spoken(field, code, Some(version)));
            all.push(Choice::new(format!("{field}={code}"), format!("{name}：{word}")));
        }
    };
    let scenario = case.filing.scenario().to_owned();
    if case.received.is_none() {
        version.scenarios.iter().for_each(|one| offer(facts::SCENARIO, &one.id));
        for material in version.materials_for(&scenario) {
            let name = facts::material(&material.id);
            [Tick::Good, Tick::Bad, Tick::Missing].iter().for_each(|tick| offer(&name, tick.code()));
        }
        for rule in version.rules_for(&scenario) {
            ["pass", "fail"].iter().for_each(|code| offer(&facts::rule(&rule.id), code));
        }
    }
    for field in version.form_for(&scenario) {
        if let FieldKind::Choice { options } = &field.kind {
            options.iter().for_each(|option| offer(&facts::form(&field.id), option));
        }
    }
    all
}

/// The centre's two forms.
pub(super) fn suggesting(
    case: &Case,
    version: &Version,
    names: &[String],
    was: &dyn Fn(&str) -> String,
    error: &dyn Fn(&str) -> Option<String>,
) -> Suggesting {
    let typed = names.iter().filter(|name| facts::is_typed_cell(name));
    let typed = typed.map(|name| Choice::new(name.as_str(), words::field_named(name, Some(version))));
    let none = || Choice::new("", "请选");
    let choices = choices(case, version);
    let choice = (!choices.is_empty()).then(|| {
        let options = std::iter::once(none()).chain(choices).collect();
        Field::select("choice", "建议选择", was("choice"), options).width("full").error(error("choice"))
    });
    Suggesting {
        field: Field::select("field", "哪一项", was("field"), std::iter::once(none()).chain(typed).collect())
            .width("full")
            .error(error("field")),
        value: Field::text("value", "建议填写", was("value")).width("full").max(120).error(error("value")),
        why: Field::text("why", "为什么", was("why")).width("full").max(120).hint("可以空着"),
        choice,
        choice_why: Field::text("choice-why", "为什么", was("choice-why"))
            .width("full")
            .max(120)
            .hint("可以空着"),
    }
}
