//! 演练: fails if a case that was practised on could be taken for a real one, use up a real number, or leave its box.

use crate::cases::{CaseId, TruthMark};
use crate::testing::{Invented, MONDAY, TestClock, answers, meet, township};
use crate::{Node, Who};
use model::number::CaseNumber;
use seal::BagKey;
use std::sync::Arc;
use store::MemoryEngine;

fn clerk() -> Who {
    Who { staff: "s1".into(), name: "陈春梅".into(), post: "综合窗口".into(), session: String::new() }
}

fn take(node: &Node, person: u64) -> CaseId {
    let version = node.reference().catalogue.items().find_map(|item| item.on(node.today()).cloned()).unwrap();
    let draft = node.start_draft(&clerk(), &version.code).unwrap();
    let typed = answers(&version, &version.scenarios[0].id, &Invented::nth(person));
    node.save_draft(&clerk(), draft, typed).unwrap();
    node.accept(&clerk(), draft).unwrap_or_else(|error| panic!("{error:?}")).id
}

fn number(node: &Node, id: CaseId) -> CaseNumber {
    CaseNumber::parse(node.case(id).unwrap().case.number().unwrap()).unwrap()
}

fn practise(real: &Node, engine: &Arc<MemoryEngine>) -> Node {
    real.drill(Arc::clone(engine) as _, BagKey::from_bytes([7; 32])).unwrap()
}

#[test]
fn a_drill_has_its_own_numbers_and_reaches_nobody() {
    let town = township(1, 5);
    let clock = TestClock::at(MONDAY);
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let station = town.start(1, Arc::new(MemoryEngine::new()), clock, 2);
    centre.load_small_sample(&[2301]).unwrap();
    meet(&station, &centre);
    let first = number(&station, take(&station, 1)).counter();

    let engine = Arc::new(MemoryEngine::new());
    let drill = practise(&station, &engine);
    assert_eq!((drill.station(), drill.name()), (station.station(), station.name()));
    let practised = [take(&drill, 2), take(&drill, 3)];
    for id in practised {
        assert!(number(&drill, id).is_drill());
        assert_eq!(drill.case(id).unwrap().truth, TruthMark::Drill);
        assert!(station.case(id).is_err(), "it stands in no other database");
    }
    assert_eq!(drill.practised().unwrap(), 2);
    // nothing waits for a receipt there, and no link can be handed in
    assert_eq!(drill.truth_counts().unwrap().1, None);
    drill.attach_links(Arc::new(crate::ports::NoLinks));
    assert!(drill.links().is_none());
    // no real box knows its key, and its list is of another root
    assert!(centre.membership().member(&drill.device()).is_none());
    assert_ne!(drill.membership().root(), centre.membership().root());

    // the real numbers went on without a gap
    let second = number(&station, take(&station, 4));
    assert!(!second.is_drill());
    assert_eq!(second.counter(), first + 1);

    // practised cases are there again after a restart
    drop(drill);
    let again = practise(&station, &engine);
    assert_eq!(again.practised().unwrap(), 2);
    assert!(number(&again, take(&again, 5)).is_drill());
}

#[test]
fn a_drill_follows_the_catalogue_and_never_the_other_way() {
    let town = township(1, 6);
    let centre = town.start(0, Arc::new(MemoryEngine::new()), TestClock::at(MONDAY), 1);
    let engine = Arc::new(MemoryEngine::new());
    let drill = practise(&centre, &engine);
    assert!(drill.is_centre());
    assert_eq!(drill.reference().catalogue.items().count(), 0);
    centre.load_small_sample(&[2301]).unwrap();
    drill.follow(&centre).unwrap();
    let items = |node: &Node| node.reference().catalogue.items().count();
    assert_eq!(items(&drill), items(&centre));
    assert_eq!(drill.reference().authorities, centre.reference().authorities);
    let before = drill.commits();
    drill.follow(&centre).unwrap();
    assert_eq!(drill.commits(), before, "what is the same is not written again");
}
