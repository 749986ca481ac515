//! People: id numbers and codes, phones, accounts, names as screens show them.
//!
//! Types that hold a person's value never show it in `Debug`, and no error text holds one.

mod account;
mod id_number;
mod mask;
mod name;
mod phone;
#[cfg(test)]
mod tests;
mod text;
mod unit_code;

pub use account::{account_fault, luhn};
pub use id_number::{IdFault, IdNumber, Sex};
pub use mask::{mask_account, mask_apart, mask_id, mask_id_public, mask_name, mask_phone};
pub use name::{name_fault, unit_name_fault};
pub use phone::phone_fault;
pub(crate) use text::half_width;
pub use text::{tidy_code, tidy_name, visible};
pub use unit_code::{UnitCode, unit_code_fault};

use crate::limit;

/// Why a passport or other paper's number cannot stand; `None` when it can.
#[must_use]
pub fn other_paper_fault(number: &str) -> Option<String> {
    let number = tidy_code(number);
    let good = (5..=20).contains(&number.len()) && number.chars().all(|c| c.is_ascii_alphanumeric());
    (!good).then(|| "证件号码应是 5 到 20 位字母或数字，请照证件重填。".to_owned())
}

/// Why an address cannot stand; `None` when it can, and when none was given.
#[must_use]
pub fn address_fault(address: &str) -> Option<String> {
    let (count, most) = (address.trim().chars().count(), limit::ADDRESS_CHARS);
    (count > most).then(|| format!("住址最多写 {most} 个字，现在是 {count} 个，请写短些。"))
}

/// Why the relation of an agent or a household member cannot stand; `None` when it can.
#[must_use]
pub fn relation_fault(relation: &str) -> Option<String> {
    let (count, most) = (relation.trim().chars().count(), limit::RELATION_CHARS);
    match count {
        0 => Some("还没填与申请人的关系，例如“配偶”“长子”“网格员”。".to_owned()),
        _ => (count > most).then(|| format!("关系最多写 {most} 个字，例如“儿媳”“网格员”。")),
    }
}
