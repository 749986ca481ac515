//! What is to be sent, in which order, and what is on its way. Pure bookkeeping.

use super::peer::Peer;
use crate::{Holdings, RegisterMark, limit};
use identity::{Head, Lane, LogId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

#[derive(Default)]
pub(super) struct Outbox {
    logs: BTreeMap<LogId, Outgoing>,
    /// Logs with entries to send: urgent lanes first, then older epochs.
    ready: BTreeSet<(Lane, u64, LogId)>,
    /// Registers to send.
    pub(super) registers: Vec<RegisterMark>,
    /// Ancestors' openings may be missing at the peer.
    pub(super) openings_due: bool,
    in_flight: usize,
    bulk_in_flight: usize,
}

#[derive(Default)]
struct Outgoing {
    depth: u64,
    /// The last entry that we hold and may send.
    held: u64,
    /// The next one to send.
    next: u64,
    flights: VecDeque<Flight>,
    /// Segments given up at a gap whose own answers are still to come.
    stale: usize,
    gaps: u8,
    stopped_ms: Option<u64>,
}

struct Flight {
    last: u64,
    bytes: usize,
}

/// What may be sent next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Next {
    pub(super) log: LogId,
    pub(super) first: u64,
    pub(super) held: u64,
}

impl Outbox {
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight
    }

    pub(super) fn is_drained(&self) -> bool {
        self.ready.is_empty() && self.in_flight == 0 && self.registers.is_empty() && !self.openings_due
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    pub(super) fn has_stopped(&self) -> bool {
        self.logs.values().any(|out| out.stopped_ms.is_some())
    }

    pub(super) fn entries_left(&self, peer: &Peer) -> u64 {
        self.logs.iter().map(|(log, out)| out.held.saturating_sub(peer.seq(log))).sum()
    }

    /// Takes in what we hold now.
    pub(super) fn plan(
        &mut self,
        now_ms: u64,
        heads: &BTreeMap<LogId, Head>,
        holdings: &Holdings,
        peer: &Peer,
    ) {
        self.ready.clear();
        self.logs.values_mut().filter(|out| out.flights.is_empty()).for_each(|out| out.held = 0);
        for (log, head) in heads {
            let known = peer.seq(log);
            if head.seq <= known || peer.known.strange.contains(&log.device) {
                continue;
            }
            let out = self.logs.entry(*log).or_default();
            out.held = head.seq;
            out.depth = holdings.depth(&log.device, &log.epoch);
            if out.stopped_ms.is_some_and(|at_ms| now_ms >= at_ms.saturating_add(limit::REFUSED_RETRY_MS)) {
                out.forgive();
            }
            if out.flights.is_empty() {
                out.next = known + 1;
            }
            self.enlist(log);
        }
    }

    fn enlist(&mut self, log: &LogId) {
        if let Some(out) = self.logs.get(log)
            && out.stopped_ms.is_none()
            && out.next <= out.held
        {
            self.ready.insert((log.lane, out.depth, *log));
        }
    }

    /// The most urgent entries for which the window has room.
    pub(super) fn next(&self, window: usize) -> Option<Next> {
        let (lane, _, log) = self.ready.first()?;
        let bulk = lane.0 >= limit::BULK_LANE;
        // Each has its own window: what fills the one never keeps the other waiting.
        let full = if bulk {
            self.bulk_in_flight >= window.min(limit::BULK_WINDOW_BYTES)
        } else {
            self.in_flight.saturating_sub(self.bulk_in_flight) >= window
        };
        let out = self.logs.get(log)?;
        (!full).then_some(Next { log: *log, first: out.next, held: out.held })
    }

    pub(super) fn sent(&mut self, log: &LogId, last: u64, bytes: usize) {
        let Some(out) = self.logs.get_mut(log) else { return };
        out.flights.push_back(Flight { last, bytes });
        out.next = last.saturating_add(1);
        self.in_flight += bytes;
        if log.lane.0 >= limit::BULK_LANE {
            self.bulk_in_flight += bytes;
        }
        if out.next > out.held {
            self.ready.remove(&(log.lane, out.depth, *log));
        }
    }

    /// The peer holds the log durably up to `seq`. Returns how much of it is ours to claim; none when nothing of it was sent.
    pub(super) fn durable(&mut self, log: &LogId, seq: u64) -> Option<u64> {
        let out = self.logs.get_mut(log)?;
        let mut bytes = 0;
        while out.flights.front().is_some_and(|flight| flight.last <= seq) {
            bytes += out.flights.pop_front().map_or(0, |flight| flight.bytes);
            out.gaps = 0;
        }
        let claimed = seq.min(out.held);
        if out.next <= claimed {
            out.next = claimed + 1;
        }
        if out.next > out.held {
            self.ready.remove(&(log.lane, out.depth, *log));
        }
        self.landed(log, bytes);
        Some(claimed)
    }

    /// The peer wants the log from `want` on. False when this answers a segment given up before, or nothing of ours.
    pub(super) fn gap(&mut self, now_ms: u64, log: &LogId, want: u64) -> bool {
        let Some(out) = self.logs.get_mut(log) else { return false };
        if out.stale > 0 {
            out.stale -= 1;
            return false;
        }
        if out.flights.is_empty() {
            return false;
        }
        let bytes = out.give_up();
        out.gaps = out.gaps.saturating_add(1);
        out.next = want.max(1);
        if out.gaps > limit::GAPS_MAX || out.next > out.held {
            out.stopped_ms = Some(now_ms);
        }
        let depth = out.depth;
        self.landed(log, bytes);
        self.ready.remove(&(log.lane, depth, *log));
        self.enlist(log);
        true
    }

    /// The peer refuses the log. False when this answers a segment given up before, or nothing of ours.
    pub(super) fn refused(&mut self, now_ms: u64, log: &LogId) -> bool {
        let Some(out) = self.logs.get_mut(log) else { return false };
        if out.stale > 0 {
            out.stale -= 1;
            return false;
        }
        if out.flights.is_empty() {
            return false;
        }
        let bytes = out.give_up();
        self.landed(log, bytes);
        self.leave(now_ms, log);
        true
    }

    /// The log is left alone for now.
    pub(super) fn leave(&mut self, now_ms: u64, log: &LogId) {
        let Some(out) = self.logs.get_mut(log) else { return };
        out.stopped_ms = Some(now_ms);
        let depth = out.depth;
        self.ready.remove(&(log.lane, depth, *log));
    }

    /// The log waits for the next plan.
    pub(super) fn skip(&mut self, log: &LogId) {
        if let Some(out) = self.logs.get(log) {
            self.ready.remove(&(log.lane, out.depth, *log));
        }
    }

    /// What was refused is tried again: the list has changed.
    pub(super) fn forgive(&mut self) {
        self.logs.values_mut().for_each(Outgoing::forgive);
    }

    fn landed(&mut self, log: &LogId, bytes: usize) {
        self.in_flight = self.in_flight.saturating_sub(bytes);
        if log.lane.0 >= limit::BULK_LANE {
            self.bulk_in_flight = self.bulk_in_flight.saturating_sub(bytes);
        }
    }
}

impl Outgoing {
    fn forgive(&mut self) {
        self.stopped_ms = None;
        self.gaps = 0;
    }

    /// Forgets what is on its way; the first of it has been answered, the rest will be.
    fn give_up(&mut self) -> usize {
        self.stale += self.flights.len().saturating_sub(1);
        self.flights.drain(..).map(|flight| flight.bytes).sum()
    }
}
