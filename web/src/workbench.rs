//! The clerk's home: find, today's numbers, my cases by what is due first, where the records are, drafts.

use app::Node;
use app::cases::{CaseLine, Counts, Filter, Oldest, TruthCounts};
use app::views::Hands;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::cases::owed::Reminder;
use crate::cases::rulings::Rulings;
use crate::cases::{crossed, drafts, words};
use crate::frame::{self, Place};
use crate::help::Threads;
use crate::registers::{Waiting, waiting};
use crate::shell::fault::Fault;
use crate::shell::path::Query;
use crate::shell::session::Clerk;
use crate::{Site, clocks, limit, page};

use crate::view::{Desk, Light, Said, Truth};

/// The keys this page answers to, as its bar shows them.
pub(crate) const KEYS: [(&[&str], &str); 5] = [
    (&["/"], "到查找"),
    (&["J", "K"], "选办件"),
    (&["Enter"], "打开"),
    (&["Alt+N"], "新收件"),
    (&["Alt+D"], "接着办草稿"),
];

/// The workbench as shown.
#[derive(Template)]
#[template(path = "workbench.html")]
pub struct Workbench {
    /// The frame.
    pub desk: Desk,
    /// What the last act said.
    pub said: Option<Said>,
    /// Items this station handles most.
    pub often: Vec<Often>,
    /// Today's numbers.
    pub numbers: Vec<Number>,
    /// Cases in the list as a whole.
    pub count: usize,
    /// Views of the list.
    pub tabs: Vec<Tab>,
    /// This page of the list.
    pub rows: Vec<Row>,
    /// The next page of the list.
    pub more: Option<String>,
    /// Where the records are.
    pub place: Whereabouts,
    /// What waits for a person's ruling.
    pub(crate) rulings: Rulings,
    /// What of the registers waits for somebody.
    pub(crate) waiting: Waiting,
    /// What is owed after acceptance.
    pub(crate) owed: Reminder,
    /// Drafts that tablets brought back.
    pub brought: usize,
    /// Open help threads.
    pub(crate) threads: Threads,
    /// Unfinished intakes.
    pub drafts: Vec<Draft>,
    /// There are more of them than fit beside the list.
    pub more_drafts: bool,
}

/// A shortcut to an item.
pub struct Often {
    /// Its short name.
    pub name: String,
    /// Its pinyin initials.
    pub initials: String,
    /// Its code.
    pub code: String,
}

/// One of today's numbers.
pub struct Number {
    /// How many.
    pub count: usize,
    /// Of what.
    pub text: &'static str,
    /// Empty, `amber` or `red`.
    pub class: &'static str,
}

/// One view of the list.
pub struct Tab {
    /// Its name and count.
    pub text: String,
    /// Where it is.
    pub href: String,
    /// Whether it is shown.
    pub now: bool,
}

/// One case in the list.
pub struct Row {
    /// Its deadline.
    pub light: Light,
    /// The applicant, masked.
    pub who: String,
    /// The item.
    pub item: String,
    /// That another village takes part; empty where none does.
    pub crossed: &'static str,
    /// Where it stands.
    pub step: String,
    /// Whether that is with a body without a box.
    pub outside: bool,
    /// What comes next.
    pub next: String,
    /// Where that is done; empty when others must act.
    pub next_href: String,
    /// Where the record is.
    pub truth: Truth,
    /// The case number without the station and year.
    pub number: String,
    /// The case page.
    pub href: String,
}

/// Where this box's records are.
#[derive(Default)]
pub struct Whereabouts {
    /// The oldest without the centre's receipt.
    pub oldest: Option<Age>,
    /// On this box alone.
    pub saved: String,
    /// With another box or a courier.
    pub transit: String,
    /// Signed for by the centre.
    pub receipt: String,
    /// Held by the centre and not taken up; none when there are none.
    pub rejected: Option<String>,
    /// What else is known, one sentence each.
    pub lines: Vec<String>,
    /// Whether the demo's cut switch exists.
    pub demo: bool,
    /// This is a box to practise on: nothing waits for anybody.
    pub practised: bool,
}

/// How long something waits.
pub struct Age {
    /// The number.
    pub number: i64,
    /// Its unit.
    pub unit: &'static str,
    /// Which record.
    pub what: String,
    /// The bar's length, 0 to 320 for 72 hours.
    pub bar: i64,
    /// What to do about it, once it has waited for a day (H6).
    pub alarm: Option<Said>,
}

/// Hours after which a record without the centre's receipt is reminded of, and after which it is an alarm (H6).
const WAITS: (i64, i64) = (24, 72);

