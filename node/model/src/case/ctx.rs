//! What every act needs to know about the moment: who, where, when. Nothing here is read from a clock or a die.

use jiff::civil::Date;

use super::Case;
pub(super) use crate::history::{needed, within};
use crate::{
    Refusal,
    calendar::Calendar,
    history::{self, Confidence, Stamp},
    person::name_fault,
    station::StationNo,
};

/// The moment of an act.
#[derive(Debug, Clone, Copy)]
pub struct Ctx<'a> {
    /// Today's legal date, confirmed by a person where the clock is not to be believed.
    pub today: Date,
    /// Seconds since 1970, UTC.
    pub wall: i64,
    /// How far to believe it.
    pub confidence: Confidence,
    /// This box's station, 0 the centre.
    pub station: StationNo,
    /// Staff id.
    pub by: &'a str,
    /// Staff name.
    pub name: &'a str,
    /// Random, fresh for each act: makes the names of its word cells unique.
    pub nonce: u64,
    /// Working days.
    pub calendar: &'a Calendar,
}

impl Ctx<'_> {
    /// The stamp of an event made now.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        Stamp {
            wall: self.wall,
            confidence: self.confidence,
            station: self.station,
            by: self.by.to_owned(),
            name: self.name.to_owned(),
            reissue: None,
        }
    }
}

/// An act on a case.
pub(super) type Acting<'a, 'c> = history::Acting<'a, 'c, Case>;

/// A person's name that must be there and be one.
pub(super) fn named(field: &str, label: &str, name: &str) -> Result<(), Refusal> {
    name_fault(name).map_or(Ok(()), |fault| Err(Refusal::field(field, label, fault)))
}

/// A legal date that is not in the future.
pub(super) fn not_future(field: &str, label: &str, date: Date, today: Date) -> Result<(), Refusal> {
    if date > today {
        return Err(Refusal::field(field, label, format!("{label}不能晚于今天，请核对日期。")));
    }
    Ok(())
}

/// A legal date that is not before the day the papers were taken.
pub(super) fn not_before_received(field: &str, label: &str, date: Date, case: &Case) -> Result<(), Refusal> {
    match &case.received {
        Some(received) if date < received.what.on => {
            Err(Refusal::field(field, label, format!("{label}早于收件日期，请核对。")))
        }
        _ => Ok(()),
    }
}
