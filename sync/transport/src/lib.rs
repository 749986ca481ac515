//! Links between boxes: mutual TLS 1.3 over TCP that drives a sync session.
//!
//! Never decides what is exchanged (that is `sync`), never trusts an address, a name or a date: a peer is its
//! Ed25519 key, proven by the handshake and admitted by the [`Gatekeeper`], which is asked again after every event, so a
//! cut ends links that stand. Never reads the system clock. Every refusal is logged with its reason and counted.
//!
//! Start with [`Mesh`] (what runs), [`Gatekeeper`] (who may come in) and [`Host`] (the box behind the links); then
//! `tls`, `serve`, `driver` in the order in which a connection meets them.

mod core;
mod dialler;
mod driver;
mod gate;
pub mod limit;
mod link;
mod mesh;
mod pipe;
mod ports;
mod roster;
mod serve;
mod stats;
mod strangers;
#[cfg(test)]
mod testing;
mod tls;

pub use crate::core::DialStatus;
pub use gate::{Gatekeeper, Peer, Refusal};
pub use limit::Patience;
pub use mesh::{Mesh, MeshStatus, MeshWatch, Parts};
pub use ports::{Clock, Dice, Host, Seat};
pub use roster::PeerStatus;
pub use stats::LinkStats;
pub use tls::{ALPN, Dateless, LinkKey, Rejection, Tls, TlsFault};
