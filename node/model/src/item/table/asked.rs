//! Columns of what is asked at the window: 审查细则 and 申请表.

use super::columns::{is_yes, number, yes};
use super::kind::{YES_NO, entries, joined};
use super::macros::{column, flag, id, list, scenarios, text};
use super::{Column, Kind, Look, Part, Row};
use crate::item::{AutoCheck, Field, FieldKind, Rule, Version};

const FIELD_WORDS: &[&str] = &["文字", "日期", "金额", "选项", "账号", "家庭成员"];
const CHECK_WORDS: &[&str] = &["不自动核对", "年龄", "本人账户", "家庭人数"];
/// Characters of a text field of a form where nothing else is said.
const TEXT_MAX: u16 = 60;

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
    flag!(Row, "required", "必填", "", required),
    text!(Row, "hint", "怎么问", "窗口怎么问群众", Kind::Line(200), hint),
    scenarios!(),
];

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
