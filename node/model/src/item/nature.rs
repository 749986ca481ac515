use super::Version;

/// What kind of act the decision about an item is: it gives the paper that says no its name, and says whether the
/// resident may have that no reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// 行政许可.
    Licence,
    /// 行政确认.
    Confirmation,
    /// 行政给付, 行政奖励.
    Benefit,
    /// 行政备案, 行政裁决, 其他行政权力.
    Power,
    /// 公共服务: a service, no administrative act.
    Service,
    /// 调解: both sides are willing, or there is none; the way to arbitration and court stays open.
    Mediation,
}

impl Nature {
    /// Name of the paper by which it is refused after acceptance.
    #[must_use]
    pub fn refusal_title(self) -> &'static str {
        match self {
            Self::Licence => "不予许可决定书",
            Self::Confirmation => "不予确认决定书",
            Self::Benefit => "不予给付决定书",
            Self::Power => "不予办理决定书",
            Self::Service => "不予办理通知书",
            Self::Mediation => "不予调解通知书",
        }
    }

    /// What is said of it, on buttons and lists as on the paper: 不予许可, 不予给付.
    #[must_use]
    pub fn refused(self) -> &'static str {
        let title = self.refusal_title();
        title.strip_suffix("决定书").or_else(|| title.strip_suffix("通知书")).unwrap_or(title)
    }

    /// A refusal may be taken to 行政复议 and 行政诉讼 (行政复议法 §11, 行政诉讼法 §12).
    #[must_use]
    pub fn is_reviewable(self) -> bool {
        matches!(self, Self::Licence | Self::Confirmation | Self::Benefit | Self::Power)
    }
}

impl Version {
    /// By 事项类型 as the source says it; where that leaves a choice (“行政许可或行政确认”), the first named.
    #[must_use]
    pub fn nature(&self) -> Nature {
        if self.name.contains("调解") {
            return Nature::Mediation;
        }
        let named = [
            ("许可", Nature::Licence),
            ("确认", Nature::Confirmation),
            ("给付", Nature::Benefit),
            ("奖励", Nature::Benefit),
            ("备案", Nature::Power),
            ("裁决", Nature::Power),
            ("其他", Nature::Power),
        ];
        let places = named.iter().filter_map(|(word, nature)| Some((self.kind.find(word)?, *nature)));
        places.min_by_key(|(place, _)| *place).map_or(Nature::Service, |(_, nature)| nature)
    }
}
