//! What a link has carried.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sync::Progress;

use crate::tls::Traffic;

/// A link's figures at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkStats {
    /// Whether this box dialled.
    pub we_dialled: bool,
    /// When the link came up, on the mesh's clock.
    pub since_ms: u64,
    /// When the last whole frame arrived, on the mesh's clock.
    pub last_contact_ms: Option<u64>,
    /// Bytes received, TLS and handshake included, TCP and IP headers not.
    pub bytes_in: u64,
    /// Bytes sent, counted alike.
    pub bytes_out: u64,
    /// Frames received.
    pub frames_in: u64,
    /// Frames sent.
    pub frames_out: u64,
    /// How often an answer was waited for: a frame that arrived when we had sent since the one before.
    pub round_trips: u64,
    /// How far the session has come.
    pub progress: Progress,
}

impl LinkStats {
    /// Adds a later link's counts; keeps the latest contact.
    pub(crate) fn add(&mut self, other: &Self) {
        self.last_contact_ms = self.last_contact_ms.max(other.last_contact_ms);
        for (sum, more) in [
            (&mut self.bytes_in, other.bytes_in),
            (&mut self.bytes_out, other.bytes_out),
            (&mut self.frames_in, other.frames_in),
            (&mut self.frames_out, other.frames_out),
            (&mut self.round_trips, other.round_trips),
        ] {
            *sum = sum.saturating_add(more);
        }
    }
}

/// Counts while a link lives.
#[derive(Debug)]
pub(crate) struct Meter {
    we_dialled: bool,
    since_ms: u64,
    traffic: Arc<Traffic>,
    contact_ms: AtomicU64,
    frames_in: AtomicU64,
    frames_out: AtomicU64,
    round_trips: AtomicU64,
    asked: AtomicBool,
    progress: Mutex<Progress>,
}

impl Meter {
    pub(crate) fn new(we_dialled: bool, since_ms: u64, traffic: Arc<Traffic>) -> Arc<Self> {
        Arc::new(Self {
            we_dialled,
            since_ms,
            traffic,
            contact_ms: AtomicU64::new(0),
            frames_in: AtomicU64::new(0),
            frames_out: AtomicU64::new(0),
            round_trips: AtomicU64::new(0),
            asked: AtomicBool::new(false),
            progress: Mutex::default(),
        })
    }

    pub(crate) fn received(&self, now_ms: u64) {
        self.contact_ms.store(now_ms, Ordering::Relaxed);
        self.frames_in.fetch_add(1, Ordering::Relaxed);
        if self.asked.swap(false, Ordering::Relaxed) {
            self.round_trips.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn sent(&self) {
        self.frames_out.fetch_add(1, Ordering::Relaxed);
        self.asked.store(true, Ordering::Relaxed);
    }

    pub(crate) fn came_to(&self, progress: Progress) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }

    pub(crate) fn snapshot(&self) -> LinkStats {
        let frames_in = self.frames_in.load(Ordering::Relaxed);
        LinkStats {
            we_dialled: self.we_dialled,
            since_ms: self.since_ms,
            last_contact_ms: (frames_in > 0).then(|| self.contact_ms.load(Ordering::Relaxed)),
            bytes_in: self.traffic.read(),
            bytes_out: self.traffic.written(),
            frames_in,
            frames_out: self.frames_out.load(Ordering::Relaxed),
            round_trips: self.round_trips.load(Ordering::Relaxed),
            progress: *self.progress.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}
