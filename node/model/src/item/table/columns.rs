//! Columns of the item itself: 基本信息 and 收费. Its guide has a file of its own.

use super::kind::{YES_NO, entries, joined};
use super::macros::{column, flag, limit_days, limit_unit, lines, text};
use super::{Column, Kind, Look, Part, Row};
use crate::item::{ApplicantKind, Limit, Pace, Unit, Version, Way};
use crate::limit::LIMIT_DAYS;

/// The fields of the catalogue (requirements C1).
pub(super) const AREAS: &[&str] = &[
    "公共教育",
    "劳动就业",
    "社会保险",
    "医疗卫生",
    "养老服务",
    "社会服务",
    "户籍管理",
    "市场准入",
    "用地许可",
    "水电气及公共服务",
    "法律援助",
];
const WAYS: &[&str] = &["收件即受理", "委托受理", "授权办理", "帮办代办"];
const PACES: &[(Pace, &str)] =
    &[(Pace::Instant, "即办件"), (Pace::Promised, "承诺件"), (Pace::Depends, "视情形即办")];
const PACE_WORDS: &[&str] = &["即办件", "承诺件", "视情形即办"];
pub(super) const UNITS: &[&str] = &["工作日", "自然日"];
const APPLICANTS: &[&str] = &["个人", "家庭", "单位"];

/// The value whose word was picked; the first where nothing was.
pub(super) fn picked<T: Copy>(all: &[(T, &str)], text: &str) -> Result<T, String> {
    let found =
        all.iter().find(|(_, word)| *word == text).or_else(|| all.first().filter(|_| text.is_empty()));
    found.map(|(value, _)| *value).ok_or_else(|| "请从列出的里面选一个。".to_owned())
}

pub(super) fn word<T: PartialEq>(all: &[(T, &'static str)], value: &T) -> String {
    all.iter().find(|(one, _)| one == value).map_or("", |(_, word)| word).to_owned()
}

pub(super) fn yes(value: bool) -> String {
    if value { "是" } else { "否" }.to_owned()
}

pub(super) fn is_yes(text: &str) -> bool {
    text == "是"
}

pub(super) fn number<T: std::str::FromStr>(text: &str) -> Result<Option<T>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_too_large| "数太大了。".to_owned())
}

pub(super) fn days(limit: Option<Limit>) -> String {
    limit.map(|limit| limit.days.to_string()).unwrap_or_default()
}

pub(super) fn unit(limit: Option<Limit>) -> String {
    limit.map_or("", |limit| if limit.unit == Unit::Working { "工作日" } else { "自然日" }).to_owned()
}

pub(super) fn set_days(limit: &mut Option<Limit>, text: &str) -> Result<(), String> {
    let unit = limit.map_or(Unit::Working, |limit| limit.unit);
    let days: Option<u16> = number(text)?;
    if days == Some(0) {
        return Err("不能是 0 天；当场办好的，办件类型选“即办件”，这里空着。".to_owned());
    }
    *limit = days.map(|days| Limit { days, unit });
    Ok(())
}

pub(super) fn set_unit(limit: &mut Option<Limit>, text: &str) {
    if let Some(limit) = limit {
        limit.unit = if text == "自然日" { Unit::Calendar } else { Unit::Working };
    }
}

