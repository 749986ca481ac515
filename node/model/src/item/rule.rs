use serde::{Deserialize, Serialize};

use crate::{Date, person::IdNumber};

/// 收件审查细则: one thing to check. The answer is the fact `r/<id>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// ASCII, within the item.
    pub id: String,
    /// 年满80周岁.
    pub text: String,
    /// What passes.
    pub passes: String,
    /// What fails, and what to tell the resident.
    pub fails: String,
    /// Whether the page can tell by itself.
    #[serde(default)]
    pub auto: Option<AutoCheck>,
    /// Scenarios that ask for it; empty means all.
    #[serde(default)]
    pub scenarios: Vec<String>,
}

/// What the page checks by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "check", rename_all = "snake_case")]
pub enum AutoCheck {
    /// The applicant's age in full years, both ends included.
    Age {
        /// At least.
        #[serde(default)]
        from: Option<u16>,
        /// At most.
        #[serde(default)]
        to: Option<u16>,
    },
    /// The account of this form field is the applicant's own.
    OwnAccount {
        /// Form field id.
        field: String,
    },
    /// The household has at least so many people, the applicant included.
    HouseholdSize {
        /// People.
        at_least: u16,
    },
}

/// What an automatic check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AutoResult {
    /// Passes; the words say why: 满 83 周岁.
    Pass(String),
    /// Fails; the words say why.
    Fail(String),
    /// Something it needs is not there yet.
    Unknown,
}

impl AutoCheck {
    /// Checks the applicant's age.
    #[must_use]
    pub fn age(from: Option<u16>, to: Option<u16>, id: &IdNumber, today: Date) -> AutoResult {
        let age = id.age(today);
        let low = from.is_some_and(|from| age < from);
        let high = to.is_some_and(|to| age > to);
        let words = format!("满 {age} 周岁");
        if low || high { AutoResult::Fail(words) } else { AutoResult::Pass(words) }
    }
}
