//! From a TCP connection to the end of its link.

use std::sync::Arc;

use identity::DeviceId;
use sync::Side;
use tokio::net::TcpStream;

use crate::core::{Core, SourcePlace};
use crate::gate::Refusal;
use crate::limit;
use crate::link::{Link, LinkEnd};
use crate::pipe::PipeFault;
use crate::stats::Meter;
use crate::tls::{Counted, HandshakeFault, Secured, Traffic};

/// Where a connection came from.
pub(crate) enum Origin {
    /// Somebody dialled us: from this address, holding this place until its key is proven.
    Accepted(String, SourcePlace),
    /// We dialled this address.
    Dialled(String),
}

impl Origin {
    fn name(&self) -> &str {
        match self {
            Self::Accepted(name, _) | Self::Dialled(name) => name,
        }
    }
}

/// What came of a connection.
pub(crate) struct Met {
    /// Who proved its key.
    pub(crate) device: Option<DeviceId>,
    pub(crate) end: LinkEnd,
}

/// Handshakes, decides, and runs the link. Ends at once when the links are switched off.
pub(crate) async fn serve(core: &Arc<Core>, io: TcpStream, origin: Origin) -> Met {
    let source = origin.name().to_owned();
    let mut device = None;
    let end = tokio::select! {
        end = meet(core, io, origin, &mut device) => end,
        () = core.switched_off() => LinkEnd::SwitchedOff,
    };
    match &end {
        LinkEnd::Refused(refusal) => core.refuse(*refusal, device.as_ref(), &source),
        LinkEnd::Failed => tracing::error!(source, peer = ?device, "link ended: {end}"),
        LinkEnd::Session(_) | LinkEnd::Pipe(_) | LinkEnd::Rejected(_) => {
            tracing::info!(source, peer = ?device, "link ended: {end}");
        }
        LinkEnd::Duplicate | LinkEnd::SwitchedOff | LinkEnd::Stopped => {
            tracing::debug!(source, peer = ?device, "link ended: {end}");
        }
    }
    Met { device, end }
}

async fn meet(core: &Arc<Core>, io: TcpStream, origin: Origin, device: &mut Option<DeviceId>) -> LinkEnd {
    if let Err(error) = io.set_nodelay(true) {
        return LinkEnd::Pipe(PipeFault::Io(error));
    }
    let traffic = Arc::new(Traffic::default());
    let side = if matches!(origin, Origin::Dialled(_)) { Side::Dialer } else { Side::Listener };
    let meter = Meter::new(side == Side::Dialer, core.clock.now_ms(), Arc::clone(&traffic));
    let begun_ms = core.clock.now_ms();
    let secured = tokio::select! {
        secured = handshake(core, Counted::new(io, traffic), side) => secured,
        () = core.stopping() => return LinkEnd::Stopped,
    };
    let secured = match secured {
        Ok(secured) => secured,
        Err(HandshakeFault::Refused { refusal, device: shown }) => {
            *device = shown;
            return LinkEnd::Refused(refusal);
        }
        Err(HandshakeFault::Rejected(rejection)) => return LinkEnd::Rejected(rejection),
        Err(HandshakeFault::Io(_)) if side == Side::Listener => return LinkEnd::Refused(Refusal::Unfinished),
        Err(HandshakeFault::Io(error)) => return LinkEnd::Pipe(PipeFault::Io(error)),
    };
    // both sides wait one round trip in it
    let near = core.clock.now_ms().saturating_sub(begun_ms) <= limit::NEAR_HANDSHAKE_MS;
    *device = Some(secured.proven.device);
    // the key is proven: an accepted connection gives its place back
    let address = match origin {
        Origin::Dialled(address) => Some(address),
        Origin::Accepted(_, place) => {
            drop(place);
            None
        }
    };
    let place = match &secured.proven.verdict {
        Ok(_) => None,
        Err(Refusal::NotListed) => match core.strangers.enter(core.clock.now_ms()) {
            Some(place) => Some(place),
            None => return LinkEnd::Refused(Refusal::Paced),
        },
        Err(refusal) => return LinkEnd::Refused(*refusal),
    };
    let device = secured.proven.device;
    Link { core: Arc::clone(core), device, side, near, meter, place, address }.run(secured).await
}

async fn handshake(
    core: &Core,
    io: Counted<TcpStream>,
    side: Side,
) -> Result<Secured<Counted<TcpStream>>, HandshakeFault> {
    match side {
        Side::Dialer => core.tls.connect(io, core.patience.handshake).await,
        Side::Listener => core.tls.accept(io, core.patience.handshake).await,
    }
}
