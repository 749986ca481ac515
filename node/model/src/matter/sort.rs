//! Sorts of matters: their topics, and which steps belong to each.

use super::event::Kind;
use crate::history::part::codes;

codes! {
    /// What is registered.
    Sort {
        /// A question.
        Consult = 1 "咨询",
        /// 办不成事.
        Stuck = 2 "办不成事",
        /// Who answers for a delay or an upheld complaint.
        Account = 3 "责任追究",
        /// A daily round.
        Round = 4 "日常巡查",
        /// 跨省, 长三角, 省内.
        Transfer = 5 "异地通办",
        /// A line of the due list.
        Due = 6 "到龄到期",
        /// Who has read the norms.
        Norm = 7 "规范签名",
        /// What is left to do after acting on somebody's behalf.
        Behalf = 8 "帮办代办",
        /// A bad rating that somebody gave: on paper, by phone, at the counter.
        Rating = 9 "差评",
    }
}

/// One of a sort's closed list: code and the words on screen.
pub type Topic = (&'static str, &'static str);

const CONSULT: &[Topic] = &[
    ("how", "怎么办、带什么"),
    ("where", "到哪里办"),
    ("progress", "办到哪了"),
    ("policy", "政策和待遇"),
    ("other", "其他"),
];
const STUCK: &[Topic] = &[
    ("shut", "该办的没给办"),
    ("again", "反复要材料、多跑"),
    ("away", "推到别处"),
    ("slow", "拖着不办"),
    ("manner", "服务态度"),
    ("rule", "政策不允许"),
    ("other", "其他"),
];
const ACCOUNT: &[Topic] =
    &[("overdue", "办件超期"), ("stuck", "反映的问题"), ("rating", "差评"), ("other", "其他")];
const ROUND: &[Topic] = &[
    (Sort::FINE, "没有问题"),
    ("place", "环境卫生"),
    ("duty", "人员在岗"),
    ("notice", "公示公开"),
    ("manner", "服务态度"),
    ("device", "设备设施"),
    ("safe", "安全"),
    ("other", "其他"),
];
const RATING: &[Topic] = &[
    ("manner", "服务态度"),
    ("slow", "办得慢"),
    ("again", "反复要材料、多跑"),
    ("words", "没讲清楚"),
    ("place", "环境设备"),
    ("other", "其他"),
];
const TRANSFER: &[Topic] = &[("province", "跨省通办"), ("delta", "长三角一网通办"), ("inside", "省内通办")];
const DUE: &[Topic] = &[
    ("age60", "年满60周岁"),
    ("age80", "年满80周岁"),
    ("age90", "年满90周岁"),
    ("age100", "年满100周岁"),
    ("proof", "资格认证到期"),
    ("paper", "证照到期"),
    ("deferred", "容缺材料到期"),
];

impl Sort {
    /// The topic of a round that found nothing: it is over when it is written down.
    pub const FINE: &'static str = "fine";

    /// In addresses.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Consult => "consult",
            Self::Stuck => "stuck",
            Self::Account => "account",
            Self::Round => "round",
            Self::Transfer => "transfer",
            Self::Due => "due",
            Self::Norm => "norm",
            Self::Behalf => "behalf",
            Self::Rating => "rating",
        }
    }

    /// Reads [`Sort::slug`].
    #[must_use]
    pub fn parse(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|sort| sort.slug() == slug)
    }

    /// Its closed list of topics.
    #[must_use]
    pub fn topics(self) -> &'static [Topic] {
        match self {
            Self::Consult => CONSULT,
            Self::Stuck => STUCK,
            Self::Account => ACCOUNT,
            Self::Round => ROUND,
            Self::Transfer => TRANSFER,
            Self::Due => DUE,
            Self::Rating => RATING,
            Self::Norm | Self::Behalf => &[],
        }
    }

    /// The words of a topic; empty for one that is none of this sort's.
    #[must_use]
    pub fn topic(self, code: &str) -> &'static str {
        self.topics().iter().find(|(known, _)| *known == code).map_or("", |(_, label)| label)
    }

    /// The age that a topic of the due list names.
    #[must_use]
    pub fn age_of(topic: &str) -> Option<i16> {
        topic.strip_prefix("age")?.parse().ok()
    }

    /// Which acts belong to it, but for those that go with everything.
    #[must_use]
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Consult => &[Kind::Answered, Kind::Published, Kind::Unpublished],
            Self::Stuck => &[
                Kind::Sorted,
                Kind::Assigned,
                Kind::Handled,
                Kind::Answered,
                Kind::Revisited,
                Kind::Closed,
                Kind::Escalated,
                Kind::Reopened,
            ],
            Self::Account => &[Kind::Explained, Kind::Concluded, Kind::Closed],
            Self::Round => &[Kind::Handled, Kind::Closed, Kind::Reopened],
            Self::Transfer => &[Kind::Assigned, Kind::Handled, Kind::Answered, Kind::Closed, Kind::Reopened],
            Self::Due => &[Kind::Closed, Kind::Reopened],
            Self::Norm => &[Kind::Signed],
            Self::Behalf => &[Kind::Filed, Kind::Reported, Kind::Revisited],
            Self::Rating => &[
                Kind::Answered,
                Kind::Assigned,
                Kind::Concluded,
                Kind::Handled,
                Kind::Revisited,
                Kind::Closed,
                Kind::Escalated,
                Kind::Reopened,
            ],
        }
    }
}
