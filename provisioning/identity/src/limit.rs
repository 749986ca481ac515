//! Limits of what a membership list may hold, each with its reason.

/// A list in bytes: it is exchanged with boxes that are not yet trusted, so it must stay small.
pub const LIST_BYTES: usize = 64 * 1024;
/// Members: a township has 10–30 stations; twice the largest, and spare boxes.
pub const MEMBERS: usize = 128;
/// Cut devices: boxes replaced, stolen or retired over many years.
pub const CUTS: usize = 256;
/// Heads in one cut or ruling. Ancestor epochs are covered by the heads of their descendants, so few are needed.
pub const HEADS: usize = 256;
/// Rulings on forks: a fork takes a restored backup or a cloned card, so these are rare.
pub const RULINGS: usize = 256;
/// Addresses of one member.
pub const ADDRESSES: usize = 8;
/// One address "host:port" in bytes (a host name is at most 253).
pub const ADDRESS_BYTES: usize = 264;
/// A station's name in bytes: 40 Chinese characters.
pub const NAME_BYTES: usize = 120;
/// The highest station number: four digits are printed.
pub const STATION_MAX: u16 = 9999;
/// Digits of an administrative division code down to the village (GB/T 10114).
pub const DIVISION_DIGITS: usize = 12;
