//! Meshes over real TLS on loopback, with real sessions between toy boxes.

mod refusals;

use identity::DeviceId;
use tokio::net::TcpStream;

use super::*;
use crate::testing::{GIVE_UP, ToyBox, key, mesh, mesh_dialling, patience, township, until};

const CENTRE: u8 = 1;
const STATION: u8 = 2;

fn linked(status: &MeshStatus, seed: u8) -> bool {
    status.peers.iter().any(|peer| peer.device == key(seed).id() && peer.link.is_some())
}

fn refused(status: &MeshStatus, refusal: Refusal) -> u64 {
    status.refused.get(&refusal).copied().unwrap_or(0)
}

fn at(mesh: &Mesh) -> SocketAddr {
    mesh.listening()[0]
}

/// Fails when what one box holds does not reach the other, at first or when it comes later, or goes uncounted.
#[tokio::test]
async fn two_boxes_exchange_over_a_link() {
    let list = township(&[CENTRE, STATION]);
    let (centre, station) = (ToyBox::new(CENTRE, &list), ToyBox::new(STATION, &list));
    station.say(1);
    let centre_mesh = mesh(&centre, &[], patience()).await;
    let station_mesh = mesh(&station, &[at(&centre_mesh)], patience()).await;
    centre.until(|centre| centre.heard_from(STATION) == 1).await;
    station.say(2);
    centre.until(|centre| centre.heard_from(STATION) == 2).await;

    let status = until(&centre_mesh.watch(), |status| linked(status, STATION)).await;
    let peer = status.peers.first().unwrap();
    let link = peer.link.clone().unwrap();
    assert!(!link.we_dialled && link.frames_in >= 3 && link.round_trips >= 1, "{link:?}");
    assert!(peer.last_contact_ms.is_some() && peer.bytes_in > 700 && peer.bytes_out > 300, "{peer:?}");
    assert_eq!(peer.station, identity::StationNo(1));
    station
        .until(|station| !station.reached.lock().unwrap().is_empty() || station.heard_from(STATION) == 0)
        .await;
    assert_eq!(station.reached.lock().unwrap().as_slice(), [at(&centre_mesh).to_string()]);
    let dials = station_mesh.status().dials;
    assert_eq!(dials.get(&at(&centre_mesh).to_string()).unwrap().device, Some(key(CENTRE).id()));
}

/// Fails when the cut switch leaves a link standing, lets anything through, or does not bring the links back.
#[tokio::test]
async fn the_cut_switch_drops_and_restores() {
    let list = township(&[CENTRE, STATION]);
    let (centre, station) = (ToyBox::new(CENTRE, &list), ToyBox::new(STATION, &list));
    let centre_mesh = mesh(&centre, &[], patience()).await;
    let station_mesh = mesh(&station, &[at(&centre_mesh)], patience()).await;
    let (centre_watch, station_watch) = (centre_mesh.watch(), station_mesh.watch());
    until(&centre_watch, |status| linked(status, STATION)).await;

    station_mesh.set_link(false);
    until(&station_watch, |status| !linked(status, CENTRE) && !status.link).await;
    until(&centre_watch, |status| !linked(status, STATION)).await;
    station.say(1);
    station_mesh.set_link(true);
    centre.until(|centre| centre.heard_from(STATION) == 1).await;

    // the listening side's switch: dials are refused until it is restored
    centre_mesh.set_link(false);
    until(&station_watch, |status| !linked(status, CENTRE)).await;
    until(&centre_watch, |status| refused(status, Refusal::SwitchedOff) > 0).await;
    station.say(2);
    assert_eq!(centre.heard_from(STATION), 1);
    centre_mesh.set_link(true);
    centre.until(|centre| centre.heard_from(STATION) == 2).await;
}

/// Fails when two boxes that dial each other end with two links, with none, or with different ones.
#[tokio::test]
async fn two_boxes_that_dial_each_other_keep_one_link() {
    let list = township(&[CENTRE, STATION]);
    let (centre, station) = (ToyBox::new(CENTRE, &list), ToyBox::new(STATION, &list));
    let to_centre = watch::Sender::new(BTreeSet::new());
    let centre_mesh =
        mesh_dialling(&centre, watch::Sender::new(BTreeSet::new()).subscribe(), patience()).await;
    let station_mesh = mesh_dialling(&station, to_centre.subscribe(), patience()).await;
    drop(centre_mesh);
    let centre_mesh = mesh(&centre, &[at(&station_mesh)], patience()).await;
    to_centre.send_replace(BTreeSet::from([at(&centre_mesh).to_string()]));
    let smaller = key(CENTRE).id().min(key(STATION).id());
    let kept = |own: DeviceId| {
        move |status: &MeshStatus| {
            let mut links = status.peers.iter().filter_map(|peer| peer.link.as_ref());
            links.any(|link| link.we_dialled == (own == smaller))
        }
    };
    until(&centre_mesh.watch(), kept(key(CENTRE).id())).await;
    until(&station_mesh.watch(), kept(key(STATION).id())).await;
    station.say(1);
    centre.until(|centre| centre.heard_from(STATION) == 1).await;
}

