//! C4: draft → publish → retire at the centre, seen at a station.

use super::*;
use crate::Who;
use crate::testing::{MONDAY, TestClock, clerk, meet, take, township, township_item};
use model::Date;
use model::item::Version;
use model::item::table::Table;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::MemoryEngine;

fn town() -> (Node, Node) {
    let town = township(1, 3);
    let clock = TestClock::at(MONDAY);
    let centre = town.start(0, Arc::new(MemoryEngine::new()), Arc::clone(&clock), 1);
    let station = town.start(1, Arc::new(MemoryEngine::new()), clock, 2);
    centre.load_sample(&[2301]).unwrap();
    meet(&station, &centre);
    (station, centre)
}

fn day(month: i8, day: i8) -> Option<Date> {
    Some(Date::constant(2026, month, day))
}

fn publishing(effective: Option<Date>) -> Publishing {
    Publishing { effective, note: "缩短承诺时限".into(), despite: true, why: "示例".into() }
}

fn rename(centre: &Node, who: &Who, code: &str, name: &str) {
    centre.begin_item_draft(who, code).unwrap();
    let words = BTreeMap::from([("name", name.to_owned())]);
    let edit = ItemEdit::Write { table: Table::Item, at: Some(0), words };
    assert!(centre.edit_item_draft(who, code, edit, "").unwrap().wrong.is_empty());
}

fn current(node: &Node, code: &str, on: Date) -> Option<Version> {
    node.reference().catalogue.current(code, on).cloned()
}

/// C4: fails when a draft shows anywhere but in its own page, or a published version does not reach a station in one
/// meeting, or a case does not keep the version it was taken under.
#[test]
fn a_draft_is_published_reaches_a_station_and_a_case_keeps_its_version() {
    let (station, centre) = town();
    let who = clerk();
    let item = township_item(&station);
    let case = take(&station, &item, 5).unwrap();
    rename(&centre, &who, &item.code, "改了名字");
    meet(&station, &centre);
    assert_eq!(
        current(&centre, &item.code, centre.today()).unwrap().name,
        item.name,
        "a draft is in force nowhere"
    );
    assert!(station.item_drafts().unwrap().is_empty(), "and stays at the centre");
    assert_eq!(centre.publish_item_draft(&who, &item.code, publishing(day(11, 23))).unwrap(), 2);
    assert!(centre.item_drafts().unwrap().is_empty());
    meet(&station, &centre);
    assert_eq!(current(&station, &item.code, station.today()).unwrap().name, "改了名字");
    let view = station.case(case).unwrap();
    assert_eq!(view.version.unwrap().version, 1);
    let deeds = station.reference().deeds[&item.code].clone();
    assert_eq!((deeds.len(), deeds[0].version, deeds[0].words.as_str()), (1, 2, "缩短承诺时限"));
    assert_eq!(deeds[0].name, who.name);
}

/// C4: fails when a future version is in force before its day, or a retired item comes back as its older version.
#[test]
fn a_version_waits_for_its_day_and_a_retired_item_is_gone_whole() {
    let (station, centre) = town();
    let who = clerk();
    let item = township_item(&station);
    rename(&centre, &who, &item.code, "以后的名字");
    centre.publish_item_draft(&who, &item.code, publishing(day(12, 1))).unwrap();
    meet(&station, &centre);
    assert_eq!(current(&station, &item.code, Date::constant(2026, 11, 30)).unwrap().version, 1);
    assert_eq!(current(&station, &item.code, Date::constant(2026, 12, 1)).unwrap().version, 2);
    assert!(centre.retire_item(&who, &item.code, day(12, 10), " ").is_err(), "a reason is needed");
    assert!(centre.retire_item(&who, &item.code, day(11, 1), "并入新事项").is_err(), "not before today");
    centre.retire_item(&who, &item.code, day(12, 10), "并入新事项").unwrap();
    meet(&station, &centre);
    for on in [Date::constant(2026, 12, 10), Date::constant(2027, 5, 1)] {
        assert!(current(&station, &item.code, on).is_none(), "version 1 must not come back");
    }
    assert_eq!(current(&station, &item.code, Date::constant(2026, 12, 9)).unwrap().version, 2);
    assert!(station.retire_item(&who, &item.code, day(12, 10), "x").is_err(), "only the centre");
}

