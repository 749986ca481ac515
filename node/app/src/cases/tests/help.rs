//! B8: a thread between village and centre. Fails if a draft leaves its box before help is asked, a line is lost, doubled or out of
//! order, or something of a draft that is gone stays anywhere.

use super::{Pair, clerk, pair, take};
use crate::cases::{CaseId, FullPhoto, NewPhoto, TruthMark};
use crate::testing::{Invented, answers, jpeg, meet, write};
use crate::{ActError, Node};
use identity::{Audience, Lane};
use model::case::event::What;
use model::case::facts;
use model::case::help::{Say, Suggest, Waits};
use model::record::{Edit, Value};
use records::{DocKind, DocRef};
use std::collections::BTreeMap;

fn say(words: &str) -> Say {
    Say { words: words.into(), fields: vec![facts::PHONE.into()], photos: Vec::new() }
}

fn suggest(field: &str, value: &str) -> Suggest {
    Suggest { field: field.into(), value: value.into(), words: "少一位".into() }
}

/// A draft with everything right but a phone number one digit short.
fn draft(node: &Node, code: &str, person: u64) -> CaseId {
    let id = node.start_draft(&clerk(), code).unwrap();
    let version = node.reference().catalogue.current(code, node.today()).unwrap().clone();
    let mut typed = answers(&version, &version.scenarios[0].id, &Invented::nth(person));
    typed.insert(facts::PHONE.to_owned(), "1391234247".to_owned());
    node.save_draft(&clerk(), id, typed).unwrap();
    id
}

fn words(node: &Node, id: CaseId) -> Vec<String> {
    let case = node.case(id).unwrap().case;
    let cell = |key: &str| case.filing.cell(key).unwrap_or("?").to_owned();
    let told = |what: &What| {
        if let What::HelpAsked(line) = what {
            cell(&line.words)
        } else if let What::HelpSaid(line) = what {
            cell(&line.words)
        } else if let What::HelpSuggested(line) = what {
            cell(&line.value)
        } else {
            what.kind().title().to_owned()
        }
    };
    case.help.lines().iter().map(|line| told(&line.what)).collect()
}

fn pending(node: &Node, id: CaseId) -> String {
    node.case(id).unwrap().case.help.pending().next().unwrap().value.clone()
}

/// Nothing of a document that could be read is on a box: no keys, no bytes, no rows, only hashes in the journal.
fn is_gone(node: &Node, id: CaseId) -> bool {
    let tx = node.engine().read().unwrap();
    let places = store::journal::of_doc(&*tx, &id.0).unwrap();
    let hashes = places.iter().all(|place| {
        let stored = store::journal::get(&*tx, place).unwrap().unwrap();
        matches!(stored.entry.form, sync::Form::Erased(_))
    });
    hashes
        && !places.is_empty()
        && store::seeds::of(&*tx, &id.0).unwrap().is_empty()
        && store::documents::get(&*tx, &id.0).unwrap().is_none()
        && matches!(node.case(id), Err(ActError::NotFound))
}

fn rows_are_those_of_the_documents(node: &Node) {
    let rows = store::rows::all(&*node.engine().read().unwrap()).unwrap();
    node.rebuild_rows().unwrap();
    let again = store::rows::all(&*node.engine().read().unwrap()).unwrap();
    // a draft's key holds the commit it was last touched in
    let but_drafts = |rows: Vec<(Vec<u8>, Vec<u8>)>| -> Vec<_> {
        rows.into_iter().filter(|(key, _)| !matches!(key.first(), Some(0 | 6))).collect()
    };
    assert_eq!(but_drafts(rows), but_drafts(again));
}

#[test]
fn b8_a_draft_stays_here_until_help_is_asked_and_then_the_centre_sees_it() {
    let Pair { centre, station, .. } = pair();
    let code = super::township_item(&station);
    let id = draft(&station, &code, 1);
    meet(&station, &centre);
    assert!(matches!(centre.case(id), Err(ActError::NotFound)), "nobody asked");
    station.help_say(&clerk(), id, say("电话总说不对")).unwrap();
    assert_eq!(station.case(id).unwrap().truth, TruthMark::Saved);
    assert!(station.draft(id).unwrap().is_ok(), "still a draft of this box");
    meet(&station, &centre);
    assert_eq!(station.case(id).unwrap().truth, TruthMark::Received);
    let seen = centre.case(id).unwrap().case;
    assert_eq!(seen.filing.cell(facts::PHONE), Some("1391234247"));
    assert!(seen.received.is_none());
    let tx = centre.engine().read().unwrap();
    assert_eq!(store::journal::of_doc(&*tx, &id.0).unwrap().len(), 1, "what stands, not how it came about");
    drop(tx);
    assert_eq!((centre.help_counts().unwrap(), station.help_counts().unwrap()), ((1, 0), (1, 0)));
    assert_eq!(centre.helps(Waits::Centre, None, 9).unwrap().0[0].words, "电话总说不对");
    let counts = (centre.counts().unwrap().open, station.counts().unwrap().open);
    assert_eq!(counts, (0, 0), "it is no case yet");
    assert!(centre.drafts(9).unwrap().is_empty(), "and no draft of the centre's");
    assert!(matches!(centre.note(&clerk(), id, "不该".into()), Err(ActError::Refused(_))));
    // what is typed from now on goes along
    let typed = BTreeMap::from([(facts::ADDRESS.to_owned(), "枫河镇杨村1组".to_owned())]);
    station.save_draft(&clerk(), id, typed).unwrap();
    meet(&station, &centre);
    assert_eq!(centre.case(id).unwrap().case.filing.cell(facts::ADDRESS), Some("枫河镇杨村1组"));
    for node in [&centre, &station] {
        rows_are_those_of_the_documents(node);
    }
}

