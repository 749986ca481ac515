//! The clock of the body that decides, from acceptance.

use jiff::civil::Date;

use crate::{
    calendar::{Calendar, Due, Stop},
    item::Limit,
};

/// The clock of the body, from acceptance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// The acceptance day; not counted.
    pub from: Date,
    /// The limit that runs, extension included; `None`: 无法定时限 and nothing promised.
    pub limit: Option<Limit>,
    /// Due date as printed.
    pub printed: Option<Date>,
    /// The printed date was provisional.
    pub provisional: bool,
    /// When it stood still.
    pub stops: Vec<Stop>,
    /// An extension was approved.
    pub extended: bool,
    /// The legal date on which the case ended.
    pub ended: Option<Date>,
}

impl Clock {
    /// It stands still now.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.ended.is_none() && self.stops.iter().any(|s| s.to.is_none())
    }

    /// The due date: the printed one, unless it was provisional, a published notice has a say in its days, or the clock was
    /// stopped or extended since.
    #[must_use]
    pub fn due(&self, calendar: &Calendar) -> Option<Due> {
        let limit = self.limit?;
        match self.printed {
            Some(date)
                if !self.provisional
                    && self.stops.is_empty()
                    && !self.extended
                    && !calendar.has_say(self.from, date) =>
            {
                Some(Due { date, provisional: false })
            }
            _ => Some(calendar.due_with_stops(self.from, limit, &self.stops)),
        }
    }
}