/// Fails when a date in the past, no note, or a second send of one form publishes.
#[test]
fn publishing_asks_for_a_day_and_a_note_and_happens_once() {
    let (_, centre) = town();
    let who = clerk();
    let code = township_item(&centre).code;
    rename(&centre, &who, &code, "改了");
    for (effective, note) in [(None, "改"), (day(11, 22), "改"), (day(11, 23), "  ")] {
        let said = Publishing { note: note.into(), ..publishing(effective) };
        assert!(matches!(centre.publish_item_draft(&who, &code, said), Err(ActError::Refused(_))));
    }
    let form = centre.once([7; 16], [1; 16]);
    assert_eq!(form.publish_item_draft(&who, &code, publishing(day(11, 23))).unwrap(), 2);
    assert_eq!(form.publish_item_draft(&who, &code, publishing(day(11, 23))).unwrap(), 2, "a second press");
    assert_eq!(centre.reference().catalogue.item(&code).unwrap().versions.len(), 2);
}

/// Fails when a page that is older than the draft overwrites what another window saved.
#[test]
fn an_old_page_does_not_overwrite_another_window() {
    let (_, centre) = town();
    let who = clerk();
    let code = township_item(&centre).code;
    centre.begin_item_draft(&who, &code).unwrap();
    let seen = drawn(&centre.item_draft(&code).unwrap().version, Table::Materials, Some(0));
    let write = |passes: &str| ItemEdit::Write {
        table: Table::Materials,
        at: Some(0),
        words: BTreeMap::from([("passes", passes.to_owned())]),
    };
    assert!(!centre.edit_item_draft(&who, &code, write("清楚"), &seen).unwrap().clash);
    assert!(centre.edit_item_draft(&who, &code, write("完整"), &seen).unwrap().clash);
    assert_eq!(centre.item_draft(&code).unwrap().version.materials[0].passes, "清楚");
}

/// Fails when a draft that is saved as one types for an hour can be saved no more.
#[test]
fn a_draft_can_be_saved_for_ever() {
    let (_, centre) = town();
    let who = clerk();
    let code = township_item(&centre).code;
    centre.begin_item_draft(&who, &code).unwrap();
    for count in 0..120 {
        let words = BTreeMap::from([
            ("passes", "看得清楚，".repeat(50 + count % 8)),
            ("note", format!("第{count}次")),
        ]);
        let edit = ItemEdit::Write { table: Table::Materials, at: Some(0), words };
        assert_eq!(centre.edit_item_draft(&who, &code, edit, "").unwrap().wrong, Vec::new());
    }
    let draft = centre.item_draft(&code).unwrap();
    assert_eq!(draft.version.materials[0].note, "第119次");
    assert_eq!((centre.item_drafts().unwrap().len(), draft.base), (1, 1));
    let tx = centre.engine().read().unwrap();
    let at = super::draft::find(&*tx, &code).unwrap().unwrap();
    let saved = store::documents::get(&*tx, &at.id.0).unwrap().unwrap().saved.len();
    assert!(saved < 2 * crate::limit::ITEM_DRAFT_BYTES, "{saved}");
}

/// Fails when a scenario can be removed so that what only it asked for is asked of everybody.
#[test]
fn a_scenario_that_something_hangs_on_is_not_removed() {
    let (_, centre) = town();
    let who = clerk();
    let code = township_item(&centre).code;
    centre.begin_item_draft(&who, &code).unwrap();
    let row = |name: &str| BTreeMap::from([("name", name.to_owned())]);
    let write = |table, words| ItemEdit::Write { table, at: None, words };
    let at = centre.edit_item_draft(&who, &code, write(Table::Scenarios, row("补发")), "").unwrap().at;
    let id = centre.item_draft(&code).unwrap().version.scenarios[at].id.clone();
    let mut words = row("补发申请");
    words.insert("scenarios", id);
    let material = centre.edit_item_draft(&who, &code, write(Table::Materials, words), "").unwrap().at;
    let gone = ItemEdit::Remove { table: Table::Scenarios, at };
    assert!(matches!(centre.edit_item_draft(&who, &code, gone.clone(), ""), Err(ActError::Refused(_))));
    centre
        .edit_item_draft(&who, &code, ItemEdit::Remove { table: Table::Materials, at: material }, "")
        .unwrap();
    centre.edit_item_draft(&who, &code, gone, "").unwrap();
    assert_eq!(centre.item_draft(&code).unwrap().version.scenarios.len(), at);
}

