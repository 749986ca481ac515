//! `/crossed`: cases that one village took in for another's resident, as each station and the centre sees them.

use app::cases::{CaseLine, Filter};
use app::views::Crossed;
use axum::extract::State;
use axum::response::Response;

use super::show::Names;
use super::words;
use crate::frame::{self, Place};
use crate::registers::sheet::{Cell, Door, Part, Sheet, link, text};
use crate::shell::fault::Fault;
use crate::shell::path::Query;
use crate::shell::session::Clerk;
use crate::{Site, limit, page};

/// That another village takes part, beside a line of a list; empty where none does.
pub(crate) fn mark(line: &CaseLine, here: u16) -> &'static str {
    if line.home == line.station {
        ""
    } else if line.station == here {
        "已转属地村"
    } else if line.home == here {
        "外村转来"
    } else {
        "跨村"
    }
}

/// Where the papers were taken, and where it goes on.
pub(crate) fn places(line: &CaseLine, names: &Names) -> String {
    let name = |station: u16| names.get(&station).cloned().unwrap_or_else(|| format!("{station} 站"));
    if line.home == line.station {
        name(line.station)
    } else {
        format!("{}收，{}办", name(line.station), name(line.home))
    }
}

/// What a home page says: how many are under way, and where they are listed.
pub(crate) fn reminders(node: &app::Node) -> Result<Vec<(String, String, &'static str)>, app::ActError> {
    let words = |way| match way {
        Crossed::In => "件外村转来，在办",
        Crossed::Out => "件转给属地村，在办",
        Crossed::Between => "件跨村，在办",
    };
    let some = node.crossed()?.into_iter().filter(|(_, count)| *count > 0);
    Ok(some.map(|(way, count)| (format!("{count} {}", words(way)), "/crossed".to_owned(), "")).collect())
}

/// Which list, and where in it.
#[derive(serde::Deserialize)]
pub(crate) struct Where {
    #[serde(default)]
    list: String,
    #[serde(default)]
    after: String,
}

/// The lists: code, name, which way, over.
const OF_STATION: [(&str, &str, Crossed, bool); 4] = [
    ("", "外村转来，在办", Crossed::In, false),
    ("out", "转给属地村，在办", Crossed::Out, false),
    ("in-over", "外村转来，办完", Crossed::In, true),
    ("out-over", "转给属地村，办完", Crossed::Out, true),
];
const OF_CENTRE: [(&str, &str, Crossed, bool); 2] =
    [("", "跨村，在办", Crossed::Between, false), ("over", "跨村，办完", Crossed::Between, true)];

/// `GET /crossed`.
pub(crate) async fn list(
    State(site): State<Site>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let lists: &[_] = if site.node().is_centre() { &OF_CENTRE } else { &OF_STATION };
    let (code, name, way, over) =
        *lists.iter().find(|(code, ..)| *code == place.list).ok_or(Fault::NotFound)?;
    let after = (!place.after.is_empty()).then_some(place.after);
    let found = site
        .ask(move |node| node.cases(Filter::Crossed(way, over), after.as_deref(), limit::ROWS_PER_PAGE))
        .await??;
    let names = frame::station_names(site.node());
    let row = |line: &CaseLine| {
        vec![
            Cell::Light(words::line_light(line)),
            text(&line.name),
            link(&line.item, format!("/cases/{}", line.id.hex())),
            text(words::where_line(line)),
            text(places(line, &names)),
            Cell::Truth(frame::truth(line.truth)),
            text(words::tail(&line.number)),
        ]
    };
    let door = |(of, name, ..): &(&str, &str, Crossed, bool)| {
        let href = if of.is_empty() { "/crossed".to_owned() } else { format!("/crossed?list={of}") };
        Door { now: *of == code, ..Door::to(*name, href) }
    };
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Crossed),
        title: "跨村办件".to_owned(),
        lead: "在哪个村都能收件。记录经镇中心转给群众住的村，入户核查、公示由那个村办，收件的村看得到进度，结果可以在收件的村领。"
            .to_owned(),
        up: words::home(site.node().station().0),
        doors: lists.iter().map(door).collect(),
        parts: vec![Part {
            title: name.to_owned(),
            note: "先到期的在前".to_owned(),
            empty: "现在没有。收件时在“属地村”里选了别的村，受理以后会到这里来。",
            head: vec!["期限", "申请人", "事项", "现在到哪一步", "哪里收，哪里办", "记录在哪", "办件号"],
            rows: found.lines.iter().map(row).collect(),
            more: found.next.map(|next| ("再看后面的", format!("/crossed?list={code}&after={next}"))),
            walk: true,
            ..Part::default()
        }],
        ..Sheet::default()
    })
}
