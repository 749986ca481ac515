//! Group commit: the jobs of several threads share one commit, so one fsync. Whoever comes first commits for all who
//! queue up meanwhile; each is told only when its own job is durable.

mod ahead;
#[cfg(test)]
mod tests;

use crate::engine::{Changes, Engine, EngineError, Overlay, ReadTx, WriteTx};
use crate::limit;
use ahead::Ahead;
use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// What a caller in the queue waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Waiting,
    /// Its job is first: it commits for all who stand behind it.
    Leads,
    /// Its job is settled.
    Settled,
}

/// One caller's own bell: a commit of many jobs wakes each caller once, and nobody for another's sake.
struct Bell {
    turn: Mutex<Turn>,
    rung: Condvar,
}

impl Bell {
    fn ring(&self, turn: Turn) {
        *lock(&self.turn) = turn;
        self.rung.notify_one();
    }

    fn wait(&self) -> Turn {
        let waiting = self.rung.wait_while(lock(&self.turn), |turn| *turn == Turn::Waiting);
        *waiting.unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job as the queue holds it. It leaves its outcome in its own slot, which its caller reads after the commit.
trait Job: Send {
    /// Where its caller waits.
    fn bell(&self) -> &Bell;
    /// Runs over `base`; changes count only when the job succeeds.
    fn run(&mut self, base: &dyn ReadTx) -> Option<Changes>;
    /// Tells the caller: durable, or why the commit failed.
    fn settle(&mut self, failure: Option<&EngineError>);
}

/// What becomes of a job. `None` until settled.
type Slot<T, E> = Arc<Mutex<Option<Result<T, E>>>>;

struct Pending<F, T, E> {
    job: Option<F>,
    outcome: Option<Result<T, E>>,
    slot: Slot<T, E>,
    bell: Arc<Bell>,
}

impl<F, T, E> Job for Pending<F, T, E>
where
    F: FnOnce(&mut dyn WriteTx) -> Result<T, E> + Send,
    T: Send,
    E: From<EngineError> + Send,
{
    fn bell(&self) -> &Bell {
        &self.bell
    }

    fn run(&mut self, base: &dyn ReadTx) -> Option<Changes> {
        let job = self.job.take()?;
        let mut overlay = Overlay::new(base);
        // A panic must not reach the leader, who is another caller's thread; the overlay is dropped whole.
        let result = catch_unwind(AssertUnwindSafe(|| job(&mut overlay)));
        match result {
            Ok(Ok(value)) => {
                self.outcome = Some(Ok(value));
                Some(overlay.into_changes())
            }
            Ok(Err(error)) => {
                self.outcome = Some(Err(error));
                None
            }
            Err(_) => {
                self.outcome = Some(Err(EngineError::Panicked.into()));
                None
            }
        }
    }

    fn settle(&mut self, failure: Option<&EngineError>) {
        let outcome = match (self.outcome.take(), failure) {
            (Some(Err(error)), _) => Err(error),
            (Some(Ok(value)), None) => Ok(value),
            (Some(Ok(_)) | None, Some(failure)) => Err(shared(failure).into()),
            (None, None) => Err(EngineError::Group("the job did not run".to_owned()).into()),
        };
        *lock(&self.slot) = Some(outcome);
        self.bell.ring(Turn::Settled);
    }
}

/// The jobs that wait. Somebody leads whenever there are any: whoever came to an empty queue, then the first of those
/// who came meanwhile.
#[derive(Default)]
struct Queue {
    jobs: VecDeque<Box<dyn Job>>,
    leading: bool,
}

/// Shares commits between the threads that hold it.
pub struct Committer {
    engine: Arc<dyn Engine>,
    queue: Mutex<Queue>,
}

impl fmt::Debug for Committer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Committer").finish_non_exhaustive()
    }
}

impl Committer {
    /// Commits to `engine`.
    #[must_use]
    pub fn new(engine: Arc<dyn Engine>) -> Self {
        Self { engine, queue: Mutex::default() }
    }

    /// The engine underneath, for reading.
    #[must_use]
    pub fn engine(&self) -> &Arc<dyn Engine> {
        &self.engine
    }

