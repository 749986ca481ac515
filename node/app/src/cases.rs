//! The use cases of a case: one file per verb, and the one way they all go: read, ask the model, commit.

mod apart;
mod archive;
mod beside;
mod credit;
mod decide;
pub(crate) mod draft;
mod find;
mod forget;
mod give;
mod hand_over;
mod help;
mod list;
mod on_the_way;
pub(crate) mod once;
mod owed;
mod phone;
mod photo;
mod photo_words;
mod process;
mod progress;
mod receive;
mod reveal;
mod route;
mod suspend;
#[cfg(test)]
mod tests;
mod transcribe;
mod truth;
mod twins;

pub use apart::Apart;
pub use archive::{FileCounts, FileLine, Files, SealedLine};
pub use beside::Beside;
pub use draft::{DraftLine, Kept};
pub use find::Found;
pub(crate) use find::{BORN, index_person, tag, tag_key, tagged};
pub(crate) use forget::{Order, is_forgotten};
pub use help::HelpLine;
pub(crate) use help::is_shared_draft;
pub use list::{CaseLine, Counts, Filter, Listing};
pub(crate) use on_the_way::named as named_blobs;
pub use on_the_way::{Arrived, OnTheWay};
pub use once::FORM;
pub(crate) use once::{SentForm, done_before, remember};
pub use owed::{OwedCounts, OwedLine};
pub(crate) use phone::Doors;
pub use phone::{PhoneCode, PhoneRefusal};
pub use photo::{FullPhoto, NewPhoto, PhotoName, Shown, photo_name};
pub(crate) use photo::{looked_through, photo_room};
pub(crate) use photo_words::no_room;
pub use photo_words::too_large;
pub use progress::{Progress, ProgressRefusal};
pub use receive::Taken;
pub use reveal::{Revealed, Why, revealable};
pub use transcribe::{PhotoOut, TranscribeCounts, WaitingLine};
pub use truth::{Oldest, TruthCounts, TruthMark};
pub use twins::{Settle, Twin};

use crate::commit::{Change, Job, Opened, Said};
use crate::reference::Reference;
use crate::{ActError, Node, Who, views};
use data_encoding::HEXLOWER;
use identity::{Audience, StationNo};
use model::Refusal;
use model::case::event::Confidence;
use model::case::{Anomaly, Case, Ctx};
use model::item::Version;
use model::record::{Edit, Record};
use records::{DocId, DocKind, DocRef};
use store::engine::ReadTx;

/// A case's or draft's identity; in addresses as 32 hex digits, which say nothing about anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseId(pub [u8; 16]);

impl CaseId {
    /// 32 hex digits.
    #[must_use]
    pub fn hex(&self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// Reads [`CaseId::hex`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn doc(self) -> DocRef {
        DocRef { id: DocId(self.0), kind: DocKind::Case }
    }
}

/// A case as it stands on this box.
#[derive(Debug, Clone)]
pub struct CaseView {
    /// Which.
    pub id: CaseId,
    /// Folded.
    pub case: Case,
    /// What could not stand.
    pub anomalies: Vec<Anomaly>,
    /// Its item version, when it has arrived.
    pub version: Option<Version>,
    /// Whose it is.
    pub owner: u16,
    /// Where the record is.
    pub truth: TruthMark,
    /// Its photos that are not whole on this box.
    pub on_the_way: OnTheWay,
}

/// An act was committed: it survives any power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// The case.
    pub id: CaseId,
    /// Seconds since 1970, for the page's 已保存.
    pub wall: i64,
    /// The same form had done it before: nothing was written now.
    pub before: bool,
}

/// What a verb is given.
pub(crate) struct Acting<'a> {
    pub(crate) case: &'a Case,
    pub(crate) record: &'a Record,
    pub(crate) version: Option<&'a Version>,
    pub(crate) ctx: &'a Ctx<'a>,
}

impl Acting<'_> {
    /// The item version, without which nothing can be decided.
    pub(crate) fn item(&self) -> Result<&Version, Refusal> {
        self.version.ok_or_else(|| Refusal::because("这个事项的资料还没到本机，等同步后再办。"))
    }
}

impl Node {
    /// One case, by its id.
    ///
    /// # Errors
    /// [`ActError::NotFound`], or when the disk says no.
    pub fn case(&self, id: CaseId) -> Result<CaseView, ActError> {
        let tx = self.engine().read()?;
        let reference = self.reference();
        self.view_case(&*tx, &reference, id)
    }

    pub(crate) fn view_case(
        &self,
        tx: &dyn ReadTx,
        reference: &Reference,
        id: CaseId,
    ) -> Result<CaseView, ActError> {
        self.view_marked(tx, reference, id, self.truth_of(tx, id)?)
    }

    /// [`Node::view_case`] of which it is known where it is.
    pub(crate) fn view_marked(
        &self,
        tx: &dyn ReadTx,
        reference: &Reference,
        id: CaseId,
        truth: TruthMark,
    ) -> Result<CaseView, ActError> {
        archive::unsealed(tx, id)?;
        self.view_any(tx, reference, id, truth)
    }

