//! 规范: who has read which version. One sheet of signatures for each station; two made apart are read together.

use super::{MatterId, Saved};
use crate::cases::{CaseId, TruthMark};
use crate::commit::{Change, Said};
use crate::views::matters::MATTERS;
use crate::{ActError, Node, Who};
use identity::Lane;
use model::Date;
use model::Refusal;
use model::matter::Sort;
use model::matter::act::{self, Open};
use store::engine::{Direction, ReadTx};
use store::rows::{self, Page};

/// One clerk has read one version of a norm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Norm.
    pub norm: String,
    /// Version.
    pub version: u64,
    /// Station of the clerk.
    pub station: u16,
    /// Staff id.
    pub staff: String,
    /// Name.
    pub name: String,
    /// When.
    pub on: Date,
    /// Where the record is.
    pub truth: TruthMark,
}

/// Sheets that are read: every station of a township has one.
const SHEETS: usize = 200;

impl Node {
    /// Every signature this box knows of.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn signatures(&self) -> Result<Vec<Signature>, ActError> {
        let tx = self.engine().read()?;
        let mut found = Vec::new();
        for id in sheets(&*tx)? {
            let truth = self.truth_of(&*tx, CaseId(id.0))?;
            let Some(view) = self.view_matter(&*tx, id, truth)? else { continue };
            found.extend(view.matter.signed.iter().map(|done| Signature {
                norm: done.what.norm.clone(),
                version: done.what.version,
                station: done.mark.stamp.station,
                staff: done.mark.stamp.by.clone(),
                name: done.mark.stamp.name.clone(),
                on: done.what.on,
                truth,
            }));
        }
        Ok(found)
    }

    /// A clerk has read the newest version of a norm and signs.
    ///
    /// # Errors
    /// [`ActError::Refused`] when there is a newer version or they signed before, or when the disk says no.
    pub fn sign_norm(&self, who: &Who, norm: &str, version: u32) -> Result<Saved, ActError> {
        let fresh = self.new_matter();
        let (who, norm) = (who.clone(), norm.to_owned());
        self.commit(move |job| {
            let (reference, here) = (job.node.reference(), job.node.station());
            let newest = reference.office.norms_of(here.0).into_iter().find(|known| known.id == norm);
            if newest.is_none_or(|newest| newest.version != version) {
                return Err(Refusal::because("这份规范有了新版本，请看过新版本再签。").into());
            }
            let mut sheet = None;
            for id in sheets(&*job.tx)? {
                if crate::views::owner(job.tx, &id.0)? == here {
                    sheet = Some(id);
                }
            }
            let id = sheet.unwrap_or(fresh);
            let settings = reference.office.settings.clone();
            let audiences = job.node.audiences(here);
            let mut opened = job.open(id.doc())?;
            if opened.is_new() {
                let edit = job.ask_matter(&who, &opened, |_, _, ctx| {
                    act::open(Sort::Norm, &Open::default(), &settings, ctx)
                })?;
                job.write(opened, &Change { edit, audiences: audiences.clone(), lane: Lane::CASES })?;
                opened = job.open(id.doc())?;
            }
            let edit = job.ask_matter(&who, &opened, |matter, _, ctx| {
                act::sign(matter, &norm, u64::from(version), ctx)
            })?;
            job.write(opened, &Change { edit, audiences, lane: Lane::CASES })?;
            job.audit(&who, &Said::new("规范已读签名"), Some(id.0))?;
            Ok(Saved { id, before: false })
        })
    }
}

fn sheets(tx: &dyn ReadTx) -> Result<Vec<MatterId>, ActError> {
    let prefix = [Sort::Norm.code()];
    let page = Page { prefix: &prefix, after: None, direction: Direction::Ascending, count: SHEETS };
    let found = rows::page(tx, MATTERS, &page)?;
    Ok(found.iter().filter_map(|(key, _)| key.last_chunk::<16>().copied()).map(MatterId).collect())
}
