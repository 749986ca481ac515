//! Every limit of this crate, with its reason.

/// Operations in one change. A form of 60 fields is 130; the rest is room for imports of the catalogue.
pub const OPS_MAX: usize = 4_096;

/// Bytes of one raw change. Attachments are blobs elsewhere, so text is all there is.
pub const RAW_BYTES_MAX: usize = 64 * 1024;

/// Changes in one document. A case sees tens; each costs memory and time at every load.
pub const CHANGES_MAX: usize = 2_000;

/// Bytes of one saved document.
pub const SAVED_BYTES_MAX: usize = 1024 * 1024;

/// Changes after which this box refuses to edit on: below [`CHANGES_MAX`], so that edits made apart by honest boxes
/// still merge.
pub const EDIT_CHANGES_MAX: usize = 1_800;

/// Saved bytes after which this box refuses to edit on, for the same reason.
pub const EDIT_SAVED_BYTES_MAX: usize = 896 * 1024;

/// The largest operation counter: what a full document could reach honestly. Automerge panics near 2^32.
pub const COUNTER_MAX: u64 = (CHANGES_MAX * OPS_MAX) as u64;

/// Changes that one change may name as its direct dependencies: every box of a township editing one record apart.
pub const DEPS_MAX: usize = 256;

/// Other writers that one change may mention.
pub const ACTORS_MAX: usize = 256;

/// Operations that the operations of one change may supersede together.
pub const PREDS_MAX: usize = 2 * OPS_MAX;

/// Bytes of a fact's or cell's name.
pub const NAME_BYTES_MAX: usize = 128;

/// Bytes of a cell's plaintext (docs/formats/cells.md).
pub const PLAINTEXT_BYTES_MAX: usize = 8 * 1024;

/// Bytes of one event.
pub const EVENT_BYTES_MAX: usize = 32 * 1024;

/// Persons whose seeds one change may carry.
pub const PERSONS_MAX: usize = 256;

/// Bytes that Automerge adds to an operation at most (ids, lengths, columns), for judging an edit before it is made.
pub(crate) const OP_OVERHEAD_BYTES: usize = 48;

/// Bytes that Automerge adds to a change at most beside its operations.
pub(crate) const CHANGE_OVERHEAD_BYTES: usize = 1_024;
