//! `GET /archive`: what is to be filed, what is filed, what has run out, what is sealed.

use app::cases::{FileCounts, FileLine, Files, SealedLine};
use axum::extract::State;
use axum::response::Response;
use model::case::archive::term;

use crate::cases::words;
use crate::frame::{self, Place};
use crate::registers::sheet::{Cell, Door, Part, Sheet, link, text};
use crate::shell::fault::Fault;
use crate::shell::path::Query;
use crate::shell::session::Clerk;
use crate::view::Said;
use crate::{Site, limit, page};

/// Which list, where in it, and what was done.
#[derive(serde::Deserialize)]
pub(crate) struct Where {
    #[serde(default)]
    list: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    done: String,
}

/// What a home page says of it; nothing where nothing has run out.
pub(crate) fn reminder(node: &app::Node) -> Result<Option<(String, String, &'static str)>, app::ActError> {
    let expired = node.file_counts()?.expired;
    let words = format!("{expired} 份档案保管到期，要人鉴定");
    Ok((expired > 0).then(|| (words, "/archive?list=expired".to_owned(), "amber")))
}

const LISTS: [(&str, &str, Files, &str, &str); 3] = [
    ("", "待归档", Files::ToFile, "办结日期", "没有等着归档的办件。办结并送达以后，会排在这里。"),
    ("filed", "已归档", Files::Filed, "保管到", "还没有归档的办件。"),
    ("expired", "保管到期", Files::Expired, "保管到", "没有保管到期的档案。"),
];

fn doors(counts: &FileCounts, shown: &str) -> Vec<Door> {
    let count = |files: Files| match files {
        Files::ToFile => counts.to_file,
        Files::Filed => counts.filed,
        Files::Expired => counts.expired,
    };
    let mut doors: Vec<Door> = LISTS
        .iter()
        .map(|(code, name, files, ..)| Door {
            now: *code == shown,
            ..Door::to(format!("{name} {}", count(*files)), format!("/archive?list={code}"))
        })
        .collect();
    let sealed = Door::to(format!("封存 {}", counts.sealed), "/archive?list=sealed");
    doors.push(Door { now: shown == "sealed", ..sealed });
    doors.push(Door::to("保管期限表", "/archive/terms"));
    doors
}

fn row(file: &FileLine) -> Vec<Cell> {
    let day = file.day.map_or_else(|| "永久".to_owned(), words::full_day);
    let act = if file.years.is_some() { "看档案" } else { "归档" };
    vec![
        text(&file.line.name),
        text(&file.line.item),
        text(file.line.stage.label()),
        text(day),
        text(file.years.map(term).unwrap_or_default()),
        text(&file.shelf),
        link(act, format!("/archive/{}", file.line.id.hex())),
        text(&file.line.number),
    ]
}

/// A village sees that there is one; only the centre gets at it.
fn sealed_row(sealed: &SealedLine, centre: bool) -> Vec<Cell> {
    let hex = sealed.id.hex();
    let mut row = vec![
        text(&sealed.number),
        text(&sealed.item),
        text(sealed.on.map(words::full_day).unwrap_or_default()),
        text(&sealed.by),
    ];
    if centre {
        row.push(link("写明理由查阅", format!("/archive/{hex}/open")));
        row.push(link("解除封存", format!("/archive/{hex}/unseal")));
    }
    row
}

fn sealed_part(lines: &[SealedLine], next: Option<String>, centre: bool) -> Part {
    let mut head = vec!["办件号", "事项", "哪天封存", "谁封存的"];
    if centre {
        head.extend(["查阅", "解除"]);
    }
    Part {
        title: "封存的".to_owned(),
        note: "不在任何列表和查找里；只有镇中心写明理由才能看".to_owned(),
        empty: "没有封存的办件。",
        head,
        rows: lines.iter().map(|line| sealed_row(line, centre)).collect(),
        more: next.map(|next| ("再看后面的", format!("/archive?list=sealed&after={next}"))),
        ..Part::default()
    }
}

/// The list.
pub(crate) async fn get(
    State(site): State<Site>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let wanted = LISTS.iter().find(|(code, ..)| *code == place.list);
    let after = (!place.after.is_empty()).then(|| place.after.clone());
    let files = wanted.map(|(_, _, files, ..)| *files);
    if files.is_none() && place.list != "sealed" {
        return Err(Fault::NotFound);
    }
    let (lines, next, sealed, counts) = site
        .ask(move |node| {
            let (after, count) = (after.as_deref(), limit::ROWS_PER_PAGE);
            let (mut lines, mut sealed) = (Vec::new(), Vec::new());
            let next;
            match files {
                Some(files) => (lines, next) = node.files(files, after, count)?,
                None => (sealed, next) = node.sealed_cases(after, count)?,
            }
            Ok::<_, app::ActError>((lines, next, sealed, node.file_counts()?))
        })
        .await??;
    let part = match wanted {
        Some((code, title, files, day, empty)) => Part {
            title: (*title).to_owned(),
            note: if *files == Files::Expired {
                "到期不会自动销毁：先由人鉴定，还要留的延长保管".to_owned()
            } else {
                String::new()
            },
            empty,
            head: vec!["申请人", "事项", "怎么结的", day, "保管多久", "放在哪里", "下一步", "办件号"],
            rows: lines.iter().map(row).collect(),
            more: next.map(|next| ("再看后面的", format!("/archive?list={code}&after={next}"))),
            walk: true,
            ..Part::default()
        },
        None => sealed_part(&sealed, next, site.node().is_centre()),
    };
    let said = match place.done.as_str() {
        "seal" => Some("已封存。从现在起不在列表和查找里，也不能办。"),
        "unseal" => Some("已解除封存，回到列表里了。"),
        _ => None,
    };
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Archive),
        title: "一件一档".to_owned(),
        lead: "办结的办件一件一份档案。归档以后只能往里加；保管期满以前有人要求删除的，改为封存。".to_owned(),
        up: words::home(site.node().station().0),
        said: said.map(|text| Said { kind: "green", text: text.to_owned() }).into_iter().collect(),
        doors: doors(&counts, &place.list),
        parts: vec![part],
    })
}
