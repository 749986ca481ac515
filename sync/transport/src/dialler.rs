//! Dials every candidate address, again and again, with growing pauses; never a peer that is already linked.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use identity::DeviceId;
use sync::Backoff;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::core::Core;
use crate::gate::Refusal;
use crate::limit;
use crate::link::LinkEnd;
use crate::serve::{Origin, serve};
use crate::tls::Rejection;

type Wanted = watch::Receiver<BTreeSet<String>>;

/// Keeps one dialler for each candidate until the mesh ends, then waits for all of them.
pub(crate) async fn dial_all(core: Arc<Core>, mut wanted: Wanted) {
    let mut diallers = JoinSet::new();
    let mut running = BTreeSet::new();
    loop {
        let now = wanted.borrow_and_update().clone();
        for address in now.into_iter().take(limit::DIALLED_MAX) {
            if running.len() < limit::DIALLED_MAX && running.insert(address.clone()) {
                diallers.spawn(keep_dialling(Arc::clone(&core), address, wanted.clone()));
            }
        }
        tokio::select! {
            () = core.stopping() => break,
            () = has_changed(&mut wanted) => {}
            Some(ended) = diallers.join_next() => match ended {
                Ok(address) => {
                    running.remove(&address);
                    core.forget_dial(&address);
                }
                Err(fault) => tracing::error!(%fault, "a dialler failed"),
            },
        }
    }
    while diallers.join_next().await.is_some() {}
}

/// Without anybody left to change them, the candidates stay as they are.
async fn has_changed(wanted: &mut Wanted) {
    if wanted.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Dials one address until it is no candidate any more or the mesh ends. A link that stands is not touched when its
/// address goes. Returns the address.
async fn keep_dialling(core: Arc<Core>, address: String, mut wanted: Wanted) -> String {
    let mut backoff = Backoff::new();
    let mut known = None;
    loop {
        tokio::select! {
            () = core.stopping() => return address,
            () = gone(&mut wanted, &address) => return address,
            () = ready(&core, known) => {}
        }
        let began_ms = core.clock.now_ms();
        let tried = tokio::select! {
            tried = dial(&core, &address) => tried,
            () = core.switched_off() => Tried::without("switched off".to_owned()),
        };
        if tried.ourselves {
            // a list names this box too, or it heard itself: nothing will ever come of this address
            core.note_dial(&address, |dial| dial.trouble = Some(tried.trouble));
            tokio::select! {
                () = core.stopping() => return address,
                () = gone(&mut wanted, &address) => return address,
            }
        }
        known = tried.device.or(known);
        let steady =
            core.clock.now_ms().saturating_sub(began_ms) >= limit::STEADY_MS && tried.device.is_some();
        if steady {
            backoff.succeeded();
        }
        let roll = core.dice.roll();
        let pause = Duration::from_millis(backoff.failed(roll)).min(core.patience.redial_max);
        core.note_dial(&address, |dial| {
            dial.failures = if steady { 0 } else { dial.failures.saturating_add(1) };
            dial.device = known;
            dial.rejection = tried.rejection;
            dial.trouble = Some(tried.trouble);
        });
        tokio::select! {
            () = core.stopping() => return address,
            () = gone(&mut wanted, &address) => return address,
            () = sleep(pause) => {}
            // a restored line is used at once
            () = async { core.switched_off().await; core.switched_on().await } => backoff.succeeded(),
        }
    }
}

async fn gone(wanted: &mut Wanted, address: &str) {
    if wanted.wait_for(|now| !now.contains(address)).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Links may stand, and the box at this address, if we know it, is not linked otherwise.
async fn ready(core: &Core, known: Option<DeviceId>) {
    let mut changes = core.roster.changes();
    loop {
        core.switched_on().await;
        let linked = known.is_some_and(|device| core.roster.is_linked(&device));
        if !linked || changes.changed().await.is_err() {
            return;
        }
    }
}

/// Who answered a dial, and how it ended.
struct Tried {
    device: Option<DeviceId>,
    rejection: Option<Rejection>,
    ourselves: bool,
    trouble: String,
}

impl Tried {
    fn without(trouble: String) -> Self {
        Self { device: None, rejection: None, ourselves: false, trouble }
    }
}

/// One try, and the link that comes of it.
async fn dial(core: &Arc<Core>, address: &str) -> Tried {
    let connected = tokio::select! {
        connected = timeout(core.patience.connect, TcpStream::connect(address)) => connected,
        () = core.stopping() => return Tried::without("stopped".to_owned()),
    };
    let io = match connected {
        Ok(Ok(io)) => io,
        Ok(Err(error)) => return Tried::without(format!("no connection: {error}")),
        Err(_) => return Tried::without("no answer".to_owned()),
    };
    let met = serve(core, io, Origin::Dialled(address.to_owned())).await;
    let rejection = if let LinkEnd::Rejected(rejection) = &met.end { Some(*rejection) } else { None };
    let ourselves = matches!(met.end, LinkEnd::Refused(Refusal::Ourselves));
    Tried { device: met.device, rejection, ourselves, trouble: met.end.to_string() }
}
