//! D5, D6, D2: what is owed after acceptance, who may not promise, and lists of many cases.

use super::{Node, Pair, clerk, pair, take, township_item};
use crate::ActError;
use crate::cases::CaseId;
use crate::testing::{Invented, answers, meet};
use crate::views::Owed;
use model::case::approve::Approve;
use model::case::event::Source;
use model::case::verify::Verify;
use model::case::{Stage, facts};
use model::item::Version;
use std::collections::BTreeMap;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// 农村土地经营权流转: units apply, the township decides, one proof may be promised.
const LEASE: &str = "S097";
/// 最低生活保障: one material may come later.
const RELIEF: &str = "S054";
/// 出生登记: one material is looked up by data sharing.
const BIRTH: &str = "S074";

/// The situation that asks for the most materials, the first of them.
fn fullest(version: &Version) -> String {
    let asked = |id: &str| version.materials_for(id).count();
    let all = version.scenarios.iter().rev();
    all.max_by_key(|scenario| asked(&scenario.id)).unwrap().id.clone()
}

fn drafted(node: &Node, code: &str, person: u64, more: &[(&str, &str)]) -> CaseId {
    let version = node.reference().catalogue.current(code, node.today()).unwrap().clone();
    let mut typed: BTreeMap<String, String> = answers(&version, &fullest(&version), &Invented::nth(person));
    typed.extend(more.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    let draft = node.start_draft(&clerk(), code).unwrap();
    node.save_draft(&clerk(), draft, typed).unwrap();
    draft
}

/// Says of everything else of the same unit that this is another application.
fn look_at_others(node: &Node, draft: CaseId) {
    let others = node.twins_of_draft(draft).unwrap();
    let said = others.iter().filter(|other| !other.draft);
    let said = said.map(|other| (facts::twin(&other.line.id.hex()), "again".to_owned())).collect();
    node.save_draft(&clerk(), draft, said).unwrap();
}

fn fields(error: &ActError) -> Vec<String> {
    let ActError::Refused(refusal) = error else { return vec![format!("{error:?}")] };
    refusal.fields.iter().map(|error| error.field.clone()).collect()
}

fn listed(node: &Node, kind: Owed) -> Vec<CaseId> {
    node.owed(kind, None, 9).unwrap().0.iter().map(|owed| owed.line.id).collect()
}

/// Fails if a false promise does not bar the unit on both boxes, bars another, or a repair does not lift it on both.
#[test]
fn a_false_promise_bars_on_every_box_that_holds_the_case_until_it_is_repaired() {
    let Pair { centre, station, .. } = pair();
    let vow = [("m/m5", "exempt"), (facts::PROMISE_SIGNED, "1")];
    let draft = drafted(&station, LEASE, 1, &vow);
    let filing = |node: &Node, draft| node.draft(draft).unwrap().unwrap().case.filing;
    assert!(!station.is_barred(&filing(&station, draft)).unwrap());
    let id = station.accept(&clerk(), draft).unwrap().id;
    meet(&station, &centre);
    assert_eq!((listed(&station, Owed::Promise), listed(&centre, Owed::Promise)), (vec![id], vec![id]));
    centre.approve(&clerk(), id, Approve::default()).unwrap();
    centre.check_promise(&clerk(), id, false, "没有经营资质".into()).unwrap();
    assert!(listed(&centre, Owed::Promise).is_empty());
    meet(&station, &centre);

    let again = drafted(&station, LEASE, 2, &vow);
    assert!(station.is_barred(&filing(&station, again)).unwrap(), "the same unit, another contact");
    let first = [facts::twin(&id.hex())];
    assert_eq!(fields(&station.accept(&clerk(), again).unwrap_err()), first, "asked about before all else");
    look_at_others(&station, again);
    assert_eq!(fields(&station.accept(&clerk(), again).unwrap_err()), ["m/m5"]);
    let other = drafted(&station, LEASE, 3, &[(facts::UNIT_CODE, "91350100M000100Y43")]);
    assert!(!station.is_barred(&filing(&station, other)).unwrap());
    station.save_draft(&clerk(), again, BTreeMap::from([("m/m5".into(), "ok".into())])).unwrap();
    station.accept(&clerk(), again).unwrap();

    centre.revoke(&clerk(), id, "承诺不实".into(), "行政许可法第六十九条".into()).unwrap();
    assert!(station.lift_bar(&clerk(), id, "改正".into()).is_err(), "the centre repairs");
    centre.lift_bar(&clerk(), id, "已补办资质".into()).unwrap();
    meet(&station, &centre);
    let case = station.case(id).unwrap().case;
    assert_eq!((case.stage(), station.owed_counts().unwrap().bars), (Stage::Revoked, 0));
    let third = drafted(&station, LEASE, 4, &vow);
    look_at_others(&station, third);
    station.accept(&clerk(), third).unwrap();
}

/// Fails if a deferred paper is not reminded of from two working days before its day, is lost from the list when late, or
/// stays on it after it came; or if time does anything else to the case.
#[test]
fn a_deferred_paper_is_reminded_of_until_a_person_acts() {
    let Pair { station, clock, .. } = pair();
    let more = [("m/m6", "later"), (facts::DEFERRED_SIGNED, "1")];
    let draft = drafted(&station, RELIEF, 5, &more);
    let id = station.accept(&clerk(), draft).unwrap().id;
    let counts = || {
        let counts = station.owed_counts().unwrap();
        (counts.deferrals, counts.soon, counts.late)
    };
    // Monday; ten days on is a Thursday, the Tuesday before it is two working days away
    assert_eq!((counts(), listed(&station, Owed::Deferral)), ((1, 0, 0), vec![id]));
    clock.advance(7 * DAY_MS);
    assert_eq!(counts(), (1, 0, 0));
    clock.advance(DAY_MS);
    assert_eq!(counts(), (1, 1, 0));
    clock.advance(3 * DAY_MS);
    assert_eq!((counts(), listed(&station, Owed::Deferral)), ((1, 0, 1), vec![id]));
    assert_eq!(station.case(id).unwrap().case.stage(), Stage::Processing);
    station.deferred_arrived(&clerk(), id, vec!["m6".into()]).unwrap();
    assert_eq!((counts(), listed(&station, Owed::Deferral)), ((0, 0, 0), Vec::new()));
}

/// Fails if what was taken as 待核验 is not listed, or stays listed after its check.
#[test]
fn what_was_done_without_is_listed_until_it_is_looked_up() {
    let Pair { station, centre, .. } = pair();
    let draft = drafted(&station, BIRTH, 6, &[("m/m4", "exempt"), ("m/m4/how", "pending")]);
    let id = station.accept(&clerk(), draft).unwrap().id;
    meet(&station, &centre);
    assert_eq!((listed(&station, Owed::Verify), listed(&centre, Owed::Verify)), (vec![id], vec![id]));
    let look =
        Verify { materials: vec!["m4".into()], source: Source::Shared, holds: true, words: String::new() };
    station.verify_exempt(&clerk(), id, look).unwrap();
    meet(&station, &centre);
    assert!(listed(&station, Owed::Verify).is_empty() && listed(&centre, Owed::Verify).is_empty());
    assert!(centre.case(id).unwrap().anomalies.is_empty());
}

/// Fails if one case that may not go keeps the others from staying, or some of a list went without it.
#[test]
fn cases_are_handed_over_all_or_none() {
    let Pair { station, .. } = pair();
    let code = township_item(&station);
    let ids: Vec<CaseId> = (10..13).map(|person| take(&station, &code, person)).collect();
    let gone = |id: &CaseId| station.case(*id).unwrap().case.handed_over.is_some();
    assert!(station.hand_over_many(&clerk(), Vec::new(), "方敏".into()).is_err());
    assert_eq!(
        fields(&station.hand_over_many(&clerk(), ids.clone(), String::new()).unwrap_err()),
        ["receiver"]
    );
    station.hand_over_many(&clerk(), vec![ids[0]], "方敏".into()).unwrap();
    let error = station.hand_over_many(&clerk(), ids.clone(), "方敏".into()).unwrap_err();
    assert_eq!(fields(&error), ["case"]);
    assert_eq!(ids.iter().map(gone).collect::<Vec<_>>(), [true, false, false]);
    station.hand_over_many(&clerk(), ids[1..].to_vec(), "方敏".into()).unwrap();
    assert!(ids.iter().all(gone));
}
