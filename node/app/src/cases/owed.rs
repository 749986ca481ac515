//! What is still owed after acceptance: deferred papers by their day, promises to be checked, materials to be looked up,
//! people barred. Nothing here ends by itself; the lists remind.

use super::{CaseId, CaseLine, CaseView};
use crate::time::day_number;
use crate::views::page::{List, page};
use crate::views::{OWED, Owed, tally};
use crate::{ActError, Node};
use model::Date;
use model::item::{Limit, Unit};

/// Working days before its day from which a deferred paper is reminded of.
const REMIND_WORKING_DAYS: u16 = 2;

/// One line of such a list.
#[derive(Debug, Clone)]
pub struct OwedLine {
    /// The case.
    pub line: CaseLine,
    /// Names of the materials it is about.
    pub materials: Vec<String>,
    /// The day: until when, or since when.
    pub day: Option<Date>,
    /// Working days left until it; negative when it has passed.
    pub left: i32,
}

/// How much of each is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwedCounts {
    /// Deferred papers to come, all.
    pub deferrals: u64,
    /// Of these, their day is within two working days, today included.
    pub soon: u64,
    /// Of these, their day has passed.
    pub late: u64,
    /// Promises nobody has looked into.
    pub promises: u64,
    /// 待核验.
    pub pending: u64,
    /// Cases whose applicant is barred.
    pub bars: u64,
}

impl Node {
    /// A page of such a list, the earliest day first.
    ///
    /// # Errors
    /// [`ActError::BadCursor`] for a cursor that is not ours, or when the disk says no.
    pub fn owed(
        &self,
        kind: Owed,
        after: Option<&str>,
        count: usize,
    ) -> Result<(Vec<OwedLine>, Option<String>), ActError> {
        let tx = self.engine().read()?;
        let list = List { view: OWED, prefix: &[kind as u8], rest: 20 };
        let (ids, next) = page(&*tx, &list, after, count)?;
        let (reference, mut lines) = (self.reference(), Vec::new());
        for id in ids.into_iter().map(CaseId) {
            lines.push(self.owed_line(kind, &self.view_case(&*tx, &reference, id)?));
        }
        Ok((lines, next))
    }

    fn owed_line(&self, kind: Owed, view: &CaseView) -> OwedLine {
        let case = &view.case;
        let name = |id: &str| {
            let found = view.version.as_ref().and_then(|version| version.material(id));
            found.map_or_else(|| id.to_owned(), |material| material.name.clone())
        };
        let materials = match kind {
            Owed::Deferral => case.outstanding().map(|(id, _)| name(id)).collect(),
            Owed::Promise | Owed::Bar => case.promised.iter().map(|id| name(id)).collect(),
            Owed::Verify => case.unverified().into_iter().map(name).collect(),
        };
        let day = match kind {
            Owed::Deferral => case.deferral_due(),
            Owed::Promise | Owed::Verify => case.received.as_ref().map(|received| received.what.on),
            Owed::Bar => case.promise_checked.as_ref().map(|checked| checked.what.on),
        };
        let today = self.today();
        let left = day.map_or(0, |day| self.reference().calendar.left(today, day, Unit::Working));
        OwedLine { line: self.line(view), materials, day, left }
    }

    /// How much of each is owed.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn owed_counts(&self) -> Result<OwedCounts, ActError> {
        let tx = self.engine().read()?;
        let number = |date: Date| u32::try_from(day_number(date)).unwrap_or(0);
        let (today, reference) = (self.today(), self.reference());
        let remind = number(reference.calendar.due(today, Limit::working(REMIND_WORKING_DAYS)).date);
        let mut counts = OwedCounts {
            promises: tally::sum(&*tx, OWED, &[Owed::Promise as u8])?,
            pending: tally::sum(&*tx, OWED, &[Owed::Verify as u8])?,
            bars: tally::sum(&*tx, OWED, &[Owed::Bar as u8])?,
            ..OwedCounts::default()
        };
        for (front, count) in tally::of(&*tx, OWED, &[Owed::Deferral as u8])? {
            let day = front.last_chunk::<4>().map_or(u32::MAX, |day| u32::from_be_bytes(*day));
            counts.deferrals += count;
            if day < number(today) {
                counts.late += count;
            } else if day <= remind {
                counts.soon += count;
            }
        }
        Ok(counts)
    }
}
