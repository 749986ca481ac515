//! Sending: registers, openings and segments, the most urgent first, as far as the window reaches.

use super::outbox::Next;
use super::{Note, Session, Turn};
use crate::holdings::epoch_of;
use crate::{Budget, Frame, Holdings, Segment, SegmentDraft, limit};
use canon::Canon as _;
use identity::{DeviceId, Epoch};

impl Session {
    /// Sends what the peer lacks, once it has told what it holds.
    pub(super) fn stream(&mut self, turn: &mut Turn<'_>) {
        if !self.peer.has_told {
            return;
        }
        if std::mem::take(&mut self.dirty) {
            self.plan(turn);
        }
        for mark in std::mem::take(&mut self.outbox.registers) {
            if let Some(register) = turn.context.register(&mark) {
                turn.send(&Frame::Register(register));
                self.peer.was_sent(&mark);
            }
        }
        self.fill(turn, limit::WINDOW_BYTES);
        if self.outbox.openings_due && !self.outbox.has_ready() {
            self.send_ancestors(turn);
        }
        if self.outbox.is_drained() {
            self.save(turn);
        }
    }

    pub(super) fn plan(&mut self, turn: &mut Turn<'_>) {
        let Some(pair) = &self.pair else { return };
        let holdings = turn.context.holdings();
        let heads = holdings.heads_in(&pair.scope, &pair.membership);
        self.outbox.plan(turn.now_ms, &heads, &holdings, &self.peer);
        self.outbox.registers = pair.registers(turn);
        self.outbox.registers.retain(|mark| self.peer.lacks_register(mark));
    }

    pub(super) fn fill(&mut self, turn: &mut Turn<'_>, window: usize) {
        let holdings = turn.context.holdings();
        while let Some(next) = self.outbox.next(window) {
            self.send_opening(turn, &holdings, epoch_of(&next.log));
            match self.build(turn, next) {
                Some(segment) => {
                    let last = segment.header.last_seq();
                    let bytes = segment.to_canon();
                    self.outbox.sent(&next.log, last, bytes.len());
                    turn.send(&Frame::Segment(bytes));
                    if last.saturating_sub(next.first) >= limit::BACKLOG_ENTRIES && self.peer.has_told {
                        // The line takes it while the next one is made.
                        self.alive.more = true;
                        return;
                    }
                }
                // What does not fit the first flight may fit later.
                None if !self.peer.has_told => self.outbox.skip(&next.log),
                None => {
                    self.outbox.leave(turn.now_ms, &next.log);
                    turn.note(Note::CannotSend(next.log));
                }
            }
        }
    }

    /// The next segment of a log. Where it is pressed it may be longer, since it comes to less; in the first flight only when
    /// it does.
    fn build(&self, turn: &mut Turn<'_>, next: Next) -> Option<Segment> {
        let presses = self.presses(&next);
        let bytes = match (self.peer.has_told, next.log.lane.0 >= limit::BULK_LANE) {
            (false, _) if presses => {
                let segment = self.build_of(turn, next, limit::PRESSED_FIRST_STRETCH_BYTES);
                let fits = |segment: &Segment| segment.payload.len() <= 2 * limit::FIRST_FLIGHT_BYTES;
                if let Some(segment) = segment.filter(fits) {
                    return Some(segment);
                }
                limit::FIRST_STRETCH_BYTES
            }
            (false, _) => limit::FIRST_STRETCH_BYTES,
            (true, false) if presses => limit::PRESSED_STRETCH_BYTES,
            (true, false) => limit::STRETCH_BYTES,
            (true, true) => limit::BULK_STRETCH_BYTES,
        };
        self.build_of(turn, next, bytes)
    }

    /// Whether what is next is pressed: cases are; the catalogue's long texts come to little more under zstd, in a
    /// hundredth of the time.
    fn presses(&self, next: &Next) -> bool {
        !self.near
            && next.log.lane.0 < limit::BULK_LANE
            && self.peer.spoken.min(self.config.max) >= super::PRESSED_FROM
    }

