//! What the outside gives to the use cases: time, randomness, links. Everything here is an argument, so that the
//! simulation can hand in its own.

use std::fmt;

/// How far the wall clock can be believed (docs/formats/document.md, `confidence`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Nobody has looked.
    Unknown = 0,
    /// Set by hand.
    SetByHand = 1,
    /// A person confirmed today's date since this start.
    Confirmed = 2,
    /// Synchronised over the network.
    Synchronised = 3,
}

/// The two clocks. Wall time is a label, never a reason to trust or delete.
pub trait Clock: Send + Sync {
    /// Seconds since 1970, UTC.
    fn wall(&self) -> i64;
    /// How far that can be believed.
    fn confidence(&self) -> Confidence;
    /// Milliseconds since this process started; never goes back.
    fn monotonic_ms(&self) -> u64;
}

/// Randomness fit for keys.
pub trait Random: Send + Sync {
    /// Fills the whole slice.
    fn fill(&self, into: &mut [u8]);
}

/// N random bytes.
pub fn random<const N: usize>(from: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    from.fill(&mut bytes);
    bytes
}

/// One neighbour as the mesh sees it. Shown to staff; decides nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkView {
    /// Station number; 0 is the centre.
    pub station: u16,
    /// Is a session open now?
    pub open: bool,
    /// When the last frame came in, seconds since 1970.
    pub last_heard: Option<i64>,
    /// Bytes in and out over this process's life.
    pub bytes: (u64, u64),
}

/// Links as a port of the application: the mesh fills it, pages read it, the demo's switch turns it.
pub trait Links: Send + Sync {
    /// Neighbours and their links.
    fn views(&self) -> Vec<LinkView>;
    /// Is the box allowed to link at all? The demo's switch turns this off.
    fn allowed(&self) -> bool;
    /// Turns the switch: off closes every link and dials none.
    fn allow(&self, on: bool);
    /// Something was committed that a peer may want.
    fn changed(&self);
}

impl fmt::Debug for dyn Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Links")
    }
}

/// No links at all: a box that stands alone.
#[derive(Debug, Default, Clone, Copy)]
pub struct NoLinks;

impl Links for NoLinks {
    fn views(&self) -> Vec<LinkView> {
        Vec::new()
    }
    fn allowed(&self) -> bool {
        true
    }
    fn allow(&self, _on: bool) {}
    fn changed(&self) {}
}
