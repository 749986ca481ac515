use crate::*;
use canon::Canon as _;
use proptest::prelude::*;

fn device(n: u8) -> DeviceKey {
    DeviceKey::from_seed([n; 32])
}

fn root() -> RootKey {
    RootKey::from_seed([200; 32])
}

fn signer() -> DeviceKey {
    device(201)
}

fn member(n: u8, station: u16) -> Member {
    Member {
        device: device(n).id(),
        role: if station == 0 { Role::Centre } else { Role::Station },
        station: StationNo(station),
        name: format!("石桥村便民服务站{n}"),
        division: "522301102007".into(),
        sealing: MemberSealing { version: 1, key: [n; 32] },
        addresses: vec!["10.0.0.9:7443".into()],
    }
}

fn head(n: u8, epoch: u8, lane: Lane, seq: u64, link: u8) -> Head {
    let log = LogId { device: device(n).id(), epoch: Epoch([epoch; 8]), audience: Audience::Hub, lane };
    Head { log, seq, link: [link; 32] }
}

fn cut(n: u8, heads: Vec<Head>) -> Cut {
    Cut { device: device(n).id(), role: Role::Station, station: StationNo(7), heads }
}

fn roster() -> Roster {
    Roster {
        delegation: root().delegate(1, signer().id(), Some(device(1).id())),
        epoch: 1,
        previous: [0; 32],
        incarnation: 1,
        members: vec![member(1, 0), member(2, 1), member(3, 2)],
        cuts: vec![cut(9, vec![head(9, 1, Lane::CASES, 5, 5)])],
        rulings: vec![Ruling {
            device: device(2).id(),
            epoch: Epoch([4; 8]),
            keep: vec![head(2, 4, Lane::CASES, 8, 8)],
        }],
    }
}

fn verified(roster: Roster) -> Result<Membership, ListFault> {
    Membership::verify(roster.sign(&signer()), &root().id())
}

fn adopt(held: &Membership, change: impl FnOnce(&mut Roster)) -> Result<Adoption, StepFault> {
    let mut next = Roster::after(held.list());
    change(&mut next);
    held.adopt(next.sign(&signer()), &root().id())
}

#[test]
fn a_list_round_trips_and_answers() {
    let list = roster().sign(&signer());
    let held = Membership::from_bytes(&list.to_canon(), &root().id()).unwrap();
    assert_eq!(held.list(), &list);
    assert_eq!(held.centre().unwrap().station, StationNo::CENTRE);
    assert_eq!(held.station(StationNo(2)).unwrap().device, device(3).id());
    assert_eq!(held.member(&device(9).id()), None);
    assert_eq!(
        held.writer(&device(9).id()),
        Some(Writer { role: Role::Station, station: StationNo(7), cut: true })
    );
    assert_eq!(held.writer(&device(77).id()), None);
}

/// Fails if any single bit of a list is outside the signatures, or if a reader takes a second encoding.
#[test]
fn no_bit_of_a_list_can_be_changed() {
    let bytes = roster().sign(&signer()).to_canon();
    assert!(Membership::from_bytes(&bytes, &root().id()).is_ok());
    for at in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 1 << (at % 8);
        assert!(Membership::from_bytes(&bad, &root().id()).is_err(), "byte {at}");
    }
    let mut long = bytes;
    long.push(0);
    assert!(Membership::from_bytes(&long, &root().id()).is_err());
}

#[test]
fn only_this_root_and_its_signer_speak_for_the_township() {
    let list = roster().sign(&signer());
    let other = RootKey::from_seed([99; 32]);
    assert_eq!(Membership::verify(list, &other.id()), Err(ListFault::Delegation));
    assert_eq!(
        Membership::verify(roster().sign(&device(1)), &root().id()),
        Err(ListFault::Signature),
        "a centre that is not the signer"
    );
    let mut raised = roster();
    raised.delegation.generation = 2;
    assert_eq!(verified(raised), Err(ListFault::Delegation), "only the root raises the generation");
    let mut stolen = roster();
    stolen.delegation = other.delegate(2, signer().id(), Some(device(1).id()));
    assert_eq!(verified(stolen), Err(ListFault::Delegation));
}

#[test]
fn signed_nonsense_is_refused() {
    let refused = |change: fn(&mut Roster)| {
        let mut bad = roster();
        change(&mut bad);
        assert!(matches!(verified(bad), Err(ListFault::Inconsistent(_))));
    };
    refused(|r| r.members[1].station = StationNo(2)); // two boxes, one number
    refused(|r| r.members[1].role = Role::Centre);
    refused(|r| r.members[1].device = device(9).id()); // a member that is cut
    refused(|r| r.members.retain(|m| m.role == Role::Station)); // the delegated centre missing
    refused(|r| r.cuts[0].heads[0].log.device = device(2).id());
    refused(|r| r.rulings[0].keep[0].log.epoch = Epoch([5; 8]));
    refused(|r| r.members[0].division = "52".into());
    refused(|r| r.cuts = vec![cut(9, vec![]), cut(9, vec![])]);
    refused(|r| r.epoch = 0);
}

