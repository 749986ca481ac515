//! `GET /due`: what is due, by whom, the most pressing first; made to be printed and hung up in the morning.

use app::cases::{CaseLine, Filter, Listing};
use app::views::Hands;
use app::{ActError, Node};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use jiff::ToSpan as _;
use model::case::Stage;

use crate::cases::show::Names;
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::Query;
use crate::shell::session::Clerk;
use crate::view::{Desk, Light};
use crate::workbench::Tab;
use crate::{Site, clocks, limit, page};

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/due", get(list))
}

/// The list as shown.
#[derive(Template)]
#[template(path = "due.html")]
struct DuePage {
    desk: Desk,
    today: String,
    said: String,
    tabs: Vec<Tab>,
    moved: Option<String>,
    groups: Vec<Group>,
    more: Option<String>,
}

/// Cases that press alike.
struct Group {
    name: &'static str,
    class: &'static str,
    rows: Vec<Row>,
}

/// A case of the list.
struct Row {
    light: Light,
    day: String,
    provisional: bool,
    who: String,
    item: String,
    task: String,
    by: String,
    station: String,
    number: String,
    href: String,
}

/// Which list, and where in it.
#[derive(serde::Deserialize)]
pub(crate) struct Where {
    #[serde(default)]
    list: String,
    #[serde(default)]
    after: String,
}

const LISTS: [(&str, &str, Filter); 5] = [
    ("", "全部", Filter::Open),
    ("station", "该村站办", Filter::Turn(Hands::Station)),
    ("centre", "该镇中心办", Filter::Turn(Hands::Centre)),
    ("outside", "在别的单位", Filter::Turn(Hands::Outside)),
    ("applicant", "等群众补正", Filter::Turn(Hands::Applicant)),
];

/// How far ahead the list looks, in calendar days: what comes later is on the home page.
const AHEAD: i64 = 14;

/// Shows it.
async fn list(State(site): State<Site>, Query(place): Query<Where>, clerk: Clerk) -> Result<Response, Fault> {
    let wanted = LISTS.iter().find(|(code, ..)| *code == place.list).ok_or(Fault::NotFound)?;
    let (code, name, filter) = *wanted;
    let after = (!place.after.is_empty()).then_some(place.after);
    let (today, listing, moved) = site
        .ask(move |node| {
            let listing = due(node, filter, after.as_deref())?;
            Ok::<_, Fault>((node.today(), listing, clocks::told(node)?))
        })
        .await??;
    let names = frame::station_names(site.node());
    let said = match listing.lines.len() {
        0 => "没有快到期的。".to_owned(),
        count if listing.next.is_some() => format!("{name}，这一页 {count} 件，后面还有。"),
        count => format!("{name}，{count} 件。"),
    };
    let tab = |(list, name, _): &(&str, &str, Filter)| Tab {
        text: (*name).to_owned(),
        href: if list.is_empty() { "/due".to_owned() } else { format!("/due?list={list}") },
        now: *list == code,
    };
    page::show(&DuePage {
        desk: frame::desk(&site, &clerk, Place::Due),
        today: words::full_day(today),
        said,
        tabs: LISTS.iter().map(tab).collect(),
        moved,
        groups: groups(&listing.lines, &names),
        more: listing.next.map(|next| format!("/due?list={code}&after={next}")),
    })
}

/// What is due within the days ahead. Lists are sorted by due day, so what is behind the last of them is later still.
fn due(node: &Node, filter: Filter, after: Option<&str>) -> Result<Listing, ActError> {
    let mut listing = node.cases(filter, after, limit::ROWS_PER_PAGE)?;
    let last = node.today().saturating_add(AHEAD.days());
    let before = listing.lines.len();
    listing.lines.retain(|line| line.due.is_some_and(|due| due.date <= last));
    if listing.lines.len() < before {
        listing.next = None;
    }
    Ok(listing)
}

fn groups(lines: &[CaseLine], names: &Names) -> Vec<Group> {
    let heads = [
        ("over", "超期", "red"),
        ("today", "今日到期", "red"),
        ("soon", "快到期", "amber"),
        ("ok", "两周内到期", ""),
        ("pause", "停止计时", ""),
    ];
    let of = |(class, name, colour): (&'static str, &'static str, &'static str)| {
        let rows = lines.iter().map(|line| row(line, names)).filter(|row| row.light.class == class).collect();
        Group { name, class: colour, rows }
    };
    heads.into_iter().map(of).filter(|group| !group.rows.is_empty()).collect()
}

fn place(station: u16, names: &Names) -> String {
    names.get(&station).cloned().unwrap_or_else(|| format!("{station} 站"))
}

fn row(line: &CaseLine, names: &Names) -> Row {
    let home = line.stage == Stage::OnBehalf && !line.carried;
    let task = if line.deemed.is_some() {
        "登记视为受理".to_owned()
    } else if line.stage == Stage::Received {
        "受理，或者一次告知".to_owned()
    } else if home {
        "把材料转交出去".to_owned()
    } else {
        words::where_line(line)
    };
    let by = match line.hands {
        _any if home => place(line.station, names),
        Hands::Station if line.stage.is_closed() => place(line.station, names),
        Hands::Station | Hands::Elsewhere => place(line.home, names),
        Hands::Centre => place(model::station::CENTRE, names),
        Hands::Outside => line.body.clone(),
        Hands::Applicant => "申请人补正".to_owned(),
        Hands::Nobody => String::new(),
    };
    Row {
        light: words::line_light(line),
        day: line.due.map_or_else(String::new, |due| words::day(due.date)),
        provisional: line.due.is_some_and(|due| due.provisional),
        who: if line.name.is_empty() { "（未填姓名）".to_owned() } else { line.name.clone() },
        item: line.item.clone(),
        task,
        by,
        station: place(line.station, names),
        number: words::tail(&line.number),
        href: format!("/cases/{}", line.id.hex()),
    }
}
