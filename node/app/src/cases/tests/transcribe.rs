//! G7: what waits to be copied, at whose desk; one recorded act for all values; the number there finds the case on both boxes.

use super::{Pair, clerk, pair, refused, take, township_item};
use crate::cases::{CaseId, NewPhoto, Why};
use crate::testing::{jpeg, meet};
use crate::views::Hands;
use crate::{ActError, Node};
use model::Refusal;
use model::case::event::Answer;
use model::case::feedback::Feedback;
use model::case::first_review::FirstReview;
use model::case::{Outcome, facts};
use model::item::{Act, Level, Way};
use model::outside::{ItemSetting, Mapping};
use store::audit;

fn waiting(node: &Node, here: bool) -> Vec<CaseId> {
    node.to_transcribe(here, None, 20).unwrap().0.iter().map(|waiting| waiting.line.id).collect()
}

fn audited(node: &Node, act: &str) -> usize {
    let tx = node.engine().read().unwrap();
    audit::page(&*tx, None, 999).unwrap().iter().filter(|(_, row)| row.act == act).count()
}

/// Fails when a case waits at no desk or at two, its age is not counted, or it waits on after it was registered anywhere.
#[test]
fn g7_a_case_waits_at_one_desk_until_its_number_is_registered() {
    let Pair { station, centre, clock, .. } = pair();
    let id = take(&station, &township_item(&station), 1);
    assert_eq!((waiting(&station, true), waiting(&station, false)), (vec![], vec![id]));
    meet(&station, &centre);
    clock.advance(5 * 24 * 60 * 60 * 1000);
    assert_eq!((waiting(&centre, true), waiting(&centre, false)), (vec![id], vec![]));
    let counts = centre.transcribe_counts().unwrap();
    assert_eq!((counts.here, counts.there, counts.oldest), (1, 0, 5));
    let line = &centre.to_transcribe(true, None, 20).unwrap().0[0];
    assert_eq!((line.age, line.system.is_empty()), (5, false));

    let nothing = centre.transcribed(&clerk(), id, "民政系统".into(), String::new(), String::new());
    assert_eq!(refused(nothing.unwrap_err()).fields.len(), 1);
    assert_eq!(waiting(&centre, true), vec![id], "never marked without a number or a reason");
    centre.transcribed(&clerk(), id, "民政系统".into(), "MZ-2026-0001".into(), String::new()).unwrap();
    meet(&station, &centre);
    for node in [&station, &centre] {
        assert_eq!((waiting(node, true), waiting(node, false)), (vec![], vec![]));
        assert_eq!(node.transcribe_counts().unwrap().here, 0);
        node.rebuild_rows().unwrap();
        let found: Vec<CaseId> =
            node.by_outside_number("mz 2026 0001").unwrap().iter().map(|line| line.id).collect();
        assert_eq!(found, [id], "found on both boxes, before and after the rows are made anew");
        assert!(node.find("MZ-2026-0001", 5).unwrap().cases.iter().any(|line| line.id == id));
        assert!(node.by_outside_number("MZ-2026-0002").unwrap().is_empty());
        assert!(node.by_outside_number("  ").unwrap().is_empty());
    }
}

