//! How a station is staffed and by what it lives: windows with A and B posts, who is away, norms to be read, the township's own
//! limits. Published as facts of the station's profile document (docs/formats/matter.md).

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::Calendar,
    item::{Limit, Unit, Version},
    limit,
    matter::Sort,
};

/// Sorts of windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowKind {
    /// 无差别: every item.
    Any,
    /// 分领域: the items of some fields.
    Fields,
    /// 特色: some items.
    Special,
}

impl WindowKind {
    /// All, as a page offers them.
    pub const ALL: [Self; 3] = [Self::Any, Self::Fields, Self::Special];

    /// As forms post it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Fields => "fields",
            Self::Special => "special",
        }
    }

    /// The words on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Any => "无差别",
            Self::Fields => "分领域",
            Self::Special => "特色",
        }
    }
}

/// A clerk at a post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clerk {
    /// Staff id; empty for nobody.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A window: its number, what it takes, who sits there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// 1 号窗口.
    pub number: u16,
    /// 无差别, 分领域 or 特色.
    pub kind: WindowKind,
    /// Field names of a 分领域 window, item codes of a 特色 one.
    pub takes: Vec<String>,
    /// A 岗.
    pub a: Clerk,
    /// B 岗.
    pub b: Clerk,
    /// As a resident reads it.
    pub hours: String,
}

impl Window {
    /// Whether this window takes an item.
    #[must_use]
    pub fn serves(&self, item: &Version) -> bool {
        match self.kind {
            WindowKind::Any => true,
            WindowKind::Fields => self.takes.contains(&item.area),
            WindowKind::Special => self.takes.contains(&item.code),
        }
    }
}

/// A clerk is away, a person says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// Who.
    pub clerk: Clerk,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Who said so.
    pub told_by: String,
}

impl Away {
    /// Whether the clerk is away on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }
}

/// A norm: 服务, 业务办理 or 咨询规范, one version of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Norm {
    /// Id, the same over its versions.
    pub id: String,
    /// 1, 2 …
    pub version: u32,
    /// Topic code of [`crate::matter::Sort::Norm`]'s list below.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    /// From when.
    pub on: Date,
    /// Who published it: station number, 0 the centre.
    pub station: u16,
}

/// Sorts of norms: code and the words on screen.
pub const NORMS: [(&str, &str); 3] =
    [("service", "服务规范"), ("handling", "业务办理规范"), ("consult", "咨询规范")];

/// What the township sets itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// 办不成事: working days in which it is handled.
    pub stuck_days: u16,
    /// Working days from the end of the handling until the resident is told.
    pub answer_days: u16,
    /// 差评: working days in which it is answered.
    #[serde(default = "reply_days")]
    pub reply_days: u16,
    /// 差评: working days in which what it is about is put right.
    #[serde(default = "fix_days")]
    pub fix_days: u16,
}

fn reply_days() -> u16 {
    limit::REPLY_WORKING_DAYS
}

fn fix_days() -> u16 {
    limit::FIX_WORKING_DAYS
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            stuck_days: limit::STUCK_WORKING_DAYS,
            answer_days: limit::ANSWER_WORKING_DAYS,
            reply_days: reply_days(),
            fix_days: fix_days(),
        }
    }
}

impl Settings {
    /// Until when a matter written down on a day is to be handled.
    #[must_use]
    pub fn handle_by(&self, from: Date, calendar: &Calendar) -> Date {
        calendar.due(from, Limit { days: self.stuck_days, unit: Unit::Working }).date
    }

    /// Until when a 差评 that came on a day is answered.
    #[must_use]
    pub fn reply_by(&self, from: Date, calendar: &Calendar) -> Date {
        calendar.due(from, Limit { days: self.reply_days, unit: Unit::Working }).date
    }

    /// Until when a matter of a sort that is opened, or opened again, on a day is to be answered; none for sorts without a clock.
    #[must_use]
    pub fn clock(&self, sort: Sort, from: Date, calendar: &Calendar) -> Option<Date> {
        match sort {
            Sort::Stuck => Some(self.handle_by(from, calendar)),
            Sort::Rating => Some(self.reply_by(from, calendar)),
            Sort::Consult
            | Sort::Account
            | Sort::Round
            | Sort::Transfer
            | Sort::Due
            | Sort::Norm
            | Sort::Behalf => None,
        }
    }

    /// Until when what a 差评 is about is put right, when somebody is charged with it on a day.
    #[must_use]
    pub fn fix_by(&self, from: Date, calendar: &Calendar) -> Date {
        calendar.due(from, Limit { days: self.fix_days, unit: Unit::Working }).date
    }

    /// Until when the resident is told of a handling that ended on a day.
    #[must_use]
    pub fn answer_by(&self, from: Date, calendar: &Calendar) -> Date {
        calendar.due(from, Limit { days: self.answer_days, unit: Unit::Working }).date
    }
}
