//! Bugs put in on purpose: a simulation that does not find them proves nothing.

use std::fmt;

/// A bug, as a wrapper around one of the ports or as a policy argument. Never a feature of the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plant {
    /// A box draws the same writer epoch (so the same actor) at every start.
    EpochKept,
    /// Admission hands Automerge whatever parses: `start_op` is not checked, nor anything else.
    Reckless,
    /// A station keeps the receipt that covers more, instead of the newest.
    ReceiptMaxMerged,
    /// A commit is called durable before it is.
    SaidBeforeSync,
    /// A revoked box is stopped in the epochs that were known when it was cut, and in no other.
    CutByEpoch,
    /// A segment that comes a second time is written down as a second record.
    DuplicateApplied,
    /// A segment with a gap before it is acknowledged.
    GapIgnored,
    /// The centre's receipt does not say what it holds without having applied it.
    HeldUnsaid,
    /// Entries older than the newest clock seen are taken for stale and dropped.
    ClockDecides,
    /// What the centre wrote before it was restored is not taken back.
    OwnEntriesRefused,
    /// A piece of a photo is stored as it came, whatever its hash.
    PieceUnverified,
    /// A piece of a photo is called durable before it is stored.
    PieceSaidEarly,
    /// The centre's receipt does not say which photos are missing.
    MissingUnsaid,
}

impl Plant {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::EpochKept,
        Self::Reckless,
        Self::ReceiptMaxMerged,
        Self::SaidBeforeSync,
        Self::CutByEpoch,
        Self::DuplicateApplied,
        Self::GapIgnored,
        Self::HeldUnsaid,
        Self::ClockDecides,
        Self::OwnEntriesRefused,
        Self::PieceUnverified,
        Self::PieceSaidEarly,
        Self::MissingUnsaid,
    ];

    /// A name for reports and commands.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EpochKept => "epoch-kept-over-restore",
            Self::Reckless => "start-op-unchecked",
            Self::ReceiptMaxMerged => "receipt-max-merged",
            Self::SaidBeforeSync => "acknowledged-before-fsync",
            Self::CutByEpoch => "cut-by-epoch-only",
            Self::DuplicateApplied => "duplicate-applied-twice",
            Self::GapIgnored => "gap-ignored",
            Self::HeldUnsaid => "held-called-received",
            Self::ClockDecides => "clock-decides",
            Self::OwnEntriesRefused => "own-entries-not-taken-back",
            Self::PieceUnverified => "piece-not-verified",
            Self::PieceSaidEarly => "piece-acknowledged-before-stored",
            Self::MissingUnsaid => "missing-called-received",
        }
    }
}

impl fmt::Display for Plant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
