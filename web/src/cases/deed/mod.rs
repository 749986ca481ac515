//! What may be done to a case from its page: one [`Deed`] per act of the model. Which are offered is decided by the
//! model's own judgement ([`offered`]), so a button that is shown is an act that is allowed, and none else is shown.

mod act;
mod aside;
mod credit;
mod form;

use model::Date;
use model::case::event::*;
use model::case::{Case, Verdict};
use model::item::{Act, Way};
use model::station::StationNo;

use super::words;
pub(crate) use act::{act, parse_date};
pub(crate) use form::{Asked, DeedForm, Tick, form};

/// An act of a person on a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deed {
    Accept,
    Deem,
    Visit,
    PostNotice,
    EndNotice,
    FirstReview,
    ReportUp,
    FeedBack,
    Approve,
    Ready,
    Deliver,
    Pay,
    TakeSupplement,
    Bring,
    HandOver,
    Route,
    Tell,
    AskSupplement,
    EndSpecial,
    ApproveExtension,
    DeclineExtension,
    AskExtension,
    StartSpecial,
    Inquire,
    Verify,
    CheckPromise,
    LiftBar,
    Note,
    NotAccept,
    Refuse,
    Return,
    Withdraw,
    Revoke,
}

/// How a deed looks on a page.
pub(crate) struct Look {
    /// In URLs.
    pub(crate) code: &'static str,
    /// On the button.
    pub(crate) label: &'static str,
    /// Its key, as a script names it; empty for none.
    pub(crate) key: &'static str,
    /// What it means, in one short line.
    pub(crate) note: &'static str,
    /// Whether it ends the case against the resident's wish or for good.
    pub(crate) danger: bool,
}

impl Deed {
    /// All, in the order a page offers them: the route's own steps first, what ends a case last.
    pub(crate) const ALL: [Self; 33] = [
        Self::Accept,
        Self::Deem,
        Self::Visit,
        Self::PostNotice,
        Self::EndNotice,
        Self::FirstReview,
        Self::ReportUp,
        Self::FeedBack,
        Self::Approve,
        Self::Ready,
        Self::Deliver,
        Self::Pay,
        Self::TakeSupplement,
        Self::Bring,
        Self::HandOver,
        Self::Route,
        Self::Tell,
        Self::AskSupplement,
        Self::EndSpecial,
        Self::ApproveExtension,
        Self::DeclineExtension,
        Self::AskExtension,
        Self::StartSpecial,
        Self::Inquire,
        Self::Verify,
        Self::CheckPromise,
        Self::LiftBar,
        Self::Note,
        Self::NotAccept,
        Self::Refuse,
        Self::Return,
        Self::Withdraw,
        Self::Revoke,
    ];

