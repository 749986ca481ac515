//! Columns of 办事指南.

use super::columns::number;
use super::macros::{column, count, lines, text};
use super::{Column, Kind, Look, Part};
use crate::item::Version;

pub(super) const GUIDE: &[Column<Version>] = &[
    text!(Guide, "basic_code", "基本编码", "", Kind::Line(60), guide.basic_code),
    text!(Guide, "implementation_code", "实施编码", "", Kind::Line(60), guide.implementation_code),
    text!(Guide, "business_code", "业务办理项编码", "", Kind::Line(60), guide.business_code),
    text!(Guide, "basis", "设定依据", "", Kind::Words(600), guide.basis),
    text!(Guide, "level", "行使层级", "", Kind::Line(40), guide.level),
    text!(Guide, "body", "实施主体", "", Kind::Line(60), guide.body),
    text!(
        Guide,
        "body_nature",
        "实施主体性质",
        "法定机关、授权组织、受委托组织",
        Kind::Line(60),
        guide.body_nature
    ),
    text!(Guide, "body_code", "实施主体编码", "", Kind::Line(40), guide.body_code),
    text!(Guide, "entrusting", "委托部门", "", Kind::Line(60), guide.entrusting),
    text!(Guide, "limit_note", "时限说明", "", Kind::Words(400), guide.limit_note),
    lines!(Guide, "conditions", "受理条件", "一行一条", 200, guide.conditions),
    lines!(Guide, "process", "办理流程", "一行一步，写给群众看", 200, guide.process),
    lines!(Guide, "channels", "办理形式", "一行一个，如 窗口办理", 30, guide.channels),
    count!(Guide, "visits", "到现场次数", "", 99, 0, guide.visits),
    text!(Guide, "special", "特别程序", "", Kind::Line(200), guide.special),
    text!(Guide, "place", "办理地点", "", Kind::Words(200), guide.place),
    text!(Guide, "hours", "办理时间", "", Kind::Line(100), guide.hours),
    text!(Guide, "consult", "咨询方式", "", Kind::Line(100), guide.consult),
    text!(Guide, "complain", "监督投诉方式", "", Kind::Line(100), guide.complain),
    text!(Guide, "scope", "通办范围", "", Kind::Line(60), guide.scope),
    text!(Guide, "online", "网办深度", "", Kind::Line(60), guide.online),
    text!(Guide, "theme", "主题分类", "", Kind::Line(40), guide.theme),
    text!(Guide, "division", "乡镇或村代码", "12 位区划代码", Kind::Line(20), guide.division),
    lines!(Guide, "remarks", "常见问题", "一行一条", 300, guide.remarks),
    text!(Guide, "doubts", "存疑说明", "只给工作人员看", Kind::Words(600), guide.doubts),
];
