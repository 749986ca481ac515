//! D9: the same person and the same item, on one box before saving and at the centre after a merge.

use super::{clerk, pair, take, township_item};
use crate::cases::{CaseId, Settle, Twin};
use crate::testing::{self, Invented, MONDAY, TestClock, answers, meet, township};
use crate::{ActError, Node};
use model::case::event::{Asker, Twice, TwinAnswered, TwinSettled, TwinVerdict};
use model::case::twin::Ending;
use model::case::{Stage, facts};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::MemoryEngine;
use store::rows::{self, View};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// 农村土地经营权流转: a unit applies first.
const LEASE: &str = "S097";
/// 最低生活保障: a household applies.
const RELIEF: &str = "S054";

fn drafted(node: &Node, code: &str, person: u64) -> CaseId {
    let version = node.reference().catalogue.current(code, node.today()).unwrap().clone();
    let draft = node.start_draft(&clerk(), code).unwrap();
    let typed = answers(&version, &version.scenarios[0].id, &Invented::nth(person));
    node.save_draft(&clerk(), draft, typed).unwrap();
    draft
}

fn ids(twins: &[Twin]) -> Vec<CaseId> {
    twins.iter().map(|twin| twin.line.id).collect()
}

fn says(node: &Node, draft: CaseId, name: &str, text: &str) {
    let typed = BTreeMap::from([(name.to_owned(), text.to_owned())]);
    node.save_draft(&clerk(), draft, typed).unwrap();
}

fn rows_of(node: &Node) -> Vec<(Vec<u8>, Vec<u8>)> {
    rows::all(&*node.engine().read().unwrap()).unwrap()
}

/// Fails if a second draft or an open case of the same person and item is not told before saving, if another person's,
/// another item's or a half-typed one is; if the clerk cannot go on with a word, or the word is not in the case.
#[test]
fn d9_the_same_box_tells_before_saving() {
    let pair = pair();
    let (station, item) = (&pair.station, township_item(&pair.station));
    let first = drafted(station, &item, 5);
    assert!(station.twins_of_draft(first).unwrap().is_empty());
    let second = drafted(station, &item, 5);
    let told = station.twins_of_draft(second).unwrap();
    assert_eq!((ids(&told), told[0].draft, told[0].clerk.as_str()), (vec![first], true, "陈春梅"));
    station.ask_about_twins(second).expect("a draft is told, nothing is asked");
    for other in [drafted(station, &item, 6), drafted(station, RELIEF, 5)] {
        assert!(station.twins_of_draft(other).unwrap().is_empty(), "another person, another item");
    }
    says(station, second, facts::ID_NUMBER, "3418231936");
    assert!(station.twins_of_draft(second).unwrap().is_empty(), "half a number is nobody's");
    says(station, second, facts::ID_NUMBER, &Invented::nth(5).id_number);

    let case = station.accept(&clerk(), first).unwrap().id;
    let told = station.twins_of_draft(second).unwrap();
    assert_eq!((ids(&told), told[0].draft, told[0].on), (vec![case], false, Some(station.today())));
    assert!(!told[0].line.number.is_empty() && told[0].line.station == 2301);
    let field = facts::twin(&case.hex());
    let ActError::Refused(asked) = station.ask_about_twins(second).unwrap_err() else { panic!() };
    assert_eq!(asked.fields.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), [field.as_str()]);
    says(station, second, &field, "again");
    station.ask_about_twins(second).expect("a word is enough");
    let again = station.accept(&clerk(), second).unwrap().id;
    let view = station.case(again).unwrap();
    let (_, said) = view.case.last::<TwinAnswered>().unwrap();
    assert_eq!((&said.others, said.answer), (&vec![case.0], Twice::Again));
    assert!(view.case.filing.fact(&field).is_none(), "the event says it, no fact beside it");
    assert_eq!(station.twin_count().unwrap(), 0, "what the clerk said counts");
    meet(station, &pair.centre);
    assert_eq!(pair.centre.twin_count().unwrap(), 0, "at the centre as well");
}

