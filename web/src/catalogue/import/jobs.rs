//! Imports under way: in memory only, so a box that stops has half of nothing.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::authoring::Planned;
use model::item::Version;
use sheets::Workbook;

use crate::limit::IMPORTS_KEPT;

/// How far an import has come.
pub(crate) enum Stage {
    /// The file is being read.
    Reading,
    /// Nothing of it can be read: why.
    Unreadable(String),
    /// It was read and has errors: nothing is taken of it.
    Wrong(Box<Workbook>),
    /// It was read; somebody decides what becomes of it.
    Ready(Arc<Vec<Version>>, Vec<Planned>),
    /// It is being written.
    Landing,
    /// So many items came in; as drafts or published.
    Landed(usize, bool),
}

/// One import.
pub(crate) struct Job {
    /// Whose it is: nobody else sees it.
    pub(crate) staff: String,
    /// The file as the person calls it.
    pub(crate) file: String,
    pub(crate) done: Arc<AtomicUsize>,
    pub(crate) total: AtomicUsize,
    stage: Mutex<Stage>,
}

impl Job {
    pub(crate) fn new(staff: String, file: String) -> Self {
        let (done, total) = (Arc::default(), AtomicUsize::new(0));
        Self { staff, file, done, total, stage: Mutex::new(Stage::Reading) }
    }

    pub(crate) fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, stage: Stage) {
        *self.stage() = stage;
    }

    /// Done, of so many.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    pub(crate) fn count(&self, done: usize, total: usize) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }
}

/// The newest few, by their random names.
#[derive(Default)]
pub(crate) struct Jobs(Mutex<VecDeque<(String, Arc<Job>)>>);

impl Jobs {
    pub(crate) fn keep(&self, name: String, job: Arc<Job>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= IMPORTS_KEPT {
            all.pop_front();
        }
        all.push_back((name, job));
    }

    pub(crate) fn find(&self, name: &str, staff: &str) -> Option<Arc<Job>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|(one, job)| one == name && job.staff == staff);
        found.map(|(_, job)| Arc::clone(job))
    }
}
