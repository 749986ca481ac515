//! Links, order, erasing and taking back.

use super::{Place, State, append, erase, get, link_at, of_doc, read, receive, set_state, truncate};
use crate::engine::{Table, WriteTx};
use crate::{Engine, MemoryEngine, StoreError, logs, openings, origin, proofs, waiting};
use identity::{Audience, DeviceKey, Epoch, Head, Lane, LogId};
use sync::{Entry, EntryHeader, Form, Opening};

const EPOCH: Epoch = Epoch([7; 8]);

fn log(lane: u8) -> LogId {
    let device = DeviceKey::from_seed([1; 32]).id();
    LogId { device, epoch: EPOCH, audience: Audience::Hub, lane: Lane(lane) }
}

fn header(doc: u8) -> EntryHeader {
    EntryHeader { doc: [doc; 16], kind: 1, origin: None }
}

fn entry(doc: u8, body: &[u8]) -> Entry {
    Entry { header: header(doc), form: Form::Body(body.to_vec()) }
}

fn with_opening(work: impl FnOnce(&mut dyn WriteTx)) {
    let engine = MemoryEngine::new();
    let mut tx = engine.write().unwrap();
    let opening = Opening::sign(&DeviceKey::from_seed([1; 32]), EPOCH, Vec::new());
    openings::put(&mut *tx, &opening).unwrap();
    work(&mut *tx);
}

/// Fails if links were computed another way than `sync` verifies them, or logs shared their numbers.
#[test]
fn own_entries_make_the_chain_that_others_verify() {
    with_opening(|tx| {
        let heads: Vec<Head> = (0..3).map(|n| append(tx, &log(1), header(n), vec![n]).unwrap()).collect();
        append(tx, &log(2), header(0), vec![9]).unwrap();
        let held = logs::get(tx, &log(1)).unwrap().unwrap();
        assert_eq!(held.head, heads[2]);
        let mut link = link_at(tx, &held, 0).unwrap().unwrap();
        for (n, head) in (0u8..).zip(&heads) {
            link = sync::link(&link, head.seq, &header(n), &sync::body_hash(&[n]));
            assert_eq!((head.seq, head.link), (u64::from(n) + 1, link));
            assert_eq!(link_at(tx, &held, head.seq).unwrap(), Some(link));
        }
        assert_eq!(logs::list(tx).unwrap().len(), 2);
        assert_eq!(logs::named(tx, held.index).unwrap(), log(1));
        assert_eq!(origin::get(tx, &[0; 16]).unwrap(), [(log(1), 1), (log(2), 1)]);
        assert_eq!(of_doc(tx, &[0; 16]).unwrap().len(), 2);
    });
}

#[test]
fn a_log_without_an_opening_cannot_begin() {
    let engine = MemoryEngine::new();
    let mut tx = engine.write().unwrap();
    assert!(matches!(append(&mut *tx, &log(1), header(0), vec![]), Err(StoreError::Rule { .. })));
}

#[test]
fn an_epoch_keeps_its_first_opening() {
    with_opening(|tx| {
        let key = DeviceKey::from_seed([1; 32]);
        let parent = Head { log: LogId { epoch: Epoch([1; 8]), ..log(1) }, seq: 4, link: [3; 32] };
        assert!(openings::put(tx, &Opening::sign(&key, EPOCH, vec![parent])).is_err());
        openings::put(tx, &Opening::sign(&key, EPOCH, Vec::new())).unwrap();
        assert_eq!(openings::list(tx).unwrap().len(), 1);
    });
}

/// Fails if an entry got in with a link that nobody could verify later.
#[test]
fn a_received_entry_must_follow_from_what_is_held() {
    with_opening(|tx| {
        let held = logs::begin(tx, &log(1)).unwrap();
        let first = sync::link(&held.head.link, 1, &header(0), &sync::body_hash(b"a"));
        receive(tx, &log(1), entry(0, b"a"), &first, State::Applied).unwrap();
        assert!(receive(tx, &log(1), entry(0, b"b"), &first, State::Applied).is_err());
    });
}

