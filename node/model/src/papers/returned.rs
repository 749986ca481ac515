//! 退件通知书: papers that go back without a decision, why, and what the resident can do about it.

use super::{Desk, Head, MaterialLine, Party, Private};
use crate::{
    Refusal,
    case::{
        Entry, Outcome,
        event::{FedBack, Returned},
    },
    item::Act,
    station::CENTRE,
};

/// 退件通知书. No decision is said by it, so nothing is barred by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnNotice {
    /// Head and foot; the station or centre that gives the papers back is named at the seal.
    pub head: Head,
    /// Who.
    pub party: Party,
    /// Who sent them back: the station, the centre, or the body outside.
    pub by: String,
    /// The number of that body's own paper; blank where a box gave them back.
    pub paper: Private,
    /// Why.
    pub reason: Private,
    /// What was kept and goes back; empty where originals were only looked at.
    pub materials: Vec<MaterialLine>,
    /// How to ask again.
    pub again: String,
    /// Whom to tell when it should not have been given back.
    pub complain: String,
}

impl Desk<'_> {
    /// 退件通知书.
    ///
    /// # Errors
    /// When the papers were not given back, here or by the body outside.
    pub fn return_notice(&self) -> Result<ReturnNotice, Refusal> {
        let none = || Refusal::because("本件没有退件。");
        if self.case.outcome.as_ref().is_none_or(|(outcome, ..)| *outcome != Outcome::Returned) {
            return Err(none());
        }
        if let Some((entry, back)) = self.case.last::<Returned>() {
            let by = self.desk_of(entry);
            return Ok(self.given_back(entry, back.on, by, Private::default(), self.words(&back.reason)));
        }
        let (entry, answer) = self.case.last::<FedBack>().ok_or_else(none)?;
        let body = self.case.step(Act::Decide).map(|state| state.step.body.clone()).unwrap_or_default();
        let reason = answer.words.as_deref().map(|key| self.words(key)).unwrap_or_default();
        Ok(self.given_back(entry, answer.on, body, self.words(&answer.paper), reason))
    }

    /// The station or the centre, whichever did it.
    fn desk_of(&self, entry: &Entry) -> String {
        let centre = entry.mark.stamp.station == CENTRE && !self.profile.is_centre();
        if centre { self.profile.centre() } else { self.profile.name.clone() }
    }

    fn given_back(
        &self,
        entry: &Entry,
        on: crate::Date,
        by: String,
        paper: Private,
        reason: Private,
    ) -> ReturnNotice {
        let issuer = self.desk_of(entry);
        ReturnNotice {
            head: self.head("退件通知书", &issuer, on, &entry.mark.stamp.name),
            party: Party::of(&self.case.filing),
            by,
            paper,
            reason,
            materials: self.kept_materials(),
            again: self.again(),
            complain: self.complain(),
        }
    }

    fn again(&self) -> String {
        let direct = match &self.case.on_behalf {
            Some(taken) => format!("，也可以自己到{}申请", taken.what.principal),
            None => String::new(),
        };
        let no = self.version.nature().refusal_title();
        let no = no.trim_end_matches("决定书").trim_end_matches("通知书");
        format!("退件只是把材料退回，不等于{no}。按理由补好以后可以重新申请{direct}。")
    }

    fn complain(&self) -> String {
        let review = if self.case.accepted.is_some() && self.version.nature().is_reviewable() {
            format!(
                "认为退件侵犯你的合法权益的，还可以自收到之日起六十日内向{}人民政府申请行政复议，或者六个月内向人民法院提起行政诉讼。",
                self.profile.county
            )
        } else {
            String::new()
        };
        let tell = self.version.guide.complain.as_str();
        let tell = if tell.is_empty() { "政务服务热线 12345" } else { tell };
        format!("认为不该退的，可以要求写明依据，也可以投诉：{tell}。{review}")
    }
}