#[test]
fn a_township_without_a_centre_yet_is_a_township() {
    let mut young = roster();
    young.delegation = root().delegate(1, signer().id(), None);
    young.members.clear();
    assert!(verified(young).unwrap().centre().is_none());
}

#[test]
fn two_lists_with_one_number_keep_the_first() {
    let held = verified(roster()).unwrap();
    let mut other = roster();
    other.incarnation = 2;
    assert_eq!(held.adopt(other.sign(&signer()), &root().id()), Ok(Adoption::Conflict));
    assert_eq!(held.adopt(roster().sign(&signer()), &root().id()), Ok(Adoption::Same));
}

#[test]
fn a_list_takes_nothing_back() {
    let held = verified(roster()).unwrap();
    assert!(matches!(adopt(&held, |_| {}), Ok(Adoption::Take { broken_chain: false, .. })));
    assert!(matches!(adopt(&held, |r| r.previous = [7; 32]), Ok(Adoption::Take { broken_chain: true, .. })));
    assert!(
        matches!(adopt(&held, |r| r.epoch = 40), Ok(Adoption::Take { broken_chain: false, .. })),
        "a gap"
    );
    assert_eq!(adopt(&held, |r| r.cuts.clear()), Err(StepFault::CutLowered));
    assert_eq!(adopt(&held, |r| r.cuts[0].heads.clear()), Err(StepFault::CutLowered));
    assert_eq!(adopt(&held, |r| r.cuts[0].heads[0].seq = 4), Err(StepFault::CutLowered));
    assert_eq!(adopt(&held, |r| r.cuts[0].heads[0].link = [6; 32]), Err(StepFault::CutLowered));
    assert!(adopt(&held, |r| r.cuts[0].heads[0].seq = 6).is_ok(), "raised after review");
    assert!(adopt(&held, |r| r.cuts[0].heads.push(head(9, 2, Lane::CASES, 1, 1))).is_ok());
    assert_eq!(adopt(&held, |r| r.incarnation = 0), Err(StepFault::IncarnationLowered));
    assert_eq!(adopt(&held, |r| r.rulings.clear()), Err(StepFault::RulingChanged));
    let mut second = Roster::after(held.list());
    second.delegation = root().delegate(1, device(202).id(), Some(device(1).id()));
    assert_eq!(
        held.adopt(second.sign(&device(202)), &root().id()),
        Err(StepFault::DelegationChanged),
        "the root named two signers in one generation"
    );
}

#[test]
fn a_new_generation_beats_any_number_of_the_old() {
    let mut late = roster();
    late.epoch = 900;
    let held = verified(late).unwrap();
    let next = Roster::after(held.list()).under(root().delegate(2, device(202).id(), Some(device(1).id())));
    let Ok(Adoption::Take { membership, .. }) = held.adopt(next.sign(&device(202)), &root().id()) else {
        panic!("the root's new generation was not taken");
    };
    assert_eq!(membership.supersedes(&held), Order::Newer);
    assert_eq!(membership.adopt(held.list().clone(), &root().id()), Ok(Adoption::Older));
}

#[test]
fn a_cut_box_counts_up_to_its_heads_and_no_further() {
    let held = verified(roster()).unwrap();
    let at = |seq, link| held.accepts(&head(9, 1, Lane::CASES, 0, 0).log, seq, &[link; 32]);
    assert_eq!(at(4, 99), Ok(()));
    assert_eq!(at(5, 5), Ok(()));
    assert_eq!(at(5, 6), Err(CutFault::OtherSide));
    assert_eq!(at(6, 6), Err(CutFault::Beyond));
    let lane = head(9, 1, Lane::OTHER, 0, 0).log;
    assert_eq!(held.accepts(&lane, 1, &[0; 32]), Err(CutFault::UnlistedLog));
    let stranger = head(77, 1, Lane::CASES, 0, 0).log;
    assert_eq!(held.accepts(&stranger, 1, &[0; 32]), Err(CutFault::Unlisted));
    assert_eq!(held.accepts(&head(2, 1, Lane::CASES, 0, 0).log, 1, &[0; 32]), Ok(()));
}

