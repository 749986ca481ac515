//! A service item (政务服务事项): what a resident may ask for, and everything a clerk, a paper or a page needs to know.
//!
//! An [`Item`] has versions; a case stays on the version it was taken under. The JSON of [`Version`] is what the
//! catalogue file and item documents hold.

mod form;
mod guide;
mod material;
mod nature;
mod route;
mod rule;
pub mod table;
mod way;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use form::{Field, FieldKind};
pub use guide::{Fee, Guide, ResultPaper};
pub use material::{Exemption, Material, Need};
pub use nature::Nature;
pub use route::{Act, Level, Limit, Step, Unit};
pub use rule::{AutoCheck, AutoResult, Rule};
pub use way::{Pace, Way};

/// Which item and version a case is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemRef {
    /// [`Version::code`].
    pub code: String,
    /// [`Version::version`].
    pub version: u32,
}

/// An item with all its versions, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The township's own code, ASCII.
    pub code: String,
    /// Every version ever published.
    pub versions: Vec<Version>,
}

impl Item {
    /// The version in force on a day: the highest that is effective and not yet retired.
    #[must_use]
    pub fn on(&self, today: Date) -> Option<&Version> {
        self.versions
            .iter()
            .filter(|v| v.effective <= today && v.retired.is_none_or(|end| today < end))
            .max_by_key(|v| v.version)
    }

    /// One version by its number.
    #[must_use]
    pub fn version(&self, version: u32) -> Option<&Version> {
        self.versions.iter().find(|v| v.version == version)
    }
}

/// Who may apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicantKind {
    /// 个人.
    Person,
    /// 家庭, with its members.
    Household,
    /// 单位, by 统一社会信用代码.
    Unit,
}

impl ApplicantKind {
    /// All kinds, in the order a page offers them.
    pub const ALL: [Self; 3] = [Self::Person, Self::Household, Self::Unit];

    /// 个人, 家庭, 单位.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Person => "个人",
            Self::Household => "家庭",
            Self::Unit => "单位",
        }
    }

    /// As it stands in the fact `applicant_kind`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Household => "household",
            Self::Unit => "unit",
        }
    }

    /// Reads [`ApplicantKind::code`].
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// 办理情形.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// ASCII, within the item.
    pub id: String,
    /// 首次 · 80至89周岁.
    pub name: String,
}

/// One published version of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The item's code, ASCII.
    pub code: String,
    /// Counts from 1.
    pub version: u32,
    /// In force from.
    pub effective: Date,
    /// No longer in force from.
    #[serde(default)]
    pub retired: Option<Date>,
    /// 高龄津贴申领.
    pub name: String,
    /// Other names it is searched by: 低保.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// One of the nine fields or the utilities: 养老服务.
    pub area: String,
    /// 事项类型 as the source says it: 行政给付.
    pub kind: String,
    /// Who decides, as the source says it.
    pub decided_by: String,
    /// In whose name a 受理通知书 is printed.
    pub principal: String,
    /// How a station may act.
    pub way: Way,
    /// 即办 or 承诺.
    pub pace: Pace,
    /// 法定时限; `None` is shown as 无法定时限, never replaced by a default.
    pub legal: Option<Limit>,
    /// 承诺时限; `None` means that nothing is promised.
    pub promised: Option<Limit>,
    /// 公示 in calendar days; `None` when there is none.
    pub notice_days: Option<u16>,
    /// 公示 as the source says it: 是, 否, 视情形.
    pub notice: String,
    /// Who may apply; the first is offered first.
    pub applicants: Vec<ApplicantKind>,
    /// 办事指南.
    pub guide: Guide,
    /// 办理情形, at least one.
    pub scenarios: Vec<Scenario>,
    /// 申请材料, in the order of the guide.
    pub materials: Vec<Material>,
    /// 收件审查细则.
    pub rules: Vec<Rule>,
    /// 申请表.
    pub form: Vec<Field>,
    /// 办理环节.
    pub route: Vec<Step>,
    /// 收费.
    pub fee: Fee,
    /// 办理结果; empty when nothing is handed over.
    pub results: Vec<ResultPaper>,
    /// 示例: rules, route and form are invented.
    #[serde(default)]
    pub sample: bool,
}

impl Version {
    /// What a case keeps.
    #[must_use]
    pub fn item_ref(&self) -> ItemRef {
        ItemRef { code: self.code.clone(), version: self.version }
    }

    /// A scenario by its id.
    #[must_use]
    pub fn scenario(&self, id: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|s| s.id == id)
    }

    /// A material by its id.
    #[must_use]
    pub fn material(&self, id: &str) -> Option<&Material> {
        self.materials.iter().find(|m| m.id == id)
    }

    /// A rule by its id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.id == id)
    }

    /// Materials that a scenario asks for.
    pub fn materials_for(&self, scenario: &str) -> impl Iterator<Item = &Material> {
        self.materials.iter().filter(move |m| applies(&m.scenarios, scenario))
    }

    /// Rules that a scenario asks for.
    pub fn rules_for(&self, scenario: &str) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |r| applies(&r.scenarios, scenario))
    }

    /// Form fields that a scenario asks for.
    pub fn form_for(&self, scenario: &str) -> impl Iterator<Item = &Field> {
        self.form.iter().filter(move |f| applies(&f.scenarios, scenario))
    }

    /// The step that decides.
    #[must_use]
    pub fn deciding_step(&self) -> Option<&Step> {
        self.route.iter().find(|s| s.act == Act::Decide)
    }

    /// 法定时限 as a resident reads it.
    #[must_use]
    pub fn legal_words(&self) -> String {
        self.legal.map_or_else(|| "无法定时限".to_owned(), Limit::words)
    }

    /// 承诺时限 as a resident reads it.
    #[must_use]
    pub fn promised_words(&self) -> String {
        match (self.pace, self.promised) {
            (Pace::Instant, _) => "即办".to_owned(),
            (_, Some(limit)) => limit.words(),
            (_, None) => "未作承诺".to_owned(),
        }
    }

    /// The limit that runs: the promised one, else the legal one.
    #[must_use]
    pub fn running_limit(&self) -> Option<Limit> {
        self.promised.or(self.legal)
    }
}

fn applies(scenarios: &[String], scenario: &str) -> bool {
    scenarios.is_empty() || scenarios.iter().any(|s| s == scenario)
}
