//! The same act for many cases at once, where that is safe: 公示期满无异议, 初审通过并上报 by one list. First the list is ticked,
//! then a summary is looked at, then each case is done by itself: one that cannot be is told and stops no other. Sending
//! the form again does nothing twice.

mod act;
mod pick;
#[cfg(test)]
mod tests;

use app::cases::{CaseId, CaseLine, Filter};
use app::views::Hands;
use app::{ActError, Node};
use axum::Router;
use axum::routing::get;

use crate::Site;
use crate::cases::deed::Deed;
use crate::cases::show::Opened;
use crate::shell::fault::Fault;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/bulk/{act}", get(pick::list).post(act::act))
}

/// Cases done in one go: one page of a list, some seconds of a small box's disk.
const MOST: usize = 50;

/// An act that many cases may have at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bulk {
    /// 公示期满无异议.
    Notices,
    /// 初审通过并上报.
    Review,
}

impl Bulk {
    /// Of a path. The first review is the centre's.
    fn parse(code: &str, node: &Node) -> Result<Self, Fault> {
        match code {
            "notices" => Ok(Self::Notices),
            "review" if node.is_centre() => Ok(Self::Review),
            _other => Err(Fault::NotFound),
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Notices => "notices",
            Self::Review => "review",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Notices => "公示期满，一起登记无异议",
            Self::Review => "一起初审通过并上报",
        }
    }

    fn lead(self) -> &'static str {
        match self {
            Self::Notices => "只登记没有人提异议的。收到过异议的不要选，单独登记核查情况。",
            Self::Review => "只选看过材料、同意上报的。要补正、要退件的不要选，单独办。",
        }
    }

    fn deed(self) -> Deed {
        match self {
            Self::Notices => Deed::EndNotice,
            Self::Review => Deed::FirstReview,
        }
    }

    fn filter(self) -> Filter {
        match self {
            Self::Notices => Filter::Posted,
            Self::Review => Filter::Turn(Hands::Centre),
        }
    }
}

/// A case that could have the act now.
struct Ready {
    line: CaseLine,
    /// Why it is better looked at alone; empty when all is plain.
    alone: String,
    /// The day its 公示 ended, or the county body it goes to.
    about: String,
}

/// One case, when the act is open for it now; one that is not here or was sealed meanwhile is not.
fn ready(node: &Node, bulk: Bulk, id: CaseId) -> Result<Option<Ready>, Fault> {
    let opened = match node.case(id) {
        Ok(view) => Opened::of(node, view),
        Err(ActError::NotFound | ActError::Refused(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let told = opened.told();
    if told.why_not(bulk.deed()).is_some() {
        return Ok(None);
    }
    let checked = told.version.map(|version| told.case.filing.check(version, told.today));
    let alone = if !told.anomalies.is_empty() || !told.case.conflicts.is_empty() {
        "有要人来定的，先单独看"
    } else if bulk == Bulk::Review && told.case.notice_ended.as_ref().is_some_and(|n| n.what.upheld) {
        "公示有异议成立，单独办"
    } else if bulk == Bulk::Review && checked.is_none_or(|checked| !checked.is_ready()) {
        "材料或条件没有全合格，单独看"
    } else {
        ""
    };
    let about = match bulk {
        Bulk::Notices => {
            let until = told.case.notice.as_ref().map(|posted| posted.what.until);
            until.map_or_else(String::new, |until| format!("公示到{}", crate::cases::words::day(until)))
        }
        Bulk::Review => told
            .case
            .steps
            .iter()
            .find(|state| state.step.outside)
            .map_or_else(String::new, |state| format!("报{}", state.step.body)),
    };
    Ok(Some(Ready { line: node.line(&opened.view), alone: alone.to_owned(), about }))
}
