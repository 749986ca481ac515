//! The box as its pages and links see it: one cloneable handle over the store, the keys and the ports.

use crate::attachments::BlobMemory;
use crate::cases::{Doors, SentForm};
use crate::commit::Fresh;
use crate::error::ActError;
use crate::limit;
use crate::loaded::Loaded;
use crate::ports::{Clock, Links, Random};
use crate::reference::{self, Reference};
use crate::throttle::Throttle;
use identity::{DeviceId, DeviceKey, Epoch, LogId, Membership, Role, StationNo};
use records::trial::Policy;
use seal::{BagKey, SealingKey};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use store::engine::{Engine, EngineError, WriteTx};
use store::group::Committer;
use sync::Holdings;

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
    /// How admission treats what it is given; [`Policy::Guarded`] but in the simulation's planted faults.
    pub policy: Policy,
    /// A box to practise on: its own numbers, and no links ever (docs/decisions/0014).
    pub drill: bool,
}

/// A running box. Cheap to clone; every method may block on the disk.
#[derive(Clone)]
pub struct Node {
    inner: Arc<Inner>,
    /// The form that the next act came from; see [`Node::once`].
    form: Option<SentForm>,
}

struct Inner {
    committer: Committer,
    key: DeviceKey,
    sealing: SealingKey,
    bag: BagKey,
    membership: RwLock<Arc<Membership>>,
    ports: Ports,
    /// Drawn at start; written at the first write.
    epoch: Epoch,
    links: OnceLock<Arc<dyn Links>>,
    sign_ins: Throttle,
    queries: Throttle,
    /// Codes that let a phone add photos; ended by a restart.
    doors: Doors,
    reference: reference::Held,
    hashing: Mutex<()>,
    admission: Mutex<()>,
    holdings: RwLock<Arc<Holdings>>,
    /// What peers said they hold durably, by log: for 在途, never for 中心已回执. Forgotten at a restart, on purpose: a
    /// page then says less than is known, never more (docs/formats/disk.md).
    relayed: Mutex<BTreeMap<LogId, u64>>,
    blobs: BlobMemory,
    policy: Policy,
    drill: bool,
    loaded: Loaded,
    /// A clerk said since this start that the box's date is today's.
    day_confirmed: AtomicBool,
    /// Due days of the rows may be another calendar's.
    dues_stale: AtomicBool,
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node").field("device", &self.inner.key.id()).finish_non_exhaustive()
    }
}