/// Fails if what a unit asked for long ago hides what it has open, because only so many of one person and item are looked at.
#[test]
fn d9_many_that_are_over_hide_none_that_is_open() {
    let pair = pair();
    let (station, item) = (&pair.station, township_item(&pair.station));
    let version = station.reference().catalogue.current(&item, station.today()).unwrap().clone();
    let mut open = Vec::new();
    for round in 0..45 {
        let case = testing::take(station, &version, 5).unwrap();
        if round % 15 == 7 {
            open.push(case);
        } else {
            station.withdraw(&clerk(), case, Asker::Applicant, "申请人不办了".into()).unwrap();
        }
    }
    open.sort();
    let mut told = ids(&station.twins_of_draft(drafted(station, &item, 5)).unwrap());
    told.sort();
    assert_eq!(told, open);
}

/// Fails if what was finished more than 30 days ago is told, or a draft that was thrown away leaves its mark.
#[test]
fn d9_what_is_long_over_or_thrown_away_is_not_told() {
    let pair = pair();
    let (station, item) = (&pair.station, township_item(&pair.station));
    let case = take(station, &item, 5);
    meet(station, &pair.centre);
    pair.centre.approve(&clerk(), case, model::case::approve::Approve::default()).unwrap();
    meet(station, &pair.centre);
    let draft = drafted(station, &item, 5);
    pair.clock.advance(30 * DAY_MS);
    assert_eq!(ids(&station.twins_of_draft(draft).unwrap()), [case], "finished 30 days ago");
    pair.clock.advance(DAY_MS);
    assert!(station.twins_of_draft(draft).unwrap().is_empty(), "31 days ago");
    let marks = |node: &Node| rows_of(node).iter().filter(|(key, _)| key.first() == Some(&12)).count();
    let before = marks(station);
    station.discard_draft(&clerk(), draft).unwrap();
    assert_eq!(marks(station), before - 2, "the draft and the way back to it");
}

/// Fails if a unit or a household is not found again by its code or its head.
#[test]
fn d9_units_and_households_are_found_again() {
    let pair = pair();
    for item in [LEASE, RELIEF] {
        let case = {
            let draft = drafted(&pair.station, item, 8);
            pair.station.receive(&clerk(), draft).unwrap().id
        };
        let again = drafted(&pair.station, item, 8);
        assert_eq!(ids(&pair.station.twins_of_draft(again).unwrap()), [case], "{item}");
    }
}

struct Town {
    centre: Node,
    villages: [Node; 2],
}

fn town() -> Town {
    let town = township(2, 3);
    let clock = TestClock::at(MONDAY);
    let start =
        |place: usize| town.start(place, Arc::new(MemoryEngine::new()), Arc::clone(&clock), place as u64 + 1);
    let (centre, villages) = (start(0), [start(1), start(2)]);
    centre.load_small_sample(&[2301, 2302]).unwrap();
    for village in &villages {
        meet(village, &centre);
    }
    Town { centre, villages }
}

fn merged(town: &Town, order: [usize; 2]) {
    for place in order {
        meet(&town.villages[place], &town.centre);
    }
}

/// Fails if two villages' cases of one person and item are not found at the centre in whatever order they come, if
/// another person's are, if a rebuild says otherwise, or if a pair that was settled is asked about again.
#[test]
fn d9_the_centre_finds_what_two_villages_took_in_either_order() {
    for order in [[0, 1], [1, 0]] {
        let town = town();
        let item = township_item(&town.centre);
        let [a, b] = [0, 1].map(|place| take(&town.villages[place], &item, 5));
        take(&town.villages[1], &item, 6);
        merged(&town, order);
        assert_eq!(town.centre.twin_count().unwrap(), 1, "{order:?}");
        let (pairs, next) = town.centre.twin_pairs(None, 10).unwrap();
        let mut found = ids(&pairs[0]);
        found.sort();
        let mut wanted = vec![a, b];
        wanted.sort();
        assert_eq!((pairs.len(), found, next), (1, wanted, None));
        for (own, other) in [(a, b), (b, a)] {
            let view = town.centre.case(own).unwrap();
            assert_eq!(ids(&town.centre.twins_of(&view).unwrap()), [other], "both cases say so");
        }
        assert!(town.villages.iter().all(|village| village.twin_count().unwrap() == 0), "each sees its own");

        let before = rows_of(&town.centre);
        town.centre.rebuild_rows().unwrap();
        assert!(before == rows_of(&town.centre), "made anew, they say the same");

        let none = town.centre.settle_twins(&clerk(), (a, b), Settle::Apart, " ").unwrap_err();
        assert!(matches!(&none, ActError::Refused(refusal) if refusal.message.contains("理由")));
        assert_eq!(town.centre.twin_count().unwrap(), 1, "nothing was written");
        town.centre.settle_twins(&clerk(), (a, b), Settle::Apart, "问过，两件事").unwrap();
        assert_eq!(town.centre.twin_count().unwrap(), 0);
        let again = town.centre.settle_twins(&clerk(), (b, a), Settle::Apart, "再来").unwrap_err();
        assert!(matches!(&again, ActError::Refused(refusal) if refusal.message.contains("已经核对过")));
        merged(&town, order);
        for (village, own, other) in [(0, a, b), (1, b, a)] {
            let view = town.villages[village].case(own).unwrap();
            let (_, settled) = view.case.last::<TwinSettled>().unwrap();
            assert_eq!((settled.other, settled.verdict), (other.0, TwinVerdict::Apart));
        }
        town.villages[0].note(&clerk(), a, "再看".into()).unwrap();
        merged(&town, order);
        town.centre.rebuild_rows().unwrap();
        assert_eq!(town.centre.twin_count().unwrap(), 0, "never asked again");
    }
}

