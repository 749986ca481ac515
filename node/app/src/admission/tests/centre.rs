//! A centre that is another, or was restored: what was confirmed before is confirmed no more, and is said anew.

use super::{Town, act, doc, town};
use crate::testing::{TestBox, meet, whereabouts};
use canon::Canon as _;
use identity::{Cut, DeviceKey, Membership, Role, RootKey, Roster, StationNo};
use std::sync::Arc;
use store::MemoryEngine;
use sync::truth::Truth;
use sync::{Arrival, Outcome, Register, kind};

fn sign(town: &Town, roster: Roster) -> Membership {
    let list = roster.sign(&DeviceKey::from_seed(town.town.signer));
    Membership::verify(list, &town.town.root).unwrap()
}

/// The list that the engineer signs when the centre's box is replaced by a new one; nothing of the old one counts but
/// what it had written.
fn replaced(town: &Town, key: [u8; 32], incarnation: u64) -> Membership {
    let before = &town.town.membership;
    let mut roster = Roster::after(before.list());
    let old = before.centre().unwrap().clone();
    let device = DeviceKey::from_seed(key).id();
    let heads =
        town.nodes[0].holdings().heads().filter(|head| head.log.device == old.device).copied().collect();
    roster.members.retain(|member| member.device != old.device);
    roster.cuts.push(Cut { device: old.device, role: Role::Centre, station: StationNo::CENTRE, heads });
    roster.members.push(identity::Member { device, ..old });
    roster.incarnation = incarnation;
    let root = RootKey::from_seed(crate::testing::root_seed(SEED));
    let generation = before.number().generation + 1;
    sign(town, roster.under(root.delegate(generation, *before.signer(), Some(device))))
}

fn bring(town: &Town, at: usize, list: &Membership) {
    let number = list.number();
    let register = Register::of_list(list.list());
    assert_eq!(
        (register.kind, register.number),
        (kind::MEMBERSHIP, (number.generation << 32) | number.epoch)
    );
    assert_eq!(list.list().to_canon(), register.body);
    let outcome = town.nodes[at].admit(&town.nodes[at].device(), vec![Arrival::Register(register)]);
    assert_eq!(outcome, [Outcome::Durable { seq: 0 }]);
}

const SEED: u64 = 31;

/// Fails if the cut centre's receipts go on counting, or if the new centre's, which count from 1 again, do not reach a
/// station that holds a higher number of the old one.
#[test]
fn a_new_centre_speaks_for_itself() {
    // the raised incarnation makes the new numbers higher; without it the owner must tell them apart
    for incarnation in [2, 1] {
        let mut town = town(1, SEED);
        for n in 1..=5 {
            act(&town.nodes[1], doc(1), n).unwrap();
            town.meet_centre(1);
        }
        assert_eq!(whereabouts(&town.nodes[1], &doc(1).id.0).unwrap(), Truth::Received);
        let key = [0x77; 32];
        let list = replaced(&town, key, incarnation);
        bring(&town, 1, &list);
        let after = whereabouts(&town.nodes[1], &doc(1).id.0).unwrap();
        assert_eq!(after, Truth::Saved, "the old centre is gone, with all it held");
        town.town.membership = list;
        town.town.boxes[0] = TestBox { key, ..town.town.boxes[0].clone() };
        town.disks[0] = Arc::new(MemoryEngine::new());
        town.restart(0);
        town.meet_centre(1);
        assert_eq!(town.events(0, doc(1)), Some(5), "all of it is with the new centre");
        assert_eq!(whereabouts(&town.nodes[1], &doc(1).id.0).unwrap(), Truth::Received);
        let quiet = meet(&town.nodes[1], &town.nodes[0]);
        assert_eq!(quiet, meet(&town.nodes[1], &town.nodes[0]), "and nothing is left to say");
    }
}

/// Fails if a centre that comes up with a raised incarnation (its kit brought the list) leaves stations without its word.
#[test]
fn a_restored_centre_says_anew_what_it_holds() {
    let mut town = town(1, SEED);
    act(&town.nodes[1], doc(1), 1).unwrap();
    town.meet_centre(1);
    let mut roster = Roster::after(town.town.membership.list());
    roster.incarnation += 1;
    let list = sign(&town, roster);
    bring(&town, 1, &list);
    assert_eq!(whereabouts(&town.nodes[1], &doc(1).id.0).unwrap(), Truth::Saved);
    town.town.membership = list;
    town.restart(0);
    town.meet_centre(1);
    assert_eq!(whereabouts(&town.nodes[1], &doc(1).id.0).unwrap(), Truth::Received);
}
