//! What follows a promise: the check, the revocation, the repair; and the check of what was done without.

use super::{
    super::{Case, Outcome},
    Applies, Repeats, Verdict, no,
};
use crate::{
    item::Act,
    station::{CENTRE, StationNo},
};

impl Case {
    /// The case's own station, or the centre.
    fn own(&self, station: StationNo) -> Result<(), Verdict> {
        if self.is_of(station) || station == CENTRE {
            Ok(())
        } else {
            Err(no("本件由收件的站办理，本站不能办。"))
        }
    }

    /// A check is never too late: what was promised can turn out false years after.
    pub(super) fn may_check_promise(&self, kept: Option<bool>, station: StationNo) -> Verdict {
        if let Some(earlier) = &self.promise_checked {
            let same = kept.is_none_or(|kept| kept == earlier.what.kept);
            return if same { Repeats } else { no("承诺已经核查过，两次结果不一样。") };
        }
        if self.promised.is_empty() {
            return no("本件没有告知承诺，不用核查。");
        }
        self.own(station).err().unwrap_or(Applies)
    }

    /// Which materials wait is told by facts, which change with the act itself: here only that there are papers.
    pub(super) fn may_verify(&self, station: StationNo) -> Verdict {
        if self.received.is_none() {
            return no("还没收件，请先收件。");
        }
        self.own(station).err().unwrap_or(Applies)
    }

    pub(super) fn may_revoke(&self, station: StationNo) -> Verdict {
        if self.revoked.is_some() {
            return Repeats;
        }
        if !self.promise_broken() {
            return no("没有核查出虚假承诺，不能撤销决定。");
        }
        if !matches!(self.outcome, Some((Outcome::Approved, ..))) {
            return no("还没批准，没有决定可以撤销；请退件或不予许可。");
        }
        match self.step(Act::Decide) {
            Some(state) if self.does(&state.step, station) => Applies,
            Some(state) => Verdict::Refused(format!("决定由{}作出，本站不能撤销。", state.step.body)),
            None => no("这个事项的版本还没到本机，等同步后再办。"),
        }
    }

    pub(super) fn may_lift_bar(&self, station: StationNo) -> Verdict {
        if self.bar_lifted.is_some() {
            return Repeats;
        }
        if !self.promise_broken() {
            return no("没有失信记录，不用修复。");
        }
        if station == CENTRE { Applies } else { no("信用修复由镇中心登记，本站不能办。") }
    }
}
