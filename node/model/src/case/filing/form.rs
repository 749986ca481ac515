//! 申请表 fields.

use jiff::civil::Date;

use super::Filing;
use crate::{
    FieldErrors,
    case::facts,
    item::{ApplicantKind, Field, FieldKind},
    person::{account_fault, name_fault, unit_name_fault},
};

/// Checks one field.
pub(super) fn check(filing: &Filing, field: &Field, errors: &mut FieldErrors) {
    let name = facts::form(&field.id);
    if field.kind == FieldKind::Members {
        if field.required && filing.members().is_empty() {
            errors.add(name, field.label.clone(), "还没填家庭成员，请逐个填写姓名、证件号码和关系。");
        }
        return;
    }
    let Some(text) = filing.cell(&name) else {
        if field.required {
            errors.add(name, field.label.clone(), format!("还没填“{}”，请问清楚再填。", field.label));
        }
        return;
    };
    if let Some(fault) = fault(field, text) {
        errors.add(name, field.label.clone(), fault);
    }
    if let FieldKind::Account { own } = field.kind {
        check_holder(filing, field, own, errors);
    }
}

fn check_holder(filing: &Filing, field: &Field, own: bool, errors: &mut FieldErrors) {
    let holder = facts::form_holder(&field.id);
    match filing.cell(&holder) {
        None => errors.add(holder, "户名", "还没填户名，请照卡面或存折填写。"),
        Some(text) if own && filing.cell(facts::NAME).is_some_and(|name| name != text) => {
            errors.add(holder, "户名", "户名和申请人不是同一个人，要用申请人本人的账户，请换卡。");
        }
        // a person's name or a unit's: either may stand on a card
        Some(text) => {
            if let (Some(person), Some(unit)) = (name_fault(text), unit_name_fault(text)) {
                let of_unit = filing.applicant_kind() == ApplicantKind::Unit;
                errors.add(holder, "户名", if of_unit { unit } else { person });
            }
        }
    }
}

fn fault(field: &Field, text: &str) -> Option<String> {
    match &field.kind {
        FieldKind::Text { max } => {
            let count = text.chars().count();
            (count > usize::from(*max)).then(|| format!("最多写 {max} 个字，现在是 {count} 个，请写短些。"))
        }
        FieldKind::Date => {
            let bad = text.parse::<Date>().is_err();
            bad.then(|| "日期应写成 2026-11-23 这样，而且要是真实的日子。".to_owned())
        }
        FieldKind::Money => {
            (!is_money(text)).then(|| "金额只写数字，最多两位小数，例如 1200.50。".to_owned())
        }
        FieldKind::Choice { options } => {
            let bad = !options.iter().any(|o| o == text);
            bad.then(|| format!("请从这些里选一项：{}。", options.join("、")))
        }
        FieldKind::Account { .. } => account_fault(text),
        FieldKind::Members => None,
    }
}

fn is_money(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(part) && whole.len() <= 10 && part.len() <= 2
}
