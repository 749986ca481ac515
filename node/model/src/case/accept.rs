//! 受理, as far as the station's written authority allows: 受理通知书 in the principal's name, or 收件凭证 and 代办委托书.

use super::{
    Case, Ctx,
    ctx::Acting,
    event::{Accepted, DeferredSigned, OnBehalf},
    receive::{Receive, take_in},
};
use crate::{
    Refusal,
    authority::{IntakePaper, Standing},
    item::{Limit, Pace, Version},
    limit,
    record::Edit,
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
        IntakePaper::AcceptanceNotice => acting.event(acceptance(&command.standing, version, ctx))?,
        IntakePaper::OnBehalf => acting.event(on_behalf(&command.standing, ctx))?,
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

fn acceptance(standing: &Standing, version: &Version, ctx: &Ctx<'_>) -> Accepted {
    let promised = version.promised.or((version.pace == Pace::Instant).then(|| Limit::working(1)));
    let due = promised.or(version.legal).map(|limit| ctx.calendar.due(ctx.today, limit));
    Accepted {
        way: standing.way,
        principal: standing.principal.clone(),
        authority: standing.document.clone(),
        legal: version.legal,
        promised,
        on: ctx.today,
        due: due.map(|d| d.date),
        provisional: due.is_some_and(|d| d.provisional),
    }
}

fn on_behalf(standing: &Standing, ctx: &Ctx<'_>) -> OnBehalf {
    let due = ctx.calendar.due(ctx.today, Limit::working(limit::HAND_OVER_WORKING_DAYS));
    OnBehalf {
        principal: standing.principal.clone(),
        on: ctx.today,
        hand_over_due: due.date,
        fell_back: standing.fell_back,
    }
}
