//! Real handshakes over loopback TCP.

use identity::StationNo;
use rustls::sign::CertifiedKey;
use rustls_pki_types::CertificateDer;
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::gate::Peer;
use crate::testing::{GIVE_UP, ToyGate, key, tls};

/// A connected pair of sockets.
async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dialled = TcpStream::connect(listener.local_addr().unwrap());
    let (dialled, accepted) = tokio::join!(dialled, listener.accept());
    (dialled.unwrap(), accepted.unwrap().0)
}

/// What a client learns: its own handshake may end before the server refuses, the first read tells.
async fn client_learns(outcome: Result<Secured<TcpStream>, HandshakeFault>) -> io::Error {
    match outcome {
        Ok(mut secured) => secured.stream.read_u8().await.expect_err("the server must have refused"),
        Err(HandshakeFault::Io(error)) => error,
        Err(fault) => io::Error::other(fault),
    }
}

/// Both ends of one handshake between our own configurations.
async fn shake(
    client: &Tls,
    server: &Tls,
) -> (Result<Secured<TcpStream>, HandshakeFault>, Result<Secured<TcpStream>, HandshakeFault>) {
    let (dialled, accepted) = pair().await;
    tokio::join!(client.connect(dialled, GIVE_UP), server.accept(accepted, GIVE_UP))
}

fn refusal<S>(outcome: Result<Secured<S>, HandshakeFault>) -> (Refusal, Option<identity::DeviceId>) {
    match outcome {
        Err(HandshakeFault::Refused { refusal, device }) => (refusal, device),
        Err(fault) => panic!("ended otherwise: {fault}"),
        Ok(_) => panic!("was let in"),
    }
}

/// A client whose configuration a test bends.
async fn bent(server: &Tls, bend: impl FnOnce(&mut ClientConfig)) -> (io::Error, Refusal) {
    let gate = ToyGate::listing(&[1, 2]);
    let honest = tls(1, &gate);
    let mut config = honest.client(honest.door()).unwrap();
    bend(&mut config);
    let (dialled, accepted) = pair().await;
    let nobody = ServerName::IpAddress(IpAddr::from([0, 0, 0, 0]).into());
    let connector = TlsConnector::from(Arc::new(config));
    let client = async {
        match connector.connect(nobody, dialled).await {
            Ok(mut stream) => stream.read_u8().await.expect_err("the server must have refused"),
            Err(error) => error,
        }
    };
    let (error, outcome) = tokio::join!(client, server.accept(accepted, GIVE_UP));
    (error, refusal(outcome).0)
}

/// Fails when either side does not learn the other's proven key and number.
#[tokio::test]
async fn two_listed_boxes_know_each_other_by_key() {
    let gate = ToyGate::listing(&[1, 2]);
    let (client, server) = shake(&tls(1, &gate), &tls(2, &gate)).await;
    let (client, server) = (client.unwrap(), server.unwrap());
    assert_eq!(client.proven.verdict, Ok(Peer { device: key(2).id(), station: StationNo(2) }));
    assert_eq!(server.proven.verdict, Ok(Peer { device: key(1).id(), station: StationNo(1) }));
    assert_eq!(client.stream.get_ref().1.protocol_version(), Some(rustls::ProtocolVersion::TLSv1_3));
}

/// Fails when certificates, tickets or long hellos creep in: a village pays for each reconnection.
#[tokio::test]
async fn a_handshake_costs_less_than_a_kilobyte() {
    let gate = ToyGate::listing(&[1, 2]);
    let (client, server) = (tls(1, &gate), tls(2, &gate));
    let (dialled, accepted) = pair().await;
    let traffic = Arc::new(Traffic::default());
    let counted = Counted::new(dialled, Arc::clone(&traffic));
    let (client, server) = tokio::join!(client.connect(counted, GIVE_UP), server.accept(accepted, GIVE_UP));
    let (mut client, mut server) = (client.unwrap(), server.unwrap());
    // one byte each way, so that whatever follows the handshake unasked is counted too: 23 bytes with its record
    server.stream.write_all(b"s").await.unwrap();
    server.stream.flush().await.unwrap();
    client.stream.write_all(b"c").await.unwrap();
    client.stream.flush().await.unwrap();
    assert_eq!(client.stream.read_u8().await.unwrap(), b's');
    let handshake = traffic.read() + traffic.written() - 2 * 23;
    println!("handshake: {handshake} bytes, {} out, {} in", traffic.written() - 23, traffic.read() - 23);
    assert!((500..=800).contains(&handshake), "{handshake} bytes");
}

/// Fails when a client that shows no key gets further than the handshake, or goes without a reason.
#[tokio::test]
async fn a_client_without_a_key_is_refused_with_a_reason() {
    let gate = ToyGate::listing(&[1, 2]);
    let server = tls(2, &gate);
    let keyless =
        |config: &mut ClientConfig| config.client_auth_cert_resolver = Arc::new(Keyless { raw: true });
    let (error, refusal) = bent(&server, keyless).await;
    assert_eq!((Rejection::of(&error), refusal), (Some(Rejection::NoKey), Refusal::NoKey));
    let not_even_offering =
        |config: &mut ClientConfig| config.client_auth_cert_resolver = Arc::new(Keyless { raw: false });
    let (error, refusal) = bent(&server, not_even_offering).await;
    assert_eq!((Rejection::of(&error), refusal), (Some(Rejection::Protocol), Refusal::NoKey));
}

/// Shows nothing, with or without having promised a raw key.
#[derive(Debug)]
struct Keyless {
    raw: bool,
}

