//! Whether the state allows an act. Both the fold and the acts ask here; nothing else decides.

mod course;
mod credit;

use super::{Carried, Case, Outcome, event::*};
use crate::{
    history::Verdict,
    item::{Act, Way},
    station::{CENTRE, StationNo},
};

use Verdict::{Applies, Repeats};

/// The acts that carry a case on, in the order of its usual course. What ends or stops it is a choice and not a next step.
const COURSE: &[Kind] = &[
    Kind::SupplementReceived,
    Kind::SpecialEnded,
    Kind::Accepted,
    Kind::HandedOver,
    Kind::Visited,
    Kind::NoticePosted,
    Kind::NoticeEnded,
    Kind::FirstReviewed,
    Kind::ReportedUp,
    Kind::FedBack,
    Kind::Approved,
    Kind::ResultReady,
    Kind::Delivered,
    Kind::Paid,
];

fn no(why: &str) -> Verdict {
    Verdict::Refused(why.to_owned())
}

impl Case {
    /// Whether `station` may do `what` now.
    #[must_use]
    pub fn judge(&self, what: &What, station: StationNo) -> Verdict {
        if let Some(closed) = self.closed(what.kind()) {
            return closed;
        }
        if let What::FedBack(fed) = what {
            return self.may_feed_back(Some(fed.answer), station);
        }
        if let What::NoticeEnded(ended) = what {
            return self.may_unpost(Some(ended.upheld), station);
        }
        if let What::Deemed(deemed) = what {
            return self.may_deem(Some(deemed), station);
        }
        if let What::DeferredArrived(came) = what {
            return self.may_bring(Some(&came.materials));
        }
        if let What::PromiseChecked(checked) = what {
            return self.may_check_promise(Some(checked.kept), station);
        }
        if let What::Transcribed(Transcribed { number: None, reason: None, .. }) = what {
            return no("转录要有外部办件编号，没有编号就要写原因。");
        }
        if let What::Routed(routed) = what {
            return self.may_route(Some(routed.to), station);
        }
        self.may(what.kind(), station)
    }

    /// Whether `station` may do an act of this kind now, whatever it will say.
    #[must_use]
    pub fn may(&self, kind: Kind, station: StationNo) -> Verdict {
        if let Some(closed) = self.closed(kind) {
            return closed;
        }
        match kind {
            Kind::Received => self.may_receive(),
            Kind::Accepted => self.may_accept(station),
            Kind::OnBehalf => self.may_carry(),
            Kind::NoticePrinted => self.may_tell_gaps(),
            Kind::SupplementAsked => self.may_ask_supplement(),
            Kind::SupplementReceived => self.may_take_supplement(),
            Kind::SpecialStarted => self.may_start_special(),
            Kind::SpecialEnded => self.may_end_special(),
            Kind::ExtensionAsked => self.may_ask_extension(),
            Kind::ExtensionApproved => self.may_extend(station),
            Kind::ExtensionDeclined => self.may_decline(station),
            Kind::Deemed => self.may_deem(None, station),
            Kind::FirstReviewed => self.may_first_review(station),
            Kind::ReportedUp => self.may_report(station),
            Kind::FedBack => self.may_feed_back(None, station),
            Kind::Approved => self.may_approve(station),
            Kind::NotAccepted => self.may_not_accept(station),
            Kind::Refused => self.may_refuse(station),
            Kind::Returned => self.may_return(station),
            Kind::Withdrawn => self.may_withdraw(),
            Kind::HandedOver => self.may_hand_over(),
            Kind::NoticePosted => self.may_post(station),
            Kind::NoticeEnded => self.may_unpost(None, station),
            Kind::Visited => self.may_visit(station),
            Kind::Paid => self.may_pay(station),
            Kind::ResultReady => self.may_make_ready(),
            Kind::Delivered => self.may_deliver(),
            Kind::PromiseSigned | Kind::DeferredSigned => self.may_sign(),
            Kind::DeferredArrived => self.may_bring(None),
            Kind::PhotoDropped => self.may_drop_photo(),
            Kind::PromiseChecked => self.may_check_promise(None, station),
            Kind::ExemptVerified => self.may_verify(station),
            Kind::Revoked => self.may_revoke(station),
            Kind::BarLifted => self.may_lift_bar(station),
            Kind::Routed => self.may_route(None, station),
            Kind::Archived => self.may_archive(station),
            Kind::ShelfMoved | Kind::RetentionProlonged => self.may_keep(kind, station),
            Kind::Sealed => self.may_seal(station),
            Kind::SealOpened | Kind::Unsealed => self.may_unseal(kind, station),
            Kind::Unknown => no("这条记录来自更新的版本，请升级后再看。"),
            Kind::Transcribed
            | Kind::ConflictPicked
            | Kind::Settled
            | Kind::Noted
            | Kind::RatingLinked
            | Kind::Inquired
            | Kind::PhotoAdded
            | Kind::PhotoMarked
            | Kind::TwinAnswered
            | Kind::TwinSettled
            | Kind::Packaged
            | Kind::BroughtBack
            | Kind::HelpAsked
            | Kind::HelpSaid
            | Kind::HelpSuggested
            | Kind::HelpTaken
            | Kind::HelpDeclined
            | Kind::HelpClosed => Applies,
        }
    }