/// Fails if of two that are one the one that goes does not end by its event on both boxes, or half of it is written where
/// it cannot end so.
#[test]
fn d9_of_two_that_are_one_the_centre_withdraws_one() {
    let town = town();
    let item = township_item(&town.centre);
    let [a, b] = [0, 1].map(|place| take(&town.villages[place], &item, 5));
    merged(&town, [0, 1]);
    let over = Settle::Same { keep: a, ending: Ending::Over };
    let refused = town.centre.settle_twins(&clerk(), (a, b), over, "同一件").unwrap_err();
    assert!(matches!(&refused, ActError::Refused(refusal) if refusal.message.contains("还没办结")));
    assert!(town.centre.case(a).unwrap().case.last::<TwinSettled>().is_none(), "all or nothing");
    let same = Settle::Same { keep: a, ending: Ending::Withdrawn };
    town.centre.settle_twins(&clerk(), (a, b), same, "两个站各收了一次，本人只办一件").unwrap();
    merged(&town, [0, 1]);
    assert_eq!(town.villages[1].case(b).unwrap().case.stage(), Stage::Withdrawn);
    assert_ne!(town.villages[0].case(a).unwrap().case.stage(), Stage::Withdrawn);
    assert_eq!(town.centre.twin_count().unwrap(), 0);
}

/// Fails if one of two is withdrawn by its own station and the pair stays in the list all the same.
#[test]
fn d9_a_pair_of_which_one_is_withdrawn_is_none() {
    let town = town();
    let item = township_item(&town.centre);
    let [_, b] = [0, 1].map(|place| take(&town.villages[place], &item, 5));
    merged(&town, [0, 1]);
    assert_eq!(town.centre.twin_count().unwrap(), 1);
    town.villages[1].withdraw(&clerk(), b, model::case::event::Asker::Applicant, String::new()).unwrap();
    merged(&town, [1, 0]);
    assert_eq!(town.centre.twin_count().unwrap(), 0);
}

/// Fails if two boxes' marks of one person are alike, or the number stands in a row: then a stolen card would tell who
/// was at which counter.
#[test]
fn d9_the_marks_of_two_boxes_tell_nothing_of_each_other() {
    let town = town();
    let item = township_item(&town.centre);
    for village in &town.villages {
        take(village, &item, 5);
    }
    merged(&town, [0, 1]);
    let number = Invented::nth(5).id_number;
    let marks = |node: &Node| -> Vec<Vec<u8>> {
        let tx = node.engine().read().unwrap();
        let page = rows::Page {
            prefix: &[0],
            after: None,
            direction: store::engine::Direction::Ascending,
            count: usize::MAX,
        };
        let found = rows::page(&*tx, View(12), &page).unwrap();
        found.into_iter().map(|(key, _)| key[1..17].to_vec()).collect()
    };
    let [a, b] = [0, 1].map(|place| marks(&town.villages[place]));
    let centre = marks(&town.centre);
    assert!(!a.is_empty() && !b.is_empty() && centre.len() >= 2);
    assert!(a.iter().all(|mark| !b.contains(mark) && !centre.contains(mark)));
    for node in [&town.centre, &town.villages[0]] {
        let holds = |bytes: &[u8]| bytes.windows(number.len()).any(|part| part == number.as_bytes());
        assert!(!rows_of(node).iter().any(|(key, row)| holds(key) || holds(row)));
    }
}
