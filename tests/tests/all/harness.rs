//! The harness itself: a line that breaks where it should, processes that really end.

use bianmin_tests::namespace::{Lan, Machine};
use bianmin_tests::process::{Process, Signal};
use bianmin_tests::proxy::{Proxy, Shape};
use bianmin_tests::skip;
use bianmin_tests::wait::{PATIENCE, until};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// A peer that sends everything back.
async fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut read, mut write) = stream.split();
                let _ = tokio::io::copy(&mut read, &mut write).await;
            });
        }
    });
    address
}

/// Sends `size` bytes, closes, and returns how many came back before the end, however it came.
async fn there_and_back(address: SocketAddr, size: usize) -> usize {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let sending = tokio::spawn(async move {
        let _ = write.write_all(&vec![7; size]).await;
        let _ = write.shutdown().await;
    });
    let (mut back, mut buffer) = (0, vec![0; 4096]);
    while let Ok(size @ 1..) = read.read(&mut buffer).await {
        back += size;
    }
    sending.await.unwrap();
    back
}

#[tokio::test]
async fn a_perfect_line_carries_and_counts_every_byte() {
    let proxy = Proxy::start(echo().await, Shape::default()).await.unwrap();
    assert_eq!(there_and_back(proxy.address(), 100_000).await, 100_000);
    let counts = proxy.counts();
    assert_eq!((counts.up, counts.down, counts.connections), (100_000, 100_000, 1));
}

/// Fails when more or fewer bytes pass than were allowed, or the line stays broken.
#[tokio::test]
async fn a_line_breaks_at_exactly_the_byte_it_was_told_to_and_once() {
    let proxy = Proxy::start(echo().await, Shape::default()).await.unwrap();
    for bytes in [1_u32, 1_459, 1_460, 1_461, 50_001] {
        let before = proxy.counts();
        proxy.cut_after(bytes);
        assert!(there_and_back(proxy.address(), 60_000).await < 60_000);
        let after = proxy.counts();
        assert_eq!(after.up + after.down - before.up - before.down, u64::from(bytes));
        assert_eq!(there_and_back(proxy.address(), 3_000).await, 3_000);
    }
}

#[tokio::test]
async fn a_cut_line_carries_nothing_until_it_is_restored() {
    let proxy = Proxy::start(echo().await, Shape::default()).await.unwrap();
    proxy.cut();
    assert_eq!(there_and_back(proxy.address(), 10).await, 0);
    proxy.restore();
    assert_eq!(there_and_back(proxy.address(), 10).await, 10);
}

/// Fails when the shape is ignored: 8,000 bytes at 40,000 a second take 0.2 s each way, the delay twice 0.1 s.
#[tokio::test]
async fn a_slow_line_takes_its_time() {
    let shape = Shape { delay: Duration::from_millis(100), bytes_per_second: Some(40_000) };
    let proxy = Proxy::start(echo().await, shape).await.unwrap();
    let started = Instant::now();
    assert_eq!(there_and_back(proxy.address(), 8_000).await, 8_000);
    assert!(started.elapsed() >= Duration::from_millis(390), "{:?}", started.elapsed());
}

fn alive(id: &str) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    !state.is_empty() && !state.contains(") Z ")
}

/// Fails when a process that a test started, or a grandchild of it, outlives the test.
#[tokio::test]
async fn what_a_process_started_dies_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let script = "sleep 600 & echo grandchild $! && wait";
    let mut process = Process::start("shell", Path::new("/bin/sh"), &["-c", script], folder.path()).unwrap();
    process.says("grandchild", PATIENCE).await.unwrap();
    let grandchild = process.log().split_whitespace().nth(1).unwrap().to_owned();
    assert!(alive(&grandchild));
    drop(process);
    let gone = || async { if alive(&grandchild) { Err("still alive") } else { Ok(()) } };
    until("the grandchild is gone", PATIENCE, gone).await.unwrap();
}

#[tokio::test]
async fn a_process_can_be_asked_to_end() {
    let folder = tempfile::tempdir().unwrap();
    let script = "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done";
    let mut process = Process::start("shell", Path::new("/bin/sh"), &["-c", script], folder.path()).unwrap();
    process.says("ready", PATIENCE).await.unwrap();
    process.signal(Signal::Terminate);
    assert_eq!(process.ends(PATIENCE).await.unwrap().code(), Some(3));
    assert!(process.log().contains("bye"));
}

/// Planted fault: waiting for what never comes ends, and says what was seen instead.
#[tokio::test]
async fn waiting_in_vain_ends_and_says_what_was_seen() {
    let never = || async { Err::<(), _>("a red light") };
    let vain = until("the light is green", Duration::from_millis(60), never).await.unwrap_err().to_string();
    assert!(vain.contains("the light is green") && vain.contains("a red light"), "{vain}");
}

fn carrier(machine: &Machine) -> String {
    let shown = std::process::Command::new("ip")
        .args(machine.namespace.inside())
        .args(["cat", "/sys/class/net/eth0/carrier"])
        .output()
        .unwrap();
    String::from_utf8(shown.stdout).unwrap().trim().to_owned()
}

/// Fails when a pulled cable still has a carrier, a machine lacks its address, or a namespace outlives its LAN.
#[test]
fn a_lan_of_namespaces_has_cables_that_can_be_pulled() {
    let lan = match Lan::new("h", 2) {
        Ok(lan) => lan,
        Err(reason) => return skip::because("a_lan_of_namespaces_has_cables_that_can_be_pulled", &reason),
    };
    let (first, second) = (&lan.machines[0], &lan.machines[1]);
    assert_eq!((first.address.as_str(), second.address.as_str()), ("10.77.0.1", "10.77.0.2"));
    lan.plug(first, false).unwrap();
    assert_eq!((carrier(first).as_str(), carrier(second).as_str()), ("0", "1"));
    lan.plug(first, true).unwrap();
    assert_eq!(carrier(first), "1");
    lan.multicast(false).unwrap();
    lan.multicast(true).unwrap();

    let name = first.namespace.inside()[2].to_owned();
    let place = Path::new("/run/netns").join(name);
    assert!(place.exists());
    drop(lan);
    assert!(!place.exists());
}
