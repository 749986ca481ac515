//! From the first look to the hand-over.

use super::{
    super::{Case, Outcome, event::*},
    Applies, Repeats, Verdict, no,
};
use crate::{
    item::{Act, Way},
    station::{CENTRE, StationNo},
};

const REVOKED: &str = "决定已经撤销，不再发放和交付。";

impl Case {
    pub(super) fn may_first_review(&self, station: StationNo) -> Verdict {
        if let Err(verdict) = self.running() {
            return verdict;
        }
        if self.first_review.is_some() {
            return Repeats;
        }
        self.at(Act::FirstReview, station).err().unwrap_or(Applies)
    }

    pub(super) fn may_report(&self, station: StationNo) -> Verdict {
        if let Err(verdict) = self.running() {
            return verdict;
        }
        if self.reported.is_some() {
            return no("已经上报过，不能重复上报。");
        }
        if self.accepted.is_none() && self.on_behalf.is_none() {
            return no("还没受理，也没出代办委托书，不能上报。");
        }
        self.at(Act::ReportUp, station).err().unwrap_or(Applies)
    }

    pub(super) fn may_feed_back(&self, answer: Option<Answer>, station: StationNo) -> Verdict {
        if let Some(earlier) = &self.feedback {
            let same = answer.is_none_or(|answer| answer == earlier.what.answer);
            return if same {
                Repeats
            } else {
                no("已经登记过不同的反馈结果，请核对外部单位的文书。")
            };
        }
        if let Err(verdict) = self.open() {
            return verdict;
        }
        if !self.step(Act::Decide).is_some_and(|s| s.step.outside) {
            return no("本事项在镇村办结，没有外部反馈。");
        }
        self.at(Act::Decide, station).err().unwrap_or(Applies)
    }

    pub(super) fn may_decide(&self, station: StationNo) -> Result<(), Verdict> {
        self.running()?;
        if self.accepted.is_none() {
            return Err(no("还没受理，不能作决定。"));
        }
        if let Some(state) = self.step(Act::Decide).filter(|s| s.step.outside) {
            return Err(Verdict::Refused(format!("本事项由{}决定，本机只登记反馈。", state.step.body)));
        }
        self.at(Act::Decide, station)
    }

    pub(super) fn may_approve(&self, station: StationNo) -> Verdict {
        if self.approved.is_some() && self.outcome.as_ref().is_some_and(|(o, ..)| *o == Outcome::Approved) {
            return Repeats;
        }
        self.may_decide(station).err().unwrap_or(Applies)
    }

    pub(super) fn may_refuse(&self, station: StationNo) -> Verdict {
        if self.outcome.as_ref().is_some_and(|(o, ..)| *o == Outcome::Refused) {
            return Repeats;
        }
        let decided = self.running().and_then(|()| self.refusal_allowed(station));
        decided.err().unwrap_or(Applies)
    }

    /// A refusal needs the decider and acceptance, but no finished visit or notice: those may be the reason.
    fn refusal_allowed(&self, station: StationNo) -> Result<(), Verdict> {
        if self.accepted.is_none() {
            return Err(no("还没受理，请用不予受理。"));
        }
        match self.step(Act::Decide) {
            Some(s) if s.step.outside => Err(Verdict::Refused(format!(
                "本事项由{}决定；镇里初审不通过请退件并写明理由。",
                s.step.body
            ))),
            Some(s) if !self.does(&s.step, station) => {
                Err(Verdict::Refused(format!("“{}”由{}办理，本站不能办。", s.step.name, s.step.body)))
            }
            Some(_) => Ok(()),
            None => Err(no("这个事项的版本还没到本机，等同步后再办。")),
        }
    }

    pub(super) fn may_not_accept(&self, station: StationNo) -> Verdict {
        if self.outcome.as_ref().is_some_and(|(o, ..)| *o == Outcome::NotAccepted) {
            return Repeats;
        }
        if let Err(verdict) = self.running() {
            return verdict;
        }
        if self.accepted.is_some() || self.deemed.is_some() {
            return no("已经受理，不能再不予受理。");
        }
        if self.way == Some(Way::OnBehalf) {
            return no("这件事由对方单位决定，本站不能替它说不；对方退回的，用“登记反馈”。");
        }
        if self.is_of(station) || station == CENTRE {
            Applies
        } else {
            no("本件由收件的站办理，本站不能办。")
        }
    }

    pub(super) fn may_return(&self, station: StationNo) -> Verdict {
        if self.outcome.as_ref().is_some_and(|(o, ..)| *o == Outcome::Returned) {
            return Repeats;
        }
        if let Err(verdict) = self.open() {
            return verdict;
        }
        if self.is_of(station) || station == CENTRE {
            Applies
        } else {
            no("本件由收件的站办理，本站不能办。")
        }
    }

