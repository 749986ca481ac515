//! Receiving: frames in, one admission per batch, acknowledgements out.

use super::{CloseReason, Note, Phase, Session, Turn};
use crate::{
    Ack, Arrival, Codec, Frame, Outcome, PayloadFault, Reason, Register, RegisterMark, Seal, Sealed, Segment,
    Verdict, chain, kind,
};
use identity::{DeviceId, LogId};
use std::collections::VecDeque;

/// What has arrived and waits to be admitted together.
#[derive(Default)]
struct Batch {
    arrivals: Vec<Arrival>,
    about: Vec<About>,
}

enum About {
    Opening(DeviceId, identity::Epoch),
    Segment { log: LogId, first: u64, last: u64 },
    Register(RegisterMark),
}

impl Batch {
    fn push(&mut self, arrival: Arrival, about: About) {
        self.arrivals.push(arrival);
        self.about.push(about);
    }
}

impl Session {
    pub(super) fn receive(&mut self, turn: &mut Turn<'_>, frames: Vec<Vec<u8>>) -> Result<(), CloseReason> {
        self.alive.heard(turn.now_ms);
        let mut queue = VecDeque::from(frames);
        let mut batch = Batch::default();
        let mut result = Ok(());
        while let Some(frame) = queue.pop_front() {
            if matches!(self.phase, Phase::Doorstep { .. }) {
                for kept in self.on_doorstep(turn, frame)?.into_iter().rev() {
                    queue.push_front(kept);
                }
                continue;
            }
            result = self.frame(turn, &mut batch, &frame);
            if result.is_err() {
                break;
            }
        }
        // What came whole before a fault is stored and acknowledged all the same.
        self.flush(turn, &mut batch);
        result
    }

    fn frame(&mut self, turn: &mut Turn<'_>, batch: &mut Batch, bytes: &[u8]) -> Result<(), CloseReason> {
        let frame = Frame::decode(bytes).map_err(|fault| CloseReason::Protocol(fault.to_string()))?;
        if !matches!(self.phase, Phase::Open) && !matches!(frame, Frame::Hello(_) | Frame::Bye(..)) {
            return Err(CloseReason::Protocol("something was said before hello".to_owned()));
        }
        match frame {
            Frame::Opening(opening) => {
                let about = About::Opening(opening.device, opening.epoch);
                match opening.verify() {
                    Ok(()) => batch.push(Arrival::Opening(opening), about),
                    Err(_) => turn.note(Note::RefusedOther(Reason::Opening)),
                }
            }
            Frame::Segment(bytes) => self.on_segment(turn, batch, &bytes)?,
            Frame::Register(register) => {
                let is_list = register.kind == kind::MEMBERSHIP;
                self.on_register(turn, batch, register);
                if is_list {
                    self.flush(turn, batch);
                    self.refresh(turn)?;
                }
            }
            Frame::Ping(number) => turn.send(&Frame::Pong(number)),
            Frame::Pong(_) => {}
            Frame::Hello(hello) => return self.on_hello(turn, hello),
            Frame::Vector(frontier, registers) => {
                self.flush(turn, batch);
                return self.on_vector(turn, frontier, &registers);
            }
            Frame::Ack(ack) => self.on_ack(turn, ack),
            Frame::Settled(digest) => {
                self.flush(turn, batch);
                self.on_settled(digest);
            }
            Frame::Blob(frame) => {
                // in the order of what came: a piece may belong to what an entry before it says
                self.flush(turn, batch);
                return self.on_blob(turn, frame);
            }
            Frame::Bye(code, text) => return Err(CloseReason::Bye { code, text }),
        }
        Ok(())
    }

    fn on_register(&mut self, turn: &mut Turn<'_>, batch: &mut Batch, register: Register) {
        let Some(pair) = &self.pair else { return };
        let mark = register.mark();
        let centre = pair.membership.centre().map(|centre| centre.device);
        let fits = pair.scope.speaks_of(&mark, centre.as_ref());
        if fits && register.verify(&pair.membership).is_ok() {
            batch.push(Arrival::Register(register), About::Register(mark));
        } else {
            turn.note(Note::RefusedOther(Reason::Register));
        }
    }

    fn on_segment(
        &mut self,
        turn: &mut Turn<'_>,
        batch: &mut Batch,
        bytes: &[u8],
    ) -> Result<(), CloseReason> {
        let segment = Segment::decode(bytes).map_err(|fault| CloseReason::Protocol(fault.to_string()))?;
        let header = &segment.header;
        let about = About::Segment { log: header.log, first: header.first, last: header.last_seq() };
        match self.read(turn, &segment) {
            Ok(entries) => {
                batch.push(Arrival::Segment { segment: Box::new(segment), entries }, about);
            }
            Err(reason) => {
                // Answers come in the order of the segments.
                self.flush(turn, batch);
                self.refuse(turn, header.log, header.first, reason);
            }
        }
        Ok(())
    }

