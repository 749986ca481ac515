//! A bad line between two processes: delay, rate, byte counts, and a cut at an exact byte. A process connects to
//! [`Proxy::address`] as if it were the peer.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::SeqCst};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// One packet of a slow line, in bytes.
const CHUNK: usize = 1460;
/// Chunks a slow line holds back before its sender has to wait.
const CHUNKS_WAITING_MAX: usize = 32;
/// "No cut is armed."
const NEVER: i64 = i64::MAX;

/// How bad the line is. The default is a perfect one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    /// One way, on every chunk.
    pub delay: Duration,
    /// Bytes a second in each direction of each connection; `None` = as fast as it goes.
    pub bytes_per_second: Option<u32>,
}

/// What went through since the proxy started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Bytes from the side that connects.
    pub up: u64,
    /// Bytes from the side that listens.
    pub down: u64,
    /// Connections accepted.
    pub connections: u64,
}

#[derive(Debug)]
struct Line {
    shape: Shape,
    up: AtomicU64,
    down: AtomicU64,
    connections: AtomicU64,
    /// Bytes that may still pass, both directions together, before the line breaks.
    left: AtomicI64,
    /// Even = whole, odd = cut. Each change ends the connections that stand.
    state: watch::Sender<u64>,
}

/// A running proxy; it ends when dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    line: Arc<Line>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Listens on a free loopback port and passes every connection on to `target`.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(target: SocketAddr, shape: Shape) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let line = Arc::new(Line {
            shape,
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            left: AtomicI64::new(NEVER),
            state: watch::Sender::new(0),
        });
        let accepting = tokio::spawn(accept(listener, target, Arc::clone(&line)));
        Ok(Self { address, line, accepting })
    }

    /// Where the connecting side is to be pointed.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has passed so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let line = &self.line;
        Counts {
            up: line.up.load(SeqCst),
            down: line.down.load(SeqCst),
            connections: line.connections.load(SeqCst),
        }
    }

    /// Lets exactly `bytes` more pass, both directions together, then breaks every connection, once. Later
    /// connections pass whole.
    pub fn cut_after(&self, bytes: u32) {
        self.line.left.store(i64::from(bytes), SeqCst);
    }

    /// Breaks every connection and refuses new ones until [`Proxy::restore`].
    pub fn cut(&self) {
        self.line.state.send_modify(|state| *state |= 1);
    }

    /// Lets connections through again.
    pub fn restore(&self) {
        self.line.state.send_modify(|state| *state = (*state | 1) + 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.line.state.send_modify(|state| *state |= 1);
    }
}

impl Line {
    /// Takes up to `wanted` bytes from what may still pass; `true` = the line breaks after them.
    fn take(&self, wanted: usize) -> (usize, bool) {
        let wanted = i64::try_from(wanted).unwrap_or(NEVER);
        let mut passing = wanted;
        let _previous = self.left.fetch_update(SeqCst, SeqCst, |left| {
            passing = wanted.min(left);
            Some(if left == NEVER { NEVER } else { left - passing })
        });
        let broken = passing < wanted || self.left.load(SeqCst) == 0;
        (usize::try_from(passing).unwrap_or(0), broken)
    }

    /// Ends the connections that stand and disarms the cut.
    fn break_once(&self) {
        self.left.store(NEVER, SeqCst);
        self.state.send_modify(|state| *state += 2);
    }
}

async fn accept(listener: TcpListener, target: SocketAddr, line: Arc<Line>) {
    while let Ok((near, _)) = listener.accept().await {
        let state = line.state.subscribe();
        let born = *state.borrow();
        if born % 2 == 1 {
            continue;
        }
        line.connections.fetch_add(1, SeqCst);
        tokio::spawn(connection(near, target, Arc::clone(&line), state, born));
    }
}

async fn connection(
    near: TcpStream,
    target: SocketAddr,
    line: Arc<Line>,
    mut state: watch::Receiver<u64>,
    born: u64,
) {
    let Ok(far) = TcpStream::connect(target).await else { return };
    let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
    let both = async {
        tokio::join!(
            pump(near_read, far_write, &line, &line.up),
            pump(far_read, near_write, &line, &line.down),
        );
    };
    tokio::select! {
        () = both => {}
        _ = state.wait_for(|now| *now != born) => {}
    }
}

/// Carries one direction: reads chunks, gives each the moment at which it arrives, writes it then.
async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, line: &Line, count: &AtomicU64) {
    let (sender, mut arriving) = mpsc::channel::<(Instant, Vec<u8>, bool)>(CHUNKS_WAITING_MAX);
    let reading = async move {
        let mut chunk = vec![0; CHUNK];
        let mut free = Instant::now();
        while let Ok(size @ 1..) = from.read(&mut chunk).await {
            let (passing, broken) = line.take(size);
            free = free.max(Instant::now());
            if let Some(rate) = line.shape.bytes_per_second {
                free += Duration::from_secs_f64(passing as f64 / f64::from(rate.max(1)));
            }
            let bytes = chunk.get(..passing).unwrap_or_default().to_vec();
            if sender.send((free + line.shape.delay, bytes, broken)).await.is_err() || broken {
                break;
            }
        }
    };
    let writing = async {
        while let Some((due, bytes, broken)) = arriving.recv().await {
            sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                break;
            }
            count.fetch_add(bytes.len() as u64, SeqCst);
            if broken {
                let _ = to.flush().await;
                line.break_once();
            }
        }
        let _ = to.shutdown().await;
    };
    tokio::join!(reading, writing);
}