#[test]
fn b8_a_suggestion_is_taken_and_the_thread_goes_along_into_the_case() {
    let Pair { town, clock, centre, station, disk } = pair();
    let code = super::township_item(&station);
    let id = draft(&station, &code, 1);
    station.help_say(&clerk(), id, say("电话总说不对")).unwrap();
    assert!(station.accept(&clerk(), id).is_err(), "a digit is missing");
    meet(&station, &centre);
    centre.help_suggest(&clerk(), id, suggest(facts::PHONE, "13912342476")).unwrap();
    assert!(centre.help_take(&clerk(), id, pending(&centre, id)).is_err(), "the village takes it");
    meet(&station, &centre);
    assert_eq!(station.help_counts().unwrap(), (0, 1));
    assert_eq!(station.case(id).unwrap().case.filing.cell(facts::PHONE), Some("1391234247"));
    station.help_take(&clerk(), id, pending(&station, id)).unwrap();
    assert_eq!(station.case(id).unwrap().case.filing.cell(facts::PHONE), Some("13912342476"));
    // a restart in between: the next change is under another epoch
    let station = {
        drop(station);
        town.start(1, disk, clock, 55)
    };
    // the centre writes on while the village takes the papers
    centre.help_say(&clerk(), id, say("还有什么问题吗")).unwrap();
    let case = station.accept(&clerk(), id).unwrap().id;
    assert!(is_gone(&station, id));
    for _ in 0..2 {
        meet(&station, &centre);
    }
    assert!(is_gone(&centre, id));
    let told = ["电话总说不对", "13912342476", "采纳建议", "还有什么问题吗"];
    assert_eq!(words(&station, case), told);
    assert_eq!(words(&centre, case), told);
    assert_eq!(centre.help_went_to(id).unwrap(), Some(case));
    let by = |node: &Node| {
        let case = node.case(case).unwrap().case;
        case.help.lines().iter().map(|line| line.mark.stamp.station).collect::<Vec<_>>()
    };
    assert_eq!(by(&centre), [2301, 0, 2301, 0], "the record says who suggested and who took it");
    for node in [&centre, &station] {
        assert!(node.waiting_counts().unwrap().is_empty(), "nothing waits unapplied");
        assert!(node.case(case).unwrap().anomalies.is_empty());
        rows_are_those_of_the_documents(node);
    }
}

#[test]
fn b8_a_draft_thrown_away_is_destroyed_on_both_boxes_and_its_late_lines_too() {
    let Pair { centre, station, .. } = pair();
    let code = super::township_item(&station);
    let id = draft(&station, &code, 1);
    station.help_say(&clerk(), id, say("怎么填")).unwrap();
    meet(&station, &centre);
    centre.help_say(&clerk(), id, say("这样填")).unwrap();
    station.discard_draft(&clerk(), id).unwrap();
    assert_eq!(station.help_counts().unwrap(), (0, 0));
    for _ in 0..2 {
        meet(&station, &centre);
    }
    assert!(is_gone(&centre, id) && is_gone(&station, id));
    assert_eq!(centre.help_counts().unwrap(), (0, 0));
    assert!(centre.waiting_counts().unwrap().is_empty() && station.waiting_counts().unwrap().is_empty());
    let late = centre.help_say(&clerk(), id, say("还在吗"));
    assert!(matches!(late, Err(ActError::NotFound)));
    let (before, after) = (meet(&station, &centre), meet(&station, &centre));
    assert_eq!(before, after, "and nothing is left to say");
}

/// A planted fault: a station orders to forget a case, and another's draft. Fails if the centre obeys.
#[test]
fn b8_only_its_own_station_orders_and_only_of_a_draft() {
    let Pair { centre, station, .. } = pair();
    let code = super::township_item(&station);
    let case = take(&station, &code, 2);
    meet(&station, &centre);
    let mut edit = Edit::default();
    edit.facts.insert("draft".to_owned(), Some(Value::Text(case.hex())));
    let at = DocRef { id: records::DocId([7; 16]), kind: DocKind::Erasure };
    write(&station, at, edit, vec![Audience::Hub], Lane::CASES).unwrap();
    meet(&station, &centre);
    assert!(centre.case(case).is_ok(), "a case is not forgotten by order");
    assert_eq!(words(&centre, case), Vec::<String>::new());
}

