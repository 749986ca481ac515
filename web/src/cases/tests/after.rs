//! What a page says after an act: its word, the paper that comes next, and what the first look no longer says.

use model::calendar::Calendar;
use model::case::Case;
use model::case::refuse::{Refuse, refuse};
use model::case::supplement::{self, AskSupplement};

use super::super::deed::{Deed, offered};
use super::super::printable::Done;
use super::deeds::told;
use super::{STATION, TODAY, accepted, apply, catalogue, ctx};

fn done(code: &str) -> Done {
    serde_json::from_value(serde_json::json!({ "done": code })).unwrap()
}

/// Fails when button, banner, state, timeline and paper name one refusal differently, or its paper is not what comes next.
#[test]
fn a_refusal_has_one_name_everywhere() {
    let (catalogue, calendar) = (catalogue(), Calendar::builtin());
    let version = catalogue.current("S007", TODAY).unwrap();
    let name = version.nature().refused();
    let mut record = accepted(version);
    let (case, _) = Case::read(&record, Some(version));
    assert_eq!(told(&case, version, &calendar).label(Deed::Refuse), name);
    let no = Refuse {
        reason: "不在本县。".into(), basis: "办法第三条".into(), competent: String::new()
    };
    apply(&mut record, refuse(&case, &no, &ctx(&calendar)).unwrap());
    let (case, _) = Case::read(&record, Some(version));
    let told = told(&case, version, &calendar);
    assert!(told.said(&done("refuse")).first().unwrap().text.contains(name));
    let entry = told.entries().into_iter().next().unwrap();
    assert_eq!((entry.what.as_str(), entry.note.as_str()), (name, "不在本县；办法第三条"));
    let print = told.to_print(&done("refuse"));
    assert_eq!(print.len(), 1);
    assert!(print.first().unwrap().name.starts_with(name));
    assert!(told.to_print(&Done::default()).is_empty());
}

/// Fails when a material that was asked for again still says that it passes.
#[test]
fn what_is_asked_for_again_no_longer_passes() {
    let (catalogue, calendar) = (catalogue(), Calendar::builtin());
    let version = catalogue.current("S007", TODAY).unwrap();
    let mut record = accepted(version);
    let (case, _) = Case::read(&record, Some(version));
    let material = version.materials_for(case.filing.scenario()).next().unwrap();
    let gaps = vec![format!("m/{}", material.id)];
    let ask = AskSupplement { gaps, words: "缺第二页。".into(), until: None };
    apply(&mut record, supplement::ask(&case, &ask, version, &ctx(&calendar)).unwrap());
    let (case, _) = Case::read(&record, Some(version));
    let lines = told(&case, version, &calendar).papers();
    let note = |name: &str| lines.iter().find(|line| line.name == name).map(|line| line.note.clone());
    assert_eq!(note(&material.name).as_deref(), Some("等补正"));
    assert_eq!(lines.iter().filter(|line| line.note == "等补正").count(), 1);
}

/// Fails when two buttons of one page answer to the same key.
#[test]
fn no_key_does_two_things() {
    let catalogue = catalogue();
    for code in ["S007", "S047", "S074"] {
        let version = catalogue.current(code, TODAY).unwrap();
        let record = accepted(version);
        let (case, _) = Case::read(&record, Some(version));
        let keys: Vec<&str> = offered(&case, STATION, TODAY).iter().map(|deed| deed.look().key).collect();
        let mut once: Vec<&&str> = keys.iter().filter(|key| !key.is_empty()).collect();
        let all = once.len();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), all, "{}: {keys:?}", version.name);
    }
    // a result can be ready, handed over and paid out in any order
    let [ready, deliver, pay] = [Deed::Ready, Deed::Deliver, Deed::Pay].map(|deed| deed.look().key);
    assert!(ready != deliver && deliver != pay && ready != pay);
}
