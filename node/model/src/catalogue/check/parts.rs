use std::collections::BTreeSet;

use super::{Findings, abolished};
use crate::{
    case::facts,
    item::{AutoCheck, Field, FieldKind, Material, Need, Rule, Version},
    limit,
};

/// 来源渠道 of a paper that a government office gives out.
const GOVERNMENT: &str = "政府部门核发";

/// Scenarios, materials, rules and the form, each for itself and against the others.
pub(super) fn check(version: &Version, found: &mut Findings) {
    scenarios(version, found);
    for material in &version.materials {
        paper(version, material, found);
    }
    for rule in &version.rules {
        criterion(version, rule, found);
    }
    for field in &version.form {
        blank(field, found);
    }
    ids("申请材料", version.materials.iter().map(|m| m.id.as_str()), found);
    ids("收件审查细则", version.rules.iter().map(|r| r.id.as_str()), found);
    ids("申请表", version.form.iter().map(|f| f.id.as_str()), found);
    references(version, found);
}

fn scenarios(version: &Version, found: &mut Findings) {
    if version.scenarios.is_empty() {
        found.refuse("办理情形", "一个也没有。请至少写一种；不分情形的写“一般情形”。");
    }
    ids("办理情形", version.scenarios.iter().map(|s| s.id.as_str()), found);
    for scenario in &version.scenarios {
        let field = format!("情形“{}”", scenario.name);
        found.filled("办理情形", &scenario.name, "这种情形叫什么");
        if version.materials_for(&scenario.id).next().is_none() {
            found.warn(field.clone(), "没有要交的材料。请核对；确实不用交的不用管。");
        }
        if version.rules_for(&scenario.id).next().is_none() {
            found.refuse(field, "没有审查细则，窗口不知道看什么。请至少写一条。");
        }
    }
}

/// Ids are names in the record: ASCII, short, once each.
fn ids<'a>(field: &str, ids: impl Iterator<Item = &'a str>, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !facts::is_id(id) {
            found.refuse(field, format!("内部代号“{id}”不对。只能用小写字母、数字和下划线，请改。"));
        }
        if !seen.insert(id) {
            found.refuse(field, format!("内部代号“{id}”用了两次。请改掉一个。"));
        }
    }
}

fn paper(version: &Version, material: &Material, found: &mut Findings) {
    found.filled("申请材料", &material.name, "材料的名称");
    let field = |part: &str| format!("材料“{}”的{part}", material.name);
    found.filled(field("来源渠道"), &material.source, "申请人自备、政府部门核发等");
    found.filled(field("来源说明"), &material.source_note, "到哪里拿");
    found.filled(field("受理标准"), &material.passes, "什么样的算合格");
    found.filled(field("不合格怎么办"), &material.fails, "什么样的不行、该换什么");
    found.filled(field("形式"), &material.form, "原件、复印件或原件核验");
    found.filled(field("材料类型"), &material.kind, "证件证书证明、申请表格文书或其他");
    if material.need == Need::Exempt && material.exemption.is_none() {
        found.refuse(field("免交方式"), "写的是免提交，没有说怎么免。请选共享核验、电子证照或告知承诺。");
    }
    if material.need == Need::Required && material.source == GOVERNMENT && material.exemption.is_none() {
        let words =
            "这是政府部门发的必要材料，没有写免交方式。能核验、能看电子证照的请选上；要收回原件的可以不选。";
        found.warn(field("免交方式"), words);
    }
    later(version, material, field("容缺期限"), found);
    if let Some(paper) = abolished::find(material) {
        let field = format!("材料“{}”", material.name);
        let (name, instead) = (paper.name, paper.instead);
        if paper.by_village {
            let why = format!("“{name}”在村（社区）不应出具证明的清单里（民发〔2020〕20号）");
            found.refuse(field, format!("{why}，不能再让居民到村里开。请删去，改为：{instead}。"));
        } else {
            let why = format!("没有写由谁出具；村（社区）不能出具“{name}”（民发〔2020〕20号）");
            found.warn(field, format!("{why}。请写明出具单位，或改为：{instead}。"));
        }
    }
}