/// What is said about a record that waits so long. Nothing but this depends on the clock: the record is kept, and sent,
/// whatever the clock says.
fn alarm(node: &Node, hours: i64) -> Option<Said> {
    let phone = node.profile(model::station::CENTRE).phone;
    let call = if phone.is_empty() { String::new() } else { format!("（{phone}）") };
    match hours {
        _ if hours >= WAITS.1 => Some(Said {
            kind: "red",
            text: format!(
                "有记录等了 {hours} 小时，镇中心还没签收。记录都在本机，没有丢；请今天就给镇中心打电话{call}，请人来看线路。"
            ),
        }),
        _ if hours >= WAITS.0 => Some(Said {
            kind: "amber",
            text: format!(
                "有记录等了 {hours} 小时，镇中心还没签收。线路一通就自己送过去；一直不通，请给镇中心打个电话{call}。"
            ),
        }),
        _ => None,
    }
}

/// Which list, and where in it.
#[derive(serde::Deserialize)]
pub(crate) struct Where {
    #[serde(default)]
    list: String,
    #[serde(default)]
    after: String,
}

const LISTS: [(&str, &str, Filter); 6] = [
    ("", "全部", Filter::Open),
    ("station", "等村站", Filter::Turn(Hands::Station)),
    ("centre", "等镇中心", Filter::Turn(Hands::Centre)),
    ("outside", "等别处", Filter::Turn(Hands::Outside)),
    ("applicant", "等群众", Filter::Turn(Hands::Applicant)),
    (ELSEWHERE, "等属地村", Filter::Turn(Hands::Elsewhere)),
];

/// The list that only a station has which took in for another village.
const ELSEWHERE: &str = "elsewhere";

/// Drafts beside the list, the last touched first; all of them have a page of their own.
const DRAFTS: usize = 8;

/// Items under the search field that this station handles most: one line on an old screen.
const OFTEN: usize = 6;

/// `GET /`. The centre's clerk begins at the queue.
pub(crate) async fn get(
    State(site): State<Site>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    if site.node().is_centre() && place.list.is_empty() && place.after.is_empty() {
        return Ok(Redirect::to("/queue").into_response());
    }
    let list = if place.list == "all" { "" } else { place.list.as_str() };
    let (code, _, filter) = *LISTS.iter().find(|(code, ..)| *code == list).ok_or(Fault::NotFound)?;
    let after = (!place.after.is_empty()).then_some(place.after);
    let desk = frame::desk(&site, &clerk, Place::Workbench);
    let demo = site.is_demo();
    let staff = clerk.who.staff.clone();
    let bench =
        site.ask(move |node| build(node, desk, &staff, (code, filter), after.as_deref(), demo)).await??;
    page::show(&bench)
}