    /// The deed of a URL.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.look().code == code)
    }

    /// How it looks.
    pub(crate) fn look(self) -> Look {
        let (code, label, key, note) = match self {
            Self::Accept => ("accept", "受理", "a", "材料和条件都合格，从今天起计时"),
            Self::Deem => ("deem", "登记视为受理", "v", "逾期没有告知，时限从收件那天算"),
            Self::Visit => ("visit", "登记入户核查", "v", "两个人去，写明看到了什么"),
            Self::PostNotice => ("post-notice", "开始公示", "g", "遮住证件号，贴在公示栏"),
            Self::EndNotice => ("end-notice", "登记公示结果", "g", "期满以后登记有没有异议"),
            Self::FirstReview => ("first-review", "初审通过并上报", "a", "镇里只作初审，决定权在县里"),
            Self::ReportUp => ("report-up", "登记上报", "b", "花名册、接收人"),
            Self::FeedBack => ("feed-back", "登记反馈", "f", "外部单位答复以后登记，到期不会自动办结"),
            Self::Approve => ("approve", "审批通过", "a", "作出同意的决定"),
            Self::Ready => ("ready", "登记出件", "o", "结果送到窗口，可以通知来领"),
            Self::Deliver => ("deliver", "送达", "d", "领取人在送达回证上签名"),
            Self::Pay => ("pay", "登记发放", "y", "写明批次"),
            Self::TakeSupplement => ("take-supplement", "收到补正", "s", "补齐了，接着计时"),
            Self::Bring => ("bring", "容缺材料补齐", "q", "补齐以后才能交付结果"),
            Self::HandOver => ("hand-over", "转交镇里", "t", "纸质材料交给镇中心"),
            Self::Route => ("route", "转给属地村", "", "群众住在别的村，由那个村接着办"),
            Self::Tell => ("tell", "一次性告知", "b", "缺的一次说全，打印告知书"),
            Self::AskSupplement => ("ask-supplement", "要求补正", "s", "一次说全，停止计时"),
            Self::EndSpecial => ("end-special", "特别程序结束", "c", "接着计时"),
            Self::ApproveExtension => ("approve-extension", "批准延期", "e", "本机关负责人批准"),
            Self::DeclineExtension => ("decline-extension", "不批准延期", "", "写明理由，时限不变"),
            Self::AskExtension => ("ask-extension", "申请延期", "e", "镇中心批准，并告知理由"),
            Self::StartSpecial => ("start-special", "进入特别程序", "", "听证、鉴定等，停止计时"),
            Self::Inquire => ("inquire", "登记催问", "u", "问了谁，怎么答的"),
            Self::Verify => ("verify", "登记核验", "y", "免提交的材料核对以后登记"),
            Self::CheckPromise => ("check-promise", "登记承诺核查", "k", "属实还是不实，写明向谁查的"),
            Self::LiftBar => ("lift-bar", "信用修复", "", "写明改正了什么，以后可以再承诺"),
            Self::Revoke => ("revoke", "撤销决定", "", "承诺不实，写明理由和依据，出撤销决定书"),
            Self::Note => ("note", "加说明", "n", "只能加，不能改前面的"),
            Self::NotAccept => ("not-accept", "不予受理", "", "写明理由，出不予受理通知书"),
            Self::Refuse => ("refuse", "不予许可", "r", "写明理由和依据，告知救济权利"),
            Self::Return => ("return", "退件", "x", "写明理由，材料退回，出退件通知书"),
            Self::Withdraw => ("withdraw", "登记撤回", "w", "申请人自己提出"),
        };
        let danger =
            matches!(self, Self::NotAccept | Self::Refuse | Self::Return | Self::Withdraw | Self::Revoke);
        Look { code, label, key, note, danger }
    }

    /// The event it would make, with nothing filled in: enough to ask whether the state allows it.
    fn probe(self, today: Date) -> What {
        let none = String::new;
        match self {
            Self::Accept => Accepted {
                way: Way::Entrusted,
                principal: none(),
                authority: None,
                legal: None,
                promised: None,
                on: today,
                due: None,
                provisional: false,
            }
            .into(),
            // whether the days are over is asked with the calendar at hand
            Self::Deem => Deemed { received: Date::MIN, last: Date::MIN, on: today }.into(),
            Self::Tell => NoticePrinted { gaps: vec![], on: today, words: None }.into(),
            Self::DeclineExtension => ExtensionDeclined { reason: none(), on: today }.into(),
            Self::Visit => {
                Visited { visitors: vec![], finding: Finding::True, words: None, on: today }.into()
            }
            Self::PostNotice => NoticePosted { from: today, until: today, place: none() }.into(),
            Self::EndNotice => NoticeEnded { objections: 0, upheld: false, words: None, on: today }.into(),
            Self::FirstReview => FirstReviewed { opinion: None, on: today }.into(),
            Self::ReportUp => ReportedUp { list: none(), receiver: none(), on: today }.into(),
            Self::FeedBack => {
                FedBack { answer: Answer::Agreed, paper: none(), on: today, words: None }.into()
            }
            Self::Approve => Approved { paper: None, opinion: None, on: today }.into(),
            Self::Ready => ResultReady { paper: none(), on: today }.into(),
            Self::Deliver => {
                Delivered { receiver: none(), manner: Manner::Counter, signed: true, on: today }.into()
            }
            Self::Pay => Paid { list: None, on: today }.into(),
            Self::TakeSupplement => SupplementReceived { gaps: vec![], on: today }.into(),
            Self::Bring => DeferredArrived { materials: vec![], on: today }.into(),
            Self::HandOver => HandedOver { receiver: none(), on: today }.into(),
            // no village's number: asked is whether it may be passed on at all
            Self::Route => Routed { to: u64::MAX, words: None, on: today }.into(),
            Self::AskSupplement => {
                SupplementAsked { gaps: vec![], on: today, until: None, words: None }.into()
            }
            Self::EndSpecial => SpecialEnded { on: today }.into(),
            Self::ApproveExtension => ExtensionApproved { days: 0, approver: none(), on: today }.into(),
            Self::AskExtension => ExtensionAsked { days: 0, reason: none() }.into(),
            Self::StartSpecial => SpecialStarted { which: Special::Appraisal, on: today, days: 0 }.into(),
            Self::Inquire => Inquired { body: none(), words: none() }.into(),
            Self::Verify => {
                let (materials, source) = (vec![], Source::Shared);
                ExemptVerified { materials, source, holds: true, words: None, on: today }.into()
            }
            Self::CheckPromise => PromiseChecked { kept: true, words: none(), on: today }.into(),
            Self::LiftBar => BarLifted { reason: none(), on: today }.into(),
            Self::Revoke => Revoked { reason: none(), basis: none(), on: today }.into(),
            Self::Note => Noted { words: none() }.into(),
            Self::NotAccept => NotAccepted { reason: none(), competent: None, on: today }.into(),
            Self::Refuse => Refused { reason: none(), basis: none(), on: today }.into(),
            Self::Return => Returned { reason: none(), on: today }.into(),
            Self::Withdraw => Withdrawn { asker: Asker::Applicant, reason: None, on: today }.into(),
        }
    }

    /// Whether it takes the case on along its route: only such an act may be a page's one deep-blue button. What stops
    /// the clock, what ends a case and what only adds a word are never pressed upon the clerk.
    pub(crate) fn moves_on(self) -> bool {
        let place = Self::ALL.iter().position(|deed| *deed == self);
        let last = Self::ALL.iter().position(|deed| *deed == Self::HandOver);
        place <= last || self == Self::EndSpecial
    }

    /// Why it cannot be done here now, in the model's words; none when it can.
    pub(crate) fn why_not(self, case: &Case, here: StationNo, today: Date) -> Option<String> {
        if self == Self::Bring {
            let none = case.outstanding().next().is_none();
            return none.then(|| "没有等着补的容缺材料。".to_owned());
        }
        if self == Self::Verify && case.unverified().is_empty() {
            return Some("没有等着核验的材料。".to_owned());
        }
        match case.judge(&self.probe(today), here) {
            Verdict::Repeats => Some(format!("“{}”已经办过，不用再办。", self.look().label)),
            Verdict::Refused(why) => Some(why),
            Verdict::Applies => {
                let idle = case.of_no_use(self.probe(today).kind(), here);
                idle.or_else(|| self.no_sense(case))
                    .map(str::to_owned)
                    .or_else(|| self.too_early(case, today))
            }
        }
    }

    /// The state knows no date; the model refuses the same when it is done.
    fn too_early(self, case: &Case, today: Date) -> Option<String> {
        let posted = case.notice.as_ref().filter(|_| self == Self::EndNotice)?;
        let until = posted.what.until;
        (today <= until).then(|| format!("公示到{}为止，期满后再登记结果。", words::full_day(until)))
    }

    /// Why it makes no sense: some acts ask the state for little or nothing, and are open only where they are of use.
    fn no_sense(self, case: &Case) -> Option<&'static str> {
        let outside = case.current().is_some_and(|step| step.step.outside);
        let carried = case.step(Act::FirstReview).is_some() || case.on_behalf.is_some();
        let senses = [
            (Self::Inquire, outside && case.outcome.is_none(), "这件不在外部单位手里，没有要催问的。"),
            (Self::Tell, case.on_behalf.is_none(), "本件是代办，缺材料由受理的单位告知。"),
            (Self::Accept, case.received.is_some(), "还没收件，请先收件。"),
            (Self::Note, case.received.is_some(), "还没收件，说明写在草稿里就行。"),
            (Self::EndNotice, case.notice.is_some() && case.notice_ended.is_none(), "没有正在进行的公示。"),
            (Self::HandOver, carried, "这件在村里就能办，不用转交镇里。"),
            (Self::Deliver, case.ready.is_some() || case.approved.is_some(), "还没有结果，出件以后再送达。"),
        ];
        let wrong = senses.into_iter().find(|(deed, sense, _)| *deed == self && !sense);
        wrong.map(|(_, _, why)| why)
    }

    /// Whether it can be done here now.
    pub(crate) fn is_open(self, case: &Case, here: StationNo, today: Date) -> bool {
        self.why_not(case, here, today).is_none()
    }
}

/// What may be done here now, most pressing first.
pub(crate) fn offered(case: &Case, here: StationNo, today: Date) -> Vec<Deed> {
    Deed::ALL.into_iter().filter(|deed| deed.is_open(case, here, today)).collect()
}
