//! 首问负责, AB岗, 责任追究: who received what, who stands in, and what is late.

use super::{Line, MatterId, Saved};
use crate::cases::{CaseId, CaseLine};
use crate::time::day_number;
use crate::views::OPEN;
use crate::views::matters::{CASES_OF, OPEN_MATTERS, clerk_prefix, is_on_behalf};
use crate::{ActError, Node, Who};
use model::Refusal;
use model::case::facts;
use model::matter::Sort;
use model::matter::act::{Answerable, Open};
use model::matter::event::LinkedTo;
use std::collections::BTreeMap;
use store::engine::{Direction, ReadTx};
use store::rows::{self, Page};

/// What one clerk has to answer for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClerkLoad {
    /// Station.
    pub station: u16,
    /// Staff id.
    pub staff: String,
    /// Name.
    pub name: String,
    /// Open cases they received first.
    pub open: usize,
    /// Of them overdue.
    pub overdue: usize,
}

/// A case that is late, and what was registered about it.
#[derive(Debug, Clone)]
pub struct CaseLate {
    /// The case.
    pub case: CaseLine,
    /// First receiver.
    pub clerk: String,
    /// The 责任追究 about it.
    pub account: Option<Line>,
}

/// Rows read for one page about clerks: more than a township has open.
const ROWS_MAX: usize = 20_000;

fn whole(prefix: &[u8], count: usize) -> Page<'_> {
    Page { prefix, after: None, direction: Direction::Ascending, count }
}

