//! Drives a session: events in, effects out, one at a time, on a thread that may block.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sync::{CloseReason, Effect, Event, Side};
use tokio::sync::{mpsc, watch};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, sleep_until};

use crate::gate::Refusal;
use crate::limit;
use crate::link::{Link, LinkEnd};
use crate::pipe::Outbox;
use crate::ports::Seat;
use crate::roster::Claim;

pub(crate) struct Driver<'a> {
    link: Link,
    seat: Option<Seat>,
    claim: Option<Claim>,
    wake_ms: Option<u64>,
    /// Whether the peer has sent a frame: a dialler that gives a connection up sends none.
    spoken: bool,
    outbox: &'a Outbox,
    frame_bytes_max: &'a AtomicUsize,
}

impl<'a> Driver<'a> {
    pub(crate) fn new(link: Link, outbox: &'a Outbox, frame_bytes_max: &'a AtomicUsize) -> Self {
        Self { link, seat: None, claim: None, wake_ms: None, spoken: false, outbox, frame_bytes_max }
    }

    /// Until the link ends. `None`: the stream ended, and the reader knows why.
    pub(crate) async fn drive(&mut self, arrived: &mut mpsc::Receiver<Vec<u8>>) -> Option<LinkEnd> {
        match self.exchange(arrived).await {
            Ok(()) => None,
            Err(end) => {
                if let Some(bye) = end.bye() {
                    self.outbox.push(bye.encode());
                }
                Some(end)
            }
        }
    }

    /// A stranger that stays one was refused, however the talk ended.
    pub(crate) fn judge(&self, end: LinkEnd) -> LinkEnd {
        let unlisted = match &end {
            LinkEnd::Session(CloseReason::NotListed) => true,
            LinkEnd::Session(_) | LinkEnd::Pipe(_) => self.link.place.is_some(),
            LinkEnd::Rejected(_)
            | LinkEnd::Refused(_)
            | LinkEnd::Duplicate
            | LinkEnd::SwitchedOff
            | LinkEnd::Stopped
            | LinkEnd::Failed => false,
        };
        if unlisted { LinkEnd::Refused(Refusal::NotListed) } else { end }
    }

    async fn exchange(&mut self, arrived: &mut mpsc::Receiver<Vec<u8>>) -> Result<(), LinkEnd> {
        // before anything is sent, and before a seat costs anything
        self.recheck()?;
        let core = Arc::clone(&self.link.core);
        let mut seat = core.host.seat(&self.link.device, self.link.side);
        if self.link.near {
            seat.session.near();
        }
        let mut changed = seat.changed.clone();
        changed.mark_unchanged();
        self.seat = Some(seat);
        self.handle(Event::Connected).await?;
        let patience_ends = Instant::now() + core.patience.stranger;
        let mut batch = Vec::new();
        loop {
            let wake = self.wake();
            let event = tokio::select! {
                () = evicted(&mut self.claim) => return Err(LinkEnd::Duplicate),
                () = core.stopping() => return Err(LinkEnd::Stopped),
                count = arrived.recv_many(&mut batch, limit::BATCH_FRAMES_MAX) => {
                    if count == 0 {
                        return self.handle(Event::Closed).await;
                    }
                    self.spoken = true;
                    self.recheck()?;
                    Event::Frames(std::mem::take(&mut batch))
                }
                () = has_changed(&mut changed) => Event::LocalChanged,
                () = wake => {
                    self.wake_ms = None;
                    Event::Tick
                }
                () = sleep_until(patience_ends), if self.link.place.is_some() => {
                    return Err(LinkEnd::Refused(Refusal::NotListed));
                }
            };
            self.handle(event).await?;
        }
    }

    /// Resolves when the session wants a tick.
    fn wake(&self) -> impl Future<Output = ()> + use<> {
        let pause = self.wake_ms.map(|at| at.saturating_sub(self.link.core.clock.now_ms()));
        async move {
            match pause {
                Some(pause_ms) => sleep(Duration::from_millis(pause_ms)).await,
                None => pending().await,
            }
        }
    }

    /// Gives the session one event and does what it says. The session and its context move to a blocking thread and back.
    async fn handle(&mut self, event: Event) -> Result<(), LinkEnd> {
        let Some(mut seat) = self.seat.take() else { return Err(LinkEnd::Failed) };
        let now_ms = self.link.core.clock.now_ms();
        let worked = spawn_blocking(move || {
            let effects = seat.session.handle(now_ms, event, &mut *seat.context);
            (seat, effects)
        });
        let (seat, effects) = worked.await.map_err(|panic| {
            tracing::error!(%panic, "the session failed");
            LinkEnd::Failed
        })?;
        self.link.meter.came_to(seat.session.progress());
        self.seat = Some(seat);
        for effect in effects {
            match effect {
                Effect::Send(bytes) => self.outbox.push(bytes),
                Effect::WakeAt(at_ms) => self.wake_ms = Some(at_ms),
                Effect::Log(note) => tracing::debug!(peer = %self.link.device, ?note, "session"),
                Effect::Close(reason) => return Err(LinkEnd::Session(reason)),
            }
        }
        self.outbox.below(limit::QUEUED_BYTES_MAX).await;
        self.recheck()
    }

    /// Asks the gatekeeper again: the list may have come in by any link. A stranger that it names now becomes a peer,
    /// and a peer that it cuts loses the link.
    fn recheck(&mut self) -> Result<(), LinkEnd> {
        let link = &mut self.link;
        match link.core.tls.gatekeeper().admit(&link.device) {
            Ok(peer) => {
                link.place = None;
                self.frame_bytes_max.store(limit::FRAME_BYTES_MAX, Ordering::Release);
                let we_dialled = link.side == Side::Dialer;
                if self.claim.is_none() && (we_dialled || self.spoken) {
                    let claim = link.core.roster.claim(&peer, we_dialled, &link.meter);
                    self.claim = Some(claim.ok_or(LinkEnd::Duplicate)?);
                    tracing::info!(peer = %peer.device, station = %peer.station, we_dialled, "link up");
                    report(link);
                }
                Ok(())
            }
            Err(Refusal::NotListed) if link.place.is_some() => Ok(()),
            Err(refusal) => Err(LinkEnd::Refused(refusal)),
        }
    }
}

/// Tells the box which address worked; it may write that down, so not on this thread.
fn report(link: &Link) {
    if let Some(address) = link.address.clone() {
        let device = link.device;
        link.core.note_dial(&address, |dial| dial.device = Some(device));
        let host = Arc::clone(&link.core.host);
        // nobody waits for it: it is a hint for the next start
        drop(spawn_blocking(move || host.reached(&address)));
    }
}

async fn evicted(claim: &mut Option<Claim>) {
    match claim {
        // the sender is dropped only after it was used, or with the roster
        Some(claim) => drop((&mut claim.evicted).await),
        None => pending().await,
    }
}

async fn has_changed(changed: &mut watch::Receiver<u64>) {
    if changed.changed().await.is_err() {
        // the box no longer tells; the session goes on with what the peer sends
        pending::<()>().await;
    }
}
