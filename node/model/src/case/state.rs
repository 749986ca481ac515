//! What the fold makes of a case.

use jiff::civil::Date;

use super::{
    Conflict, Filing,
    clock::Clock,
    event::*,
    facts,
    help::Thread,
    photo::Photo,
    stage::{Outcome, Reached, Stage},
};
use crate::{
    calendar::{Calendar, Due, Light, Stop},
    history::{self, Done, Mark},
    item::{Act, ItemRef, Level, Limit, Step, Way},
    record::OpId,
    station::{CENTRE, StationNo},
};

/// One step of the route, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepState {
    /// The step of the item version.
    pub step: Step,
    /// Who did it; `None` while it is to be done.
    pub done: Option<Mark>,
    /// The legal date it was done on.
    pub on: Option<Date>,
}

/// Whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// A station.
    Station(StationNo),
    /// The centre.
    Centre,
    /// A body outside the mesh.
    Outside(String),
    /// The resident.
    Applicant,
    /// Nobody: all is done.
    Nobody,
}

/// 容缺: materials still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deferred {
    /// Material ids.
    pub materials: Vec<String>,
    /// Until when.
    pub until: Date,
}

/// One line of the timeline.
pub type Entry = history::Entry<What>;

/// A case, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What was asked, by whom.
    pub filing: Filing,
    /// Item and version it is about.
    pub item: Option<ItemRef>,
    /// How the item lets a station act.
    pub way: Option<Way>,
    /// The accepting station.
    pub station: StationNo,
    /// The route, with progress. Empty while the item version is not on this box.
    pub steps: Vec<StepState>,
    /// 转给属地村, in order.
    pub routed: Vec<Done<Routed>>,
    /// 收件.
    pub received: Option<Done<Received>>,
    /// 受理.
    pub accepted: Option<Done<Accepted>>,
    /// 代办收件.
    pub on_behalf: Option<Done<OnBehalf>>,
    /// 转交.
    pub handed_over: Option<Done<HandedOver>>,
    /// The supplement that is open.
    pub supplement: Option<Done<SupplementAsked>>,
    /// The last supplement that came in.
    pub supplemented: Option<Done<SupplementReceived>>,
    /// The special procedure that runs.
    pub special: Option<Done<SpecialStarted>>,
    /// A special procedure has ended.
    pub special_ended: bool,
    /// 申请延期.
    pub extension_asked: Option<Done<ExtensionAsked>>,
    /// 批准延期.
    pub extension: Option<Done<ExtensionApproved>>,
    /// The last 不批准延期.
    pub extension_declined: Option<Done<ExtensionDeclined>>,
    /// 视为受理.
    pub deemed: Option<Done<Deemed>>,
    /// 公示 posted.
    pub notice: Option<Done<NoticePosted>>,
    /// 公示 taken down.
    pub notice_ended: Option<Done<NoticeEnded>>,
    /// 入户核查.
    pub visit: Option<Done<Visited>>,
    /// 初审通过.
    pub first_review: Option<Done<FirstReviewed>>,
    /// 上报.
    pub reported: Option<Done<ReportedUp>>,
    /// 外部反馈.
    pub feedback: Option<Done<FedBack>>,
    /// 审批通过 inside.
    pub approved: Option<Done<Approved>>,
    /// How it ended, by which event, on which legal date.
    pub outcome: Option<(Outcome, Mark, Date)>,
    /// 发放.
    pub paid: Option<Done<Paid>>,
    /// 出件.
    pub ready: Option<Done<ResultReady>>,
    /// 送达.
    pub delivered: Option<Done<Delivered>>,
    /// 容缺 materials still to come.
    pub deferred: Vec<Deferred>,
    /// Materials covered by a signed promise.
    pub promised: Vec<String>,
    /// 承诺核查.
    pub promise_checked: Option<Done<PromiseChecked>>,
    /// 信用修复 after a false promise.
    pub bar_lifted: Option<Done<BarLifted>>,
    /// 撤销决定.
    pub revoked: Option<Done<Revoked>>,
    /// 归档.
    pub archived: Option<Done<Archived>>,
    /// Where the file was moved to last.
    pub shelf_moved: Option<Done<ShelfMoved>>,
    /// The last 延长保管.
    pub prolonged: Option<Done<RetentionProlonged>>,
    /// 封存, while it stands.
    pub sealed: Option<Done<Sealed>>,
    /// The last 解除封存.
    pub unsealed: Option<Done<Unsealed>>,
    /// 转录, in order.
    pub transcribed: Vec<Done<Transcribed>>,
    /// Cases of the same person and item that somebody has looked at beside this one.
    pub apart_from: Vec<[u8; 16]>,
    /// The package it was taken in.
    pub package: Option<Done<Packaged>>,
    /// Photos of materials, in order; those that were dropped are not among them.
    pub photos: Vec<Photo>,
    /// 求助 between village and centre.
    pub help: Thread,
    /// When the clock stood still.
    pub stops: Vec<Stop>,
    /// Everything that happened, in order.
    pub timeline: Vec<Entry>,
    /// Facts and cells that stand against each other.
    pub conflicts: Vec<Conflict>,
}

