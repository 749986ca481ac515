//! The simulation: a township of one centre and thirty stations in one thread, over the real session, admission,
//! records and the memory engine, with clocks, randomness, links and disks that the seed drives. The same seed makes the
//! same life, to the last byte.
//!
//! Links break at any byte and run beside each other; segments come twice or by courier; the power fails in and between
//! commits; backups are put back at a station and at the centre; cards are copied and both run on; a stolen
//! box is revoked and tries a new epoch; a member forges changes; clocks stand anywhere from 1970 to 2099. Then all links
//! come up, and every act that was called saved must stand exactly once where it belongs, every box
//! that may read a document must say the same, every document must load, and whoever says 中心已回执 must be right.
//!
//! Start with [`run`] and [`run_seed`]; `steps` is what may happen, `faults` what the engineer, the thief and the forger
//! do, `check` what must be true. [`Plant`] lists the bugs that are put in on purpose.

mod campaign;
mod check;
mod chunk;
mod context;
mod disk;
mod faults;
mod link;
mod photos;
mod plant;
mod steps;
mod tally;
mod world;

pub use campaign::{Outcome, Report, find, run, run_seed};
pub use plant::Plant;
pub use tally::Tally;
pub use world::Failure;
