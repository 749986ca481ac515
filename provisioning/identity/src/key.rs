use canon::{Canon, Malformed, Reader, Writer};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use std::fmt;
use zeroize::Zeroizing;

/// A box's identity: its Ed25519 public key. Peers are known by this and by nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(pub [u8; 32]);

/// An Ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

/// The signature does not belong to this key and these bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not verify")]
pub struct BadSignature;

/// A box's secret identity key. Its `Debug` shows the public half only; the secret is wiped when dropped.
#[derive(Clone)]
pub struct DeviceKey(SigningKey);

impl DeviceId {
    /// Checks a signature over `tag` and what `fields` writes, strictly: small-order keys and malleable
    /// signatures are refused, so that all boxes agree on what verifies.
    ///
    /// # Errors
    /// [`BadSignature`] when it does not verify or this is no usable key.
    pub fn verify(
        &self,
        tag: &str,
        fields: impl FnOnce(&mut Writer),
        signature: &Signature,
    ) -> Result<(), BadSignature> {
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_| BadSignature)?;
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        key.verify_strict(&canon::tagged(tag, fields), &signature).map_err(|_| BadSignature)
    }

    /// Six groups of five digits, to be compared by two people on the telephone.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hash = canon::hash("fingerprint", |w| {
            w.fixed(&self.0);
        });
        let groups = hash.chunks_exact(5).map(|five| {
            let number = five.iter().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
            format!("{:05}", number % 100_000)
        });
        groups.collect::<Vec<_>>().join(" ")
    }

    /// All 64 lower-case hex digits.
    #[must_use]
    pub fn hex(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.0)
    }

    /// The inverse of [`DeviceId::hex`]; upper case is read too.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

/// The first eight hex digits: enough to tell boxes apart in a log.
impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = self.hex();
        f.write_str(hex.get(..8).unwrap_or(&hex))
    }
}

/// As `Debug`.
impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl DeviceKey {
    /// The key that grows from a 32-byte Ed25519 seed.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// The seed again, to be written to a private file.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    #[must_use]
    pub fn id(&self) -> DeviceId {
        DeviceId(self.0.verifying_key().to_bytes())
    }

    /// Signs `tag` and what `fields` writes.
    #[must_use]
    pub fn sign(&self, tag: &str, fields: impl FnOnce(&mut Writer)) -> Signature {
        Signature(self.0.sign(&canon::tagged(tag, fields)).to_bytes())
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey({:?})", self.id())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature")
    }
}

impl Canon for DeviceId {
    fn write(&self, out: &mut Writer) {
        out.fixed(&self.0);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(from.fixed()?))
    }
}

impl Canon for Signature {
    fn write(&self, out: &mut Writer) {
        out.fixed(&self.0);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(from.fixed()?))
    }
}