/// C5: fails when a workbook lands in part, or an item that says nothing new gets a version of its own.
#[test]
fn a_workbook_lands_whole_or_not_at_all() {
    let (_, centre) = town();
    let who = clerk();
    let old = township_item(&centre);
    let same =
        centre.reference().catalogue.items().find(|item| item.code != old.code).unwrap().versions[0].clone();
    let changed = Version { name: "改了名字".into(), ..old.clone() };
    let new = Version { code: "N1".into(), ..old.clone() };
    let all = Arc::new(vec![changed, new, same.clone()]);
    let fates: Vec<_> = centre.plan_landing(&all).unwrap().into_iter().map(|one| one.fate).collect();
    assert_eq!(fates, [Fate::Changed(1), Fate::New, Fate::Same]);
    let publish =
        |effective| Landing::Publish {
            effective, note: "换年".into(), despite: true, why: "示例".into()
        };
    let done = Arc::new(AtomicUsize::new(0));
    let before = centre.commits();
    assert!(centre.land_items(&who, Arc::clone(&all), publish(None), Arc::clone(&done)).is_err());
    assert_eq!(centre.commits(), before, "nothing is half done");
    assert_eq!(
        centre.land_items(&who, Arc::clone(&all), publish(day(11, 23)), Arc::clone(&done)).unwrap(),
        2
    );
    assert_eq!(done.load(Ordering::Relaxed), 3);
    let reference = centre.reference();
    assert_eq!(reference.catalogue.item(&same.code).unwrap().versions.len(), 1);
    assert_eq!(reference.catalogue.item(&old.code).unwrap().versions.len(), 2);
    assert_eq!(reference.catalogue.item("N1").unwrap().versions.len(), 1);
    let more = Arc::new(vec![Version { name: "再改".into(), ..old }]);
    centre.land_items(&who, more, Landing::Drafts, done).unwrap();
    assert_eq!(centre.item_drafts().unwrap().len(), 1);
}

/// C6: fails when a power that was ended still lets a station accept, or one is registered with half of what it needs.
#[test]
fn a_power_is_registered_and_ended() {
    let (station, centre) = town();
    let who = clerk();
    let reference = centre.reference();
    let mut item = reference.catalogue.items().map(|item| item.versions[0].clone());
    let item = item.find(|version| version.way == model::item::Way::Entrusted).unwrap();
    let standing = |node: &Node| node.reference().standing(&item, 2301, node.today());
    let document = standing(&centre).document.unwrap();
    assert!(
        matches!(centre.register_power(&who, &NewPower::default()), Err(ActError::Refused(refusal)) if refusal.fields.len() == 6)
    );
    let silent = centre.end_power(&who, 2301, &document, day(11, 22), " ");
    assert!(matches!(silent, Err(ActError::Refused(refusal)) if refusal.fields.of("why").is_some()));
    centre.end_power(&who, 2301, &document, day(11, 22), "县民政局收回委托").unwrap();
    let held = centre.reference();
    let ended = held.authorities.iter().find(|one| one.document == document && one.station == 2301).unwrap();
    assert_eq!(ended.ended.as_ref().unwrap().words, "县民政局收回委托");
    meet(&station, &centre);
    assert!(standing(&station).fell_back);
    let power = NewPower {
        document: "泾民委〔2026〕9号".into(),
        principal: item.principal.clone(),
        way: Some(item.way),
        stations: vec![2301],
        items: vec![item.code.clone()],
        from: day(11, 23),
        to: None,
    };
    centre.register_power(&who, &power).unwrap();
    assert!(centre.register_power(&who, &power).is_err(), "one number, one paper");
    meet(&station, &centre);
    assert_eq!(standing(&station).document.as_deref(), Some("泾民委〔2026〕9号"));
}
