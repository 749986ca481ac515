//! Where a record is, told from what is signed and stored, never from the state of a link.

use crate::{Holdings, Known, Receipt, Scope};
use identity::{DeviceId, LogId};

/// Where a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// 本机已存: on this box's disk only.
    Saved,
    /// 在途: another box or a courier file durably holds all of it that the centre has not confirmed.
    InTransit,
    /// The centre holds it but has not adopted it, for the reason of admission.
    NotAdopted(u8),
    /// The centre has adopted it and lacks some of its blobs.
    Missing {
        /// Blobs that the centre has.
        present: usize,
        /// Blobs that the record names.
        total: usize,
    },
    /// 中心已回执: on the centre's disk, applied, blobs complete.
    Received,
}

/// The newest receipt, read with this box's own openings. Build it again when a newer one replaces it; there is no way to
/// join two.
#[derive(Debug, Clone)]
pub struct Confirmed {
    receipt: Receipt,
    durable: Known,
    backed_up: Known,
}

impl Confirmed {
    /// Reads a receipt about the logs of `device`.
    #[must_use]
    pub fn new(receipt: Receipt, device: &DeviceId, holdings: &Holdings) -> Self {
        let scope = Scope::WrittenBy(*device);
        let durable = receipt.durable.read_with(holdings, &scope);
        let backed_up = receipt.backed_up.read_with(holdings, &scope);
        Self { receipt, durable, backed_up }
    }

    /// The receipt.
    #[must_use]
    pub fn receipt(&self) -> &Receipt {
        &self.receipt
    }

    /// Whether a receipt that arrived takes this one's place: the higher (generation, incarnation, number). What it
    /// says may be less than before; then records go back to 在途 and are sent again.
    #[must_use]
    pub fn is_replaced_by(&self, other: &Receipt) -> bool {
        other.order() > self.receipt.order()
    }

    /// Whether entry `seq` of `log` is on the centre's disk.
    #[must_use]
    pub fn covers(&self, log: &LogId, seq: u64) -> bool {
        self.durable.covers(log, seq)
    }

    /// Whether it is in the centre's backup too.
    #[must_use]
    pub fn is_backed_up(&self, log: &LogId, seq: u64) -> bool {
        self.backed_up.covers(log, seq)
    }
}

/// Where a record is whose own entries are `own` (log and number) and which names `blobs`. `relayed` tells up to which
/// entry of a log another box or a courier file has said to hold it durably; 0 for none.
#[must_use]
pub fn truth(
    own: &[(LogId, u64)],
    blobs: &[[u8; 32]],
    confirmed: Option<&Confirmed>,
    relayed: &dyn Fn(&LogId) -> u64,
) -> Truth {
    if own.is_empty() {
        return Truth::Saved;
    }
    let mut pending =
        own.iter().filter(|(log, seq)| !confirmed.is_some_and(|c| c.covers(log, *seq))).peekable();
    if pending.peek().is_some() {
        let everywhere = pending.all(|(log, seq)| relayed(log) >= *seq);
        return if everywhere { Truth::InTransit } else { Truth::Saved };
    }
    let Some(confirmed) = confirmed else { return Truth::Saved };
    let held = |(log, seq): &(LogId, u64)| {
        confirmed.receipt.held.iter().find(|held| held.log == *log && held.seq == *seq)
    };
    if let Some(held) = own.iter().find_map(held) {
        return Truth::NotAdopted(held.reason);
    }
    let present = blobs.iter().filter(|blob| confirmed.receipt.missing.binary_search(blob).is_err()).count();
    if present < blobs.len() {
        return Truth::Missing { present, total: blobs.len() };
    }
    Truth::Received
}
