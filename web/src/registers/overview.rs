//! `GET /registers`: every register, with what waits in it.

use app::Node;
use app::matters::Counts;
use axum::extract::State;
use axum::response::Response;
use model::matter::Sort;

use super::sheet::{Cell, Part, Sheet, link, text};
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::session::Clerk;
use crate::view::Tag;
use crate::{Site, page};

/// The registers in the order of the page: sort, what it is for.
const REGISTERS: [(Sort, &str); 7] = [
    (Sort::Stuck, "群众反映办不成的事：登记、分类、转办、办结、反馈、回访"),
    (Sort::Rating, "不满意的评价：回复、转办、核实、整改、回访，件件有结果"),
    (Sort::Consult, "问了什么、怎么答的；问得多的放到办事指南"),
    (Sort::Transfer, "跨省、长三角、省内通办：转到哪里、流水号、回来没有"),
    (Sort::Due, "到龄、资格认证、证照、容缺，一人一行，行行有结果"),
    (Sort::Round, "巡查看到的问题、整改期限、改好没有"),
    (Sort::Account, "超期、属实的反映和差评：待核实、说明、认定、办结；不对外"),
];

/// What is kept beside them.
const PAGES: [(&str, &str, &str); 7] = [
    ("首问负责", "/registers/clerks", "每个人首接的办件，谁不在由谁接"),
    ("超期办件", "/registers/late", "超期的办件，一键登记责任追究"),
    ("帮办代办", "/registers/behalf", "委托、受理、办理、送达、归档、上报、回访，差哪一步"),
    ("窗口和岗位", "/registers/windows", "窗口、A岗B岗、服务时间、谁不在岗"),
    ("事项进驻清单", "/registers/entry", "每个事项进驻了没有、最近一件、群众被请到别处几次"),
    ("服务规范", "/registers/norms", "服务、业务办理、咨询规范，每个人读过签名"),
    ("时限设定", "/registers/settings", "办不成事、差评几天内办，由镇里定"),
];

/// What of the registers waits for somebody, for the home page.
#[derive(Default)]
pub(crate) struct Waiting {
    /// Words and way, one a register.
    pub(crate) lines: Vec<(String, String)>,
}

/// Reads it: registers with something due today or overdue, and clerks that this one stands in for.
///
/// # Errors
/// When the disk says no.
pub(crate) fn waiting(node: &Node, staff: &str) -> Result<Waiting, app::ActError> {
    let mut lines = Vec::new();
    let (here, reference) = (node.station().0, node.reference());
    for away in reference.office.covered_by(here, staff, node.today()) {
        let count = node.cases_of(here, &away.clerk.id, 200)?.len();
        let until = crate::cases::words::day(away.until);
        let words = format!("{}到{until}不在，由您（B岗）接办 {count} 件", away.clerk.name);
        lines.push((words, format!("/registers/clerks/{here}-{}", away.clerk.id)));
    }
    for (sort, _) in REGISTERS {
        let counts = node.matter_counts(sort)?;
        if counts.overdue + counts.today > 0 {
            let words = format!("{}：今日到期 {}，超期 {}", sort.label(), counts.today, counts.overdue);
            lines.push((words, format!("/registers/{}", sort.slug())));
        }
    }
    Ok(Waiting { lines })
}

fn tag(counts: Counts) -> Tag {
    if counts.overdue > 0 {
        Tag::new("red", format!("超期 {}", counts.overdue))
    } else if counts.today > 0 {
        Tag::new("amber", format!("今日到期 {}", counts.today))
    } else {
        Tag::new("", "没有到期的")
    }
}

/// Draws it.
pub(crate) async fn get(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let (counts, late) = site
        .ask(|node| {
            let counts = REGISTERS.iter().map(|(sort, _)| node.matter_counts(*sort));
            Ok::<_, app::ActError>((counts.collect::<Result<Vec<_>, _>>()?, node.counts()?.overdue))
        })
        .await??;
    let register = |((sort, note), counts): (&(Sort, &str), &Counts)| {
        vec![
            link(sort.label(), format!("/registers/{}", sort.slug())),
            text(counts.open.to_string()),
            Cell::Tag(tag(*counts)),
            text(counts.all.to_string()),
            text(*note),
        ]
    };
    let beside = |(name, href, note): &(&str, &str, &str)| {
        let is_late = *href == "/registers/late" && late > 0;
        let mark = if is_late { Cell::Tag(Tag::new("red", format!("超期 {late}"))) } else { text("") };
        vec![link(*name, *href), mark, text(*note)]
    };
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Registers),
        title: "台账".to_owned(),
        parts: vec![
            Part {
                title: "要登记和办结的".to_owned(),
                head: vec!["台账", "没办完", "到期", "一共", "记什么"],
                rows: REGISTERS.iter().zip(&counts).map(register).collect(),
                walk: true,
                ..Part::default()
            },
            Part {
                title: "站里的规矩".to_owned(),
                head: vec!["页面", "提醒", "看什么"],
                rows: PAGES.iter().map(beside).collect(),
                ..Part::default()
            },
        ],
        ..Sheet::default()
    })
}
