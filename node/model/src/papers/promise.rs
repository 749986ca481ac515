//! 容缺受理承诺书 and 告知承诺书: what the applicant signs before acceptance, printed from the draft and after it.

use super::{Desk, Head, Party};
use crate::{
    Date, Refusal,
    authority::chinese_date,
    case::{
        deferred,
        event::{DeferredSigned, PromiseSigned},
        facts,
    },
};

/// 容缺受理承诺书.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeferralPromise {
    /// Head and foot.
    pub head: Head,
    /// Who.
    pub party: Party,
    /// What is still to come: name, in which form.
    pub lines: Vec<(String, String)>,
    /// Until when.
    pub until: String,
}

/// 告知承诺书: no proof is asked, the applicant answers for what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofPromise {
    /// Head and foot.
    pub head: Head,
    /// Who.
    pub party: Party,
    /// What needs no proof now: name, what must be so.
    pub lines: Vec<(String, String)>,
    /// By which rules the proof would be asked.
    pub basis: String,
}

impl Desk<'_> {
    /// The day of an act that may still be to come, and who did it.
    fn when(&self, done: Option<(Date, &str)>, today: Date) -> (Date, String) {
        done.map_or_else(
            || (today, self.case.filing.fact(facts::CLERK_NAME).unwrap_or("").to_owned()),
            |(on, clerk)| (on, clerk.to_owned()),
        )
    }

    /// 容缺受理承诺书: to be signed, or as it was signed.
    ///
    /// # Errors
    /// When nothing is to come later.
    pub fn deferral_promise(&self, today: Date) -> Result<DeferralPromise, Refusal> {
        let signed = self.case.last::<DeferredSigned>();
        let (materials, until) = match signed {
            Some((_, signed)) => (signed.materials.clone(), signed.until),
            None => {
                let checked = self.case.filing.check(self.version, today);
                let until = deferred::until(self.version, &checked.deferred, today, self.calendar);
                (checked.deferred, until)
            }
        };
        if materials.is_empty() {
            return Err(Refusal::because("没有容缺后补的材料，不用容缺受理承诺书。"));
        }
        let (on, clerk) = self.when(signed.map(|(e, s)| (s.on, e.mark.stamp.name.as_str())), today);
        let line = |id: &String| {
            let found = self.version.material(id);
            found.map_or_else(|| (id.clone(), String::new()), |m| (m.name.clone(), m.form.clone()))
        };
        Ok(DeferralPromise {
            head: self.head("容缺受理承诺书", &self.version.principal, on, &clerk),
            party: Party::of(&self.case.filing),
            lines: materials.iter().map(line).collect(),
            until: chinese_date(until),
        })
    }

    /// 告知承诺书: to be signed, or as it was signed.
    ///
    /// # Errors
    /// When no proof is replaced by a promise.
    pub fn proof_promise(&self, today: Date) -> Result<ProofPromise, Refusal> {
        let signed = self.case.last::<PromiseSigned>();
        let materials = match signed {
            Some((_, signed)) => signed.materials.clone(),
            None => self.case.filing.check(self.version, today).promised,
        };
        if materials.is_empty() {
            return Err(Refusal::because("没有用告知承诺代替的证明，不用告知承诺书。"));
        }
        let (on, clerk) = self.when(signed.map(|(e, s)| (s.on, e.mark.stamp.name.as_str())), today);
        let found = || materials.iter().filter_map(|id| self.version.material(id));
        let mut basis: Vec<&str> = found().map(|m| m.basis.as_str()).filter(|b| !b.is_empty()).collect();
        basis.dedup();
        Ok(ProofPromise {
            head: self.head("告知承诺书", &self.version.principal, on, &clerk),
            party: Party::of(&self.case.filing),
            lines: found().map(|m| (m.name.clone(), m.passes.clone())).collect(),
            basis: basis.join("；"),
        })
    }
}
