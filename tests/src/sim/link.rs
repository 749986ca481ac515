//! Links between boxes: two sessions, two byte streams, pieces of any size, an end at any byte.
#![expect(clippy::indexing_slicing, reason = "two ends, 0 and 1; offsets checked against the length")]

use super::context::SimContext;
use super::world::{Failure, World};
use identity::DeviceId;
use rand::RngExt as _;
use sync::{Config, Effect, Event, Note, Session, Side, Splitter};

/// One end of a link.
pub(super) struct End {
    pub(super) at: usize,
    /// Of which start of the box: a session dies with its process.
    boot: u64,
    session: Session,
    splitter: Splitter,
    /// On its way to the other end.
    out: Vec<u8>,
    wake_ms: Option<u64>,
    /// Its box holds more than its session knows.
    pub(super) news: bool,
    closed: bool,
}

/// A connection.
pub(super) struct Link {
    pub(super) ends: [End; 2],
    /// Bytes until it breaks.
    pub(super) fuse: usize,
    /// Whether bits in signed frames may be flipped on the way.
    pub(super) flips: bool,
}

/// Whether a link is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Busy,
    Idle,
    Gone,
}

/// What every box of the township speaks.
const VERSION: u8 = 3;
/// A piece of a blob, which its name vouches for.
const PIECE: u8 = 12;
/// Frames that carry a signature of their own; the others are protected by the channel alone.
const SIGNED_FRAMES: std::ops::RangeInclusive<u8> = 3..=5;

impl World {
    /// Connects two boxes. The link is not kept: see [`World::links`].
    pub(super) fn connect(&mut self, a: usize, b: usize) -> Result<Link, Failure> {
        let device = |world: &Self, at: usize| world.boxes[at].device;
        let end = |world: &Self, at: usize, peer: DeviceId, side: Side| End {
            at,
            boot: world.boxes[at].boots,
            session: Session::new(Config { side, peer, min: 1, max: VERSION }),
            splitter: Splitter::new(),
            out: Vec::new(),
            wake_ms: None,
            news: false,
            closed: false,
        };
        let (to_a, to_b) = (device(self, b), device(self, a));
        let ends = [end(self, a, to_a, Side::Dialer), end(self, b, to_b, Side::Listener)];
        let mut link = Link { ends, fuse: usize::MAX, flips: false };
        for which in 0..2 {
            self.drive(&mut link, which, Event::Connected)?;
        }
        Ok(link)
    }

    /// Gives one end an event and takes what it does.
    fn drive(&mut self, link: &mut Link, which: usize, event: Event) -> Result<(), Failure> {
        let flips = link.flips;
        let end = &mut link.ends[which];
        let keep = self.rng.random_ratio(1, 12);
        let held = &mut self.boxes[end.at];
        let Some(node) = held.node.as_ref().filter(|_| held.boots == end.boot) else {
            end.closed = true;
            return Ok(());
        };
        let mut context = SimContext::new(node, &held.disk, self.plant, &mut held.newest_wall, keep);
        let effects = end.session.handle(self.now_ms, event, &mut context);
        let seen = context.seen;
        for effect in effects {
            match effect {
                Effect::Send(mut bytes) => {
                    let signed =
                        bytes.get(4).is_some_and(|kind| SIGNED_FRAMES.contains(kind) || *kind == PIECE);
                    if flips && signed && self.rng.random_ratio(1, 4) {
                        let bit = self.rng.random_range(40..bytes.len() * 8);
                        bytes[bit / 8] ^= 1 << (bit % 8);
                        self.tally.count("bit flipped in a signed frame");
                    }
                    end.out.extend_from_slice(&bytes);
                }
                Effect::Close(_) => end.closed = true,
                Effect::WakeAt(at_ms) => end.wake_ms = Some(at_ms),
                Effect::Log(note) => self.tally.note(&note),
            }
        }
        let at = end.at;
        self.saw(at, seen)
    }

    /// Moves some bytes in one direction, wakes who wants to be woken, tells news.
    pub(super) fn pump(&mut self, link: &mut Link, piece: usize) -> Result<State, Failure> {
        for which in 0..2 {
            if std::mem::take(&mut link.ends[which].news) {
                self.drive(link, which, Event::LocalChanged)?;
            }
            if link.ends[which].wake_ms.is_some_and(|at_ms| at_ms <= self.now_ms) {
                link.ends[which].wake_ms = None;
                self.drive(link, which, Event::Tick)?;
            }
        }
        let waiting = [!link.ends[0].out.is_empty(), !link.ends[1].out.is_empty()];
        let from = match waiting {
            [true, true] => usize::from(self.rng.random_bool(0.5)),
            [true, false] => 0,
            [false, true] => 1,
            [false, false] if link.ends.iter().any(|end| end.closed) => {
                return self.hang_up(link).map(|()| State::Gone);
            }
            [false, false] => return Ok(State::Idle),
        };
        let count = link.ends[from].out.len().min(piece).min(link.fuse);
        let bytes: Vec<u8> = link.ends[from].out.drain(..count).collect();
        link.fuse -= count;
        let ends = (link.ends[from].at as u64, link.ends[1 - from].at as u64);
        self.trace("bytes", |w| {
            w.u64(ends.0).u64(ends.1).bytes(&bytes);
        });
        self.take(link, 1 - from, &bytes)?;
        if link.fuse == 0 {
            self.hang_up(link)?;
            return Ok(State::Gone);
        }
        Ok(State::Busy)
    }

    fn take(&mut self, link: &mut Link, which: usize, bytes: &[u8]) -> Result<(), Failure> {
        let end = &mut link.ends[which];
        end.splitter.push(bytes);
        let mut frames = Vec::new();
        loop {
            match end.splitter.next_frame() {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(_) => {
                    end.closed = true;
                    break;
                }
            }
        }
        if frames.is_empty() { Ok(()) } else { self.drive(link, which, Event::Frames(frames)) }
    }

    pub(super) fn hang_up(&mut self, link: &mut Link) -> Result<(), Failure> {
        for which in 0..2 {
            self.drive(link, which, Event::Closed)?;
        }
        Ok(())
    }

    /// A whole session over a good link, until neither end has anything to say.
    pub(super) fn meet(&mut self, a: usize, b: usize) -> Result<(), Failure> {
        let mut link = self.connect(a, b)?;
        for _ in 0..MEETING_PIECES_MAX {
            match self.pump(&mut link, usize::MAX)? {
                State::Busy => {}
                State::Gone => return Ok(()),
                State::Idle if link.ends.iter().any(|end| end.news) => {}
                State::Idle => return self.hang_up(&mut link),
            }
        }
        Err(Failure::new(format!("boxes {a} and {b} talk without end")))
    }
}

/// A session that takes more pieces than this goes round in circles.
const MEETING_PIECES_MAX: usize = 3_000;

impl super::tally::Tally {
    fn note(&mut self, note: &Note) {
        match note {
            Note::Refused(_, reason) | Note::RefusedOther(reason) => {
                *self.refused.entry(reason.to_string()).or_insert(0) += 1;
            }
            Note::BlobRefused(_, reason) => {
                *self.refused.entry(format!("blob: {reason}")).or_insert(0) += 1;
            }
            Note::Gap(..) => self.gaps += 1,
            Note::ForkSeen(..) => self.forks_seen += 1,
            Note::Equal
            | Note::Differs
            | Note::Settled { .. }
            | Note::PeerRefused(..)
            | Note::CannotSend(_)
            | Note::NowListed
            | Note::PeerRefusedBlob(..) => {}
        }
    }
}
