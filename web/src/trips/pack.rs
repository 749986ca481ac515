//! An item as a tablet takes it along: what the guide says, what is asked, what is looked at. All of it is public.

use model::case::Tick;
use model::item::{Exemption, Field, FieldKind, Material, Need, Version};
use serde_json::{Value, json};

/// The item, for the tablet's own form.
pub(super) fn of(version: &Version) -> Value {
    json!({
        "code": version.code,
        "version": version.version,
        "name": version.name,
        "tags": [version.way.label(), version.promised_words()],
        "guide": guide(version),
        "scenarios": version.scenarios.iter().map(|one| json!({ "id": one.id, "name": one.name })).collect::<Vec<_>>(),
        "kinds": version.applicants.iter().map(|kind| json!({ "id": kind.code(), "name": kind.label() })).collect::<Vec<_>>(),
        "materials": version.materials.iter().map(material).collect::<Vec<_>>(),
        "rules": version.rules.iter().filter(|rule| rule.auto.is_none()).map(|rule| json!({
            "id": rule.id, "text": rule.text, "passes": rule.passes, "scenarios": rule.scenarios,
        })).collect::<Vec<_>>(),
        "form": version.form.iter().map(field).collect::<Vec<_>>(),
    })
}

fn guide(version: &Version) -> Vec<(&'static str, String)> {
    let guide = &version.guide;
    let lines = [
        ("受理条件", guide.conditions.join("；")),
        ("办理流程", guide.process.join("；")),
        ("收费", version.fee.words.clone()),
        ("法定时限", version.legal_words()),
        ("咨询方式", guide.consult.clone()),
    ];
    lines.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn material(material: &Material) -> Value {
    let vowed = material.exemption == Some(Exemption::Promise);
    // whether somebody may promise or bring a paper later, the box looks up on return
    let fits = |tick: &Tick| match tick {
        Tick::Later => material.need == Need::Deferrable,
        Tick::Exempt => material.need == Need::Exempt || material.exemption.is_some(),
        Tick::Good | Tick::Bad | Tick::Missing => true,
        Tick::Unseen => false,
    };
    let word = |tick: Tick| if vowed && tick == Tick::Exempt { "告知承诺" } else { tick.label() };
    let ticks =
        Tick::ALL.into_iter().filter(fits).map(|tick| json!({ "id": tick.code(), "name": word(tick) }));
    let note = [material.need.label(), material.form.as_str()].join("，");
    json!({
        "id": material.id,
        "name": material.name,
        "note": note,
        "passes": material.passes,
        "scenarios": material.scenarios,
        "ticks": ticks.collect::<Vec<_>>(),
    })
}

fn field(field: &Field) -> Value {
    let (is, max, options, own) = match &field.kind {
        FieldKind::Text { max } => ("text", *max, Vec::new(), false),
        FieldKind::Date => ("date", 10, Vec::new(), false),
        FieldKind::Money => ("money", 14, Vec::new(), false),
        FieldKind::Choice { options } => ("choice", 0, options.clone(), false),
        FieldKind::Account { own } => ("account", 30, Vec::new(), *own),
        FieldKind::Members => ("members", 0, Vec::new(), false),
    };
    json!({
        "id": field.id, "label": field.label, "hint": field.hint, "required": field.required,
        "is": is, "max": max, "options": options, "own": own, "scenarios": field.scenarios,
    })
}
