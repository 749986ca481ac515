//! 不予受理通知书, 不予许可（确认、给付、办理）决定书, 送达回证.

use super::{Desk, Head, Party, Private};
use crate::{
    Refusal,
    authority::chinese_date,
    case::event::{NotAccepted, Refused, Revoked},
    item::Nature,
    limit,
};

/// 不予受理通知书 or 不予许可（确认）决定书.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionPaper {
    /// Head and foot.
    pub head: Head,
    /// Who.
    pub party: Party,
    /// Why.
    pub reason: Private,
    /// By which rule; blank on 不予受理.
    pub basis: Private,
    /// Who would be competent; blank when that is not the reason.
    pub competent: Private,
    /// What the resident may do about it: 复议 and 诉讼 where it is an administrative act, else whom to ask.
    pub rights: String,
}

/// 送达回证.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryProof {
    /// Head and foot.
    pub head: Head,
    /// Who.
    pub party: Party,
    /// What was handed over.
    pub paper: Private,
    /// How; empty before it is delivered.
    pub manner: &'static str,
    /// Who took it; blank before.
    pub receiver: Private,
    /// The date; empty before.
    pub delivered_on: String,
    /// Signed.
    pub signed: bool,
    /// Within how many working days of the decision it must be delivered.
    pub limit_working_days: u16,
}

impl Desk<'_> {
    /// What the resident may do about a no. Only an administrative act can be reviewed; by 行政复议法 §24 the county's
    /// government reviews what its own bureaus and the township governments below it did.
    fn rights(&self) -> String {
        let version = self.version;
        match version.nature() {
            Nature::Mediation if version.name.contains("劳动") => {
                "调解要双方自愿。不调解不影响你的权利，可以依法向劳动人事争议仲裁委员会申请仲裁。".to_owned()
            }
            Nature::Mediation => {
                "调解要双方自愿。不调解不影响你的权利，可以依法申请仲裁，或者向人民法院起诉。".to_owned()
            }
            Nature::Service => {
                format!("有疑问可以问{}，也可以拨打政务服务热线 12345 反映。", version.principal)
            }
            Nature::Licence | Nature::Confirmation | Nature::Benefit | Nature::Power => format!(
                "如不服本决定，可以自收到之日起六十日内向{}人民政府申请行政复议，也可以自收到之日起六个月内向人民法院提起行政诉讼。",
                self.profile.county
            ),
        }
    }

    /// 不予受理通知书.
    ///
    /// # Errors
    /// When the case was not refused acceptance.
    pub fn not_accepted_notice(&self) -> Result<DecisionPaper, Refusal> {
        let found = self.case.last::<NotAccepted>();
        let Some((entry, no)) = found else {
            return Err(Refusal::because("本件没有不予受理。"));
        };
        let issuer = &self.version.principal;
        Ok(DecisionPaper {
            head: self.head("不予受理通知书", issuer, no.on, &entry.mark.stamp.name),
            party: Party::of(&self.case.filing),
            reason: self.words(&no.reason),
            basis: Private::default(),
            competent: no.competent.as_deref().map(|key| self.words(key)).unwrap_or_default(),
            rights: self.rights(),
        })
    }

    /// 不予许可（确认）决定书.
    ///
    /// # Errors
    /// When a body inside the mesh did not refuse it.
    pub fn refusal_decision(&self) -> Result<DecisionPaper, Refusal> {
        let found = self.case.last::<Refused>();
        let Some((entry, no)) = found else {
            return Err(Refusal::because("本件没有作出不予许可（确认）决定。"));
        };
        let issuer = &self.version.principal;
        let title = self.version.nature().refusal_title();
        Ok(DecisionPaper {
            head: self.head(title, issuer, no.on, &entry.mark.stamp.name),
            party: Party::of(&self.case.filing),
            reason: self.words(&no.reason),
            basis: self.words(&no.basis),
            competent: Private::default(),
            rights: self.rights(),
        })
    }

    /// 撤销决定书, after a promise turned out false.
    ///
    /// # Errors
    /// When the decision stands.
    pub fn revocation(&self) -> Result<DecisionPaper, Refusal> {
        let Some((entry, gone)) = self.case.last::<Revoked>() else {
            return Err(Refusal::because("本件的决定没有撤销。"));
        };
        Ok(DecisionPaper {
            head: self.head("撤销决定书", &self.version.principal, gone.on, &entry.mark.stamp.name),
            party: Party::of(&self.case.filing),
            reason: self.words(&gone.reason),
            basis: self.words(&gone.basis),
            competent: Private::default(),
            rights: self.rights(),
        })
    }

    /// 送达回证: blank to be signed, or as it was signed.
    ///
    /// # Errors
    /// Before the case has a result, and where it ended without one.
    pub fn delivery_proof(&self, today: crate::Date) -> Result<DeliveryProof, Refusal> {
        let Some((outcome, ..)) = self.case.outcome else {
            return Err(Refusal::because("还没办结，没有结果可以送达。"));
        };
        let Some(decision) = outcome.paper(self.version) else {
            return Err(Refusal::because("已经退件或撤回，没有结果可以送达。"));
        };
        let done = self.case.delivered.as_ref();
        let paper = self.case.ready.as_ref().map_or_else(|| decision.into(), |r| self.words(&r.what.paper));
        let on = done.map_or(today, |d| d.what.on);
        let clerk = done.map(|d| d.mark.stamp.name.clone()).unwrap_or_default();
        Ok(DeliveryProof {
            head: self.head("送达回证", &self.version.principal, on, &clerk),
            party: Party::of(&self.case.filing),
            paper,
            manner: done.map_or("", |d| d.what.manner.label()),
            receiver: done.map(|d| self.words(&d.what.receiver)).unwrap_or_default(),
            delivered_on: done.map(|d| chinese_date(d.what.on)).unwrap_or_default(),
            signed: done.is_some_and(|d| d.what.signed),
            limit_working_days: limit::DELIVER_WORKING_DAYS,
        })
    }
}
