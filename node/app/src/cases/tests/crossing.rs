//! B4: one village takes in for another's resident. Fails if the owner village does not get it, cannot act, or the village
//! that took the papers does not see what became of it.

use super::{clerk, take};
use crate::cases::{CaseId, Filter, TruthMark};
use crate::testing::{Invented, MONDAY, TestClock, TestTownship, answers, meet, township, write};
use crate::views::{Crossed, Hands};
use crate::{ActError, Node};
use identity::{Audience, Lane};
use model::case::event::{Confidence, Event, Finding, Noted, Stamp};
use model::case::facts;
use model::case::visit::Visit;
use model::record::Edit;
use std::sync::Arc;
use store::MemoryEngine;

struct Town {
    town: TestTownship,
    clock: Arc<TestClock>,
    centre: Node,
    /// Takes the papers.
    counter: Node,
    /// Where the resident lives.
    home: Node,
    /// Has nothing to do with it.
    third: Node,
}

impl Town {
    fn meet(&self) {
        for _ in 0..2 {
            for station in [&self.counter, &self.home, &self.third] {
                meet(station, &self.centre);
            }
        }
    }
}

fn town() -> Town {
    let town = township(3, 3);
    let clock = TestClock::at(MONDAY);
    let start =
        |place| town.start(place, Arc::new(MemoryEngine::new()), Arc::clone(&clock), place as u64 + 1);
    let (centre, counter, home, third) = (start(0), start(1), start(2), start(3));
    centre.load_sample(&[2301, 2302, 2303]).unwrap();
    let town = Town { town, clock, centre, counter, home, third };
    town.meet();
    town
}

/// An item with a home visit that the village's station does.
fn visited(node: &Node) -> String {
    let (reference, today) = (node.reference(), node.today());
    let mut current = reference.catalogue.items().filter_map(|item| item.on(today).cloned());
    let found = current.find(|version| {
        version.way != model::item::Way::OnBehalf
            && version
                .route
                .iter()
                .any(|step| step.act == model::item::Act::Visit && step.level == model::item::Level::Village)
    });
    found.expect("an item with a visit").code
}

fn take_for(node: &Node, code: &str, home: u16) -> Result<CaseId, ActError> {
    let who = clerk();
    let draft = node.start_draft(&who, code)?;
    let version = node.reference().catalogue.current(code, node.today()).unwrap().clone();
    let mut typed = answers(&version, &version.scenarios[0].id, &Invented::nth(4));
    typed.insert(facts::HOME.to_owned(), home.to_string());
    node.save_draft(&who, draft, typed)?;
    Ok(node.accept(&who, draft)?.id)
}

fn visit(node: &Node, id: CaseId) -> Result<crate::cases::Saved, ActError> {
    let visitors = ["许建国".to_owned(), "陈春梅".to_owned()];
    let command =
        Visit { visitors, finding: Finding::True, words: "家中见到本人".into(), on: node.today() };
    node.visit(&clerk(), id, command)
}

#[test]
fn b4_the_owner_village_acts_and_the_counter_sees_the_outcome() {
    let town = town();
    let id = take_for(&town.counter, &visited(&town.counter), 2302).unwrap();
    town.meet();
    let view = town.home.case(id).unwrap();
    assert_eq!((view.owner, view.case.station, view.case.home()), (2301, 2301, 2302));
    assert_eq!(view.truth, TruthMark::Here, "it came from the centre");
    assert_eq!(view.case.filing.cell(facts::NAME), Some(Invented::nth(4).name.as_str()), "and can be read");
    let came = town.home.cases(Filter::Crossed(Crossed::In, false), None, 10).unwrap().lines;
    assert_eq!(
        came.iter().map(|line| (line.id, line.station, line.hands)).collect::<Vec<_>>(),
        [(id, 2301, Hands::Station)]
    );
    let went = town.counter.cases(Filter::Crossed(Crossed::Out, false), None, 10).unwrap().lines;
    assert_eq!((went[0].id, went[0].hands, went[0].home), (id, Hands::Elsewhere, 2302));
    assert_eq!(town.home.counts().unwrap().received_today, 0, "another village took it in");
    assert_eq!(town.centre.crossed().unwrap()[2], (Crossed::Between, 1));
    assert!(matches!(town.third.case(id), Err(ActError::NotFound)), "nobody else gets it");

    visit(&town.home, id).unwrap();
    town.meet();
    assert_eq!(town.home.case(id).unwrap().truth, TruthMark::Received);
    for node in [&town.centre, &town.counter] {
        let view = node.case(id).unwrap();
        let visit = view.case.visit.expect("the visit is known everywhere");
        assert_eq!(visit.mark.stamp.station, 2302);
        assert_eq!(view.case.filing.cell(visit.what.words.as_ref().unwrap()), Some("家中见到本人"));
        assert!(view.anomalies.is_empty());
    }
    // all three go on writing, and all three agree
    town.counter.note(&clerk(), id, "来问过".into()).unwrap();
    town.home.note(&clerk(), id, "电话说过".into()).unwrap();
    town.centre.note(&clerk(), id, "收到".into()).unwrap();
    town.meet();
    let lines = |node: &Node| {
        let case = node.case(id).unwrap().case;
        case.timeline.iter().map(|entry| (entry.mark.op, entry.title())).collect::<Vec<_>>()
    };
    assert_eq!(lines(&town.counter), lines(&town.home));
    assert_eq!(lines(&town.counter), lines(&town.centre));
    for node in [&town.centre, &town.counter, &town.home] {
        let rows = store::rows::all(&*node.engine().read().unwrap()).unwrap();
        node.rebuild_rows().unwrap();
        assert_eq!(rows, store::rows::all(&*node.engine().read().unwrap()).unwrap());
        assert!(node.waiting_counts().unwrap().is_empty(), "nothing waits unapplied");
    }
}

