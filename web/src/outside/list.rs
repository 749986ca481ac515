//! `GET /transcribe`: cases that are not yet in their outside system, the oldest first.

use app::cases::{TranscribeCounts, WaitingLine};
use axum::extract::State;
use axum::response::Response;

use crate::cases::words;
use crate::frame::{self, Place};
use crate::registers::sheet::{Cell, Door, Part, Sheet, link, text};
use crate::shell::fault::Fault;
use crate::shell::path::Query;
use crate::shell::session::Clerk;
use crate::view::{Light, Said};
use crate::{Site, limit, page};

/// Days after which a case that is not copied is red: the outside body's own clock may run.
const LATE_DAYS: i64 = 3;

/// Which desk's, where in it, and what was done.
#[derive(serde::Deserialize)]
pub(crate) struct Where {
    #[serde(default)]
    list: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    done: String,
}

/// What a home page says of it: words, where, colour; nothing where nothing waits.
pub(crate) fn reminder(node: &app::Node) -> Result<Option<(String, String, &'static str)>, app::ActError> {
    let counts = node.transcribe_counts()?;
    let class = if counts.oldest > LATE_DAYS { "amber" } else { "" };
    let age =
        if counts.oldest == 0 { "今天收的".to_owned() } else { format!("最久 {} 天", counts.oldest) };
    let words = format!("{} 件还没录到外部系统，{age}", counts.here);
    Ok((counts.here > 0).then(|| (words, "/transcribe".to_owned(), class)))
}

fn doors(counts: &TranscribeCounts, there: bool, centre: bool) -> Vec<Door> {
    let other = if centre { "村站录" } else { "镇中心录" };
    let mut doors = vec![
        Door { now: !there, ..Door::to(format!("本处录 {}", counts.here), "/transcribe") },
        Door { now: there, ..Door::to(format!("{other} {}", counts.there), "/transcribe?list=there") },
        Door { key: "f", key_cap: "F", ..Door::to("按外部编号登记反馈", "/transcribe/answer") },
    ];
    if centre {
        doors.push(Door::to("各事项的栏目", "/transcribe/forms"));
    }
    doors
}

fn row(waiting: &WaitingLine) -> Vec<Cell> {
    let hex = waiting.line.id.hex();
    let class = if waiting.age > LATE_DAYS { "over" } else { "ok" };
    let age = if waiting.age == 0 { "今天".to_owned() } else { format!("{} 天", waiting.age) };
    vec![
        Cell::Light(Light { class, text: age }),
        text(&waiting.line.name),
        text(&waiting.line.item),
        text(&waiting.system),
        text(waiting.since.map(words::full_day).unwrap_or_default()),
        link("对照录入", format!("/transcribe/{hex}")),
        text(&waiting.line.number),
    ]
}

/// The list.
pub(crate) async fn get(
    State(site): State<Site>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let there = match place.list.as_str() {
        "" => false,
        "there" => true,
        _ => return Err(Fault::NotFound),
    };
    let after = (!place.after.is_empty()).then_some(place.after);
    let (lines, next, counts) = site
        .ask(move |node| {
            let (lines, next) = node.to_transcribe(!there, after.as_deref(), limit::ROWS_PER_PAGE)?;
            Ok::<_, app::ActError>((lines, next, node.transcribe_counts()?))
        })
        .await??;
    let said = match place.done.as_str() {
        "recorded" => Some("外部办件编号已存下。".to_owned()),
        "again" => Some("刚才已经存下了，没有重复存。".to_owned()),
        _ => None,
    };
    let list = if there { "there" } else { "" };
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Transcribe),
        title: "未转录的办件".to_owned(),
        lead: "省里和部门的系统是正式记录。受理以后照着栏目录进去，写下那边的编号；没有编号要写原因。"
            .to_owned(),
        up: words::home(site.node().station().0),
        said: said.map(|text| Said { kind: "green", text }).into_iter().collect(),
        doors: doors(&counts, there, site.node().is_centre()),
        parts: vec![Part {
            title: "等着录的".to_owned(),
            note: "等得最久的在前".to_owned(),
            empty: "没有等着录的办件。受理以后，还没录到省里或部门系统的会列在这里。",
            head: vec!["等了", "申请人", "事项", "录到哪个系统", "从哪一天起", "下一步", "办件号"],
            rows: lines.iter().map(row).collect(),
            more: next.map(|next| ("再看后面的", format!("/transcribe?list={list}&after={next}"))),
            walk: true,
            ..Part::default()
        }],
    })
}
