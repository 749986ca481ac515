//! What waits for a person's ruling, as the home pages list it.

use app::ActError;
use app::cases::{CaseView, Filter};

use super::words;

/// The first few of what waits for a ruling, for the home pages.
#[derive(Default)]
pub(crate) struct Rulings {
    pub(crate) count: u64,
    pub(crate) lines: Vec<Waits>,
    /// Groups of cases that may be one request written down twice.
    pub(crate) twins: u64,
}

impl Rulings {
    /// Reads them.
    ///
    /// # Errors
    /// When the disk says no.
    pub(crate) fn read(node: &app::Node) -> Result<Self, ActError> {
        let now = node.ports().clock.wall();
        let (views, _) = node.case_views(Filter::Troubles, None, HOME)?;
        let lines = views.iter().map(|view| Waits::of(view, now)).collect();
        Ok(Self { count: node.troubles()?, lines, twins: node.twin_count()? })
    }
}

/// A case that waits for a ruling.
pub(crate) struct Waits {
    /// Whose.
    pub(crate) who: String,
    /// What is to be ruled on.
    pub(crate) what: String,
    /// The item, the end of the number.
    pub(crate) of: String,
    /// How long since the last of the acts that do not agree.
    pub(crate) since: String,
    pub(crate) href: String,
}

impl Waits {
    pub(crate) fn of(view: &CaseView, now: i64) -> Self {
        let case = &view.case;
        let apart = case.conflicts.iter().map(|one| words::called(&one.name, view.version.as_ref()));
        let odd = view.anomalies.iter().map(|anomaly| anomaly.title.to_owned());
        let writers = case.conflicts.iter().flat_map(|conflict| &conflict.candidates);
        let walls = writers.filter_map(|candidate| case.writer_of(candidate.op)).map(|mark| mark.stamp.wall);
        let walls =
            walls.chain(view.anomalies.iter().filter_map(|odd| odd.stamp.as_ref().map(|stamp| stamp.wall)));
        let item = view.version.as_ref().map_or("", |version| version.name.as_str());
        Self {
            who: words::who(&case.filing),
            what: apart.chain(odd).collect::<Vec<_>>().join("、"),
            of: format!("{item} · {}", words::tail(case.number().unwrap_or_default())),
            since: walls.max().map(|wall| waited(now, wall)).unwrap_or_default(),
            href: format!("/clashes/{}", view.id.hex()),
        }
    }
}

/// 已等 2 天. A clock that was wrong makes nobody wait less than nothing.
fn waited(now: i64, since: i64) -> String {
    let minutes = now.saturating_sub(since).max(0) / 60;
    match (minutes / 60 / 24, minutes / 60) {
        (0, 0) => format!("已等 {minutes} 分钟"),
        (0, hours) => format!("已等 {hours} 小时"),
        (days, _) => format!("已等 {days} 天"),
    }
}

/// Lines of it on a home page.
const HOME: usize = 3;
