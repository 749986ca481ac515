//! 延期告知书 and 特别程序通知书: why it takes longer, and until when.

use super::{Desk, Head, Party, Private};
use crate::{
    Refusal,
    authority::chinese_date,
    case::event::{ExtensionApproved, ExtensionAsked, SpecialStarted},
};

/// 延期告知书 (行政许可法 §42: the reason is told).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionNotice {
    /// Head and foot.
    pub head: Head,
    /// Who.
    pub party: Party,
    /// When it was accepted.
    pub accepted_on: String,
    /// 15 个工作日.
    pub limit: String,
    /// Until when it should have been done; empty where nothing was printed.
    pub was_due: String,
    /// 10 个工作日.
    pub longer: String,
    /// Until when it is to be done now; empty while the clock stands still.
    pub due: String,
    /// The date is provisional.
    pub provisional: bool,
    /// Why.
    pub reason: Private,
    /// The head of the body who agreed.
    pub approver: Private,
}

/// 特别程序通知书 (行政许可法 §45: told in writing how long it takes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialNotice {
    /// Head and foot.
    pub head: Head,
    /// Who.
    pub party: Party,
    /// 鉴定.
    pub which: &'static str,
    /// From when.
    pub from: String,
    /// How many days it is expected to take.
    pub days: u64,
    /// The limit that stands still meanwhile.
    pub limit: String,
}

impl Desk<'_> {
    fn limit_words(&self) -> String {
        let accepted = self.case.accepted.as_ref().and_then(|a| a.what.promised.or(a.what.legal));
        accepted.map_or_else(|| "没有时限".to_owned(), crate::item::Limit::words)
    }

    /// 延期告知书.
    ///
    /// # Errors
    /// Before somebody approved more time.
    pub fn extension_notice(&self) -> Result<ExtensionNotice, Refusal> {
        let none = || Refusal::because("还没批准延期，没有延期告知书。");
        let (entry, more) = self.case.last::<ExtensionApproved>().ok_or_else(none)?;
        let accepted = self.case.accepted.as_ref().ok_or_else(none)?;
        let reason = self.case.last::<ExtensionAsked>();
        let unit = accepted.what.promised.or(accepted.what.legal).map_or("日", |l| l.unit.label());
        let due = self.case.clock().and_then(|clock| clock.due(self.calendar));
        Ok(ExtensionNotice {
            head: self.head("延期告知书", &self.version.principal, more.on, &entry.mark.stamp.name),
            party: Party::of(&self.case.filing),
            accepted_on: chinese_date(accepted.what.on),
            limit: self.limit_words(),
            was_due: accepted.what.due.map(chinese_date).unwrap_or_default(),
            longer: format!("{} {unit}", more.days),
            due: due.map(|d| chinese_date(d.date)).unwrap_or_default(),
            provisional: due.is_some_and(|d| d.provisional),
            reason: reason.map(|(_, asked)| self.words(&asked.reason)).unwrap_or_default(),
            approver: self.words(&more.approver),
        })
    }

    /// 特别程序通知书: of the last one.
    ///
    /// # Errors
    /// When none was begun.
    pub fn special_notice(&self) -> Result<SpecialNotice, Refusal> {
        let Some((entry, begun)) = self.case.last::<SpecialStarted>() else {
            return Err(Refusal::because("没有进入特别程序，没有特别程序通知书。"));
        };
        Ok(SpecialNotice {
            head: self.head("特别程序通知书", &self.version.principal, begun.on, &entry.mark.stamp.name),
            party: Party::of(&self.case.filing),
            which: begun.which.label(),
            from: chinese_date(begun.on),
            days: begun.days,
            limit: self.limit_words(),
        })
    }
}
