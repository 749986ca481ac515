//! A tablet away from the box: what it brings back is there once, however often it says so.

use super::{Bring, PhotoLanded, TripId};
use crate::cases::NewPhoto;
use crate::testing::{
    Invented, MONDAY, TestClock, TestTownship, answers, clerk, jpeg, meet, township, township_item,
};
use crate::{ActError, Node};
use model::case::event::Kind;
use model::item::Version;
use std::sync::Arc;
use store::MemoryEngine;

struct Town {
    town: TestTownship,
    clock: Arc<TestClock>,
    disk: Arc<MemoryEngine>,
    station: Node,
}

fn town() -> Town {
    let town = township(1, 3);
    let clock = TestClock::at(MONDAY);
    let disk = Arc::new(MemoryEngine::new());
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let station = town.start(1, Arc::clone(&disk) as _, Arc::clone(&clock), 2);
    centre.load_small_sample(&[2301]).unwrap();
    meet(&station, &centre);
    Town { town, clock, disk, station }
}

fn record(version: &Version, trip: TripId, n: u8) -> Bring {
    let typed = answers(version, &version.scenarios[0].id, &Invented::nth(n.into()));
    let on = Some("2026-11-23".parse().unwrap());
    Bring { trip, record: [n; 16], item: version.item_ref(), on, typed }
}

fn photo(version: &Version) -> NewPhoto {
    let material = version.materials[0].id.clone();
    NewPhoto { material, file: jpeg(800, 600, "at home"), thumb: None, instead: None }
}

fn drafts(node: &Node) -> usize {
    node.drafts(50).unwrap().len()
}

/// Fails if a record that is sent twice, or after a restart of the box, or after its draft was received, makes a second draft.
#[test]
fn d7_what_is_brought_twice_is_one_draft() {
    let Town { town, clock, disk, station } = town();
    let version = township_item(&station);
    let trip = station.prepare_trip(&clerk(), std::slice::from_ref(&version.code)).unwrap().id;
    let first = station.bring(&clerk(), record(&version, trip, 1)).unwrap();
    assert!(!first.before);
    let again = station.bring(&clerk(), record(&version, trip, 1)).unwrap();
    assert_eq!((again.draft, again.before), (first.draft, true), "the answer was lost on the way");
    let restarted = town.start(1, Arc::clone(&disk) as _, clock, 3);
    assert!(restarted.bring(&clerk(), record(&version, trip, 1)).unwrap().before, "it is durable");
    assert_eq!((drafts(&restarted), restarted.brought(9).unwrap().1), (1, 1));

    let case = restarted.accept(&clerk(), first.draft).unwrap().id;
    assert!(restarted.bring(&clerk(), record(&version, trip, 1)).unwrap().before);
    assert_eq!((drafts(&restarted), restarted.brought(9).unwrap().1), (0, 0), "finished");
    let timeline = restarted.case(case).unwrap().case.timeline;
    assert!(
        timeline.iter().any(|entry| entry.what.kind() == Kind::BroughtBack),
        "the case says where it was taken"
    );

    let other = restarted.bring(&clerk(), record(&version, trip, 2)).unwrap();
    restarted.discard_draft(&clerk(), other.draft).unwrap();
    let back = restarted.bring(&clerk(), record(&version, trip, 2)).unwrap();
    assert!(back.before && drafts(&restarted) == 0, "what a clerk threw away does not come back");
}

/// Fails if other words under a number that came before are dropped in silence, or what is refused leaves anything behind.
#[test]
fn d7_other_words_under_one_number_are_refused_and_stay_on_the_tablet() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let trip = station.prepare_trip(&clerk(), std::slice::from_ref(&version.code)).unwrap().id;
    station.bring(&clerk(), record(&version, trip, 1)).unwrap();
    let mut other = record(&version, trip, 1);
    other.typed.insert("0/address".to_owned(), "改过的住址".to_owned());
    let Err(ActError::Refused(refusal)) = station.bring(&clerk(), other) else {
        panic!("taken for the same")
    };
    assert!(refusal.fields.of("record").is_some());
    let mut long = record(&version, trip, 2);
    long.typed.insert("0/address".to_owned(), "长".repeat(2000));
    assert!(matches!(station.bring(&clerk(), long), Err(ActError::Refused(_))));
    assert!(!station.bring(&clerk(), record(&version, trip, 2)).unwrap().before, "nothing of it was kept");
}

