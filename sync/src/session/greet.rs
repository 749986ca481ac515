//! From the connection to the point where both know what the other holds.

use super::{CloseReason, Note, Phase, Said, Session, Turn};
use crate::{Frame, Frontier, Hello, RegisterMark, frontier, kind, limit};

impl Session {
    /// Says hello, and sends what the peer surely lacks if we remember it rightly.
    pub(super) fn greet(&mut self, turn: &mut Turn<'_>) {
        if !matches!(self.phase, Phase::Idle) {
            return;
        }
        self.alive.waiting_since_ms = turn.now_ms;
        self.alive.heard(turn.now_ms);
        self.pair = self.find_pair(turn);
        let said = self.say(turn);
        let membership = turn.context.membership();
        turn.send(&Frame::Hello(Hello {
            min: self.config.min,
            max: self.config.max,
            township: membership.township(),
            list: membership.number(),
            digest: said.as_ref().map_or([0; 16], |said| said.digest),
        }));
        self.phase = Phase::Greeting(said.map(Box::new));
        if self.recall(turn) {
            self.plan(turn);
            self.fill(turn, limit::FIRST_FLIGHT_BYTES);
        }
    }

    pub(super) fn on_hello(&mut self, turn: &mut Turn<'_>, hello: Hello) -> Result<(), CloseReason> {
        let Phase::Greeting(said) = std::mem::replace(&mut self.phase, Phase::Closed) else {
            return Err(CloseReason::Protocol("a second hello".to_owned()));
        };
        let agreed = hello.max.min(self.config.max);
        if agreed < hello.min.max(self.config.min) {
            return Err(CloseReason::Version { min: hello.min, max: hello.max });
        }
        if hello.township != turn.context.membership().township() {
            return Err(CloseReason::Township);
        }
        self.peer.speaks(agreed);
        self.blobs.spoken = agreed >= super::BLOBS_FROM;
        if self.pair.is_some() {
            self.open(turn, &hello, said.as_deref());
            return Ok(());
        }
        let ours = turn.context.membership().number();
        if ours > hello.list {
            self.send_list(turn);
        }
        if ours >= hello.list {
            return Err(CloseReason::NotListed);
        }
        self.alive.waiting_since_ms = turn.now_ms;
        self.phase = Phase::Doorstep { hello, kept: Vec::new(), bytes: 0 };
        Ok(())
    }

    /// A frame of a peer that is not listed here. Its list is taken; the rest is kept until the list has spoken.
    /// Gives back what to handle now that it is listed.
    pub(super) fn on_doorstep(
        &mut self,
        turn: &mut Turn<'_>,
        frame: Vec<u8>,
    ) -> Result<Vec<Vec<u8>>, CloseReason> {
        let decoded = Frame::decode(&frame).map_err(|fault| CloseReason::Protocol(fault.to_string()))?;
        let Phase::Doorstep { kept, bytes, .. } = &mut self.phase else { return Ok(Vec::new()) };
        if let Frame::Bye(code, text) = decoded {
            return Err(CloseReason::Bye { code, text });
        }
        let Frame::Register(register) = decoded else {
            *bytes += frame.len();
            kept.push(frame);
            return if *bytes > limit::DOORSTEP_BYTES { Err(CloseReason::NotListed) } else { Ok(Vec::new()) };
        };
        if register.kind != kind::MEMBERSHIP {
            return Err(CloseReason::NotListed);
        }
        if register.verify(&turn.context.membership()).is_ok() {
            turn.context.admit(&self.config.peer, vec![crate::Arrival::Register(register)]);
        }
        self.pair = self.find_pair(turn);
        let phase = std::mem::replace(&mut self.phase, Phase::Closed);
        let (Phase::Doorstep { hello, kept, .. }, true) = (phase, self.pair.is_some()) else {
            return Err(CloseReason::NotListed);
        };
        turn.note(Note::NowListed);
        self.open(turn, &hello, None);
        Ok(kept)
    }

    fn open(&mut self, turn: &mut Turn<'_>, hello: &Hello, said: Option<&Said>) {
        self.phase = Phase::Open;
        if turn.context.membership().number() > hello.list {
            self.send_list(turn);
        }
        self.dirty = true;
        self.blobs.recheck = true;
        match said {
            Some(said) if said.digest == hello.digest => {
                turn.note(Note::Equal);
                self.peer.agrees(said);
                self.save(turn);
            }
            _ => {
                turn.note(Note::Differs);
                if let Some(said) = self.say(turn) {
                    turn.send(&Frame::Vector(said.view.frontier, said.registers));
                }
            }
        }
    }

    fn send_list(&mut self, turn: &mut Turn<'_>) {
        let marks = turn.context.registers();
        let Some(mark) = marks.iter().find(|mark| mark.kind == kind::MEMBERSHIP) else { return };
        if let Some(register) = turn.context.register(mark) {
            turn.send(&Frame::Register(register));
            self.peer.was_sent(mark);
        }
    }

    pub(super) fn on_vector(
        &mut self,
        turn: &mut Turn<'_>,
        frontier: Frontier,
        registers: &[RegisterMark],
    ) -> Result<(), CloseReason> {
        if self.peer.differs {
            return Err(CloseReason::Protocol("a second vector".to_owned()));
        }
        let (Some(pair), Some(said)) = (&self.pair, self.say(turn)) else { return Ok(()) };
        self.peer.told(frontier, registers);
        self.peer.reread(&turn.context.holdings(), &pair.scope);
        for head in said.view.heads.values() {
            let known = self.peer.known.heads.get(&head.log);
            if known.is_some_and(|(seq, link)| *seq == head.seq && *link != frontier::short(&head.link)) {
                turn.note(Note::ForkSeen(head.log, head.seq));
            }
        }
        self.introduce(turn, &said);
        self.outbox.openings_due = true;
        self.dirty = true;
        self.peer.recheck = true;
        Ok(())
    }

    /// The peer named epochs that we do not know, so it may not know ours of the same writer: tell it the newest.
    fn introduce(&mut self, turn: &mut Turn<'_>, said: &Said) {
        let holdings = turn.context.holdings();
        for device in self.peer.known.strange.clone() {
            let lacking = |id: &&(identity::DeviceId, identity::Epoch)| {
                id.0 == device && !self.peer.known.epochs.contains(id)
            };
            let mut ours: Vec<_> = said.view.epochs.iter().filter(lacking).copied().collect();
            ours.sort_by_key(|(device, epoch)| std::cmp::Reverse(holdings.depth(device, epoch)));
            ours.truncate(limit::OPENINGS_UNASKED);
            for id in ours.into_iter().rev() {
                self.send_opening(turn, &holdings, id);
            }
        }
    }
}
