//! Who is not let in, who is put out, and what that looks like from both sides.

use std::io::Write;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;
use crate::testing::{ToyGate, cut, joined, tls};
use crate::tls::{HandshakeFault, Rejection};

const OUTSIDER: u8 = 9;

/// What was logged on this thread while it lives.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn capture(&self) -> tracing::subscriber::DefaultGuard {
        let log = self.clone();
        let written = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_ansi(false)
            .with_writer(move || log.clone())
            .finish();
        tracing::subscriber::set_default(written)
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Connects as the box with this seed would, and returns how the centre answered: its alert, or how the stream ended.
async fn knock(address: SocketAddr, seed: u8) -> Result<Vec<u8>, Option<Rejection>> {
    let everyone = ToyGate::listing(&[CENTRE, STATION, OUTSIDER]);
    let io = TcpStream::connect(address).await.unwrap();
    let mut secured = match tls(seed, &everyone).connect(io, GIVE_UP).await {
        Ok(secured) => secured,
        Err(HandshakeFault::Rejected(rejection)) => return Err(Some(rejection)),
        Err(fault) => panic!("{fault}"),
    };
    let mut bytes = Vec::new();
    match secured.stream.read_to_end(&mut bytes).await {
        Ok(_) => Ok(bytes),
        Err(error) if !bytes.is_empty() => panic!("torn after {} bytes: {error}", bytes.len()),
        Err(error) => Err(Rejection::of(&error)),
    }
}

/// Fails when a refusal is not told to the client, not counted, not logged with its reason, or logs a whole key.
#[tokio::test]
async fn every_refusal_has_a_logged_reason() {
    let log = Log::default();
    let _guard = log.capture();
    let list = cut(&township(&[CENTRE, STATION]), STATION);
    let centre = ToyBox::new(CENTRE, &list);
    centre.say(1);
    let mesh = mesh(&centre, &[], Patience { handshake: Duration::from_millis(300), ..patience() }).await;
    let watch = mesh.watch();

    assert_eq!(knock(at(&mesh), STATION).await, Err(Some(Rejection::Cut)));
    until(&watch, |status| refused(status, Refusal::Cut) == 1).await;

    // a program without a raw key: a TLS hello that offers none
    let mut keyless = TcpStream::connect(at(&mesh)).await.unwrap();
    keyless.write_all(&plain_hello()).await.unwrap();
    // what it is told is seen in the tests of `tls`; here: it is told something, and the connection ends
    let mut answer = Vec::new();
    keyless.read_to_end(&mut answer).await.unwrap();
    assert!(!answer.is_empty());
    until(&watch, |status| refused(status, Refusal::NoKey) == 1).await;

    // a connection that says nothing is dropped in time
    let mut idle = TcpStream::connect(at(&mesh)).await.unwrap();
    assert_eq!(idle.read(&mut [0; 1]).await.unwrap(), 0);
    until(&watch, |status| refused(status, Refusal::Unfinished) == 1).await;

    for reason in ["key is cut", "no key shown", "handshake unfinished"] {
        assert!(log.text().contains(&format!("link refused reason={reason}")), "{reason}: {}", log.text());
    }
    assert!(log.text().contains(&key(STATION).id().to_string()));
    assert!(!log.text().contains(&key(STATION).id().hex()));
}

/// A ClientHello of an ordinary TLS 1.3 client, that knows nothing of raw keys.
fn plain_hello() -> Vec<u8> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let mut client =
        rustls::ClientConnection::new(Arc::new(config), "centre.example".try_into().unwrap()).unwrap();
    let mut hello = Vec::new();
    client.write_tls(&mut hello).unwrap();
    hello
}

/// Fails when a key that is on no list learns anything but that, or goes uncounted.
#[tokio::test]
async fn an_unlisted_key_is_refused_and_learns_nothing() {
    let log = Log::default();
    let _guard = log.capture();
    let list = township(&[CENTRE, STATION]);
    let centre = ToyBox::new(CENTRE, &list);
    centre.say(1);
    let centre_mesh = mesh(&centre, &[], patience()).await;
    // the outsider believes in its own list of the same number, on which it stands
    let outsider = ToyBox::new(OUTSIDER, &township(&[CENTRE, OUTSIDER]));
    outsider.say(1);
    let outsider_mesh = mesh(&outsider, &[at(&centre_mesh)], patience()).await;
    let status = until(&centre_mesh.watch(), |status| refused(status, Refusal::NotListed) > 0).await;
    assert!(status.peers.is_empty(), "a stranger is no peer: {status:?}");
    until(&outsider_mesh.watch(), |status| {
        status
            .dials
            .values()
            .any(|dial| dial.trouble.as_ref().is_some_and(|trouble| trouble.contains("list")))
    })
    .await;
    assert_eq!((centre.heard_from(OUTSIDER), outsider.heard_from(CENTRE)), (0, 0));
    assert!(log.text().contains("link refused reason=key not on the membership list"), "{}", log.text());
}