/// Fails if a photo is added twice, goes astray once its draft became a case, or keeps a tablet from ending.
#[test]
fn d7_a_photo_from_a_trip_lands_once_and_follows_its_record() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let trip = station.prepare_trip(&clerk(), std::slice::from_ref(&version.code)).unwrap().id;
    let early = station.bring_photo(&clerk(), [1; 16], [9; 16], photo(&version));
    assert!(matches!(early, Err(ActError::NotFound)), "its record comes first");
    let draft = station.bring(&clerk(), record(&version, trip, 1)).unwrap().draft;
    let send = |number: u8| station.bring_photo(&clerk(), [1; 16], [number; 16], photo(&version)).unwrap();
    assert_eq!((send(9), send(9)), (PhotoLanded::Taken, PhotoLanded::Before));
    assert_eq!(station.case(draft).unwrap().case.photos.len(), 1);
    let case = station.accept(&clerk(), draft).unwrap().id;
    assert_eq!((send(9), send(10)), (PhotoLanded::Before, PhotoLanded::Taken));
    assert_eq!(station.case(case).unwrap().case.photos.len(), 2);
    let gone = station.bring(&clerk(), record(&version, trip, 2)).unwrap().draft;
    station.discard_draft(&clerk(), gone).unwrap();
    let sent = station.bring_photo(&clerk(), [2; 16], [11; 16], photo(&version)).unwrap();
    assert_eq!(sent, PhotoLanded::Gone);
}

/// Fails if a forgotten 口令 loses a trip, an ended or lost one still opens, or the 口令 or key lies in clear on the disk.
#[test]
fn d7_the_box_opens_its_own_tablet_until_the_trip_ends() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let made = station.prepare_trip(&clerk(), std::slice::from_ref(&version.code)).unwrap();
    assert_eq!(made.words.len(), 14, "twelve letters in three groups");
    assert_ne!(
        made.words,
        station.prepare_trip(&clerk(), std::slice::from_ref(&version.code)).unwrap().words
    );
    assert_eq!(station.trip_key(&clerk(), made.id).unwrap(), made.key);
    let key = data_encoding::HEXLOWER.decode(made.key.as_bytes()).unwrap();
    let bare = made.words.replace('-', "");
    let mut looked = 0;
    for table in store::engine::Table::ALL {
        let tx = station.engine().read().unwrap();
        for (name, value) in
            store::engine::collect(&*tx, table, &store::engine::Span::all(), usize::MAX).unwrap()
        {
            looked += 1;
            for secret in [&key[..], made.key.as_bytes(), made.words.as_bytes(), bare.as_bytes()] {
                assert!(
                    ![&name[..], &value].iter().any(|bytes| bytes.windows(secret.len()).any(|w| w == secret))
                );
            }
        }
    }
    assert!(looked > 20, "the disk was looked through");
    station.bring(&clerk(), record(&version, made.id, 1)).unwrap();
    assert_eq!(station.trips().unwrap().iter().find(|trip| trip.id == made.id).unwrap().brought, 1);
    station.end_trip(&clerk(), made.id, true).unwrap();
    assert!(matches!(station.trip_key(&clerk(), made.id), Err(ActError::NotFound)));
    assert_eq!(station.trips().unwrap().len(), 1);
    station.end_trip(&clerk(), made.id, false).unwrap();
    assert!(
        !station.bring(&clerk(), record(&version, made.id, 2)).unwrap().before,
        "what a found tablet holds is still taken"
    );
}

/// Fails if the rows of brought drafts cannot be made anew.
#[test]
fn d7_the_list_of_brought_drafts_is_derived() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let trip = station.prepare_trip(&clerk(), std::slice::from_ref(&version.code)).unwrap().id;
    station.start_draft(&clerk(), &version.code).unwrap();
    station.bring(&clerk(), record(&version, trip, 1)).unwrap();
    let before: Vec<_> = station.brought(9).unwrap().0.into_iter().map(|line| line.id).collect();
    station.rebuild_rows().unwrap();
    let after: Vec<_> = station.brought(9).unwrap().0.into_iter().map(|line| line.id).collect();
    assert_eq!((before.len(), &before), (1, &after));
    let lines = station.drafts(9).unwrap();
    assert_eq!(lines.iter().filter(|line| line.away).count(), 1);
    assert!(lines.iter().all(|line| line.touched == Some(MONDAY)), "each says when it was touched");
}

/// Fails if an item that was ticked twice is taken along twice: the tablet would offer it twice.
#[test]
fn d7_an_item_ticked_twice_is_taken_along_once() {
    let Town { station, .. } = town();
    let code = township_item(&station).code;
    let prepared = station.prepare_trip(&clerk(), &[code.clone(), code]).unwrap();
    assert_eq!((prepared.items.len(), station.trips().unwrap()[0].items), (1, 1));
}
