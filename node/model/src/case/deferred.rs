//! 容缺: until when the papers come, and that they came.

use jiff::civil::Date;

use super::{Case, Ctx, ctx::Acting, event::DeferredArrived, facts};
use crate::{
    Refusal,
    calendar::Calendar,
    item::{Limit, Pace, Version},
    limit,
    record::{Edit, Value},
};

/// Until when deferred materials must be there: the shortest of their own days, and never after the day on which the
/// case is promised to be done.
#[must_use]
pub fn until(version: &Version, materials: &[String], today: Date, calendar: &Calendar) -> Date {
    let named = version.materials.iter().filter(|m| materials.contains(&m.id));
    let days = named.filter_map(|m| m.defer_days).min().unwrap_or(limit::NOTICE_WORKING_DAYS);
    let own = calendar.due(today, Limit::calendar(days)).date;
    let promised = promised(version).map(|limit| calendar.due(today, limit).date);
    promised.map_or(own, |promised| promised.min(own))
}

/// The limit that is promised: an 即办件 is done by the next working day.
pub(super) fn promised(version: &Version) -> Option<Limit> {
    version.promised.or((version.pace == Pace::Instant).then(|| Limit::working(1)))
}

/// Takes deferred materials.
///
/// # Errors
/// When none is named or none is open.
pub fn arrived(case: &Case, materials: &[String], ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if materials.is_empty() {
        return Err(Refusal::field("materials", "补齐的材料", "还没选补齐了哪几样。"));
    }
    let mut acting = Acting::on(case, ctx);
    acting.event(DeferredArrived { materials: materials.to_vec(), on: ctx.today })?;
    for id in materials {
        let ok = Value::Text("ok".to_owned());
        acting.edit().facts.insert(facts::material(id), Some(ok));
    }
    Ok(acting.done())
}
