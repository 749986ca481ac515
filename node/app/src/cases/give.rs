//! 出件 and 送达: the result goes back to the resident.

use super::{CaseId, Saved};
use crate::commit::Said;
use crate::{ActError, Node, Who};
use model::case::deliver::{self, Deliver};

impl Node {
    /// The result has come to the counter.
    ///
    /// # Errors
    /// [`ActError::Refused`] when there is none.
    pub fn result_ready(&self, who: &Who, id: CaseId, paper: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("出件"), move |acting| deliver::ready(acting.case, &paper, acting.ctx))
    }

    /// Handed over, with 送达回证.
    ///
    /// # Errors
    /// [`ActError::Refused`] when there is nothing to hand over or the receiver is not named.
    pub fn deliver(&self, who: &Who, id: CaseId, command: Deliver) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("送达"), move |acting| {
            deliver::deliver(acting.case, &command, acting.ctx)
        })
    }

    /// 发放 by list.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the case is not approved.
    pub fn paid(&self, who: &Who, id: CaseId, list: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("发放"), move |acting| deliver::paid(acting.case, &list, acting.ctx))
    }
}
