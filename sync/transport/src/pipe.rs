//! Length-prefixed frames over a byte stream (docs/formats/wire.md): read with a limit and a pace, written with one.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::limit::{self, Patience};

/// Why no frame came or went.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PipeFault {
    /// The stream ended between frames.
    #[error("closed by the peer")]
    Closed,
    /// The stream ended inside a frame.
    #[error("cut off inside a frame")]
    Torn,
    /// A declared length above the limit, or zero.
    #[error("frame of {0} bytes refused")]
    Length(u32),
    /// No frame began in time.
    #[error("silent")]
    Silent,
    /// A frame began but came too slowly.
    #[error("frame too slow")]
    Slow,
    /// The peer does not read.
    #[error("peer does not read")]
    Stuck,
    /// The stream failed.
    #[error("stream: {0}")]
    Io(#[from] io::Error),
}

/// Reads one frame without its length: type and body. Nothing is reserved on the word of a length. The limit is asked
/// when the length is known: it may have been raised while nothing came.
pub(crate) async fn read_frame<R: AsyncRead + Unpin>(
    from: &mut R,
    bytes_max: impl Fn() -> usize,
    patience: &Patience,
) -> Result<Vec<u8>, PipeFault> {
    let first = timeout(patience.silence, from.read_u8()).await.map_err(|_| PipeFault::Silent)?;
    let first = first.map_err(|error| {
        if error.kind() == io::ErrorKind::UnexpectedEof { PipeFault::Closed } else { PipeFault::Io(error) }
    })?;
    let header = async {
        let mut rest = [0; 3];
        from.read_exact(&mut rest).await?;
        let [b, c, d] = rest;
        Ok::<_, io::Error>(u32::from_be_bytes([first, b, c, d]))
    };
    let length = timeout(patience.frame, header).await.map_err(|_| PipeFault::Slow)?.map_err(torn)?;
    let wanted = usize::try_from(length).unwrap_or(usize::MAX);
    if wanted == 0 || wanted > bytes_max() {
        return Err(PipeFault::Length(length));
    }
    let mut frame = Vec::new();
    let mut body = from.take(u64::from(length));
    timeout(patience.for_bytes(wanted), body.read_to_end(&mut frame))
        .await
        .map_err(|_| PipeFault::Slow)?
        .map_err(torn)?;
    if frame.len() < wanted { Err(PipeFault::Torn) } else { Ok(frame) }
}

fn torn(error: io::Error) -> PipeFault {
    if error.kind() == io::ErrorKind::UnexpectedEof { PipeFault::Torn } else { PipeFault::Io(error) }
}

impl Patience {
    /// The time that a frame of this length may take.
    fn for_bytes(&self, bytes: usize) -> Duration {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.frame
            .saturating_add(Duration::from_millis(bytes.saturating_mul(1_000) / limit::PACE_BYTES_PER_S_MIN))
    }
}

/// Frames that wait to be written. The driver fills it, one writer empties it.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    inner: Mutex<Waiting>,
    filled: Notify,
    emptied: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    frames: VecDeque<Vec<u8>>,
    bytes: usize,
    closed: bool,
}

impl Outbox {
    fn with<T>(&self, act: impl FnOnce(&mut Waiting) -> T) -> T {
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Queues a frame, its length included (as [`sync::Frame::encode`] gives it).
    pub(crate) fn push(&self, frame: Vec<u8>) {
        self.with(|waiting| {
            waiting.bytes = waiting.bytes.saturating_add(frame.len());
            waiting.frames.push_back(frame);
        });
        self.filled.notify_one();
    }

    /// No more will come; the writer ends when all is written.
    pub(crate) fn close(&self) {
        self.with(|waiting| waiting.closed = true);
        self.filled.notify_one();
    }

    /// Bytes not yet handed to the stream.
    pub(crate) fn bytes(&self) -> usize {
        self.with(|waiting| waiting.bytes)
    }

    /// Resolves once less than `bytes` waits.
    pub(crate) async fn below(&self, bytes: usize) {
        while self.bytes() >= bytes {
            self.emptied.notified().await;
        }
    }

    /// Writes what comes until closed; `sent` is called for each frame.
    pub(crate) async fn drain<W: AsyncWrite + Unpin>(
        &self,
        into: &mut W,
        patience: &Patience,
        sent: impl Fn(),
    ) -> Result<(), PipeFault> {
        loop {
            let (frame, closed) = self.with(|waiting| (waiting.frames.pop_front(), waiting.closed));
            match frame {
                Some(frame) => {
                    write_frame(into, &frame, patience).await?;
                    sent();
                    self.with(|waiting| waiting.bytes = waiting.bytes.saturating_sub(frame.len()));
                    self.emptied.notify_one();
                }
                None => {
                    timeout(patience.write, into.flush()).await.map_err(|_| PipeFault::Stuck)??;
                    if closed {
                        return Ok(());
                    }
                    self.filled.notified().await;
                }
            }
        }
    }
}

/// Writes a frame in pieces, each of which must go in time. Does not flush.
async fn write_frame<W: AsyncWrite + Unpin>(
    into: &mut W,
    frame: &[u8],
    patience: &Patience,
) -> Result<(), PipeFault> {
    for piece in frame.chunks(limit::PIECE_BYTES) {
        timeout(patience.write, into.write_all(piece)).await.map_err(|_| PipeFault::Stuck)??;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