    /// [`Node::view_marked`], sealed or not.
    fn view_any(
        &self,
        tx: &dyn ReadTx,
        reference: &Reference,
        id: CaseId,
        truth: TruthMark,
    ) -> Result<CaseView, ActError> {
        let record = self.record(tx, id)?.ok_or(ActError::NotFound)?;
        let version = reference.version(Case::item_of(&record).as_ref());
        let (case, anomalies) = Case::read(&record, version);
        Ok(CaseView {
            id,
            case,
            anomalies,
            version: version.cloned(),
            owner: views::owner(tx, &id.0)?.0,
            truth,
            on_the_way: OnTheWay::of(tx, id)?,
        })
    }

    fn record(&self, tx: &dyn ReadTx, id: CaseId) -> Result<Option<Record>, ActError> {
        let Some(stored) = store::documents::get(tx, &id.0)? else { return Ok(None) };
        let document = records::Document::load(id.doc(), &stored.saved)?;
        let book = crate::keyring::open(tx, self.bag(), &id.0)?;
        Ok(Some(records::read(&document, &book)))
    }

    /// Reads the case, asks the model, commits what it answers. A sealed case is out of use.
    pub(crate) fn act(
        &self,
        who: &Who,
        id: CaseId,
        said: Said,
        verb: impl Fn(&Acting<'_>) -> Result<Edit, Refusal> + Send + 'static,
    ) -> Result<Saved, ActError> {
        self.act_on_sealed(who, id, said, move |acting| {
            if acting.case.sealed.is_some() {
                return Err(archive::sealed_refusal());
            }
            verb(acting)
        })
    }

    /// [`Node::act`], sealed or not.
    fn act_on_sealed(
        &self,
        who: &Who,
        id: CaseId,
        said: Said,
        verb: impl Fn(&Acting<'_>) -> Result<Edit, Refusal> + Send + 'static,
    ) -> Result<Saved, ActError> {
        let (who, asks, act) = (who.clone(), who.clone(), said.act);
        self.commit_prepared(
            move |job| {
                let opened = job.open(id.doc())?;
                if opened.is_new() {
                    return Err(ActError::NotFound);
                }
                if once::done_before(job)? {
                    return Ok(None);
                }
                let owner = views::owner(job.tx, &id.0)?;
                let draft = views::is_draft(job.tx, &id.0)?;
                let lane = opened.lane(draft);
                let edit = job.ask(&asks, &opened, |acting| {
                    if !draft && act != help::ACT && is_shared_draft(acting.record) {
                        return Err(of_village());
                    }
                    verb(acting)
                })?;
                let audiences = job.node.audiences(owner);
                Ok(Some(job.amend(opened, &Change { edit, audiences, lane })?))
            },
            move |job, amended| {
                let wall = job.node.ports().clock.wall();
                let Some(amended) = amended else { return Ok(Saved { id, wall, before: true }) };
                if let Some(amended) = amended {
                    job.journal(amended)?;
                    job.pass_on(id.doc())?;
                }
                job.audit(&who, &said, Some(id.0))?;
                once::remember(job)?;
                Ok(Saved { id, wall, before: false })
            },
        )
    }

    /// Who may read a change of this box in a case of `owner`.
    pub(crate) fn audiences(&self, owner: StationNo) -> Vec<Audience> {
        if self.is_centre() && owner != StationNo::CENTRE {
            vec![Audience::Member(owner)]
        } else {
            vec![Audience::Hub]
        }
    }
}

/// What is said of a village's draft that was sent to the centre for its question.
fn of_village() -> Refusal {
    Refusal::because("这还是村站的草稿，镇里只能回话和提填写建议。")
}

impl Job<'_> {
    /// Refuses to change a village's draft: it is at the centre to be answered, and for nothing else.
    pub(crate) fn own(&self, id: CaseId, opened: &Opened) -> Result<(), ActError> {
        if opened.is_shared_draft() && !views::is_draft(&*self.tx, &id.0)? {
            return Err(of_village().into());
        }
        Ok(())
    }

    /// What the model answers to a verb on an opened case.
    pub(crate) fn ask(
        &mut self,
        who: &Who,
        opened: &Opened,
        verb: impl FnOnce(&Acting<'_>) -> Result<Edit, Refusal>,
    ) -> Result<Edit, ActError> {
        let record = opened.record();
        let reference = self.node.reference();
        let version = reference.version(Case::item_of(&record).as_ref());
        let (case, _) = Case::read(&record, version);
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
        Ok(verb(&Acting { case: &case, record: &record, version, ctx: &ctx })?)
    }
}

pub(crate) fn confidence(port: crate::ports::Confidence) -> Confidence {
    match port {
        crate::ports::Confidence::Unknown => Confidence::Unknown,
        crate::ports::Confidence::SetByHand => Confidence::ByHand,
        crate::ports::Confidence::Confirmed => Confidence::Confirmed,
        crate::ports::Confidence::Synchronised => Confidence::Synchronised,
    }
}
