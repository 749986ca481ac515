//! D12: the lists of files, what filing closes, and that what is sealed is out of use on every box.

use super::{Pair, clerk, pair, refused, take, township_item};
use crate::cases::{CaseId, Files, Filter, FullPhoto, NewPhoto, Why};
use crate::testing::{Invented, answers, jpeg, meet};
use crate::views::Hands;
use crate::{ActError, Node};
use model::case::event::Asker;
use model::case::facts;
use store::audit;

const YEAR_MS: u64 = 366 * 24 * 60 * 60 * 1000;

fn files(node: &Node, which: Files) -> Vec<CaseId> {
    node.files(which, None, 20).unwrap().0.iter().map(|file| file.line.id).collect()
}

fn withdrawn(node: &Node, person: u64) -> CaseId {
    let id = take(node, &township_item(node), person);
    node.withdraw(&clerk(), id, Asker::Applicant, String::new()).unwrap();
    id
}

/// Fails when a finished case is not in the list to be filed, a filed one is, or a term that has run out erases anything.
#[test]
fn d12_a_case_is_filed_for_its_term_and_what_has_run_out_waits_for_a_person() {
    let Pair { station, centre, clock, .. } = pair();
    let open = take(&station, &township_item(&station), 1);
    let id = withdrawn(&station, 2);
    assert_eq!(files(&station, Files::ToFile), [id], "not {open:?}, which is open");
    let version = station.case(id).unwrap().version.unwrap();
    centre.set_term(&clerk(), &version.code, 10).unwrap();
    assert!(station.set_term(&clerk(), &version.code, 10).is_err(), "the township's to set");
    meet(&station, &centre);
    assert_eq!(station.keeps_for(&version), 10);
    station.file_case(&clerk(), id, "3柜-2盒-15件".into(), 12).unwrap();
    meet(&station, &centre);
    for node in [&station, &centre] {
        let (lines, _) = node.files(Files::Filed, None, 20).unwrap();
        assert_eq!(
            (lines[0].line.id, lines[0].shelf.as_str(), lines[0].years),
            (id, "3柜-2盒-15件", Some(10))
        );
        assert!(files(node, Files::ToFile).is_empty() && files(node, Files::Expired).is_empty());
        node.rebuild_rows().unwrap();
        assert_eq!((node.file_counts().unwrap().filed, node.file_counts().unwrap().expired), (1, 0));
    }
    let refusal = refused(station.result_ready(&clerk(), id, "批复".into()).unwrap_err());
    assert!(refusal.message.contains("只能往里加"), "{}", refusal.message);
    station.note(&clerk(), id, "补一句".into()).unwrap();

    clock.advance(11 * YEAR_MS);
    assert_eq!(files(&station, Files::Expired), [id]);
    assert_eq!(station.file_counts().unwrap().expired, 1);
    assert!(station.case(id).unwrap().case.filing.cell(facts::NAME).is_some(), "no clock erases");
    station.prolong(&clerk(), id, 0, "还有争议".into()).unwrap();
    assert!(files(&station, Files::Expired).is_empty());
    assert_eq!(files(&station, Files::Filed), [id]);
}

/// Fails when a sealed case stands in a list, is found, shown, printed, changed or seen by its photos; when the village opens it;
/// or when the centre's look is not in the record.
#[test]
fn d12_a_sealed_case_is_out_of_use_until_the_centre_takes_it_back() {
    let Pair { station, centre, .. } = pair();
    let id = withdrawn(&station, 3);
    let material = station.case(id).unwrap().version.unwrap().materials[0].id.clone();
    let new = NewPhoto { material, file: jpeg(800, 600, "sealed"), thumb: None, instead: None };
    station.add_photo(&clerk(), id, new.clone()).unwrap();
    let view = station.case(id).unwrap();
    let (number, photo) = (view.case.number().unwrap().to_owned(), view.case.photos[0].what.photo);
    let person =
        view.case.filing.cell(facts::ID_NUMBER).map_or_else(|| Invented::nth(3).id_number, str::to_owned);
    meet(&station, &centre);
    let found =
        |node: &Node, typed: &str| node.find(typed, 5).unwrap().cases.iter().any(|line| line.id == id);
    assert!(found(&station, &number) && found(&centre, &number), "found before it is sealed");

    station.seal_case(&clerk(), id, Asker::Applicant, "不想留".into()).unwrap();
    meet(&station, &centre);
    for node in [&station, &centre] {
        node.rebuild_rows().unwrap();
        assert!(!found(node, &number) && !found(node, &person) && !found(node, &person[14..]));
        let all = [Filter::Open, Filter::Turn(Hands::Nobody), Filter::Troubles, Filter::Posted];
        for filter in all {
            assert!(node.cases(filter, None, 50).unwrap().lines.iter().all(|line| line.id != id));
        }
        assert!(files(node, Files::ToFile).is_empty());
        assert!(matches!(node.case(id), Err(ActError::Refused(_))));
        assert!(matches!(node.note(&clerk(), id, "说明".into()), Err(ActError::Refused(_))));
        assert!(matches!(node.reveal(&clerk(), id, facts::NAME, Why::Inspect), Err(ActError::Refused(_))));
        assert!(matches!(node.reveal_for_copy(&clerk(), id, Why::Inspect), Err(ActError::Refused(_))));
        assert!(matches!(node.photo(id, photo, FullPhoto::Reasoned), Err(ActError::Refused(_))));
        assert!(matches!(node.photo_thumb(id, photo), Err(ActError::Refused(_))));
        assert!(matches!(node.add_photo(&clerk(), id, new.clone()), Err(ActError::Refused(_))));
        assert!(matches!(node.export_case(&clerk(), id, None), Err(ActError::Refused(_))));
        assert_eq!(node.sealed_cases(None, 9).unwrap().0[0].id, id);
        node.truth_counts().unwrap();
    }
    assert!(matches!(station.open_sealed(&clerk(), id, "想看".into()), Err(ActError::Refused(_))));
    assert!(matches!(centre.open_sealed(&clerk(), id, " ".into()), Err(ActError::Refused(_))));
    let seen = centre.open_sealed(&clerk(), id, "法院调卷".into()).unwrap();
    assert!(seen.case.filing.cell(facts::NAME).is_some());
    assert!(matches!(centre.case(id), Err(ActError::Refused(_))), "shown once");
    assert!(matches!(station.unseal_case(&clerk(), id, "撤回".into()), Err(ActError::Refused(_))));
    centre.unseal_case(&clerk(), id, "本人撤回请求".into()).unwrap();
    meet(&station, &centre);
    let view = station.case(id).unwrap();
    let looked = view.case.timeline.iter().any(|entry| entry.title() == "查阅封存件");
    assert!(looked && view.anomalies.is_empty() && found(&station, &number), "in use again");
}