/// Fails when an outside answer, found by the number there, does not reach the station.
#[test]
fn g7_an_outside_result_is_registered_by_its_number_and_returns_to_the_station() {
    let Pair { station, centre, .. } = pair();
    let reference = station.reference();
    let outside = |version: &&model::item::Version| {
        let acts: Vec<Act> = version.route.iter().map(|step| step.act).collect();
        version.way != Way::OnBehalf
            && version.deciding_step().is_some_and(|step| step.outside)
            && version.route.iter().any(|step| step.level == Level::Township)
            && !acts.contains(&Act::Notice)
            && !acts.contains(&Act::Visit)
    };
    let all: Vec<_> = reference.catalogue.items().filter_map(|item| item.on(station.today())).collect();
    let version = all.into_iter().find(outside).unwrap();
    let id = take(&station, &version.code, 2);
    meet(&station, &centre);
    let (list, receiver) = ("花名册 1".to_owned(), "县局 王".to_owned());
    centre.first_review(&clerk(), id, FirstReview { opinion: "同意".into(), list, receiver }).unwrap();
    centre.transcribed(&clerk(), id, "县系统".into(), "XC-77".into(), String::new()).unwrap();
    let found = centre.by_outside_number("xc77").unwrap()[0].id;
    let answer = Feedback {
        answer: Answer::Agreed,
        paper: "县〔2026〕9号".into(),
        on: centre.today(),
        words: String::new(),
    };
    centre.feedback(&clerk(), found, answer).unwrap();
    meet(&station, &centre);
    let case = station.case(id).unwrap().case;
    assert!(matches!(case.outcome, Some((Outcome::Approved, ..))));
    let lines = station.cases(crate::cases::Filter::Turn(Hands::Station), None, 20).unwrap().lines;
    assert!(lines.iter().any(|line| line.id == id), "the station has it to hand over");
}

/// Fails when the values are had without a row that says who and why, or with more than one for the page.
#[test]
fn g7_all_values_are_one_recorded_act() {
    let Pair { station, .. } = pair();
    let id = take(&station, &township_item(&station), 3);
    assert_eq!(audited(&station, "对照录入查看全部信息"), 0);
    let view = station.reveal_for_copy(&clerk(), id, Why::Transcribe).unwrap();
    assert!(view.case.filing.cell(facts::NAME).is_some());
    assert_eq!(audited(&station, "对照录入查看全部信息"), 1);
    let draft = station.start_draft(&clerk(), &township_item(&station)).unwrap();
    assert!(matches!(station.reveal_for_copy(&clerk(), draft, Why::Transcribe), Err(ActError::Refused(_))));
    assert_eq!(audited(&station, "对照录入查看全部信息"), 1);
}

/// Fails when photos are had without a row, or one that was marked as wrong goes along.
#[test]
fn g7_photos_go_out_with_a_recorded_reason_and_without_wrong_ones() {
    let Pair { station, .. } = pair();
    let id = take(&station, &township_item(&station), 4);
    let material = station.case(id).unwrap().version.unwrap().materials[0].id.clone();
    for words in ["first wrong", "second good"] {
        let file = jpeg(1600, 1200, words);
        let new = NewPhoto { material: material.clone(), file, thumb: None, instead: None };
        station.add_photo(&clerk(), id, new).unwrap();
    }
    let first = station.case(id).unwrap().case.photos[0].what.photo;
    station.mark_photo(&clerk(), id, first, "拍糊了".into()).unwrap();
    let out = station.photos_for_copy(&clerk(), id, Why::Transcribe).unwrap();
    let images: Vec<_> = out.into_iter().map(|out| out.shown.unwrap().bytes).collect();
    assert_eq!(images, [jpeg(1600, 1200, "second good")]);
    assert_eq!(audited(&station, "下载材料照片"), 1);
}

/// Fails when a station sets a mapping, or the centre's does not reach it, or taking it back does not.
#[test]
fn g7_the_centre_sets_the_order_of_the_outside_form() {
    let Pair { station, centre, .. } = pair();
    let code = township_item(&station);
    let version = station.reference().catalogue.current(&code, station.today()).unwrap().clone();
    let derived = station.mapping(&version);
    assert_eq!(derived, Mapping::derived(&version));
    let set = ItemSetting {
        system: "民政业务系统".into(),
        fields: "证件号 = 证件号码\n姓名 = 姓名或名称".into(),
        photos: "材料名序号".into(),
    };
    let set = set.read(&version).unwrap();
    let told: Refusal = refused(station.set_outside(&clerk(), &code, Some(&set)).unwrap_err());
    assert!(told.message.contains("镇中心"));
    centre.set_outside(&clerk(), &code, Some(&set)).unwrap();
    meet(&station, &centre);
    assert_eq!((station.mapping(&version), centre.mapping(&version)), (set.clone(), set));
    centre.set_outside(&clerk(), &code, None).unwrap();
    meet(&station, &centre);
    assert_eq!(station.mapping(&version), derived);
}