/// Fails if a stolen box could go on under a fresh epoch, or if the epochs before the listed one were lost.
#[test]
fn a_thief_gains_nothing_by_a_new_epoch() {
    struct Held;
    impl Openings for Held {
        fn parents(&self, _: &DeviceId, epoch: &Epoch) -> Option<Vec<Head>> {
            match epoch.0[0] {
                1 => Some(vec![head(9, 7, Lane::CASES, 3, 3)]),
                7 => Some(vec![head(9, 6, Lane::CASES, 2, 2), head(9, 1, Lane::OTHER, 9, 9)]),
                // the thief's own opening names the listed epoch as its parent
                2 => Some(vec![head(9, 1, Lane::CASES, 5, 5)]),
                _ => None,
            }
        }
    }
    let held = verified(roster()).unwrap();
    let at =
        |epoch, lane, seq, link| held.accepts_with(&head(9, epoch, lane, 0, 0).log, seq, &[link; 32], &Held);
    assert_eq!(at(2, Lane::CASES, 1, 1), Err(CutFault::UnlistedLog));
    assert_eq!(at(7, Lane::CASES, 3, 3), Ok(()));
    assert_eq!(at(7, Lane::CASES, 4, 4), Err(CutFault::Beyond));
    assert_eq!(at(6, Lane::CASES, 2, 2), Ok(()));
    assert_eq!(at(6, Lane::CASES, 2, 9), Err(CutFault::OtherSide));
    assert_eq!(at(1, Lane::OTHER, 1, 1), Err(CutFault::UnlistedLog), "a listed epoch says all about itself");
    assert_eq!(held.accepts(&head(9, 7, Lane::CASES, 0, 0).log, 1, &[0; 32]), Err(CutFault::UnlistedLog));
}

#[test]
fn the_losing_side_of_a_ruled_fork_is_refused() {
    let held = verified(roster()).unwrap();
    let log = head(2, 4, Lane::CASES, 0, 0).log;
    assert_eq!(held.accepts(&log, 8, &[8; 32]), Ok(()));
    assert_eq!(held.accepts(&log, 8, &[1; 32]), Err(CutFault::OtherSide));
    assert_eq!(held.accepts(&log, 9, &[1; 32]), Ok(()), "what follows the kept side goes on");
}

#[test]
fn keys_show_their_public_half_only() {
    let key = device(5);
    let secret = data_encoding::HEXLOWER.encode(&*key.seed());
    let shown = format!("{key:?} {:?} {}", key.id(), key.id());
    assert!(!shown.contains(&secret[..8]));
    assert_eq!(format!("{:?}", key.id()), key.id().hex()[..8]);
    let print = key.id().fingerprint();
    assert_eq!(print.split(' ').count(), 6);
    assert!(print.split(' ').all(|g| g.len() == 5 && g.bytes().all(|b| b.is_ascii_digit())));
    assert_eq!(DeviceId::from_hex(&key.id().hex()), Some(key.id()));
    assert_eq!(DeviceId::from_hex("12"), None);
}

/// What version 1 looks like: fails when the encoding, a tag or the key derivation changes by one bit.
#[test]
fn version_one_stays_version_one() {
    let golden = include_str!("../tests/golden/membership.hex");
    let list = roster().sign(&signer());
    let hex = data_encoding::HEXLOWER.encode(&list.to_canon());
    let actor = data_encoding::HEXLOWER.encode(&actor(&device(1).id(), &Epoch([1; 8])));
    let text = format!("{hex}\n{}\n{actor}\n", device(1).id().fingerprint());
    assert_eq!(text, golden);
}

proptest! {
    /// Lists offered in any order, any number of times: what is held only rises, and all boxes that saw the
    /// highest hold the same. Fails if `adopt` ever takes an equal or lower number.
    #[test]
    fn lists_only_move_forward(order in proptest::collection::vec(0usize..6, 1..20)) {
        let mut lists = vec![roster().sign(&signer())];
        for n in 1..6u64 {
            let mut next = Roster::after(&lists[lists.len() - 1]);
            if n == 3 {
                next = next.under(root().delegate(2, signer().id(), Some(device(1).id())));
            }
            next.cuts[0].heads[0].seq += n;
            lists.push(next.sign(&signer()));
        }
        let mut held = Membership::verify(lists[0].clone(), &root().id()).unwrap();
        for at in order.iter().copied() {
            let before = held.number();
            if let Ok(Adoption::Take { membership, .. }) = held.adopt(lists[at].clone(), &root().id()) {
                held = *membership;
                prop_assert!(held.number() > before);
            }
            prop_assert!(held.number() >= before);
        }
        let highest = order.iter().copied().max().unwrap();
        prop_assert_eq!(held.list(), &lists[highest]);
    }

    /// Fails if reading untrusted bytes could panic, or if bytes that read do not write back the same.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(list) = MembershipList::from_canon(&bytes) {
            prop_assert_eq!(list.to_canon(), bytes.clone());
        }
        if let Ok(head) = Head::from_canon(&bytes) {
            prop_assert_eq!(head.to_canon(), bytes);
        }
    }
}