    /// Runs `job` in the next commit and returns when that is durable. A job that fails or panics leaves nothing and
    /// spoils nobody else's; a commit in which no job succeeded is not made. Jobs see the changes of those before them.
    ///
    /// # Errors
    /// The job's own; or that the commit failed, in which case nothing was promised to anybody in the group.
    pub fn submit<T, E>(
        &self,
        job: impl FnOnce(&mut dyn WriteTx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<EngineError> + Send + 'static,
    {
        let slot: Slot<T, E> = Arc::default();
        let bell = Arc::new(Bell { turn: Mutex::new(Turn::Waiting), rung: Condvar::new() });
        let pending =
            Pending { job: Some(job), outcome: None, slot: Arc::clone(&slot), bell: Arc::clone(&bell) };
        let mut queue = lock(&self.queue);
        queue.jobs.push_back(Box::new(pending));
        let leads = !std::mem::replace(&mut queue.leading, true);
        drop(queue);
        if leads || bell.wait() == Turn::Leads {
            self.lead();
        }
        // Whoever leads stands first, so its own job is in the group that it commits.
        let outcome = lock(&slot).take();
        outcome.unwrap_or_else(|| Err(EngineError::Group("the job was not settled".to_owned()).into()))
    }

    /// Commits the first group of the queue and hands the lead on to whoever came meanwhile.
    fn lead(&self) {
        let mut queue = lock(&self.queue);
        let count = queue.jobs.len().min(limit::GROUP_JOBS_MAX);
        let mut group: Vec<_> = queue.jobs.drain(..count).collect();
        drop(queue);
        self.commit(&mut group);
        let mut queue = lock(&self.queue);
        match queue.jobs.front() {
            Some(next) => next.bell().ring(Turn::Leads),
            None => queue.leading = false,
        }
    }

    /// As [`Committer::submit`] of `prepare` and then `finish` in one job. While another commit is under way, `prepare` runs
    /// at once on this thread, over what is committed; in the job's turn its work is taken over only if everything that it
    /// read still stands, otherwise it runs again there. So it may run twice, and must do nothing but through the
    /// transaction it is given. What every commit changes (the end of a log, the commit counter) is better read by `finish`.
    ///
    /// # Errors
    /// As [`Committer::submit`].
    pub fn submit_prepared<P, T, E>(
        &self,
        prepare: impl Fn(&mut dyn WriteTx) -> Result<P, E> + Send + 'static,
        finish: impl FnOnce(&mut dyn WriteTx, P) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        P: Send + 'static,
        T: Send + 'static,
        E: From<EngineError> + Send + 'static,
    {
        // Alone there is nothing to wait for, so working ahead would only cost the check.
        let busy = lock(&self.queue).leading;
        let ahead = if busy { Ahead::work(&*self.engine, &prepare) } else { None };
        self.submit(move |tx| {
            let taken = ahead.map(|ahead| ahead.take_over(tx)).transpose()?.flatten();
            let prepared = taken.map_or_else(|| prepare(tx), Ok)?;
            finish(tx, prepared)
        })
    }

    fn commit(&self, group: &mut [Box<dyn Job>]) {
        // A panic inside the database must not leave the others waiting for ever.
        let committed = catch_unwind(AssertUnwindSafe(|| self.try_commit(group)));
        let failure = match committed {
            Ok(result) => result.err(),
            Err(_) => Some(EngineError::Group("the database library gave up".to_owned())),
        };
        for job in group {
            job.settle(failure.as_ref());
        }
    }

    fn try_commit(&self, group: &mut [Box<dyn Job>]) -> Result<(), EngineError> {
        let mut tx = self.engine.write()?;
        let mut changed = false;
        for job in group {
            let changes = job.run(&&*tx);
            if let Some(changes) = changes {
                changed = true;
                changes.apply(&mut *tx)?;
            }
        }
        if changed {
            tx.commit()?;
        }
        Ok(())
    }
}

/// One failure, told to each of the group. A full disk stays recognisable: people are told in their own words.
fn shared(failure: &EngineError) -> EngineError {
    if let EngineError::DiskFull { free_bytes, needed_bytes } = failure {
        return EngineError::DiskFull { free_bytes: *free_bytes, needed_bytes: *needed_bytes };
    }
    EngineError::Group(failure.to_string())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