    /// Everything that can be checked before the entries are looked at.
    fn read(&self, turn: &mut Turn<'_>, segment: &Segment) -> Result<Vec<crate::Entry>, Reason> {
        let header = &segment.header;
        let pair = self.pair.as_ref().ok_or(Reason::Unlisted)?;
        if !pair.scope.contains(&header.log) {
            return Err(Reason::Scope);
        }
        chain::authentic(segment, &pair.membership)?;
        let opened = match &header.seal {
            Seal::Clear => None,
            Seal::Hpke { recipient, version, encapsulated } => {
                if *recipient != turn.context.key().id() {
                    return Err(Reason::Seal);
                }
                let sealed = Sealed { encapsulated: *encapsulated, ciphertext: segment.payload.clone() };
                Some(turn.context.open(*version, &header.aad(), &sealed).ok_or(Reason::Seal)?)
            }
        };
        if header.codec == Codec::PRESSED && self.peer.spoken >= super::PRESSED_FROM {
            let (count, inflated) = segment.declared().ok_or(Reason::Payload)?;
            let pressed = opened.as_deref().unwrap_or(&segment.payload);
            let entries = turn.context.expand(&header.log, pressed, count, inflated);
            return entries.filter(|entries| entries.len() == count).ok_or(Reason::Payload);
        }
        segment.unpack(opened.as_deref().unwrap_or(&segment.payload)).map_err(|fault| match fault {
            PayloadFault::Codec(_) => Reason::Codec,
            PayloadFault::Declared | PayloadFault::Length | PayloadFault::Entries(_) => Reason::Payload,
        })
    }

    fn refuse(&self, turn: &mut Turn<'_>, log: LogId, seq: u64, reason: Reason) {
        turn.note(Note::Refused(log, reason));
        turn.send(&Frame::Ack(Ack { log, seq, verdict: Verdict::Refused(reason) }));
    }

    fn flush(&mut self, turn: &mut Turn<'_>, batch: &mut Batch) {
        let batch = std::mem::take(batch);
        if batch.arrivals.is_empty() {
            return;
        }
        self.dirty = true;
        self.peer.recheck = true;
        self.blobs.recheck = true;
        let outcomes = turn.context.admit(&self.config.peer, batch.arrivals);
        let mut acks: Vec<Ack> = Vec::new();
        let mut opened = false;
        for (about, outcome) in batch.about.iter().zip(outcomes) {
            match (about, outcome) {
                (About::Segment { log, last, .. }, Outcome::Durable { seq }) => {
                    self.peer.holds(log, *last);
                    acks.retain(|ack| ack.log != *log || ack.verdict != Verdict::Durable);
                    acks.push(Ack { log: *log, seq, verdict: Verdict::Durable });
                }
                (About::Segment { log, .. }, Outcome::Gap { want }) => {
                    acks.push(Ack { log: *log, seq: want, verdict: Verdict::Gap });
                }
                (About::Segment { log, first, .. }, Outcome::Refused(reason)) => {
                    turn.note(Note::Refused(*log, reason));
                    acks.push(Ack { log: *log, seq: *first, verdict: Verdict::Refused(reason) });
                }
                (About::Opening(device, epoch), Outcome::Durable { .. }) => {
                    self.peer.known.epochs.insert((*device, *epoch));
                    opened |= self.peer.known.strange.contains(device);
                }
                (About::Register(mark), Outcome::Durable { .. }) => self.peer.holds_register(*mark),
                (_, Outcome::Refused(reason)) => turn.note(Note::RefusedOther(reason)),
                (_, Outcome::Gap { .. }) => {}
            }
        }
        acks.into_iter().for_each(|ack| turn.send(&Frame::Ack(ack)));
        if let (true, Some(pair)) = (opened, &self.pair) {
            self.peer.reread(&turn.context.holdings(), &pair.scope);
        }
    }

    fn on_ack(&mut self, turn: &mut Turn<'_>, ack: Ack) {
        self.peer.recheck = true;
        match ack.verdict {
            Verdict::Durable => {
                if let Some(seq) = self.outbox.durable(&ack.log, ack.seq) {
                    self.peer.holds(&ack.log, seq);
                    turn.context.acknowledged(&self.config.peer, &ack.log, seq);
                }
            }
            Verdict::Gap => {
                if self.outbox.gap(turn.now_ms, &ack.log, ack.seq) {
                    self.peer.lacks(&ack.log, ack.seq);
                    turn.note(Note::Gap(ack.log, ack.seq));
                }
            }
            // Pressed on the strength of what was remembered, for a peer that has gone back to an older version.
            Verdict::Refused(Reason::Codec) if self.peer.spoken < super::PRESSED_FROM => {
                if self.outbox.gap(turn.now_ms, &ack.log, ack.seq) {
                    self.peer.lacks(&ack.log, ack.seq);
                }
            }
            Verdict::Refused(reason) => {
                if self.outbox.refused(turn.now_ms, &ack.log) {
                    turn.note(Note::PeerRefused(ack.log, reason));
                }
            }
        }
    }
}
