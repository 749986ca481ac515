//! An item version as tables of plain words, column by column: what a page edits, a workbook holds and a comparison
//! shows. One list of columns serves all three, so that none of them forgets a field.
//!
//! Reading a version gives words ([`Table::rows`]); writing takes words, keeps those that fit and says of the others
//! what is wrong with them and what to write instead ([`Table::write`]).

mod asked;
mod columns;
mod compare;
mod guide;
mod kind;
mod lists;
mod macros;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Fee, Field, Guide, Material, Pace, ResultPaper, Rule, Scenario, Step, Version, Way};

pub use compare::{Difference, compare};
pub use kind::{Kind, halfwidth};

/// A table of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// 事项: one row, the item itself.
    Item,
    /// 情形.
    Scenarios,
    /// 材料.
    Materials,
    /// 审查细则.
    Rules,
    /// 环节.
    Steps,
    /// 申请表.
    Form,
    /// 结果.
    Results,
}

/// A part of the item's own row: what stands on one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// 基本信息.
    Basics,
    /// 办事指南.
    Guide,
    /// 收费.
    Fee,
    /// Which version this is: shown, never typed.
    Version,
    /// A row of one of the lists.
    Row,
}

/// What is known of a column beside its words.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// ASCII, within its table.
    pub key: &'static str,
    /// 受理标准.
    pub name: &'static str,
    /// One line of help.
    pub hint: &'static str,
    /// What may stand in it.
    pub kind: Kind,
    /// Where it is edited.
    pub part: Part,
}

/// Words that do not fit their column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The column's key.
    pub key: &'static str,
    /// What the clerk calls it.
    pub name: &'static str,
    /// Why, and what to write instead.
    pub words: String,
}

pub(super) struct Column<T: 'static> {
    look: Look,
    get: fn(&T) -> String,
    set: fn(&mut T, &str) -> Result<(), String>,
}

/// A row of one of the tables.
pub(super) trait Row: Clone + 'static {
    /// What an id made by the box begins with; `None` where rows have none.
    const ID: Option<&'static str> = None;
    fn columns() -> Vec<&'static Column<Self>>;
    fn blank() -> Self;
    fn id(&self) -> &str {
        ""
    }
    fn list(version: &Version) -> &[Self];
    fn list_mut(version: &mut Version) -> Option<&mut Vec<Self>>;
    fn one_mut(version: &mut Version, at: usize) -> Option<&mut Self> {
        Self::list_mut(version)?.get_mut(at)
    }
}

/// Runs `$do` with the row type of a table.
macro_rules! with {
    ($table:expr, $t:ident => $do:expr) => {
        match $table {
            Table::Item => {
                type $t = Version;
                $do
            }
            Table::Scenarios => {
                type $t = Scenario;
                $do
            }
            Table::Materials => {
                type $t = Material;
                $do
            }
            Table::Rules => {
                type $t = Rule;
                $do
            }
            Table::Steps => {
                type $t = Step;
                $do
            }
            Table::Form => {
                type $t = Field;
                $do
            }
            Table::Results => {
                type $t = ResultPaper;
                $do
            }
        }
    };
}

impl Table {
    /// All tables, in the order of a workbook. Scenarios stand before what names them.
    pub const ALL: [Self; 7] =
        [Self::Item, Self::Scenarios, Self::Materials, Self::Rules, Self::Steps, Self::Form, Self::Results];

