//! People: id numbers and codes, phones, accounts, names as screens show them.
//!
//! Types that hold a person's value never show it in `Debug`, and no error text holds one.

mod account;
mod id_number;
mod mask;
mod phone;
#[cfg(test)]
mod tests;
mod unit_code;

pub use account::{account_fault, luhn};
pub use id_number::{IdFault, IdNumber, Sex};
pub use mask::{mask_account, mask_id, mask_id_public, mask_name, mask_phone};
pub use phone::phone_fault;
pub use unit_code::{UnitCode, unit_code_fault};

use crate::limit;

/// Why a name cannot stand, in Chinese; `None` when it can. Rare characters (𠮷 䶮) and the middle dot are names too.
#[must_use]
pub fn name_fault(name: &str) -> Option<String> {
    let name = name.trim();
    if name.is_empty() {
        return Some("还没填姓名，请照证件填写。".to_owned());
    }
    if name.chars().count() > 60 || name.len() > limit::FACT_TEXT {
        return Some("姓名太长，请核对是不是填错了栏。".to_owned());
    }
    let odd = |c: char| c.is_control() || c.is_ascii_digit() || "<>&\"/\\@#%*".contains(c);
    name.chars().any(odd).then(|| "姓名里有数字或符号，请照证件重填；证件上是“·”就填“·”。".to_owned())
}

/// Why a passport or other paper's number cannot stand; `None` when it can.
#[must_use]
pub fn other_paper_fault(number: &str) -> Option<String> {
    let number = number.trim();
    let good = (5..=20).contains(&number.len()) && number.chars().all(|c| c.is_ascii_alphanumeric());
    (!good).then(|| "证件号码应是 5 到 20 位字母或数字，请照证件重填。".to_owned())
}
