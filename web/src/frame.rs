//! The frame around every staff page: whose box this is, where one can go, who is signed in, what the clock says.

use app::Node;
use app::cases::TruthMark;
use app::ports::Confidence;

use crate::Site;
use crate::cases::show::Names;
use crate::cases::words;
use crate::shell::session::Clerk;
use crate::view::{Day, Desk, Nav, Truth};

/// A page of the main navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Workbench,
    Items,
    Queue,
    Clashes,
    Catalogue,
    Powers,
    Registers,
    Trips,
    Due,
    Calendar,
    Drafts,
    HandOver,
    Owed,
    Crossed,
    Help,
    Transcribe,
    Archive,
    Cases,
    Courier,
    Link,
    Drill,
    Staff,
    Elsewhere,
}

/// What only some faces have.
struct Extras {
    /// The demo's switch of the links.
    link: bool,
    /// A box to practise on.
    drill: bool,
    /// This is that box: nothing is set up there, and nothing carried out of the house.
    practising: bool,
}

type Entry = (&'static str, &'static str, Place);

/// Where a clerk goes all day, and where they go now and then: the bar holds no more than fits an old screen.
fn places(centre: bool, extras: Extras) -> (impl Iterator<Item = Entry>, impl Iterator<Item = Entry>) {
    let first: &[Entry] = if centre {
        &[("待我办", "/queue", Place::Queue), ("全部办件", "/?list=all", Place::Workbench)]
    } else {
        &[("工作台", "/", Place::Workbench)]
    };
    let daily: &[Entry] = &[
        ("收件", "/items", Place::Items),
        ("到期清单", "/due", Place::Due),
        ("台账", "/registers", Place::Registers),
        ("要人来定", "/clashes", Place::Clashes),
    ];
    let township: &[Entry] =
        &[("事项管理", "/catalogue", Place::Catalogue), ("受理权限", "/authorities", Place::Powers)];
    let station: &[Entry] = &[("上门", "/trips", Place::Trips)];
    let hand_over = if centre { "发回结果" } else { "转交镇里" };
    let seldom = [
        ("草稿", "/drafts", Place::Drafts),
        (hand_over, "/hand-over", Place::HandOver),
        ("容缺和承诺", "/owed", Place::Owed),
        ("跨村办件", "/crossed", Place::Crossed),
        ("求助", "/help", Place::Help),
        ("对照录入", "/transcribe", Place::Transcribe),
        ("一件一档", "/archive", Place::Archive),
        ("查进度", "/progress", Place::Elsewhere),
    ];
    let calendar: &[Entry] = &[
        ("捎带", "/courier", Place::Courier),
        ("日历", "/calendar", Place::Calendar),
        ("人员", "/staff", Place::Staff),
    ];
    let practise: &[Entry] = &[("演练", "/drill", Place::Drill)];
    let link: &[Entry] = &[("线路", "/demo/link", Place::Link)];
    let own = if centre { township } else { station };
    let only = |shown: bool, entries: &'static [Entry]| if shown { entries } else { &[] }.iter().copied();
    let Extras { link: with_link, drill, practising } = extras;
    let more = only(!practising, own).chain(seldom).chain(only(!practising, calendar));
    (first.iter().chain(daily).copied(), more.chain(only(drill, practise)).chain(only(with_link, link)))
}

/// Builds the frame for a page.
pub(crate) fn desk(site: &Site, clerk: &Clerk, here: Place) -> Desk {
    let node = site.node();
    let extras = Extras { link: site.is_demo(), drill: site.drills().is_some(), practising: node.is_drill() };
    let (nav, more) = places(node.is_centre(), extras);
    // a store that cannot be read fails the page itself
    let troubles = node.troubles().ok().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
    let waiting = |place| if place == Place::Clashes { troubles } else { 0 };
    let entry = |(name, href, place): Entry| Nav { name, href, count: waiting(place), now: place == here };
    let wall = node.ports().clock.wall();
    let confidence = node.confidence();
    let asked = matches!(here, Place::Workbench | Place::Queue) && confidence < Confidence::Confirmed;
    let clock = match confidence {
        Confidence::Unknown => "时钟没有核对",
        Confidence::SetByHand => "时钟是手工设的",
        Confidence::Confirmed => "今日日期已核对",
        Confidence::Synchronised => "时钟已校准",
    };
    Desk {
        place: node.name(),
        under: String::new(),
        nav: nav.map(entry).collect(),
        more: more.map(entry).collect(),
        clerk: clerk.who.name.clone(),
        post: clerk.who.post.clone(),
        date: words::day_of(wall).map(words::day_and_weekday).unwrap_or_default(),
        time: words::clock_time(wall),
        csrf: clerk.csrf.clone(),
        ask_day: asked.then(|| Day::of(node.today())),
        foot: format!("{clock} · 版本 {}", env!("CARGO_PKG_VERSION")),
    }
}

/// What the township's list calls a station; its number where the list does not know it.
pub(crate) fn station_name(node: &Node, station: u16) -> String {
    let membership = node.membership();
    let known = membership.members().iter().find(|member| member.station.0 == station);
    known.map_or_else(|| format!("{station} 站"), |member| member.name.clone())
}

/// Every station's name, by number.
pub(crate) fn station_names(node: &Node) -> Names {
    let membership = node.membership();
    membership.members().iter().map(|member| (member.station.0, member.name.clone())).collect()
}

/// Where a record is, as the mark shows it.
pub(crate) fn truth(mark: TruthMark) -> Truth {
    let class = match mark {
        TruthMark::Saved | TruthMark::Drill => "saved",
        TruthMark::InTransit | TruthMark::Missing(..) => "transit",
        TruthMark::Received | TruthMark::Here => "receipt",
        TruthMark::NotAdopted(_) => "reject",
    };
    Truth { class, text: mark.label() }
}

/// One more line about it.
pub(crate) fn truth_note(mark: TruthMark) -> String {
    match mark {
        TruthMark::Saved => "断电也不丢，通上就送走",
        TruthMark::Drill => "演练的件不送走，清空就没有了",
        TruthMark::InTransit => "别的盒子收着，中心还没签收",
        TruthMark::Received => "中心签收了",
        TruthMark::NotAdopted(_) => "中心收到了，没有采用，请看说明",
        TruthMark::Missing(..) => "记录到中心了，照片还在传",
        TruthMark::Here => "存在中心的盘上",
    }
    .to_owned()
}
