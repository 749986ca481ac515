use serde::{Deserialize, Serialize};

/// 必要性.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// 必要.
    Required,
    /// 容缺: may follow within [`Material::defer_days`].
    Deferrable,
    /// 免提交: checked some other way.
    Exempt,
    /// 非必要.
    Optional,
}

impl Need {
    /// The word on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Required => "必要",
            Self::Deferrable => "可容缺",
            Self::Exempt => "免提交",
            Self::Optional => "非必要",
        }
    }
}

/// 免交方式: how a material is done without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exemption {
    /// 不需要.
    NotNeeded,
    /// 共享核验.
    Shared,
    /// 电子证照.
    Licence,
    /// 告知承诺.
    Promise,
}

impl Exemption {
    /// The word on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NotNeeded => "不需要",
            Self::Shared => "共享核验",
            Self::Licence => "电子证照",
            Self::Promise => "告知承诺",
        }
    }
}

/// 申请材料.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// ASCII, within the item; the fact is `m/<id>`.
    pub id: String,
    /// 居民户口簿.
    pub name: String,
    /// 证件证书证明, 申请表格文书, 其他.
    pub kind: String,
    /// 原件, 复印件, 原件核验.
    pub form: String,
    /// Whether one can do without.
    pub need: Need,
    /// How, where one can.
    #[serde(default)]
    pub exemption: Option<Exemption>,
    /// 来源渠道: 申请人自备, 政府部门核发.
    pub source: String,
    /// Who gives it out, and how to get it.
    pub source_note: String,
    /// 份数; 0 when it is only looked at.
    pub copies: u32,
    /// 填报须知.
    pub note: String,
    /// 受理标准: what passes.
    pub passes: String,
    /// What fails, and what to bring instead.
    pub fails: String,
    /// 依据.
    pub basis: String,
    /// 容缺: days until it must be there.
    #[serde(default)]
    pub defer_days: Option<u16>,
    /// Scenarios that ask for it; empty means all.
    #[serde(default)]
    pub scenarios: Vec<String>,
}
