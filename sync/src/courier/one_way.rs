//! A box that only speaks, while a parcel is written, or only hears, while one is read.

use crate::{Arrival, Budget, Context, Holdings, Outcome, Reason, Register, RegisterMark, Sealed, Stretch};
use identity::{DeviceId, DeviceKey, LogId, Membership};
use std::sync::Arc;

/// A box of which one half is shut. What a session believes of a peer that is not there is never remembered.
pub(super) struct OneWay<'c> {
    pub(super) inner: &'c mut dyn Context,
    speaks: bool,
}

impl<'c> OneWay<'c> {
    /// It speaks, and takes nothing.
    pub(super) fn out(inner: &'c mut dyn Context) -> Self {
        Self { inner, speaks: true }
    }

    /// It takes, and says nothing.
    pub(super) fn into(inner: &'c mut dyn Context) -> Self {
        Self { inner, speaks: false }
    }
}

impl Context for OneWay<'_> {
    fn key(&self) -> &DeviceKey {
        self.inner.key()
    }
    fn membership(&self) -> Arc<Membership> {
        self.inner.membership()
    }
    fn holdings(&self) -> Arc<Holdings> {
        self.inner.holdings()
    }
    fn registers(&self) -> Vec<RegisterMark> {
        self.inner.registers()
    }
    fn register(&self, mark: &RegisterMark) -> Option<Register> {
        self.inner.register(mark).filter(|_| self.speaks)
    }
    fn stretch(&mut self, log: &LogId, first: u64, budget: Budget) -> Option<Stretch> {
        if self.speaks { self.inner.stretch(log, first, budget) } else { None }
    }
    fn admit(&mut self, peer: &DeviceId, arrivals: Vec<Arrival>) -> Vec<Outcome> {
        if self.speaks {
            return vec![Outcome::Refused(Reason::Scope); arrivals.len()];
        }
        self.inner.admit(peer, arrivals)
    }
    fn sealing_key(&self, recipient: &DeviceId) -> Option<u64> {
        self.inner.sealing_key(recipient)
    }
    fn seal(
        &mut self,
        recipient: &DeviceId,
        version: u64,
        aad: &[u8; 32],
        plaintext: &[u8],
    ) -> Option<Sealed> {
        self.inner.seal(recipient, version, aad, plaintext)
    }
    fn open(&mut self, version: u64, aad: &[u8; 32], sealed: &Sealed) -> Option<Vec<u8>> {
        self.inner.open(version, aad, sealed)
    }
    fn recall(&self, _peer: &DeviceId) -> Option<Vec<u8>> {
        None
    }
    fn remember(&mut self, peer: &DeviceId, memory: Vec<u8>) {
        if !self.speaks {
            self.inner.remember(peer, memory);
        }
    }
    fn acknowledged(&mut self, _peer: &DeviceId, _log: &LogId, _seq: u64) {}
}