    /// The acts a page offers: allowed now, and of use. What goes with everything (notes, printing …) is left out.
    #[must_use]
    pub fn allowed(&self, station: StationNo) -> Vec<Kind> {
        let idle = |kind: &Kind| {
            (*kind == Kind::HandedOver && station == CENTRE)
                || self.of_no_use(*kind, station).is_some()
                || super::pairs::FREE.contains(kind)
        };
        Kind::ALL.iter().copied().filter(|k| !idle(k) && self.may(*k, station) == Applies).collect()
    }

    /// The act by which the case goes on here: the first of the usual course that is allowed.
    #[must_use]
    pub fn next_act(&self, station: StationNo) -> Option<Kind> {
        let allowed = self.allowed(station);
        // of use in any case, the way on only where somebody else has to accept
        let leads =
            |kind: &Kind| *kind != Kind::HandedOver || (self.on_behalf.is_some() && self.accepted.is_none());
        COURSE.iter().copied().find(|kind| leads(kind) && allowed.contains(kind))
    }

    /// Why an act is of no use any more, although the state would take it where two boxes did it apart: paper that moved
    /// did move, and a result that lay ready did lie there. Nobody who knows better is let do it.
    #[must_use]
    pub fn of_no_use(&self, kind: Kind, station: StationNo) -> Option<&'static str> {
        let looks = matches!(kind, Kind::Visited | Kind::NoticePosted | Kind::NoticeEnded);
        if looks && station != CENTRE && station != self.home() {
            Some("本件已经转给属地村，入户核查和公示由属地村办。")
        } else if kind == Kind::HandedOver && (self.outcome.is_some() || self.reported.is_some()) {
            Some("本件已经上报或办结，不用再转交。")
        } else if kind == Kind::HandedOver && matches!(self.carried_to(), Some(Carried::Body(_))) {
            Some("本件直接送交办理单位，不经镇里，送到以后登记送交就行。")
        } else if kind == Kind::ResultReady && self.delivered.is_some() {
            Some("本件已经送达，不用再登记出件。")
        } else {
            None
        }
    }

    /// Why a case that is over takes no more of this.
    fn over(&self) -> Option<Verdict> {
        let (outcome, ..) = self.outcome.as_ref()?;
        Some(no(match outcome {
            Outcome::Approved => "已经批准办结，不能再改。",
            Outcome::Refused => "已经作出不予许可（确认）决定，不能再改。",
            Outcome::NotAccepted => "已经不予受理，不能再办；材料齐了请重新收件。",
            Outcome::Returned => "已经退件，不能再办；要办请重新收件。",
            Outcome::Withdrawn => "申请人已经撤回，不能再办；要办请重新收件。",
        }))
    }

    pub(super) fn open(&self) -> Result<(), Verdict> {
        if let Some(over) = self.over() {
            return Err(over);
        }
        if self.received.is_none() { Err(no("还没收件，请先收件。")) } else { Ok(()) }
    }

    fn running(&self) -> Result<(), Verdict> {
        self.open()?;
        if self.supplement.is_some() {
            return Err(no("正在等补正材料，收到补正再办。"));
        }
        if self.special.is_some() {
            return Err(no("正在特别程序中，结束后再办。"));
        }
        Ok(())
    }

    /// The step of this act is next, and this station may do it.
    fn at(&self, act: Act, station: StationNo) -> Result<(), Verdict> {
        if self.steps.is_empty() {
            return Err(no("这个事项的版本还没到本机，等同步后再办。"));
        }
        let Some(state) = self.step(act) else {
            return Err(Verdict::Refused(format!("这个事项没有“{}”这一步。", act.label())));
        };
        if let Some(earlier) = self.steps.iter().take_while(|s| s.step.act != act).find(|s| s.done.is_none())
        {
            return Err(Verdict::Refused(format!(
                "“{}”还没办完，办完再{}。",
                earlier.step.name,
                act.label()
            )));
        }
        if self.does(&state.step, station) {
            Ok(())
        } else {
            Err(Verdict::Refused(format!("“{}”由{}办理，本站不能办。", state.step.name, state.step.body)))
        }
    }

    fn may_receive(&self) -> Verdict {
        if let Some(over) = self.over() {
            return over;
        }
        if self.received.is_some() { no("已经收过件，编号不能再生成。") } else { Applies }
    }

    fn may_accept(&self, station: StationNo) -> Verdict {
        if let Err(verdict) = self.running() {
            return verdict;
        }
        if self.accepted.is_some() {
            return no("已经受理过，不能再出一份受理通知书。");
        }
        if self.way == Some(Way::OnBehalf) {
            return no("本事项由外部单位受理，本站只能代办。");
        }
        if self.on_behalf.is_some() && station != CENTRE {
            return no("本件已按代办收件，由镇中心受理。");
        }
        self.accepts(station)
    }

    /// Whether it is this station that accepts, now.
    fn accepts(&self, station: StationNo) -> Verdict {
        match self.step(Act::Accept) {
            Some(_) => self.at(Act::Accept, station).err().unwrap_or(Applies),
            None if self.is_of(station) || station == CENTRE => Applies,
            None => no("本件由收件的站受理，本站不能办。"),
        }
    }

    fn may_deem(&self, deemed: Option<&Deemed>, station: StationNo) -> Verdict {
        if self.deemed.is_some() {
            return Repeats;
        }
        if let Err(verdict) = self.running() {
            return verdict;
        }
        if self.accepted.is_some() {
            return no("已经受理过，不用再登记视为受理。");
        }
        if self.on_behalf.is_some() || self.way == Some(Way::OnBehalf) {
            return no("本件是代办，由对方单位受理，不由本机登记视为受理。");
        }
        if deemed.is_some_and(|deemed| self.told_by(deemed.last)) {
            return no("期限内已经一次性告知过，不算视为受理。");
        }
        self.accepts(station)
    }

    fn may_carry(&self) -> Verdict {
        if let Err(verdict) = self.running() {
            return verdict;
        }
        if self.accepted.is_some() {
            return no("已经受理，不再出代办委托书。");
        }
        if self.deemed.is_some() {
            return no("已经视为受理，不再出代办委托书。");
        }
        if self.on_behalf.is_some() { no("已经出过代办委托书。") } else { Applies }
    }

    fn may_tell_gaps(&self) -> Verdict {
        if let Some(over) = self.over() {
            return over;
        }
        if self.accepted.is_some() || self.deemed.is_some() {
            no("已经受理，缺材料请用补正通知。")
        } else {
            Applies
        }
    }

    fn may_ask_supplement(&self) -> Verdict {
        if let Err(verdict) = self.running() {
            return verdict;
        }
        if self.supplemented.is_some() {
            return no("补正已经要求过一次。依法要一次说全，不能再要求补正。");
        }
        if self.accepted.is_some() || self.on_behalf.is_some() {
            Applies
        } else {
            no("还没受理，缺材料请出一次性告知书。")
        }
    }

    fn may_take_supplement(&self) -> Verdict {
        if let Some(over) = self.over() {
            return over;
        }
        match (&self.supplement, &self.supplemented) {
            (Some(_), _) => Applies,
            (None, Some(_)) => Repeats,
            (None, None) => no("没有要求过补正。"),
        }
    }

    fn may_start_special(&self) -> Verdict {
        if let Err(verdict) = self.running() {
            return verdict;
        }
        if self.accepted.is_some() { Applies } else { no("还没受理，不能进入特别程序。") }
    }

    fn may_end_special(&self) -> Verdict {
        if let Some(over) = self.over() {
            return over;
        }
        match (&self.special, self.special_ended) {
            (Some(_), _) => Applies,
            (None, true) => Repeats,
            (None, false) => no("没有正在进行的特别程序。"),
        }
    }

    fn may_ask_extension(&self) -> Verdict {
        if let Err(verdict) = self.open() {
            return verdict;
        }
        match (&self.accepted, &self.extension_asked) {
            (None, _) => no("还没受理，不用延期。"),
            (Some(_), Some(_)) => Repeats,
            (Some(_), None) => Applies,
        }
    }

    fn may_extend(&self, station: StationNo) -> Verdict {
        if let Err(verdict) = self.open() {
            return verdict;
        }
        if station != CENTRE {
            return no("延期由镇中心登记批准，本站不能批。");
        }
        match (&self.extension_asked, &self.extension) {
            (_, Some(_)) => no("已经延期过一次，不能再延。"),
            (Some(_), None) => Applies,
            (None, None) => no("还没申请延期。"),
        }
    }

    fn may_decline(&self, station: StationNo) -> Verdict {
        if let Err(verdict) = self.open() {
            return verdict;
        }
        if station != CENTRE {
            return no("延期由镇中心登记批不批准，本站不能批。");
        }
        match (&self.extension, &self.extension_asked, &self.extension_declined) {
            (Some(_), ..) => no("已经批准延期，不能再说不批准。"),
            (None, Some(_), _) => Applies,
            (None, None, Some(_)) => Repeats,
            (None, None, None) => no("还没申请延期。"),
        }
    }
}
