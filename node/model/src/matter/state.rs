//! The folded state of a matter. Computed from its events, never stored.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Sort, event::*};
use crate::{
    case::facts,
    history::{self, CellKey, Done},
    record::{Record, Value},
    station::{CENTRE, StationNo},
};

/// One line of the timeline.
pub type Entry = history::Entry<What>;

/// How far a matter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Written down.
    Open,
    /// 分类 done.
    Sorted,
    /// 转办 done.
    Assigned,
    /// The clerk explained.
    Explained,
    /// 处理结束.
    Handled,
    /// The resident was told.
    Answered,
    /// The resident was asked again.
    Revisited,
    /// A supervisor concluded.
    Concluded,
    /// Over.
    Closed,
}

/// A matter, folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matter {
    /// Written down by whom, and what.
    pub opened: Option<Done<Opened>>,
    /// The last 分类.
    pub sorted: Option<Done<Sorted>>,
    /// The last 转办.
    pub assigned: Option<Done<Assigned>>,
    /// 处理结束.
    pub handled: Option<Done<Handled>>,
    /// 反馈; of a question the last answer.
    pub answered: Option<Done<Answered>>,
    /// 回访.
    pub revisited: Option<Done<Revisited>>,
    /// The last explanation.
    pub explained: Option<Done<Explained>>,
    /// What a supervisor found.
    pub concluded: Option<Done<Concluded>>,
    /// Who was told above.
    pub escalated: Vec<Done<Escalated>>,
    /// The end.
    pub closed: Option<Done<Closed>>,
    /// It began again, and nothing was handled since.
    pub reopened: Option<Done<Reopened>>,
    /// Stands on the guide.
    pub published: Option<Done<Published>>,
    /// It stood there once.
    pub(super) was_published: bool,
    /// Who has read which norm.
    pub signed: Vec<Done<Signed>>,
    /// 归档.
    pub filed: Option<Done<Filed>>,
    /// 上报.
    pub reported: Option<Done<Reported>>,
    /// Photos of what was seen, in their order.
    pub photos: Vec<Done<Pictured>>,
    /// What it belongs with.
    pub links: Vec<Linked>,
    /// Until when the next step is to be done.
    pub due: Option<Date>,
    /// Of a 差评: until when it is answered.
    pub(super) reply_by: Option<Date>,
    /// It lies with the centre.
    pub at_centre: bool,
    /// Every event in order.
    pub timeline: Vec<Entry>,
    /// Opened cells by name, the value that shows.
    pub(super) cells: BTreeMap<String, String>,
}

impl Matter {
    pub(super) fn empty(record: &Record) -> Self {
        let shown = record.cells.iter().filter_map(|(name, candidates)| match &candidates.last()?.value {
            Value::Text(text) => Some((name.clone(), text.clone())),
            Value::Int(_) | Value::Bool(_) | Value::Closed | Value::Erased => None,
        });
        Self { cells: shown.collect(), ..Self::default() }
    }

    /// What sort it is; a question where nothing says so yet.
    #[must_use]
    pub fn sort(&self) -> Sort {
        self.opened.as_ref().map_or(Sort::Consult, |opened| opened.what.sort)
    }

    /// Where it was written down.
    #[must_use]
    pub fn station(&self) -> StationNo {
        self.opened.as_ref().map_or(CENTRE, |opened| opened.mark.stamp.station)
    }

    /// The topic's code: that of the last 分类, or of the registration.
    #[must_use]
    pub fn topic(&self) -> &str {
        let sorted = self.sorted.as_ref().map(|sorted| sorted.what.topic.as_str());
        sorted.or(self.opened.as_ref().map(|opened| opened.what.topic.as_str())).unwrap_or_default()
    }

