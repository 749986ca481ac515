//! Waiting for a condition, never for a time.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// How long a process may take to do what a page shows: generous, because two cores are shared by everything.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// A condition did not come true in time.
#[derive(Debug, thiserror::Error)]
#[error("waited {seconds} s in vain until {what}; last seen: {seen}")]
pub struct InVain {
    what: String,
    seconds: u64,
    seen: String,
}

/// Looks again and again until `look` gives a value, at most for `within`.
///
/// `look` says by its error what it saw instead, so that a failure tells how far things had come.
///
/// # Errors
/// [`InVain`] when the time is over.
pub async fn until<T, E, F>(what: &str, within: Duration, mut look: impl FnMut() -> F) -> Result<T, InVain>
where
    E: Display,
    F: Future<Output = Result<T, E>>,
{
    let mut seen = String::from("nothing");
    let looking = async {
        let mut ticks = interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match look().await {
                Ok(value) => return value,
                Err(instead) => seen = instead.to_string(),
            }
        }
    };
    timeout(within, looking).await.map_err(|_| InVain {
        what: what.to_owned(),
        seconds: within.as_secs(),
        seen,
    })
}
