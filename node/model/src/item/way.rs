use serde::{Deserialize, Serialize};

/// How a station may act (domain.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// 收件即受理: taking the papers is accepting them, in the department's name.
    AcceptedOnReceipt,
    /// 委托受理: the department entrusted acceptance to the station.
    Entrusted,
    /// 授权办理: the station or centre decides itself, in the authorised name.
    Authorised,
    /// 帮办代办: an outside body decides; the station is the resident's agent.
    OnBehalf,
}

impl Way {
    /// All ways, in the order of the national list.
    pub const ALL: [Self; 4] = [Self::AcceptedOnReceipt, Self::Entrusted, Self::Authorised, Self::OnBehalf];

    /// The word on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::AcceptedOnReceipt => "收件即受理",
            Self::Entrusted => "委托受理",
            Self::Authorised => "授权办理",
            Self::OnBehalf => "帮办代办",
        }
    }

    /// The way with this word.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.label() == label)
    }
}

/// 办件类型, with 视情形 where the source leaves it to the county.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// 即办件: done while the resident waits.
    Instant,
    /// 承诺件.
    Promised,
    /// 视情形: some scenarios at once.
    Depends,
}

impl Pace {
    /// The word on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Instant => "即办件",
            Self::Promised => "承诺件",
            Self::Depends => "视情形即办",
        }
    }
}
