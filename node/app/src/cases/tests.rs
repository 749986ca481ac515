//! The main job in memory: a village receives alone, the centre decides, the village hands over. Fails if a record is lost
//! or doubled on the way, or a page would say 中心已回执 before the centre has it.

mod archive;
mod clashes;
mod credit;
mod crossing;
mod help;
mod photos;
mod transcribe;
mod twins;

use super::{Filter, TruthCounts, TruthMark, Why};
use crate::testing::{Invented, MONDAY, TestClock, TestTownship, answers, meet, township};
use crate::views::Hands;
use crate::{ActError, Node, Who};
use model::case::Stage;
use model::case::approve::Approve;
use model::case::deliver::Deliver;
use model::case::event::Manner;
use std::sync::Arc;
use store::MemoryEngine;

fn clerk() -> Who {
    Who { staff: "s1".into(), name: "陈春梅".into(), post: "综合窗口".into(), session: String::new() }
}

fn refused(error: ActError) -> model::Refusal {
    let ActError::Refused(refusal) = error else { panic!("{error:?}") };
    refusal
}

struct Pair {
    town: TestTownship,
    clock: Arc<TestClock>,
    centre: Node,
    station: Node,
    disk: Arc<MemoryEngine>,
}

fn pair() -> Pair {
    pair_with(Node::load_small_sample)
}

fn pair_with(load: fn(&Node, &[u16]) -> Result<(), ActError>) -> Pair {
    let town = township(1, 3);
    let clock = TestClock::at(MONDAY);
    let disk = Arc::new(MemoryEngine::new());
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let station = town.start(1, Arc::clone(&disk) as _, Arc::clone(&clock), 2);
    load(&centre, &[2301]).unwrap();
    meet(&station, &centre);
    assert!(station.reference().catalogue.items().count() >= 12, "the catalogue has come in one session");
    Pair { town, clock, centre, station, disk }
}

/// An item that the township decides.
fn township_item(node: &Node) -> String {
    let reference = node.reference();
    let today = node.today();
    let current = |item: &model::item::Item| item.on(today).cloned();
    let mut versions = reference.catalogue.items().filter_map(current);
    let found = versions.find(|version| {
        version
            .deciding_step()
            .is_some_and(|step| step.level == model::item::Level::Township && !step.outside)
            && version.way != model::item::Way::OnBehalf
    });
    found.expect("an item the township decides").code
}

fn take(node: &Node, code: &str, person: u64) -> super::CaseId {
    let who = clerk();
    let draft = node.start_draft(&who, code).unwrap();
    let version = node.reference().catalogue.current(code, node.today()).unwrap().clone();
    let typed = answers(&version, &version.scenarios[0].id, &Invented::nth(person));
    node.save_draft(&who, draft, typed).unwrap();
    node.accept(&who, draft).unwrap_or_else(|error| panic!("{error:?}")).id
}

#[test]
fn every_sample_item_can_be_accepted() {
    let Pair { station, .. } = pair_with(Node::load_sample);
    let codes: Vec<String> = station.reference().catalogue.items().map(|item| item.code.clone()).collect();
    for (n, code) in codes.iter().enumerate() {
        let id = take(&station, code, n as u64);
        let view = station.case(id).unwrap();
        assert!(view.anomalies.is_empty(), "{code}: {:?}", view.anomalies);
        assert!(view.case.number().is_some(), "{code}");
        assert_eq!(view.truth, TruthMark::Saved, "{code}");
    }
    assert_eq!(station.drafts(10).unwrap().len(), 0);
}

/// Fails if a case's page does not lead to the one before and after it in the list, or counts them wrongly.
#[test]
fn each_open_case_knows_its_neighbours() {
    let Pair { station, .. } = pair();
    let code = township_item(&station);
    let ids: Vec<_> = (1..=3).map(|person| take(&station, &code, person)).collect();
    let listed: Vec<_> =
        station.cases(Filter::Open, None, 9).unwrap().lines.iter().map(|line| line.id).collect();
    assert_eq!(listed.len(), ids.len());
    for (place, id) in listed.iter().enumerate() {
        let beside = station.beside(*id).unwrap().unwrap();
        let before = place.checked_sub(1).and_then(|before| listed.get(before)).copied();
        assert_eq!((beside.position, beside.total), (Some(place + 1), 3));
        assert_eq!((beside.before, beside.after), (before, listed.get(place + 1).copied()));
    }
    let draft = station.start_draft(&clerk(), &code).unwrap();
    assert_eq!(station.beside(draft).unwrap(), None);
}