fn build(
    node: &Node,
    desk: Desk,
    staff: &str,
    (code, filter): (&'static str, Filter),
    after: Option<&str>,
    demo: bool,
) -> Result<Workbench, Fault> {
    let listing = node.cases(filter, after, limit::ROWS_PER_PAGE)?;
    let counts = node.counts()?;
    let (drafts, more_drafts) = node.drafts_after(None, DRAFTS)?;
    let (truth, oldest) = node.truth_counts()?;
    Ok(Workbench {
        desk,
        said: clocks::told(node)?
            .map(|text| Said { kind: "amber", text: format!("{text}在“到期清单”里看。") }),
        often: node.taken_most(OFTEN)?.into_iter().map(often).collect(),
        numbers: numbers(&counts),
        count: size(of_list(code, &counts)),
        tabs: tabs(code, &counts),
        rows: listing.lines.iter().map(|line| row(node, line)).collect(),
        more: listing
            .next
            .map(|next| format!("/?list={}&after={next}", if code.is_empty() { "all" } else { code })),
        place: whereabouts(node, &truth, oldest, demo)?,
        rulings: Rulings::read(node)?,
        waiting: waiting(node, staff)?,
        owed: Reminder::read(node)?,
        brought: node.brought(0)?.1,
        threads: Threads::read(node)?,
        drafts: drafts.iter().map(|one| drafts::line(one, node.today())).collect(),
        more_drafts: more_drafts.is_some(),
    })
}

fn often((code, name, initials): (String, String, String)) -> Often {
    Often { name, initials, code }
}

fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn of_list(code: &str, counts: &Counts) -> u64 {
    match code {
        "station" => counts.station,
        "centre" => counts.centre,
        "outside" => counts.outside,
        "applicant" => counts.applicant,
        ELSEWHERE => counts.elsewhere,
        _ => counts.open,
    }
}

fn numbers(counts: &Counts) -> Vec<Number> {
    let number = |count, text, class| Number { count: size(count), text, class };
    let soon = if counts.due_soon > 0 { "amber" } else { "" };
    let over = if counts.overdue > 0 { "red" } else { "" };
    vec![
        number(counts.received_today, "今日收件", ""),
        number(counts.open, "正在办", ""),
        number(counts.applicant, "等补正", ""),
        number(counts.due_soon, "两日内到期", soon),
        number(counts.overdue, "已超期", over),
    ]
}

fn tabs(code: &str, counts: &Counts) -> Vec<Tab> {
    let tab = |(list, name, _): &(&str, &str, Filter)| Tab {
        text: format!("{name} {}", of_list(list, counts)),
        href: format!("/?list={}", if list.is_empty() { "all" } else { list }),
        now: *list == code,
    };
    let shown =
        |list: &&(&str, &str, Filter)| list.0 != ELSEWHERE || counts.elsewhere > 0 || code == ELSEWHERE;
    LISTS.iter().filter(shown).map(tab).collect()
}

fn row(node: &Node, line: &CaseLine) -> Row {
    let href = format!("/cases/{}", line.id.hex());
    let mine = if node.is_centre() { Hands::Centre } else { Hands::Station };
    let next = match line.hands {
        hands if hands == mine => line.next.map_or("去办理", words::next_act),
        Hands::Station => "等村站",
        Hands::Centre => "等镇中心",
        Hands::Outside => "等反馈，可催问",
        Hands::Applicant => "等群众补正",
        Hands::Nobody => "办完了",
        Hands::Elsewhere => "等属地村",
    };
    let waits = line.hands != mine && line.hands != Hands::Outside;
    let closed = line.stage.is_closed() || line.step.is_empty();
    // the last parts of the number tell cases of one station apart: K7QM-0367-3
    let parts: Vec<&str> = line.number.split('-').collect();
    let short = parts.get(parts.len().saturating_sub(3)..).unwrap_or_default().join("-");
    Row {
        light: words::line_light(line),
        who: if line.name.is_empty() { "（未填姓名）".to_owned() } else { line.name.clone() },
        item: line.item.clone(),
        crossed: crossed::mark(line, node.station().0),
        step: words::where_line(line),
        outside: line.outside && !closed,
        next: next.to_owned(),
        next_href: if waits { String::new() } else { href.clone() },
        truth: frame::truth(line.truth),
        number: short,
        href,
    }
}

fn whereabouts(
    node: &Node,
    truth: &TruthCounts,
    oldest: Option<Oldest>,
    demo: bool,
) -> Result<Whereabouts, Fault> {
    let now = node.ports().clock.wall();
    // a part that was not counted may be of any kind
    let figure = |count: usize| {
        if truth.uncounted > 0 { format!("至少 {count}") } else { count.to_string() }
    };
    let mut place = Whereabouts {
        saved: figure(truth.saved),
        transit: figure(truth.in_transit),
        receipt: figure(truth.received),
        rejected: (truth.not_adopted > 0).then(|| figure(truth.not_adopted)),
        demo,
        practised: node.is_drill(),
        ..Whereabouts::default()
    };
    if truth.uncounted > 0 {
        place.lines.push(format!("等回执的记录太多，还有 {} 条没有数。", truth.uncounted));
    }
    if let Some(Oldest { id, wall }) = oldest {
        let what = if node.is_sealed(id)? {
            "封存的一件".to_owned()
        } else {
            let line = node.line(&node.case(id)?);
            format!("{} · {}", line.name, line.item)
        };
        let minutes = now.saturating_sub(wall).max(0) / 60;
        let (number, unit) = if minutes < 60 { (minutes, "分钟") } else { (minutes / 60, "小时") };
        let bar = (minutes * 320 / (72 * 60)).min(320);
        place.oldest = Some(Age { number, unit, what, bar, alarm: alarm(node, minutes / 60) });
    }
    if let Some(links) = node.links() {
        let centre = links.views().into_iter().find(|view| view.station == 0);
        let heard = centre.as_ref().and_then(|view| view.last_heard).map(words::moment);
        place.lines.push(match (links.allowed(), heard) {
            (false, _) => "线路断开了，办事不受影响。".to_owned(),
            (true, Some(heard)) => format!("上次听到中心：{heard}。"),
            (true, None) => "这次开机还没听到中心，办事不受影响。".to_owned(),
        });
    }
    Ok(place)
}

/// An unfinished intake.
pub struct Draft {
    /// Item and applicant, masked.
    pub text: String,
    /// What is missing, when it was touched.
    pub note: String,
    /// It was taken down at somebody's home.
    pub away: bool,
    /// Where it goes on.
    pub href: String,
}
