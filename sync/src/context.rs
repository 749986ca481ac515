use crate::{Attachments, Entry, Holdings, Opening, Reason, Register, RegisterMark, Segment};
use identity::{DeviceId, DeviceKey, Link, LogId, Membership};
use std::fmt;
use std::sync::Arc;

/// What a session needs of its box: storage, admission, sealing and memory. `app` implements it over the store; the
/// simulation over the memory engine. Bodies that pass here are in wire form: cutting cells out and splicing them back
/// is the implementor's (docs/formats/wire.md), and so is the sealing itself.
pub trait Context {
    /// This box's identity key.
    fn key(&self) -> &DeviceKey;

    /// The membership list held now. Asked anew after each admission.
    fn membership(&self) -> Arc<Membership>;

    /// What is durable now.
    fn holdings(&self) -> Arc<Holdings>;

    /// The registers held now, sorted, one per slot; the session takes out what the pair does not exchange.
    fn registers(&self) -> Vec<RegisterMark>;

    /// One of them.
    fn register(&self, mark: &RegisterMark) -> Option<Register>;

    /// Consecutive entries of a log from `first` on, within the budget but at least one, in wire form. None when they are
    /// not held, or when they are another writer's, this box is not the centre and no proof is kept that ends
    /// where the stretch would end (see [`Stretch::proof`]); such a stretch may be longer than the budget, since it must end at a
    /// proof: it once came as one segment.
    fn stretch(&mut self, log: &LogId, first: u64, budget: Budget) -> Option<Stretch>;

    /// Presses entries of a log, as [`Context::stretch`] gave them, into a payload of codec 3; none when this box has no
    /// such way, or they are over its bounds: then they travel one by one.
    fn press(&self, _log: &LogId, _entries: &[Entry]) -> Option<Pressed> {
        None
    }

    /// What another box pressed, in wire form; none when these are not its bytes. Allows no more to come out than `inflated`.
    fn expand(&self, _log: &LogId, _pressed: &[u8], _count: usize, _inflated: usize) -> Option<Vec<Entry>> {
        None
    }

    /// Judges and stores what arrived, in this order, in one commit where possible. One outcome per arrival. `Durable`
    /// means that a power cut can no longer take it away: it is acknowledged at once. Signatures, seal,
    /// limits and declared lengths have been checked; links ([`crate::chain::verify_segment`]), membership and content have not.
    fn admit(&mut self, peer: &DeviceId, arrivals: Vec<Arrival>) -> Vec<Outcome>;

    /// The version of the newest sealing key known of a member; none when no key is known.
    fn sealing_key(&self, recipient: &DeviceId) -> Option<u64>;

    /// Seals to that key of the recipient (docs/formats/cells.md).
    fn seal(
        &mut self,
        recipient: &DeviceId,
        version: u64,
        aad: &[u8; 32],
        plaintext: &[u8],
    ) -> Option<Sealed>;

    /// Opens what was sealed to this box's key of that version; none when the key is gone or the seal does not open.
    fn open(&mut self, version: u64, aad: &[u8; 32], sealed: &Sealed) -> Option<Vec<u8>>;

    /// What was last remembered of a peer.
    fn recall(&self, peer: &DeviceId) -> Option<Vec<u8>>;

    /// Remembers about a peer. A hint only: it may be lost, or be older than the truth, so it need not be durable.
    fn remember(&mut self, peer: &DeviceId, memory: Vec<u8>);

    /// The peer says that it durably holds the log up to `seq`: for the 在途 state of a record, never for 中心已回执.
    fn acknowledged(&mut self, peer: &DeviceId, log: &LogId, seq: u64);

    /// Blobs; none for a box that takes no part in them.
    fn attachments(&mut self) -> Option<&mut dyn Attachments> {
        None
    }
}

/// How much a stretch may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Entries.
    pub entries: usize,
    /// Bytes of bodies in wire form; the first entry is given even when it is longer.
    pub bytes: usize,
}

/// Consecutive entries of one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The link before the first entry.
    pub prev: Link,
    /// In wire form.
    pub entries: Vec<Entry>,
    /// The link after the last one.
    pub last: Link,
    /// For another writer's log on a box that is not the centre: the header of the segment that brought these entries, as the
    /// writer or the centre signed it ([`crate::SegmentHeader::to_proof`]); it must end where the stretch ends. So a
    /// station can give a restored centre its own entries back, and nobody can invent them.
    pub proof: Option<Vec<u8>>,
}

/// A stretch's entries as one payload of codec 3.
#[derive(Clone, PartialEq, Eq)]
pub struct Pressed {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// What a reader must allow to come out of them.
    pub inflated: usize,
}

/// A sealed payload.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// HPKE's encapsulated key.
    pub encapsulated: [u8; 32],
    /// The ciphertext with its tag.
    pub ciphertext: Vec<u8>,
}

/// Something that arrived and is to be admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// An opening, its signature verified.
    Opening(Opening),
    /// A segment whose signer and payload were verified, and its entries in wire form.
    Segment {
        /// As it came. Keep [`crate::SegmentHeader::to_proof`] where the log is another's.
        segment: Box<Segment>,
        /// What its payload holds.
        entries: Vec<Entry>,
    },
    /// A register, its signature and owner verified; a membership list's chain to the root has not been.
    Register(Register),
}

/// What became of an arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// On disk, or there already; for a segment, `seq` is the head now held.
    Durable {
        /// 0 for an opening or a register.
        seq: u64,
    },
    /// Entries before it are missing: resend from here. 0 when even the opening is missing.
    Gap {
        /// The first entry wanted.
        want: u64,
    },
    /// A chain fault or no room; never a content fault.
    Refused(Reason),
}

impl fmt::Debug for Pressed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pressed({} bytes)", self.bytes.len())
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.ciphertext.len())
    }
}
