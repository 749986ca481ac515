//! Keep-alive and deadlines.

use super::{CloseReason, Effect, Phase, Session, Side, Turn};
use crate::{Frame, limit};

#[derive(Debug, Default)]
pub(super) struct Alive {
    /// When the present phase began to wait for a hello or a list.
    pub(super) waiting_since_ms: u64,
    heard_ms: u64,
    /// When the peer was asked and has not said anything since.
    asked_ms: Option<u64>,
    asked: u64,
    wake_ms: Option<u64>,
    /// More is to be sent as soon as the link has taken what was given.
    pub(super) more: bool,
}

impl Alive {
    pub(super) fn heard(&mut self, now_ms: u64) {
        self.heard_ms = now_ms;
        self.asked_ms = None;
    }
}

impl Session {
    /// Asks a silent peer, gives up on a dead one, and says when to look again.
    pub(super) fn keep_alive(&mut self, turn: &mut Turn<'_>) -> Result<(), CloseReason> {
        let deadline = match self.phase {
            Phase::Idle | Phase::Closed => return Ok(()),
            Phase::Greeting(_) | Phase::Doorstep { .. } => {
                let deadline = self.alive.waiting_since_ms.saturating_add(limit::HELLO_MS);
                if turn.now_ms >= deadline {
                    return Err(CloseReason::Silent);
                }
                deadline
            }
            Phase::Open => self.ask(turn)?,
        };
        if std::mem::take(&mut self.alive.more) {
            self.alive.wake_ms = None;
            turn.effects.push(Effect::WakeAt(turn.now_ms));
        } else if self.alive.wake_ms != Some(deadline) {
            self.alive.wake_ms = Some(deadline);
            turn.effects.push(Effect::WakeAt(deadline));
        }
        Ok(())
    }

    fn ask(&mut self, turn: &mut Turn<'_>) -> Result<u64, CloseReason> {
        let patience = match (self.outbox.in_flight() + self.blobs.in_flight() > 0, self.config.side) {
            (true, _) => limit::PING_BUSY_MS,
            (false, Side::Dialer) => limit::PING_IDLE_MS,
            (false, Side::Listener) => limit::PING_IDLE_MS + limit::PING_IDLE_MS / 2,
        };
        if self.alive.asked_ms.is_none() && turn.now_ms >= self.alive.heard_ms.saturating_add(patience) {
            self.alive.asked_ms = Some(turn.now_ms);
            self.alive.asked += 1;
            turn.send(&Frame::Ping(self.alive.asked));
        }
        let Some(asked_ms) = self.alive.asked_ms else {
            return Ok(self.alive.heard_ms.saturating_add(patience));
        };
        let deadline = asked_ms.saturating_add(limit::PONG_MS);
        if turn.now_ms >= deadline { Err(CloseReason::Silent) } else { Ok(deadline) }
    }
}