#[test]
fn the_main_job() {
    let Pair { centre, station, .. } = pair();
    let code = township_item(&station);
    let id = take(&station, &code, 1);
    assert_eq!(station.case(id).unwrap().truth, TruthMark::Saved);
    meet(&station, &centre);
    assert_eq!(station.case(id).unwrap().truth, TruthMark::Received);
    // whatever the village does first on the item's route
    let queue = |hands| centre.cases(Filter::Turn(hands), None, 20).unwrap().lines;
    assert!(
        queue(Hands::Centre).iter().any(|line| line.id == id),
        "{:?}",
        centre.case(id).unwrap().case.current()
    );
    centre.approve(&clerk(), id, Approve { paper: "批〔2026〕1号".into(), opinion: "同意".into() }).unwrap();
    meet(&station, &centre);
    assert_eq!(station.case(id).unwrap().case.stage(), Stage::Decided);
    let give = Deliver { receiver: "本人".into(), manner: Manner::Counter, signed: true };
    station.result_ready(&clerk(), id, "批复".into()).unwrap();
    station.deliver(&clerk(), id, give).unwrap();
    meet(&station, &centre);
    assert_eq!(centre.case(id).unwrap().case.stage(), Stage::Delivered);
    let view = station.case(id).unwrap();
    let code = view.case.filing.cell(model::case::facts::QUERY_CODE).unwrap().to_owned();
    let number = view.case.number().unwrap().to_owned();
    assert_eq!(station.progress(&number, &code, "r").unwrap().view.id, id);
    assert!(station.progress(&number, "000000", "r").is_err());
}

#[test]
fn a_second_submit_finds_the_first_case() {
    let Pair { station, .. } = pair();
    let code = township_item(&station);
    let who = clerk();
    let draft = station.start_draft(&who, &code).unwrap();
    let refused = station.accept(&who, draft);
    assert!(matches!(&refused, Err(ActError::Refused(refusal)) if !refusal.fields.is_empty()), "{refused:?}");
    let version = station.reference().catalogue.current(&code, station.today()).unwrap().clone();
    station.save_draft(&who, draft, answers(&version, &version.scenarios[0].id, &Invented::nth(5))).unwrap();
    let first = station.accept(&who, draft).unwrap();
    let second = station.accept(&who, draft).unwrap();
    assert_eq!((first.id, second.before), (second.id, true));
    assert_eq!(station.counts().unwrap().received_today, 1);
}

#[test]
fn a_restart_opens_a_new_epoch_and_keeps_everything() {
    let Pair { town, clock, centre, station, disk } = pair();
    let code = township_item(&station);
    let before = take(&station, &code, 1);
    let again = town.start(1, disk, clock, 99);
    assert_ne!(again.actor(), station.actor());
    let after = take(&again, &code, 2);
    meet(&again, &centre);
    for id in [before, after] {
        assert_eq!(again.case(id).unwrap().truth, TruthMark::Received);
        assert!(centre.case(id).is_ok());
    }
    assert_eq!(meet(&again, &centre), meet(&again, &centre), "nothing to say costs the same each time");
}

#[test]
fn rows_are_what_the_documents_say() {
    let Pair { centre, station, .. } = pair();
    let code = township_item(&station);
    for n in 0..5 {
        take(&station, &code, n);
    }
    meet(&station, &centre);
    for node in [&centre, &station] {
        let rows = |node: &Node| store::rows::all(&*node.engine().read().unwrap()).unwrap();
        let before = rows(node);
        node.rebuild_rows().unwrap();
        assert_eq!(before, rows(node));
    }
}

/// Fails if a list signed later does not reach a box by any session, or one that is not signed does.
#[test]
fn a_newer_membership_list_travels_with_any_session() {
    let Pair { town, clock, centre, .. } = pair();
    let mut roster = identity::Roster::after(town.membership.list());
    roster.members.iter_mut().for_each(|member| member.name.push('新'));
    let list = roster.sign(&identity::DeviceKey::from_seed(town.signer));
    let newer = identity::Membership::verify(list, &town.root).unwrap();
    let informed = TestTownship { membership: newer, ..township(1, 3) };
    let station = informed.start(1, Arc::new(MemoryEngine::new()), clock, 5);
    assert!(!centre.name().ends_with('新'));
    meet(&station, &centre);
    assert!(centre.name().ends_with('新'));
}

/// Fails if a form that is sent twice makes a second event, also over a restart, or if another form is taken for it.
#[test]
fn a_form_acts_once_even_over_a_restart() {
    let Pair { town, clock, station, disk, .. } = pair();
    let id = take(&station, &township_item(&station), 1);
    let entries = |node: &Node| node.case(id).unwrap().case.timeline.len();
    let before = entries(&station);
    let note = |node: &Node, form: u8| {
        node.once([form; 16], [7; 16]).note(&clerk(), id, "缺一张照片".into()).unwrap()
    };
    assert!(!note(&station, 1).before);
    assert!(note(&station, 1).before);
    assert_eq!(entries(&station), before + 1);
    let again = town.start(1, disk, clock, 99);
    assert!(note(&again, 1).before);
    assert!(!note(&again, 2).before, "another form may say the same");
    assert_eq!(entries(&again), before + 2);
    let other = again.once([2; 16], [8; 16]).note(&clerk(), id, "另一句话".into());
    assert!(matches!(other, Err(ActError::Refused(refusal)) if refusal.message.contains("新写的没有存")));
    assert_eq!(entries(&again), before + 2, "what was not stored is not called done");
}

