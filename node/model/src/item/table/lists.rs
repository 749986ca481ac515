//! Columns of the lists: 情形, 材料, 环节, 结果; 审查细则 and 申请表 have a file of their own.

use super::columns::{UNITS, days, is_yes, number, picked, set_days, set_unit, unit, word, yes};
use super::kind::{YES_NO, entries, joined};
use super::macros::{column, count, flag, id, limit_days, limit_unit, list, pick, scenarios, text};
use super::{Column, Kind, Look, Part, Row};
use crate::item::{Act, Exemption, Level, Material, Need, ResultPaper, Scenario, Step, Version};
use crate::limit::LIMIT_DAYS;

const NEEDS: &[(Need, &str)] = &[
    (Need::Required, "必要"),
    (Need::Deferrable, "可容缺"),
    (Need::Exempt, "免提交"),
    (Need::Optional, "非必要"),
];
const NEED_WORDS: &[&str] = &["必要", "可容缺", "免提交", "非必要"];
const EXEMPTIONS: &[(Option<Exemption>, &str)] = &[
    (None, "无"),
    (Some(Exemption::NotNeeded), "不需要"),
    (Some(Exemption::Shared), "共享核验"),
    (Some(Exemption::Licence), "电子证照"),
    (Some(Exemption::Promise), "告知承诺"),
];
const EXEMPTION_WORDS: &[&str] = &["无", "不需要", "共享核验", "电子证照", "告知承诺"];
const LEVELS: &[(Level, &str)] = &[
    (Level::Village, "村(社区)"),
    (Level::Township, "乡镇(街道)"),
    (Level::County, "县级"),
    (Level::Other, "外部单位"),
];
const LEVEL_WORDS: &[&str] = &["村(社区)", "乡镇(街道)", "县级", "外部单位"];
const ACTS: &[(Act, &str)] = &[
    (Act::Receive, "收件"),
    (Act::Accept, "受理"),
    (Act::Visit, "入户核查"),
    (Act::Notice, "公示"),
    (Act::FirstReview, "初审"),
    (Act::ReportUp, "上报"),
    (Act::Decide, "审批"),
    (Act::Pay, "发放"),
];
const ACT_WORDS: &[&str] = &["收件", "受理", "入户核查", "公示", "初审", "上报", "审批", "发放"];

const SCENARIO: &[Column<Scenario>] =
    &[id!(), text!(Row, "name", "情形名称", "如 首次申请、迁入", Kind::Line(60), name)];

const MATERIAL: &[Column<Material>] = &[
    id!(),
    text!(Row, "name", "材料名称", "", Kind::Line(60), name),
    text!(Row, "kind", "材料类型", "证件证书证明、申请表格文书、其他", Kind::Line(30), kind),
    text!(Row, "form", "材料形式", "原件、复印件、原件核验", Kind::Line(30), form),
    pick!(Row, "need", "必要性", "", NEEDS, NEED_WORDS, need),
    pick!(Row, "exemption", "免交方式", "", EXEMPTIONS, EXEMPTION_WORDS, exemption),
    text!(Row, "source", "来源渠道", "申请人自备、政府部门核发、申请人填写", Kind::Line(30), source),
    text!(Row, "source_note", "来源说明", "哪里开，怎么开", Kind::Words(300), source_note),
    count!(Row, "copies", "份数", "只看不留就写 0", 99, 0, copies),
    text!(Row, "note", "填报须知", "", Kind::Words(300), note),
    text!(Row, "passes", "受理标准", "什么样算合格", Kind::Words(300), passes),
    text!(Row, "fails", "不合格怎么办", "什么样不行，要带什么来", Kind::Words(300), fails),
    text!(Row, "basis", "依据", "", Kind::Words(300), basis),
    column!(
        Row,
        "defer_days",
        "容缺天数",
        "可容缺的才填",
        Kind::Count(LIMIT_DAYS as u32),
        |m| { m.defer_days.map(|days| days.to_string()).unwrap_or_default() },
        |m, t| {
            m.defer_days = number(t)?;
            Ok(())
        }
    ),
    scenarios!(),
];

const STEP: &[Column<Step>] = &[
    text!(Row, "name", "环节名称", "如 县民政局审批", Kind::Line(60), name),
    pick!(Row, "act", "做什么", "", ACTS, ACT_WORDS, act),
    pick!(Row, "level", "哪一级", "", LEVELS, LEVEL_WORDS, level),
    text!(Row, "body", "谁来做", "", Kind::Line(60), body),
    flag!(Row, "outside", "外部环节", "对方没有便民盒，结果由人登记", outside),
    limit_days!(Row, "limit", "本环节几天", "没有就空着", limit),
    limit_unit!(Row, "limit_unit", "天数单位", "", limit),
];

const RESULT: &[Column<ResultPaper>] = &[
    text!(Row, "name", "结果名称", "", Kind::Line(60), name),
    text!(Row, "kind", "结果类型", "证照、批文、其他", Kind::Line(20), kind),
    text!(Row, "collect", "怎么领", "", Kind::Words(300), collect),
];

impl Row for Scenario {
    const ID: Option<&'static str> = Some("s");
    fn columns() -> Vec<&'static Column<Self>> {
        SCENARIO.iter().collect()
    }
    fn blank() -> Self {
        Self { id: String::new(), name: String::new() }
    }
    fn id(&self) -> &str {
        &self.id
    }
    list!(scenarios);
}

impl Row for Material {
    const ID: Option<&'static str> = Some("m");
    fn columns() -> Vec<&'static Column<Self>> {
        MATERIAL.iter().collect()
    }
    fn blank() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            kind: String::new(),
            form: String::new(),
            need: Need::Required,
            exemption: None,
            source: String::new(),
            source_note: String::new(),
            copies: 1,
            note: String::new(),
            passes: String::new(),
            fails: String::new(),
            basis: String::new(),
            defer_days: None,
            scenarios: Vec::new(),
        }
    }
    fn id(&self) -> &str {
        &self.id
    }
    list!(materials);
}

impl Row for Step {
    fn columns() -> Vec<&'static Column<Self>> {
        STEP.iter().collect()
    }
    fn blank() -> Self {
        let (level, act) = (Level::Village, Act::Receive);
        Self { name: String::new(), level, body: String::new(), act, outside: false, limit: None }
    }
    list!(route);
}

impl Row for ResultPaper {
    fn columns() -> Vec<&'static Column<Self>> {
        RESULT.iter().collect()
    }
    fn blank() -> Self {
        Self { name: String::new(), kind: String::new(), collect: String::new() }
    }
    list!(results);
}
