//! Two sessions over two byte streams: chunks of any size, a cut at any byte.

use super::testbox::TestBox;
use crate::*;
use std::collections::VecDeque;

/// One end of a link.
pub(super) struct End {
    pub(super) session: Session,
    splitter: Splitter,
    /// Bytes on their way to the other end.
    out: VecDeque<u8>,
    /// Frames said, as they were said.
    pub(super) said: Vec<Frame>,
    pub(super) said_bytes: usize,
    pub(super) notes: Vec<Note>,
    pub(super) closed: Option<CloseReason>,
    pub(super) wake_ms: u64,
}

pub(super) struct Link {
    pub(super) a: End,
    pub(super) b: End,
    pub(super) now_ms: u64,
    /// How many bytes are delivered at once.
    pub(super) chunk: usize,
    /// Bytes until the link breaks.
    pub(super) fuse: usize,
}

impl End {
    fn new(side: Side, peer: &TestBox, max: u8) -> Self {
        let config = Config { side, peer: peer.id(), min: 1, max };
        Self {
            session: Session::new(config),
            splitter: Splitter::new(),
            out: VecDeque::new(),
            said: Vec::new(),
            said_bytes: 0,
            notes: Vec::new(),
            closed: None,
            wake_ms: u64::MAX,
        }
    }

    pub(super) fn event(&mut self, now_ms: u64, event: Event, me: &mut TestBox) {
        for effect in self.session.handle(now_ms, event, me) {
            assert!(self.closed.is_none(), "an effect after close");
            match effect {
                Effect::Send(bytes) => {
                    self.said.push(Frame::decode(&bytes[4..]).unwrap());
                    self.said_bytes += bytes.len();
                    self.out.extend(bytes);
                }
                Effect::Close(reason) => self.closed = Some(reason),
                Effect::WakeAt(at) => self.wake_ms = at,
                Effect::Log(note) => self.notes.push(note),
            }
        }
        if self.wake_ms <= now_ms && self.closed.is_none() {
            self.wake_ms = u64::MAX;
            self.event(now_ms, Event::Tick, me);
        }
    }

    pub(super) fn take(&mut self, now_ms: u64, bytes: &[u8], me: &mut TestBox) {
        self.splitter.push(bytes);
        let mut frames = Vec::new();
        while let Some(frame) = self.splitter.next_frame().unwrap() {
            frames.push(frame);
        }
        if !frames.is_empty() && self.closed.is_none() {
            self.event(now_ms, Event::Frames(frames), me);
        }
    }

    /// The pieces it sent, by blob and number.
    pub(super) fn pieces(&self) -> Vec<(BlobName, u32)> {
        let piece = |frame: &Frame| {
            let Frame::Blob(BlobFrame::Piece(piece)) = frame else { return None };
            Some((piece.name, piece.index))
        };
        self.said.iter().filter_map(piece).collect()
    }

    pub(super) fn segments(&self) -> Vec<SegmentHeader> {
        let decode = |frame: &Frame| {
            let Frame::Segment(bytes) = frame else { return None };
            Some(Segment::decode(bytes).unwrap().header)
        };
        self.said.iter().filter_map(decode).collect()
    }

    pub(super) fn names(&self) -> Vec<&'static str> {
        let name = |frame: &Frame| match frame {
            Frame::Hello(_) => "hello",
            Frame::Vector(..) => "vector",
            Frame::Opening(_) => "opening",
            Frame::Segment(_) => "segment",
            Frame::Register(_) => "register",
            Frame::Ack(_) => "ack",
            Frame::Settled(_) => "settled",
            Frame::Bye(..) => "bye",
            Frame::Ping(_) => "ping",
            Frame::Pong(_) => "pong",
            Frame::Blob(BlobFrame::Wanted { .. }) => "wanted",
            Frame::Blob(BlobFrame::Piece(_)) => "piece",
            Frame::Blob(BlobFrame::Kept(..)) => "kept",
            Frame::Blob(BlobFrame::Refused(..)) => "refused",
            Frame::Blob(BlobFrame::Cannot(..)) => "cannot",
        };
        self.said.iter().map(name).collect()
    }
}

impl Link {
    pub(super) fn new(a: &TestBox, b: &TestBox) -> Self {
        Self::speaking(a, b, 3)
    }

    /// Its listener speaks no later version than this.
    pub(super) fn speaking(a: &TestBox, b: &TestBox, max: u8) -> Self {
        Self {
            a: End::new(Side::Dialer, b, 3),
            b: End::new(Side::Listener, a, max),
            now_ms: 1_000,
            chunk: usize::MAX,
            fuse: usize::MAX,
        }
    }

    /// Connects and lets both talk until neither has anything on its way, or the link breaks.
    pub(super) fn run(mut self, a: &mut TestBox, b: &mut TestBox) -> Self {
        self.connect(a, b);
        self.deliver(a, b);
        self
    }

    pub(super) fn connect(&mut self, a: &mut TestBox, b: &mut TestBox) {
        self.a.event(self.now_ms, Event::Connected, a);
        self.b.event(self.now_ms, Event::Connected, b);
    }

    pub(super) fn changed_a(&mut self, a: &mut TestBox) {
        self.a.event(self.now_ms, Event::LocalChanged, a);
    }

    /// Hands bytes over, in turn, until none are left. False when the fuse has burnt down: both have been told.
    pub(super) fn deliver(&mut self, a: &mut TestBox, b: &mut TestBox) -> bool {
        while !self.a.out.is_empty() || !self.b.out.is_empty() {
            if !self.step(a, b) {
                return false;
            }
        }
        true
    }

    /// Some bytes each way. False when there are none, or the fuse has burnt down.
    pub(super) fn step(&mut self, a: &mut TestBox, b: &mut TestBox) -> bool {
        let busy = !self.a.out.is_empty() || !self.b.out.is_empty();
        for towards_b in [true, false] {
            self.now_ms += 1;
            let from = if towards_b { &mut self.a } else { &mut self.b };
            let count = from.out.len().min(self.chunk).min(self.fuse);
            let bytes: Vec<u8> = from.out.drain(..count).collect();
            self.fuse -= count;
            if towards_b {
                self.b.take(self.now_ms, &bytes, b);
            } else {
                self.a.take(self.now_ms, &bytes, a);
            }
        }
        if self.fuse == 0 {
            self.hang_up(a, b);
        }
        busy && self.fuse > 0
    }

    pub(super) fn hang_up(&mut self, a: &mut TestBox, b: &mut TestBox) {
        self.a.event(self.now_ms, Event::Closed, a);
        self.b.event(self.now_ms, Event::Closed, b);
    }
}

/// A whole session with a good end.
pub(super) fn meet(a: &mut TestBox, b: &mut TestBox) -> Link {
    let mut link = Link::new(a, b).run(a, b);
    for end in [&link.a, &link.b] {
        let progress = end.session.progress();
        assert_eq!(progress.in_flight_bytes, 0, "an answer went missing in the books: {progress:?}");
    }
    link.hang_up(a, b);
    link
}
