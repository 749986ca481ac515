//! Papers that were taken and not accepted: the days in which everything that is missing must be told, and what becomes
//! of a licence when nobody did (行政许可法 §32). No timer does it: a page says so, and a person registers it.

use jiff::civil::Date;

use super::{
    Case, Ctx, Standing,
    accept::acceptance,
    ctx::Acting,
    event::{Deemed, What},
};
use crate::{
    Refusal,
    authority::{self, chinese_date},
    calendar::{Calendar, Due},
    item::{Limit, Nature, Version, Way},
    limit,
    record::Edit,
};

/// Papers that wait to be accepted, or for all gaps to be told at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The day they came; not counted itself.
    pub received: Date,
    /// The last day.
    pub last: Due,
}

impl Case {
    /// Since when the papers wait; `None` once they are accepted, carried for somebody, or all gaps were told in time.
    #[must_use]
    pub fn waiting(&self, calendar: &Calendar) -> Option<Waiting> {
        let received = self.received.as_ref()?.what.on;
        let settled = self.accepted.is_some() || self.on_behalf.is_some() || self.outcome.is_some();
        if settled || self.way == Some(Way::OnBehalf) {
            return None;
        }
        let last = calendar.due(received, Limit::working(limit::NOTICE_WORKING_DAYS));
        (!self.told_by(last.date)).then_some(Waiting { received, last })
    }

    /// As [`Case::waiting`], when the days are over and the law makes an acceptance of it: a licence.
    #[must_use]
    pub fn is_deemed(&self, version: Option<&Version>, calendar: &Calendar, today: Date) -> Option<Waiting> {
        let licence = version.is_some_and(|version| version.nature() == Nature::Licence);
        self.waiting(calendar).filter(|waiting| licence && today > waiting.last.date)
    }

    /// All gaps were told on that day or before.
    pub(super) fn told_by(&self, last: Date) -> bool {
        self.timeline.iter().any(|entry| {
            let counts = matches!(entry.standing, Standing::Counts | Standing::Forced);
            counts && matches!(&entry.what, What::NoticePrinted(told) if told.on <= last)
        })
    }
}

/// Registers that the papers count as accepted from the day they came: the clock has run since.
///
/// # Errors
/// When the item is no licence, the days are not over, the gaps were told, or it is accepted already.
pub fn deem(
    case: &Case,
    standing: &authority::Standing,
    version: &Version,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    if case.accepted.is_none() && version.nature() != Nature::Licence {
        return Err(Refusal::because("只有行政许可逾期不告知才视为受理。本件请直接受理，或者一次性告知。"));
    }
    let mut acting = Acting::on(case, ctx);
    let received = case.received.as_ref().map_or(ctx.today, |received| received.what.on);
    let last = ctx.calendar.due(received, Limit::working(limit::NOTICE_WORKING_DAYS)).date;
    if case.received.is_some() && ctx.today <= last {
        let last = chinese_date(last);
        return Err(Refusal::because(format!("{last}以前还可以一次性告知或者受理，不算视为受理。")));
    }
    acting.event(Deemed { received, last, on: ctx.today })?;
    acting.event(acceptance(standing, version, received, ctx.calendar))?;
    Ok(acting.done())
}
