//! What this crate promises, tried from outside.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on has failed; clippy sees tests only where #[test] stands"
)]

mod golden;
mod guard;
mod merge;
mod press;
mod secrecy;
mod wire;
mod world;