/// 容缺 has an end, and not behind the promised one.
fn later(version: &Version, material: &Material, field: String, found: &mut Findings) {
    match (material.need == Need::Deferrable, material.defer_days) {
        (true, None) => found.refuse(field, "可以容缺，没有写几天内补。请写上天数。"),
        (false, Some(_)) => found.refuse(field, "写了容缺天数，材料却不是“可容缺”。请改必要性，或去掉天数。"),
        (true, Some(days)) if days == 0 || days > limit::LIMIT_DAYS => {
            found.refuse(field, "容缺天数不对。请核对。");
        }
        (true, Some(days)) if version.promised.is_some_and(|promised| days > promised.days) => {
            found.refuse(field, "容缺期限不能超过承诺时限。请改短。");
        }
        (true, Some(_)) | (false, None) => {}
    }
}

fn criterion(version: &Version, rule: &Rule, found: &mut Findings) {
    let field = format!("细则“{}”", rule.text);
    found.filled("收件审查细则", &rule.text, "看什么");
    found.filled(field.clone(), &rule.passes, "什么样的算合格");
    found.filled(field.clone(), &rule.fails, "不合格的怎么跟居民说");
    let form = |wanted: fn(&FieldKind) -> bool| version.form.iter().filter(move |f| wanted(&f.kind));
    match &rule.auto {
        Some(AutoCheck::Age { from, to }) => {
            if from.is_none() && to.is_none() {
                found.refuse(field, "自动核对年龄，没有写从几岁到几岁。请填上，或不用自动核对。");
            } else if from.zip(*to).is_some_and(|(from, to)| from > to) {
                found.refuse(field, "年龄的起点比终点大。请核对。");
            }
        }
        Some(AutoCheck::OwnAccount { field: id }) => {
            let mut accounts = form(|kind| matches!(kind, FieldKind::Account { .. }));
            if !accounts.any(|account| account.id == *id) {
                found.refuse(
                    field,
                    "自动核对户名，申请表里却没有这个账号。请在申请表加上账号，或不用自动核对。",
                );
            }
        }
        Some(AutoCheck::HouseholdSize { .. })
            if form(|kind| matches!(kind, FieldKind::Members)).next().is_none() =>
        {
            found.refuse(field, "自动数家庭人数，申请表里却没有家庭成员表。请加上，或不用自动核对。");
        }
        Some(AutoCheck::HouseholdSize { .. }) | None => {}
    }
}

fn blank(field: &Field, found: &mut Findings) {
    found.filled("申请表", &field.label, "这一栏叫什么");
    let label = format!("申请表“{}”", field.label);
    match &field.kind {
        FieldKind::Text { max } if *max == 0 || usize::from(*max) > limit::CELL_TEXT / 4 => {
            found.refuse(label, format!("字数要在 1 到 {} 之间。请改。", limit::CELL_TEXT / 4));
        }
        FieldKind::Choice { options } => {
            let distinct: BTreeSet<&String> = options.iter().collect();
            if options.len() < 2 || options.iter().any(|option| option.trim().is_empty()) {
                found.refuse(label, "选项不够。请至少写两个，不能有空的。");
            } else if distinct.len() != options.len() {
                found.refuse(label, "有两个一样的选项。请删掉一个。");
            }
        }
        FieldKind::Text { .. }
        | FieldKind::Date
        | FieldKind::Money
        | FieldKind::Account { .. }
        | FieldKind::Members => {}
    }
}

/// A part that is asked for in a scenario which is not there would never be asked for.
fn references(version: &Version, found: &mut Findings) {
    let materials = version.materials.iter().map(|m| (format!("材料“{}”", m.name), &m.scenarios));
    let rules = version.rules.iter().map(|r| (format!("细则“{}”", r.text), &r.scenarios));
    let form = version.form.iter().map(|f| (format!("申请表“{}”", f.label), &f.scenarios));
    for (field, scenarios) in materials.chain(rules).chain(form) {
        if scenarios.iter().any(|id| version.scenario(id).is_none()) {
            found.refuse(field, "用在一种没有的办理情形里。请重新选情形。");
        }
    }
}
