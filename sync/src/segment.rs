use crate::{Sealed, limit};
use canon::{Canon, Malformed, Reader, Writer};
use identity::{Audience, DeviceId, DeviceKey, Link, LogId, Membership, Signature};
use std::fmt;

mod payload;

pub use payload::{Codec, PayloadFault};

const VERSION: u8 = 1;

/// To whom a payload is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// To nobody: audience all.
    Clear,
    /// HPKE.
    Hpke {
        /// The box that can open it.
        recipient: DeviceId,
        /// Which of its sealing keys.
        version: u64,
        /// The encapsulated key.
        encapsulated: [u8; 32],
    },
}

/// What anybody who carries a segment can read and check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentHeader {
    /// Who built it: the log's writer, the centre vouching for it, or a member that shows a proof.
    pub signer: DeviceId,
    /// The log.
    pub log: LogId,
    /// The number of the first entry, from 1.
    pub first: u64,
    /// How many entries, at least one.
    pub count: u64,
    /// The link before the first entry. For carriers: a receiver derives it from its own head.
    pub prev: Link,
    /// The link after the last entry.
    pub last: Link,
    /// Who can open it.
    pub seal: Seal,
    /// How it is compressed.
    pub codec: Codec,
    /// How long the payload is after opening and inflating.
    pub inflated: u64,
    /// SHA-256 of the payload as sent.
    pub payload_hash: [u8; 32],
    /// The header of a segment of the same log that the writer or the centre signed and that ends with the same link.
    pub proof: Option<Vec<u8>>,
    /// By the signer over all before it.
    pub signature: Signature,
}

/// Consecutive entries of one log, compressed, sealed and signed: the unit of travel and of admission.
#[derive(Clone, PartialEq, Eq)]
pub struct Segment {
    /// The readable part.
    pub header: SegmentHeader,
    /// As sent.
    pub payload: Vec<u8>,
}

/// What a segment is built from.
#[derive(Debug, Clone)]
pub struct SegmentDraft<'a> {
    /// Who signs.
    pub key: &'a DeviceKey,
    /// The log.
    pub log: LogId,
    /// The number of the first entry.
    pub first: u64,
    /// The entries and their links.
    pub stretch: crate::Stretch,
    /// The same entries pressed, for a peer that expands them.
    pub pressed: Option<crate::Pressed>,
    /// zstd level.
    pub level: i32,
}

/// Why a segment cannot be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BuildFault {
    /// No entry, or more than a segment may hold.
    #[error("a segment holds 1 to 4,096 entries")]
    Count,
    /// The payload is longer than a segment may be.
    #[error("the payload is too long for one segment")]
    TooLong,
    /// No sealing key of the recipient is known, or sealing failed.
    #[error("the payload cannot be sealed to the recipient")]
    Seal,
}

/// Why the bytes are no segment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SegmentFault {
    /// Written by a later version.
    #[error("segment version {0} is unknown to this box")]
    Version(u8),
    /// Not the canonical encoding of a segment.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

impl<'a> SegmentDraft<'a> {
    /// Compresses, seals where the audience is not all, and signs. `seal` gets the associated data and the
    /// compressed payload; `recipient` is the box and the version of its sealing key.
    ///
    /// # Errors
    /// [`BuildFault`].
    pub fn build(
        self,
        recipient: (DeviceId, Option<u64>),
        seal: impl FnOnce(u64, &[u8; 32], &[u8]) -> Option<Sealed>,
    ) -> Result<Segment, BuildFault> {
        let count = self.stretch.entries.len();
        if count == 0 || count > limit::SEGMENT_ENTRIES {
            return Err(BuildFault::Count);
        }
        let (codec, inflated, packed) = payload::shorter(&self.stretch.entries, self.level, self.pressed)?;
        let mut header = SegmentHeader {
            signer: self.key.id(),
            log: self.log,
            first: self.first,
            count: count as u64,
            prev: self.stretch.prev,
            last: self.stretch.last,
            seal: Seal::Clear,
            codec,
            inflated,
            payload_hash: [0; 32],
            proof: self.stretch.proof,
            signature: Signature([0; 64]),
        };
        let payload = if self.log.audience == Audience::All {
            packed
        } else {
            let version = recipient.1.ok_or(BuildFault::Seal)?;
            header.seal = Seal::Hpke { recipient: recipient.0, version, encapsulated: [0; 32] };
            let sealed = seal(version, &header.aad(), &packed).ok_or(BuildFault::Seal)?;
            header.seal = Seal::Hpke { recipient: recipient.0, version, encapsulated: sealed.encapsulated };
            sealed.ciphertext
        };
        if payload.len() > limit::SEGMENT_SENT_BYTES {
            return Err(BuildFault::TooLong);
        }
        header.payload_hash = canon::sha256(&payload);
        header.signature = self.key.sign("segment", |w| header.signed_fields(w));
        Ok(Segment { header, payload })
    }
}

impl Segment {
    /// Reads a segment. Nothing is verified yet: see [`crate::chain::authentic`].
    ///
    /// # Errors
    /// [`SegmentFault`].
    pub fn decode(bytes: &[u8]) -> Result<Self, SegmentFault> {
        match bytes.first() {
            Some(&VERSION) | None => Ok(Self::from_canon(bytes)?),
            Some(other) => Err(SegmentFault::Version(*other)),
        }
    }

