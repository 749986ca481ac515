//! Every limit of this crate, with its reason.

use std::time::Duration;

/// Announcers remembered: more boxes than any township has; a flood pushes out the longest unheard.
pub const HEARD_MAX: usize = 256;

/// Addresses taken from one announcer: a box has two network cards and two address families.
pub const ADDRESSES_PER_ANNOUNCER_MAX: usize = 8;

/// Addresses kept over a restart: a township's boxes twice over.
pub const LAST_KNOWN_MAX: usize = 64;

/// Addresses handed to the dialler. Given and last-known ones come first, so that a flood of announcements cannot
/// push them out.
pub const CANDIDATES_MAX: usize = 256;

/// An address is `host:port`; a host name has at most 253 bytes.
pub const ADDRESS_BYTES_MAX: usize = 260;

/// How often the multicast thread is asked whether it lives.
pub const CHECK_EVERY: Duration = Duration::from_secs(30);

/// How long it may take to answer.
pub const CHECK_PATIENCE: Duration = Duration::from_secs(5);

/// Pause before a dead multicast thread is started anew; doubles up to the limit below.
pub const RESTART_MIN: Duration = Duration::from_secs(1);

/// Longest pause before a new start: a network card that comes back is used within this time.
pub const RESTART_MAX: Duration = Duration::from_secs(60);

/// How long the goodbye may take when the program ends.
pub const FAREWELL: Duration = Duration::from_secs(1);
