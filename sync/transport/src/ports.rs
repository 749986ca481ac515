//! What the program lends to its links: somebody to talk, a clock, dice.

use identity::DeviceId;
use sync::{Context, Session, Side};
use tokio::sync::watch;

/// What one link needs to run a session. Each link has its own.
pub struct Seat {
    /// A new session, configured for this peer and side.
    pub session: Session,
    /// What the session needs of its box. Called on a thread that may block, one call at a time.
    pub context: Box<dyn Context + Send>,
    /// Changes whenever this box holds more than before: the session then pushes it.
    pub changed: watch::Receiver<u64>,
}

/// The box behind the links.
pub trait Host: Send + Sync {
    /// A seat for a link to the peer whose key was just proven. It may be a stranger, or cut a moment later.
    /// Must not block.
    fn seat(&self, peer: &DeviceId, side: Side) -> Seat;

    /// This address led to a listed peer; worth remembering. May block.
    fn reached(&self, address: &str);
}

/// Monotonic time since some fixed moment of this process, in milliseconds. Never wall time.
pub trait Clock: Send + Sync {
    /// Milliseconds; never goes back.
    fn now_ms(&self) -> u64;
}

/// Randomness for pauses; need not be secret.
pub trait Dice: Send + Sync {
    /// 64 fresh random bits.
    fn roll(&self) -> u64;
}
