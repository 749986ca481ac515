//! The one place where addresses come together, and the watch over the multicast thread.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{interval, sleep};

use crate::announcement::Announcement;
use crate::ear::{Ear, EarFault, Mdns, Sound};
use crate::limit;
use crate::table::Table;

/// Where addresses that worked are kept over a restart. They are hints: losing them loses nothing.
pub trait LastKnown: Send + Sync {
    /// What was kept, the latest first.
    fn load(&self) -> Vec<String>;
    /// Replaces what was kept. May block shortly; failures are the implementation's to log.
    fn keep(&self, addresses: &[String]);
}

/// How to be heard by multicast.
#[derive(Debug, Clone)]
pub struct Multicast {
    /// What to announce.
    pub announcement: Announcement,
    /// The port that the mesh listens on.
    pub port: u16,
    /// Addresses to announce; empty: all of this host's, followed as they change.
    pub addresses: Vec<IpAddr>,
}

/// What the doctor and the pages show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiscoveryStatus {
    /// Whether multicast is wanted.
    pub multicast: bool,
    /// Whether its thread runs at present.
    pub running: bool,
    /// How often it had to be started again.
    pub restarts: u64,
    /// Its last error.
    pub trouble: Option<String>,
    /// Announcers of this township heard at present.
    pub heard: usize,
}

struct Shared {
    table: Mutex<Table>,
    status: Mutex<DiscoveryStatus>,
    candidates: watch::Sender<BTreeSet<String>>,
    last_known: Box<dyn LastKnown>,
}

impl Shared {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn status(&self) -> MutexGuard<'_, DiscoveryStatus> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the table and tells the dialler when that changes what to dial.
    fn change<T>(&self, act: impl FnOnce(&mut Table) -> T) -> T {
        let mut table = self.table();
        let result = act(&mut table);
        let (candidates, heard) = (table.candidates(), table.heard());
        drop(table);
        self.status().heard = heard;
        self.candidates.send_if_modified(|now| {
            let changed = *now != candidates;
            *now = candidates;
            changed
        });
        result
    }
}

/// Candidate addresses of other boxes. Ends its thread and task when stopped or dropped.
pub struct Neighbours {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<()>>,
}

impl Neighbours {
    /// Starts with the addresses given by settings and membership list. Without `multicast` only those and the
    /// last-known ones are used. Needs a tokio runtime.
    #[must_use]
    pub fn start(
        given: impl IntoIterator<Item = String>,
        last_known: Box<dyn LastKnown>,
        multicast: Option<Multicast>,
    ) -> Self {
        Self::start_with(given, last_known, multicast, |multicast| {
            Mdns::open(&multicast.announcement, multicast.port, &multicast.addresses)
        })
    }

    pub(crate) fn start_with<E: Ear + 'static>(
        given: impl IntoIterator<Item = String>,
        last_known: Box<dyn LastKnown>,
        multicast: Option<Multicast>,
        open: impl Fn(&Multicast) -> Result<E, EarFault> + Send + Sync + 'static,
    ) -> Self {
        let mut table = Table::new(last_known.load());
        table.give(given);
        let status = DiscoveryStatus { multicast: multicast.is_some(), ..DiscoveryStatus::default() };
        let shared = Arc::new(Shared {
            candidates: watch::Sender::new(table.candidates()),
            table: Mutex::new(table),
            status: Mutex::new(status),
            last_known,
        });
        let stop = watch::Sender::new(false);
        let task = multicast
            .map(|multicast| tokio::spawn(supervise(Arc::clone(&shared), multicast, open, stop.subscribe())));
        Self { shared, stop, task }
    }

    /// What to dial, always up to date.
    #[must_use]
    pub fn candidates(&self) -> watch::Receiver<BTreeSet<String>> {
        self.shared.candidates.subscribe()
    }

    /// Replaces the given addresses, when settings or the membership list changed.
    pub fn give(&self, addresses: impl IntoIterator<Item = String>) {
        self.shared.change(|table| table.give(addresses));
    }

    /// Reports that `address` led to a listed peer: it is kept over a restart.
    pub fn reached(&self, address: &str) {
        if let Some(keep) = self.shared.change(|table| table.reached(address)) {
            self.shared.last_known.keep(&keep);
        }
    }

    /// For the pages and the doctor.
    #[must_use]
    pub fn status(&self) -> DiscoveryStatus {
        self.shared.status().clone()
    }

    /// Says goodbye and ends everything that was started.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(task) = self.task.take()
            && let Err(fault) = task.await
        {
            tracing::error!(%fault, "discovery ended badly");
        }
    }
}

impl Drop for Neighbours {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl std::fmt::Debug for Neighbours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Neighbours").field("status", &self.status()).finish_non_exhaustive()
    }
}

/// Starts the multicast thread, and again whenever it dies: a silent end would look like an empty village.
async fn supervise<E: Ear>(
    shared: Arc<Shared>,
    multicast: Multicast,
    open: impl Fn(&Multicast) -> Result<E, EarFault>,
    mut stop: watch::Receiver<bool>,
) {
    let mut pause = limit::RESTART_MIN;
    loop {
        match open(&multicast) {
            Ok(ear) => {
                tracing::info!("multicast discovery runs");
                shared.status().running = true;
                let stopped = hear(&shared, &multicast.announcement, ear, &mut stop, &mut pause).await;
                shared.status().running = false;
                shared.change(Table::lose_all);
                if stopped {
                    return;
                }
            }
            Err(fault) => shared.status().trouble = Some(fault.to_string()),
        }
        shared.status().restarts += 1;
        tracing::warn!(pause_ms = pause.as_millis(), "multicast discovery ended; it is started again");
        tokio::select! {
            () = sleep(pause) => {}
            () = stopped(&mut stop) => return,
        }
        pause = pause.saturating_mul(2).min(limit::RESTART_MAX);
    }
}

/// Resolves when told to stop, or when nobody is left to tell.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // an error means that the owner is gone, which is a stop too
    let _gone = stop.wait_for(|stop| *stop).await.is_err();
}

/// One run of the thread. Returns whether it was ended on purpose.
async fn hear<E: Ear>(
    shared: &Shared,
    ours: &Announcement,
    mut ear: E,
    stop: &mut watch::Receiver<bool>,
    pause: &mut Duration,
) -> bool {
    let mut check = interval(limit::CHECK_EVERY);
    check.reset();
    let stopped = loop {
        tokio::select! {
            sound = ear.next() => match sound {
                Some(sound) => take(shared, ours, sound),
                None => break false,
            },
            _ = check.tick() => {
                if !ear.is_alive().await {
                    break false;
                }
                *pause = limit::RESTART_MIN;
            }
            () = stopped(stop) => break true,
        }
    };
    ear.close().await;
    stopped
}

fn take(shared: &Shared, ours: &Announcement, sound: Sound) {
    match sound {
        Sound::Heard { name, announcement, addresses } if ours.is_worth_dialling(&announcement) => {
            shared.change(|table| table.hear(name, addresses));
        }
        Sound::Heard { name, .. } => tracing::trace!(name, "announcement not for us"),
        Sound::Gone { name } => shared.change(|table| table.lose(&name)),
        Sound::Trouble(trouble) => {
            tracing::debug!(trouble, "multicast");
            shared.status().trouble = Some(trouble);
        }
    }
}
