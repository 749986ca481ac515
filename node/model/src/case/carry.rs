//! Where papers go that a station took on somebody's behalf: told from the route, so that paper and page say the same.

use super::Case;
use crate::{
    item::{Level, Step},
    station::Profile,
};

/// Where papers taken on somebody's behalf go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried<'a> {
    /// To the township's centre: it accepts in the station's stead, or has a step of its own before the body.
    Township,
    /// Straight to this body outside, which accepts and decides.
    Body(&'a str),
}

impl<'a> Carried<'a> {
    /// Along a route: the first hands that are not the village's. `fell_back`: the station lacks its paper of authority,
    /// so the centre accepts.
    pub fn along(route: impl IntoIterator<Item = &'a Step>, fell_back: bool) -> Self {
        let first = route.into_iter().find(|step| step.level != Level::Village);
        match first {
            Some(step) if step.outside && !fell_back => Self::Body(&step.body),
            Some(_) | None => Self::Township,
        }
    }

    /// 转交镇中心, 送交泾县供电公司.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Township => "转交镇中心".to_owned(),
            Self::Body(body) => format!("送交{body}"),
        }
    }

    /// As a paper says it, with the centre's name: 转交枫河镇便民服务中心.
    #[must_use]
    pub fn printed(self, profile: &Profile) -> String {
        match self {
            Self::Township => format!("转交{}", profile.centre()),
            Self::Body(_) => self.words(),
        }
    }

    /// The name of that limit: 转交时限, 送交时限.
    #[must_use]
    pub fn limit_name(self) -> &'static str {
        match self {
            Self::Township => "转交时限",
            Self::Body(_) => "送交时限",
        }
    }

    /// Whose clock comes after it, and from when.
    #[must_use]
    pub fn afterwards(self) -> String {
        match self {
            Self::Township => "镇中心受理后另发受理通知书，办理时限从受理起算".to_owned(),
            Self::Body(body) => format!("由{body}受理后告知"),
        }
    }
}

impl Case {
    /// Where its papers go, when they were taken on somebody's behalf.
    #[must_use]
    pub fn carried_to(&self) -> Option<Carried<'_>> {
        let taken = self.on_behalf.as_ref()?;
        Some(Carried::along(self.steps.iter().map(|state| &state.step), taken.what.fell_back))
    }

    /// They are there, and nobody has accepted yet: the hand-over's clock has ended, the body's has not begun.
    #[must_use]
    pub fn is_carried(&self) -> bool {
        let there = self.handed_over.is_some() || self.reported.is_some();
        self.on_behalf.is_some() && self.accepted.is_none() && there
    }
}
