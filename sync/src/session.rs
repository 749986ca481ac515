use crate::{BlobName, BlobReason, Context, Hello, Reason, RegisterMark, Scope, View, digest};
use identity::{DeviceId, LogId, Membership};
use std::fmt;
use std::sync::Arc;

mod alive;
mod blobs;
mod greet;
mod outbox;
mod peer;
mod receive;
mod stream;

use alive::Alive;
use blobs::Blobs;
use outbox::Outbox;
use peer::Peer;

/// The newest protocol version this box speaks; the oldest is 1.
pub(crate) const VERSION: u8 = 3;
/// The first version with blobs.
const BLOBS_FROM: u8 = 2;
/// The first version with pressed segments.
const PRESSED_FROM: u8 = 3;

/// Who opened the connection. The dialer asks first on a silent link, so that keep-alive is paid once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// This box dialled.
    Dialer,
    /// The peer dialled.
    Listener,
}

/// What a session is told at its birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// Who opened the connection.
    pub side: Side,
    /// The peer's key as the transport has authenticated it.
    pub peer: DeviceId,
    /// The lowest protocol version to speak.
    pub min: u8,
    /// The highest.
    pub max: u8,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The link stands and the peer is authenticated.
    Connected,
    /// A frame arrived (from [`crate::Splitter`], without its length).
    Frame(Vec<u8>),
    /// All frames that have arrived by now: segments among them are admitted together, in one commit.
    Frames(Vec<Vec<u8>>),
    /// This box holds more than before: push it.
    LocalChanged,
    /// The time asked for with [`Effect::WakeAt`] has come; a tick at any other time does no harm.
    Tick,
    /// The link is gone.
    Closed,
}

/// What is to be done, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Write these bytes to the link, as they are. Wait until the link has taken them before the next event is handled.
    Send(Vec<u8>),
    /// Close the link after what was sent. Nothing more follows.
    Close(CloseReason),
    /// Give [`Event::Tick`] at this time (ms on the caller's clock); replaces the time asked for before.
    WakeAt(u64),
    /// For tracing. Holds no personal data.
    Log(Note),
}

/// Why a session ends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloseReason {
    /// The peer speaks no version that this box speaks.
    #[error("no common protocol version: the peer speaks {min} to {max}")]
    Version {
        /// The peer's lowest.
        min: u8,
        /// The peer's highest.
        max: u8,
    },
    /// The peer belongs to another township.
    #[error("the peer belongs to another township")]
    Township,
    /// The newest list of both does not name the peer, or it is cut.
    #[error("the peer is not on the membership list")]
    NotListed,
    /// What the peer sent is no frame, or out of place.
    #[error("protocol fault: {0}")]
    Protocol(String),
    /// The peer said nothing for too long.
    #[error("the peer is silent")]
    Silent,
    /// The peer closed, and said why.
    #[error("the peer closed ({code}): {text}")]
    Bye {
        /// Its reason.
        code: u8,
        /// For the log; never shown to a clerk.
        text: String,
    },
}

/// Something worth a line in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Both hold the same.
    Equal,
    /// They differ: what each holds is compared.
    Differs,
    /// Both have sent all they could.
    Settled {
        /// Whether both hold the same now.
        equal: bool,
    },
    /// The peer refused a log.
    PeerRefused(LogId, Reason),
    /// This box refused a log.
    Refused(LogId, Reason),
    /// An opening or a register was refused.
    RefusedOther(Reason),
    /// The peer lacks entries before those we sent.
    Gap(LogId, u64),
    /// At the same number the peer has another entry: a fork.
    ForkSeen(LogId, u64),
    /// A log cannot be sent: no proof, no sealing key, or an entry too long.
    CannotSend(LogId),
    /// The peer was not on our list and is now.
    NowListed,
    /// This box took no piece of a blob, or does not send one.
    BlobRefused(BlobName, BlobReason),
    /// The peer took no piece of a blob, or does not send one.
    PeerRefusedBlob(BlobName, BlobReason),
}

/// How far a session has come, from real counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Entries that the peer is known to lack and has not acknowledged.
    pub entries_left: u64,
    /// Bytes sent and not acknowledged.
    pub in_flight_bytes: usize,
    /// Blobs that either side still waits for, as far as they were asked for.
    pub blobs_left: usize,
    /// Whether both sides have nothing more to send.
    pub settled: bool,
}

/// One link's exchange, as a state machine.
pub struct Session {
    config: Config,
    phase: Phase,
    pair: Option<Pair>,
    peer: Peer,
    outbox: Outbox,
    blobs: Blobs,
    alive: Alive,
    /// The peer is near: see [`Session::near`].
    near: bool,
    /// Something may have become known or held that has not been planned for.
    dirty: bool,
}

/// Where a session is. Each phase has its file: `greet` up to `Open`, then `receive` and `stream` side by side.
enum Phase {
    /// Not connected.
    Idle,
    /// Hello is sent; what it said is kept, since equal digests mean that the peer holds just that.
    Greeting(Option<Box<Said>>),
    /// The peer is not listed here and names a newer list: that is awaited. What it says meanwhile is kept.
    Doorstep { hello: Hello, kept: Vec<Vec<u8>>, bytes: usize },
    /// Both know each other.
    Open,
    /// Over.
    Closed,
}

