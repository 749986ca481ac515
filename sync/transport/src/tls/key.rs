//! A box's identity key in the shape rustls wants, and the bytes in which a peer's key travels.

use std::fmt;
use std::sync::Arc;

use identity::{DeviceId, DeviceKey};
use rustls::crypto::ring::sign::any_eddsa_type;
use rustls::sign::CertifiedKey;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use zeroize::Zeroizing;

use super::TlsFault;

/// DER of an Ed25519 SubjectPublicKeyInfo up to the 32 key bytes (RFC 8410).
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// DER of an Ed25519 PKCS#8 version 1 private key up to the 32 seed bytes (RFC 8410).
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// This box's side of a handshake: its identity key. TLS signs only strings that begin with 64 spaces, our other
/// signatures only strings that begin with a length byte, so one can never stand for the other.
#[derive(Clone)]
pub struct LinkKey {
    device: DeviceId,
    pub(super) certified: Arc<CertifiedKey>,
}

impl LinkKey {
    /// From a box's identity key.
    ///
    /// # Errors
    /// [`TlsFault`] when the crypto provider refuses the key.
    pub fn new(key: &DeviceKey) -> Result<Self, TlsFault> {
        let pkcs8 = Zeroizing::new([PKCS8_PREFIX.as_slice(), key.seed().as_slice()].concat());
        let key = any_eddsa_type(&PrivatePkcs8KeyDer::from(pkcs8.as_slice()))?;
        let public =
            key.public_key().ok_or_else(|| rustls::Error::General("key without public half".into()))?;
        let device =
            device_of(public.as_ref()).ok_or_else(|| rustls::Error::General("unexpected key form".into()))?;
        let certified = CertifiedKey::new(vec![CertificateDer::from(public.as_ref().to_vec())], key);
        Ok(Self { device, certified: Arc::new(certified) })
    }

    /// The public half.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        self.device
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LinkKey").field(&self.device).finish()
    }
}

/// The device whose key this SubjectPublicKeyInfo holds; only the one exact encoding is taken.
pub(super) fn device_of(spki: &[u8]) -> Option<DeviceId> {
    let key: [u8; 32] = spki.strip_prefix(&SPKI_PREFIX)?.try_into().ok()?;
    Some(DeviceId(key))
}
