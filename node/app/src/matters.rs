//! The use cases of registered matters: one file per group of verbs, and the one way they all go: read, ask the model, commit.

mod acts;
mod answerable;
mod due;
mod guide;
mod list;
mod norms;
mod open;
mod photo;
#[cfg(test)]
mod tests;

pub use acts::Deed;
pub use answerable::{CaseLate, ClerkLoad};
pub use due::Candidate;
pub use guide::{Asked, Entered};
pub use list::{Counts, Line, Listing, Which};
pub use norms::Signature;

use crate::cases::{CaseId, TruthMark, confidence, once};
use crate::commit::{Change, Job, Opened, Said};
use crate::{ActError, Node, Who, views};
use data_encoding::{HEXLOWER, HEXUPPER};
use identity::{Lane, StationNo};
use model::Refusal;
use model::case::{Anomaly, Ctx};
use model::matter::Matter;
use model::record::{Edit, Record};
use records::{DocId, DocKind, DocRef};
use store::engine::ReadTx;

/// A matter's identity; in addresses as 32 hex digits, which say nothing about anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatterId(pub [u8; 16]);

impl MatterId {
    /// 32 hex digits.
    #[must_use]
    pub fn hex(&self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// Reads [`MatterId::hex`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok().map(Self)
    }

    /// As people name it: the first six digits.
    #[must_use]
    pub fn short(&self) -> String {
        HEXUPPER.encode(self.0.get(..3).unwrap_or_default())
    }

    pub(crate) fn doc(self) -> DocRef {
        DocRef { id: DocId(self.0), kind: DocKind::Matter }
    }
}

/// A matter as it stands on this box.
#[derive(Debug, Clone)]
pub struct MatterView {
    /// Which.
    pub id: MatterId,
    /// Folded.
    pub matter: Matter,
    /// What could not stand.
    pub anomalies: Vec<Anomaly>,
    /// Where the record is.
    pub truth: TruthMark,
}

/// An act was committed: it survives any power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// The matter.
    pub id: MatterId,
    /// The same form had done it before: nothing was written now.
    pub before: bool,
}

impl Node {
    /// One matter, by its id.
    ///
    /// # Errors
    /// [`ActError::NotFound`], or when the disk says no.
    pub fn matter(&self, id: MatterId) -> Result<MatterView, ActError> {
        let tx = self.engine().read()?;
        let truth = self.truth_of(&*tx, CaseId(id.0))?;
        self.view_matter(&*tx, id, truth)?.ok_or(ActError::NotFound)
    }

    pub(crate) fn view_matter(
        &self,
        tx: &dyn ReadTx,
        id: MatterId,
        truth: TruthMark,
    ) -> Result<Option<MatterView>, ActError> {
        let Some(stored) = store::documents::get(tx, &id.0)? else { return Ok(None) };
        if stored.kind != DocKind::Matter.number() {
            return Ok(None);
        }
        let document = records::Document::load(id.doc(), &stored.saved)?;
        let book = crate::keyring::open(tx, self.bag(), &id.0)?;
        let (matter, anomalies) = Matter::read(&records::read(&document, &book));
        Ok(Some(MatterView { id, matter, anomalies, truth }))
    }

    /// Reads the matter, asks the model, commits what it answers.
    fn act_on(
        &self,
        who: &Who,
        id: MatterId,
        act: &'static str,
        verb: impl Fn(&Matter, &[Anomaly], &Ctx<'_>) -> Result<Edit, Refusal> + Send + 'static,
    ) -> Result<Saved, ActError> {
        let who = who.clone();
        self.commit(move |job| {
            let opened = job.open(id.doc())?;
            if opened.is_new() {
                return Err(ActError::NotFound);
            }
            if once::done_before(job)? {
                return Ok(Saved { id, before: true });
            }
            let owner = views::owner(job.tx, &id.0)?;
            let edit = job.ask_matter(&who, &opened, &verb)?;
            let audiences = job.node.audiences(owner);
            job.write(opened, &Change { edit, audiences, lane: Lane::CASES })?;
            job.audit(&who, &Said::new(act), Some(id.0))?;
            once::remember(job)?;
            Ok(Saved { id, before: false })
        })
    }
}

impl Job<'_> {
    /// What the model answers to a verb on an opened matter.
    fn ask_matter(
        &mut self,
        who: &Who,
        opened: &Opened,
        verb: impl FnOnce(&Matter, &[Anomaly], &Ctx<'_>) -> Result<Edit, Refusal>,
    ) -> Result<Edit, ActError> {
        let record: Record = opened.record();
        let (matter, anomalies) = Matter::read(&record);
        let reference = self.node.reference();
        let nonce = u64::from_be_bytes(crate::ports::random(&*self.node.ports().random));
        let ctx = Ctx {
            today: self.node.today(),
            wall: self.node.ports().clock.wall(),
            confidence: confidence(self.node.confidence()),
            station: self.node.station().0,
            by: &who.staff,
            name: &who.name,
            nonce,
            calendar: &reference.calendar,
        };
        Ok(verb(&matter, &anomalies, &ctx)?)
    }
}

/// Whose a new matter of this box is.
fn owner_of_new(node: &Node, asked: u16) -> StationNo {
    if node.is_centre() { StationNo(asked) } else { node.station() }
}