/// Fails if looking at an item again and again leaves empty drafts, or if a draft with something in it is taken up as an
/// empty one.
#[test]
fn an_untouched_draft_is_taken_up_again() {
    let Pair { station, .. } = pair();
    let (code, who) = (township_item(&station), clerk());
    let first = station.start_draft(&who, &code).unwrap();
    assert_eq!(station.start_draft(&who, &code).unwrap(), first);
    let other = Who { staff: "s2".into(), name: "李桂兰".into(), ..clerk() };
    let hers = station.start_draft(&other, &code).unwrap();
    assert_ne!(hers, first, "another clerk begins her own");
    station.save_draft(&who, first, [("0/name".to_owned(), "吴秀英".to_owned())].into()).unwrap();
    let second = station.start_draft(&who, &code).unwrap();
    assert_ne!(second, first);
    station.save_draft(&who, second, [("has_agent".to_owned(), "1".to_owned())].into()).unwrap();
    assert_ne!(station.start_draft(&who, &code).unwrap(), second, "a tick is something typed");
}

/// Fails if a draft cannot be reached by turning pages, or if a cursor that is not ours is taken.
#[test]
fn every_draft_is_on_some_page() {
    let Pair { station, .. } = pair();
    let (code, who) = (township_item(&station), clerk());
    let mut begun = std::collections::BTreeSet::new();
    for n in 0..5 {
        let draft = station.start_draft(&who, &code).unwrap();
        station.save_draft(&who, draft, [("0/name".to_owned(), format!("吴{n}"))].into()).unwrap();
        begun.insert(draft);
    }
    let (mut seen, mut after) = (std::collections::BTreeSet::new(), None);
    loop {
        let (lines, next) = station.drafts_after(after.as_deref(), 2).unwrap();
        seen.extend(lines.iter().map(|line| line.id));
        after = next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, begun);
    for bad in ["zzz", "00", ""] {
        assert!(matches!(station.drafts_after(Some(bad), 2), Err(ActError::BadCursor)), "{bad}");
    }
}

