use crate::{DeviceId, limit};
use canon::{Canon, Malformed, Reader, Writer};
use std::fmt;

/// The running hash of a log after an entry (docs/formats/journal.md).
pub type Link = [u8; 32];

/// A writer epoch: 8 random bytes, fresh at each process start, so a restored backup or a cloned card never
/// writes as its older self.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub [u8; 8]);

/// A station's number as the membership list gives it; 0 is the centre. Printed with four digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StationNo(pub u16);

/// Who may read a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Every member: holds nothing about a person, travels clear.
    All,
    /// The centre: a station's private records.
    Hub,
    /// One member: the centre's answers to it.
    Member(StationNo),
}

/// What may overtake what: lower lanes travel first. Each lane has its own sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane(pub u8);

/// One append-only log. The order of the fields is the order of logs in every sorted list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogId {
    /// The writer.
    pub device: DeviceId,
    /// The writer's process start.
    pub epoch: Epoch,
    /// Who may read it.
    pub audience: Audience,
    /// Its urgency.
    pub lane: Lane,
}

/// How far a log has come. Sequence numbers count from 1; 0 is a log with its opening only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Head {
    /// The log.
    pub log: LogId,
    /// The sequence number of its last entry.
    pub seq: u64,
    /// The link after that entry.
    pub link: Link,
}

/// The Automerge actor of a device in an epoch.
#[must_use]
pub fn actor(device: &DeviceId, epoch: &Epoch) -> [u8; 16] {
    let hash = canon::hash("actor", |w| {
        w.value(device).value(epoch);
    });
    let mut actor = [0; 16];
    actor.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    actor
}

impl StationNo {
    /// The centre's number.
    pub const CENTRE: Self = Self(0);

    /// The number, when it is not above [`limit::STATION_MAX`].
    #[must_use]
    pub fn new(number: u64) -> Option<Self> {
        u16::try_from(number).ok().filter(|n| *n <= limit::STATION_MAX).map(Self)
    }
}

impl Lane {
    /// Notices that are near to membership.
    pub const NOTICES: Self = Self(0);
    /// Cases.
    pub const CASES: Self = Self(1);
    /// Ratings.
    pub const RATINGS: Self = Self(2);
    /// Everything else.
    pub const OTHER: Self = Self(3);
    /// The catalogue of items.
    pub const CATALOGUE: Self = Self(4);
    /// Drafts: never sent.
    pub const LOCAL: Self = Self(15);
}

impl fmt::Display for StationNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

impl fmt::Debug for StationNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let link = data_encoding::HEXLOWER.encode(self.link.get(..4).unwrap_or_default());
        write!(f, "Head({:?} {} {link})", self.log, self.seq)
    }
}

impl Canon for Epoch {
    fn write(&self, out: &mut Writer) {
        out.fixed(&self.0);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(from.fixed()?))
    }
}

impl Canon for StationNo {
    fn write(&self, out: &mut Writer) {
        out.u64(u64::from(self.0));
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let number = from.u64()?;
        Self::new(number).ok_or_else(|| from.malformed("station number"))
    }
}

impl Canon for Audience {
    fn write(&self, out: &mut Writer) {
        match self {
            Self::All => out.u8(0),
            Self::Hub => out.u8(1),
            Self::Member(station) => out.u8(2).value(station),
        };
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match from.u8()? {
            0 => Ok(Self::All),
            1 => Ok(Self::Hub),
            2 => Ok(Self::Member(from.value()?)),
            _ => Err(from.malformed("audience")),
        }
    }
}

impl Canon for Lane {
    fn write(&self, out: &mut Writer) {
        out.u8(self.0);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(from.u8()?))
    }
}

impl Canon for LogId {
    fn write(&self, out: &mut Writer) {
        out.value(&self.device).value(&self.epoch).value(&self.audience).value(&self.lane);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { device: from.value()?, epoch: from.value()?, audience: from.value()?, lane: from.value()? })
    }
}

impl Canon for Head {
    fn write(&self, out: &mut Writer) {
        out.value(&self.log).u64(self.seq).fixed(&self.link);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { log: from.value()?, seq: from.u64()?, link: from.fixed()? })
    }
}
