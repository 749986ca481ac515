use crate::{OpenFault, SealFault, Seed, secret};
use std::fmt;
use zeroize::{Zeroize as _, Zeroizing};

/// The key under which a box keeps its seeds on disk. Erasing rewraps the surviving seeds under a new one and destroys the old.
#[derive(Clone)]
pub struct BagKey([u8; 32]);

impl Drop for BagKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl BagKey {
    /// The key in these bytes, from randomness or from the key bag file.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be written to the key bag file.
    #[must_use]
    pub fn bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0)
    }

    /// Wraps a seed for the disk. `nonce` is random and never used twice with one bag key.
    ///
    /// # Errors
    /// Never for honest sizes; the cipher's refusal is passed on.
    pub fn wrap(
        &self,
        seed: &Seed,
        case: &[u8; 16],
        person: u64,
        nonce: [u8; 12],
    ) -> Result<Vec<u8>, SealFault> {
        secret::lock(&self.key(), &nonce, &associated(case, person), &seed.0)
    }

    /// Unwraps a seed of this person in this case.
    ///
    /// # Errors
    /// [`OpenFault`]: another bag key, another place, or damaged bytes.
    pub fn unwrap(&self, case: &[u8; 16], person: u64, wrapped: &[u8]) -> Result<Seed, OpenFault> {
        let opened = secret::unlock(&self.key(), &associated(case, person), wrapped)?;
        opened.as_slice().try_into().map(Seed).map_err(|_| OpenFault::Form)
    }

    fn key(&self) -> Zeroizing<[u8; 32]> {
        secret::derive(&self.0, &canon::tagged("bag", |_| {}))
    }
}

impl fmt::Debug for BagKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BagKey(…)")
    }
}

fn associated(case: &[u8; 16], person: u64) -> Vec<u8> {
    canon::tagged("bag", |w| {
        w.fixed(case).u64(person);
    })
}
