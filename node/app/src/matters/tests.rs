use super::*;
use crate::office::NewNorm;
use crate::testing::{Invented, MONDAY, TestClock, clerk, meet, take, township, township_item};
use model::case::event::Settlement;
use model::matter::Sort;
use model::matter::act::{Answer, Assign, Open, Publish};
use model::matter::event::{Channel, Ending, LinkedTo, Satisfied, Target, Verdict};
use model::office::{Clerk, Settings, Window, WindowKind};
use std::sync::Arc;
use store::MemoryEngine;

struct Town {
    station: Node,
    other: Node,
    centre: Node,
    clock: Arc<TestClock>,
}

fn town() -> Town {
    let town = township(2, 5);
    let clock = TestClock::at(MONDAY);
    let start = |place, random| town.start(place, Arc::new(MemoryEngine::new()), Arc::clone(&clock), random);
    let (centre, station, other) = (start(0, 1), start(1, 2), start(2, 3));
    centre.load_small_sample(&[2301, 2302]).unwrap();
    meet(&station, &centre);
    meet(&other, &centre);
    Town { station, other, centre, clock }
}

fn supervisor() -> Who {
    Who { staff: "s1".into(), name: "周建国".into(), post: "镇中心".into(), session: String::new() }
}

fn resident(words: &str) -> Open {
    let person = Invented::nth(3);
    Open { words: words.into(), name: person.name, phone: person.phone, ..Open::default() }
}

fn told(words: &str, elsewhere: bool) -> Deed {
    Deed::Answer(Answer { how: Channel::Phone, words: words.into(), elsewhere })
}

fn to_centre() -> Deed {
    let (whom, tracking) = ("镇中心综合窗口".into(), String::new());
    Deed::Assign(Assign { to: Target::Centre, whom, tracking, until: None })
}

/// The day of a moment, so many days on.
fn days(clock: &TestClock, count: i64) {
    clock.set_wall(MONDAY + count * 86_400);
}

/// B5: fails when what village and centre do apart on one 办不成事 does not come together, another village sees it, or the
/// record is called received before the centre signed for it.
#[test]
fn stuck_is_worked_off_by_village_and_centre_together() {
    let Town { station, other, centre, clock } = town();
    let who = clerk();
    let id = station.open_matter(&who, Sort::Stuck, resident("材料交了三次")).unwrap().id;
    assert_eq!(station.matter(id).unwrap().truth, TruthMark::Saved);
    meet(&station, &centre);
    meet(&other, &centre);
    assert_eq!(station.matter(id).unwrap().truth, TruthMark::Received);
    assert!(matches!(other.matter(id), Err(ActError::NotFound)), "it is not the other village's");
    station.do_matter(&who, id, Deed::Sort("again".into(), false)).unwrap();
    station.do_matter(&who, id, to_centre()).unwrap();
    meet(&station, &centre);
    // apart: the centre handles it while the village asks for help above
    centre.do_matter(&supervisor(), id, Deed::Handle("县里补了一张表".into())).unwrap();
    station.do_matter(&who, id, Deed::Escalate(Target::Leader, "等了三天".into())).unwrap();
    meet(&station, &centre);
    let (here, there) = (station.matter(id).unwrap(), centre.matter(id).unwrap());
    assert_eq!(here.matter, there.matter);
    assert!(here.anomalies.is_empty() && here.matter.stage_label() == "待反馈");
    let counts = |node: &Node| node.matter_counts(Sort::Stuck).unwrap();
    assert_eq!((counts(&centre).open, counts(&centre).overdue), (1, 0));
    days(&clock, 2);
    assert_eq!(
        (counts(&centre).overdue, counts(&station).overdue),
        (1, 1),
        "1 working day to tell the resident"
    );
    assert!(!centre.matter(id).unwrap().matter.is_over(), "a clock closes nothing");
    station.do_matter(&who, id, told("表补好了，来拿", false)).unwrap();
    station.do_matter(&who, id, Deed::Revisit(Satisfied::Yes, String::new())).unwrap();
    station.do_matter(&who, id, Deed::Close(Ending::Done, None, String::new())).unwrap();
    meet(&station, &centre);
    assert_eq!((counts(&centre).open, counts(&centre).all), (0, 1));
}