/// Fails when a file leaves the box without a row, or with photos where nobody gave a reason.
#[test]
fn d12_a_file_leaves_the_box_masked_unless_a_reason_is_written_down() {
    let Pair { station, .. } = pair();
    let id = withdrawn(&station, 4);
    let material = station.case(id).unwrap().version.unwrap().materials[0].id.clone();
    let new = NewPhoto { material, file: jpeg(800, 600, "kept"), thumb: None, instead: None };
    station.add_photo(&clerk(), id, new).unwrap();
    assert!(station.export_case(&clerk(), id, None).unwrap().1.is_empty());
    let out = station.export_case(&clerk(), id, Some(Why::Inspect)).unwrap().1;
    assert_eq!(out[0].shown.as_ref().unwrap().bytes, jpeg(800, 600, "kept"));
    let tx = station.engine().read().unwrap();
    let rows = audit::page(&*tx, None, 999).unwrap();
    let told: Vec<&str> =
        rows.iter().filter(|(_, row)| row.act == "导出档案").map(|(_, row)| row.detail.as_str()).collect();
    assert!(told.len() == 2 && told.contains(&"遮住") && told.iter().any(|one| one.starts_with("完整：")));
    drop(tx);
    let open = take(&station, &township_item(&station), 5);
    assert!(matches!(station.export_case(&clerk(), open, None), Err(ActError::Refused(_))));
}

/// Fails when a sealed case stands in the way of the same person's other cases: of their page, of the list of duplicates, of a
/// new intake, of the package it was taken with; or when it can still be handed over in one go with others.
#[test]
fn d12_a_sealed_case_is_in_nobodys_way() {
    let Pair { station, centre, .. } = pair();
    let item = township_item(&station);
    let other = take(&station, &item, 6);
    let id = take(&centre, &item, 6);
    meet(&station, &centre);
    assert_eq!(centre.twin_count().unwrap(), 1, "two of one person and item");
    centre.approve(&clerk(), id, model::case::approve::Approve::default()).unwrap();
    centre.seal_case(&clerk(), id, Asker::Applicant, "不想留".into()).unwrap();

    assert_eq!(centre.twin_count().unwrap(), 0, "nothing to look at beside what is sealed");
    assert!(centre.twin_pairs(None, 9).unwrap().0.is_empty());
    let view = centre.case(other).unwrap();
    assert!(centre.twins_of(&view).unwrap().is_empty(), "the other one's page opens");
    let draft = centre.start_draft(&clerk(), &item).unwrap();
    let version = view.version.unwrap();
    let typed = answers(&version, &version.scenarios[0].id, &Invented::nth(6));
    centre.save_draft(&clerk(), draft, typed).unwrap();
    let told = centre.twins_of_draft(draft).unwrap();
    assert_eq!(told.iter().map(|twin| twin.line.id).collect::<Vec<_>>(), [other]);
    let ActError::Refused(asked) = centre.ask_about_twins(draft).unwrap_err() else { panic!() };
    assert!(asked.fields.of(&facts::twin(&other.hex())).is_some(), "asked about the one in use");

    centre.unseal_case(&clerk(), id, "本人撤回请求".into()).unwrap();
    assert_eq!(centre.twin_count().unwrap(), 1, "in use again");
}

/// Fails when many cases are handed over and a sealed one goes along.
#[test]
fn d12_a_sealed_case_is_not_handed_over_with_others() {
    let Pair { station, .. } = pair();
    let (sealed, open) = (withdrawn(&station, 7), take(&station, &township_item(&station), 8));
    station.seal_case(&clerk(), sealed, Asker::Applicant, "不想留".into()).unwrap();
    let refusal = refused(station.hand_over_many(&clerk(), vec![open, sealed], "王会计".into()).unwrap_err());
    let words = refusal.fields.of("case").unwrap();
    assert!(words.contains("封存"), "{words}");
}