/// Fails if of cases due the same day the one that came first does not stand first, page by page, in any list.
#[test]
fn those_due_the_same_day_stand_as_they_came() {
    let Pair { station, clock, .. } = pair();
    let code = township_item(&station);
    let came: Vec<_> = (0..8)
        .map(|n| {
            clock.advance(60_000);
            take(&station, &code, n)
        })
        .collect();
    for filter in [Filter::Open, Filter::Turn(Hands::Centre)] {
        let (mut listed, mut after) = (Vec::new(), None);
        loop {
            let page = station.cases(filter, after.as_deref(), 3).unwrap();
            listed.extend(page.lines.iter().map(|line| line.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(listed, came, "{filter:?}");
    }
}

/// Fails if a full value is given without an audit row, if the row holds the value, or if what no page may ask for is given.
#[test]
fn a_full_value_is_shown_only_with_an_audit_row() {
    let Pair { station, .. } = pair();
    let id = take(&station, &township_item(&station), 3);
    let rows = || store::audit::page(&*station.engine().read().unwrap(), None, 100).unwrap();
    let before = rows().len();
    let person = Invented::nth(3);
    let shown = station.reveal(&clerk(), id, "0/id_number", Why::Contact).unwrap();
    assert_eq!(shown.value(), person.id_number);
    assert!(!format!("{shown:?}").contains(&person.id_number));
    assert_eq!(rows().len(), before + 1);
    let row = &rows()[0].1;
    assert_eq!((row.staff.as_str(), row.act.as_str(), row.doc), ("s1", "查看完整信息", Some(id.0)));
    assert!(row.detail.contains(Why::Contact.label()) && !row.detail.contains(&person.id_number));
    for closed in ["0/query_code", "9/notes", "0/unit_code", "item", "..", "1/name"] {
        let refused = station.reveal(&clerk(), id, closed, Why::Contact);
        assert!(matches!(refused, Err(ActError::Refused(_))), "{closed}");
    }
    assert_eq!(rows().len(), before + 1, "what was refused is not written as seen");
    let view = station.case(id).unwrap();
    assert!(!super::revealable(&view.case.filing).contains(&"0/query_code".to_owned()));
}

/// Fails if an act that was worked out ahead of its turn overwrote another's of the same case, or if the loaded documents
/// or the rows went their own way: eight clerks at once add notes to two cases.
#[test]
fn clerks_at_one_case_at_once_lose_no_note() {
    let Pair { town, clock, station, disk, centre } = pair();
    let code = township_item(&station);
    let cases = [take(&station, &code, 1), take(&station, &code, 2)];
    let before = cases.map(|id| station.case(id).unwrap().case.timeline.len());
    std::thread::scope(|scope| {
        for clerk_number in 0..8 {
            let station = &station;
            scope.spawn(move || {
                for n in 0..10 {
                    station.note(&clerk(), cases[n % 2], format!("第{clerk_number}人第{n}次")).unwrap();
                }
            });
        }
    });
    let notes = |node: &Node| cases.map(|id| node.case(id).unwrap().case.timeline.len());
    assert_eq!(notes(&station), before.map(|count| count + 40));
    let rows = store::rows::all(&*station.engine().read().unwrap()).unwrap();
    station.rebuild_rows().unwrap();
    assert_eq!(rows, store::rows::all(&*station.engine().read().unwrap()).unwrap());
    let again = town.start(1, disk, clock, 3);
    assert_eq!(notes(&again), before.map(|count| count + 40), "and all of it is on disk");
    meet(&again, &centre);
    assert_eq!(notes(&centre), before.map(|count| count + 40), "each has its place in the journal");
}

/// What a centre says when it holds everything of the station and did not take up these entries.
fn says_held(pair: &Pair, held: Vec<sync::HeldEntry>) -> sync::Register {
    let station = &pair.station;
    let scope = sync::Scope::WrittenBy(station.device());
    let receipt = sync::Receipt {
        generation: 1,
        incarnation: 1,
        number: 9,
        durable: station.holdings().view(&scope, &station.membership()).frontier,
        backed_up: sync::Frontier::default(),
        held,
        missing: Vec::new(),
    };
    receipt.sign(&identity::DeviceKey::from_seed(pair.town.boxes[0].key), station.station())
}

/// Fails if the figures on the workbench or in the metrics call a case received that the centre did not take up.
#[test]
fn what_the_centre_did_not_take_up_is_counted_apart() {
    let pair = pair();
    let code = township_item(&pair.station);
    let (good, bad) = (take(&pair.station, &code, 1), take(&pair.station, &code, 2));
    let tx = pair.station.engine().read().unwrap();
    let (log, seq) = store::origin::get(&*tx, &bad.0).unwrap()[0];
    drop(tx);
    let register = says_held(&pair, vec![sync::HeldEntry { log, seq, reason: 11 }]);
    let _outcomes = pair.station.admit(&pair.centre.device(), vec![sync::Arrival::Register(register)]);
    assert_eq!(pair.station.case(good).unwrap().truth, TruthMark::Received);
    assert_eq!(pair.station.case(bad).unwrap().truth, TruthMark::NotAdopted(11));
    let wanted = TruthCounts { received: 1, not_adopted: 1, ..TruthCounts::default() };
    assert_eq!(pair.station.truth_counts().unwrap(), (wanted, None));
    assert_eq!(pair.station.gauges().unwrap().cases, wanted);
}

/// Fails if a case whose entries were too many to look at is called received.
#[test]
fn what_was_not_looked_at_is_not_called_received() {
    let pair = pair();
    let code = township_item(&pair.station);
    for person in 1..=4 {
        take(&pair.station, &code, person);
    }
    let walked = pair.station.truth_tally_of(1).unwrap();
    assert_eq!(walked, TruthCounts { saved: 1, uncounted: 3, ..TruthCounts::default() });
    let all = TruthCounts { saved: 4, ..TruthCounts::default() };
    assert_eq!(pair.station.truth_tally_of(20).unwrap(), all);
    meet(&pair.station, &pair.centre);
    let all = TruthCounts { received: 4, ..TruthCounts::default() };
    assert_eq!(pair.station.truth_tally_of(1).unwrap(), all);
}

/// Fails if somebody who looks at a draft in the very moment it becomes a case is told that there is neither.
#[test]
fn a_draft_is_always_a_draft_or_the_case_it_became() {
    let Pair { station, .. } = pair();
    let code = township_item(&station);
    for person in 0..12 {
        let draft = station.start_draft(&clerk(), &code).unwrap();
        let version = station.reference().catalogue.current(&code, station.today()).unwrap().clone();
        let typed = answers(&version, &version.scenarios[0].id, &Invented::nth(person));
        station.save_draft(&clerk(), draft, typed).unwrap();
        let looking = station.clone();
        let look = std::thread::spawn(move || {
            loop {
                match looking.draft(draft) {
                    Ok(Ok(_draft)) => {}
                    Ok(Err(case)) => return case,
                    Err(error) => panic!("{error:?}"),
                }
            }
        });
        let case = station.accept(&clerk(), draft).unwrap().id;
        assert_eq!(look.join().unwrap(), case);
    }
}
