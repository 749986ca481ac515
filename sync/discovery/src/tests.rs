//! Discovery with an ear that tests speak into: `lo` has no multicast, network namespaces are tried elsewhere.

use std::collections::VecDeque;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use identity::{DeviceId, TownshipId};
use tokio::sync::{mpsc, watch};

use crate::announcement::{Announcement, Versions};
use crate::ear::{Ear, EarFault, Sound};
use crate::neighbours::{LastKnown, Multicast, Neighbours};
use crate::{limit, table::Table};

const V1: Versions = Versions { min: 1, max: 1 };

fn announcement(township: u8, device: u8, versions: Versions) -> Announcement {
    Announcement::new(&TownshipId([township; 16]), &DeviceId([device; 32]), versions)
}

fn multicast() -> Multicast {
    Multicast { announcement: announcement(1, 1, V1), port: 7800, addresses: Vec::new() }
}

fn heard(name: &str, announcement: Announcement, address: &str) -> Sound {
    Sound::Heard { name: name.into(), announcement, addresses: vec![address.parse().unwrap()] }
}

/// Keeps addresses in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<String>>>);

impl LastKnown for Kept {
    fn load(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
    fn keep(&self, addresses: &[String]) {
        *self.0.lock().unwrap() = addresses.to_vec();
    }
}

/// Hears what a test says, and dies when the test hangs up or stops answering.
struct ToyEar {
    sounds: mpsc::UnboundedReceiver<Sound>,
    alive: Arc<AtomicBool>,
    closed: Arc<AtomicUsize>,
}

impl Ear for ToyEar {
    async fn next(&mut self) -> Option<Sound> {
        self.sounds.recv().await
    }
    async fn is_alive(&self) -> bool {
        self.alive.load(Ordering::SeqCst)
    }
    async fn close(self) {
        self.closed.fetch_add(1, Ordering::SeqCst);
    }
}

/// A discovery whose multicast runs are the queued receivers, one after another; then it can't be opened.
struct Rig {
    neighbours: Neighbours,
    runs: VecDeque<mpsc::UnboundedSender<Sound>>,
    alive: Arc<AtomicBool>,
    closed: Arc<AtomicUsize>,
}

fn rig(given: &[&str], kept: &Kept, runs: usize) -> Rig {
    let alive = Arc::new(AtomicBool::new(true));
    let closed = Arc::new(AtomicUsize::new(0));
    let (senders, receivers): (VecDeque<_>, VecDeque<_>) =
        (0..runs).map(|_| mpsc::unbounded_channel()).unzip();
    let receivers = Mutex::new(receivers);
    let (alive_now, closed_now) = (Arc::clone(&alive), Arc::clone(&closed));
    let open = move |_: &Multicast| match receivers.lock().unwrap().pop_front() {
        Some(sounds) => Ok(ToyEar { sounds, alive: Arc::clone(&alive_now), closed: Arc::clone(&closed_now) }),
        None => Err(EarFault::from(mdns_sd::Error::Msg("no network".into()))),
    };
    let given = given.iter().map(ToString::to_string);
    let neighbours = Neighbours::start_with(given, Box::new(kept.clone()), Some(multicast()), open);
    Rig { neighbours, runs: senders, alive, closed }
}

/// Waits until exactly these are candidates.
async fn expect(candidates: &mut watch::Receiver<std::collections::BTreeSet<String>>, wanted: &[&str]) {
    let wanted = wanted.iter().map(ToString::to_string).collect();
    candidates.wait_for(|now| *now == wanted).await.unwrap();
}

/// Fails when a source is lost, when a lost announcer stays, or when last-known addresses are not kept.
#[tokio::test(start_paused = true)]
async fn all_sources_come_together() {
    let kept = Kept::default();
    kept.keep(&["10.0.0.9:7800".into()]);
    let rig = rig(&["centre.example:7800"], &kept, 1);
    let mut candidates = rig.neighbours.candidates();
    expect(&mut candidates, &["10.0.0.9:7800", "centre.example:7800"]).await;
    rig.runs[0].send(heard("b", announcement(1, 2, V1), "10.0.0.2:7800")).unwrap();
    expect(&mut candidates, &["10.0.0.2:7800", "10.0.0.9:7800", "centre.example:7800"]).await;
    rig.runs[0].send(Sound::Gone { name: "b".into() }).unwrap();
    expect(&mut candidates, &["10.0.0.9:7800", "centre.example:7800"]).await;
    rig.neighbours.give(["10.0.0.5:7800".to_string()]);
    expect(&mut candidates, &["10.0.0.5:7800", "10.0.0.9:7800"]).await;
    rig.neighbours.reached("10.0.0.5:7800");
    assert_eq!(kept.load(), ["10.0.0.5:7800", "10.0.0.9:7800"]);
}

/// Fails when this box dials itself, another township, or a box that speaks nothing of ours.
#[tokio::test(start_paused = true)]
async fn only_what_is_worth_a_dial_is_emitted() {
    let rig = rig(&[], &Kept::default(), 1);
    let mut candidates = rig.neighbours.candidates();
    let newer = Versions { min: 2, max: 3 };
    rig.runs[0].send(heard("self", announcement(1, 1, V1), "10.0.0.1:7800")).unwrap();
    rig.runs[0].send(heard("far", announcement(2, 3, V1), "10.0.0.3:7800")).unwrap();
    rig.runs[0].send(heard("newer", announcement(1, 4, newer), "10.0.0.4:7800")).unwrap();
    rig.runs[0].send(heard("lo", announcement(1, 5, V1), "127.0.0.1:7800")).unwrap();
    rig.runs[0].send(heard("v6", announcement(1, 6, V1), "[fe80::1%3]:7800")).unwrap();
    expect(&mut candidates, &["[fe80::1%3]:7800"]).await;
}

/// Fails when a dead multicast thread stays dead: a village would look empty for weeks.
#[tokio::test(start_paused = true)]
async fn a_dead_thread_is_started_again() {
    let mut rig = rig(&[], &Kept::default(), 3);
    let mut candidates = rig.neighbours.candidates();
    let first = rig.runs.pop_front().unwrap();
    first.send(heard("b", announcement(1, 2, V1), "10.0.0.2:7800")).unwrap();
    expect(&mut candidates, &["10.0.0.2:7800"]).await;
    drop(first);
    // the thread is gone, and with it what only it knew; the second run hears it again
    rig.runs[0].send(heard("b", announcement(1, 2, V1), "10.0.0.22:7800")).unwrap();
    expect(&mut candidates, &["10.0.0.22:7800"]).await;
    // a thread that hangs says nothing and is found out by asking
    rig.alive.store(false, Ordering::SeqCst);
    rig.runs[1].send(heard("b", announcement(1, 2, V1), "10.0.0.23:7800")).unwrap();
    expect(&mut candidates, &["10.0.0.23:7800"]).await;
    let status = rig.neighbours.status();
    assert!(status.multicast && status.running && status.restarts == 2 && status.heard == 1, "{status:?}");
    assert_eq!(rig.closed.load(Ordering::SeqCst), 2);
}

/// Fails when a network that cannot do multicast stops the other sources, or hides why.
#[tokio::test(start_paused = true)]
async fn without_multicast_the_rest_goes_on() {
    let rig = rig(&["10.0.0.5:7800"], &Kept::default(), 0);
    let mut candidates = rig.neighbours.candidates();
    expect(&mut candidates, &["10.0.0.5:7800"]).await;
    let tries = async {
        while rig.neighbours.status().restarts < 3 {
            tokio::task::yield_now().await;
            tokio::time::advance(limit::RESTART_MIN).await;
        }
    };
    tries.await;
    assert!(rig.neighbours.status().trouble.is_some_and(|trouble| trouble.contains("no network")));

    let off = Neighbours::start(["10.0.0.5:7800".to_string()], Box::new(Kept::default()), None);
    assert!(!off.status().multicast);
    assert_eq!(off.candidates().borrow().len(), 1);
    off.stop().await;
}

/// Fails when stopping leaves the thread running.
#[tokio::test(start_paused = true)]
async fn stopping_says_goodbye() {
    let rig = rig(&[], &Kept::default(), 1);
    let mut candidates = rig.neighbours.candidates();
    rig.runs[0].send(heard("b", announcement(1, 2, V1), "10.0.0.2:7800")).unwrap();
    expect(&mut candidates, &["10.0.0.2:7800"]).await;
    rig.neighbours.stop().await;
    assert_eq!(rig.closed.load(Ordering::SeqCst), 1);
}

/// Fails when a flood of announcements grows the table or pushes out what is given or known to work.
#[test]
fn a_flood_stays_bounded_and_displaces_no_known_address() {
    let mut table = Table::new(vec!["10.0.0.9:7800".into()]);
    table.give(["centre.example:7800".to_string()]);
    for n in 0..20_000u32 {
        let [_, a, b, c] = n.to_be_bytes();
        let addresses = (1..=20).map(|port| SocketAddr::from(([10, a, b, c], port)));
        table.hear(format!("{n}"), addresses);
    }
    assert_eq!(table.heard(), limit::HEARD_MAX);
    let candidates = table.candidates();
    assert_eq!(candidates.len(), limit::CANDIDATES_MAX);
    assert!(candidates.contains("centre.example:7800") && candidates.contains("10.0.0.9:7800"));
    // the newest survive, the oldest went
    assert!(candidates.iter().all(|address| !address.starts_with("10.0.0.0:")));
}

/// Fails when what is no address is handed to the dialler or kept.
#[test]
fn nonsense_is_no_address() {
    let mut table = Table::new(vec![":7800".into(), "x".repeat(300) + ":1"]);
    table.give(["nohost".to_string(), "host:0".to_string(), "host:99999".to_string()]);
    assert!(table.reached("host").is_none());
    assert!(table.candidates().is_empty());
}

/// Fails when a record that was announced is not the record that is read, or when a malformed one is taken.
#[test]
fn announcements_are_read_as_written() {
    let ours = announcement(1, 0xab, Versions { min: 1, max: 3 });
    let txt = ours.txt();
    let value = |key: &str| txt.iter().find(|(k, _)| *k == key).map(|(_, v)| v.as_str());
    assert_eq!(Announcement::read(value), Some(ours));
    for (bad_key, bad) in
        [("t", "0101"), ("t", "0101010G"), ("d", ""), ("p", "3-1"), ("p", "1"), ("p", "1-900")]
    {
        let read = Announcement::read(|key| if key == bad_key { Some(bad) } else { value(key) });
        assert_eq!(read, None, "{bad_key}={bad}");
    }
    assert_eq!(Announcement::read(|key| if key == "t" { None } else { value(key) }), None);
}

/// Fails when a wait that never ends is needed to drop a discovery (a task that outlives its owner).
#[tokio::test]
async fn dropping_ends_the_task() {
    struct Held(mpsc::UnboundedSender<Sound>);
    impl Ear for Held {
        async fn next(&mut self) -> Option<Sound> {
            pending().await
        }
        async fn is_alive(&self) -> bool {
            true
        }
        async fn close(self) {
            drop(self.0);
        }
    }
    let (held, mut ended) = mpsc::unbounded_channel();
    let open = move |_: &Multicast| Ok(Held(held.clone()));
    let neighbours = Neighbours::start_with([], Box::new(Kept::default()), Some(multicast()), open);
    tokio::task::yield_now().await;
    assert!(neighbours.status().running);
    drop(neighbours);
    assert!(ended.recv().await.is_none());
}