#[test]
fn waiting_entries_are_found_by_document_until_applied_or_erased() {
    with_opening(|tx| {
        let mut link = logs::begin(tx, &log(1)).unwrap().head.link;
        for (seq, state) in (1..).zip([State::Parked, State::Held { reason: 4 }, State::Parked]) {
            link = sync::link(&link, seq, &header(5), &sync::body_hash(b"x"));
            receive(tx, &log(1), entry(5, b"x"), &link, state).unwrap();
        }
        let places = waiting::of(tx, &[5; 16]).unwrap();
        assert_eq!(places.iter().map(|place| place.seq).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(waiting::page(tx, Some(&([5; 16], places[0])), 9).unwrap().len(), 2);
        set_state(tx, &places[2], State::Held { reason: 9 }).unwrap();
        let said = waiting::all(tx).unwrap();
        let said: Vec<_> = said.iter().map(|waits| (waits.place.seq, waits.state, waits.bytes)).collect();
        let held = |reason| State::Held { reason };
        assert_eq!(said, [(1, State::Parked, 1), (2, held(4), 1), (3, held(9), 1)]);
        set_state(tx, &places[0], State::Applied).unwrap();
        erase(tx, &places[2]).unwrap();
        assert_eq!(waiting::of(tx, &[5; 16]).unwrap(), [places[1]]);
        assert_eq!(get(tx, &places[1]).unwrap().unwrap().state, State::Held { reason: 4 });
    });
}

/// Fails if an erased body were still on the disk or broke the chain.
#[test]
fn an_erased_body_is_gone_and_the_chain_still_verifies() {
    with_opening(|tx| {
        for n in 0..3 {
            append(tx, &log(1), header(n), b"secret body".to_vec()).unwrap();
        }
        let place = of_doc(tx, &[1; 16]).unwrap()[0];
        let before = get(tx, &place).unwrap().unwrap();
        erase(tx, &place).unwrap();
        erase(tx, &place).unwrap();
        let after = get(tx, &place).unwrap().unwrap();
        assert_eq!(after.entry.form.hash(), before.entry.form.hash());
        let bytes = tx.get(Table::Journal, &place.key()).unwrap().unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"secret"));
        let held = logs::get(tx, &log(1)).unwrap().unwrap();
        let mut link = link_at(tx, &held, 0).unwrap().unwrap();
        for (stored, seq) in read(tx, held.index, 1, 99, usize::MAX).unwrap().iter().zip(1..) {
            link = sync::link(&link, seq, &stored.entry.header, &stored.entry.form.hash());
            assert_eq!(stored.link, link);
        }
    });
}

#[test]
fn reading_stays_inside_the_log_and_the_budget() {
    with_opening(|tx| {
        for n in 0..6 {
            append(tx, &log(1), header(n), vec![n; 100]).unwrap();
            append(tx, &log(2), header(n), vec![n; 100]).unwrap();
        }
        let index = logs::get(tx, &log(1)).unwrap().unwrap().index;
        let count = |first, count, bytes| read(tx, index, first, count, bytes).unwrap().len();
        assert_eq!(count(1, 99, usize::MAX), 6);
        assert_eq!(count(4, 99, usize::MAX), 3);
        assert_eq!(count(1, 2, usize::MAX), 2);
        assert_eq!(count(1, 99, 250), 2);
        assert_eq!(count(1, 99, 10), 1, "at least one, even over the budget");
        assert_eq!(count(7, 99, usize::MAX), 0);
    });
}

/// Fails if a ruling took entries of the kept side, or left traces of the losing one.
#[test]
fn a_ruling_takes_the_losing_suffix_back() {
    with_opening(|tx| {
        let heads: Vec<Head> = (0..4).map(|n| append(tx, &log(1), header(n), vec![n]).unwrap()).collect();
        let wrong = Head { link: [0; 32], ..heads[1] };
        assert!(truncate(tx, &wrong).is_err());
        let lost = truncate(tx, &heads[1]).unwrap();
        assert_eq!(lost.iter().map(|entry| entry.entry.header.doc[0]).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(logs::get(tx, &log(1)).unwrap().unwrap().head, heads[1]);
        assert!(of_doc(tx, &[3; 16]).unwrap().is_empty());
        assert_eq!(append(tx, &log(1), header(9), vec![9]).unwrap().seq, 3);
    });
}

#[test]
fn the_next_proof_of_a_log_is_found() {
    with_opening(|tx| {
        let first = logs::begin(tx, &log(1)).unwrap().index;
        let second = logs::begin(tx, &log(2)).unwrap().index;
        proofs::put(tx, &Place { log: first, seq: 64 }, b"p64").unwrap();
        proofs::put(tx, &Place { log: second, seq: 3 }, b"other").unwrap();
        assert_eq!(proofs::next(tx, &Place { log: first, seq: 10 }).unwrap(), Some((64, b"p64".to_vec())));
        assert_eq!(proofs::next(tx, &Place { log: first, seq: 65 }).unwrap(), None);
    });
}
