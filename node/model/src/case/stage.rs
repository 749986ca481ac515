//! The state of a case as pages show it. Never stored.

use crate::item::Version;

/// How far a step is, for pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// 已办.
    Done,
    /// 正在办.
    Now,
    /// 还没到.
    Later,
    /// The case ended before it.
    Never,
}

/// State of a case, as a page shows it. Never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// 草稿.
    Draft,
    /// 已收件，待受理.
    Received,
    /// 代办中: the station carries it for the resident; nobody has accepted yet.
    OnBehalf,
    /// 办理中 inside the mesh.
    Processing,
    /// 补正中.
    Supplementing,
    /// 特别程序中.
    Special,
    /// 外部办理中.
    Outside,
    /// 已办结: the result is on its way to the station.
    Decided,
    /// 待领取.
    Ready,
    /// 已送达.
    Delivered,
    /// 不予受理.
    NotAccepted,
    /// 不予许可（确认）.
    Refused,
    /// 已退件.
    Returned,
    /// 已撤回.
    Withdrawn,
    /// 已撤销: decided, then taken back after a false promise.
    Revoked,
}

impl Stage {
    /// The word on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Received => "已收件",
            Self::OnBehalf => "代办中",
            Self::Processing => "办理中",
            Self::Supplementing => "补正中",
            Self::Special => "特别程序中",
            Self::Outside => "外部办理中",
            Self::Decided => "已办结",
            Self::Ready => "待领取",
            Self::Delivered => "已送达",
            Self::NotAccepted => "不予受理",
            Self::Refused => "不予许可（确认）",
            Self::Returned => "已退件",
            Self::Withdrawn => "已撤回",
            Self::Revoked => "已撤销",
        }
    }

    /// The coarse national state at export: 1 待受理, 2 已受理, 3 已办结; `None` for a draft.
    #[must_use]
    pub fn national(self) -> Option<u8> {
        match self {
            Self::Draft => None,
            Self::Received | Self::OnBehalf => Some(1),
            Self::Processing | Self::Supplementing | Self::Special | Self::Outside => Some(2),
            Self::Decided
            | Self::Ready
            | Self::Delivered
            | Self::NotAccepted
            | Self::Refused
            | Self::Returned
            | Self::Withdrawn
            | Self::Revoked => Some(3),
        }
    }

    /// Nothing more is to be decided.
    #[must_use]
    pub fn is_closed(self) -> bool {
        self.national() == Some(3)
    }
}

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// 同意, by a body inside or outside.
    Approved,
    /// 不同意.
    Refused,
    /// 不予受理.
    NotAccepted,
    /// 退件.
    Returned,
    /// 撤回.
    Withdrawn,
}

impl Outcome {
    /// The name of the paper that is delivered for such an end: the result asked for, or the no that was said. `None`
    /// where nothing is delivered: papers given back and an application taken back are no decision.
    #[must_use]
    pub fn paper(self, version: &Version) -> Option<&str> {
        match self {
            Self::Approved => Some(version.results.first().map_or("决定书", |result| result.name.as_str())),
            Self::Refused => Some(version.nature().refusal_title()),
            Self::NotAccepted => Some("不予受理通知书"),
            Self::Returned | Self::Withdrawn => None,
        }
    }
}