    pub(super) fn may_withdraw(&self) -> Verdict {
        if self.outcome.as_ref().is_some_and(|(o, ..)| *o == Outcome::Withdrawn) {
            return Repeats;
        }
        self.open().err().unwrap_or(Applies)
    }

    /// Papers move whatever became of the case meanwhile, so this is never an anomaly once there are papers.
    pub(super) fn may_hand_over(&self) -> Verdict {
        match (&self.received, &self.handed_over) {
            (None, _) => no("还没收件，请先收件。"),
            (Some(_), Some(_)) => Repeats,
            (Some(_), None) => Applies,
        }
    }

    /// Visit and notice may be done in any order between acceptance and the township's own act. They are acts in the
    /// village, so a stopped clock does not hinder them.
    pub(super) fn may_look(&self, act: Act, station: StationNo) -> Result<(), Verdict> {
        self.open()?;
        if self.accepted.is_none() && self.on_behalf.is_none() {
            return Err(no("还没受理，先受理再办这一步。"));
        }
        let Some(state) = self.step(act) else {
            return Err(Verdict::Refused(format!("这个事项没有“{}”这一步。", act.label())));
        };
        if self.does(&state.step, station) {
            Ok(())
        } else {
            Err(Verdict::Refused(format!("“{}”由{}办理，本站不能办。", state.step.name, state.step.body)))
        }
    }

    pub(super) fn may_visit(&self, station: StationNo) -> Verdict {
        if self.visit.as_ref().is_some_and(|v| v.what.finding != Finding::Nobody) {
            return Repeats;
        }
        self.may_look(Act::Visit, station).err().unwrap_or(Applies)
    }

    pub(super) fn may_post(&self, station: StationNo) -> Verdict {
        if self.notice.is_some() {
            return Repeats;
        }
        self.may_look(Act::Notice, station).err().unwrap_or(Applies)
    }

    pub(super) fn may_unpost(&self, upheld: Option<bool>, station: StationNo) -> Verdict {
        if let Some(earlier) = &self.notice_ended {
            let same = upheld.is_none_or(|upheld| upheld == earlier.what.upheld);
            return if same { Repeats } else { no("公示结果已经登记过，两次登记不一样。") };
        }
        if self.notice.is_none() {
            return no("还没开始公示。");
        }
        self.may_look(Act::Notice, station).err().unwrap_or(Applies)
    }

    pub(super) fn may_pay(&self, station: StationNo) -> Verdict {
        if self.paid.is_some() {
            return Repeats;
        }
        if !matches!(self.outcome, Some((Outcome::Approved, ..))) {
            return no("还没批准，不能发放。");
        }
        if self.revoked.is_some() {
            return no(REVOKED);
        }
        self.at(Act::Pay, station).err().unwrap_or(Applies)
    }

    pub(super) fn may_make_ready(&self) -> Verdict {
        if self.ready.is_some() {
            return Repeats;
        }
        if self.revoked.is_some() {
            return no(REVOKED);
        }
        match self.outcome {
            Some((Outcome::Approved | Outcome::Refused | Outcome::NotAccepted, ..)) => Applies,
            Some((Outcome::Returned | Outcome::Withdrawn, ..)) => no("已经退件或撤回，没有结果可出。"),
            None => no("还没办结，不能出件。"),
        }
    }

    pub(super) fn may_deliver(&self) -> Verdict {
        if self.delivered.is_some() {
            return no("已经送达过，不能再送一次。");
        }
        if self.outcome.is_none() || self.made_void() {
            return no("还没办结，没有结果可以送达。");
        }
        if self.revoked.is_some() {
            return no(REVOKED);
        }
        if self.outstanding().next().is_some() {
            return no("容缺的材料还没补齐，补齐再交付结果。");
        }
        Applies
    }

    fn made_void(&self) -> bool {
        matches!(self.outcome, Some((Outcome::Withdrawn, ..)))
    }

    pub(super) fn may_sign(&self) -> Verdict {
        if let Some(over) = self.over() {
            return over;
        }
        Applies
    }

    pub(super) fn may_bring(&self, came: Option<&Vec<String>>) -> Verdict {
        let wanted = |m: &str| came.is_none_or(|came| came.iter().any(|c| c == m));
        if self.outstanding().any(|(m, _)| wanted(m)) {
            return Applies;
        }
        let asked = self.timeline.iter().any(|e| matches!(e.what, What::DeferredSigned(_)));
        if asked { Repeats } else { no("没有容缺的材料。") }
    }
}
