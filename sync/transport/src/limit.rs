//! Every limit of this crate, with its reason.

use std::time::Duration;

/// A frame's length, without its four length bytes (docs/formats/wire.md).
pub const FRAME_BYTES_MAX: usize = sync::limit::FRAME_BYTES;

/// A stranger shows a hello, one membership register, a bye: the register is the longest, with its header and signature.
pub const STRANGER_FRAME_BYTES_MAX: usize = sync::limit::REGISTER_BYTES + 256;

/// Links that TLS has let in but the list has not, at one time: they cost memory and a list each.
pub const STRANGERS_MAX: usize = 2;

/// Strangers served before the pace below applies: a whole township that was renewed asks at once.
pub const STRANGER_BURST: u64 = 32;

/// After the burst, one stranger is served in this time; a box asks again by itself.
pub const STRANGER_PACE_MS: u64 = 2_000;

/// A handshake in fewer milliseconds is of a line where bytes cost nothing: a network cable or a radio in one house. Mobile
/// networks take 60 and more; a box that is busy is taken for far away, which costs it some time and is never wrong.
pub const NEAR_HANDSHAKE_MS: u64 = 40;
/// Connections between accept and a finished handshake: each costs a task and some 20 KB.
pub const HANDSHAKES_MAX: usize = 64;

/// Of these, from one address: a school room behind one router still fits, a flood does not.
pub const HANDSHAKES_PER_SOURCE_MAX: usize = 8;

/// Neighbour addresses dialled; more than a township's boxes and their second addresses.
pub const DIALLED_MAX: usize = 256;

/// Peers remembered for the status pages.
pub const PEERS_MAX: usize = 1_024;

/// What may wait unsent on a link before the session is given the next event: the session keeps less in flight, but
/// for one large vector.
pub const QUEUED_BYTES_MAX: usize = 2 * FRAME_BYTES_MAX;

/// Frames that may wait for the session; beyond them the stream is not read, and the peer's window fills.
pub const ARRIVED_FRAMES_MAX: usize = 16;

/// Frames handled at once, so in one commit.
pub const BATCH_FRAMES_MAX: usize = 64;

/// A link that stood this long was a good one: the next dial waits only shortly.
pub const STEADY_MS: u64 = 10_000;

/// The slowest line a frame may come over: a quarter of the 128 kbit/s that we plan for, shared by two uses.
pub const PACE_BYTES_PER_S_MIN: u64 = 4_000;

/// Frames are written in pieces of this size, each within [`Patience::write`]: at the slowest pace 4 s.
pub(crate) const PIECE_BYTES: usize = 16_384;

/// After a refusal what the peer already sent is read away up to here, so that it sees the alert, not a reset.
pub(crate) const LINGER_BYTES_MAX: usize = 16_384;

/// And for no longer than this.
pub(crate) const LINGER: Duration = Duration::from_secs(1);

/// Times that differ between a village line and a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// From accept or dial to a finished handshake: 400 ms lines with loss need several seconds.
    pub handshake: Duration,
    /// From a dial to a TCP connection.
    pub connect: Duration,
    /// For a frame's length bytes, and for its body on top of the time that [`PACE_BYTES_PER_S_MIN`] gives it.
    pub frame: Duration,
    /// No frame began for this long: longer than the session's own ping and its patience together, so this ends only
    /// links whose session is broken.
    pub silence: Duration,
    /// Nothing could be written for this long: the peer does not read.
    pub write: Duration,
    /// For a stranger's whole exchange: a list of 64 KiB over a line of 128 kbit/s, and air.
    pub stranger: Duration,
    /// To send what is left with a bye, and close.
    pub farewell: Duration,
    /// Longest pause between dials: how late a returning line is noticed at worst.
    pub redial_max: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(15),
            connect: Duration::from_secs(10),
            frame: Duration::from_secs(20),
            silence: Duration::from_secs(180),
            write: Duration::from_secs(60),
            stranger: Duration::from_secs(40),
            farewell: Duration::from_secs(1),
            redial_max: Duration::from_secs(30),
        }
    }
}

/// Lines that refusals may write into the log at once: every one of a quiet day, and the first of a flood.
pub const REFUSAL_LINES: u32 = 50;

/// After so long one line more: a flood writes at most 1,440 lines a day, some 200 KB.
pub const REFUSAL_LINE_EVERY: Duration = Duration::from_secs(60);