/// The two parties as the list held now has them.
struct Pair {
    membership: Arc<Membership>,
    scope: Scope,
}

/// What this box holds in the pair's scope at one moment.
struct Said {
    view: View,
    registers: Vec<RegisterMark>,
    digest: [u8; 16],
}

/// One call of [`Session::handle`].
struct Turn<'a> {
    now_ms: u64,
    context: &'a mut dyn Context,
    effects: Vec<Effect>,
}

impl Turn<'_> {
    fn send(&mut self, frame: &crate::Frame) {
        self.effects.push(Effect::Send(frame.encode()));
    }

    fn note(&mut self, note: Note) {
        self.effects.push(Effect::Log(note));
    }
}

impl Session {
    /// A session that waits for [`Event::Connected`].
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config,
            phase: Phase::Idle,
            pair: None,
            peer: Peer::default(),
            outbox: Outbox::default(),
            blobs: Blobs::default(),
            alive: Alive::default(),
            near: false,
            dirty: false,
        }
    }

    /// The peer answers as fast as on a station's own network. Bytes are cheap on such a line and the processor is not:
    /// segments are packed the quick way, though both speak a version that presses them.
    pub fn near(&mut self) {
        self.near = true;
    }

    /// Takes one event at a time of the caller's clock (ms, never going back) and says what to do.
    pub fn handle(&mut self, now_ms: u64, event: Event, context: &mut dyn Context) -> Vec<Effect> {
        let mut turn = Turn { now_ms, context, effects: Vec::new() };
        if !matches!(self.phase, Phase::Closed)
            && let Err(reason) = self.react(&mut turn, event)
        {
            self.close(&mut turn, reason);
        }
        turn.effects
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            entries_left: self.outbox.entries_left(&self.peer),
            in_flight_bytes: self.outbox.in_flight() + self.blobs.in_flight(),
            blobs_left: self.blobs.left(),
            settled: self.peer.agreed
                || (self.peer.said_settled.is_some() && self.peer.told_settled.is_some()),
        }
    }

    fn react(&mut self, turn: &mut Turn<'_>, event: Event) -> Result<(), CloseReason> {
        match event {
            Event::Connected => self.greet(turn),
            Event::Frame(frame) => self.receive(turn, vec![frame])?,
            Event::Frames(frames) => self.receive(turn, frames)?,
            Event::LocalChanged => {
                self.dirty = true;
                self.blobs.recheck = true;
            }
            Event::Tick => {
                self.dirty |= self.outbox.has_stopped();
                self.blobs.tick(turn.now_ms);
            }
            Event::Closed => {
                self.save(turn);
                self.phase = Phase::Closed;
                return Ok(());
            }
        }
        if matches!(self.phase, Phase::Open) {
            self.refresh(turn)?;
            self.stream(turn);
            self.exchange_blobs(turn);
            self.settle(turn);
        }
        self.keep_alive(turn)
    }

    fn close(&mut self, turn: &mut Turn<'_>, reason: CloseReason) {
        self.save(turn);
        if !matches!(reason, CloseReason::Bye { .. }) {
            let mut text = reason.to_string();
            text.truncate(text.floor_char_boundary(crate::limit::BYE_TEXT_BYTES));
            turn.send(&crate::Frame::Bye(reason.code(), text));
        }
        turn.effects.push(Effect::Close(reason));
        self.phase = Phase::Closed;
    }

    /// Looks at the list anew: it may have changed who the two are.
    fn refresh(&mut self, turn: &mut Turn<'_>) -> Result<(), CloseReason> {
        let membership = turn.context.membership();
        if self.pair.as_ref().is_some_and(|pair| pair.membership.hash() == membership.hash()) {
            return Ok(());
        }
        self.pair = self.find_pair(turn);
        self.outbox.forgive();
        self.blobs.forgive();
        self.dirty = true;
        if self.pair.is_some() { Ok(()) } else { Err(CloseReason::NotListed) }
    }

    /// None when this box or the peer is no member.
    fn find_pair(&self, turn: &Turn<'_>) -> Option<Pair> {
        let membership = turn.context.membership();
        let me = membership.member(&turn.context.key().id())?.into();
        let peer = membership.member(&self.config.peer)?.into();
        let scope = Scope::pair(me, peer);
        Some(Pair { membership, scope })
    }

    fn say(&self, turn: &Turn<'_>) -> Option<Said> {
        let pair = self.pair.as_ref()?;
        let view = turn.context.holdings().view(&pair.scope, &pair.membership);
        let registers = pair.registers(turn);
        let digest = digest(&view.frontier, &registers);
        Some(Said { view, registers, digest })
    }
}

impl Pair {
    fn registers(&self, turn: &Turn<'_>) -> Vec<RegisterMark> {
        let centre = self.membership.centre().map(|centre| centre.device);
        let mut registers = turn.context.registers();
        registers.retain(|mark| self.scope.speaks_of(mark, centre.as_ref()));
        registers.sort_unstable();
        registers
    }
}

impl CloseReason {
    /// The number in a bye.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Version { .. } => 1,
            Self::Township => 2,
            Self::NotListed => 3,
            Self::Protocol(_) => 4,
            Self::Silent => 5,
            Self::Bye { code, .. } => *code,
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({:?} with {:?})", self.config.side, self.config.peer)
    }
}
