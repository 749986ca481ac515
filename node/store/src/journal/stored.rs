use canon::{Canon, Malformed, Reader, Writer};
use identity::Link;
use sync::{Entry, Form};

/// What became of an entry. `reason` is a number of admission's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is part of its document (or a draft's, or erased).
    Applied,
    /// Changes that it depends on are missing: tried again when they come.
    Parked,
    /// A content fault: kept opaque, tried again after an upgrade.
    Held {
        /// Which fault.
        reason: u8,
    },
}

/// An entry as it stands on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// Header and body (journal form: cells sealed), or the body's hash.
    pub entry: Entry,
    /// The log's link after it.
    pub link: Link,
    /// What became of it.
    pub state: State,
}

impl Canon for State {
    fn write(&self, out: &mut Writer) {
        match self {
            Self::Applied => out.u8(0).u8(0),
            Self::Parked => out.u8(1).u8(0),
            Self::Held { reason } => out.u8(2).u8(*reason),
        };
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match (from.u8()?, from.u8()?) {
            (0, 0) => Ok(Self::Applied),
            (1, 0) => Ok(Self::Parked),
            (2, reason) => Ok(Self::Held { reason }),
            _ => Err(from.malformed("state of an entry")),
        }
    }
}

// As docs/formats/disk.md: header, form, body or hash, link, applied, reason. Own bodies may be as long as a value, so the
// limit of the wire does not bind here.
impl Canon for StoredEntry {
    fn write(&self, out: &mut Writer) {
        out.value(&self.entry.header);
        match &self.entry.form {
            Form::Body(body) => out.u8(0).bytes(body),
            Form::Erased(hash) => out.u8(1).fixed(hash),
        };
        out.fixed(&self.link).value(&self.state);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let header = from.value()?;
        let form = match from.u8()? {
            0 => Form::Body(from.bytes(crate::limit::VALUE_BYTES_MAX)?.to_vec()),
            1 => Form::Erased(from.fixed()?),
            _ => return Err(from.malformed("form of a stored entry")),
        };
        Ok(Self { entry: Entry { header, form }, link: from.fixed()?, state: from.value()? })
    }
}
