//! Random lives of two stations and their centre.

use super::pipe::{Link, meet};
use super::testbox::{TestBox, Town};
use crate::*;
use identity::*;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

fn live(seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let town = Town::new(2);
    let mut boxes = ["station1", "centre", "station2"].map(|name| town.make(name));
    let mut backups: [TestBox; 3] = boxes.clone();
    for step in 0..rng.random_range(5..50u64) {
        let who = rng.random_range(0..3usize);
        match rng.random_range(0..12u32) {
            0..=4 => write(&mut boxes[who], who, &mut rng),
            5 => boxes[who].restart(),
            6 => backups[who] = boxes[who].clone(),
            7 if rng.random_range(0..3u32) == 0 => {
                // Back from the backup, as another epoch.
                boxes[who] = backups[who].clone();
                boxes[who].salt = step + 1;
                boxes[who].restart();
            }
            _ => talk(&mut boxes, who, &mut rng),
        }
    }
    converge(&mut boxes, seed);
}

/// The two boxes other than `spare`.
fn two(boxes: &mut [TestBox; 3], spare: usize) -> (&mut TestBox, &mut TestBox) {
    let [one, centre, other] = boxes;
    match spare {
        0 => (other, centre),
        1 => (one, other),
        _ => (one, centre),
    }
}

fn talk(boxes: &mut [TestBox; 3], spare: usize, rng: &mut ChaCha8Rng) {
    let (a, b) = two(boxes, spare);
    let mut link = Link::new(a, b);
    link.chunk = rng.random_range(1..2_000);
    link.fuse = rng.random_range(1..6_000);
    link.connect(a, b);
    let mut up = link.deliver(a, b);
    while up && rng.random_range(0..3u32) > 0 {
        write(a, 0, rng);
        link.changed_a(a);
        up = link.deliver(a, b);
    }
    if up {
        link.hang_up(a, b);
    }
}

fn write(whose: &mut TestBox, who: usize, rng: &mut ChaCha8Rng) {
    let audience = match (who, rng.random_range(0..3u32)) {
        (_, 0) => Audience::All,
        (1, _) => Audience::Member(StationNo(rng.random_range(1..3u16))),
        _ => Audience::Hub,
    };
    let lane = Lane(rng.random_range(0..5u8));
    for _ in 0..rng.random_range(1..20u32) {
        let mut body = vec![0; rng.random_range(1..200usize)];
        rng.fill(&mut body[..]);
        whose.write(audience, lane, &body);
    }
}

/// Fails if two boxes do not come to hold the same, do not know it, or talk again although nothing has changed.
fn converge(boxes: &mut [TestBox; 3], seed: u64) {
    for round in 0..12 {
        let (a, b) = two(boxes, round % 3);
        meet(a, b);
    }
    for spare in 0..3 {
        let (a, b) = two(boxes, spare);
        assert_eq!(a.view(b), b.view(a), "seed {seed}: they differ");
        for (log, entries) in &a.journal {
            if Scope::pair(a.party(), b.party()).contains(log) {
                assert_eq!(b.journal.get(log), Some(entries), "seed {seed}: {log:?}");
            }
        }
        let link = Link::new(a, b).run(a, b);
        let quiet = vec!["hello"];
        assert_eq!((link.a.names(), link.b.names()), (quiet.clone(), quiet), "seed {seed}: still talking");
    }
}

/// Restores, restarts and links that break at any byte, over 100 lives; a failure names its seed.
#[test]
fn whatever_happens_all_boxes_come_to_hold_the_same() {
    (0..100).for_each(live);
}
