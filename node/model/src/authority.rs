//! 受理权限: the written power to accept (requirements C6). Intake offers only what a paper allows.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    item::{Version, Way},
    station::{CENTRE, StationNo},
};

/// 委托书 or 授权书.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// Document number: 泾民委〔2026〕3号.
    pub document: String,
    /// From which body: 泾县民政局.
    pub principal: String,
    /// 委托受理 or 授权办理 or 收件即受理: which way it allows.
    pub way: Way,
    /// To which station.
    pub station: StationNo,
    /// Which item codes.
    pub items: Vec<String>,
    /// In force from.
    pub from: Date,
    /// Last day in force; `None` until revoked.
    pub to: Option<Date>,
    /// Who ended it before its day, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
}

/// Why a written power ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Why, as it was typed: about bodies and papers, not about persons.
    pub words: String,
    /// Staff id of who ended it.
    pub by: String,
    /// Their name.
    pub name: String,
    /// The day it was written down.
    pub on: Date,
}

/// What the resident gets at intake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IntakePaper {
    /// 受理通知书, in the principal's name: the promise clock runs.
    AcceptanceNotice,
    /// 收件凭证 and 代办委托书: only the hand-over clock runs.
    OnBehalf,
}

impl IntakePaper {
    /// The word on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::AcceptanceNotice => "受理通知书",
            Self::OnBehalf => "收件凭证和代办委托书",
        }
    }
}

/// How a station stands towards an item today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which way is taken; `OnBehalf` after a fall back.
    pub way: Way,
    /// What is printed.
    pub paper: IntakePaper,
    /// In whose name.
    pub principal: String,
    /// The authority's document number, when one is used.
    pub document: Option<String>,
    /// Why, in a sentence a clerk can read out.
    pub why: String,
    /// Whether the item would allow more than the station may do today.
    pub fell_back: bool,
}

/// Decides what a station may do with an item today. A missing, expired or not yet valid authority falls back to
/// 帮办代办 and says why. The centre accepts in the principal's name by its own standing.
#[must_use]
pub fn decide(item: &Version, authorities: &[Authority], station: StationNo, today: Date) -> Standing {
    let on_behalf = |why: String, fell_back| Standing {
        way: Way::OnBehalf,
        paper: IntakePaper::OnBehalf,
        principal: item.principal.clone(),
        document: None,
        why,
        fell_back,
    };
    if item.way == Way::OnBehalf {
        return on_behalf(format!("本事项由{}办理，本站帮办代办。", item.decided_by), false);
    }
    let accept = |principal: String, document: Option<String>, why: String| Standing {
        way: item.way,
        paper: IntakePaper::AcceptanceNotice,
        principal,
        document,
        why,
        fell_back: false,
    };
    if station == CENTRE {
        let why = format!("镇中心窗口以{}名义受理。", item.principal);
        return accept(item.principal.clone(), None, why);
    }
    let fits = |a: &&Authority| a.station == station && a.way == item.way && a.items.contains(&item.code);
    let valid = |a: &&Authority| a.from <= today && a.to.is_none_or(|to| today <= to);
    if let Some(a) = authorities.iter().filter(fits).filter(valid).max_by_key(|a| (a.from, &a.document)) {
        let why = format!("{}，{}（{}）。", item.way.label(), a.principal, a.document);
        return accept(a.principal.clone(), Some(a.document.clone()), why);
    }
    let word = item.way.label();
    let late =
        authorities.iter().filter(fits).filter(|a| a.to.is_some_and(|to| to < today)).max_by_key(|a| a.to);
    let early = authorities.iter().filter(fits).filter(|a| today < a.from).min_by_key(|a| a.from);
    let why = match (late, early) {
        (Some(a), _) => {
            format!(
                "{word}的文书（{}）{}到期，今天只能代办。",
                a.document,
                a.to.map(chinese_date).unwrap_or_default()
            )
        }
        (None, Some(a)) => {
            format!("{word}的文书（{}）{}才生效，今天只能代办。", a.document, chinese_date(a.from))
        }
        (None, None) => format!("本站没有这个事项{word}的文书，只能代办，请向镇中心申领文书。"),
    };
    on_behalf(why, true)
}

/// 2026年11月23日.
#[must_use]
pub fn chinese_date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests;
