use crate::{OpenFault, SealFault, limit};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

const VERSION: u8 = 1;

/// The 16 random bytes from which the cell key of one person in one case grows. Destroying every copy of it erases
/// what its cells held. Wiped when dropped, compared in constant time.
#[derive(Clone)]
pub struct Seed(pub [u8; 16]);

impl Drop for Seed {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl PartialEq for Seed {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Seed {}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(…)")
    }
}

/// 32 bytes from key material, for one purpose.
pub(crate) fn derive(material: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    // 32 bytes are far below the 8,160 that HKDF-SHA256 can give: this cannot fail
    let _always = Hkdf::<Sha256>::new(None, material).expand(info, key.as_mut());
    key
}

/// { version, nonce, ciphertext and tag }.
pub(crate) fn lock(
    key: &[u8; 32],
    nonce: &[u8; limit::NONCE_BYTES],
    aad: &[u8],
    msg: &[u8],
) -> Result<Vec<u8>, SealFault> {
    let cipher = ChaCha20Poly1305::new(&Key::from(*key));
    let locked = cipher.encrypt(&Nonce::from(*nonce), Payload { msg, aad }).map_err(|_| SealFault::Cipher)?;
    let mut out = Vec::with_capacity(limit::HEAD_BYTES + locked.len());
    out.push(VERSION);
    out.extend_from_slice(nonce);
    out.extend_from_slice(&locked);
    Ok(out)
}

pub(crate) fn has_form(bytes: &[u8]) -> bool {
    bytes.first() == Some(&VERSION) && bytes.len() >= limit::HEAD_BYTES + limit::TAG_BYTES
}

/// The inverse of [`lock`].
pub(crate) fn unlock(key: &[u8; 32], aad: &[u8], bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenFault> {
    if !has_form(bytes) {
        return Err(OpenFault::Form);
    }
    let (head, msg) = bytes.split_at_checked(limit::HEAD_BYTES).ok_or(OpenFault::Form)?;
    let nonce: [u8; limit::NONCE_BYTES] =
        head.get(1..).and_then(|nonce| nonce.try_into().ok()).ok_or(OpenFault::Form)?;
    let cipher = ChaCha20Poly1305::new(&Key::from(*key));
    let opened = cipher.decrypt(&Nonce::from(nonce), Payload { msg, aad }).map_err(|_| OpenFault::Key)?;
    Ok(Zeroizing::new(opened))
}