#[test]
fn b4_a_case_is_passed_on_after_receiving_with_all_that_came_before() {
    let town = town();
    let id = take(&town.counter, &visited(&town.counter), 5);
    town.meet();
    town.centre.note(&clerk(), id, "镇里看过".into()).unwrap();
    town.meet();
    // a restart of the centre: what it wrote before is under another epoch
    let again = town.town.start(0, Arc::clone(town.centre.engine()), Arc::clone(&town.clock), 77);
    let town = Town { centre: again, ..town };
    town.counter.route(&clerk(), id, 2302, "户口在那边".into()).unwrap();
    town.meet();
    let case = town.home.case(id).unwrap().case;
    assert!(case.timeline.iter().any(|entry| entry.title() == "说明"), "the centre's own words came along");
    assert_eq!(case.home(), 2302);
    visit(&town.home, id).unwrap();
    town.meet();
    assert!(town.counter.case(id).unwrap().case.visit.is_some());
    // wrong village: it goes on to the third one, which gets all of it
    town.home.route(&clerk(), id, 2303, String::new()).unwrap();
    town.meet();
    let third = town.third.case(id).unwrap();
    assert!(third.case.visit.is_some() && third.anomalies.is_empty());
    assert_eq!(town.counter.case(id).unwrap().case.home(), 2303);
}

#[test]
fn b4_a_village_that_is_not_on_the_list_is_refused() {
    let town = town();
    let code = visited(&town.counter);
    let refused = take_for(&town.counter, &code, 2399).unwrap_err();
    assert!(matches!(&refused, ActError::Refused(refusal) if refusal.fields.of(facts::HOME).is_some()));
    let id = take(&town.counter, &code, 6);
    assert!(town.counter.route(&clerk(), id, 2399, String::new()).is_err());
    assert!(town.counter.route(&clerk(), id, 0, String::new()).is_err());
}

/// A planted fault: a village that takes no part writes into another's case. Fails if that is applied anywhere, or if what
/// was a stranger's stays out once the case is passed on to it.
#[test]
fn b4_who_takes_no_part_writes_nothing_and_who_comes_to_it_later_is_heard() {
    let town = town();
    let id = take(&town.counter, &visited(&town.counter), 7);
    town.meet();
    // the third village has stolen a copy of the document
    let tx = town.counter.engine().read().unwrap();
    let stored = store::documents::get(&*tx, &id.0).unwrap().unwrap();
    drop(tx);
    let planted = stored.clone();
    town.third.commit(move |job| Ok(store::documents::put(job.tx, &id.0, &planted)?)).unwrap();
    let stamp = Stamp {
        wall: MONDAY,
        confidence: Confidence::Unknown,
        station: 2303,
        by: "s1".into(),
        name: "某".into(),
        reissue: None,
    };
    let noted = Event { stamp, what: Noted { words: "9/w.1.note".into() }.into() };
    let edit = Edit { events: vec![noted.encode().unwrap()], ..Edit::default() };
    write(&town.third, id.doc(), edit, vec![Audience::Hub], Lane::CASES).unwrap();
    town.meet();
    let notes = |node: &Node| {
        node.case(id).unwrap().case.timeline.iter().filter(|entry| entry.title() == "说明").count()
    };
    assert_eq!((notes(&town.centre), notes(&town.counter)), (0, 0));
    assert_eq!(town.centre.waiting_counts().unwrap()[0].held, 1, "kept, counted, not applied");
    town.counter.route(&clerk(), id, 2303, String::new()).unwrap();
    town.meet();
    assert_eq!((notes(&town.centre), notes(&town.counter)), (1, 1));
    assert!(town.centre.waiting_counts().unwrap().is_empty());
}