    fn build_of(&self, turn: &mut Turn<'_>, next: Next, bytes: usize) -> Option<Segment> {
        let backlog = next.held.saturating_sub(next.first).saturating_add(1);
        let entries = usize::try_from(backlog).unwrap_or(usize::MAX).min(limit::SEGMENT_ENTRIES);
        let stretch = turn.context.stretch(&next.log, next.first, Budget { entries, bytes })?;
        let level = if backlog < limit::BACKLOG_ENTRIES { limit::LEVEL_LIVE } else { limit::LEVEL_BACKLOG };
        let peer = self.config.peer;
        let version = turn.context.sealing_key(&peer);
        let key = turn.context.key().clone();
        let pressed = self.presses(&next).then(|| turn.context.press(&next.log, &stretch.entries)).flatten();
        let draft = SegmentDraft { key: &key, log: next.log, first: next.first, stretch, pressed, level };
        draft.build((peer, version), |version, aad, plain| turn.context.seal(&peer, version, aad, plain)).ok()
    }

    pub(super) fn send_opening(
        &mut self,
        turn: &mut Turn<'_>,
        holdings: &Holdings,
        id: (DeviceId, Epoch),
    ) -> usize {
        if !self.peer.known.epochs.insert(id) {
            return 0;
        }
        self.outbox.openings_due = true;
        let Some(opening) = holdings.opening(&id.0, &id.1) else { return 0 };
        let frame = Frame::Opening(opening.as_ref().clone()).encode();
        let size = frame.len();
        turn.effects.push(super::Effect::Send(frame));
        size
    }

    /// Openings without entries in the scope, which the peer needs to see that older epochs are complete.
    fn send_ancestors(&mut self, turn: &mut Turn<'_>) {
        let Some(said) = self.say(turn) else { return };
        let holdings = turn.context.holdings();
        let mut lacking: Vec<_> = said.view.epochs.difference(&self.peer.known.epochs).copied().collect();
        lacking.retain(|(device, _)| !self.peer.known.strange.contains(device));
        lacking.sort_by_key(|(device, epoch)| (holdings.depth(device, epoch), *device, *epoch));
        let mut bytes = 0;
        for id in lacking {
            if bytes >= limit::OPENING_BURST_BYTES {
                self.alive.more = true;
                return;
            }
            bytes += self.send_opening(turn, &holdings, id);
        }
        self.outbox.openings_due = false;
    }

    /// Says when nothing is left to send, and finds out whether both hold the same then.
    pub(super) fn settle(&mut self, turn: &mut Turn<'_>) {
        if !self.peer.differs || !self.outbox.is_drained() || !std::mem::take(&mut self.peer.recheck) {
            return;
        }
        let compared = self.peer.told_settled.is_some();
        if self.peer.said_settled.is_some() && (!compared || self.peer.agreed) {
            return;
        }
        let Some(said) = self.say(turn) else { return };
        let equal = self.peer.told_settled == Some(said.digest);
        if self.peer.said_settled.is_none() || (equal && self.peer.said_settled != Some(said.digest)) {
            turn.send(&Frame::Settled(said.digest));
            self.peer.said_settled = Some(said.digest);
        }
        if equal {
            self.peer.agrees(&said);
            self.save(turn);
        }
        if compared && (equal || !self.peer.noted) {
            self.peer.noted = true;
            turn.note(Note::Settled { equal });
        }
    }

    pub(super) fn on_settled(&mut self, digest: [u8; 16]) {
        self.peer.told_settled = Some(digest);
        self.peer.recheck = true;
        if !self.peer.known.strange.is_empty() {
            // It has sent all its openings: what is still unknown stays so, and is sent rather than withheld.
            self.peer.known.strange.clear();
            self.outbox.openings_due = true;
            self.dirty = true;
        }
    }
}
