use super::{Intake, missing, waiting};
use crate::commit::Job;
use crate::{ActError, Node};
use identity::{DeviceId, LogId, Membership, Role, StationNo};
use std::collections::BTreeMap;
use store::engine::ReadTx;
use store::{journal, logs, registers};
use sync::{Frontier, HeldEntry, Receipt, Register, Scope, Slot, kind, limit};

impl Intake<'_, '_> {
    /// The centre's word to these writers, in the commit of a job that changed what it has to say.
    pub(crate) fn receipts_for(job: &mut Job<'_>, writers: Vec<DeviceId>) -> Result<(), ActError> {
        let mut intake = Intake::new(job)?;
        intake.writers.extend(writers);
        intake.receipts()
    }

    /// The centre's word that it holds what came: made in the same commit as the entries, so it is never early.
    pub(super) fn receipts(&mut self) -> Result<(), ActError> {
        let writers = std::mem::take(&mut self.writers);
        let own = self.job.node.device();
        if self.membership.centre().is_none_or(|centre| centre.device != own) {
            return Ok(());
        }
        let mut held: BTreeMap<DeviceId, Vec<HeldEntry>> = BTreeMap::new();
        for (log, waits) in waiting::all(&*self.job.tx)? {
            if let (Some(reason), true) = (waiting::reason_of(waits.state), writers.contains(&log.device)) {
                held.entry(log.device).or_default().push(HeldEntry { log, seq: waits.place.seq, reason });
            }
        }
        for writer in writers {
            // A cut member hears nothing any more, and its number may be another box's by now.
            let Some(member) = self.membership.member(&writer) else { continue };
            if member.role == Role::Station {
                let station = member.station;
                self.receipt(&writer, station, held.remove(&writer).unwrap_or_default())?;
            }
        }
        Ok(())
    }

    fn receipt(
        &mut self,
        writer: &DeviceId,
        station: StationNo,
        held: Vec<HeldEntry>,
    ) -> Result<(), ActError> {
        let slot = Slot { kind: kind::RECEIPT, owner: None, subject: u64::from(station.0) };
        let own = self.job.node.device();
        let before = registers::get(self.job.tx, &slot)?.filter(|register| register.owner == own);
        let before = before.and_then(|register| Receipt::from_register(&register).ok());
        let incarnation = self.membership.incarnation();
        let number = match &before {
            Some(before) if before.incarnation == incarnation => before.number + 1,
            Some(_) | None => 1,
        };
        let (held, mut unnamed) = named(held);
        let (missing, unsaid) = missing::of(self.job.tx, writer, station)?;
        for (log, first) in unsaid {
            unnamed.entry(log).and_modify(|seq| *seq = first.min(*seq)).or_insert(first);
        }
        let receipt = Receipt {
            generation: self.membership.number().generation,
            incarnation,
            number,
            durable: self.durable(writer, &unnamed)?,
            backed_up: Frontier::default(),
            held,
            missing,
        };
        registers::put(self.job.tx, &receipt.sign(self.job.node.key(), station))?;
        Ok(())
    }

    /// What is held of a writer's logs; of those with an entry that the receipt could not name, only what stands before it.
    fn durable(&self, writer: &DeviceId, unnamed: &BTreeMap<LogId, u64>) -> Result<Frontier, ActError> {
        let scope = Scope::WrittenBy(*writer);
        if unnamed.is_empty() {
            return Ok(self.holdings.view(&scope, &self.membership).frontier);
        }
        let mut holdings = self.holdings.clone();
        for (log, first) in unnamed {
            holdings.forget(log);
            let Some(held) = logs::get(self.job.tx, log)?.filter(|_| *first > 1) else { continue };
            if let Some(link) = journal::link_at(self.job.tx, &held, first - 1)? {
                holdings.set_head(identity::Head { log: *log, seq: first - 1, link });
            }
        }
        Ok(holdings.view(&scope, &self.membership).frontier)
    }
}

impl Node {
    /// A centre that starts with a list of another generation or incarnation than its receipts name (it was restored from
    /// a backup, and the list came with its kit) says anew to everybody what it holds.
    ///
    /// # Errors
    /// When the disk says no.
    pub(crate) fn keep_receipts(&self) -> Result<(), ActError> {
        if !self.is_centre() {
            return Ok(());
        }
        let membership = self.membership();
        let said = registers::list(&*self.engine().read()?, Some(kind::RECEIPT))?;
        if said.iter().all(|register| is_of(register, &membership)) {
            return Ok(());
        }
        let _one = self.one_admission_at_a_time();
        self.commit(move |job: &mut Job<'_>| {
            Intake::receipts_for(job, membership.members().iter().map(|member| member.device).collect())
        })
    }

    /// Says anew to every station that has heard from this centre what it holds and what is missing: its rows were made anew,
    /// and it may know of more.
    pub(crate) fn renew_receipts(&self) -> Result<(), ActError> {
        let membership = self.membership();
        let said = registers::list(&*self.engine().read()?, Some(kind::RECEIPT))?;
        let heard = |station: StationNo| said.iter().any(|said| said.subject == u64::from(station.0));
        let members = membership.members().iter().filter(|member| heard(member.station));
        let writers: Vec<DeviceId> = members.map(|member| member.device).collect();
        if !self.is_centre() || writers.is_empty() {
            return Ok(());
        }
        let _one = self.one_admission_at_a_time();
        self.commit(move |job: &mut Job<'_>| Intake::receipts_for(job, writers))
    }
}

/// Whether a receipt is the present centre's, of the present generation and incarnation.
fn is_of(register: &Register, membership: &Membership) -> bool {
    let term = Receipt::from_register(register)
        .map(|receipt| (receipt.generation, receipt.incarnation, Some(register.owner)));
    term.is_ok_and(|term| term == membership.centre_term())
}

/// The newest receipt of a station that counts: of the present centre, generation and incarnation. What another centre
/// said, or this one before it was restored, is nobody's word any more.
///
/// # Errors
/// When the disk says no.
pub(crate) fn valid(
    tx: &dyn ReadTx,
    membership: &Membership,
    station: StationNo,
) -> Result<Option<Receipt>, ActError> {
    let slot = Slot { kind: kind::RECEIPT, owner: None, subject: u64::from(station.0) };
    let register = registers::get(tx, &slot)?.filter(|register| is_of(register, membership));
    Ok(register.and_then(|register| Receipt::from_register(&register).ok()))
}

/// The entries that a receipt has room for, sorted, and of each log the first one that it cannot name. The first of every
/// log comes before the second of any, so that one log full of faults does not hide the others.
fn named(mut held: Vec<HeldEntry>) -> (Vec<HeldEntry>, BTreeMap<LogId, u64>) {
    held.sort_unstable();
    let mut ranked: Vec<(usize, HeldEntry)> = Vec::with_capacity(held.len());
    for entry in held {
        let rank = ranked.last().filter(|(_, last)| last.log == entry.log).map_or(0, |(rank, _)| rank + 1);
        ranked.push((rank, entry));
    }
    ranked.sort_unstable();
    let mut unnamed: BTreeMap<LogId, u64> = BTreeMap::new();
    for (_, entry) in ranked.split_off(ranked.len().min(limit::RECEIPT_HELD)) {
        unnamed.entry(entry.log).and_modify(|first| *first = entry.seq.min(*first)).or_insert(entry.seq);
    }
    let mut named: Vec<_> = ranked.into_iter().map(|(_, entry)| entry).collect();
    named.sort_unstable();
    (named, unnamed)
}