/// Fails when an old list locks out a box that a newer one names.
#[tokio::test]
async fn a_newer_list_opens_the_door_for_its_bearer() {
    let old = township(&[CENTRE, STATION]);
    let new = joined(&old, OUTSIDER, 2);
    let (centre, newcomer) = (ToyBox::new(CENTRE, &old), ToyBox::new(OUTSIDER, &new));
    newcomer.say(1);
    let centre_mesh = mesh(&centre, &[], patience()).await;
    let _newcomer_mesh = mesh(&newcomer, &[at(&centre_mesh)], patience()).await;
    centre.until(|centre| centre.heard_from(OUTSIDER) == 1).await;
    assert_eq!(centre.list_epoch(), 2);
    until(&centre_mesh.watch(), |status| linked(status, OUTSIDER)).await;
}

/// Fails when the news that a box is cut leaves its link standing.
#[tokio::test]
async fn a_cut_ends_the_link_that_stands() {
    let list = township(&[CENTRE, STATION]);
    let (centre, station) = (ToyBox::new(CENTRE, &list), ToyBox::new(STATION, &list));
    let centre_mesh = mesh(&centre, &[], patience()).await;
    let station_mesh = mesh(&station, &[at(&centre_mesh)], patience()).await;
    let watch = centre_mesh.watch();
    until(&watch, |status| linked(status, STATION)).await;
    centre.take_list(&cut(&list, STATION));
    until(&watch, |status| !linked(status, STATION) && refused(status, Refusal::Cut) > 0).await;
    // and every new try is turned away at the door, with an alert that says why
    until(&station_mesh.watch(), |status| {
        status.dials.values().any(|dial| dial.rejection == Some(Rejection::Cut))
    })
    .await;
}

/// Fails when only the session looks at the list: the gatekeeper's word ends a link at its next event.
#[tokio::test]
async fn the_gatekeeper_is_asked_again_while_a_link_stands() {
    let list = township(&[CENTRE, STATION]);
    let centre = ToyBox::new(CENTRE, &list);
    let mesh = mesh(&centre, &[], patience()).await;
    let mut stream = listed_link(at(&mesh)).await;
    // the centre's hello: the link stands
    assert_eq!(stream.read_u8().await.unwrap(), 0);
    centre.bar(STATION);
    assert_eq!(refused(&mesh.status(), Refusal::Cut), 0);
    centre.say(1);
    let status = until(&mesh.watch(), |status| refused(status, Refusal::Cut) == 1).await;
    assert_eq!(status.refused.len(), 1);
}

/// Fails when boxes without a common version exchange anything, or when nobody can tell why they do not.
#[tokio::test]
async fn another_protocol_version_is_refused_and_named() {
    let list = township(&[CENTRE, STATION]);
    let (centre, station) = (ToyBox::new(CENTRE, &list), ToyBox::speaking(STATION, &list, (2, 3)));
    station.say(1);
    let centre_mesh = mesh(&centre, &[], patience()).await;
    let station_mesh = mesh(&station, &[at(&centre_mesh)], patience()).await;
    let named = |status: &MeshStatus| {
        let troubles = status.dials.values().filter_map(|dial| dial.trouble.clone());
        troubles.into_iter().any(|trouble| trouble.contains("version"))
    };
    until(&station_mesh.watch(), named).await;
    assert_eq!(centre.heard_from(STATION), 0);
}

/// A link of a listed box that then does as the test likes.
async fn listed_link(address: SocketAddr) -> tokio_rustls::TlsStream<TcpStream> {
    let everyone = ToyGate::listing(&[CENTRE, STATION]);
    let io = TcpStream::connect(address).await.unwrap();
    tls(STATION, &everyone).connect(io, GIVE_UP).await.unwrap().stream
}

/// Fails when a listed box that sends nonsense keeps its link, or harms the centre.
#[tokio::test]
async fn oversized_and_half_frames_end_the_link_only() {
    let list = township(&[CENTRE, STATION]);
    let (centre, station) = (ToyBox::new(CENTRE, &list), ToyBox::new(STATION, &list));
    let hasty = Patience { frame: Duration::from_millis(100), ..patience() };
    let centre_mesh = mesh(&centre, &[], hasty).await;
    let over = u32::try_from(crate::limit::FRAME_BYTES_MAX).unwrap() + 1;
    let oversized = over.to_be_bytes().to_vec();
    let half = [5u32.to_be_bytes().as_slice(), b"\x09"].concat();
    for nonsense in [oversized, half] {
        let mut stream = listed_link(at(&centre_mesh)).await;
        stream.write_all(&nonsense).await.unwrap();
        stream.flush().await.unwrap();
        let mut rest = Vec::new();
        // the stream ends; whether by a close or a reset is not promised
        let ended = tokio::time::timeout(GIVE_UP, stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "the link was kept");
    }
    station.say(1);
    let _station_mesh = mesh(&station, &[at(&centre_mesh)], patience()).await;
    centre.until(|centre| centre.heard_from(STATION) == 1).await;
}