/// Fails when one address can take all places for unproven connections, or keeps them after hanging up.
#[tokio::test]
async fn one_source_cannot_crowd_the_door() {
    let list = township(&[CENTRE, STATION]);
    let (centre, station) = (ToyBox::new(CENTRE, &list), ToyBox::new(STATION, &list));
    let centre_mesh = mesh(&centre, &[], patience()).await;
    let mut crowd = Vec::new();
    for _ in 0..=crate::limit::HANDSHAKES_PER_SOURCE_MAX {
        crowd.push(TcpStream::connect(at(&centre_mesh)).await.unwrap());
    }
    until(&centre_mesh.watch(), |status| refused(status, Refusal::Crowded) > 0).await;
    drop(crowd);
    station.say(1);
    let _station_mesh = mesh(&station, &[at(&centre_mesh)], patience()).await;
    centre.until(|centre| centre.heard_from(STATION) == 1).await;
}

/// Fails when an address that is no candidate any more is dialled again, or when its standing link is cut.
#[tokio::test]
async fn candidates_come_and_go() {
    let list = township(&[CENTRE, STATION]);
    let (centre, station) = (ToyBox::new(CENTRE, &list), ToyBox::new(STATION, &list));
    let centre_mesh = mesh(&centre, &[], patience()).await;
    let candidates = watch::Sender::new(BTreeSet::new());
    let station_mesh = mesh_dialling(&station, candidates.subscribe(), patience()).await;
    candidates.send_replace(BTreeSet::from([at(&centre_mesh).to_string()]));
    until(&station_mesh.watch(), |status| linked(status, CENTRE)).await;
    candidates.send_replace(BTreeSet::new());
    station.say(1);
    centre.until(|centre| centre.heard_from(STATION) == 1).await;
    centre_mesh.stop().await;
    until(&station_mesh.watch(), |status| !linked(status, CENTRE) && status.dials.is_empty()).await;
}

/// Fails when a box that is told its own address dials it for ever.
#[tokio::test]
async fn a_box_dials_itself_once_at_most() {
    let list = township(&[CENTRE, STATION]);
    let (centre, station) = (ToyBox::new(CENTRE, &list), ToyBox::new(STATION, &list));
    let centre_mesh = mesh(&centre, &[], patience()).await;
    let candidates = watch::Sender::new(BTreeSet::new());
    let hasty = Patience { redial_max: Duration::from_millis(1), ..patience() };
    let station_mesh = mesh_dialling(&station, candidates.subscribe(), hasty).await;
    candidates.send_replace([at(&centre_mesh), at(&station_mesh)].map(|address| address.to_string()).into());
    until(&station_mesh.watch(), |status| refused(status, Refusal::Ourselves) > 0).await;
    // while the other link does its work, tens of dials would fit in
    for number in 1..50 {
        station.say(number);
        centre.until(|centre| centre.heard_from(STATION) == number).await;
    }
    // one dial has two ends, and both may refuse it
    assert!(refused(&station_mesh.status(), Refusal::Ourselves) <= 2);
}

/// Fails when stopping leaves a port, a link or a task behind.
#[tokio::test]
async fn stopping_ends_everything() {
    let list = township(&[CENTRE, STATION]);
    let (centre, station) = (ToyBox::new(CENTRE, &list), ToyBox::new(STATION, &list));
    let centre_mesh = mesh(&centre, &[], patience()).await;
    let station_mesh = mesh(&station, &[at(&centre_mesh)], patience()).await;
    until(&centre_mesh.watch(), |status| linked(status, STATION)).await;
    let address = at(&centre_mesh);
    let watch = station_mesh.watch();
    let stopped = tokio::time::timeout(Duration::from_secs(3), centre_mesh.stop()).await;
    assert!(stopped.is_ok());
    until(&watch, |status| !linked(status, CENTRE)).await;
    assert!(TcpListener::bind(address).await.is_ok());
    assert_eq!(Arc::strong_count(&centre), 1, "something still holds the box");
    drop((station_mesh, watch));
    tokio::time::timeout(GIVE_UP, async {
        while Arc::strong_count(&station) > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("a dropped mesh still holds the box");
}

/// Fails when a link with nothing to say costs more than its keep-alive: hello both ways, no vector.
#[tokio::test]
async fn a_link_with_nothing_to_say_is_cheap() {
    let list = township(&[CENTRE, STATION]);
    let (centre, station) = (ToyBox::new(CENTRE, &list), ToyBox::new(STATION, &list));
    let centre_mesh = mesh(&centre, &[], patience()).await;
    let station_mesh = mesh(&station, &[at(&centre_mesh)], patience()).await;
    let settled = |status: &MeshStatus| {
        status.peers.iter().filter_map(|peer| peer.link.as_ref()).any(|link| link.progress.settled)
    };
    let status = until_settled(&station_mesh.watch(), settled).await;
    let link = status.peers.first().unwrap().link.clone().unwrap();
    println!(
        "idle link: {} bytes out, {} in, {} round trips",
        link.bytes_out, link.bytes_in, link.round_trips
    );
    assert!(link.bytes_in + link.bytes_out < 1_000, "{link:?}");
    assert_eq!(link.round_trips, 1);
}

/// The session's progress has no notice of its own: look again whenever the runtime is idle.
async fn until_settled(watch: &MeshWatch, holds: impl Fn(&MeshStatus) -> bool) -> MeshStatus {
    let looking = async {
        loop {
            let status = watch.status();
            if holds(&status) {
                return status;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(GIVE_UP, looking).await.expect("it never settled")
}
