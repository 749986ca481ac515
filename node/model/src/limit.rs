//! Every constant limit of the model, with its reason.

/// Bytes of one text in an event: an event must stay small beside a change's 64 KiB.
pub const EVENT_TEXT: usize = 1024;
/// Entries of one list in an event: more than any item has materials.
pub const EVENT_LIST: usize = 256;
/// Bytes of one plain fact.
pub const FACT_TEXT: usize = 1024;
/// Bytes of one personal value: cells are at most 8 KiB of plaintext (docs/formats/cells.md), a page shows less.
pub const CELL_TEXT: usize = 4096;
/// Names one save may touch: a form of 60 fields with 22 members stays well below.
pub const SAVE_NAMES: usize = 512;
/// Household members a case can list: person numbers 2..=8 and 10..=24.
pub const MEMBERS: u64 = 24;
/// Characters of a search text that are looked at; positions are kept in one 64-bit mask.
pub const QUERY_CHARS: usize = 60;
/// Working days within which papers taken on behalf go to the township (practice; the default of a setting).
pub const HAND_OVER_WORKING_DAYS: u16 = 3;
/// Working days within which all gaps must be told (行政许可法 §32).
pub const NOTICE_WORKING_DAYS: u16 = 5;
/// Working days within which the result is delivered (行政许可法 §44).
pub const DELIVER_WORKING_DAYS: u16 = 10;
/// Longest limit that is computed, in days; anything longer is a typing error.
pub const LIMIT_DAYS: u16 = 1000;
