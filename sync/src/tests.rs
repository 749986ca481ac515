//! Tests of the whole crate, over boxes in memory ([`testbox`]) and a byte pipe that can be cut anywhere ([`pipe`]).

mod blobs;
mod formats;
mod frontiers;
mod pipe;
mod segments;
mod sessions;
mod soak;
mod strangers;
mod testblobs;
mod testbox;
mod truths;