impl Node {
    /// Starts over an opened database. Nothing is written until the first act, unless the list cuts what documents hold, it
    /// made this centre's receipts void, or an earlier version wrote no tallies.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn start(boot: Boot) -> Result<Self, ActError> {
        let (holdings, newest) = crate::memory::load(&*boot.engine, &boot.membership)?;
        let reference = reference::load(&*boot.engine.read()?)?;
        let epoch = Epoch(crate::ports::random(&*boot.ports.random));
        let inner = Inner {
            committer: Committer::new(boot.engine),
            key: boot.key,
            sealing: boot.sealing,
            bag: boot.bag,
            membership: RwLock::new(Arc::new(newest)),
            ports: boot.ports,
            epoch,
            links: OnceLock::new(),
            sign_ins: Throttle::new(limit::SIGN_IN_FREE_TRIES, limit::SIGN_IN_WAIT_MS),
            queries: Throttle::new(limit::QUERY_FREE_TRIES, limit::QUERY_WAIT_MS),
            doors: Doors::default(),
            reference: reference::Held::new(reference),
            hashing: Mutex::default(),
            admission: Mutex::default(),
            holdings: RwLock::new(Arc::new(holdings)),
            relayed: Mutex::default(),
            blobs: BlobMemory::default(),
            policy: boot.policy,
            drill: boot.drill,
            loaded: Loaded::default(),
            day_confirmed: AtomicBool::new(false),
            dues_stale: AtomicBool::new(true),
        };
        let node = Self { inner: Arc::new(inner), form: None };
        node.keep_cuts()?;
        node.keep_receipts()?;
        node.keep_rows()?;
        Ok(node)
    }

    /// This box as one form of a page sees it: an act through this handle is done once, however often the form is
    /// sent (a double click, the back button). `form` is random and drawn with the page; `content` is a keyed digest
    /// of what it asks for, so that the same number with something else in it is refused and not taken for done.
    #[must_use]
    pub fn once(&self, form: [u8; 16], content: [u8; 16]) -> Self {
        Self { inner: Arc::clone(&self.inner), form: Some(SentForm { number: form, content }) }
    }

    pub(crate) fn day_confirmed(&self) -> &AtomicBool {
        &self.inner.day_confirmed
    }

    pub(crate) fn dues_stale(&self) -> &AtomicBool {
        &self.inner.dues_stale
    }

    pub(crate) fn form(&self) -> Option<SentForm> {
        self.form
    }

    /// Whether this box is there to practise on.
    #[must_use]
    pub fn is_drill(&self) -> bool {
        self.inner.drill
    }

    /// Hands in the mesh. A second one is ignored: a box has one, and one to practise on none.
    pub fn attach_links(&self, links: Arc<dyn Links>) {
        if self.is_drill() {
            return;
        }
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
    pub(crate) fn submit<T, E>(
        &self,
        job: impl FnOnce(&mut dyn WriteTx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<EngineError> + Send + 'static,
    {
        self.inner.committer.submit(job)
    }

    /// Runs a job in the next commit, its first part ahead of its turn where it can; see [`Committer::submit_prepared`].
    pub(crate) fn submit_prepared<P, T, E>(
        &self,
        prepare: impl Fn(&mut dyn WriteTx) -> Result<P, E> + Send + 'static,
        finish: impl FnOnce(&mut dyn WriteTx, P) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        P: Send + 'static,
        T: Send + 'static,
        E: From<EngineError> + Send + 'static,
    {
        self.inner.committer.submit_prepared(prepare, finish)
    }

    pub(crate) fn sign_ins(&self) -> &Throttle {
        &self.inner.sign_ins
    }

    pub(crate) fn one_hash_at_a_time(&self) -> MutexGuard<'_, ()> {
        self.inner.hashing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn queries(&self) -> &Throttle {
        &self.inner.queries
    }

    pub(crate) fn doors(&self) -> &Doors {
        &self.inner.doors
    }

    pub(crate) fn held_reference(&self) -> Arc<Reference> {
        let read = || reference::load(&*self.engine().read()?);
        let (now, before) = self.inner.reference.get(read);
        if before.is_some_and(|before| before.calendar != now.calendar) {
            self.inner.dues_stale.store(true, Ordering::Relaxed);
        }
        now
    }

    pub(crate) fn one_admission_at_a_time(&self) -> MutexGuard<'_, ()> {
        self.inner.admission.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn key(&self) -> &DeviceKey {
        &self.inner.key
    }

    pub(crate) fn sealing(&self) -> &SealingKey {
        &self.inner.sealing
    }

    pub(crate) fn bag(&self) -> &BagKey {
        &self.inner.bag
    }

    pub(crate) fn epoch(&self) -> Epoch {
        self.inner.epoch
    }

    /// The Automerge actor of this start.
    pub(crate) fn actor(&self) -> [u8; 16] {
        identity::actor(&self.device(), &self.inner.epoch)
    }

    /// Documents kept loaded between acts.
    pub(crate) fn loaded(&self) -> &Loaded {
        &self.inner.loaded
    }

    /// What is remembered of blobs on their way.
    pub(crate) fn blob_memory(&self) -> &BlobMemory {
        &self.inner.blobs
    }

    pub(crate) fn policy(&self) -> Policy {
        self.inner.policy
    }

    /// How many commits the database holds; for the stamp beside it.
    #[must_use]
    pub fn commits(&self) -> Option<u64> {
        store::engine::commit_number(&*self.engine().read().ok()?).ok()
    }

    /// What is durable now.
    #[must_use]
    pub fn holdings(&self) -> Arc<Holdings> {
        Arc::clone(&self.inner.holdings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A commit is durable: the box's memory and its links hear of it.
    pub(crate) fn absorb(&self, fresh: Fresh) {
        if let Some(newer) = fresh.membership {
            let mut held = self.inner.membership.write().unwrap_or_else(PoisonError::into_inner);
            if newer.supersedes(&held) == identity::Order::Newer {
                let cuts = |list: &Membership| list.list().roster.cuts.len();
                if newer.centre_term() != held.centre_term() || cuts(&newer) != cuts(&held) {
                    // the box that said it holds something may be the one that is gone
                    self.inner.relayed.lock().unwrap_or_else(PoisonError::into_inner).clear();
                }
                *held = Arc::new(newer);
            }
        }
        if !fresh.openings.is_empty() || !fresh.heads.is_empty() {
            let mut held = self.inner.holdings.write().unwrap_or_else(PoisonError::into_inner);
            let holdings = Arc::make_mut(&mut held);
            for opening in fresh.openings {
                holdings.hold_opening(opening);
            }
            for head in fresh.heads {
                // Commits may be told out of order by their threads; a log only grows.
                if holdings.head(&head.log).is_none_or(|known| known.seq < head.seq) {
                    holdings.set_head(head);
                }
            }
        }
        if fresh.reference {
            self.inner.reference.changed();
        }
        if let Some(links) = self.links() {
            links.changed();
        }
    }

    pub(crate) fn relayed(&self, _peer: &DeviceId, log: &LogId, seq: u64) {
        let mut relayed = self.inner.relayed.lock().unwrap_or_else(PoisonError::into_inner);
        let known = relayed.entry(*log).or_insert(0);
        *known = seq.max(*known);
    }

    pub(crate) fn relayed_up_to(&self, log: &LogId) -> u64 {
        self.inner.relayed.lock().unwrap_or_else(PoisonError::into_inner).get(log).copied().unwrap_or(0)
    }

    pub(crate) fn remember(&self, peer: DeviceId, memory: Vec<u8>) {
        // A hint: losing it costs bytes, so a failure is not worth more than a line.
        let kept = self.submit(move |tx| store::peers::put(tx, &peer, &memory).map_err(ActError::from));
        if let Err(error) = kept {
            tracing::debug!(%error, "what a peer held was not remembered");
        }
    }
}
