//! 事项进驻清单: every item, whether a window takes it and it is really handled, and how often residents were sent elsewhere.

use app::matters::Entered;
use axum::extract::State;
use axum::response::Response;

use super::sheet::{Cell, Part, Sheet, UP, link, text};
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::session::Clerk;
use crate::view::Tag;
use crate::{Site, page};

fn row(one: &Entered) -> Vec<Cell> {
    let kind = match one.stage {
        "实质运行" => "green",
        "已进驻" => "blue",
        _ => "",
    };
    let windows: Vec<String> = one.windows.iter().map(|number| format!("{number}号")).collect();
    let last = one.last.map_or_else(
        || text("还没办过"),
        |(id, on)| link(words::full_day(on), format!("/cases/{}", id.hex())),
    );
    let elsewhere = if one.elsewhere > 0 {
        Cell::Tag(Tag::new("amber", format!("{} 次", one.elsewhere)))
    } else {
        text("没有")
    };
    vec![
        link(&one.item.name, format!("/items/{}", one.item.code)),
        Cell::Tag(Tag::new(kind, one.stage)),
        text(windows.join("、")),
        last,
        elsewhere,
    ]
}

/// Draws it.
pub(crate) async fn list(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let all = site.ask(app::Node::entered).await??;
    let count = |stage: &str| all.iter().filter(|one| one.stage == stage).count();
    let (none, here, runs) = (count("未进驻"), count("已进驻"), count("实质运行"));
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Registers),
        title: "事项进驻清单".to_owned(),
        lead: "有窗口收的是已进驻，一年内本机真办过的是实质运行。到别处的次数从咨询和办不成事里数。"
            .to_owned(),
        up: UP,
        parts: vec![Part {
            title: "事项".to_owned(),
            note: format!("未进驻 {none}，已进驻 {here}，实质运行 {runs}"),
            empty: "还没有事项，等镇中心发布。",
            head: vec!["事项", "进驻", "窗口", "最近一件", "请到别处"],
            rows: all.iter().map(row).collect(),
            walk: true,
            ..Part::default()
        }],
        ..Sheet::default()
    })
}