#[test]
fn b8_both_sides_ask_about_a_case_and_every_line_arrives_once_and_in_order() {
    let Pair { centre, station, .. } = pair();
    let code = super::township_item(&station);
    let id = take(&station, &code, 3);
    meet(&station, &centre);
    let mut told = Vec::new();
    for n in 0..6 {
        let line = format!("第{n}句");
        let from = if n % 3 == 0 { &centre } else { &station };
        from.help_say(&clerk(), id, say(&line)).unwrap();
        told.push(line);
        // the line is up for one session between two lines
        meet(&station, &centre);
    }
    assert_eq!((words(&centre, id), words(&station, id)), (told.clone(), told));
    // and apart: each side writes two, then they meet
    for n in 0..2 {
        centre.help_say(&clerk(), id, say(&format!("镇{n}"))).unwrap();
        station.help_say(&clerk(), id, say(&format!("村{n}"))).unwrap();
    }
    meet(&station, &centre);
    let (at_centre, at_station) = (words(&centre, id), words(&station, id));
    assert_eq!(at_centre, at_station);
    assert_eq!(at_centre.len(), 10);
    for side in ["镇", "村"] {
        let own: Vec<_> = at_centre.iter().filter(|line| line.starts_with(side)).collect();
        assert_eq!(own, [&format!("{side}0"), &format!("{side}1")]);
    }
    station.help_close(&clerk(), id).unwrap();
    meet(&station, &centre);
    assert_eq!(centre.help_counts().unwrap(), (0, 0));
}

/// Fails if a photo that a line names is lost when the draft goes to the centre or becomes a case, or the centre pretends to have
/// it.
#[test]
fn b8_a_line_names_photos_and_they_keep_their_names_straight() {
    let Pair { centre, station, .. } = pair();
    let code = super::township_item(&station);
    let id = draft(&station, &code, 1);
    let material = station.case(id).unwrap().version.unwrap().materials.first().unwrap().id.clone();
    let photo = NewPhoto { material, file: jpeg(1600, 1200, "wrong side"), thumb: None, instead: None };
    station.add_photo(&clerk(), id, photo).unwrap();
    let name = station.case(id).unwrap().case.photos[0].what.photo;
    let ask = Say { photos: vec![name], ..say("这张拍得清楚吗") };
    station.help_say(&clerk(), id, ask).unwrap();
    assert!(station.photo(id, name, FullPhoto::OfDraft).unwrap().is_some(), "its keys stayed");
    meet(&station, &centre);
    let named = |node: &Node, id: CaseId| {
        let case = node.case(id).unwrap().case;
        let asked = case.help.lines().first().unwrap().what.clone();
        let What::HelpAsked(asked) = asked else { panic!("{asked:?}") };
        (asked.photos.len(), asked.photos.iter().all(|name| case.photo(*name).is_some()), asked.photos[0])
    };
    assert_eq!(named(&centre, id), (1, true, name));
    assert!(!centre.has_photo(name).unwrap());
    let right = BTreeMap::from([(facts::PHONE.to_owned(), "13912342476".to_owned())]);
    station.save_draft(&clerk(), id, right).unwrap();
    let case = station.accept(&clerk(), id).unwrap().id;
    let (count, known, renamed) = named(&station, case);
    assert!(count == 1 && known && renamed != name && station.has_photo(renamed).unwrap());
    assert!(!station.has_photo(name).unwrap(), "the draft's own is destroyed");
}

/// Fails if the centre puts a photo into a village's draft, or takes one out of it: it is there to be answered, nothing else.
#[test]
fn b8_the_centre_touches_no_photo_of_a_villages_draft() {
    let Pair { centre, station, .. } = pair();
    let code = super::township_item(&station);
    let id = draft(&station, &code, 1);
    let material = station.case(id).unwrap().version.unwrap().materials.first().unwrap().id.clone();
    let photo = NewPhoto { material, file: jpeg(1600, 1200, "the village's"), thumb: None, instead: None };
    station.add_photo(&clerk(), id, photo.clone()).unwrap();
    let name = station.case(id).unwrap().case.photos[0].what.photo;
    station.help_say(&clerk(), id, say("这张行吗")).unwrap();
    meet(&station, &centre);
    let instead = NewPhoto { instead: Some(name), ..photo.clone() };
    for refused in [
        centre.add_photo(&clerk(), id, photo.clone()),
        centre.add_photo(&clerk(), id, instead),
        centre.drop_photo(&clerk(), id, name),
    ] {
        let refusal = super::refused(refused.unwrap_err());
        assert!(refusal.message.contains("村站的草稿"), "{}", refusal.message);
    }
    meet(&station, &centre);
    assert_eq!(station.case(id).unwrap().case.photos.len(), 1, "as the village left it");
    station.add_photo(&clerk(), id, photo).unwrap();
    station.drop_photo(&clerk(), id, name).unwrap();
}
