//! 转给属地村: a case that one village took in for another's resident goes to the village where they live. The one that
//! took the papers keeps seeing it and hands over the result.

use std::collections::BTreeSet;

use super::{
    Case, Ctx, Verdict,
    ctx::{Acting, within},
    event::Routed,
    facts,
};
use crate::{
    Refusal,
    record::Edit,
    station::{CENTRE, StationNo},
};

/// Passes a case on to another village's station. That there is such a station is the caller's to know.
///
/// # Errors
/// When the case is there already, is over, or is another village's.
pub fn route(case: &Case, to: StationNo, words: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    within("words", "说明", words)?;
    if to == CENTRE {
        return Err(Refusal::field("to", "属地村", "还没选是哪个村，请选一个。"));
    }
    let mut acting = Acting::on(case, ctx);
    let words = acting.maybe("route", words);
    acting.event(Routed { to: u64::from(to), words, on: ctx.today })?;
    Ok(acting.done())
}

/// Passes on what is taken in for another village's resident, in the same act.
pub(super) fn route_home(acting: &mut Acting<'_, '_>, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    match acting.state.filing.home().filter(|home| *home != ctx.station && *home != CENTRE) {
        Some(home) => acting.event(Routed { to: u64::from(home), words: None, on: ctx.today }),
        None => Ok(()),
    }
}

impl super::Filing {
    /// The station of the village where the applicant lives, where the clerk picked one.
    #[must_use]
    pub fn home(&self) -> Option<StationNo> {
        self.int(facts::HOME).and_then(|number| StationNo::try_from(number).ok())
    }
}

impl Case {
    /// The station whose case it is: where it was passed on to, else where the papers were taken.
    #[must_use]
    pub fn home(&self) -> StationNo {
        self.homes().last().unwrap_or(self.station)
    }

    fn homes(&self) -> impl Iterator<Item = StationNo> {
        self.routed.iter().filter_map(|routed| StationNo::try_from(routed.what.to).ok())
    }

    /// Every station that takes part: the one that took the papers and those it was passed on to.
    #[must_use]
    pub fn villages(&self) -> BTreeSet<StationNo> {
        self.homes().chain([self.station]).collect()
    }

    /// The papers were taken for another village's resident.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        self.home() != self.station
    }

    /// Whether a station takes part. What was done there before it heard of the passing on counts as well.
    pub(super) fn is_of(&self, station: StationNo) -> bool {
        station == self.station || self.homes().any(|home| home == station)
    }

    pub(super) fn may_route(&self, to: Option<u64>, station: StationNo) -> Verdict {
        if let Err(verdict) = self.open() {
            return verdict;
        }
        if !self.is_of(station) && station != CENTRE {
            return Verdict::Refused("本件由收件的站转，本站不能转。".to_owned());
        }
        match to {
            Some(to) if to == u64::from(self.home()) && self.routed.is_empty() => {
                Verdict::Refused("本件就是这个村的，不用转。".to_owned())
            }
            Some(to) if to == u64::from(self.home()) => Verdict::Repeats,
            Some(_) | None => Verdict::Applies,
        }
    }
}
