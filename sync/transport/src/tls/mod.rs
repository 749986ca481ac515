//! Mutual TLS 1.3 with raw public keys (RFC 7250): no certificates, no names, no dates, no resumption.

mod counted;
mod door;
mod key;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::{AlwaysResolvesClientRawPublicKeys, Resumption};
use rustls::crypto::{CryptoProvider, ring};
use rustls::server::{AlwaysResolvesServerRawPublicKeys, NoServerSessionStorage};
use rustls::time_provider::TimeProvider;
use rustls::{AlertDescription, ClientConfig, ServerConfig};
use rustls_pki_types::{ServerName, UnixTime};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, TlsConnector, TlsStream};

pub(crate) use counted::{Counted, Traffic};
pub(crate) use door::Proven;
pub use key::LinkKey;

use crate::gate::{Gatekeeper, Refusal};
use crate::limit;
use door::Door;

/// The protocol name of RFC 7301; a change that old boxes cannot follow gets another.
pub const ALPN: &[u8] = b"bianmin/1";

/// TLS could not be set up: a wrong key or a provider without what we need. Never depends on a peer.
#[derive(Debug, thiserror::Error)]
#[error("TLS set-up: {0}")]
pub struct TlsFault(#[from] rustls::Error);

/// A rustls clock that says 1970 for ever. Nothing in our handshake has a date, so nothing may depend on one:
/// a box whose clock battery died joins like any other.
#[derive(Debug, Clone, Copy)]
pub struct Dateless;

impl TimeProvider for Dateless {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::ZERO))
    }
}

/// A handshake that did not end in a link.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HandshakeFault {
    /// We refused the peer.
    #[error("refused: {refusal}")]
    Refused { refusal: Refusal, device: Option<identity::DeviceId> },
    /// The peer refused us.
    #[error("refused by the peer: {0}")]
    Rejected(Rejection),
    /// The connection broke.
    #[error("connection: {0}")]
    Io(io::Error),
}

/// What a peer's alert says about why it refused this box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Rejection {
    /// This box's key was cut from the membership list.
    #[error("this box is cut")]
    Cut,
    /// This box showed no key.
    #[error("no key shown")]
    NoKey,
    /// No common protocol or TLS version.
    #[error("no common protocol")]
    Protocol,
    /// Any other alert.
    #[error("another reason")]
    Other,
}

impl Rejection {
    /// The peer's alert in an I/O error of the TLS stream. In TLS 1.3 the server's refusal reaches the client
    /// with its first read, when the client already holds the handshake for finished.
    pub(crate) fn of(error: &io::Error) -> Option<Self> {
        let Some(rustls::Error::AlertReceived(alert)) = error.get_ref()?.downcast_ref() else { return None };
        let known = [
            (AlertDescription::CertificateRevoked, Self::Cut),
            (AlertDescription::CertificateRequired, Self::NoKey),
            (AlertDescription::NoApplicationProtocol, Self::Protocol),
            (AlertDescription::ProtocolVersion, Self::Protocol),
            (AlertDescription::HandshakeFailure, Self::Protocol),
        ];
        known.iter().find(|(sent, _)| sent == alert).map_or(Some(Self::Other), |(_, meaning)| Some(*meaning))
    }
}

/// An encrypted stream to a proven key; whether it is listed stands in `proven`.
pub(crate) struct Secured<S> {
    pub(crate) stream: TlsStream<S>,
    pub(crate) proven: Proven,
}

/// What both sides of a handshake need. Cheap to clone.
#[derive(Clone)]
pub struct Tls {
    key: LinkKey,
    gatekeeper: Arc<dyn Gatekeeper>,
    provider: Arc<CryptoProvider>,
    time: Arc<dyn TimeProvider>,
}

impl Tls {
    /// `time` is asked by rustls and decides nothing: [`Dateless`] outside tests.
    #[must_use]
    pub fn new(key: LinkKey, gatekeeper: Arc<dyn Gatekeeper>, time: Arc<dyn TimeProvider>) -> Self {
        Self { key, gatekeeper, provider: Arc::new(provider()), time }
    }

    /// This box's own key.
    #[must_use]
    pub fn device(&self) -> identity::DeviceId {
        self.key.device()
    }

    pub(crate) fn gatekeeper(&self) -> &Arc<dyn Gatekeeper> {
        &self.gatekeeper
    }

    fn door(&self) -> Arc<Door> {
        let algorithms = self.provider.signature_verification_algorithms;
        Door::new(self.key.device(), Arc::clone(&self.gatekeeper), algorithms)
    }

    /// One verifier, so one configuration, per connection: it carries that connection's verdict.
    fn server(&self, door: Arc<Door>) -> Result<ServerConfig, rustls::Error> {
        let builder = ServerConfig::builder_with_details(Arc::clone(&self.provider), Arc::clone(&self.time))
            .with_protocol_versions(&[&rustls::version::TLS13])?;
        let resolver = AlwaysResolvesServerRawPublicKeys::new(Arc::clone(&self.key.certified));
        let mut config = builder.with_client_cert_verifier(door).with_cert_resolver(Arc::new(resolver));
        config.alpn_protocols = vec![ALPN.to_vec()];
        // a resumed session would skip the gatekeeper
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(config)
    }

