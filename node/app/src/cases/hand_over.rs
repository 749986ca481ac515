//! 转交 of many cases in one go: all of them or none, one list for the papers.

use super::{Acting, CaseId, once};
use crate::commit::{Change, Said};
use crate::{ActError, Node, Who, limit, views};
use identity::Lane;
use model::case::hand_over;
use model::{Refusal, case::Case};

impl Node {
    /// Registers that these cases went to the township together.
    ///
    /// # Errors
    /// [`ActError::Refused`] when one of them may not, with its number; then none did.
    pub fn hand_over_many(&self, who: &Who, ids: Vec<CaseId>, receiver: String) -> Result<(), ActError> {
        if ids.is_empty() {
            return Err(Refusal::field("case", "办件", "还没选要转交的办件，请勾选。").into());
        }
        if ids.len() > limit::SHEET_CASES {
            let most = limit::SHEET_CASES;
            return Err(
                Refusal::field("case", "办件", format!("一张交接单最多 {most} 件，请分两次。")).into()
            );
        }
        let who = who.clone();
        self.commit(move |job| {
            if once::done_before(job)? {
                return Ok(());
            }
            for id in ids {
                let opened = job.open(id.doc())?;
                if opened.is_new() || views::is_draft(job.tx, &id.0)? {
                    return Err(ActError::NotFound);
                }
                let owner = views::owner(job.tx, &id.0)?;
                let verb = |acting: &Acting<'_>| {
                    if acting.case.sealed.is_some() {
                        return Err(super::archive::sealed_refusal());
                    }
                    hand_over::hand_over(acting.case, &receiver, acting.ctx)
                };
                let edit = job.ask(&who, &opened, verb).map_err(|error| numbered(error, &opened.record()))?;
                let audiences = job.node.audiences(owner);
                job.write(opened, &Change { edit, audiences, lane: Lane::CASES })?;
                job.audit(&who, &Said::new("转交"), Some(id.0))?;
            }
            once::remember(job)
        })
    }
}

/// Says which case it was, where it is not the receiver that was wrong.
fn numbered(error: ActError, record: &model::record::Record) -> ActError {
    let ActError::Refused(refusal) = &error else { return error };
    if !refusal.fields.is_empty() {
        return error;
    }
    let (case, _) = Case::read(record, None);
    let number = case.number().unwrap_or("").to_owned();
    Refusal::field("case", "办件", format!("{number}：{}", refusal.message)).into()
}
