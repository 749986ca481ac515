use crate::{Context, Reason};
use identity::{DeviceId, LogId};

/// The newest protocol version this box speaks; the oldest is 1 too.
pub(crate) const VERSION: u8 = 1;

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
}

/// How far a session has come, from real counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Entries that the peer is known to lack and has not acknowledged.
    pub entries_left: u64,
    /// Bytes sent and not acknowledged.
    pub in_flight_bytes: usize,
    /// Whether both sides have nothing more to send.
    pub settled: bool,
}

/// One link's exchange, as a state machine.
#[derive(Debug)]
pub struct Session {
    config: Config,
}

impl Session {
    /// A session that waits for [`Event::Connected`].
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self { config }
    }

    /// Takes one event at a time of the caller's clock (ms, never going back) and says what to do.
    pub fn handle(&mut self, now_ms: u64, event: Event, context: &mut dyn Context) -> Vec<Effect> {
        let _ = (now_ms, event, context, self.config);
        Vec::new()
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress::default()
    }
}
