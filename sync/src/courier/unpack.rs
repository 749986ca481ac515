//! Reading one: a session that gives no answer.

use super::Parcel;
use super::one_way::OneWay;
use super::pack::SPOKEN;
use crate::session::{CloseReason, Config, Effect, Event, Session, Side};
use crate::{Context, Frame, Splitter, Verdict, limit};

/// What became of a parcel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// Entries that are on disk now and were not before.
    pub fresh: u64,
    /// Logs of which entries before those in the parcel are missing.
    pub gaps: usize,
    /// Logs that were refused.
    pub refused: usize,
    /// Why the rest was not read, where it was not.
    pub ended: Option<CloseReason>,
}

/// Judges and stores what a parcel holds, as if its maker stood at the other end of a line. What is for another box is
/// told by [`Parcel::to`]; nothing in that opens here.
pub fn unpack(context: &mut dyn Context, parcel: &Parcel) -> Taken {
    let mut deaf = OneWay::into(context);
    let mut taken = Taken::default();
    let before = held(&deaf);
    let config = Config { side: Side::Listener, peer: parcel.from, min: SPOKEN, max: SPOKEN };
    let mut session = Session::new(config);
    session.handle(0, Event::Connected, &mut deaf);
    let mut splitter = Splitter::new();
    splitter.push(&parcel.transcript);
    let (mut frames, mut bytes) = (Vec::new(), 0);
    loop {
        let next = splitter.next_frame().unwrap_or_default();
        let last = next.is_none();
        if let Some(frame) = next {
            bytes += frame.len();
            frames.push(frame);
        }
        if last || bytes >= limit::COURIER_BATCH {
            bytes = 0;
            taken.note(session.handle(0, Event::Frames(std::mem::take(&mut frames)), &mut deaf));
        }
        if last || taken.ended.is_some() {
            break;
        }
    }
    session.handle(0, Event::Closed, &mut deaf);
    taken.fresh = held(&deaf).saturating_sub(before);
    taken
}

/// Entries of all logs.
fn held(context: &dyn Context) -> u64 {
    context.holdings().heads().map(|head| head.seq).sum()
}

impl Taken {
    fn note(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(sent) => match Frame::decode(sent.get(4..).unwrap_or_default()) {
                    Ok(Frame::Ack(ack)) if ack.verdict == Verdict::Gap => self.gaps += 1,
                    Ok(Frame::Ack(ack)) if ack.verdict != Verdict::Durable => self.refused += 1,
                    _ => {}
                },
                Effect::Close(reason) => self.ended = Some(reason),
                Effect::WakeAt(_) | Effect::Log(_) => {}
            }
        }
    }
}
