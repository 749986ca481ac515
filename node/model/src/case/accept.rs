//! 受理, as far as the station's written authority allows: 受理通知书 in the principal's name, or 收件凭证 and 代办委托书.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    Case, Ctx,
    ctx::Acting,
    event::{Accepted, DeferredSigned, OnBehalf},
    facts,
    receive::{Receive, take_in},
};
use crate::{
    Refusal,
    authority::{IntakePaper, Standing},
    calendar::Calendar,
    item::{Limit, Pace, Version},
    limit,
    record::{Candidate, Edit, OpId, Record, Value},
};

/// What acceptance rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accept {
    /// Number and query code, when the papers are taken in the same act.
    pub receive: Option<Receive>,
    /// From [`crate::authority::decide`].
    pub standing: Standing,
}

/// Accepts when every rule is met; otherwise refuses and lists what is missing. Takes the papers first where that has
/// not been done. Acting on behalf is the same act with the other paper.
///
/// # Errors
/// With every field and gap; nothing typed is lost.
pub fn accept(case: &Case, command: &Accept, version: &Version, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let mut acting = Acting::on(case, ctx);
    let checked = case.filing.check(version, ctx.today);
    if !checked.is_ready() {
        return Err(Refusal::fields(checked.all_errors()));
    }
    if case.received.is_none() {
        let Some(receive) = &command.receive else {
            return Err(Refusal::because("还没有办件编号，请重新点一次受理。"));
        };
        take_in(&mut acting, receive, version, ctx)?;
    }
    match command.standing.paper {
        IntakePaper::AcceptanceNotice => {
            acting.event(acceptance(&command.standing, version, ctx.today, ctx.calendar))?;
        }
        IntakePaper::OnBehalf => {
            acting.event(on_behalf(&command.standing, ctx))?;
            let days = Value::Int(i64::from(ctx.calendar.hand_over().days));
            acting.edit().facts.insert(facts::HAND_OVER_DAYS.to_owned(), Some(days));
        }
    }
    if !checked.deferred.is_empty() {
        let days = version
            .materials
            .iter()
            .filter(|m| checked.deferred.contains(&m.id))
            .filter_map(|m| m.defer_days);
        let until =
            ctx.calendar.due(ctx.today, Limit::calendar(days.min().unwrap_or(limit::NOTICE_WORKING_DAYS)));
        let signed = DeferredSigned { materials: checked.deferred, until: until.date, on: ctx.today };
        acting.event(signed)?;
    }
    Ok(acting.done())
}

/// As [`accept`], of papers that were taken before: `good` names materials and rules that are in order by now.
///
/// # Errors
/// As [`accept`], or when something is named that the item does not ask for.
pub fn complete(
    record: &Record,
    good: &[String],
    command: &Accept,
    version: &Version,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    let mut now = record.clone();
    let mut facts = BTreeMap::new();
    for name in good {
        let word = if name.starts_with("m/") { "ok" } else { "pass" };
        if !facts::is_gap(name, version) || !(name.starts_with("m/") || name.starts_with("r/")) {
            return Err(Refusal::field("good", "现在合格的", "有一项认不出来，请重新选。"));
        }
        facts.insert(name.clone(), Some(Value::Text(word.to_owned())));
        let op = OpId { lamport: u64::MAX, actor: [0; 16] };
        now.facts.insert(name.clone(), vec![Candidate { value: Value::Text(word.to_owned()), op }]);
    }
    let (case, _) = Case::read(&now, Some(version));
    let mut edit = accept(&case, command, version, ctx)?;
    edit.facts.extend(facts);
    Ok(edit)
}

/// Acceptance as of a day, which is not counted itself.
pub(super) fn acceptance(standing: &Standing, version: &Version, on: Date, calendar: &Calendar) -> Accepted {
    let promised = version.promised.or((version.pace == Pace::Instant).then(|| Limit::working(1)));
    let due = promised.or(version.legal).map(|limit| calendar.due(on, limit));
    Accepted {
        way: standing.way,
        principal: standing.principal.clone(),
        authority: standing.document.clone(),
        legal: version.legal,
        promised,
        on,
        due: due.map(|d| d.date),
        provisional: due.is_some_and(|d| d.provisional),
    }
}

fn on_behalf(standing: &Standing, ctx: &Ctx<'_>) -> OnBehalf {
    let due = ctx.calendar.due(ctx.today, ctx.calendar.hand_over());
    OnBehalf {
        principal: standing.principal.clone(),
        on: ctx.today,
        hand_over_due: due.date,
        fell_back: standing.fell_back,
    }
}
