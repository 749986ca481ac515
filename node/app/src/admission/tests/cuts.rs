use super::{Town, act_in, doc, town};
use crate::admission::reason;
use canon::Canon as _;
use identity::{Audience, Cut, DeviceKey, Head, Lane, Membership, Role, Roster};
use records::{DocKind, DocRef};
use store::journal::State;
use sync::{Arrival, Outcome, Register, kind};

fn profile(number: u64) -> DocRef {
    DocRef { kind: DocKind::Station, ..doc(number) }
}

/// The station's newest head of what it tells everybody.
fn public_head(town: &Town, at: usize) -> Head {
    let node = &town.nodes[at];
    let holdings = node.holdings();
    let mut own = holdings.heads().filter(|head| head.log.device == node.device());
    *own.find(|head| head.log.audience == Audience::All).unwrap()
}

/// The engineer cuts box 1 at these heads, after the list before.
fn cut(town: &Town, before: &Membership, heads: Vec<Head>) -> Membership {
    let device = DeviceKey::from_seed(town.town.boxes[1].key).id();
    let mut roster = Roster::after(before.list());
    roster.members.retain(|member| member.device != device);
    roster.cuts.retain(|cut| cut.device != device);
    roster.cuts.push(Cut { device, role: Role::Station, station: crate::testing::number(1), heads });
    let list = roster.sign(&DeviceKey::from_seed(town.town.signer));
    Membership::verify(list, &town.town.root).unwrap()
}

fn bring(town: &Town, at: usize, list: &Membership) {
    let signer = DeviceKey::from_seed(town.town.signer);
    let number = list.number();
    let body = list.list().to_canon();
    let register =
        Register::sign(&signer, kind::MEMBERSHIP, 0, (number.generation << 32) | number.epoch, body);
    let outcome = town.nodes[at].admit(&signer.id(), vec![Arrival::Register(register)]);
    assert_eq!(outcome, [Outcome::Durable { seq: 0 }]);
}

fn publish(town: &Town, at: usize, number: u64, byte: u8) {
    act_in(&town.nodes[at], profile(number), byte, Audience::All, Lane::OTHER).unwrap();
}

/// Box 1 wrote two good things into one document and two bad ones after it was stolen, one of them into a document of
/// its own; everybody has taken all of it.
fn stolen() -> (Town, Head) {
    let town = town(2, 21);
    publish(&town, 1, 1, 1);
    publish(&town, 1, 1, 2);
    let good = public_head(&town, 1);
    publish(&town, 1, 1, 3);
    publish(&town, 1, 2, 4);
    town.meet_centre(1);
    town.meet_centre(2);
    for at in [0, 2] {
        assert_eq!((town.events(at, profile(1)), town.events(at, profile(2))), (Some(3), Some(1)));
    }
    (town, good)
}

/// Fails if what a stolen box wrote after the theft goes on standing in a document because the list came later.
#[test]
fn a_late_cut_takes_out_what_was_already_taken_in() {
    let (mut town, good) = stolen();
    let list = cut(&town, &town.town.membership, vec![good]);
    bring(&town, 0, &list);
    town.meet_centre(2);
    for at in [0, 2] {
        assert_eq!((town.events(at, profile(1)), town.events(at, profile(2))), (Some(2), None), "box {at}");
        for (seq, state) in [(2, State::Applied), (3, State::Held { reason: reason::CUT })] {
            assert_eq!(town.state(at, &good.log, seq), Some(state));
        }
    }
    town.restart(0);
    town.nodes[0].rebuild_rows().unwrap();
    assert_eq!(town.events(0, profile(1)), Some(2), "and it stays so");
    let lines = town.nodes[0].waiting_lines(9).unwrap();
    assert!(lines.iter().all(|line| line.reason == reason::CUT) && lines.len() == 2, "kept as evidence");
}

/// Fails if honest work on such a document is lost, or if a review that raises the cut cannot bring back what it allows.
#[test]
fn a_raised_cut_puts_it_back_and_the_work_of_others_stays() {
    let (town, good) = stolen();
    let all = public_head(&town, 1);
    act_in(&town.nodes[0], profile(1), 9, Audience::All, Lane::OTHER).unwrap();
    town.meet_centre(2);
    let low = cut(&town, &town.town.membership, vec![good]);
    bring(&town, 0, &low);
    town.meet_centre(2);
    for at in [0, 2] {
        // The centre's change follows one that no longer counts: it waits, and is not lost.
        assert_eq!(town.events(at, profile(1)), Some(2), "box {at}");
    }
    let raised = cut(&town, &low, vec![all]);
    bring(&town, 0, &raised);
    town.meet_centre(2);
    for at in [0, 2] {
        assert_eq!(
            (town.events(at, profile(1)), town.events(at, profile(2))),
            (Some(4), Some(1)),
            "box {at}"
        );
        assert!(town.nodes[at].waiting_lines(9).unwrap().is_empty());
    }
}

/// Fails if a box that comes up with a newer list (from its kit) shows what that list has cut.
#[test]
fn a_box_that_starts_with_the_list_keeps_it() {
    let (mut town, good) = stolen();
    town.town.membership = cut(&town, &town.town.membership, vec![good]);
    town.restart(2);
    assert_eq!((town.events(2, profile(1)), town.events(2, profile(2))), (Some(2), None));
    let commits = town.nodes[2].commits();
    town.restart(2);
    assert_eq!(town.nodes[2].commits(), commits, "nothing is written where nothing changes");
}