    /// Whether the payload is the one that the header speaks of.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        canon::sha256(&self.payload) == self.header.payload_hash
    }

    /// The number of entries and the bytes that a pressed payload declares; none when it is over a limit.
    #[must_use]
    pub fn declared(&self) -> Option<(usize, usize)> {
        payload::declared(&self.header)
    }

    /// The entries in an opened payload, in wire form. Inflates no further than the header declares and the limits allow.
    ///
    /// # Errors
    /// [`PayloadFault`] when it is not exactly what the header declares.
    pub fn unpack(&self, opened: &[u8]) -> Result<Vec<crate::Entry>, PayloadFault> {
        payload::unpack(&self.header, opened)
    }
}

impl SegmentHeader {
    /// The number of the last entry.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.first.saturating_add(self.count).saturating_sub(1)
    }

    /// What the seal binds: everything up to and including the seal, without the encapsulated key.
    #[must_use]
    pub fn aad(&self) -> [u8; 32] {
        let mut out = Writer::new();
        self.sealed_fields(&mut out);
        canon::sha256(out.as_bytes())
    }

    /// The header as a proof for others; its own proof is handed on unchanged, where it has one.
    #[must_use]
    pub fn to_proof(&self) -> Vec<u8> {
        self.proof.clone().unwrap_or_else(|| self.to_canon())
    }

    /// Checks the signature.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.signer.verify("segment", |w| self.signed_fields(w), &self.signature).is_ok()
    }

    /// Whether the signer may hand on this log: the writer itself, the centre, or who shows a proof of either.
    #[must_use]
    pub fn is_authorised(&self, membership: &Membership) -> bool {
        if self.signed_at_source(membership) {
            return true;
        }
        let Some(bytes) = &self.proof else { return false };
        let Ok(proof) = Self::from_canon(bytes) else { return false };
        membership.member(&self.signer).is_some()
            && proof.proof.is_none()
            && proof.log == self.log
            && proof.last_seq() == self.last_seq()
            && proof.last == self.last
            && proof.signed_at_source(membership)
            && proof.is_signed()
    }

    fn signed_at_source(&self, membership: &Membership) -> bool {
        self.signer == self.log.device || membership.centre().is_some_and(|c| c.device == self.signer)
    }

    fn sealed_fields(&self, out: &mut Writer) {
        out.u8(VERSION).value(&self.signer).value(&self.log).u64(self.first).u64(self.count);
        out.fixed(&self.prev).fixed(&self.last);
        match &self.seal {
            Seal::Clear => out.u8(0),
            Seal::Hpke { recipient, version, .. } => out.u8(1).value(recipient).u64(*version),
        };
    }

    fn signed_fields(&self, out: &mut Writer) {
        self.sealed_fields(out);
        if let Seal::Hpke { encapsulated, .. } = &self.seal {
            out.fixed(encapsulated);
        }
        out.u8(self.codec.0).u64(self.inflated).fixed(&self.payload_hash).bool(self.proof.is_some());
        if let Some(proof) = &self.proof {
            out.bytes(proof);
        }
    }
}

impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = &self.header;
        write!(f, "Segment({:?} {}..={})", header.log, header.first, header.last_seq())
    }
}

impl Canon for Seal {
    fn write(&self, out: &mut Writer) {
        match self {
            Self::Clear => out.u8(0),
            Self::Hpke { recipient, version, encapsulated } => {
                out.u8(1).value(recipient).u64(*version).fixed(encapsulated)
            }
        };
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match from.u8()? {
            0 => Ok(Self::Clear),
            1 => {
                Ok(Self::Hpke { recipient: from.value()?, version: from.u64()?, encapsulated: from.fixed()? })
            }
            _ => Err(from.malformed("seal")),
        }
    }
}

impl Canon for SegmentHeader {
    fn write(&self, out: &mut Writer) {
        self.signed_fields(out);
        out.value(&self.signature);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.u8()? != VERSION {
            return Err(from.malformed("segment: a version this box does not know"));
        }
        let mut header = Self {
            signer: from.value()?,
            log: from.value()?,
            first: from.u64()?,
            count: from.u64()?,
            prev: from.fixed()?,
            last: from.fixed()?,
            seal: from.value()?,
            codec: Codec(from.u8()?),
            inflated: from.u64()?,
            payload_hash: from.fixed()?,
            proof: None,
            signature: Signature([0; 64]),
        };
        if from.bool()? {
            header.proof = Some(from.bytes(limit::PROOF_BYTES)?.to_vec());
        }
        header.signature = from.value()?;
        let clear = header.seal == Seal::Clear;
        if clear != (header.log.audience == Audience::All) {
            return Err(from.malformed("segment: the seal does not fit the audience"));
        }
        let end = header.first.checked_add(header.count);
        if header.first == 0 || header.count == 0 || end.is_none() {
            return Err(from.malformed("segment: numbers of entries"));
        }
        Ok(header)
    }
}

impl Canon for Segment {
    fn write(&self, out: &mut Writer) {
        out.value(&self.header).bytes(&self.payload);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { header: from.value()?, payload: from.bytes(limit::SEGMENT_SENT_BYTES)?.to_vec() })
    }
}
