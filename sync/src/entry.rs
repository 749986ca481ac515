use canon::{Canon, Malformed, Reader, Writer};
use identity::{Link, LogId};
use std::fmt;

/// What is said of an entry outside its body; covered by the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryHeader {
    /// The document.
    pub doc: [u8; 16],
    /// The document's kind. A kind unknown to this version is a content fault, never a chain fault.
    pub kind: u8,
    /// Where the entry was first written; set only by the centre when it vouches for another member's change.
    pub origin: Option<(LogId, u64)>,
}

/// An entry's content. In a journal the body is the raw change with sealed cells; in a segment it is the wire form with
/// opened cells, which may hold a person's data: so `Debug` shows a length only.
#[derive(Clone, PartialEq, Eq)]
pub enum Form {
    /// The bytes.
    Body(Vec<u8>),
    /// [`body_hash`] of a body that was erased; the chain verifies as before.
    Erased([u8; 32]),
}

/// One entry of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What stands outside the body.
    pub header: EntryHeader,
    /// The body, or what is left of it.
    pub form: Form,
}

/// What a link covers of a body: SHA-256 over tag `body` and the bytes.
#[must_use]
pub fn body_hash(body: &[u8]) -> [u8; 32] {
    canon::hash("body", |w| {
        w.bytes(body);
    })
}

/// The link 0 of a log: it commits to the opening of its epoch.
#[must_use]
pub fn first_link(log: &LogId, opening_hash: &[u8; 32]) -> Link {
    canon::hash("log", |w| {
        w.value(log).fixed(opening_hash);
    })
}

/// The link after entry `seq`, from the link before it.
#[must_use]
pub fn link(previous: &Link, seq: u64, header: &EntryHeader, body_hash: &[u8; 32]) -> Link {
    canon::hash("link", |w| {
        w.fixed(previous).u64(seq).value(header).fixed(body_hash);
    })
}

impl Form {
    /// [`body_hash`] of the body, erased or not. Meaningful for journal bodies only.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        match self {
            Self::Body(bytes) => body_hash(bytes),
            Self::Erased(hash) => *hash,
        }
    }

    /// Roughly what it takes in a payload.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Body(bytes) => bytes.len(),
            Self::Erased(hash) => hash.len(),
        }
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Self::Erased(_) => f.write_str("Erased"),
        }
    }
}

impl Canon for EntryHeader {
    fn write(&self, out: &mut Writer) {
        out.fixed(&self.doc).u8(self.kind).bool(self.origin.is_some());
        if let Some((log, seq)) = &self.origin {
            out.value(log).u64(*seq);
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (doc, kind) = (from.fixed()?, from.u8()?);
        let origin = if from.bool()? { Some((from.value()?, from.u64()?)) } else { None };
        Ok(Self { doc, kind, origin })
    }
}

impl Canon for Entry {
    fn write(&self, out: &mut Writer) {
        out.value(&self.header);
        match &self.form {
            Form::Body(bytes) => out.u8(0).bytes(bytes),
            Form::Erased(hash) => out.u8(1).fixed(hash),
        };
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let header = from.value()?;
        let form = match from.u8()? {
            0 => Form::Body(from.bytes(crate::limit::BODY_BYTES)?.to_vec()),
            1 => Form::Erased(from.fixed()?),
            _ => return Err(from.malformed("entry form")),
        };
        Ok(Self { header, form })
    }
}
