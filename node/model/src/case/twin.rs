//! 疑似重复件: two cases of one person, household or unit for one item, so near in time that they may be one request
//! that was written down twice. Nothing is decided by itself: a clerk says at intake why a second one is taken, or a
//! person settles a pair that was found after a merge. Either is an event, so it is never asked again.

use jiff::{ToSpan as _, civil::Date};

use super::{
    Case, Ctx, Filing, Outcome,
    ctx::{Acting, needed},
    event::{Asker, Returned, Twice, TwinAnswered, TwinSettled, TwinVerdict, Withdrawn},
    facts,
};
use crate::{
    Refusal,
    item::ApplicantKind,
    limit,
    person::{IdNumber, other_paper_fault, tidy_code, unit_code_fault},
    record::Edit,
};

/// A case's document.
pub type CaseDoc = [u8; 16];

/// How the case that goes ends, where two are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// 撤回: the applicant agrees to keep the other one only.
    Withdrawn,
    /// 退件: given back with the reason.
    Returned,
    /// It is over already; what has to be done about it is in the reason.
    Over,
}

impl Filing {
    /// Whose case this is, as one is found again: a person or the head of a household by the number of their paper, a
    /// unit by its code. None while the number cannot be anybody's. Never leaves the box: a keyed hash is made of it.
    #[must_use]
    pub fn subject(&self) -> Option<String> {
        let of = |name: &str| tidy_code(self.cell(name).unwrap_or(""));
        if self.applicant_kind() == ApplicantKind::Unit {
            let code = of(facts::UNIT_CODE);
            return unit_code_fault(&code).is_none().then(|| format!("unit {code}"));
        }
        let number = of(facts::ID_NUMBER);
        let good = if self.fact(facts::ID_KIND) == Some("other") {
            other_paper_fault(&number).is_none()
        } else {
            IdNumber::parse(&number, Date::MAX).is_ok()
        };
        good.then(|| format!("person {}", number.to_ascii_uppercase()))
    }

    /// What a draft says about another case of the same person and item.
    #[must_use]
    pub fn twice(&self, other: &str) -> Option<Twice> {
        match self.fact(&facts::twin(other)) {
            Some("apart") => Some(Twice::Apart),
            Some("again") => Some(Twice::Again),
            _ => None,
        }
    }
}

impl Case {
    /// From which day until which this case stands for its request: `None` of a draft, of one that came to nothing, and of
    /// one that is sealed, which is out of use.
    #[must_use]
    pub fn stands(&self) -> Option<(Date, Option<Date>)> {
        if self.sealed.is_some() {
            return None;
        }
        let from = self.received.as_ref()?.what.on;
        match &self.outcome {
            None => Some((from, None)),
            Some((Outcome::Approved | Outcome::Refused, _, on)) if self.revoked.is_none() => {
                Some((from, Some(*on)))
            }
            Some(_) => None,
        }
    }

    /// Whether papers for the same request taken on a day may be this case once more: it is open, or was finished lately.
    #[must_use]
    pub fn may_be_meant(&self, today: Date) -> bool {
        self.stands().is_some_and(|(_, end)| end.is_none_or(|end| today <= last_day(end)))
    }

    /// Whether a person has to look at this case beside another one of the same person and item. It hangs on what
    /// stands in the two alone, on no day of looking, so all boxes say the same in whatever order the two came.
    #[must_use]
    pub fn is_twin_of(&self, own: CaseDoc, other: &Self, others: CaseDoc) -> bool {
        let (Some(a), Some(b)) = (self.stands(), other.stands()) else { return false };
        let meets = |first: (Date, Option<Date>), then: (Date, Option<Date>)| {
            first.1.is_none_or(|end| then.0 <= last_day(end))
        };
        let near = meets(a, b) && meets(b, a);
        near && !self.apart_from.contains(&others) && !other.apart_from.contains(&own)
    }
}

fn last_day(end: Date) -> Date {
    end.saturating_add(limit::TWIN_DAYS.days())
}

/// Writes down what the clerk said at intake about cases that were known.
///
/// # Errors
/// When the case is too long.
pub fn answered(case: &Case, known: &[(CaseDoc, Twice)], ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let mut acting = Acting::on(case, ctx);
    for answer in Twice::ALL {
        let others: Vec<CaseDoc> =
            known.iter().filter(|(_, said)| said == answer).map(|(other, _)| *other).collect();
        if !others.is_empty() {
            acting.event(TwinAnswered { others, answer: *answer, on: ctx.today })?;
        }
    }
    Ok(acting.done())
}

/// Settles a pair as two requests, in one of its two cases.
///
/// # Errors
/// Without a reason.
pub fn apart(case: &Case, other: CaseDoc, reason: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    settled(case, other, TwinVerdict::Apart, reason, ctx).map(Acting::done)
}

/// Settles a pair as one request, in the case that stays.
///
/// # Errors
/// Without a reason.
pub fn kept(case: &Case, other: CaseDoc, reason: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    settled(case, other, TwinVerdict::Same, reason, ctx).map(Acting::done)
}

/// Settles a pair as one request, in the case that goes: it is withdrawn or given back in the same act.
///
/// # Errors
/// Without a reason, or when the case cannot end so.
pub fn gone(
    case: &Case,
    other: CaseDoc,
    ending: Ending,
    reason: &str,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    let mut acting = settled(case, other, TwinVerdict::Same, reason, ctx)?;
    match ending {
        Ending::Withdrawn => {
            let reason = acting.maybe("withdraw", reason);
            acting.event(Withdrawn { asker: Asker::Applicant, reason, on: ctx.today })?;
        }
        Ending::Returned => {
            let reason = acting.words("reason", reason);
            acting.event(Returned { reason, on: ctx.today })?;
        }
        Ending::Over if case.outcome.is_none() => {
            return Err(Refusal::because("这一件还没办结，请选撤回或退件。"));
        }
        Ending::Over => {}
    }
    Ok(acting.done())
}

fn settled<'a, 'c>(
    case: &Case,
    other: CaseDoc,
    verdict: TwinVerdict,
    reason: &str,
    ctx: &'a Ctx<'c>,
) -> Result<Acting<'a, 'c>, Refusal> {
    needed("reason", "理由", reason, "请写怎么核对的，例如“问过本人”。")?;
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("twin", reason);
    acting.event(TwinSettled { other, verdict, reason, on: ctx.today })?;
    Ok(acting)
}

#[cfg(test)]
mod tests;
