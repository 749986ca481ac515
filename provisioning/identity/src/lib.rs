//! Who is who in a township: device keys, writer epochs, logs, and what the signed membership list says about
//! them: roles, cuts (revocations) and rulings (docs/formats/identity.md).
//!
//! Architecture Invariant: this crate reads no clock, no randomness, no disk and no network; seeds and bytes are
//! arguments. No decision of trust in it depends on a date, an address or a name.
//!
//! Start with [`DeviceKey`] and [`LogId`], then [`MembershipList`] (what is signed) and [`Membership`] (what has been verified).

mod cut;
mod delegation;
mod key;
pub mod limit;
mod list;
mod log;
mod membership;
mod step;
#[cfg(test)]
mod tests;

pub use cut::{Cut, CutFault, Openings, Ruling};
pub use delegation::{Delegation, RootId, RootKey, TownshipId};
pub use key::{BadSignature, DeviceId, DeviceKey, Signature};
pub use list::{ListNumber, Member, MemberSealing, MembershipList, Role, Roster};
pub use log::{Audience, Epoch, Head, Lane, Link, LogId, StationNo, actor};
pub use membership::{ListFault, Membership, Writer};
pub use step::{Adoption, Order, StepFault};
