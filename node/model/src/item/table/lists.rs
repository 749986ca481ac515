//! Columns of the lists: 情形, 材料, 审查细则, 环节, 申请表, 结果.

use super::columns::{
    UNITS, column, days, is_yes, number, picked, set_days, set_unit, text, unit, word, yes,
};
use super::kind::{YES_NO, entries, joined};
use super::{Column, Kind, Look, Part, Row};
use crate::item::{
    Act, AutoCheck, Exemption, Field, FieldKind, Level, Material, Need, ResultPaper, Rule, Scenario, Step,
    Version,
};
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
const FIELD_WORDS: &[&str] = &["文字", "日期", "金额", "选项", "账号", "家庭成员"];
const CHECK_WORDS: &[&str] = &["不自动核对", "年龄", "本人账户", "家庭人数"];
/// Characters of a text field of a form where nothing else is said.
const TEXT_MAX: u16 = 60;

macro_rules! id {
    () => {
        column!(Row, "id", "编号", "空着就由盒子编", Kind::Id, |row| row.id.clone(), |row, t| {
            row.id = t.to_owned();
            Ok(())
        })
    };
}
macro_rules! scenarios {
    () => {
        column!(
            Row,
            "scenarios",
            "适用情形",
            "一个不选就是全部情形都要",
            Kind::Scenarios,
            |row| joined(&row.scenarios),
            |row, t| {
                row.scenarios = entries(t);
                Ok(())
            }
        )
    };
}
macro_rules! list {
    ($field:ident) => {
        fn list(version: &Version) -> &[Self] {
            &version.$field
        }
        fn list_mut(version: &mut Version) -> Option<&mut Vec<Self>> {
            Some(&mut version.$field)
        }
    };
}

const SCENARIO: &[Column<Scenario>] =
    &[id!(), text!(Row, "name", "情形名称", "如 首次申请、迁入", Kind::Line(60), name)];

