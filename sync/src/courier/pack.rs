//! Writing one down: a session with a peer that is not there.

use super::Parcel;
use super::one_way::OneWay;
use crate::memory::Memory;
use crate::session::{Config, Effect, Event, Session, Side};
use crate::{Ack, Context, Frame, Hello, Segment, Verdict, limit};
use canon::Canon as _;
use identity::DeviceId;
use std::collections::VecDeque;

/// The protocol version of a parcel: the oldest, which every box reads.
pub(super) const SPOKEN: u8 = 1;
/// Ticks after which a session that has nothing left to send is over.
const IDLE_TICKS: usize = 2;

/// A parcel to be carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// Entries in it.
    pub entries: u64,
    /// Registers in it: lists, receipts, keys.
    pub registers: usize,
    /// Entries that did not fit, for the next one.
    pub left: u64,
}

/// What `to` is not known to have. None when the list held names not both.
pub fn pack(context: &mut dyn Context, to: DeviceId, made: i64) -> Option<Packed> {
    let mut quiet = OneWay::out(context);
    let memory =
        quiet.inner.recall(&to).and_then(|bytes| Memory::from_canon(&bytes).ok()).unwrap_or_default();
    let membership = quiet.membership();
    membership.member(&quiet.key().id())?;
    membership.member(&to)?;
    let mut session = Session::new(Config { side: Side::Dialer, peer: to, min: SPOKEN, max: SPOKEN });
    let hello = Hello {
        min: SPOKEN,
        max: SPOKEN,
        township: membership.township(),
        list: membership.number(),
        digest: [0xff; 16],
    };
    let mut page = Page::default();
    page.take(session.handle(0, Event::Connected, &mut quiet));
    for frame in [Frame::Hello(hello), Frame::Vector(memory.frontier, memory.registers)] {
        page.take(session.handle(0, Event::Frame(bare(&frame)), &mut quiet));
    }
    let mut idle = 0;
    while idle < IDLE_TICKS && page.bytes.len() < limit::COURIER_ROOM {
        let event = page.answers.pop_front().map_or(Event::Tick, Event::Frame);
        let before = page.bytes.len();
        page.take(session.handle(0, event, &mut quiet));
        idle = if page.bytes.len() == before && page.answers.is_empty() { idle + 1 } else { 0 };
    }
    let (entries, registers) = (page.entries, page.registers);
    let left = session.progress().entries_left;
    let bytes = Parcel::seal(quiet.key(), to, made, &page.bytes);
    Some(Packed { bytes, entries, registers, left })
}

/// A frame without the length that a stream puts before it.
fn bare(frame: &Frame) -> Vec<u8> {
    frame.encode().split_off(4)
}

/// What the session has said so far, and what the peer that is not there answers.
#[derive(Default)]
struct Page {
    bytes: Vec<u8>,
    answers: VecDeque<Vec<u8>>,
    entries: u64,
    registers: usize,
}

impl Page {
    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let Effect::Send(sent) = effect else { continue };
            let Ok(frame) = Frame::decode(sent.get(4..).unwrap_or_default()) else { continue };
            match frame {
                Frame::Segment(segment) => {
                    let Ok(segment) = Segment::decode(&segment) else { continue };
                    let (log, seq) = (segment.header.log, segment.header.last_seq());
                    self.entries += segment.header.count;
                    self.answers.push_back(bare(&Frame::Ack(Ack { log, seq, verdict: Verdict::Durable })));
                }
                Frame::Register(_) => self.registers += 1,
                Frame::Hello(_) | Frame::Vector(..) | Frame::Opening(_) => {}
                Frame::Ack(_)
                | Frame::Settled(_)
                | Frame::Bye(..)
                | Frame::Ping(_)
                | Frame::Pong(_)
                | Frame::Blob(_) => {
                    continue;
                }
            }
            self.bytes.extend_from_slice(&sent);
        }
    }
}
