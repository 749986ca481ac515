//! 上门: a tablet leaves the station's Wi-Fi with a few items, takes down what is said at somebody's home, sealed under the
//! trip's key, and brings it back as drafts of this station, each exactly once.
//!
//! The box makes the key and the 口令 that opens it on the tablet. It keeps the key, wrapped like every seed, so that a
//! forgotten 口令 loses nothing; it never keeps the 口令. Both go when the tablet has told that nothing is left on it, or when
//! somebody says that it is lost (docs/decisions/0015-a-tablet-away-from-the-box.md).

mod bring;
mod photo;
mod prepare;
mod registry;
#[cfg(test)]
mod tests;

pub use bring::{Bring, Landed};
pub use photo::PhotoLanded;
pub use prepare::Prepared;
pub use registry::Trip;

use crate::cases::CaseId;
use crate::{ActError, Node, views};

/// A trip's identity: in addresses as 32 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TripId(pub [u8; 16]);

impl TripId {
    /// 32 hex digits.
    #[must_use]
    pub fn hex(self) -> String {
        data_encoding::HEXLOWER.encode(&self.0)
    }

    /// Reads [`TripId::hex`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        number(text).map(Self)
    }
}

/// A number that a tablet made: 32 hex digits.
#[must_use]
pub fn number(text: &str) -> Option<[u8; 16]> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

impl Node {
    /// Drafts that trips brought back and nobody has finished, the last touched first, and how many there are.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn brought(&self, count: usize) -> Result<(Vec<crate::cases::DraftLine>, usize), ActError> {
        let tx = self.engine().read()?;
        let ids = views::brought(&*tx)?;
        let total = ids.len();
        let lines = ids.into_iter().take(count).map(|id| self.draft_line(&*tx, CaseId(id)));
        Ok((lines.collect::<Result<_, _>>()?, total))
    }
}