    /// Its name, which is its sheet's too.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Item => "事项",
            Self::Scenarios => "情形",
            Self::Materials => "材料",
            Self::Rules => "审查细则",
            Self::Steps => "环节",
            Self::Form => "申请表",
            Self::Results => "结果",
        }
    }

    /// Its columns, from the left.
    #[must_use]
    pub fn looks(self) -> Vec<Look> {
        with!(self, T => T::columns().into_iter().map(|column| column.look).collect())
    }

    /// Every row of a version in words, in the order of [`Table::looks`].
    #[must_use]
    pub fn rows(self, version: &Version) -> Vec<Vec<String>> {
        with!(self, T => {
            let columns = T::columns();
            let words = |row: &T| columns.iter().map(|column| (column.get)(row)).collect();
            T::list(version).iter().map(words).collect()
        })
    }

    /// A row that nothing has been written in, in words.
    #[must_use]
    pub fn blank_row(self) -> Vec<String> {
        with!(self, T => {
            let blank = <T as Row>::blank();
            T::columns().iter().map(|column| (column.get)(&blank)).collect()
        })
    }

    /// Writes words into row `at`, or into a new last row. Columns that are not named stay as they are; what does not fit
    /// is left out and told. Gives the place of the row.
    pub fn write(
        self,
        version: &mut Version,
        at: Option<usize>,
        words: &BTreeMap<&str, String>,
    ) -> (usize, Vec<Wrong>) {
        with!(self, T => write::<T>(version, at, words))
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(self, version: &Version) -> usize {
        with!(self, T => T::list(version).len())
    }

    /// Takes a row away. False where there is none.
    pub fn remove(self, version: &mut Version, at: usize) -> bool {
        with!(self, T => T::list_mut(version).is_some_and(|list| {
            let there = at < list.len();
            if there { list.remove(at); }
            there
        }))
    }

    /// Moves a row one place towards the front. False where it cannot.
    pub fn raise(self, version: &mut Version, at: usize) -> bool {
        with!(self, T => T::list_mut(version).is_some_and(|list| {
            let can = at > 0 && at < list.len();
            if can { list.swap(at - 1, at); }
            can
        }))
    }
}

fn write<T: Row>(
    version: &mut Version,
    at: Option<usize>,
    words: &BTreeMap<&str, String>,
) -> (usize, Vec<Wrong>) {
    let new = at.is_none_or(|at| at >= T::list(version).len());
    let taken: Vec<String> = T::list(version).iter().map(|row| row.id().to_owned()).collect();
    let place = if new { taken.len() } else { at.unwrap_or_default() };
    let mut row = T::list(version).get(place).cloned().unwrap_or_else(T::blank);
    let mut wrong = Vec::new();
    let free = T::ID.map(|front| {
        let numbers = (1..).map(|number| format!("{front}{number}"));
        numbers.into_iter().find(|id| !taken.contains(id)).unwrap_or_default()
    });
    for column in T::columns() {
        let look = column.look;
        let mut text = words.get(look.key).cloned();
        if matches!(look.kind, Kind::Id) && new && text.as_deref().is_none_or(|text| text.trim().is_empty()) {
            text.clone_from(&free);
        }
        let Some(text) = text else { continue };
        let fits = look.kind.clean(&text).and_then(|clean| {
            let twice = matches!(look.kind, Kind::Id)
                && taken.iter().enumerate().any(|(other, id)| other != place && *id == clean);
            if twice {
                Err(format!("编号“{clean}”已经有了，换一个。"))
            } else {
                (column.set)(&mut row, &clean)
            }
        });
        wrong.extend(fits.err().map(|words| Wrong { key: look.key, name: look.name, words }));
    }
    if let Some(slot) = T::one_mut(version, place) {
        *slot = row;
    } else if let Some(list) = T::list_mut(version) {
        list.push(row);
    }
    (place, wrong)
}

impl Version {
    /// An item that nothing has been said about yet.
    #[must_use]
    pub fn blank(code: &str, today: Date) -> Self {
        Self {
            code: code.to_owned(),
            version: 1,
            effective: today,
            retired: None,
            name: String::new(),
            aliases: Vec::new(),
            area: String::new(),
            kind: String::new(),
            decided_by: String::new(),
            principal: String::new(),
            way: Way::OnBehalf,
            pace: Pace::Promised,
            legal: None,
            promised: None,
            notice_days: None,
            notice: "否".to_owned(),
            applicants: Vec::new(),
            guide: Guide::default(),
            scenarios: Vec::new(),
            materials: Vec::new(),
            rules: Vec::new(),
            form: Vec::new(),
            route: Vec::new(),
            fee: Fee { charged: false, words: "不收费".to_owned(), basis: String::new() },
            results: Vec::new(),
            sample: false,
        }
    }
}
