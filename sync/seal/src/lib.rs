//! The cryptography of what is personal (docs/formats/cells.md): sealed cells and blobs, the key bag that keeps their
//! seeds on disk, and sealing a payload to one box (HPKE).
//!
//! Architecture Invariant: this crate reads no clock, no randomness and no disk; random bytes are arguments. No
//! secret and no plaintext appears in a `Debug` or an error text, and secrets are wiped when dropped.
//!
//! Start with [`seal_cell`], then [`BagKey`] and [`seal_to`].

mod bag;
mod blob;
mod cell;
mod hpke_box;
pub mod limit;
mod secret;
#[cfg(test)]
mod tests;

pub use bag::BagKey;
pub use blob::{BlobKind, BlobPlace, open_blob, seal_blob};
pub use cell::{CellKey, CellPlace, is_cell, open_cell, seal_cell};
pub use hpke_box::{SealingKey, SealingPublic, open_from, seal_to};
pub use secret::Seed;

/// Why something was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// Longer than a cell or blob may be.
    #[error("too long to be sealed")]
    TooLong,
    /// The recipient's key is no usable X25519 key.
    #[error("the recipient's sealing key is unusable")]
    Recipient,
    /// The cipher refused: more bytes than it can take.
    #[error("the cipher refused")]
    Cipher,
}

/// Why something did not open. It never says what was inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenFault {
    /// Not the form of a sealed value, or of a version we do not know.
    #[error("not a sealed value of a known version")]
    Form,
    /// Another key, another place, or changed bytes.
    #[error("it does not open with this key at this place")]
    Key,
    /// It opened, but is no UTF-8.
    #[error("the opened text is not UTF-8")]
    Text,
}
