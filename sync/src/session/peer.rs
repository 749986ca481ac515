//! What is known of the peer, and what is remembered of it for the next time.

use super::{Said, Session, Turn};
use crate::holdings::epoch_of;
use crate::memory::Memory;
use crate::{Frontier, Holdings, Known, RegisterMark, Scope, Slot, limit};
use canon::Canon as _;
use identity::LogId;
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct Peer {
    /// What it holds, as far as it said, acknowledged or sent us.
    pub(super) known: Known,
    /// Registers that it holds or was sent.
    pub(super) registers: BTreeMap<Slot, RegisterMark>,
    /// Registers sent in this session.
    sent: BTreeMap<Slot, RegisterMark>,
    /// Both are known to hold the same, or did when they last compared.
    pub(super) agreed: bool,
    /// It sent its vector: so settled follows.
    pub(super) differs: bool,
    /// A difference that stays has been noted.
    pub(super) noted: bool,
    /// Something moved since the digests were last compared.
    pub(super) recheck: bool,
    /// It has said in this session what it holds, by its vector or by an equal digest.
    pub(super) has_told: bool,
    /// The digest of its last settled.
    pub(super) told_settled: Option<[u8; 16]>,
    /// The digest of ours.
    pub(super) said_settled: Option<[u8; 16]>,
    /// The last whole statement of what it holds, and what it acknowledged since.
    /// The protocol version spoken: until its hello the one of the last time, 0 when that is not known.
    pub(super) spoken: u8,
    base: Frontier,
    acked: BTreeMap<LogId, u64>,
    unsaved: bool,
}

impl Peer {
    pub(super) fn seq(&self, log: &LogId) -> u64 {
        self.known.heads.get(log).map_or(0, |(seq, _)| *seq)
    }

    pub(super) fn holds(&mut self, log: &LogId, seq: u64) {
        let head = self.known.heads.entry(*log).or_default();
        if head.0 < seq {
            *head = (seq, [0; 8]);
            self.acked.insert(*log, seq);
            self.unsaved = true;
        }
        self.known.epochs.insert(epoch_of(log));
    }

    /// It turns out to hold less than was thought.
    pub(super) fn lacks(&mut self, log: &LogId, from: u64) {
        self.known.heads.insert(*log, (from.saturating_sub(1), [0; 8]));
        self.acked.remove(log);
        if from == 0 {
            self.known.epochs.remove(&epoch_of(log));
        }
    }

    pub(super) fn holds_register(&mut self, mark: RegisterMark) {
        let held = self.registers.entry(mark.slot()).or_insert(mark);
        if held.is_replaced_by(&mark) {
            *held = mark;
        }
    }

    pub(super) fn lacks_register(&self, mark: &RegisterMark) -> bool {
        let (slot, older) = (mark.slot(), |known: &RegisterMark| known.is_replaced_by(mark));
        self.registers.get(&slot).is_none_or(older) && self.sent.get(&slot).is_none_or(older)
    }

    pub(super) fn was_sent(&mut self, mark: &RegisterMark) {
        self.sent.insert(mark.slot(), *mark);
    }

    /// Its vector: replaces whatever was believed before.
    pub(super) fn told(&mut self, frontier: Frontier, registers: &[RegisterMark]) {
        self.registers.clear();
        registers.iter().for_each(|mark| self.holds_register(*mark));
        self.base = frontier;
        self.acked.clear();
        self.known = Known::default();
        self.has_told = true;
        self.agreed = false;
        self.differs = true;
        self.unsaved = true;
    }

    /// Reads its statement (again) with the openings now held. What it acknowledged since stays.
    pub(super) fn reread(&mut self, holdings: &Holdings, scope: &Scope) {
        let mut known = self.base.read_with(holdings, scope);
        for (log, head) in &self.known.heads {
            let read = known.heads.entry(*log).or_default();
            if read.0 < head.0 {
                *read = *head;
            }
        }
        known.epochs.append(&mut self.known.epochs);
        self.known = known;
    }

    /// Both hold just this.
    pub(super) fn agrees(&mut self, said: &Said) {
        self.base = said.view.frontier.clone();
        self.acked.clear();
        self.known.heads.clear();
        for head in said.view.heads.values() {
            self.known.heads.insert(head.log, (head.seq, crate::frontier::short(&head.link)));
        }
        self.known.epochs = said.view.epochs.clone();
        self.known.strange.clear();
        said.registers.iter().for_each(|mark| self.holds_register(*mark));
        self.has_told = true;
        self.agreed = true;
        self.unsaved = true;
    }

    fn recall(&mut self, memory: Memory, holdings: &Holdings, scope: &Scope) {
        self.base = memory.frontier;
        self.known = self.base.read_with(holdings, scope);
        memory.registers.into_iter().for_each(|mark| self.holds_register(mark));
        memory.acked.iter().for_each(|(log, seq)| self.holds(log, *seq));
        self.spoken = memory.spoken;
        self.unsaved = false;
    }

    /// Its hello came: from now on this version is spoken.
    pub(super) fn speaks(&mut self, version: u8) {
        self.unsaved |= self.spoken != version;
        self.spoken = version;
    }

    fn memory(&self) -> Memory {
        Memory {
            frontier: self.base.clone(),
            acked: self.acked.iter().map(|(log, seq)| (*log, *seq)).take(limit::TIPS).collect(),
            registers: self.registers.values().copied().collect(),
            spoken: self.spoken,
        }
    }
}

impl Session {
    /// Whether something is remembered of the peer.
    pub(super) fn recall(&mut self, turn: &Turn<'_>) -> bool {
        let Some(pair) = &self.pair else { return false };
        let memory = turn.context.recall(&self.config.peer);
        let Some(memory) = memory.and_then(|bytes| Memory::from_canon(&bytes).ok()) else { return false };
        self.peer.recall(memory, &turn.context.holdings(), &pair.scope);
        true
    }

    pub(super) fn save(&mut self, turn: &mut Turn<'_>) {
        if self.peer.has_told && std::mem::take(&mut self.peer.unsaved) {
            turn.context.remember(&self.config.peer, self.peer.memory().to_canon());
        }
    }
}
