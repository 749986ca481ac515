use crate::{BlobFrame, Frontier, Opening, Reason, Register, RegisterMark, limit};
use canon::{Malformed, Reader, Writer};
use identity::{ListNumber, LogId, TownshipId};
use std::fmt;

const MAGIC: [u8; 4] = *b"bmh1";

/// The first thing that each side says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// The lowest protocol version spoken.
    pub min: u8,
    /// The highest.
    pub max: u8,
    /// Whose boxes these are.
    pub township: TownshipId,
    /// The membership list held.
    pub list: ListNumber,
    /// What is held in the pair's scope; zero to a peer that we do not list.
    pub digest: [u8; 16],
}

/// What a receiver says about a log after admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// On disk up to the number.
    Durable,
    /// The number is the first entry wanted; 0: the opening too.
    Gap,
    /// The log is refused in this session.
    Refused(Reason),
}

/// An answer to a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ack {
    /// The log.
    pub log: LogId,
    /// See [`Verdict`].
    pub seq: u64,
    /// What became of it.
    pub verdict: Verdict,
}

/// What two boxes say to each other in a session (docs/formats/wire.md).
#[derive(Clone, PartialEq, Eq)]
pub enum Frame {
    /// 1.
    Hello(Hello),
    /// 2: what is held in the pair's scope.
    Vector(Frontier, Vec<RegisterMark>),
    /// 3.
    Opening(Opening),
    /// 4: a segment, not decoded yet.
    Segment(Vec<u8>),
    /// 5.
    Register(Register),
    /// 6.
    Ack(Ack),
    /// 7: nothing more to send; what is held now.
    Settled([u8; 16]),
    /// 8: going, and why, for the log.
    Bye(u8, String),
    /// 9.
    Ping(u64),
    /// 10.
    Pong(u64),
    /// 11 to 15, from version 2 on.
    Blob(BlobFrame),
}

/// Why bytes are no frame. It ends the session: a stream that is out of step cannot be trusted again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameFault {
    /// The length is over the limit.
    #[error("a frame of {0} bytes is longer than any may be")]
    TooLong(u32),
    /// No such frame in this version.
    #[error("frame type {0} is unknown to this protocol version")]
    Unknown(u8),
    /// The other side speaks something else.
    #[error("this is no bianmin box")]
    Magic,
    /// Not the canonical encoding of the frame.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

impl Frame {
    /// The frame as written to the link, its length included.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        match self {
            Self::Hello(hello) => {
                out.u8(1).fixed(&MAGIC).u8(hello.min).u8(hello.max).value(&hello.township);
                out.u64(hello.list.generation).u64(hello.list.epoch).fixed(&hello.digest);
            }
            Self::Vector(frontier, registers) => {
                out.u8(2).value(frontier).list(registers);
            }
            Self::Opening(opening) => {
                out.u8(3).value(opening);
            }
            Self::Segment(bytes) => {
                out.u8(4).fixed(bytes);
            }
            Self::Register(register) => {
                out.u8(5).value(register);
            }
            Self::Ack(ack) => {
                out.u8(6).value(&ack.log).u64(ack.seq);
                match ack.verdict {
                    Verdict::Durable => out.u8(0),
                    Verdict::Gap => out.u8(1),
                    Verdict::Refused(reason) => out.u8(2).u8(reason.code()),
                };
            }
            Self::Settled(digest) => {
                out.u8(7).fixed(digest);
            }
            Self::Bye(reason, text) => {
                out.u8(8).u8(*reason).str(text);
            }
            Self::Ping(number) => {
                out.u8(9).u64(*number);
            }
            Self::Pong(number) => {
                out.u8(10).u64(*number);
            }
            Self::Blob(frame) => frame.write(&mut out),
        }
        let body = out.into_bytes();
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        let mut framed = Vec::with_capacity(body.len() + 4);
        framed.extend_from_slice(&length.to_be_bytes());
        framed.extend_from_slice(&body);
        framed
    }

    /// Reads what [`Splitter::next_frame`] gave: type and body without the length.
    ///
    /// # Errors
    /// [`FrameFault`].
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameFault> {
        let mut from = Reader::new(bytes);
        let frame = match from.u8()? {
            1 => return read_hello(&mut from).map(Self::Hello),
            2 => Self::Vector(from.value()?, from.list(limit::REGISTERS)?),
            3 => Self::Opening(from.value()?),
            4 => return Ok(Self::Segment(from.remaining().to_vec())),
            5 => Self::Register(from.value()?),
            6 => Self::Ack(read_ack(&mut from)?),
            7 => Self::Settled(from.fixed()?),
            8 => Self::Bye(from.u8()?, from.str(limit::BYE_TEXT_BYTES)?.to_owned()),
            9 => Self::Ping(from.u64()?),
            10 => Self::Pong(from.u64()?),
            kind @ BlobFrame::FIRST..=BlobFrame::LAST => Self::Blob(BlobFrame::read(kind, &mut from)?),
            other => return Err(FrameFault::Unknown(other)),
        };
        from.end()?;
        Ok(frame)
    }
}