const BASICS: &[Column<Version>] = &[
    column!(
        Version,
        "code",
        "事项编码",
        "一个事项一个，各表靠它对上",
        Kind::Id,
        |v| v.code.clone(),
        |v, t| {
            v.code = t.to_owned();
            Ok(())
        }
    ),
    text!(Basics, "name", "事项名称", "", Kind::Line(60), name),
    lines!(Basics, "aliases", "别名", "一行一个，查找时也认得", 30, aliases),
    text!(Basics, "area", "领域", "", Kind::Choice(AREAS), area),
    text!(Basics, "kind", "事项类型", "如 行政给付、公共服务", Kind::Line(30), kind),
    text!(Basics, "decided_by", "决定机关", "谁来定", Kind::Line(60), decided_by),
    text!(Basics, "principal", "受理名义", "受理通知书以谁的名义出", Kind::Line(60), principal),
    column!(
        Basics,
        "way",
        "村站办理方式",
        "",
        Kind::Choice(WAYS),
        |v| v.way.label().to_owned(),
        |v, t| {
            v.way = if t.is_empty() {
                Way::OnBehalf
            } else {
                Way::from_label(t).ok_or("请从列出的里面选一个。")?
            };
            Ok(())
        }
    ),
    column!(
        Basics,
        "pace",
        "办件类型",
        "",
        Kind::Choice(PACE_WORDS),
        |v| word(PACES, &v.pace),
        |v, t| {
            v.pace = if t.is_empty() { Pace::Promised } else { picked(PACES, t)? };
            Ok(())
        }
    ),
    limit_days!(Basics, "legal", "法定时限", "天数；没有法定时限就空着", legal),
    limit_unit!(Basics, "legal_unit", "法定时限单位", "", legal),
    limit_days!(Basics, "promised", "承诺时限", "天数；没有承诺就空着", promised),
    limit_unit!(Basics, "promised_unit", "承诺时限单位", "", promised),
    text!(Basics, "notice", "要不要公示", "是、否、视情形", Kind::Line(20), notice),
    column!(
        Basics,
        "notice_days",
        "公示天数",
        "自然日；不公示就空着",
        Kind::Count(LIMIT_DAYS as u32),
        |v| { v.notice_days.map(|days| days.to_string()).unwrap_or_default() },
        |v, t| {
            v.notice_days = number(t)?;
            Ok(())
        }
    ),
    column!(
        Basics,
        "applicants",
        "谁能申请",
        "可选几个",
        Kind::Several(APPLICANTS),
        |v| { joined(&v.applicants.iter().map(|kind| kind.label()).collect::<Vec<_>>()) },
        |v, t| {
            let kind = |word: &String| ApplicantKind::ALL.into_iter().find(|kind| kind.label() == word);
            v.applicants = entries(t).iter().filter_map(kind).collect();
            Ok(())
        }
    ),
    flag!(Basics, "sample", "示例", "真实事项选“否”", sample),
];

const FEE: &[Column<Version>] = &[
    flag!(Fee, "charged", "收不收费", "", fee.charged),
    text!(Fee, "fee_words", "收费标准", "不收费，或者收多少", Kind::Line(200), fee.words),
    text!(Fee, "fee_basis", "收费依据", "", Kind::Words(300), fee.basis),
];

const WHICH: &[Column<Version>] = &[
    column!(
        Version,
        "version",
        "版本号",
        "只供查看",
        Kind::Count(100_000),
        |v| v.version.to_string(),
        |v, t| {
            v.version = number(t)?.unwrap_or(1).max(1);
            Ok(())
        }
    ),
    column!(
        Version,
        "effective",
        "生效日期",
        "只供查看，导入时另定",
        Kind::Date,
        |v| v.effective.to_string(),
        |v, t| {
            if let Ok(date) = t.parse() {
                v.effective = date;
            }
            Ok(())
        }
    ),
    column!(
        Version,
        "retired",
        "停用日期",
        "只供查看",
        Kind::Date,
        |v| v.retired.map(|day| day.to_string()).unwrap_or_default(),
        |v, t| {
            v.retired = t.parse().ok();
            Ok(())
        }
    ),
];

impl Row for Version {
    fn columns() -> Vec<&'static Column<Self>> {
        BASICS.iter().chain(super::guide::GUIDE).chain(FEE).chain(WHICH).collect()
    }
    fn blank() -> Self {
        Self::blank("", jiff::civil::Date::constant(2000, 1, 1))
    }
    fn list(version: &Version) -> &[Self] {
        std::slice::from_ref(version)
    }
    fn list_mut(_: &mut Version) -> Option<&mut Vec<Self>> {
        None
    }
    fn one_mut(version: &mut Version, at: usize) -> Option<&mut Self> {
        (at == 0).then_some(version)
    }
}
