//! The box as its pages and links see it: one cloneable handle over the store, the keys and the ports.

use crate::error::ActError;
use crate::limit;
use crate::ports::{Clock, Links, Random};
use crate::throttle::Throttle;
use identity::{DeviceId, DeviceKey, Epoch, Membership, Role, StationNo};
use seal::{BagKey, SealingKey};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use store::engine::{Engine, WriteTx};
use store::group::Committer;

/// What the outside gives.
#[derive(Clone)]
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// What a box needs to start.
pub struct Boot {
    /// The database.
    pub engine: Arc<dyn Engine>,
    /// The box's identity.
    pub key: DeviceKey,
    /// The box's sealing key.
    pub sealing: SealingKey,
    /// The key bag's key.
    pub bag: BagKey,
    /// The newest membership list known.
    pub membership: Membership,
    /// Time and randomness.
    pub ports: Ports,
}

/// A running box. Cheap to clone; every method may block on the disk.
#[derive(Clone)]
pub struct Node {
    inner: Arc<Inner>,
}

struct Inner {
    committer: Committer,
    key: DeviceKey,
    #[expect(dead_code, reason = "admission opens segments with it")]
    sealing: SealingKey,
    #[expect(dead_code, reason = "cells are sealed with its seeds")]
    bag: BagKey,
    membership: RwLock<Arc<Membership>>,
    ports: Ports,
    /// Drawn at start; written at the first write.
    #[expect(dead_code, reason = "written at the first commit")]
    epoch: Epoch,
    links: OnceLock<Arc<dyn Links>>,
    sign_ins: Throttle,
    hashing: Mutex<()>,
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node").field("device", &self.inner.key.id()).finish_non_exhaustive()
    }
}

impl Node {
    /// Starts over an opened database. Nothing is written until the first act.
    #[must_use]
    pub fn start(boot: Boot) -> Self {
        let epoch = Epoch(crate::ports::random(&*boot.ports.random));
        let inner = Inner {
            committer: Committer::new(boot.engine),
            key: boot.key,
            sealing: boot.sealing,
            bag: boot.bag,
            membership: RwLock::new(Arc::new(boot.membership)),
            ports: boot.ports,
            epoch,
            links: OnceLock::new(),
            sign_ins: Throttle::new(limit::SIGN_IN_FREE_TRIES, limit::SIGN_IN_WAIT_MS),
            hashing: Mutex::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Hands in the mesh. A second one is ignored: a box has one.
    pub fn attach_links(&self, links: Arc<dyn Links>) {
        let _ = self.inner.links.set(links);
    }

    /// The mesh as pages see it; none for a box that stands alone.
    #[must_use]
    pub fn links(&self) -> Option<&Arc<dyn Links>> {
        self.inner.links.get()
    }

    /// This box's identity.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        self.inner.key.id()
    }

    /// The membership list in force.
    #[must_use]
    pub fn membership(&self) -> Arc<Membership> {
        Arc::clone(&self.inner.membership.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// This box's number; the centre's when the list does not know the box (it then links with nobody).
    #[must_use]
    pub fn station(&self) -> StationNo {
        self.membership().member(&self.device()).map_or(StationNo::CENTRE, |member| member.station)
    }

    /// Is this box the township centre?
    #[must_use]
    pub fn is_centre(&self) -> bool {
        self.membership().member(&self.device()).is_some_and(|member| member.role == Role::Centre)
    }

    /// The name in the membership list.
    #[must_use]
    pub fn name(&self) -> String {
        self.membership().member(&self.device()).map(|member| member.name.clone()).unwrap_or_default()
    }

    /// Time and randomness.
    #[must_use]
    pub fn ports(&self) -> &Ports {
        &self.inner.ports
    }

    pub(crate) fn engine(&self) -> &Arc<dyn Engine> {
        self.inner.committer.engine()
    }

    /// Runs a job in the next commit; see [`Committer::submit`].
    pub(crate) fn submit<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn WriteTx) -> Result<T, ActError> + Send + 'static,
    ) -> Result<T, ActError> {
        self.inner.committer.submit(job)
    }

    pub(crate) fn sign_ins(&self) -> &Throttle {
        &self.inner.sign_ins
    }

    pub(crate) fn one_hash_at_a_time(&self) -> MutexGuard<'_, ()> {
        self.inner.hashing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