/// B5: fails when two acts done apart that cannot both stand lose one of them, or a person's ruling does not settle it.
#[test]
fn what_cannot_stand_beside_another_act_waits_for_a_person() {
    let Town { station, centre, .. } = town();
    let who = clerk();
    let id = station.open_matter(&who, Sort::Stuck, resident("材料交了三次")).unwrap().id;
    station.do_matter(&who, id, Deed::Sort("again".into(), false)).unwrap();
    station.do_matter(&who, id, to_centre()).unwrap();
    meet(&station, &centre);
    centre.do_matter(&supervisor(), id, Deed::Handle("办好了".into())).unwrap();
    station.do_matter(&who, id, Deed::Note("又来问".into())).unwrap();
    station.do_matter(&who, id, Deed::Sort("slow".into(), false)).unwrap();
    meet(&station, &centre);
    let view = station.matter(id).unwrap();
    assert_eq!(view.anomalies.len(), 1, "分类 came after 处理结束");
    let ruling = Deed::Settle(view.anomalies[0].op, Settlement::Void, "已经办好了".into());
    station.do_matter(&who, id, ruling).unwrap();
    assert!(station.matter(id).unwrap().anomalies.is_empty());
}

/// Fails when a form that is sent twice writes a matter down twice.
#[test]
fn a_form_sent_twice_is_one_matter() {
    let Town { station, .. } = town();
    let form = station.once([7; 16], [8; 16]);
    let first = form.open_matter(&clerk(), Sort::Stuck, resident("一次")).unwrap();
    let again = form.open_matter(&clerk(), Sort::Stuck, resident("一次")).unwrap();
    assert!(!first.before && again.before && first.id == again.id);
    assert_eq!(station.matter_counts(Sort::Stuck).unwrap().all, 1);
}

/// A4: fails when an overdue case does not lead to the clerk who received it first, the village cannot explain what the centre
/// asked about, or the clerk can conclude it.
#[test]
fn an_overdue_case_is_answered_for_by_its_first_receiver() {
    let Town { station, centre, clock, .. } = town();
    let case = take(&station, &township_item(&station), 1).unwrap();
    meet(&station, &centre);
    assert!(centre.open_account(&supervisor(), case).is_err(), "it is not overdue yet");
    days(&clock, 200);
    let late = centre.late(50).unwrap();
    assert_eq!((late.len(), late[0].clerk.as_str()), (1, "陈春梅"));
    assert!(late[0].account.is_none());
    let id = centre.open_account(&supervisor(), case).unwrap().id;
    assert_eq!(centre.open_account(&supervisor(), case).unwrap(), Saved { id, before: true });
    assert_eq!(centre.late(50).unwrap()[0].account.as_ref().unwrap().stage, "待核实");
    meet(&station, &centre);
    let conclude = || Deed::Conclude(Verdict::Upheld, "约谈一次".into());
    assert!(centre.do_matter(&supervisor(), id, conclude()).is_err(), "nobody explained");
    station.do_matter(&clerk(), id, Deed::Explain("那几天停电".into())).unwrap();
    assert!(station.do_matter(&clerk(), id, conclude()).is_err(), "not about oneself");
    meet(&station, &centre);
    centre.do_matter(&supervisor(), id, conclude()).unwrap();
    centre.do_matter(&supervisor(), id, Deed::Close(Ending::Done, None, String::new())).unwrap();
    meet(&station, &centre);
    assert!(station.matter(id).unwrap().matter.is_over());
}

/// A4: fails when the list per clerk misses a case, or B does not see that A's work is B's today.
#[test]
fn every_clerk_has_a_list_and_b_stands_in_for_a() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    for person in [1, 2] {
        take(&station, &version, person).unwrap();
    }
    let load = station.clerks().unwrap();
    assert_eq!((load.len(), load[0].name.as_str(), load[0].open), (1, "陈春梅", 2));
    assert_eq!(station.cases_of(2301, "s1", 50).unwrap().len(), 2);
    let named = |id: &str, name: &str| Clerk { id: id.into(), name: name.into() };
    let window = Window {
        number: 1,
        kind: WindowKind::Any,
        takes: Vec::new(),
        a: named("s1", "陈春梅"),
        b: named("s2", "王小明"),
        hours: "工作日 8:00 至 17:30".into(),
    };
    station.set_window(&clerk(), 1, Some(&window)).unwrap();
    let covers = |day| station.reference().office.covered_by(2301, "s2", day).len();
    let today = station.today();
    assert_eq!(covers(today), 0);
    station.set_away(&clerk(), &window.a, Some((today, today))).unwrap();
    let tomorrow = today.tomorrow().unwrap();
    assert_eq!((covers(today), covers(tomorrow)), (1, 0));
    assert_eq!(station.reference().office.away_on(2301, "s1", today).unwrap().1.name, "王小明");
    station.set_away(&clerk(), &window.a, None).unwrap();
    assert_eq!(covers(today), 0);
}

