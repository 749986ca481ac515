//! What a resident may see with the number and the query code: masked progress, nothing else. Guessing is slowed per
//! source and per number.

use super::{CaseId, CaseView};
use crate::{ActError, Node};
use model::case::facts;
use model::number::{CaseNumber, parse_query_code};
use subtle::ConstantTimeEq as _;

/// A case as its applicant may see it.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The case, for the page to show its masked parts.
    pub view: CaseView,
}

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub enum ProgressRefusal {
    /// Number and code do not belong together here. Which of the two is wrong is not said.
    #[error("number and code do not fit")]
    Wrong,
    /// Too many wrong tries.
    #[error("wait {0} ms")]
    Wait(u64),
    /// The box could not look it up.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl Node {
    /// Looks a case up by its number and query code.
    ///
    /// # Errors
    /// [`ProgressRefusal`].
    pub fn progress(&self, number: &str, code: &str, source: &str) -> Result<Progress, ProgressRefusal> {
        let now = self.ports().clock.monotonic_ms();
        let by_number = CaseNumber::parse(number).map(|number| number.to_string()).unwrap_or_default();
        let keys = [format!("from {source}"), format!("for {by_number}")];
        match self.queries().take(&keys, now) {
            0 => {}
            wait => return Err(ProgressRefusal::Wait(wait)),
        }
        if let Some(id) = self.matching(number, code)? {
            let [from, of] = &keys;
            self.queries().give_back(from);
            self.queries().right(of);
            return Ok(Progress { view: self.case(id)? });
        }
        tracing::info!(source, "progress query refused");
        Err(ProgressRefusal::Wrong)
    }

    fn matching(&self, number: &str, code: &str) -> Result<Option<CaseId>, ActError> {
        let Some(code) = parse_query_code(code) else { return Ok(None) };
        let tx = self.engine().read()?;
        let Some(id) = self.by_number(&*tx, number)? else { return Ok(None) };
        drop(tx);
        let view = self.case(id)?;
        let held = view.case.filing.cell(facts::QUERY_CODE).unwrap_or("");
        Ok(bool::from(held.as_bytes().ct_eq(code.as_bytes())).then_some(id))
    }
}
