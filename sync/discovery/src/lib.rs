//! Neighbours: where other boxes may be found. Given addresses, last-known ones, and multicast (mDNS).
//!
//! Never decides whom to trust: it emits addresses worth dialling, and the handshake of `transport` proves keys. What
//! multicast says may be forged by anybody on the network, so all it can cause is a bounded number of dials.
//!
//! Start with [`Neighbours`].

mod announcement;
mod ear;
pub mod limit;
mod neighbours;
mod table;
#[cfg(test)]
mod tests;

pub use announcement::{Announcement, Versions};
pub use neighbours::{DiscoveryStatus, LastKnown, Multicast, Neighbours};
