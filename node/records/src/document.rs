//! A document in memory: Automerge bytes with an id and a kind.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc as _, Value};

use crate::{Actor, ChangeHash, limit};

/// A document's random id. For a case it is also the `case` that its cells are bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocId(pub [u8; 16]);

/// What a document is about. The number travels in entry headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum DocKind {
    /// One matter of one applicant.
    Case = 1,
    /// An item of the catalogue, with its versions.
    Item = 2,
    /// A station's profile.
    Station = 3,
    /// A notice to residents.
    Notice = 4,
    /// Working days.
    Calendar = 5,
    /// A written authority to decide.
    Authority = 6,
    /// A member of staff.
    Staff = 7,
    /// What is registered and is no case.
    Matter = 8,
    /// Several items of one theme that are taken at once.
    Package = 9,
    /// The word of a draft's box that the draft is gone: whoever holds it destroys it.
    Erasure = 10,
}

impl DocKind {
    /// The number that stands in headers.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The kind of that number; none for one this version doesn't know.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        const ALL: [DocKind; 10] = [
            DocKind::Case,
            DocKind::Item,
            DocKind::Station,
            DocKind::Notice,
            DocKind::Calendar,
            DocKind::Authority,
            DocKind::Staff,
            DocKind::Matter,
            DocKind::Package,
            DocKind::Erasure,
        ];
        ALL.into_iter().find(|kind| kind.number() == number)
    }
}

/// Which document, and what about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocRef {
    /// Its id.
    pub id: DocId,
    /// Its kind.
    pub kind: DocKind,
}

/// Saved bytes that are no document of ours. Our own bytes carry a checksum, so this means damage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadFault {
    /// Automerge can't read them.
    #[error("document {0:02x?} does not load: {1}")]
    Unreadable([u8; 16], String),
    /// They load, but not to a document of docs/formats/document.md.
    #[error("document {0:02x?} has no version-1 root")]
    NoRoot([u8; 16]),
    /// Over [`limit::SAVED_BYTES_MAX`].
    #[error("document {0:02x?} is over {max} bytes", max = limit::SAVED_BYTES_MAX)]
    TooLarge([u8; 16]),
}

/// A change as it goes into the journal: raw, uncompressed, never made twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawChange {
    /// Automerge's raw bytes: what the journal's body hash covers.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub hash: ChangeHash,
    /// How many changes this actor has made in this document, this one included.
    pub seq: u64,
    /// The counter of its first operation.
    pub start_op: u64,
    /// The counter of its last operation.
    pub max_op: u64,
    /// The changes it follows.
    pub deps: Vec<ChangeHash>,
}

/// The three objects under the root.
#[derive(Debug, Clone)]
pub(crate) struct Roots {
    /// Who made them.
    pub(crate) creator: Actor,
    pub(crate) facts: ObjId,
    pub(crate) cells: ObjId,
    pub(crate) events: ObjId,
}

/// A loaded document. It costs about 30 KB: keep saved bytes, not documents.
#[derive(Clone)]
pub struct Document {
    pub(crate) at: DocRef,
    pub(crate) automerge: Automerge,
    pub(crate) roots: Option<Roots>,
    pub(crate) saved_bytes: usize,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("at", &self.at)
            .field("started", &self.roots.is_some())
            .field("saved_bytes", &self.saved_bytes)
            .finish_non_exhaustive()
    }
}

impl Document {
    /// A document that holds nothing yet. Its first [`edit()`](crate::edit()) makes the root as well, in the same change.
    #[must_use]
    pub fn create(at: DocRef) -> Self {
        Self { at, automerge: Automerge::new(), roots: None, saved_bytes: 0 }
    }

    /// A document from the bytes of [`Document::save`].
    ///
    /// # Errors
    /// [`LoadFault`]: the bytes are damaged, or were never ours.
    pub fn load(at: DocRef, saved: &[u8]) -> Result<Self, LoadFault> {
        if saved.len() > limit::SAVED_BYTES_MAX {
            return Err(LoadFault::TooLarge(at.id.0));
        }
        let automerge = caught(|| Automerge::load(saved))
            .map_err(|panic| LoadFault::Unreadable(at.id.0, panic))?
            .map_err(|fault| LoadFault::Unreadable(at.id.0, fault.to_string()))?;
        let roots = find_roots(&automerge).ok_or(LoadFault::NoRoot(at.id.0))?;
        Ok(Self { at, automerge, roots: Some(roots), saved_bytes: saved.len() })
    }

    /// The bytes to store. They hold ciphertext where a person's data stands, at every point of the history. Nothing is
    /// deflated: ciphertext does not shrink, and deflating and inflating took a tenth of an edit. Deflated ones of earlier versions
    /// load all the same.
    pub fn save(&mut self) -> Vec<u8> {
        let saved = self.automerge.save_nocompress();
        self.saved_bytes = saved.len();
        saved
    }

    /// Which document this is.
    #[must_use]
    pub fn at(&self) -> DocRef {
        self.at
    }

    /// Whether no change has been made yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.roots.is_none()
    }

    /// The changes that no other follows, sorted.
    #[must_use]
    pub fn heads(&self) -> Vec<ChangeHash> {
        let mut heads: Vec<_> = self.automerge.get_heads().iter().map(|head| head.0).collect();
        heads.sort_unstable();
        heads
    }

    /// When it was last changed, by the clock of whoever did: seconds since 1970, a label. None while it holds nothing, or
    /// where no clock was known.
    #[must_use]
    pub fn touched(&self) -> Option<i64> {
        let heads = self.automerge.get_heads();
        let times = heads.iter().filter_map(|head| self.automerge.get_change_by_hash(head));
        times.map(|change| change.timestamp()).max().filter(|wall| *wall > 0)
    }

    /// Every change, raw, each after those it follows.
    #[must_use]
    pub fn raw_changes(&self) -> Vec<Vec<u8>> {
        self.automerge.get_changes(&[]).iter().map(|change| change.raw_bytes().to_vec()).collect()
    }
}

/// Runs Automerge code that a hostile input could make panic; the panic becomes its message.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        payload
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "panic".to_owned())
    })
}

/// The objects that the creating change made, if that is how the document begins.
pub(crate) fn find_roots(automerge: &Automerge) -> Option<Roots> {
    let object = |name: &str, kind: ObjType| match automerge.get(ROOT, name) {
        Ok(Some((Value::Object(found), id))) if found == kind => Some(id),
        _ => None,
    };
    let facts = object("f", ObjType::Map)?;
    let ObjId::Id(_, actor, _) = &facts else { return None };
    let creator = actor.to_bytes().try_into().ok()?;
    Some(Roots { creator, cells: object("c", ObjType::Map)?, events: object("e", ObjType::List)?, facts })
}
