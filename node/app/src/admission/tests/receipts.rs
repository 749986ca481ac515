use super::{Town, act_in, doc, junk, town};
use identity::{Audience, Lane, LogId};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use store::journal::State;
use sync::truth::Confirmed;
use sync::{Receipt, limit};

/// The station's newest receipt.
fn receipt(town: &Town, at: usize) -> Receipt {
    let node = &town.nodes[at];
    let tx = node.engine().read().unwrap();
    node.confirmed(&*tx).unwrap().unwrap().receipt().clone()
}

/// The first entry that the station takes for received although the centre has not applied it.
fn wrongly_received(town: &Town, at: usize, receipt: &Receipt) -> Option<(LogId, u64)> {
    let node = &town.nodes[at];
    let confirmed = Confirmed::new(receipt.clone(), &node.device(), &node.holdings());
    let holdings = node.holdings();
    let own = holdings.heads().filter(|head| head.log.device == node.device());
    let entries = own.flat_map(|head| (1..=head.seq).map(|seq| (head.log, seq)));
    entries
        .filter(|(log, seq)| confirmed.covers(log, *seq))
        .filter(|(log, seq)| !receipt.held.iter().any(|held| held.log == *log && held.seq == *seq))
        .find(|(log, seq)| town.state(0, log, *seq) != Some(State::Applied))
}

/// How many entries the receipt lets the station take for received.
fn received(town: &Town, at: usize, receipt: &Receipt) -> u64 {
    let node = &town.nodes[at];
    let confirmed = Confirmed::new(receipt.clone(), &node.device(), &node.holdings());
    let covered = |log: &LogId, top| (1..=top).filter(|seq| confirmed.covers(log, *seq)).count() as u64;
    node.holdings().heads().map(|head| covered(&head.log, head.seq)).sum::<u64>() - receipt.held.len() as u64
}

/// A life in which good acts and junk alternate in several logs and epochs.
fn live(seed: u64, junk_max: u64) -> Town {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut town = town(1, seed);
    let mut made = 0;
    for epoch in 1..=rng.random_range(2..5u8) {
        for _ in 0..rng.random_range(1..8) {
            made += 1;
            let lane = if rng.random_bool(0.5) { Lane::CASES } else { Lane::OTHER };
            act_in(&town.nodes[1], doc(made), 1, Audience::Hub, lane).unwrap();
        }
        let lane = if rng.random_bool(0.5) { Lane::CASES } else { Lane::OTHER };
        let count = rng.random_range(0..junk_max);
        let bodies: Vec<_> = (0..count).map(|n| junk(u64::from(epoch) * 10_000 + n, 20)).collect();
        town.slip_in(1, epoch, lane, &bodies);
        if rng.random_bool(0.3) {
            town.meet_centre(1);
        }
    }
    act_in(&town.nodes[1], doc(made + 1), 1, Audience::Hub, Lane::CASES).unwrap();
    town.meet_centre(1);
    town
}

/// Fails if a receipt covers an entry that the centre holds unapplied and had no room to name; and if, with room for all
/// of them, it covers less than everything.
#[test]
fn no_receipt_covers_what_is_not_applied_and_not_named() {
    let (mut crowded, mut roomy) = (0, 0);
    for seed in 1..=6 {
        let town = live(seed, 600);
        let receipt = receipt(&town, 1);
        assert_eq!(wrongly_received(&town, 1, &receipt), None, "seed {seed}");
        let waiting: u64 = town.nodes[0].waiting_counts().unwrap().iter().map(|count| count.held).sum();
        let all: u64 = town.nodes[1].holdings().heads().map(|head| head.seq).sum();
        if waiting > limit::RECEIPT_HELD as u64 {
            crowded += 1;
            assert_eq!(receipt.held.len(), limit::RECEIPT_HELD, "as many as there is room for");
        } else {
            roomy += 1;
            assert_eq!(received(&town, 1, &receipt), all - waiting, "everything applied is said to be");
        }
    }
    assert!(crowded > 0 && roomy > 0, "both kinds were seen: {crowded} {roomy}");
}

/// The planted fault: a receipt as it would be if it named what it has room for and covered everything all the same.
#[test]
fn a_receipt_that_covers_what_it_does_not_name_is_caught() {
    let mut town = town(1, 9);
    let bodies: Vec<_> = (0..limit::RECEIPT_HELD as u64 + 2).map(|n| junk(n, 20)).collect();
    town.slip_in(1, 1, Lane::CASES, &bodies);
    town.meet_centre(1);
    let mut receipt = receipt(&town, 1);
    assert_eq!(wrongly_received(&town, 1, &receipt), None);
    let everything = town.nodes[1].holdings();
    let scope = sync::Scope::WrittenBy(town.nodes[1].device());
    receipt.durable = everything.view(&scope, &town.nodes[1].membership()).frontier;
    assert!(wrongly_received(&town, 1, &receipt).is_some());
}

/// Fails if one log full of junk hides that a good act in another log has arrived.
#[test]
fn a_log_full_of_junk_hides_no_other_log() {
    let mut town = town(1, 4);
    let bodies: Vec<_> = (0..2 * limit::RECEIPT_HELD as u64).map(|n| junk(n, 20)).collect();
    town.slip_in(1, 1, Lane::CASES, &bodies);
    town.slip_in(1, 2, Lane::OTHER, &[junk(5_000, 20)]);
    act_in(&town.nodes[1], doc(1), 1, Audience::Hub, Lane::CASES).unwrap();
    town.meet_centre(1);
    let receipt = receipt(&town, 1);
    assert!(receipt.held.iter().any(|held| held.log.lane == Lane::OTHER), "the other log's fault is named");
    let truth = crate::testing::whereabouts(&town.nodes[1], &doc(1).id.0).unwrap();
    assert_eq!(truth, sync::truth::Truth::Received);
}
