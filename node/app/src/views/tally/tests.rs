use super::*;
use crate::Node;
use crate::cases::Counts;
use crate::testing::{MONDAY, TestClock, clerk, meet, take, township, township_item};
use crate::views::Hands;
use model::case::facts;
use model::case::supplement::AskSupplement;
use std::sync::Arc;
use store::MemoryEngine;

/// Rows counted one by one.
fn counted(node: &Node, hands: Hands) -> u64 {
    rows::count(&*node.engine().read().unwrap(), BY_TURN, &[hands as u8]).unwrap()
}

fn agrees(node: &Node) -> Counts {
    let counts = node.counts().unwrap();
    let each = [
        (Hands::Station, counts.station),
        (Hands::Centre, counts.centre),
        (Hands::Outside, counts.outside),
        (Hands::Applicant, counts.applicant),
    ];
    for (hands, said) in each {
        assert_eq!(said, counted(node, hands), "{hands:?}");
    }
    counts
}

/// Fails if a tally is not changed with its rows: when a case comes, when its turn changes, when a draft is thrown
/// away, on the box that wrote it or on the one that merged it.
#[test]
fn the_numbers_of_a_page_are_those_of_the_rows() {
    let (town, clock) = (township(1, 3), TestClock::at(MONDAY));
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    centre.load_small_sample(&[2301]).unwrap();
    let disk = Arc::new(MemoryEngine::new());
    let station = town.start(1, Arc::clone(&disk) as _, Arc::clone(&clock), 2);
    meet(&station, &centre);
    let version = township_item(&station);
    let cases: Vec<_> = (0..5).map(|n| take(&station, &version, n).unwrap()).collect();
    let draft = station.start_draft(&clerk(), &version.code).unwrap();
    station.discard_draft(&clerk(), draft).unwrap();
    assert_eq!(agrees(&station).centre, 5);
    meet(&station, &centre);
    let gaps = vec![facts::material(&version.materials[0].id)];
    let ask = AskSupplement { gaps, words: "换本人的卡".into(), until: None };
    centre.ask_supplement(&clerk(), cases[0], ask).unwrap();
    meet(&station, &centre);
    for node in [&centre, &station] {
        let counts = agrees(node);
        assert_eq!((counts.received_today, counts.open, counts.centre, counts.applicant), (5, 5, 4, 1));
        assert_eq!((counts.due_soon, counts.overdue), (0, 0));
    }
    // A calendar year later all that have a due day and whose clock runs are overdue.
    clock.advance(365 * 86_400_000);
    assert!(agrees(&station).overdue >= 4);

    // A box whose rows are of an earlier version makes them anew when it starts.
    let before = rows::all(&*station.engine().read().unwrap()).unwrap();
    station
        .commit(|job| {
            for (key, _) in all_of(job.tx, TALLIES, &[], usize::MAX)? {
                rows::remove(job.tx, TALLIES, &key)?;
            }
            store::meta::put(job.tx, super::super::ROWS, &[1])?;
            Ok(())
        })
        .unwrap();
    assert_eq!(station.counts().unwrap().open, 0);
    let again = town.start(1, disk, clock, 99);
    assert_eq!(before, rows::all(&*again.engine().read().unwrap()).unwrap());
}
