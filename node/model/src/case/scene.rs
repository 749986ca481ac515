//! What a photo of a case may show beside its materials: a step as it was done (requirements D11). Its place in a case is
//! a code that no material can have, because of the point in it.

use super::Case;

/// A step of which photos are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// The sheet of a 公示 where it hangs.
    Posted,
    /// The place after it was taken down.
    Unposted,
    /// A home visit: the place, the people who went, their signatures.
    Visit,
}

impl Scene {
    /// All, in the order of the course.
    pub const ALL: [Self; 3] = [Self::Visit, Self::Posted, Self::Unposted];

    /// As it stands in [`super::event::PhotoAdded`], where a material's id stands else.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Posted => "step.posted",
            Self::Unposted => "step.unposted",
            Self::Visit => "step.visit",
        }
    }

    /// Reads [`Scene::code`].
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scene| scene.code() == code)
    }

    /// The words on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Posted => "公示张贴",
            Self::Unposted => "公示撤下",
            Self::Visit => "入户核查",
        }
    }

    /// What is to be seen on the photo.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Posted => "看得清公示单和张贴的地方",
            Self::Unposted => "看得清公示单已经撤下",
            Self::Visit => "现场、两位核查人、签字页",
        }
    }

    /// Why there is nothing to take a photo of; `None` when there is.
    #[must_use]
    pub(super) fn missing(self, case: &Case) -> Option<&'static str> {
        match self {
            Self::Posted if case.notice.is_none() => Some("还没登记公示张贴，先登记再放照片。"),
            Self::Unposted if case.notice_ended.is_none() => Some("公示还没结束，结束以后再放照片。"),
            Self::Visit if case.visit.is_none() => Some("还没登记入户核查，先登记再放照片。"),
            Self::Posted | Self::Unposted | Self::Visit => None,
        }
    }
}

impl Case {
    /// The steps of which photos may be added now.
    pub fn scenes(&self) -> impl Iterator<Item = Scene> {
        Scene::ALL.into_iter().filter(|scene| scene.missing(self).is_none())
    }
}
