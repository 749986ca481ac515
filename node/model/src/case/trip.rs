//! 上门收件: what was taken down at somebody's home, on a tablet out of reach of the box, becomes a draft on return.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    Case, Ctx,
    ctx::Acting,
    draft,
    event::{BroughtBack, Event, What},
};
use crate::{
    Refusal,
    item::Version,
    limit,
    record::{Edit, Record},
};

/// What a tablet brings back.
#[derive(Clone, PartialEq, Eq)]
pub struct Brought {
    /// The trip.
    pub trip: [u8; 16],
    /// What the tablet called the record.
    pub record: [u8; 16],
    /// The day it was taken down, as the tablet's clock said; none where it said nothing that can be.
    pub on: Option<Date>,
    /// What was typed, by fact and cell name.
    pub typed: BTreeMap<String, String>,
}

impl std::fmt::Debug for Brought {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Brought({} fields)", self.typed.len())
    }
}

/// A draft of what was brought back, in one edit. All of it is taken or nothing: what does not fit stays on the tablet.
///
/// # Errors
/// With every field that does not fit.
pub fn bring(case: &Case, brought: &Brought, version: &Version, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let (typed, wrong) = draft::save(&Record::default(), case, &brought.typed)?;
    let first = wrong.iter().next().map(|first| first.message.clone());
    if let Some(message) = first {
        return Err(Refusal { message, fields: wrong });
    }
    let mut acting = Acting::on(case, ctx);
    let on = brought.on.filter(|on| believed(*on, ctx.today)).unwrap_or(ctx.today);
    acting.event(BroughtBack { trip: brought.trip, record: brought.record, on })?;
    let mut edit = draft::start(version, ctx);
    edit.facts.extend(typed.facts);
    edit.cells.extend(typed.cells);
    edit.events = acting.done().events;
    Ok(edit)
}

/// A tablet's clock may stand anywhere: a day that is still to come, or long gone, is no day of a trip.
fn believed(on: Date, today: Date) -> bool {
    let days = (today - on).get_days();
    (0..=limit::TRIP_DAYS).contains(&days)
}

/// The trip on which a draft was taken down.
#[must_use]
pub fn trip_of(record: &Record) -> Option<BroughtBack> {
    record.events.iter().find_map(|event| match Event::decode(&event.bytes) {
        Ok(Event { what: What::BroughtBack(brought), .. }) => Some(brought),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
