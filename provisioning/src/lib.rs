//! Founding a township, provisioning its boxes, and a box's first boot (docs/formats/kit.md).
//!
//! The engineer's laptop holds the township folder: the root key, the key that signs membership lists, every list
//! signed so far. A box gets a kit folder on a stick, verifies it up to the root and copies it.
//!
//! Architecture Invariant: never links the node, so a box can be mended when its database won't open. Randomness and
//! wall time are arguments. Every error is written for the engineer at the shell, in Chinese. Everything that
//! writes can be run again after a power cut and goes on where it stopped.
//!
//! Start with [`township::create`], [`station::provision`], [`join::first_boot`].

mod disk;
pub mod join;
pub mod kit;
pub mod limit;
pub mod membership;
pub mod sheet;
mod sign_in;
pub mod station;
#[cfg(test)]
mod tests;
pub mod township;

pub use disk::DiskFault;

/// Fills a slice with random bytes: the system's in a program, a seeded stream in a test.
pub type Random<'a> = &'a mut dyn FnMut(&mut [u8]);

fn random<const N: usize>(source: Random<'_>) -> [u8; N] {
    let mut bytes = [0; N];
    source(&mut bytes);
    bytes
}