/// A6: fails when an item's stage is not what windows and cases say, or a resident sent elsewhere is not counted.
#[test]
fn the_entry_list_follows_windows_cases_and_logs() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let stage = || {
        let all = station.entered().unwrap();
        let one = all.iter().find(|entered| entered.item.code == version.code).unwrap();
        (one.stage, one.elsewhere, one.last.map(|(_, on)| on))
    };
    assert_eq!(stage(), ("未进驻", 0, None));
    let window = Window {
        number: 2,
        kind: WindowKind::Special,
        takes: vec![version.code.clone()],
        a: Clerk { id: "s1".into(), name: "陈春梅".into() },
        b: Clerk::default(),
        hours: "工作日".into(),
    };
    station.set_window(&clerk(), 2, Some(&window)).unwrap();
    assert_eq!(stage(), ("已进驻", 0, None));
    take(&station, &version, 1).unwrap();
    let question = Open { topic: "how".into(), item: version.code.clone(), ..resident("怎么办") };
    let id = station.open_matter(&clerk(), Sort::Consult, question).unwrap().id;
    station.do_matter(&clerk(), id, told("请到县里", true)).unwrap();
    assert_eq!(stage(), ("实质运行", 1, Some(station.today())));
}

/// B7: fails when an answered question is not offered for the guide, or one that was put there is not shown.
#[test]
fn a_question_reaches_the_guide_by_a_persons_press() {
    let Town { station, centre, .. } = town();
    let version = township_item(&station);
    let question = Open { topic: "how".into(), item: version.code.clone(), ..resident("老人不来行吗") };
    let id = station.open_matter(&clerk(), Sort::Consult, question).unwrap().id;
    station.do_matter(&clerk(), id, told("可以代办", false)).unwrap();
    let asked = station.questions(&version.code).unwrap();
    assert_eq!((asked.count, asked.waiting.len(), asked.published.len()), (1, 1, 0));
    let public =
        Publish { question: "本人不来行吗？".into(), answer: "可以由家里人代办。".into() };
    station.do_matter(&clerk(), id, Deed::Publish(public)).unwrap();
    meet(&station, &centre);
    for node in [&station, &centre] {
        let shown = node.common_questions(&version.code).unwrap();
        assert_eq!(shown, [("本人不来行吗？".to_owned(), "可以由家里人代办。".to_owned())]);
    }
    station.do_matter(&clerk(), id, Deed::Unpublish).unwrap();
    assert!(station.common_questions(&version.code).unwrap().is_empty());
}

/// D13: fails when somebody of a case who comes of age is not found, is listed twice, or a pasted list is taken in part.
#[test]
fn the_due_list_finds_people_once_and_takes_lists_whole() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let person = Invented::nth(1);
    take(&station, &version, 1).unwrap();
    let born = model::person::IdNumber::parse(&person.id_number, station.today()).unwrap().birthday();
    let month = model::Date::new(born.year() + 90, born.month(), 1).unwrap();
    let found = station.due_candidates(month).unwrap();
    assert_eq!((found.len(), found[0].topic), (1, "age90"));
    assert_eq!(station.list_due(&clerk(), month).unwrap(), 1);
    assert_eq!(station.list_due(&clerk(), month).unwrap(), 0, "nobody twice");
    let other = Invented::nth(2);
    let list = format!("{} {}\n{}，{}", person.name, person.id_number, other.name, other.id_number);
    let bad = format!("{list}\n某某 123");
    assert!(station.import_due(&clerk(), "age90", None, &bad).is_err());
    assert_eq!(station.matter_counts(Sort::Due).unwrap().all, 1, "all or nothing");
    assert_eq!(station.import_due(&clerk(), "age90", None, &list).unwrap(), (1, 1));
    let lines = station.matters(Sort::Due, Which::Open, None, 50).unwrap().lines;
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line.name.contains('*')), "names are masked");
}

/// A7: fails when a norm of the centre does not reach a village, a signature does not come back, or an old version can be signed.
#[test]
fn norms_are_read_and_signed_by_version() {
    let Town { station, centre, .. } = town();
    let typed = NewNorm {
        id: String::new(),
        kind: "service".into(),
        title: "窗口服务规范".into(),
        text: "来有迎声，问有答声。".into(),
    };
    let (id, _) = centre.publish_norm(&supervisor(), &typed).unwrap();
    meet(&station, &centre);
    assert_eq!(station.reference().office.norms_of(2301).len(), 1);
    station.sign_norm(&clerk(), &id, 1).unwrap();
    assert!(station.sign_norm(&clerk(), &id, 1).is_err(), "once");
    let again = NewNorm { id: id.clone(), text: "来有迎声，走有送声。".into(), ..typed };
    assert_eq!(centre.publish_norm(&supervisor(), &again).unwrap(), (id.clone(), 2));
    meet(&station, &centre);
    assert!(station.sign_norm(&clerk(), &id, 1).is_err(), "there is a newer one");
    station.sign_norm(&clerk(), &id, 2).unwrap();
    meet(&station, &centre);
    let signed = centre.signatures().unwrap();
    assert_eq!(signed.len(), 2);
    assert!(signed.iter().all(|one| one.station == 2301 && one.name == "陈春梅"));
}