impl Node {
    /// Who received how many open cases first, the busiest first.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn clerks(&self) -> Result<Vec<ClerkLoad>, ActError> {
        let tx = self.engine().read()?;
        let today = u32::try_from(day_number(self.today())).unwrap_or(0);
        let mut loads: BTreeMap<(u16, String), (usize, usize, CaseId)> = BTreeMap::new();
        for (key, _) in rows::page(&*tx, CASES_OF, &whole(&[0], ROWS_MAX))? {
            let Some((station, staff, due, id)) = read_key(&key) else { continue };
            let load = loads.entry((station, staff)).or_insert((0, 0, id));
            load.0 += 1;
            load.1 += usize::from(due < today);
        }
        let mut found = Vec::new();
        for ((station, staff), (open, overdue, id)) in loads {
            let name = self.first_receiver(&*tx, id)?.name;
            found.push(ClerkLoad { station, staff, name, open, overdue });
        }
        found.sort_by_key(|load| std::cmp::Reverse((load.overdue, load.open)));
        Ok(found)
    }

    /// The open cases that a clerk received first, the first due first.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn cases_of(&self, station: u16, staff: &str, count: usize) -> Result<Vec<CaseLine>, ActError> {
        let tx = self.engine().read()?;
        let found = rows::page(&*tx, CASES_OF, &whole(&clerk_prefix(station, staff), count))?;
        let ids = found.iter().filter_map(|(key, _)| key.last_chunk::<16>().copied()).map(CaseId);
        self.lines(&*tx, ids)
    }

    /// The open matters that a clerk wrote down, by register.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn matters_by(&self, station: u16, staff: &str, count: usize) -> Result<Vec<Line>, ActError> {
        let tx = self.engine().read()?;
        let mut mine = Vec::new();
        for sort in [Sort::Stuck, Sort::Rating, Sort::Consult, Sort::Transfer, Sort::Round] {
            for (key, _) in rows::page(&*tx, OPEN_MATTERS, &whole(&[sort.code()], 500))? {
                let Some(id) = key.last_chunk::<16>().copied().map(MatterId) else { continue };
                let truth = self.truth_of(&*tx, CaseId(id.0))?;
                let Some(view) = self.view_matter(&*tx, id, truth)? else { continue };
                let by = view.matter.opened.as_ref().map(|opened| &opened.mark.stamp);
                if mine.len() < count && by.is_some_and(|by| by.station == station && by.by == staff) {
                    mine.push(self.matter_line(&view));
                }
            }
        }
        Ok(mine)
    }

    /// Cases that are overdue, each with what was registered about it.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn late(&self, count: usize) -> Result<Vec<CaseLate>, ActError> {
        let tx = self.engine().read()?;
        let today = u32::try_from(day_number(self.today())).unwrap_or(0);
        let found = rows::page(&*tx, OPEN, &whole(&[], count))?;
        let late = found.iter().filter_map(|(key, _)| {
            let due = u32::from_be_bytes(*key.first_chunk()?);
            key.last_chunk::<16>().copied().map(CaseId).filter(|_| due < today)
        });
        let mut lines = Vec::new();
        for id in late {
            let account = self.account_of(&*tx, id.0)?;
            let clerk = self.first_receiver(&*tx, id)?.name;
            lines.extend(self.lines(&*tx, [id].into_iter())?.pop().map(|case| CaseLate {
                case,
                clerk,
                account,
            }));
        }
        Ok(lines)
    }

    /// The 责任追究 that a record led to.
    fn account_of(&self, tx: &dyn ReadTx, linked: [u8; 16]) -> Result<Option<Line>, ActError> {
        let ids = self.linked_to(tx, linked)?;
        let lines = self.matter_lines(tx, ids.into_iter())?;
        Ok(lines.into_iter().find(|line| line.sort == Sort::Account))
    }

    pub(super) fn first_receiver(&self, tx: &dyn ReadTx, id: CaseId) -> Result<Answerable, ActError> {
        let view = self.view_case(tx, &self.reference(), id)?;
        let fact = |name| view.case.filing.fact(name).unwrap_or_default().to_owned();
        Ok(Answerable {
            staff: fact(facts::CLERK),
            name: fact(facts::CLERK_NAME),
            station: view.case.station,
        })
    }

    /// Opens a 责任追究 about an overdue case, as 待核实. One that is there already is given back.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the case is not overdue, or when the disk says no.
    pub fn open_account(&self, who: &Who, case: CaseId) -> Result<Saved, ActError> {
        let (answerable, line, known) = {
            let tx = self.engine().read()?;
            let line = self.lines(&*tx, [case].into_iter())?.pop().ok_or(ActError::NotFound)?;
            (self.first_receiver(&*tx, case)?, line, self.account_of(&*tx, case.0)?)
        };
        if let Some(known) = known {
            return Ok(Saved { id: known.id, before: true });
        }
        let due = line.due.map(|due| due.date).filter(|due| *due < self.today());
        let Some(due) = due else {
            return Err(Refusal::because("这件没有超期，不用登记责任追究。").into());
        };
        let words = format!("办件 {} 应在 {due} 前办结，到 {} 还没办结。", line.number, self.today());
        let typed = Open {
            topic: "overdue".to_owned(),
            words,
            answerable,
            link: Some((LinkedTo::Case, case.0)),
            ..Open::default()
        };
        self.open_matter(who, Sort::Account, typed)
    }

    /// Opens a 责任追究 about a 办不成事 or a 差评, as 待核实: about whom the 差评 names, who received the case it is linked
    /// with, or nobody yet.
    ///
    /// # Errors
    /// [`ActError::Refused`] when there is nothing yet that somebody answers for, [`ActError::NotFound`], or when the disk
    /// says no.
    pub fn open_account_of(&self, who: &Who, id: MatterId) -> Result<Saved, ActError> {
        let view = self.matter(id)?;
        let (answerable, known) = {
            let tx = self.engine().read()?;
            let case = view.matter.link(LinkedTo::Case).map(CaseId);
            let answerable = match case.map(|case| self.first_receiver(&*tx, case)).transpose() {
                // a case that was sealed or is not here names nobody; the person who opens it does
                Err(ActError::Refused(_) | ActError::NotFound) => None,
                answer => answer?,
            };
            (answerable, self.account_of(&*tx, id.0)?)
        };
        if let Some(known) = known {
            return Ok(Saved { id: known.id, before: true });
        }
        let grounds = view.matter.grounds(self.today())?;
        let rating = view.matter.sort() == Sort::Rating;
        let named = view.matter.opened.as_ref().filter(|opened| !opened.what.staff.is_empty());
        let named = named.map(|opened| Answerable {
            staff: opened.what.staff.clone(),
            name: opened.what.staff_name.clone(),
            station: u16::try_from(opened.what.staff_station).unwrap_or(view.matter.station()),
        });
        let nobody = Answerable { station: view.matter.station(), ..Answerable::default() };
        let typed = Open {
            topic: if rating { "rating" } else { "stuck" }.to_owned(),
            words: format!("{grounds}，登记号 {}。", id.short()),
            answerable: named.or(answerable).unwrap_or(nobody),
            link: Some((LinkedTo::Matter, id.0)),
            ..Open::default()
        };
        self.open_matter(who, Sort::Account, typed)
    }

    /// Cases that were taken on somebody's behalf, the last first, each with what was done about it afterwards.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn on_behalf(
        &self,
        count: usize,
    ) -> Result<Vec<(crate::cases::CaseView, Option<super::MatterView>)>, ActError> {
        let tx = self.engine().read()?;
        let reference = self.reference();
        let mut found = Vec::new();
        for (key, _) in rows::page(&*tx, CASES_OF, &whole(&[1], count))? {
            let Some(id) = key.last_chunk::<16>().copied().map(CaseId) else { continue };
            let view = self.view_case(&*tx, &reference, id)?;
            found.push((view, self.behalf_of(&*tx, id)?));
        }
        Ok(found)
    }

    fn behalf_of(&self, tx: &dyn ReadTx, id: CaseId) -> Result<Option<super::MatterView>, ActError> {
        for linked in self.linked_to(tx, id.0)? {
            let truth = self.truth_of(tx, CaseId(linked.0))?;
            let view = self.view_matter(tx, linked, truth)?;
            if let Some(view) = view.filter(|view| view.matter.sort() == Sort::Behalf) {
                return Ok(Some(view));
            }
        }
        Ok(None)
    }

    /// The record of what is left to do after a case on somebody's behalf, made where there is none.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the case was not taken on anybody's behalf, or when the disk says no.
    pub fn behalf(&self, who: &Who, case: CaseId) -> Result<Saved, ActError> {
        let (known, item, taken, carried) = {
            let tx = self.engine().read()?;
            let view = self.view_case(&*tx, &self.reference(), case)?;
            let taken = view.case.received.is_some() && view.owner == self.station().0;
            let item = view.case.item.as_ref().map(|item| item.code.clone()).unwrap_or_default();
            (self.behalf_of(&*tx, case)?, item, taken, is_on_behalf(&view.case))
        };
        if let Some(known) = known {
            return Ok(Saved { id: known.id, before: true });
        }
        if !taken {
            return Err(Refusal::because("这件由收件的村站来登记。").into());
        }
        if !carried {
            return Err(Refusal::because("这件不是帮办代办的，不用在这里登记。").into());
        }
        let typed = Open { item, link: Some((LinkedTo::Case, case.0)), ..Open::default() };
        self.open_matter(who, Sort::Behalf, typed)
    }
}

/// Station, staff id, due day and case of a key.
fn read_key(key: &[u8]) -> Option<(u16, String, u32, CaseId)> {
    let station = u16::from_be_bytes(*key.get(1..3)?.first_chunk()?);
    let (front, id) = key.split_last_chunk::<16>()?;
    let (front, due) = front.split_last_chunk::<4>()?;
    let staff = front.get(3..)?.strip_suffix(&[0])?;
    Some((station, String::from_utf8(staff.to_vec()).ok()?, u32::from_be_bytes(*due), CaseId(*id)))
}