impl Case {
    /// The case number, once the papers are taken.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        self.received.as_ref().map(|r| r.what.number.as_str())
    }

    /// The last event of a kind that counts: `case.last::<Refused>()`.
    #[must_use]
    pub fn last<T: Payload<What>>(&self) -> Option<(&Entry, &T)> {
        self.timeline
            .iter()
            .rev()
            .filter(|entry| entry.standing.counts())
            .find_map(|e| Some((e, T::of(&e.what)?)))
    }

    /// Who wrote a value: the first act of the same hand behind it. Values and the event that tells of them are written
    /// in one change, the values first; where nothing follows, it is the last act before.
    #[must_use]
    pub fn writer_of(&self, op: OpId) -> Option<&Mark> {
        let same = || self.timeline.iter().map(|entry| &entry.mark).filter(|mark| mark.op.actor == op.actor);
        let behind = same().filter(|mark| mark.op.lamport > op.lamport).min_by_key(|mark| mark.op.lamport);
        behind.or_else(|| same().max_by_key(|mark| mark.op.lamport))
    }

    /// The first step that is not done; `None` at the end.
    #[must_use]
    pub fn current(&self) -> Option<&StepState> {
        match self.outcome {
            Some((Outcome::Approved, ..)) | None => self.steps.iter().find(|s| s.done.is_none()),
            Some(_) => None,
        }
    }

    /// A step by its act.
    #[must_use]
    pub fn step(&self, act: Act) -> Option<&StepState> {
        self.steps.iter().find(|s| s.step.act == act)
    }

    /// The route for a progress page: each step and how far it is.
    pub fn progress(&self) -> impl Iterator<Item = (&StepState, Reached)> {
        let current = self.current().map(|s| s.step.act);
        let ended = self.outcome.as_ref().is_some_and(|(o, ..)| *o != Outcome::Approved);
        self.steps.iter().map(move |s| {
            let reached = match (&s.done, current == Some(s.step.act), ended) {
                (Some(_), ..) => Reached::Done,
                (None, true, _) => Reached::Now,
                (None, false, true) => Reached::Never,
                (None, false, false) => Reached::Later,
            };
            (s, reached)
        })
    }

    /// The state.
    #[must_use]
    pub fn stage(&self) -> Stage {
        if self.revoked.is_some() {
            return Stage::Revoked;
        }
        if self.delivered.is_some() {
            return Stage::Delivered;
        }
        if let Some((outcome, ..)) = &self.outcome {
            return match (outcome, self.ready.is_some()) {
                (Outcome::Withdrawn, _) => Stage::Withdrawn,
                (Outcome::Returned, _) => Stage::Returned,
                (Outcome::NotAccepted, _) => Stage::NotAccepted,
                (Outcome::Approved | Outcome::Refused, true) => Stage::Ready,
                (Outcome::Approved, false) => Stage::Decided,
                (Outcome::Refused, false) => Stage::Refused,
            };
        }
        if self.received.is_none() {
            return Stage::Draft;
        }
        if self.supplement.is_some() {
            return Stage::Supplementing;
        }
        if self.special.is_some() {
            return Stage::Special;
        }
        if self.current().is_some_and(|s| s.step.outside) {
            return Stage::Outside;
        }
        match (&self.accepted, &self.on_behalf) {
            (Some(_), _) => Stage::Processing,
            (None, Some(_)) => Stage::OnBehalf,
            (None, None) => Stage::Received,
        }
    }

    /// Whose turn it is.
    #[must_use]
    pub fn turn(&self) -> Turn {
        let home = if self.home() == CENTRE { Turn::Centre } else { Turn::Station(self.home()) };
        let counter = if self.station == CENTRE { Turn::Centre } else { Turn::Station(self.station) };
        match self.stage() {
            Stage::Draft | Stage::Received => home,
            // the resident comes for the result to where the papers were taken
            Stage::Decided | Stage::Ready | Stage::Refused | Stage::NotAccepted => counter,
            Stage::Supplementing => Turn::Applicant,
            Stage::Delivered | Stage::Returned | Stage::Withdrawn | Stage::Revoked => Turn::Nobody,
            Stage::OnBehalf | Stage::Processing | Stage::Special | Stage::Outside => match self.current() {
                Some(state) if state.step.outside => Turn::Outside(state.step.body.clone()),
                Some(state) if self.does(&state.step, self.home()) => home,
                Some(_) => Turn::Centre,
                None => home,
            },
        }
    }

    /// Whether a box of this station may do a step. A village's visit or notice may be done from the centre too; after a
    /// fall back to 代办 the centre accepts and decides in the village's stead.
    #[must_use]
    pub fn does(&self, step: &Step, station: StationNo) -> bool {
        let centre = station == CENTRE;
        let fell_back = self.on_behalf.as_ref().is_some_and(|o| o.what.fell_back);
        match (step.level, step.act) {
            (Level::Village, Act::Accept | Act::Decide) if fell_back => centre,
            (Level::Village, Act::Decide) => self.is_of(station),
            (Level::Village, _) => self.is_of(station) || centre,
            (Level::Township, _) => centre,
            // what an outside body did is registered by the centre or by the station that carried it there
            (Level::County | Level::Other, _) => centre || self.is_of(station),
        }
    }

    /// The body's clock; `None` before acceptance.
    #[must_use]
    pub fn clock(&self) -> Option<Clock> {
        let accepted = &self.accepted.as_ref()?.what;
        let extra = self.extension.as_ref().map_or(0, |e| u16::try_from(e.what.days).unwrap_or(0));
        let limit =
            accepted.promised.or(accepted.legal).map(|l| Limit { days: l.days.saturating_add(extra), ..l });
        Some(Clock {
            from: accepted.on,
            limit,
            printed: accepted.due,
            provisional: accepted.provisional,
            stops: self.stops.clone(),
            extended: self.extension.is_some(),
            ended: self.outcome.as_ref().map(|(.., on)| *on),
        })
    }

    /// The due date that counts now: the body's, else that of the hand-over.
    #[must_use]
    pub fn due(&self, calendar: &Calendar) -> Option<Due> {
        if self.outcome.is_some() {
            return None;
        }
        if let Some(clock) = self.clock() {
            return clock.due(calendar);
        }
        if self.on_behalf.is_none() {
            return self.waiting(calendar).map(|waiting| waiting.last);
        }
        let carried = self.handed_over.is_some() || self.reported.is_some();
        let behalf = &self.on_behalf.as_ref().filter(|_| !carried)?.what;
        let (on, printed) = (behalf.on, behalf.hand_over_due);
        if calendar.has_say(on, printed) {
            return Some(calendar.due(on, self.hand_over_limit(calendar)));
        }
        Some(Due { date: printed, provisional: !calendar.is_certain(on, printed) })
    }

    /// Within how long papers taken on somebody's behalf are handed over: as it was when they were taken.
    fn hand_over_limit(&self, calendar: &Calendar) -> Limit {
        let then = self.filing.int(facts::HAND_OVER_DAYS).and_then(|days| u16::try_from(days).ok());
        then.map_or_else(|| calendar.hand_over(), Limit::working)
    }

    /// The light of the clock that runs.
    #[must_use]
    pub fn light(&self, calendar: &Calendar, today: Date) -> Light {
        let clock = self.clock();
        if clock.as_ref().is_some_and(Clock::is_stopped) {
            return Light::Stopped;
        }
        let before = if self.on_behalf.is_some() {
            self.hand_over_limit(calendar)
        } else {
            Limit::working(crate::limit::NOTICE_WORKING_DAYS)
        };
        let limit = clock.map_or(Some(before), |c| c.limit);
        match (self.due(calendar), limit) {
            (Some(due), Some(limit)) => calendar.light(today, due.date, limit),
            _ => Light::None,
        }
    }

    /// What was promised turned out false, and nobody has registered a repair: the person may not promise again.
    #[must_use]
    pub fn bars(&self) -> bool {
        self.bar_lifted.is_none() && self.promise_broken()
    }

    /// What was promised turned out false.
    #[must_use]
    pub fn promise_broken(&self) -> bool {
        self.promise_checked.as_ref().is_some_and(|checked| !checked.what.kept)
    }

    /// A promise stands for a proof and nobody has looked into it yet.
    #[must_use]
    pub fn awaits_check(&self) -> bool {
        let idle = matches!(
            self.outcome,
            Some((Outcome::NotAccepted | Outcome::Returned | Outcome::Withdrawn | Outcome::Refused, ..))
        );
        !idle && !self.promised.is_empty() && self.promise_checked.is_none()
    }

    /// Materials done without whose check is still to come, while it matters: ids.
    #[must_use]
    pub fn unverified(&self) -> Vec<&str> {
        let over = self.outcome.as_ref().is_some_and(|(outcome, ..)| *outcome != Outcome::Approved);
        if self.received.is_none() || over { Vec::new() } else { self.filing.pending() }
    }

    /// The first day on which a deferred material is late, unless the case ended without a result.
    #[must_use]
    pub fn deferral_due(&self) -> Option<Date> {
        let over = self.outcome.as_ref().is_some_and(|(outcome, ..)| *outcome != Outcome::Approved);
        if over { None } else { self.outstanding().map(|(_, until)| until).min() }
    }

    /// Materials that must come before the result is handed over.
    pub fn outstanding(&self) -> impl Iterator<Item = (&str, Date)> {
        self.deferred.iter().flat_map(|d| d.materials.iter().map(|m| (m.as_str(), d.until)))
    }
}
