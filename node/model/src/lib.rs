//! What a station does: items, cases, clocks, papers, people. Pure: no I/O, no clock, no randomness.
pub mod record;