    fn client(&self, door: Arc<Door>) -> Result<ClientConfig, rustls::Error> {
        let builder = ClientConfig::builder_with_details(Arc::clone(&self.provider), Arc::clone(&self.time))
            .with_protocol_versions(&[&rustls::version::TLS13])?;
        let resolver = AlwaysResolvesClientRawPublicKeys::new(Arc::clone(&self.key.certified));
        let mut config = builder
            .dangerous()
            .with_custom_certificate_verifier(door)
            .with_client_cert_resolver(Arc::new(resolver));
        config.alpn_protocols = vec![ALPN.to_vec()];
        config.resumption = Resumption::disabled();
        config.enable_sni = false;
        Ok(config)
    }

    /// The listening side. The handshake may take `patience`.
    pub(crate) async fn accept<S>(&self, io: S, patience: Duration) -> Result<Secured<S>, HandshakeFault>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let door = self.door();
        let config =
            self.server(Arc::clone(&door)).map_err(|fault| HandshakeFault::Io(io::Error::other(fault)))?;
        let shaking = TlsAcceptor::from(Arc::new(config)).accept(io).into_fallible();
        match timeout(patience, shaking).await.map_err(late)? {
            Ok(stream) => finish(TlsStream::Server(stream), &door).await,
            Err((error, io)) => {
                linger(io).await;
                Err(fault(error, &door))
            }
        }
    }

    /// The dialling side. Any listed key may answer: the address decides nothing.
    pub(crate) async fn connect<S>(&self, io: S, patience: Duration) -> Result<Secured<S>, HandshakeFault>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let door = self.door();
        let config =
            self.client(Arc::clone(&door)).map_err(|fault| HandshakeFault::Io(io::Error::other(fault)))?;
        // a name is required by the interface; it is neither sent nor checked
        let nobody = ServerName::IpAddress(IpAddr::from([0, 0, 0, 0]).into());
        let shaking = TlsConnector::from(Arc::new(config)).connect(nobody, io).into_fallible();
        match timeout(patience, shaking).await.map_err(late)? {
            Ok(stream) => finish(TlsStream::Client(stream), &door).await,
            Err((error, io)) => {
                linger(io).await;
                Err(fault(error, &door))
            }
        }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("key", &self.key).finish_non_exhaustive()
    }
}

/// One key exchange and two suites: every box is ours, and a shorter hello costs a village less.
fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: vec![
            ring::cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
            ring::cipher_suite::TLS13_AES_128_GCM_SHA256,
        ],
        kx_groups: vec![ring::kx_group::X25519],
        ..ring::default_provider()
    }
}

fn late(_: Elapsed) -> HandshakeFault {
    HandshakeFault::Io(io::ErrorKind::TimedOut.into())
}

/// A stream whose protocol both named and whose key is proven.
async fn finish<S>(mut stream: TlsStream<S>, door: &Door) -> Result<Secured<S>, HandshakeFault>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let proven = door.proven();
    let named = stream.get_ref().1.alpn_protocol() == Some(ALPN);
    match proven {
        Some(proven) if named => Ok(Secured { stream, proven }),
        proven => {
            // a peer that closes first gains nothing; its error would only hide ours
            let _closed = timeout(limit::LINGER, stream.shutdown()).await;
            let refusal = if named { Refusal::NoKey } else { Refusal::Protocol };
            Err(HandshakeFault::Refused { refusal, device: proven.map(|p| p.device) })
        }
    }
}

/// Reads away what the peer sent before it could know, so that closing does not reset our alert away.
async fn linger<S: AsyncRead + AsyncWrite + Unpin>(mut io: S) {
    let drain = async {
        io.shutdown().await?;
        let mut sink = tokio::io::sink();
        tokio::io::copy(&mut (&mut io).take(limit::LINGER_BYTES_MAX as u64), &mut sink).await
    };
    // whatever happens here, the refusal stands
    let _drained = timeout(limit::LINGER, drain).await;
}

/// The reason in a failed handshake.
fn fault(error: io::Error, door: &Door) -> HandshakeFault {
    if let Some(rejection) = Rejection::of(&error) {
        return HandshakeFault::Rejected(rejection);
    }
    if let Some(Proven { device, verdict: Err(refusal) }) = door.proven() {
        return HandshakeFault::Refused { refusal, device: Some(device) };
    }
    let refusal = match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        None => return HandshakeFault::Io(error),
        Some(
            rustls::Error::NoCertificatesPresented
            | rustls::Error::PeerIncompatible(rustls::PeerIncompatible::IncorrectCertificateTypeExtension),
        ) => Refusal::NoKey,
        Some(rustls::Error::InvalidCertificate(_)) => Refusal::Malformed,
        Some(_) => Refusal::Protocol,
    };
    HandshakeFault::Refused { refusal, device: None }
}