const MATERIAL: &[Column<Material>] = &[
    id!(),
    text!(Row, "name", "材料名称", "", Kind::Line(60), name),
    text!(Row, "kind", "材料类型", "证件证书证明、申请表格文书、其他", Kind::Line(30), kind),
    text!(Row, "form", "材料形式", "原件、复印件、原件核验", Kind::Line(30), form),
    column!(Row, "need", "必要性", "", Kind::Choice(NEED_WORDS), |m| word(NEEDS, &m.need), |m, t| {
        m.need = picked(NEEDS, t)?;
        Ok(())
    }),
    column!(
        Row,
        "exemption",
        "免交方式",
        "",
        Kind::Choice(EXEMPTION_WORDS),
        |m| word(EXEMPTIONS, &m.exemption),
        |m, t| {
            m.exemption = picked(EXEMPTIONS, t)?;
            Ok(())
        }
    ),
    text!(Row, "source", "来源渠道", "申请人自备、政府部门核发、申请人填写", Kind::Line(30), source),
    text!(Row, "source_note", "来源说明", "哪里开，怎么开", Kind::Words(300), source_note),
    column!(
        Row,
        "copies",
        "份数",
        "只看不留就写 0",
        Kind::Count(99),
        |m| m.copies.to_string(),
        |m, t| {
            m.copies = number(t)?.unwrap_or(0);
            Ok(())
        }
    ),
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

fn check_word(rule: &Rule) -> String {
    match &rule.auto {
        None => "不自动核对",
        Some(AutoCheck::Age { .. }) => "年龄",
        Some(AutoCheck::OwnAccount { .. }) => "本人账户",
        Some(AutoCheck::HouseholdSize { .. }) => "家庭人数",
    }
    .to_owned()
}

fn age(rule: &Rule) -> (Option<u16>, Option<u16>) {
    if let Some(AutoCheck::Age { from, to }) = &rule.auto { (*from, *to) } else { (None, None) }
}

fn words_of(number: Option<u16>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

const RULE: &[Column<Rule>] = &[
    id!(),
    text!(Row, "text", "核对什么", "如 年满80周岁", Kind::Line(100), text),
    text!(Row, "passes", "怎样算过", "", Kind::Words(300), passes),
    text!(Row, "fails", "不过怎么说", "", Kind::Words(300), fails),
    column!(Row, "auto", "自动核对", "", Kind::Choice(CHECK_WORDS), check_word, |r, t| {
        if check_word(r) != t {
            r.auto = match t {
                "年龄" => Some(AutoCheck::Age { from: None, to: None }),
                "本人账户" => Some(AutoCheck::OwnAccount { field: String::new() }),
                "家庭人数" => Some(AutoCheck::HouseholdSize { at_least: 1 }),
                _ => None,
            };
        }
        Ok(())
    }),
    column!(
        Row,
        "age_from",
        "年龄从",
        "自动核对年龄的才填，含这一岁",
        Kind::Count(150),
        |r| words_of(age(r).0),
        |r, t| {
            let typed = number(t)?;
            if let Some(AutoCheck::Age { from, .. }) = &mut r.auto {
                *from = typed;
            }
            Ok(())
        }
    ),
    column!(
        Row,
        "age_to",
        "年龄到",
        "含这一岁；没有上限就空着",
        Kind::Count(150),
        |r| words_of(age(r).1),
        |r, t| {
            let typed = number(t)?;
            if let Some(AutoCheck::Age { to, .. }) = &mut r.auto {
                *to = typed;
            }
            Ok(())
        }
    ),
    column!(
        Row,
        "account",
        "核对哪个账号",
        "申请表里那一栏的编号",
        Kind::Line(40),
        |r| {
            if let Some(AutoCheck::OwnAccount { field }) = &r.auto { field.clone() } else { String::new() }
        },
        |r, t| {
            if let Some(AutoCheck::OwnAccount { field }) = &mut r.auto {
                t.clone_into(field);
            }
            Ok(())
        }
    ),
    column!(
        Row,
        "people",
        "家里至少几口人",
        "含本人",
        Kind::Count(99),
        |r| {
            if let Some(AutoCheck::HouseholdSize { at_least }) = &r.auto {
                at_least.to_string()
            } else {
                String::new()
            }
        },
        |r, t| {
            if let (Some(AutoCheck::HouseholdSize { at_least }), Some(typed)) = (&mut r.auto, number(t)?) {
                *at_least = typed;
            }
            Ok(())
        }
    ),
    scenarios!(),
];

const STEP: &[Column<Step>] = &[
    text!(Row, "name", "环节名称", "如 县民政局审批", Kind::Line(60), name),
    column!(Row, "act", "做什么", "", Kind::Choice(ACT_WORDS), |s| word(ACTS, &s.act), |s, t| {
        s.act = picked(ACTS, t)?;
        Ok(())
    }),
    column!(Row, "level", "哪一级", "", Kind::Choice(LEVEL_WORDS), |s| word(LEVELS, &s.level), |s, t| {
        s.level = picked(LEVELS, t)?;
        Ok(())
    }),
    text!(Row, "body", "谁来做", "", Kind::Line(60), body),
    column!(
        Row,
        "outside",
        "外部环节",
        "对方没有便民盒，结果由人登记",
        Kind::Choice(YES_NO),
        |s| yes(s.outside),
        |s, t| {
            s.outside = is_yes(t);
            Ok(())
        }
    ),
    column!(
        Row,
        "limit",
        "本环节几天",
        "没有就空着",
        Kind::Count(LIMIT_DAYS as u32),
        |s| days(s.limit),
        |s, t| set_days(&mut s.limit, t)
    ),
    column!(Row, "limit_unit", "天数单位", "", Kind::Choice(UNITS), |s| unit(s.limit), |s, t| {
        set_unit(&mut s.limit, t);
        Ok(())
    }),
];

fn field_word(field: &Field) -> String {
    match field.kind {
        FieldKind::Text { .. } => "文字",
        FieldKind::Date => "日期",
        FieldKind::Money => "金额",
        FieldKind::Choice { .. } => "选项",
        FieldKind::Account { .. } => "账号",
        FieldKind::Members => "家庭成员",
    }
    .to_owned()
}

const FORM: &[Column<Field>] = &[
    id!(),
    text!(Row, "label", "栏目", "印在申请表上的字", Kind::Line(60), label),
    column!(Row, "is", "填什么", "", Kind::Choice(FIELD_WORDS), field_word, |f, t| {
        if field_word(f) != t {
            f.kind = match t {
                "日期" => FieldKind::Date,
                "金额" => FieldKind::Money,
                "选项" => FieldKind::Choice { options: Vec::new() },
                "账号" => FieldKind::Account { own: false },
                "家庭成员" => FieldKind::Members,
                _ => FieldKind::Text { max: TEXT_MAX },
            };
        }
        Ok(())
    }),
    column!(
        Row,
        "max",
        "最多几个字",
        "填文字的才写",
        Kind::Count(1000),
        |f| { if let FieldKind::Text { max } = f.kind { max.to_string() } else { String::new() } },
        |f, t| {
            if let (FieldKind::Text { max }, Some(typed)) = (&mut f.kind, number(t)?) {
                *max = typed;
            }
            Ok(())
        }
    ),
    column!(
        Row,
        "options",
        "选项",
        "一行一个，填选项的才写",
        Kind::Lines(60),
        |f| { if let FieldKind::Choice { options } = &f.kind { options.join("\n") } else { String::new() } },
        |f, t| {
            if let FieldKind::Choice { options } = &mut f.kind {
                *options = t.lines().map(str::to_owned).collect();
            }
            Ok(())
        }
    ),
    column!(
        Row,
        "own",
        "必须本人账户",
        "填账号的才选",
        Kind::Choice(YES_NO),
        |f| { if let FieldKind::Account { own } = f.kind { yes(own) } else { String::new() } },
        |f, t| {
            if let FieldKind::Account { own } = &mut f.kind {
                *own = is_yes(t);
            }
            Ok(())
        }
    ),
    column!(Row, "required", "必填", "", Kind::Choice(YES_NO), |f| yes(f.required), |f, t| {
        f.required = is_yes(t);
        Ok(())
    }),
    text!(Row, "hint", "怎么问", "窗口怎么问群众", Kind::Line(200), hint),
    scenarios!(),
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

impl Row for Rule {
    const ID: Option<&'static str> = Some("r");
    fn columns() -> Vec<&'static Column<Self>> {
        RULE.iter().collect()
    }
    fn blank() -> Self {
        let empty = String::new;
        Self {
            id: empty(),
            text: empty(),
            passes: empty(),
            fails: empty(),
            auto: None,
            scenarios: Vec::new(),
        }
    }
    fn id(&self) -> &str {
        &self.id
    }
    list!(rules);
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

impl Row for Field {
    const ID: Option<&'static str> = Some("f");
    fn columns() -> Vec<&'static Column<Self>> {
        FORM.iter().collect()
    }
    fn blank() -> Self {
        Self {
            id: String::new(),
            label: String::new(),
            kind: FieldKind::Text { max: TEXT_MAX },
            required: false,
            hint: String::new(),
            scenarios: Vec::new(),
        }
    }
    fn id(&self) -> &str {
        &self.id
    }
    list!(form);
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