/// A hello of a later version may say more at its end: it must stay readable, so that both can agree on an older one.
fn read_hello(from: &mut Reader<'_>) -> Result<Hello, FrameFault> {
    if from.fixed()? != MAGIC {
        return Err(FrameFault::Magic);
    }
    let hello = Hello {
        min: from.u8()?,
        max: from.u8()?,
        township: from.value()?,
        list: ListNumber { generation: from.u64()?, epoch: from.u64()? },
        digest: from.fixed()?,
    };
    if hello.max <= crate::session::VERSION {
        from.end()?;
    }
    Ok(hello)
}

fn read_ack(from: &mut Reader<'_>) -> Result<Ack, Malformed> {
    let (log, seq) = (from.value()?, from.u64()?);
    let verdict = match from.u8()? {
        0 => Verdict::Durable,
        1 => Verdict::Gap,
        2 => Verdict::Refused(Reason::from_code(from.u8()?)),
        _ => return Err(from.malformed("outcome of an ack")),
    };
    Ok(Ack { log, seq, verdict })
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hello(hello) => write!(f, "{hello:?}"),
            Self::Vector(frontier, registers) => {
                write!(f, "Vector({} tips, {} registers)", frontier.tips.len(), registers.len())
            }
            Self::Opening(opening) => write!(f, "Opening({:?} {:?})", opening.device, opening.epoch),
            Self::Segment(bytes) => write!(f, "Segment({} bytes)", bytes.len()),
            Self::Register(register) => write!(f, "{register:?}"),
            Self::Ack(ack) => write!(f, "{ack:?}"),
            Self::Settled(_) => f.write_str("Settled"),
            Self::Bye(reason, text) => write!(f, "Bye({reason}, {text:?})"),
            Self::Ping(number) => write!(f, "Ping({number})"),
            Self::Pong(number) => write!(f, "Pong({number})"),
            Self::Blob(frame) => write!(f, "{frame:?}"),
        }
    }
}

/// Cuts a byte stream into frames. Reserves nothing on the word of a length.
#[derive(Debug, Default)]
pub struct Splitter {
    buffer: Vec<u8>,
    /// How much of the buffer has been given out.
    taken: usize,
}

impl Splitter {
    /// At the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what the link gave.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..std::mem::take(&mut self.taken));
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame without its length, for [`crate::Event::Frame`]; none until more bytes come.
    ///
    /// # Errors
    /// [`FrameFault::TooLong`]: close the link.
    pub fn next_frame(&mut self) -> Result<Option<Vec<u8>>, FrameFault> {
        let waiting = self.buffer.get(self.taken..).unwrap_or_default();
        let Some((head, rest)) = waiting.split_first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_be_bytes(*head);
        let size = usize::try_from(length).unwrap_or(usize::MAX);
        if size > limit::FRAME_BYTES {
            return Err(FrameFault::TooLong(length));
        }
        let Some(frame) = rest.get(..size).map(<[u8]>::to_vec) else { return Ok(None) };
        self.taken += size + 4;
        Ok(Some(frame))
    }
}
