//! One link: a session over an encrypted stream.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use identity::DeviceId;
use sync::{CloseReason, Frame, Side};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, split};
use tokio::sync::mpsc;
use tokio::time::{sleep_until, timeout};

use crate::core::Core;
use crate::driver::Driver;
use crate::gate::Refusal;
use crate::limit;
use crate::pipe::{Outbox, PipeFault, read_frame};
use crate::stats::Meter;
use crate::strangers::Place;
use crate::tls::{Rejection, Secured};

/// Why a connection or the link on it ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LinkEnd {
    /// The session ended it.
    #[error("session: {0}")]
    Session(CloseReason),
    /// The stream ended or failed.
    #[error("{0}")]
    Pipe(PipeFault),
    /// The peer's TLS refused us.
    #[error("refused by the peer: {0}")]
    Rejected(Rejection),
    /// The peer is not, or no longer, admitted.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// Another link to the same peer stays.
    #[error("another link to this box stays")]
    Duplicate,
    /// The links are switched off.
    #[error("switched off")]
    SwitchedOff,
    /// This box ends.
    #[error("stopped")]
    Stopped,
    /// The session panicked: a bug of ours, not the peer's doing.
    #[error("the session failed")]
    Failed,
}

impl LinkEnd {
    /// What to say to the peer, when the session has not said it. Codes of this crate begin at 64 (docs/formats/wire.md).
    pub(crate) fn bye(&self) -> Option<Frame> {
        let (code, text) = match self {
            Self::Stopped => (64, "stopping"),
            Self::Duplicate => (65, "another link stays"),
            Self::Refused(_) => (66, "not admitted"),
            Self::Session(_) | Self::Pipe(_) | Self::Rejected(_) | Self::SwitchedOff | Self::Failed => {
                return None;
            }
        };
        Some(Frame::Bye(code, text.to_owned()))
    }
}

/// A link before it runs.
pub(crate) struct Link {
    pub(crate) core: Arc<Core>,
    pub(crate) device: DeviceId,
    pub(crate) side: Side,
    /// The handshake was as fast as on a network of one house.
    pub(crate) near: bool,
    pub(crate) meter: Arc<Meter>,
    /// Held while the peer is a stranger.
    pub(crate) place: Option<Place>,
    /// What was dialled.
    pub(crate) address: Option<String>,
}

impl Link {
    /// Runs the session until the link ends. Dropping the future closes the connection at once.
    pub(crate) async fn run<S: AsyncRead + AsyncWrite + Unpin>(self, secured: Secured<S>) -> LinkEnd {
        let (core, meter) = (Arc::clone(&self.core), Arc::clone(&self.meter));
        let (mut from, mut into) = split(secured.stream);
        let outbox = Outbox::default();
        let frame_bytes_max = AtomicUsize::new(limit::STRANGER_FRAME_BYTES_MAX);
        let (arrive, mut arrived) = mpsc::channel(limit::ARRIVED_FRAMES_MAX);
        let mut driver = Driver::new(self, &outbox, &frame_bytes_max);
        let mut reading = Box::pin(receive(&core, &mut from, &frame_bytes_max, &meter, arrive));
        let mut writing = Box::pin(send(&core, &mut into, &outbox, &meter));
        let (end, fault) = together(&mut reading, &mut writing, driver.drive(&mut arrived)).await;
        drop((reading, arrived));
        let end = match (end, fault) {
            // the session saw nothing but the stream's end: the stream knows why
            (None, Some(fault)) => LinkEnd::of(fault),
            (None, None) => LinkEnd::Pipe(PipeFault::Closed),
            (Some(end), _) => end,
        };
        outbox.close();
        // a closing session may have its list or its reason in the queue; a stranger needs just that
        let patience =
            if matches!(end, LinkEnd::Session(_)) { core.patience.stranger } else { core.patience.farewell };
        if !matches!(end, LinkEnd::Pipe(_) | LinkEnd::Rejected(_)) {
            // the link is over either way
            let _farewell = timeout(patience, writing).await;
            let _drained = timeout(limit::LINGER, drain(&mut from)).await;
        }
        driver.judge(end)
    }
}

impl LinkEnd {
    fn of(fault: PipeFault) -> Self {
        let rejection = if let PipeFault::Io(error) = &fault { Rejection::of(error) } else { None };
        rejection.map_or(Self::Pipe(fault), Self::Rejected)
    }
}

/// Polls all three until the driver ends. A failed writer leaves the reader a moment to learn why (an alert).
async fn together(
    reading: &mut (impl Future<Output = PipeFault> + Unpin),
    writing: &mut (impl Future<Output = Result<(), PipeFault>> + Unpin),
    driving: impl Future<Output = Option<LinkEnd>>,
) -> (Option<LinkEnd>, Option<PipeFault>) {
    tokio::pin!(driving);
    let (mut unread, mut unwritten) = (None, None);
    let mut give_up = None;
    loop {
        tokio::select! {
            end = &mut driving => return (end, unread.or(unwritten)),
            fault = &mut *reading, if unread.is_none() => unread = Some(fault),
            wrote = &mut *writing, if give_up.is_none() => {
                unwritten = wrote.err();
                give_up = Some(tokio::time::Instant::now() + limit::LINGER);
            }
            () = async { sleep_until(give_up.unwrap_or_else(tokio::time::Instant::now)).await }, if give_up.is_some() => {
                return (None, unread.or(unwritten));
            }
        }
    }
}

/// Reads frames for the driver until the stream ends; says why it did.
async fn receive<R: AsyncRead + Unpin>(
    core: &Core,
    from: &mut R,
    frame_bytes_max: &AtomicUsize,
    meter: &Meter,
    arrive: mpsc::Sender<Vec<u8>>,
) -> PipeFault {
    loop {
        match read_frame(from, || frame_bytes_max.load(Ordering::Acquire), &core.patience).await {
            Ok(frame) => {
                meter.received(core.clock.now_ms());
                if arrive.send(frame).await.is_err() {
                    return PipeFault::Closed;
                }
            }
            Err(fault) => return fault,
        }
    }
}

/// Writes what is queued until the outbox is closed, then ends our half of the stream.
async fn send<W: AsyncWrite + Unpin>(
    core: &Core,
    into: &mut W,
    outbox: &Outbox,
    meter: &Meter,
) -> Result<(), PipeFault> {
    outbox.drain(into, &core.patience, || meter.sent()).await?;
    timeout(core.patience.write, into.shutdown()).await.map_err(|_| PipeFault::Stuck)??;
    Ok(())
}

/// Reads the rest away, so that closing does not reset our last words.
async fn drain<R: AsyncRead + Unpin>(from: &mut R) -> std::io::Result<u64> {
    let mut sink = tokio::io::sink();
    tokio::io::copy(&mut from.take(limit::FRAME_BYTES_MAX as u64), &mut sink).await
}
