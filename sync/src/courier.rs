//! A parcel for a courier: one side of a session, written down and read somewhere else (docs/formats/courier.md).

mod one_way;
mod pack;
#[cfg(test)]
mod tests;
mod unpack;

pub use pack::{Packed, pack};
pub use unpack::{Taken, unpack};

use crate::limit;
use canon::{Malformed, Reader, Writer};
use identity::{DeviceId, DeviceKey, Signature};

const MAGIC: [u8; 4] = *b"bmc1";
const VERSION: u8 = 1;
const TAG: &str = "courier";

/// A parcel that verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Who made it.
    pub from: DeviceId,
    /// Who can open what is sealed in it.
    pub to: DeviceId,
    /// When, seconds since 1970 by the maker's clock: a label, nothing depends on it.
    pub made: i64,
    transcript: Vec<u8>,
}

/// What lies in a file at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A whole parcel.
    Parcel(Parcel),
    /// One that was cut short or altered.
    Broken,
    /// Made by a later version of this program.
    Newer,
}

struct Header {
    from: DeviceId,
    to: DeviceId,
    made: i64,
    length: u64,
    hash: [u8; 32],
}

impl Header {
    fn write(&self, out: &mut Writer) {
        out.u8(VERSION)
            .fixed(&self.from.0)
            .fixed(&self.to.0)
            .i64(self.made)
            .u64(self.length)
            .fixed(&self.hash);
    }

    fn read(from: &mut Reader<'_>) -> Result<(Self, Signature), Malformed> {
        let header = Self {
            from: DeviceId(from.fixed()?),
            to: DeviceId(from.fixed()?),
            made: from.i64()?,
            length: from.u64()?,
            hash: from.fixed()?,
        };
        Ok((header, Signature(from.fixed()?)))
    }
}

impl Parcel {
    fn seal(key: &DeviceKey, to: DeviceId, made: i64, transcript: &[u8]) -> Vec<u8> {
        let header = Header {
            from: key.id(),
            to,
            made,
            length: transcript.len() as u64,
            hash: canon::sha256(transcript),
        };
        let signature = key.sign(TAG, |out| header.write(out));
        let mut out = Writer::new();
        out.fixed(&MAGIC);
        header.write(&mut out);
        out.fixed(&signature.0);
        [out.into_bytes(), transcript.to_vec()].concat()
    }

    /// Everything in a file that begins like a parcel, in its order. What lies between is passed over.
    #[must_use]
    pub fn find(file: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        let (mut rest, mut broken) = (file, 0);
        while let Some(at) = rest.windows(MAGIC.len()).position(|four| four == MAGIC) {
            rest = rest.get(at + MAGIC.len()..).unwrap_or_default();
            let (what, length) = Self::read(rest);
            rest = rest.get(length..).unwrap_or_default();
            broken += usize::from(what == Found::Broken);
            found.push(what);
            if found.len() == limit::COURIER_PARCELS || broken == limit::COURIER_BROKEN {
                break;
            }
        }
        found
    }

    /// The parcel behind a magic, and how far it reaches; nothing where it is none.
    fn read(bytes: &[u8]) -> (Found, usize) {
        let mut reader = Reader::new(bytes);
        match reader.u8() {
            Ok(VERSION) => {}
            Ok(later) if later > VERSION => return (Found::Newer, 0),
            _ => return (Found::Broken, 0),
        }
        let Ok((header, signature)) = Header::read(&mut reader) else { return (Found::Broken, 0) };
        let begin = reader.position();
        let end = usize::try_from(header.length).ok().and_then(|length| begin.checked_add(length));
        let transcript = end.filter(|_| header.length <= limit::COURIER_BYTES as u64);
        let Some((end, transcript)) = transcript.and_then(|end| Some((end, bytes.get(begin..end)?))) else {
            return (Found::Broken, 0);
        };
        let signed = header.from.verify(TAG, |out| header.write(out), &signature).is_ok();
        if !signed || canon::sha256(transcript) != header.hash {
            return (Found::Broken, 0);
        }
        let Header { from, to, made, .. } = header;
        (Found::Parcel(Self { from, to, made, transcript: transcript.to_vec() }), end)
    }
}

impl std::fmt::Debug for Parcel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Parcel({} bytes)", self.transcript.len())
    }
}
