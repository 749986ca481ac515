//! `GET /owed`: what is still owed after acceptance. Deferred papers by their day, promises to be looked into, materials
//! to be looked up, people barred. Each line leads to the act that settles it; nothing here settles itself.

use app::cases::{OwedCounts, OwedLine};
use app::views::Owed;
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::Query;
use crate::shell::session::Clerk;
use crate::view::{Desk, Light};
use crate::workbench::Tab;
use crate::{Site, limit, page};

#[derive(Template)]
#[template(path = "cases/owed.html")]
struct OwedPage {
    desk: Desk,
    title: &'static str,
    note: &'static str,
    empty: &'static str,
    day: &'static str,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    more: Option<String>,
}

struct Row {
    light: Light,
    who: String,
    item: String,
    materials: String,
    day: String,
    act: &'static str,
    href: String,
    number: String,
    case: String,
}

/// Which list, and where in it.
#[derive(serde::Deserialize)]
pub(crate) struct Where {
    #[serde(default)]
    list: String,
    #[serde(default)]
    after: String,
}

/// Code, name, what it is, when there is nothing, what the day is.
type List = (&'static str, &'static str, Owed, &'static str, &'static str, &'static str);

const LISTS: [List; 4] = [
    (
        "",
        "容缺待补",
        Owed::Deferral,
        "到期不会自动退办；过了期没补的，由人登记退件",
        "没有等着补的容缺材料。收件时选了“以后补”的，会按期限排在这里。",
        "补齐期限",
    ),
    (
        "promise",
        "承诺待核查",
        Owed::Promise,
        "用承诺代替证明的，事后要核查",
        "没有等着核查的承诺。用承诺代替证明收下的，会排在这里。",
        "收件日期",
    ),
    (
        "verify",
        "免提交待核验",
        Owed::Verify,
        "断网时先收下的，接通以后核对",
        "没有等着核验的材料。免提交选了“待核验”的，会排在这里。",
        "收件日期",
    ),
    (
        "bar",
        "失信记录",
        Owed::Bar,
        "修复以前不能容缺、不能承诺；修复由镇中心登记",
        "没有失信记录。",
        "核查日期",
    ),
];

/// What a home page says of it: how much, and where.
#[derive(Default)]
pub(crate) struct Reminder {
    pub(crate) lines: Vec<(String, String, &'static str)>,
}

impl Reminder {
    /// Reads the counts; only what there is stands in it.
    pub(crate) fn read(node: &app::Node) -> Result<Self, app::ActError> {
        let counts = node.owed_counts()?;
        let link =
            |list: &str| if list.is_empty() { "/owed".to_owned() } else { format!("/owed?list={list}") };
        let all = [
            (counts.late, "件容缺材料过期没补", "", "red"),
            (counts.soon, "件容缺材料两个工作日内到期", "", "amber"),
            (counts.promises, "件承诺等着核查", "promise", ""),
            (counts.pending, "件免提交材料待核验", "verify", ""),
        ];
        let lines = all.into_iter().filter(|(count, ..)| *count > 0);
        let lines = lines.map(|(count, text, list, class)| (format!("{count} {text}"), link(list), class));
        Ok(Self {
            lines: crate::outside::reminder(node)?
                .into_iter()
                .chain(lines)
                .chain(super::crossed::reminders(node)?)
                .chain(crate::archive::reminder(node)?)
                .collect(),
        })
    }
}

/// The list.
pub(crate) async fn list(
    State(site): State<Site>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let list = LISTS.into_iter().find(|(code, ..)| *code == place.list).ok_or(Fault::NotFound)?;
    let (code, title, kind, note, empty, day) = list;
    let after = (!place.after.is_empty()).then_some(place.after);
    let desk = frame::desk(&site, &clerk, Place::Owed);
    let (lines, next, counts) = site
        .ask(move |node| {
            let (lines, next) = node.owed(kind, after.as_deref(), limit::ROWS_PER_PAGE)?;
            Ok::<_, app::ActError>((lines, next, node.owed_counts()?))
        })
        .await??;
    let at_centre = site.node().is_centre();
    page::show(&OwedPage {
        desk,
        title,
        note,
        empty,
        day,
        tabs: LISTS.iter().map(|one| tab(one, code, &counts)).collect(),
        rows: lines.iter().map(|line| row(kind, line, at_centre)).collect(),
        more: next.map(|next| format!("/owed?list={code}&after={next}")),
    })
}

fn tab(one: &List, shown: &str, counts: &OwedCounts) -> Tab {
    let (code, name, kind, ..) = *one;
    let count = match kind {
        Owed::Deferral => counts.deferrals,
        Owed::Promise => counts.promises,
        Owed::Verify => counts.pending,
        Owed::Bar => counts.bars,
    };
    Tab { text: format!("{name} {count}"), href: format!("/owed?list={code}"), now: code == shown }
}

fn row(kind: Owed, owed: &OwedLine, at_centre: bool) -> Row {
    let (line, hex) = (&owed.line, owed.line.id.hex());
    let late = kind == Owed::Deferral && owed.left < 0;
    let decided = line.stage.is_closed();
    let (act, code) = match kind {
        // what is decided cannot be given back: the result lies here until the paper comes
        Owed::Deferral if late && !decided => ("补齐或退件", ""),
        Owed::Deferral => ("登记补齐", "/acts/bring"),
        Owed::Promise => ("登记核查", "/acts/check-promise"),
        Owed::Verify => ("登记核验", "/acts/verify"),
        Owed::Bar if at_centre => ("信用修复", "/acts/lift-bar"),
        Owed::Bar => ("看办件", ""),
    };
    Row {
        light: light(kind, owed.left),
        who: line.name.clone(),
        item: line.item.clone(),
        materials: owed.materials.join("、"),
        day: owed.day.map(words::full_day).unwrap_or_default(),
        act,
        href: format!("/cases/{hex}{code}"),
        number: line.number.clone(),
        case: format!("/cases/{hex}"),
    }
}

/// Only a deferred paper has a day to keep.
fn light(kind: Owed, left: i32) -> Light {
    if kind != Owed::Deferral {
        return Light { class: "pause", text: "等人办".to_owned() };
    }
    match left {
        i32::MIN..=-1 => Light { class: "over", text: format!("过期 {} 天", -left) },
        0 => Light { class: "today", text: "今天到期".to_owned() },
        1..=2 => Light { class: "soon", text: format!("剩 {left} 天") },
        _ => Light { class: "ok", text: format!("剩 {left} 天") },
    }
}
