use super::Intake;
use crate::ActError;
use identity::{DeviceId, Role, StationNo};
use store::journal::{self, State};
use store::registers;
use store::{logs, waiting};
use sync::{Frontier, HeldEntry, Receipt, Scope, Slot, kind};

/// Entries held that one receipt lists; a longer list only says less, never more.
const HELD_MAX: usize = 256;

impl Intake<'_, '_> {
    /// The centre's word that it holds what came: made in the same commit as the entries, so it is never early.
    pub(super) fn receipts(&mut self) -> Result<(), ActError> {
        if !self.job.node.is_centre() {
            return Ok(());
        }
        for writer in std::mem::take(&mut self.writers) {
            let Some(member) = self.membership.writer(&writer) else { continue };
            if member.role == Role::Station {
                self.receipt(&writer, member.station)?;
            }
        }
        Ok(())
    }

    pub(super) fn receipt(&mut self, writer: &DeviceId, station: StationNo) -> Result<(), ActError> {
        let slot = Slot { kind: kind::RECEIPT, owner: None, subject: u64::from(station.0) };
        let before =
            registers::get(self.job.tx, &slot)?.and_then(|register| Receipt::from_register(&register).ok());
        let incarnation = self.membership.incarnation();
        let number = match &before {
            Some(before) if before.incarnation == incarnation => before.number + 1,
            Some(_) | None => 1,
        };
        let receipt = Receipt {
            generation: self.membership.number().generation,
            incarnation,
            number,
            durable: self.holdings.view(&Scope::WrittenBy(*writer), &self.membership).frontier,
            backed_up: Frontier::default(),
            held: self.held_of(writer)?,
            missing: Vec::new(),
        };
        registers::put(self.job.tx, &receipt.sign(self.job.node.key(), station))?;
        Ok(())
    }

    fn held_of(&self, writer: &DeviceId) -> Result<Vec<HeldEntry>, ActError> {
        let mut held = Vec::new();
        for (_, place) in waiting::page(self.job.tx, None, usize::MAX)? {
            let log = logs::named(self.job.tx, place.log)?;
            let Some(stored) = journal::get(self.job.tx, &place)? else { continue };
            let reason = match stored.state {
                State::Held { reason } => reason,
                State::Parked => 0,
                State::Applied => continue,
            };
            if log.device == *writer && held.len() < HELD_MAX {
                held.push(HeldEntry { log, seq: place.seq, reason });
            }
        }
        held.sort_unstable();
        Ok(held)
    }
}
