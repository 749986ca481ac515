//! What follows a promise, and what was done without: the check, the revocation, the repair, the look-up. And whether
//! somebody may promise at all.

use super::find::docs_of;
use super::{CaseId, Saved};
use crate::commit::Said;
use crate::views::{OWED, Owed};
use crate::{ActError, Node, Who};
use model::case::verify::{self, Verify};
use model::case::{Filing, facts, promise};
use model::item::ApplicantKind;
use store::engine::ReadTx;
use store::rows;

impl Node {
    /// 承诺核查: true or false.
    ///
    /// # Errors
    /// [`ActError::Refused`] when nothing was promised or nobody says what was found.
    pub fn check_promise(&self, who: &Who, id: CaseId, kept: bool, words: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("核查承诺"), move |acting| {
            promise::check(acting.case, kept, &words, acting.ctx)
        })
    }

    /// 撤销决定 after a false promise.
    ///
    /// # Errors
    /// As [`Node::check_promise`].
    pub fn revoke(&self, who: &Who, id: CaseId, reason: String, basis: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("撤销决定"), move |acting| {
            promise::revoke(acting.case, &reason, &basis, acting.ctx)
        })
    }

    /// 信用修复.
    ///
    /// # Errors
    /// As [`Node::check_promise`].
    pub fn lift_bar(&self, who: &Who, id: CaseId, reason: String) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("信用修复"), move |acting| {
            promise::lift(acting.case, &reason, acting.ctx)
        })
    }

    /// 待核验 materials were looked up.
    ///
    /// # Errors
    /// As [`Node::check_promise`].
    pub fn verify_exempt(&self, who: &Who, id: CaseId, command: Verify) -> Result<Saved, ActError> {
        self.act(who, id, Said::new("登记核验"), move |acting| {
            verify::verify(acting.case, &command, acting.ctx)
        })
    }

    /// Whether the applicant of a filing promised falsely before, as far as this box knows, and nobody registered a
    /// repair.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn is_barred(&self, filing: &Filing) -> Result<bool, ActError> {
        barred(&*self.engine().read()?, filing)
    }
}

/// [`Node::is_barred`]: the person's cases are found by the keyed tag of their number, and of those one says so.
pub(crate) fn barred<R: ReadTx + ?Sized>(tx: &R, filing: &Filing) -> Result<bool, ActError> {
    let unit = filing.applicant_kind() == ApplicantKind::Unit;
    let number = filing.cell(if unit { facts::UNIT_CODE } else { facts::ID_NUMBER }).unwrap_or("");
    if number.is_empty() {
        return Ok(false);
    }
    for doc in docs_of(tx, number)? {
        if rows::get(tx, OWED, &Owed::Bar.key(0, &doc))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