impl rustls::client::ResolvesClientCert for Keyless {
    fn resolve(&self, _: &[&[u8]], _: &[rustls::SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        None
    }
    fn only_raw_public_keys(&self) -> bool {
        self.raw
    }
    fn has_certs(&self) -> bool {
        false
    }
}

/// Fails when a stolen public key opens the door, or when the log would accuse its owner.
#[tokio::test]
async fn anothers_key_without_its_secret_proves_nothing() {
    let gate = ToyGate::listing(&[1, 2]);
    let server = tls(2, &gate);
    let thief = |config: &mut ClientConfig| {
        let stolen = CertificateDer::from([KEY_PREFIX, key(1).id().0.as_slice()].concat());
        let own = LinkKey::new(&key(9)).unwrap();
        let shown = CertifiedKey::new(vec![stolen], Arc::clone(&own.certified.key));
        config.client_auth_cert_resolver = Arc::new(AlwaysResolvesClientRawPublicKeys::new(Arc::new(shown)));
    };
    let (error, refusal) = bent(&server, thief).await;
    assert_eq!((Rejection::of(&error), refusal), (Some(Rejection::Other), Refusal::Malformed));
}

const KEY_PREFIX: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Fails when something that is not an Ed25519 raw key is taken for one.
#[tokio::test]
async fn other_keys_are_malformed() {
    let server = tls(2, &ToyGate::listing(&[1, 2]));
    let odd = |config: &mut ClientConfig| {
        let own = LinkKey::new(&key(1)).unwrap();
        let shown =
            CertifiedKey::new(vec![CertificateDer::from(vec![0x30; 91])], Arc::clone(&own.certified.key));
        config.client_auth_cert_resolver = Arc::new(AlwaysResolvesClientRawPublicKeys::new(Arc::new(shown)));
    };
    let (_, refusal) = bent(&server, odd).await;
    assert_eq!(refusal, Refusal::Malformed);
}

/// Fails when a cut key gets in from either side, or when the cut box can't tell why.
#[tokio::test]
async fn a_cut_key_is_refused_by_both_sides_and_told_so() {
    let gate = ToyGate::listing(&[1, 2]);
    let everyone = ToyGate::listing(&[1, 2]);
    gate.rule(1, Err(Refusal::Cut));
    let (client, server) = shake(&tls(1, &everyone), &tls(2, &gate)).await;
    assert_eq!(Rejection::of(&client_learns(client).await), Some(Rejection::Cut));
    assert_eq!(refusal(server), (Refusal::Cut, Some(key(1).id())));

    let (client, server) = shake(&tls(2, &gate), &tls(1, &everyone)).await;
    assert_eq!(refusal(client), (Refusal::Cut, Some(key(1).id())));
    let Err(HandshakeFault::Rejected(rejection)) = server else { panic!("the cut server was not told") };
    assert_eq!(rejection, Rejection::Cut);
}

/// Fails when an unlisted key is turned away before it could show a newer list, or is taken for a member.
#[tokio::test]
async fn an_unlisted_key_passes_tls_as_a_stranger_only() {
    let gate = ToyGate::listing(&[2]);
    let (client, server) = shake(&tls(1, &gate), &tls(2, &gate)).await;
    assert_eq!(server.unwrap().proven, Proven { device: key(1).id(), verdict: Err(Refusal::NotListed) });
    assert!(client.unwrap().proven.verdict.is_ok());
}

/// Fails when a box links to itself (its own announcement, or a copied card on the LAN).
#[tokio::test]
async fn a_box_does_not_talk_to_its_own_key() {
    let gate = ToyGate::listing(&[1]);
    let (client, _) = shake(&tls(1, &gate), &tls(1, &gate)).await;
    assert_eq!(refusal(client).0, Refusal::Ourselves);
}

/// rustls' idea of the time.
#[derive(Debug)]
struct Clock(u64);

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(self.0)))
    }
}

/// Fails when anything dated (a certificate, a ticket) finds its way into the handshake.
#[tokio::test]
async fn a_box_joins_in_1970_and_in_2099() {
    const Y2026: u64 = 1_795_000_000;
    const Y2099: u64 = 4_086_000_000;
    let gate = ToyGate::listing(&[1, 2]);
    for (client_time, server_time) in [(0, Y2026), (Y2026, 0), (Y2099, 0), (0, Y2099), (Y2099, Y2099)] {
        let mut client = tls(1, &gate);
        client.time = Arc::new(Clock(client_time));
        let mut server = tls(2, &gate);
        server.time = Arc::new(Clock(server_time));
        let (client, server) = shake(&client, &server).await;
        assert!(client.unwrap().proven.verdict.is_ok() && server.unwrap().proven.verdict.is_ok());
    }
}

/// Fails when a program that speaks something else is let into a session.
#[tokio::test]
async fn another_protocol_is_refused() {
    let server = tls(2, &ToyGate::listing(&[1, 2]));
    let other = |config: &mut ClientConfig| config.alpn_protocols = vec![b"bianmin/9".to_vec()];
    let (error, refusal) = bent(&server, other).await;
    assert_eq!((Rejection::of(&error), refusal), (Some(Rejection::Protocol), Refusal::Protocol));
    let unnamed = |config: &mut ClientConfig| config.alpn_protocols = vec![];
    assert_eq!(bent(&server, unnamed).await.1, Refusal::Protocol);
}

/// Fails when a plain-text client does more than end its own connection.
#[tokio::test]
async fn noise_is_refused() {
    let server = tls(2, &ToyGate::listing(&[1, 2]));
    let (mut dialled, accepted) = pair().await;
    dialled.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    assert_eq!(refusal(server.accept(accepted, GIVE_UP).await).0, Refusal::Protocol);
}