/// B5: fails when the township's own limits do not hold for what is written down after them, or a village can change them.
#[test]
fn the_townships_limits_hold_from_then_on() {
    let Town { station, centre, .. } = town();
    let before = station.open_matter(&clerk(), Sort::Stuck, resident("一")).unwrap().id;
    let settings = Settings { stuck_days: 3, answer_days: 2, ..Settings::default() };
    assert!(station.set_settings(&clerk(), &settings).is_err());
    centre.set_settings(&supervisor(), &settings).unwrap();
    meet(&station, &centre);
    let after = station.open_matter(&clerk(), Sort::Stuck, resident("二")).unwrap().id;
    let due = |id| station.matter(id).unwrap().matter.due.unwrap().to_string();
    assert_eq!((due(before), due(after)), ("2026-11-30".into(), "2026-11-26".into()));
}

/// Fails when rows made anew say something else than rows made act by act.
#[test]
fn rows_made_anew_are_the_same() {
    let Town { station, .. } = town();
    let version = township_item(&station);
    let case = take(&station, &version, 1).unwrap();
    let typed = Open { link: Some((LinkedTo::Case, case.0)), ..resident("一") };
    station.open_matter(&clerk(), Sort::Stuck, typed).unwrap();
    let seen = || {
        let counts = station.matter_counts(Sort::Stuck).unwrap();
        let linked: Vec<_> = station.matters_of(case.0).unwrap().iter().map(|line| line.id).collect();
        (counts, linked, station.clerks().unwrap(), station.entered().unwrap().len())
    };
    let before = seen();
    assert_eq!((before.0.all, before.1.len(), before.2.len()), (1, 1, 1));
    station.rebuild_rows().unwrap();
    assert_eq!(seen(), before);
}

/// B5: fails when what comes after 帮办代办 can be written down for a case that nobody was helped with.
#[test]
fn only_a_case_on_somebodys_behalf_has_steps_after_it() {
    let Town { station, .. } = town();
    let case = take(&station, &township_item(&station), 3).unwrap();
    let ActError::Refused(refusal) = station.behalf(&clerk(), case).unwrap_err() else { panic!() };
    assert!(refusal.message.contains("不是帮办代办"), "{}", refusal.message);
    assert!(station.matters(Sort::Behalf, Which::All, None, 9).unwrap().lines.is_empty());
}

/// A4: fails when a 差评 that nobody answered in time, or that was found true, does not lead to the clerk it is about, or the
/// record tells the clerk which case, and so who, it came from.
#[test]
fn a4_a_bad_rating_is_answered_for_by_whom_it_is_about() {
    let Town { station, centre, clock, .. } = town();
    let case = take(&station, &township_item(&station), 1).unwrap();
    let typed = || Open {
        topic: "manner".into(),
        words: "问了三次没人理".into(),
        link: Some((LinkedTo::Case, case.0)),
        ..Open::default()
    };
    let id = station.open_matter(&supervisor(), Sort::Rating, typed()).unwrap().id;
    let rating = station.matter(id).unwrap().matter;
    assert_eq!(rating.opened.as_ref().unwrap().what.staff_name, "陈春梅");
    assert_eq!(rating.link(LinkedTo::Case), None, "nothing tells who gave it");
    assert!(station.open_account_of(&supervisor(), id).is_err(), "its day is not over");
    days(&clock, 3);
    let account = station.open_account_of(&supervisor(), id).unwrap();
    let view = station.matter(account.id).unwrap().matter;
    let what = &view.opened.as_ref().unwrap().what;
    assert_eq!(
        (what.topic.as_str(), what.staff_name.as_str(), view.stage_label()),
        ("rating", "陈春梅", "待核实")
    );
    assert!(view.about().contains("没回复") && view.link(LinkedTo::Matter) == Some(id.0));
    assert_eq!(station.open_account_of(&supervisor(), id).unwrap(), Saved { id: account.id, before: true });
    let second = station.open_matter(&clerk(), Sort::Rating, typed()).unwrap().id;
    station.do_matter(&clerk(), second, to_centre()).unwrap();
    station.do_matter(&clerk(), second, told("我们来查", false)).unwrap();
    meet(&station, &centre);
    assert!(centre.open_account_of(&supervisor(), second).is_err(), "nobody has looked into it");
    assert!(
        station.do_matter(&clerk(), second, Deed::Conclude(Verdict::Upheld, "是我".into())).is_err(),
        "nobody looks into their own"
    );
    centre.do_matter(&supervisor(), second, Deed::Conclude(Verdict::Upheld, "看了监控".into())).unwrap();
    let account = centre.open_account_of(&supervisor(), second).unwrap().id;
    meet(&station, &centre);
    assert_eq!(station.matter(account).unwrap().matter.stage_label(), "待核实", "the village sees it");
}
