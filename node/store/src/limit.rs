//! Every limit of this crate, with its reason.

/// Bytes of a key. Our longest (a log: device, epoch, audience, lane) takes about 60; redb allows far more, but
/// a long key is a programming error that would bloat every branch page.
pub const KEY_BYTES_MAX: usize = 512;

/// Bytes of a value: the largest thing stored is a document (1 MiB); blobs stand in pieces.
pub const VALUE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Bytes of a piece of a blob: what goes over a bad line at once and is asked for again when it did not arrive.
pub const BLOB_PIECE_BYTES: usize = sync::limit::BLOB_PIECE_BYTES;

/// Pieces of a blob: a photo reduced on the page has five; a header of all of them fits one piece.
pub const BLOB_PIECES_MAX: usize = sync::limit::BLOB_PIECES;

/// Bytes of a blob that comes from elsewhere: an image of 1 MiB (docs/formats/blob.md), sealed.
pub const BLOB_TAKEN_BYTES_MAX: u64 = 1024 * 1024 + 64;

/// Writes are refused when less than this is free on the disk, in bytes: room to close cleanly, to write logs, to
/// make a diagnostics file and for the largest transaction (a receipt of many segments) twice over.
pub const FREE_BYTES_MIN: u64 = 96 * 1024 * 1024;

/// Page cache of the database, in bytes. The smallest box has 1 GiB of memory.
pub const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// Files up to this many bytes are checked whole while opening; larger ones after (a memory card reads some
/// 100 MB a second, and opening may take 2 s).
pub const CHECK_ON_OPEN_BYTES_MAX: u64 = 192 * 1024 * 1024;

/// Bytes of keys and values copied by one commit of a backup, so that a backup never holds the database in memory.
pub const BACKUP_BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Jobs that share one commit at most: bounds the memory of the group and how long the first one waits.
pub const GROUP_JOBS_MAX: usize = 1024;

/// Own logs that one document's entries may stand in: one for each process start that touched it, times two audiences. A
/// document worked on for a year of daily restarts takes 730.
pub const OWN_LOGS_MAX: usize = 8192;

/// Bytes that work done ahead of its turn may rest on: they are compared in the turn, and held until then. An act reads
/// a case and its rows, some 10 KB.
pub const AHEAD_BYTES_MAX: usize = 256 * 1024;
