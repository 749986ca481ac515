//! Registers as lists, and how much waits in each.

use super::{MatterId, MatterView};
use crate::cases::{CaseId, TruthMark};
use crate::time::day_number;
use crate::views::matters::{BY_LINK, MATTERS, OPEN_MATTERS};
use crate::views::page::{List, page};
use crate::views::tally;
use crate::{ActError, Node};
use model::Date;
use model::matter::Sort;
use model::person::mask_name;
use store::engine::{Direction, ReadTx};
use store::rows::{self, Page};

/// Which of a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those with something left to do, the first due first.
    Open,
    /// All, the last written down first.
    All,
}

/// One line of a register. Names are masked.
#[derive(Debug, Clone)]
pub struct Line {
    /// Which.
    pub id: MatterId,
    /// What sort.
    pub sort: Sort,
    /// The topic's words.
    pub topic: &'static str,
    /// The item's name.
    pub item: String,
    /// The resident, or the person answerable; empty for nobody.
    pub name: String,
    /// How it begins, in the words of who wrote it down.
    pub about: String,
    /// Where it was written down.
    pub station: u16,
    /// When.
    pub on: Option<Date>,
    /// Where it stands.
    pub stage: &'static str,
    /// It is over.
    pub over: bool,
    /// Until when the next step is to be done.
    pub due: Option<Date>,
    /// It lies with the centre.
    pub at_centre: bool,
    /// Where the record is.
    pub truth: TruthMark,
    /// Something needs a person's ruling.
    pub troubles: usize,
}

/// A page of a register.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The lines.
    pub lines: Vec<Line>,
    /// Where the next page begins; give it back as it is.
    pub next: Option<String>,
}

/// How much there is of a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All that were ever written down.
    pub all: u64,
    /// With something left to do.
    pub open: u64,
    /// Due today.
    pub today: u64,
    /// Overdue.
    pub overdue: u64,
}

/// Characters of what a matter is about that a list shows.
const ABOUT_CHARS: usize = 26;

impl Node {
    /// A page of a register. `after` is what [`Listing::next`] said.
    ///
    /// # Errors
    /// [`ActError::BadCursor`] for a cursor that is not ours, or when the disk says no.
    pub fn matters(
        &self,
        sort: Sort,
        which: Which,
        after: Option<&str>,
        count: usize,
    ) -> Result<Listing, ActError> {
        let view = if which == Which::Open { OPEN_MATTERS } else { MATTERS };
        let tx = self.engine().read()?;
        let (ids, next) = page(&*tx, &List { view, prefix: &[sort.code()], rest: 20 }, after, count)?;
        let ids = ids.into_iter().map(MatterId);
        Ok(Listing { lines: self.matter_lines(&*tx, ids)?, next })
    }

    /// Matters that belong with a case or another matter.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn matters_of(&self, linked: [u8; 16]) -> Result<Vec<Line>, ActError> {
        let tx = self.engine().read()?;
        let ids = self.linked_to(&*tx, linked)?;
        self.matter_lines(&*tx, ids.into_iter())
    }

    pub(super) fn linked_to(&self, tx: &dyn ReadTx, linked: [u8; 16]) -> Result<Vec<MatterId>, ActError> {
        let page = Page { prefix: &linked, after: None, direction: Direction::Ascending, count: 50 };
        let found = rows::page(tx, BY_LINK, &page)?;
        Ok(found.iter().filter_map(|(key, _)| key.last_chunk::<16>().copied()).map(MatterId).collect())
    }

    pub(super) fn matter_lines(
        &self,
        tx: &dyn ReadTx,
        ids: impl Iterator<Item = MatterId>,
    ) -> Result<Vec<Line>, ActError> {
        let confirmed = self.confirmed(tx)?;
        let mut lines = Vec::new();
        for id in ids {
            let truth = self.mark(tx, CaseId(id.0), confirmed.as_ref())?;
            if let Some(view) = self.view_matter(tx, id, truth)? {
                lines.push(self.matter_line(&view));
            }
        }
        Ok(lines)
    }

    /// A matter as a line of a list.
    #[must_use]
    pub fn matter_line(&self, view: &MatterView) -> Line {
        let matter = &view.matter;
        let opened = matter.opened.as_ref();
        let about = matter.about().replace('\n', " ");
        let short: String = about.chars().take(ABOUT_CHARS).collect();
        let cut = if short.len() < about.len() { "…" } else { "" };
        let answerable = opened.map(|opened| opened.what.staff_name.clone()).unwrap_or_default();
        let whose = if matter.sort() == Sort::Account { answerable } else { mask_name(matter.name()) };
        Line {
            id: view.id,
            sort: matter.sort(),
            topic: matter.topic_label(),
            item: self.item_name(matter.item()),
            name: whose,
            about: format!("{short}{cut}"),
            station: matter.station(),
            on: opened.map(|opened| opened.what.on),
            stage: matter.stage_label(),
            over: matter.is_over(),
            due: matter.due.filter(|_| !matter.is_over()),
            at_centre: matter.at_centre,
            truth: view.truth,
            troubles: view.anomalies.len(),
        }
    }

    /// An item's name; its code where it is not known; empty for none.
    #[must_use]
    pub fn item_name(&self, code: &str) -> String {
        let reference = self.reference();
        let known = reference.catalogue.current(code, self.today()).map(|version| version.name.clone());
        known.unwrap_or_else(|| code.to_owned())
    }

    /// How much there is of a sort.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn matter_counts(&self, sort: Sort) -> Result<Counts, ActError> {
        let tx = self.engine().read()?;
        let today = u32::try_from(day_number(self.today())).unwrap_or(0);
        let mut counts = Counts { all: tally::sum(&*tx, MATTERS, &[sort.code()])?, ..Counts::default() };
        for (front, count) in tally::of(&*tx, OPEN_MATTERS, &[sort.code()])? {
            let due = front.last_chunk::<4>().map_or(u32::MAX, |day| u32::from_be_bytes(*day));
            counts.open += count;
            counts.today += if due == today { count } else { 0 };
            counts.overdue += if due < today { count } else { 0 };
        }
        Ok(counts)
    }
}
