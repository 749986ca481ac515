//! What stands before and after a case in the list of open ones, so that a page leads on to the next without the list.

use super::CaseId;
use crate::views::{BY_TURN, OPEN, kept_key, tally};
use crate::{ActError, Node};
use store::engine::Direction;
use store::rows::{self, Page};

/// Cases before this one that are counted: who is further down leafs by pages.
const COUNTED: usize = 300;

/// Where a case stands in the list of open cases, first due first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beside {
    /// From 1; none beyond the first few hundred.
    pub position: Option<usize>,
    /// How many are open.
    pub total: u64,
    /// The one before it.
    pub before: Option<CaseId>,
    /// The one after it.
    pub after: Option<CaseId>,
}

impl Node {
    /// The neighbours of an open case; none when it is not open.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn beside(&self, id: CaseId) -> Result<Option<Beside>, ActError> {
        let tx = self.engine().read()?;
        let Some(key) = kept_key(&*tx, &id.0, OPEN)? else { return Ok(None) };
        let from = |direction, count| Page { prefix: &[], after: Some(key.as_slice()), direction, count };
        let case = |(key, _): &(Vec<u8>, Vec<u8>)| key.last_chunk::<16>().copied().map(CaseId);
        let before = rows::page(&*tx, OPEN, &from(Direction::Descending, COUNTED))?;
        let after = rows::page(&*tx, OPEN, &from(Direction::Ascending, 1))?;
        Ok(Some(Beside {
            position: (before.len() < COUNTED).then_some(before.len() + 1),
            total: tally::sum(&*tx, BY_TURN, &[])?,
            before: before.first().and_then(case),
            after: after.first().and_then(case),
        }))
    }
}
