//! What is printed: the fields of each paper, ready to be laid out. No HTML, no wording of the page's own.
//!
//! A [`Desk`] is the case, its item version and the station that prints; each paper is one function on it and refuses
//! in Chinese when the case has not come so far. Personal fields are [`Private`]: they print, but `Debug` hides them.

mod clock;
mod decision;
mod form;
mod gaps;
mod intake;
mod kind;
mod party;
mod posted;
mod promise;
mod returned;
mod sheet;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

pub use clock::{ExtensionNotice, SpecialNotice};
pub use decision::{DecisionPaper, DeliveryProof};
pub use form::{ApplicationForm, FormLine, Signing};
pub use gaps::{GapLine, GapNotice};
pub use intake::{AcceptanceNotice, IntakeReceipt, Mandate, MaterialLine};
pub use kind::Paper;
pub use party::{Party, Private};
pub use posted::{ProgressLine, ProgressSheet, PublicNotice};
pub use promise::{DeferralPromise, ProofPromise};
pub use returned::ReturnNotice;
pub use sheet::SheetLine;

use crate::{
    authority::chinese_date,
    calendar::Calendar,
    case::{Case, facts},
    item::Version,
    station::Profile,
};

/// What a paper is made from.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its item version.
    pub version: &'a Version,
    /// The station that prints.
    pub profile: &'a Profile,
    /// Working days.
    pub calendar: &'a Calendar,
}

/// Head and foot of every paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// 受理通知书.
    pub title: &'static str,
    /// In whose name; the seal place names it.
    pub issuer: String,
    /// Case number; empty before 收件.
    pub number: String,
    /// 高龄津贴申领.
    pub item: String,
    /// 办理情形.
    pub scenario: String,
    /// Station, as printed.
    pub station: String,
    /// Its address.
    pub address: String,
    /// Its phone.
    pub phone: String,
    /// Its hours.
    pub hours: String,
    /// The legal date of the paper, 2026年11月23日.
    pub date: String,
    /// 经办人.
    pub clerk: String,
    /// Six digits with which the resident asks how far it is; blank before 收件.
    pub query_code: Private,
    /// 示例 is printed on it.
    pub sample: bool,
}

impl Desk<'_> {
    fn head(&self, title: &'static str, issuer: &str, on: Date, clerk: &str) -> Head {
        let scenario = self.version.scenario(self.case.filing.scenario());
        Head {
            title,
            issuer: issuer.to_owned(),
            number: self.case.number().unwrap_or("").to_owned(),
            item: self.version.name.clone(),
            scenario: scenario.map(|s| s.name.clone()).unwrap_or_default(),
            station: self.profile.name.clone(),
            address: self.profile.address.clone(),
            phone: self.profile.phone.clone(),
            hours: self.profile.hours.clone(),
            date: chinese_date(on),
            clerk: clerk.to_owned(),
            query_code: self.words(facts::QUERY_CODE),
            sample: self.version.sample,
        }
    }

    /// The words of a cell named by an event; empty when this box cannot open it.
    fn words(&self, key: &str) -> Private {
        Private::from(self.case.filing.cell(key).unwrap_or(""))
    }
}
