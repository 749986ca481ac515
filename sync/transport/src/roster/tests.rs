use super::*;
use crate::testing::key;
use crate::tls::Traffic;

/// Two keys, the smaller first.
fn keys() -> (DeviceId, DeviceId) {
    let (a, b) = (key(1).id(), key(2).id());
    (a.min(b), a.max(b))
}

fn peer(device: DeviceId) -> Peer {
    Peer { device, station: StationNo(1) }
}

fn meter(we_dialled: bool) -> Arc<Meter> {
    Meter::new(we_dialled, 0, Arc::new(Traffic::default()))
}

fn claim(roster: &Arc<Roster>, device: DeviceId, we_dialled: bool) -> Option<Claim> {
    roster.claim(&peer(device), we_dialled, &meter(we_dialled))
}

fn kept(roster: &Roster) -> Option<bool> {
    roster.status().first().and_then(|peer| peer.link.as_ref().map(|link| link.we_dialled))
}

/// Fails when the two sides of a pair choose different links, in whichever order these come up.
#[test]
fn both_sides_keep_the_link_that_the_smaller_key_dialled() {
    let (smaller, larger) = keys();
    for (own, other) in [(smaller, larger), (larger, smaller)] {
        let ours_is_right = own == smaller;
        for ours_first in [true, false] {
            let roster = Roster::new(own);
            let mut first = claim(&roster, other, ours_first).unwrap();
            let second = claim(&roster, other, !ours_first);
            assert_eq!(second.is_none(), ours_first == ours_is_right);
            assert_eq!(first.evicted.try_recv().is_ok(), ours_first != ours_is_right);
            assert_eq!(kept(&roster), Some(ours_is_right));
        }
    }
}

/// Fails when a box that dialled a peer at two addresses keeps two links, or when a peer that came back after a power
/// cut is shut out by its own dead link.
#[test]
fn of_one_diallers_links_the_dialler_decides() {
    let (own, other) = keys();
    let roster = Roster::new(own);
    let first = claim(&roster, other, true).unwrap();
    assert!(claim(&roster, other, true).is_none());
    drop(first);
    assert!(!roster.is_linked(&other));

    let mut dead = claim(&roster, other, false).unwrap();
    let alive = claim(&roster, other, false).unwrap();
    assert!(dead.evicted.try_recv().is_ok());
    // the dead link's end does not end the living one's claim
    drop(dead);
    assert!(roster.is_linked(&other));
    drop(alive);
    assert!(!roster.is_linked(&other));
}

/// Fails when the figures of ended links are lost, or when the table of peers grows without end.
#[test]
fn past_links_count_and_old_peers_go() {
    let (own, other) = keys();
    let roster = Roster::new(own);
    for at_ms in [5, 9] {
        let meter = meter(true);
        meter.received(at_ms);
        drop(roster.claim(&peer(other), true, &meter));
    }
    let status = roster.status();
    assert_eq!(status.first().and_then(|peer| peer.last_contact_ms), Some(9));
    for n in 0..2 * limit::PEERS_MAX as u64 {
        drop(claim(&roster, DeviceId(canon::sha256(&n.to_be_bytes())), true));
    }
    assert_eq!(roster.status().len(), limit::PEERS_MAX);
    assert!(roster.status().iter().any(|peer| peer.device == other), "the peer with a contact went first");
}
