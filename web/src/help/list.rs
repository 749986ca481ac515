//! `GET /help`: every open thread, and what the home pages say of them.

use app::cases::HelpLine;
use app::{ActError, Node};
use axum::extract::State;
use axum::response::Response;
use model::case::help::Waits;

use super::side;
use crate::cases::words;
use crate::frame::{self, Place};
use crate::registers::sheet::{Cell, Part, Sheet, link, text};
use crate::shell::fault::Fault;
use crate::shell::path::Query;
use crate::shell::session::Clerk;
use crate::view::Tag;
use crate::{Site, limit, page};

/// Threads beside a home page's list.
const SHOWN: usize = 6;

/// Open threads on a home page: those that wait for this side first.
#[derive(Default)]
pub(crate) struct Threads {
    /// How many wait for this side.
    pub(crate) mine: u64,
    /// Words and way.
    pub(crate) lines: Vec<(String, String)>,
}

impl Threads {
    /// Reads them.
    pub(crate) fn read(node: &Node) -> Result<Self, ActError> {
        let (centre, village) = node.help_counts()?;
        let (mine, other) = match side(node) {
            Waits::Centre => (centre, Waits::Village),
            Waits::Village => (village, Waits::Centre),
        };
        let first = |waits, count| Ok::<_, ActError>(node.helps(waits, None, count)?.0);
        let mut lines: Vec<_> = first(side(node), SHOWN)?.iter().map(|one| line(node, one)).collect();
        if lines.len() < SHOWN {
            lines.extend(first(other, SHOWN - lines.len())?.iter().map(|one| line(node, one)));
        }
        Ok(Self { mine, lines })
    }
}

fn who(line: &HelpLine) -> &str {
    if line.name.is_empty() { "（未填姓名）" } else { &line.name }
}

fn line(node: &Node, line: &HelpLine) -> (String, String) {
    let what = match (line.waits == side(node), node.is_centre()) {
        (true, true) => format!("{}求助", frame::station_name(node, line.station)),
        (true, false) => "镇中心回话了".to_owned(),
        (false, true) => "等村站回话".to_owned(),
        (false, false) => "等镇中心回话".to_owned(),
    };
    (format!("{what}：{}，{}", who(line), line.item), format!("/help/{}", line.id.hex()))
}

/// Which of the two lists, and where in it; both from their beginning where nothing is said.
#[derive(serde::Deserialize)]
pub(crate) struct Where {
    #[serde(default)]
    list: String,
    #[serde(default)]
    after: String,
}

/// What stands where nothing was asked.
const ASK: &str = "现在没有。收件页和办件页上有“求助镇中心”。";
/// The two lists in addresses: what waits for this side, and for the other.
const OTHERS: &str = "others";
const MINE: &str = "mine";

/// Draws the list.
pub(crate) async fn get(
    State(site): State<Site>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    if !["", MINE, OTHERS].contains(&place.list.as_str()) {
        return Err(Fault::NotFound);
    }
    let after = (!place.after.is_empty()).then_some(place.after);
    let only = place.list;
    let lists = site
        .ask(move |node| {
            let other = if node.is_centre() { Waits::Village } else { Waits::Centre };
            let wanted = [(MINE, side(node)), (OTHERS, other)].into_iter();
            let wanted = wanted.filter(|(code, _)| only.is_empty() || only == *code);
            let read = wanted.map(|(code, waits)| {
                let after = after.as_deref().filter(|_| only == code);
                Ok((code, node.helps(waits, after, limit::ROWS_PER_PAGE)?))
            });
            read.collect::<Result<Vec<_>, ActError>>()
        })
        .await??;
    let node = site.node();
    let row = |line: &HelpLine| {
        let number = if line.number.is_empty() {
            Cell::Tag(Tag::new("out", "草稿"))
        } else {
            text(words::tail(&line.number))
        };
        vec![
            text(words::moment(line.wall)),
            text(frame::station_name(node, line.station)),
            text(who(line)),
            link(&line.item, format!("/help/{}", line.id.hex())),
            text(line.words.chars().take(40).collect::<String>()),
            number,
        ]
    };
    let (first, second) = if node.is_centre() {
        ("等我们回话", "等村站回话")
    } else {
        ("镇中心回话了", "等镇中心回话")
    };
    let part = |(code, (lines, next)): (&str, (Vec<HelpLine>, Option<String>))| Part {
        title: if code == MINE { first } else { second }.to_owned(),
        note: "等得久的在前".to_owned(),
        empty: if code == MINE { "现在没有。对方问了、回了的会排在这里。" } else { ASK },
        head: vec!["最后一句", "村站", "申请人", "事项", "说了什么", "办件号"],
        rows: lines.iter().map(row).collect(),
        more: next.map(|next| ("再看后面的", format!("/help?list={code}&after={next}"))),
        walk: true,
        ..Part::default()
    };
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Help),
        title: "求助".to_owned(),
        lead: "收件或办件拿不准的，问镇中心。线路断着也能问，通了自动送到。".to_owned(),
        up: words::home(node.station().0),
        parts: lists.into_iter().map(part).collect(),
        ..Sheet::default()
    })
}
