use super::testbox::Town;
use crate::truth::{Confirmed, Truth, truth};
use crate::*;
use identity::*;

/// One receipt over a log of four entries, and what is said of a record.
#[test]
fn a_record_is_where_the_newest_receipt_says() {
    let town = Town::new(1);
    let mut station = town.make("station1");
    let (log, _) = station.write_hub(b"1");
    station.write_hub(b"2");
    let durable = station.holdings.view(&Scope::WrittenBy(station.id()), &station.membership).frontier;
    station.write_hub(b"3");
    let (photo, scan) = ([1; 32], [2; 32]);
    let receipt = Receipt {
        generation: 1,
        incarnation: 1,
        number: 5,
        durable,
        backed_up: Frontier::default(),
        held: vec![HeldEntry { log, seq: 2, reason: 7 }],
        missing: vec![photo],
    };
    let confirmed = Confirmed::new(receipt.clone(), &station.id(), &station.holdings);
    let at = |own: &[u64], blobs: &[[u8; 32]], relayed: u64| {
        let own: Vec<(LogId, u64)> = own.iter().map(|seq| (log, *seq)).collect();
        truth(&own, blobs, Some(&confirmed), &|_| relayed)
    };
    assert_eq!(at(&[1], &[], 0), Truth::Received);
    assert_eq!(at(&[1], &[scan], 0), Truth::Received);
    assert_eq!(at(&[1], &[photo, scan], 0), Truth::Missing { present: 1, total: 2 });
    assert_eq!(at(&[1, 2], &[photo], 0), Truth::NotAdopted(7));
    assert_eq!(at(&[1, 3], &[], 0), Truth::Saved);
    assert_eq!(at(&[1, 3], &[], 3), Truth::InTransit);
    assert_eq!(at(&[3, 4], &[], 3), Truth::Saved, "all of it must have left");
    assert_eq!(at(&[], &[], 9), Truth::Saved, "no entry, no claim");
    assert_eq!(truth(&[(log, 1)], &[], None, &|_| 1), Truth::InTransit, "a peer's word alone is no receipt");
    assert!(!confirmed.is_backed_up(&log, 1));
    let newer =
        |generation, incarnation, number| Receipt { generation, incarnation, number, ..receipt.clone() };
    assert!(confirmed.is_replaced_by(&newer(1, 1, 6)));
    assert!(confirmed.is_replaced_by(&newer(1, 2, 1)), "a restored centre counts anew");
    assert!(confirmed.is_replaced_by(&newer(2, 1, 1)));
    assert!(!confirmed.is_replaced_by(&receipt), "the same");
    assert!(!confirmed.is_replaced_by(&newer(1, 1, 4)));
    assert!(!confirmed.is_replaced_by(&newer(0, 9, 9)));
}

/// Fails if two receipts are joined by their larger parts (trap 13).
#[test]
fn a_newer_receipt_that_says_less_takes_the_records_back() {
    let town = Town::new(1);
    let (mut station, mut centre) = (town.make("station1"), town.make("centre"));
    let own = station.write_hub(b"1");
    super::pipe::meet(&mut station, &mut centre);
    let before = station.confirmed().unwrap();
    let mut empty = town.make("centre");
    empty.issue_receipt(&station.id());
    let less = empty.registers.values().find(|register| register.kind == kind::RECEIPT).unwrap();
    let mut less = Receipt::from_register(less).unwrap();
    less.incarnation = 2;
    station.hold_register(less.sign(&empty.key, StationNo(1)));
    let after = station.confirmed().unwrap();
    assert!(before.is_replaced_by(after.receipt()));
    assert_eq!(truth(&[own], &[], Some(&before), &|_| 1), Truth::Received);
    assert_eq!(truth(&[own], &[], Some(&after), &|_| 1), Truth::InTransit);
}

#[test]
fn a_receipt_says_what_its_register_says() {
    let town = Town::new(1);
    let centre = town.make("centre");
    let receipt = Receipt {
        generation: 1,
        incarnation: 3,
        number: 4,
        durable: Frontier::default(),
        backed_up: Frontier::default(),
        held: Vec::new(),
        missing: Vec::new(),
    };
    let register = receipt.sign(&centre.key, StationNo(1));
    assert_eq!(register.number, (3 << 40) | 4);
    assert_eq!(register.verify(&centre.membership), Ok(()));
    let lying = Register::sign(&centre.key, kind::RECEIPT, 1, register.number + 1, register.body.clone());
    assert!(Receipt::from_register(&lying).is_err(), "a later number on an old receipt");
    let station = town.make("station1");
    let forged = receipt.sign(&station.key, StationNo(1));
    assert_eq!(forged.verify(&centre.membership), Err(RegisterFault::Owner));
    let mut altered = register;
    altered.subject = 2;
    assert_eq!(altered.verify(&centre.membership), Err(RegisterFault::Signature));
}
