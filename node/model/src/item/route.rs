use serde::{Deserialize, Serialize};

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 工作日.
    Working,
    /// 自然日.
    Calendar,
}

impl Unit {
    /// 个工作日 or 日.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Working => "个工作日",
            Self::Calendar => "个自然日",
        }
    }
}

/// How long something may take, not counting the day it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Limit {
    /// How many, 1..=[`crate::limit::LIMIT_DAYS`].
    pub days: u16,
    /// Of which days.
    pub unit: Unit,
}

impl Limit {
    /// So many working days.
    #[must_use]
    pub fn working(days: u16) -> Self {
        Self { days, unit: Unit::Working }
    }

    /// So many calendar days.
    #[must_use]
    pub fn calendar(days: u16) -> Self {
        Self { days, unit: Unit::Calendar }
    }

    /// 15 个工作日.
    #[must_use]
    pub fn words(self) -> String {
        format!("{} {}", self.days, self.unit.label())
    }
}

/// Whose hands a step is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 村(社区).
    Village,
    /// 乡镇(街道).
    Township,
    /// 县级 and above.
    County,
    /// A school, a hospital, a company, the police.
    Other,
}

impl Level {
    /// The word on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Village => "村(社区)",
            Self::Township => "乡镇(街道)",
            Self::County => "县级",
            Self::Other => "外部单位",
        }
    }
}

/// What is done in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// 收件.
    Receive,
    /// 受理.
    Accept,
    /// 入户核查.
    Visit,
    /// 公示.
    Notice,
    /// 初审.
    FirstReview,
    /// 上报.
    ReportUp,
    /// 审批/确认.
    Decide,
    /// 发放.
    Pay,
}

impl Act {
    /// The word on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Receive => "收件",
            Self::Accept => "受理",
            Self::Visit => "入户核查",
            Self::Notice => "公示",
            Self::FirstReview => "初审",
            Self::ReportUp => "上报",
            Self::Decide => "审批",
            Self::Pay => "发放",
        }
    }
}

/// 办理环节: one step of an item version's route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// As the route shows it: 县民政局审批.
    pub name: String,
    /// Whose hands.
    pub level: Level,
    /// Which body: 泾县民政局; for a village or township step the post or office.
    pub body: String,
    /// What is done.
    pub act: Act,
    /// 外部环节: that body has no box, so what it did is registered by hand.
    #[serde(default)]
    pub outside: bool,
    /// The step's own clock, where one is set. It warns; it never closes a step.
    #[serde(default)]
    pub limit: Option<Limit>,
}