    /// The topic's words.
    #[must_use]
    pub fn topic_label(&self) -> &'static str {
        self.sort().topic(self.topic())
    }

    /// Item code; empty for none.
    #[must_use]
    pub fn item(&self) -> &str {
        self.opened.as_ref().map_or("", |opened| opened.what.item.as_str())
    }

    /// A cell's text; empty where there is none or this box cannot open it.
    #[must_use]
    pub fn cell(&self, name: &str) -> &str {
        self.cells.get(name).map_or("", String::as_str)
    }

    /// The words of an act.
    #[must_use]
    pub fn words(&self, key: Option<&CellKey>) -> &str {
        key.map_or("", |key| self.cell(key))
    }

    /// What it is about, as it was written down.
    #[must_use]
    pub fn about(&self) -> &str {
        self.words(self.opened.as_ref().and_then(|opened| opened.what.words.as_ref()))
    }

    /// The resident's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.cell(facts::NAME)
    }

    /// The resident had to go elsewhere, by 分类 or by an answer.
    #[must_use]
    pub fn elsewhere(&self) -> bool {
        self.sorted.as_ref().is_some_and(|sorted| sorted.what.elsewhere)
            || self.answered.as_ref().is_some_and(|answered| answered.what.elsewhere)
    }

    /// The resident was asked again and is not content.
    #[must_use]
    pub fn unhappy(&self) -> bool {
        self.revisited.as_ref().is_some_and(|revisited| revisited.what.satisfied == Satisfied::No)
    }

    /// A 差评 that was looked into and is not true (恶意差评): there is nothing to put right.
    #[must_use]
    pub fn is_excluded(&self) -> bool {
        self.concluded.as_ref().is_some_and(|found| found.what.verdict == Verdict::Unfounded)
    }

    /// The first linked document of a kind.
    #[must_use]
    pub fn link(&self, to: LinkedTo) -> Option<[u8; 16]> {
        self.links.iter().find(|link| link.to == to).map(|link| link.id)
    }

    /// How far it is.
    #[must_use]
    pub fn stage(&self) -> Stage {
        let reached = [
            (self.closed.is_some(), Stage::Closed),
            (self.concluded.is_some(), Stage::Concluded),
            (self.revisited.is_some(), Stage::Revisited),
            (self.answered.is_some(), Stage::Answered),
            (self.handled.is_some(), Stage::Handled),
            (self.explained.is_some(), Stage::Explained),
            (self.assigned.is_some(), Stage::Assigned),
            (self.sorted.is_some(), Stage::Sorted),
        ];
        reached.into_iter().find(|(is, _)| *is).map_or(Stage::Open, |(_, stage)| stage)
    }

    /// Nothing is left to do.
    #[must_use]
    pub fn is_over(&self) -> bool {
        match self.sort() {
            Sort::Consult => self.answered.is_some(),
            Sort::Round => self.closed.is_some() || self.topic() == Sort::FINE,
            Sort::Norm => true,
            Sort::Behalf => self.filed.is_some() && self.reported.is_some() && self.revisited.is_some(),
            Sort::Stuck | Sort::Account | Sort::Transfer | Sort::Due | Sort::Rating => self.closed.is_some(),
        }
    }

    /// Where it stands, in words a clerk would say.
    #[must_use]
    pub fn stage_label(&self) -> &'static str {
        if self.unhappy() && self.closed.is_none() {
            return "不满意，要重办";
        }
        match (self.sort(), self.stage()) {
            (Sort::Round, Stage::Open) if self.topic() == Sort::FINE => "没有问题",
            (Sort::Behalf, _) if self.is_over() => "已做完",
            (Sort::Behalf, _) => "没做完",
            (Sort::Norm, _) => "签名单",
            (Sort::Consult, Stage::Answered) => "已答复",
            (Sort::Consult, _) => "待答复",
            (Sort::Due, Stage::Closed) => {
                self.closed.as_ref().map_or("办结", |closed| closed.what.ending.label())
            }
            (_, Stage::Closed) => "已办结",
            (Sort::Due, _) => "待联系",
            (Sort::Stuck, Stage::Open) => "待分类",
            (Sort::Stuck, Stage::Sorted) => "待转办",
            (Sort::Stuck, Stage::Assigned) => "正在处理",
            (Sort::Stuck, Stage::Handled) => "待反馈",
            (Sort::Stuck, Stage::Answered) => "待回访",
            (Sort::Account, Stage::Open) => "待核实",
            (Sort::Account, Stage::Explained) => "待认定",
            (Sort::Round, Stage::Open) => "待整改",
            (Sort::Round, Stage::Handled) => "待复查",
            (Sort::Transfer, Stage::Open) => "待转出",
            (Sort::Transfer, Stage::Assigned) => "等外地办理",
            (Sort::Transfer, Stage::Handled) => "待告知",
            (Sort::Rating, _) => self.rating_stage(),
            (Sort::Stuck | Sort::Account | Sort::Round | Sort::Transfer, _) => "待办结",
        }
    }

    /// The next that a 差评 lacks: an answer comes first, then what it is about.
    fn rating_stage(&self) -> &'static str {
        let lacks = [
            (self.answered.is_none(), "待回复"),
            (self.assigned.is_none(), "待转办"),
            (self.concluded.is_none(), "待核实"),
            (self.handled.is_none() && !self.is_excluded(), "待整改"),
        ];
        lacks.into_iter().find(|(lacks, _)| *lacks).map_or("待办结", |(_, words)| words)
    }
}
