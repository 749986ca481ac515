//! The mapping of an item that the township has set none for: derived from who may apply and from the item's 申请表.

use super::{Mapping, PATTERN, Place};
use crate::{
    case::facts,
    item::{ApplicantKind, FieldKind, Version},
};

/// What a system is called that nobody has named: that of the body that decides, else the province's own.
const PROVINCE: &str = "省一体化政务服务平台";

impl Mapping {
    /// The mapping derived from the item.
    #[must_use]
    pub fn derived(version: &Version) -> Self {
        let place = |label: &str, source: &str| Place { label: label.to_owned(), source: source.to_owned() };
        let mut fields = Vec::new();
        let unit = version.applicants.contains(&ApplicantKind::Unit);
        let person = version.applicants.iter().any(|kind| *kind != ApplicantKind::Unit) || !unit;
        fields.push(place(if person { "姓名" } else { "单位名称" }, facts::NAME));
        if person {
            fields.push(place("证件号码", facts::ID_NUMBER));
            fields.push(place("性别", "sex"));
            fields.push(place("出生日期", "birthday"));
        }
        if unit {
            fields.push(place("统一社会信用代码", facts::UNIT_CODE));
            fields.push(place("联系人", facts::CONTACT));
        }
        fields.push(place("联系电话", facts::PHONE));
        fields.push(place("住址", facts::ADDRESS));
        fields.push(place("办理情形", "scenario"));
        let mut members = version.applicants.contains(&ApplicantKind::Household);
        for field in &version.form {
            match field.kind {
                FieldKind::Members => members = true,
                FieldKind::Account { .. } => {
                    fields.push(place(&field.label, &facts::form(&field.id)));
                    fields.push(place(&format!("{}的户名", field.label), &facts::form_holder(&field.id)));
                }
                FieldKind::Text { .. } | FieldKind::Date | FieldKind::Money | FieldKind::Choice { .. } => {
                    fields.push(place(&field.label, &facts::form(&field.id)));
                }
            }
        }
        if members {
            fields.push(place("家庭成员", "members"));
        }
        for (label, source) in [
            ("代办人姓名", facts::AGENT_NAME),
            ("代办人证件号码", facts::AGENT_ID),
            ("代办人电话", facts::AGENT_PHONE),
            ("与申请人关系", facts::AGENT_RELATION),
            ("材料清单", "materials"),
            ("受理日期", "accepted"),
            ("受理站点", "station"),
            ("来件编号", "number"),
        ] {
            fields.push(place(label, source));
        }
        let decides = version.deciding_step().filter(|step| step.outside && !step.body.is_empty());
        Self {
            item: version.code.clone(),
            system: decides.map_or_else(|| PROVINCE.to_owned(), |step| format!("{}业务系统", step.body)),
            fields,
            photos: PATTERN.to_owned(),
        }
    }
}
