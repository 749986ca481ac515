use crate::{OpenFault, SealFault};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable as _, Kem, OpModeR, OpModeS, Serializable as _};
use sha2::{Digest as _, Sha256};
use std::convert::Infallible;
use std::fmt;
use zeroize::{Zeroize as _, Zeroizing};

type Suite = X25519HkdfSha256;

/// The public half of a box's sealing key, as announced in the membership list or a register.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SealingPublic {
    /// Which of the box's keys: it counts up.
    pub version: u64,
    /// X25519.
    pub key: [u8; 32],
}

/// The secret half. Never an identity key; wiped when dropped.
#[derive(Clone)]
pub struct SealingKey {
    version: u64,
    secret: [u8; 32],
    public: [u8; 32],
}

impl Drop for SealingKey {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl SealingKey {
    /// The key whose X25519 secret are these 32 random bytes.
    ///
    /// # Errors
    /// [`OpenFault::Form`] when the bytes are no usable secret.
    pub fn from_secret(version: u64, secret: [u8; 32]) -> Result<Self, OpenFault> {
        let private = <Suite as Kem>::PrivateKey::from_bytes(&secret).map_err(|_| OpenFault::Form)?;
        let public = Suite::sk_to_pk(&private).to_bytes().into();
        Ok(Self { version, secret, public })
    }

    /// Which of the box's keys.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The secret again, to be written to a private file.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret)
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> SealingPublic {
        SealingPublic { version: self.version, key: self.public }
    }
}

/// Seals `plaintext` to a box; gives the encapsulated key and the ciphertext. One message per context: `random` is 32
/// fresh random bytes, never used twice.
///
/// # Errors
/// [`SealFault::Recipient`] when the key is unusable.
pub fn seal_to(
    recipient: &SealingPublic,
    aad: &[u8],
    plaintext: &[u8],
    random: [u8; 32],
) -> Result<([u8; 32], Vec<u8>), SealFault> {
    let public = <Suite as Kem>::PublicKey::from_bytes(&recipient.key).map_err(|_| SealFault::Recipient)?;
    let mut source = Given { seed: Zeroizing::new(random), block: 0 };
    let (encapsulated, ciphertext) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeS::Base,
        &public,
        &info(),
        plaintext,
        aad,
        &mut source,
    )
    .map_err(|_| SealFault::Recipient)?;
    Ok((encapsulated.to_bytes().into(), ciphertext))
}

/// Opens what was sealed to this key.
///
/// # Errors
/// [`OpenFault`]: sealed to another key or version, with other associated data, or changed on the way.
pub fn open_from(
    key: &SealingKey,
    encapsulated: &[u8; 32],
    aad: &[u8],
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenFault> {
    let private = <Suite as Kem>::PrivateKey::from_bytes(&key.secret).map_err(|_| OpenFault::Form)?;
    let encapsulated = <Suite as Kem>::EncappedKey::from_bytes(encapsulated).map_err(|_| OpenFault::Form)?;
    let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        &info(),
        ciphertext,
        aad,
    );
    opened.map(Zeroizing::new).map_err(|_| OpenFault::Key)
}

fn info() -> Vec<u8> {
    canon::tagged("segment", |_| {})
}

/// The caller's randomness, stretched by SHA-256 with a counter to as much as HPKE asks for (32 bytes).
struct Given {
    seed: Zeroizing<[u8; 32]>,
    block: u64,
}

impl TryRng for Given {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        for chunk in to.chunks_mut(32) {
            let mut hasher = Sha256::new();
            hasher.update(self.seed.as_slice());
            hasher.update(self.block.to_be_bytes());
            self.block = self.block.wrapping_add(1);
            let bytes: [u8; 32] = hasher.finalize().into();
            chunk.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        }
        Ok(())
    }
}

impl TryCryptoRng for Given {}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey(version {}, …)", self.version)
    }
}

impl fmt::Debug for SealingPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingPublic(version {})", self.version)
    }
}
