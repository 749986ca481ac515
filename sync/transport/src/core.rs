//! What all links of a mesh share.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::gate::{Refusal, Refusals};
use crate::limit::{self, Patience};
use crate::ports::{Clock, Dice, Host};
use crate::roster::Roster;
use crate::strangers::Strangers;
use crate::tls::{Rejection, Tls};

pub(crate) struct Core {
    pub(crate) tls: Tls,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) dice: Arc<dyn Dice>,
    pub(crate) patience: Patience,
    pub(crate) roster: Arc<Roster>,
    pub(crate) refusals: Refusals,
    pub(crate) strangers: Arc<Strangers>,
    /// Whether links may stand: the cut switch.
    pub(crate) switch: watch::Sender<bool>,
    /// Whether the mesh ends.
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) dials: Mutex<BTreeMap<String, DialStatus>>,
    sources: Mutex<BTreeMap<IpAddr, usize>>,
}

/// How dialling one address goes: for the doctor, who must name the hop that fails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DialStatus {
    /// Tries in a row that led to no lasting link.
    pub failures: u32,
    /// The box that answered there last, if one ever proved its key.
    pub device: Option<identity::DeviceId>,
    /// What the box at this address held against us, when it was that.
    pub rejection: Option<Rejection>,
    /// Why the last try or link ended, in English, for the log and the doctor. No personal data.
    pub trouble: Option<String>,
}

impl Core {
    pub(crate) fn new(
        tls: Tls,
        host: Arc<dyn Host>,
        clock: Arc<dyn Clock>,
        dice: Arc<dyn Dice>,
        patience: Patience,
    ) -> Arc<Self> {
        let roster = Roster::new(tls.device());
        Arc::new(Self {
            tls,
            host,
            clock,
            dice,
            patience,
            roster,
            refusals: Refusals::default(),
            strangers: Arc::default(),
            switch: watch::Sender::new(true),
            stop: watch::Sender::new(false),
            dials: Mutex::default(),
            sources: Mutex::default(),
        })
    }

    /// Resolves when the mesh ends.
    pub(crate) async fn stopping(&self) {
        reaches(&self.stop, true).await;
    }

    /// Resolves while links may not stand.
    pub(crate) async fn switched_off(&self) {
        reaches(&self.switch, false).await;
    }

    /// Resolves while links may stand.
    pub(crate) async fn switched_on(&self) {
        reaches(&self.switch, true).await;
    }

    /// Logs and counts a refusal.
    pub(crate) fn refuse(&self, refusal: Refusal, key: Option<&identity::DeviceId>, source: &str) {
        self.refusals.record(refusal, key, source, tokio::time::Instant::now());
        self.roster.changed();
    }

    pub(crate) fn note_dial(&self, address: &str, note: impl FnOnce(&mut DialStatus)) {
        note(
            self.dials.lock().unwrap_or_else(PoisonError::into_inner).entry(address.to_owned()).or_default(),
        );
        self.roster.changed();
    }

    pub(crate) fn forget_dial(&self, address: &str) {
        self.dials.lock().unwrap_or_else(PoisonError::into_inner).remove(address);
    }

    /// A place for an unauthenticated connection from this address, unless it or the box has too many.
    pub(crate) fn admit_source(self: &Arc<Self>, source: IpAddr) -> Option<SourcePlace> {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = sources.values().sum();
        let own = sources.get(&source).copied().unwrap_or(0);
        if all >= limit::HANDSHAKES_MAX || own >= limit::HANDSHAKES_PER_SOURCE_MAX {
            return None;
        }
        sources.insert(source, own.saturating_add(1));
        Some(SourcePlace { core: Arc::clone(self), source })
    }
}

async fn reaches(watched: &watch::Sender<bool>, wanted: bool) {
    // the sender lives as long as the borrow, so this ends only when the value is reached
    let _closed = watched.subscribe().wait_for(|now| *now == wanted).await.is_err();
}

/// An unauthenticated connection's place, until dropped.
pub(crate) struct SourcePlace {
    core: Arc<Core>,
    source: IpAddr,
}

impl Drop for SourcePlace {
    fn drop(&mut self) {
        let mut sources = self.core.sources.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = sources.get_mut(&self.source) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                sources.remove(&self.source);
            }
        }
    }
}
