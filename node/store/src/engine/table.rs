use std::fmt;

/// A table of the database. What each holds stands in docs/formats/disk.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Name → schema version, commit counter, device, township root …
    Meta,
    /// Document id → saved document.
    Docs,
    /// Log → local index and head.
    Logs,
    /// Local index → log: the inverse of [`Table::Logs`].
    LogNames,
    /// Device and epoch → opening.
    Openings,
    /// Local index and seq → entry.
    Journal,
    /// Document and journal key → nothing: entries parked or held.
    Waiting,
    /// Document → this box's own entries for it.
    Origin,
    /// Document and person → wrapped seed.
    Seeds,
    /// Kind, owner, subject → register.
    Registers,
    /// View and the view's key → index row.
    Rows,
    /// Number → audit record.
    Audit,
    /// Staff id → account.
    Staff,
    /// Hash → header, hash and number → piece of a sealed attachment.
    Blobs,
    /// Search tag and document → nothing.
    Tags,
    /// Name → number.
    Counters,
    /// Hash of a web session's token → session.
    Sessions,
    /// Document and journal key → nothing: every entry of a document.
    Entries,
    /// Local index and last seq → the signed header that brought these entries.
    Proofs,
    /// Peer → what was last remembered of it.
    Peers,
    /// Document and blob → its bytes: which document holds which blob.
    BlobRefs,
    /// Blob → its document, and how far it is here.
    BlobDocs,
}

impl Table {
    /// Every table, in the order of declaration.
    pub const ALL: [Self; 22] = [
        Self::Meta,
        Self::Docs,
        Self::Logs,
        Self::LogNames,
        Self::Openings,
        Self::Journal,
        Self::Waiting,
        Self::Origin,
        Self::Seeds,
        Self::Registers,
        Self::Rows,
        Self::Audit,
        Self::Staff,
        Self::Blobs,
        Self::Tags,
        Self::Counters,
        Self::Sessions,
        Self::Entries,
        Self::Proofs,
        Self::Peers,
        Self::BlobRefs,
        Self::BlobDocs,
    ];

    /// The name on disk. Never changes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Docs => "docs",
            Self::Logs => "logs",
            Self::LogNames => "log_names",
            Self::Openings => "openings",
            Self::Journal => "journal",
            Self::Waiting => "waiting",
            Self::Origin => "origin",
            Self::Seeds => "seeds",
            Self::Registers => "registers",
            Self::Rows => "rows",
            Self::Audit => "audit",
            Self::Staff => "staff",
            Self::Blobs => "blobs",
            Self::Tags => "tags",
            Self::Counters => "counters",
            Self::Sessions => "sessions",
            Self::Entries => "entries",
            Self::Proofs => "proofs",
            Self::Peers => "peers",
            Self::BlobRefs => "blob_refs",
            Self::BlobDocs => "blob_docs",
        }
    }

    /// Position in [`Table::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
