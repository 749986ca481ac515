use serde::{Deserialize, Serialize};

/// 办事指南: the national 实施清单 fields that are not told elsewhere in the version. All are text as a resident reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guide {
    /// 基本编码.
    pub basic_code: String,
    /// 实施编码.
    pub implementation_code: String,
    /// 业务办理项编码.
    pub business_code: String,
    /// 设定依据.
    pub basis: String,
    /// 行使层级.
    pub level: String,
    /// 实施主体.
    pub body: String,
    /// 实施主体性质: 法定机关, 授权组织, 受委托组织.
    pub body_nature: String,
    /// 实施主体编码.
    pub body_code: String,
    /// 委托部门.
    pub entrusting: String,
    /// 时限说明.
    pub limit_note: String,
    /// 受理条件.
    pub conditions: Vec<String>,
    /// 办理流程, as a resident reads it.
    pub process: Vec<String>,
    /// 办理形式: 窗口办理, 上门办理.
    pub channels: Vec<String>,
    /// 到现场次数.
    pub visits: u32,
    /// 特别程序.
    pub special: String,
    /// 办理地点.
    pub place: String,
    /// 办理时间.
    pub hours: String,
    /// 咨询方式.
    pub consult: String,
    /// 监督投诉方式.
    pub complain: String,
    /// 通办范围.
    pub scope: String,
    /// 网办深度.
    pub online: String,
    /// 主题分类.
    pub theme: String,
    /// 乡镇/村代码.
    pub division: String,
    /// What residents ask most.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// Doubts about these facts; shown to staff, not to residents.
    #[serde(default)]
    pub doubts: String,
}

/// 是否收费.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// Whether anything is charged.
    pub charged: bool,
    /// 不收费, or how much.
    pub words: String,
    /// 收费依据.
    #[serde(default)]
    pub basis: String,
}

/// 办理结果.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultPaper {
    /// 结果名称.
    pub name: String,
    /// 结果类型: 证照, 批文, 其他.
    pub kind: String,
    /// How and where it is collected.
    pub collect: String,
}
