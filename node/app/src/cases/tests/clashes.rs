//! What two boxes did apart and cannot both stand: listed on both, settled by a person, settled everywhere.

use super::{Filter, Node, Pair, Stage, clerk, pair, take, township_item};
use crate::cases::{CaseId, TruthMark};
use crate::testing::meet;
use model::case::approve::Approve;
use model::case::event::{Asker, Settlement};
use model::case::facts;
use model::case::pick_conflict::{Choice, Pick};
use model::case::supplement::AskSupplement;
use model::record::{Candidate, Value};
use std::collections::BTreeMap;

fn listed(node: &Node) -> Vec<CaseId> {
    let lines = node.cases(Filter::Troubles, None, 9).unwrap().lines;
    assert_eq!(node.troubles().unwrap(), lines.len() as u64, "the number is that of the list");
    lines.iter().map(|line| line.id).collect()
}

/// Fails if a value written apart is not listed on both boxes, or is listed after a person has ruled.
#[test]
fn values_written_apart_are_listed_until_a_person_rules() {
    let Pair { centre, station, .. } = pair();
    let id = take(&station, &township_item(&station), 5);
    meet(&station, &centre);
    let ask = AskSupplement { gaps: vec![facts::PHONE.into()], words: "电话打不通".into(), until: None };
    centre.ask_supplement(&clerk(), id, ask).unwrap();
    meet(&station, &centre);
    for (node, phone) in [(&station, "13956322471"), (&centre, "13956322472")] {
        assert!(listed(node).is_empty());
        let typed = BTreeMap::from([(facts::PHONE.to_owned(), phone.to_owned())]);
        node.supplement_received(&clerk(), id, typed).unwrap();
    }
    meet(&station, &centre);
    let view = centre.case(id).unwrap();
    let conflict = view.case.conflicts.first().expect("two phones");
    for (node, candidate) in [&station, &centre].iter().zip(&conflict.candidates) {
        assert_eq!(listed(node), [id]);
        let writer = view.case.writer_of(candidate.op).unwrap();
        assert!(writer.stamp.station == 0 || writer.stamp.station == 2301);
    }
    let seen: Vec<_> = conflict.candidates.iter().map(|candidate| candidate.op).collect();
    let (name, reason) = (conflict.name.clone(), "打电话问过".to_owned());
    let pick = Pick { name, choice: Choice::One(seen[0]), seen, reason };
    centre.pick_conflict(&clerk(), id, pick).unwrap();
    assert!(listed(&centre).is_empty());
    assert_eq!(listed(&station), [id], "not before the ruling arrives");
    meet(&station, &centre);
    assert!(listed(&station).is_empty());
    let phone = |node: &Node| node.case(id).unwrap().case.filing.cell(facts::PHONE).map(str::to_owned);
    assert_eq!(phone(&station), phone(&centre));
}

/// D10. Fails if the person who rules is not told what stood before both, or where each of the two values is: this box's own
/// by the centre's receipt alone, the other's at the centre it came from.
#[test]
fn the_value_before_both_and_where_each_is_are_told() {
    let Pair { centre, station, .. } = pair();
    let id = take(&station, &township_item(&station), 7);
    let took = station.case(id).unwrap().case.filing.cell(facts::PHONE).map(str::to_owned).unwrap();
    meet(&station, &centre);
    let ask = AskSupplement { gaps: vec![facts::PHONE.into()], words: "电话打不通".into(), until: None };
    centre.ask_supplement(&clerk(), id, ask).unwrap();
    meet(&station, &centre);
    for (node, phone) in [(&station, "13956322471"), (&centre, "13956322472")] {
        let typed = BTreeMap::from([(facts::PHONE.to_owned(), phone.to_owned())]);
        node.supplement_received(&clerk(), id, typed).unwrap();
    }
    assert!(station.apart(&station.case(id).unwrap()).unwrap().before.is_empty(), "nothing is apart yet");
    meet(&station, &centre);
    let marks = |node: &Node| {
        let view = node.case(id).unwrap();
        let apart = node.apart(&view).unwrap();
        let stood = apart.before.get(facts::PHONE).unwrap();
        assert_eq!(stood.iter().map(|one| &one.value).collect::<Vec<_>>(), [&Value::Text(took.clone())]);
        let [conflict] = view.case.conflicts.as_slice() else { panic!("one phone") };
        let of = |candidate: &Candidate| {
            let writer = view.case.writer_of(candidate.op).unwrap();
            (writer.stamp.station, apart.marks[&candidate.op])
        };
        conflict.candidates.iter().map(of).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(marks(&station), [(0, TruthMark::Here), (2301, TruthMark::Received)].into());
    assert_eq!(marks(&centre), [(0, TruthMark::Here), (2301, TruthMark::Here)].into());
    // a note written since waits for a receipt; the value does not
    station.note(&clerk(), id, "再打一次".into()).unwrap();
    assert_eq!(station.case(id).unwrap().truth, TruthMark::Saved);
    assert_eq!(marks(&station), [(0, TruthMark::Here), (2301, TruthMark::Received)].into());
}

/// Fails if an act that could not stand is not listed, or a person's word about it does not count on both boxes.
#[test]
fn an_act_that_could_not_stand_is_settled_by_a_person() {
    for (verdict, ends) in [(Settlement::Void, None), (Settlement::Stands, Some(()))] {
        let Pair { centre, station, .. } = pair();
        let id = take(&station, &township_item(&station), 6);
        meet(&station, &centre);
        station.withdraw(&clerk(), id, Asker::Applicant, String::new()).unwrap();
        centre.approve(&clerk(), id, Approve::default()).unwrap();
        meet(&station, &centre);
        let view = centre.case(id).unwrap();
        let [anomaly] = view.anomalies.as_slice() else { panic!("{:?}", view.anomalies) };
        assert_eq!((listed(&centre), listed(&station)), (vec![id], vec![id]));
        let before = view.case.stage();
        let no_words = centre.settle(&clerk(), id, anomaly.op, verdict, " ".into());
        assert!(no_words.is_err(), "a ruling has a reason");
        centre.settle(&clerk(), id, anomaly.op, verdict, "当面问过本人".into()).unwrap();
        meet(&station, &centre);
        assert!(listed(&centre).is_empty() && listed(&station).is_empty());
        let after = |node: &Node| node.case(id).unwrap().case.stage();
        assert_eq!(after(&centre), after(&station));
        assert_eq!(after(&centre) != before, ends.is_some(), "{verdict:?}: {before:?} {:?}", after(&centre));
        assert!(matches!(after(&centre), Stage::Withdrawn | Stage::Decided));
    }
}
