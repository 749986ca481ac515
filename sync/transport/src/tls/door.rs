//! The one verifier of both sides: a raw Ed25519 key, proven, then admitted by the [`Gatekeeper`].

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use identity::DeviceId;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature_with_raw_key};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};

use super::key::device_of;
use crate::gate::{Gatekeeper, Peer, Refusal};

/// What the handshake found out about the other side, once its key was proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proven {
    pub(crate) device: DeviceId,
    pub(crate) verdict: Result<Peer, Refusal>,
}

/// A verifier for one connection; it remembers the verdict for it.
pub(super) struct Door {
    own: DeviceId,
    gatekeeper: Arc<dyn Gatekeeper>,
    algorithms: WebPkiSupportedAlgorithms,
    proven: Mutex<Option<Proven>>,
}

impl Door {
    pub(super) fn new(
        own: DeviceId,
        gatekeeper: Arc<dyn Gatekeeper>,
        algorithms: WebPkiSupportedAlgorithms,
    ) -> Arc<Self> {
        Arc::new(Self { own, gatekeeper, algorithms, proven: Mutex::new(None) })
    }

    pub(super) fn proven(&self) -> Option<Proven> {
        self.proven.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The proof comes first, so that a refusal in the log names a key its holder really has.
    fn prove(
        &self,
        message: &[u8],
        spki: &[u8],
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let device = device_of(spki).ok_or(CertificateError::BadEncoding)?;
        let valid = verify_tls13_signature_with_raw_key(
            message,
            &SubjectPublicKeyInfoDer::from(spki),
            dss,
            &self.algorithms,
        )?;
        let verdict =
            if device == self.own { Err(Refusal::Ourselves) } else { self.gatekeeper.admit(&device) };
        let outcome = match &verdict {
            Ok(_) | Err(Refusal::NotListed) => Ok(valid),
            Err(Refusal::Cut) => Err(CertificateError::Revoked.into()),
            Err(_) => Err(CertificateError::ApplicationVerificationFailure.into()),
        };
        *self.proven.lock().unwrap_or_else(PoisonError::into_inner) = Some(Proven { device, verdict });
        outcome
    }
}

/// A raw key has no chain, no name and no date to check: only its form.
fn form(spki: &[u8], chain: &[CertificateDer<'_>]) -> Result<(), Error> {
    if chain.is_empty() && device_of(spki).is_some() {
        Ok(())
    } else {
        Err(CertificateError::BadEncoding.into())
    }
}

/// TLS 1.2 is not offered; were it, this would end it.
fn no_tls12<T>() -> Result<T, Error> {
    Err(Error::PeerIncompatible(rustls::PeerIncompatible::Tls12NotOffered))
}

impl ServerCertVerifier for Door {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        form(end_entity, intermediates).map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        no_tls12()
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.prove(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

impl ClientCertVerifier for Door {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        form(end_entity, intermediates).map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        no_tls12()
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.prove(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").finish_non_exhaustive()
    }
}
