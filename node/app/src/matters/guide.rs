//! What matters say about an item: questions on its guide, and whether it is really handled here (事项进驻清单).

use super::{MatterId, MatterView};
use crate::cases::CaseId;
use crate::views::matters::{BY_ITEM, CASES_BY_ITEM, day_of_last_first, item_prefix};
use crate::{ActError, Node};
use model::Date;
use model::item::Version;
use model::matter::Sort;
use store::engine::{Direction, ReadTx};
use store::rows::{self, Page};

/// Questions asked about an item.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// How many were written down.
    pub count: usize,
    /// Question and answer as everybody may read them.
    pub published: Vec<(String, String)>,
    /// Answered lately and not on the guide: id, question, answer, how often of this topic.
    pub waiting: Vec<(MatterId, String, String)>,
}

/// How an item stands at a station. Computed, never stored.
#[derive(Debug, Clone)]
pub struct Entered {
    /// The item.
    pub item: Version,
    /// Windows that take it, by number.
    pub windows: Vec<u16>,
    /// Its last case on this box.
    pub last: Option<(CaseId, Date)>,
    /// How often residents were sent elsewhere with it.
    pub elsewhere: usize,
    /// 未进驻, 已进驻 or 实质运行.
    pub stage: &'static str,
}

/// Answered questions that a guide page offers to staff.
const WAITING: usize = 5;
/// Questions of one item that are read at most.
const READ: usize = 500;
/// Days since the last case after which an item no longer counts as running: a year.
const RUNNING_DAYS: i64 = 366;

fn page(prefix: &[u8], count: usize) -> Page<'_> {
    Page { prefix, after: None, direction: Direction::Ascending, count }
}

impl Node {
    /// Question and answer as everybody may read them on an item's guide.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn common_questions(&self, item: &str) -> Result<Vec<(String, String)>, ActError> {
        Ok(self.questions(item)?.published)
    }

    /// Questions asked about an item, for staff.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn questions(&self, item: &str) -> Result<Asked, ActError> {
        let tx = self.engine().read()?;
        let prefix = [&item_prefix(item)[..], &[Sort::Consult.code()]].concat();
        let found = rows::page(&*tx, BY_ITEM, &page(&prefix, READ))?;
        let mut asked = Asked { count: found.len(), ..Asked::default() };
        let mut answered = Vec::new();
        for (key, _) in &found {
            let Some(id) = key.last_chunk::<16>().copied().map(MatterId) else { continue };
            let Some(view) = self.open_view(&*tx, id)? else { continue };
            if let Some(published) = &view.matter.published {
                let words = |key| view.matter.words(Some(key)).to_owned();
                asked.published.push((words(&published.what.question), words(&published.what.answer)));
            } else if let Some(done) = &view.matter.answered {
                let (question, answer) =
                    (view.matter.about().to_owned(), view.matter.words(Some(&done.what.words)).to_owned());
                answered.push((done.what.on, id, question, answer));
            }
        }
        answered.sort_by_key(|(on, ..)| std::cmp::Reverse(*on));
        answered.truncate(WAITING);
        asked.waiting = answered.into_iter().map(|(_, id, asked, answer)| (id, asked, answer)).collect();
        asked.published.sort();
        Ok(asked)
    }

    fn open_view(&self, tx: &dyn ReadTx, id: MatterId) -> Result<Option<MatterView>, ActError> {
        self.view_matter(tx, id, self.truth_of(tx, CaseId(id.0))?)
    }

    /// The items in force at this station, and how each stands.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn entered(&self) -> Result<Vec<Entered>, ActError> {
        let tx = self.engine().read()?;
        let (reference, today, here) = (self.reference(), self.today(), self.station().0);
        let windows = reference.office.windows.get(&here).map(Vec::as_slice).unwrap_or_default();
        let mut all = Vec::new();
        for item in reference.catalogue.items().filter_map(|item| item.on(today)) {
            let prefix = item_prefix(&item.code);
            let last = rows::page(&*tx, CASES_BY_ITEM, &page(&prefix, 1))?.pop();
            let last = last.and_then(|(key, _)| {
                let day = i64::from(day_of_last_first(&key));
                let date = crate::time::date_of(day * 86_400);
                Some((CaseId(*key.last_chunk()?), date))
            });
            let told = rows::page(&*tx, BY_ITEM, &page(&prefix, READ))?;
            let sent = |key: &[u8]| key.get(prefix.len() + 1) == Some(&1);
            let windows: Vec<u16> =
                windows.iter().filter(|window| window.serves(item)).map(|window| window.number).collect();
            let running = last.is_some_and(|(_, on)| {
                crate::time::day_number(today) - crate::time::day_number(on) < RUNNING_DAYS
            });
            let stage = match (windows.is_empty(), running) {
                (true, _) => "未进驻",
                (false, true) => "实质运行",
                (false, false) => "已进驻",
            };
            let elsewhere = told.iter().filter(|(key, _)| sent(key)).count();
            all.push(Entered { item: item.clone(), windows, last, elsewhere, stage });
        }
        Ok(all)
    }
}
