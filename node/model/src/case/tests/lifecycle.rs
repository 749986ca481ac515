//! D1, D4, D7: what begins, moves and ends a clock besides the main road: papers nobody answered, more time, hand-over.

use super::{
    super::{event::*, *},
    flow::{accept_it, filled, power, receive_command},
    support::*,
};
use crate::{
    Refusal,
    calendar::{Calendar, Light, read},
    item::Limit,
};

/// 林木采伐许可: a licence the station may accept. The papers came on a Monday; one is missing.
fn taken(code: &str) -> Doc {
    let mut doc = filled(code);
    let first = facts::material(&doc.version.materials[0].id);
    doc.typed(&[(first.as_str(), "missing")]);
    doc.act(|c, ctx, v| receive::receive(c, &receive_command(), v, ctx)).unwrap();
    doc
}

fn deem_it(doc: &mut Doc) -> Result<(), Refusal> {
    let standing = power(doc, true);
    doc.act(|c, ctx, v| deem::deem(c, &standing, v, ctx))
}

/// Fails when the days before acceptance have no light, or a licence nobody answered is not flagged, or is accepted by
/// time alone.
#[test]
fn d1_a_licence_nobody_answered_is_flagged_and_a_person_registers_it() {
    let mut doc = taken("S096");
    let calendar = Calendar::builtin();
    let case = doc.case();
    let due = case.due(&calendar).unwrap();
    assert_eq!((due.date, due.provisional), (day("2026-11-30"), false), "five working days from Monday");
    assert_eq!(case.light(&calendar, day("2026-11-24")), Light::Normal);
    assert_eq!(case.light(&calendar, day("2026-11-30")), Light::Red);
    assert!(case.is_deemed(Some(&doc.version), &calendar, day("2026-11-30")).is_none());
    let early = deem_it(doc.at(VILLAGE, "2026-11-30")).unwrap_err();
    assert!(early.message.contains("11月30日以前"), "{}", early.message);

    let late = day("2026-12-07");
    let flagged = case.is_deemed(Some(&doc.version), &calendar, late).unwrap();
    assert_eq!(flagged.received, day("2026-11-23"));
    assert_eq!(case.light(&calendar, late), Light::Overdue);
    assert!(case.accepted.is_none() && case.stage() == Stage::Received, "time alone does nothing");

    deem_it(doc.at(VILLAGE, "2026-12-07")).unwrap();
    let (case, anomalies) = doc.read();
    assert!(anomalies.is_empty(), "{anomalies:?}");
    let accepted = &case.accepted.as_ref().unwrap().what;
    assert_eq!(accepted.on, day("2026-11-23"), "the clock runs from receipt");
    assert_eq!(accepted.due, Some(day("2026-12-21")), "20 working days from there");
    let again = deem_it(&mut doc).unwrap_err();
    assert!(again.message.contains("已经办过"), "{}", again.message);
    let no = refuse::Refuse { reason: "材料不齐".into(), ..Default::default() };
    let refused = doc.act(|c, ctx, _| refuse::not_accept(c, &no, ctx)).unwrap_err();
    assert!(refused.message.contains("已经受理"));
    // what is missing is asked for now
    let first = facts::material(&doc.version.materials[0].id);
    let ask = supplement::AskSupplement { gaps: vec![first], words: "补齐".into(), until: None };
    doc.act(|c, ctx, v| supplement::ask(c, &ask, v, ctx)).unwrap();
}

/// Fails when gaps that were told in time do not stop it, or another item's papers count as accepted.
#[test]
fn d1_gaps_told_in_time_and_other_items_are_not_deemed() {
    let calendar = Calendar::builtin();
    let mut told = taken("S096");
    told.at(VILLAGE, "2026-11-27").act(|c, ctx, v| one_time_notice::one_time_notice(c, "", v, ctx)).unwrap();
    let case = told.case();
    assert!(case.waiting(&calendar).is_none() && case.due(&calendar).is_none());
    let refused = deem_it(told.at(VILLAGE, "2026-12-07")).unwrap_err();
    assert!(refused.message.contains("已经一次性告知"), "{}", refused.message);

    let mut other = taken("S047");
    assert!(other.case().is_deemed(Some(&other.version), &calendar, day("2027-01-04")).is_none());
    let refused = deem_it(other.at(VILLAGE, "2026-12-07")).unwrap_err();
    assert!(refused.message.contains("只有行政许可"), "{}", refused.message);
}

/// Fails when, of a notice printed in time on one box and 视为受理 registered on another, both stand, in either order.
#[test]
fn d1_a_notice_in_time_and_deemed_acceptance_apart_wait_for_a_person() {
    let base = taken("S096");
    let notice = NoticePrinted { gaps: vec!["m/photo".into()], on: day("2026-11-27"), words: None };
    let deemed = Deemed { received: day("2026-11-23"), last: day("2026-11-30"), on: day("2026-12-07") };
    for notice_first in [true, false] {
        let mut record = base.record.clone();
        let (n, d) = if notice_first { (900, 901) } else { (901, 900) };
        record.events.push(stamped(n, 1, VILLAGE, notice.clone().into()));
        record.events.push(stamped(d, 2, 0, deemed.clone().into()));
        let (case, anomalies) = Case::read(&record, Some(&base.version));
        assert_eq!(anomalies.len(), 1, "{anomalies:?}");
        assert_eq!(case.deemed.is_none(), notice_first);
    }
    // a notice that came too late does not undo it
    let mut record = base.record.clone();
    let late = NoticePrinted { on: day("2026-12-02"), ..notice };
    record.events.push(stamped(900, 1, VILLAGE, late.into()));
    record.events.push(stamped(901, 2, 0, deemed.into()));
    let (case, anomalies) = Case::read(&record, Some(&base.version));
    assert!(case.deemed.is_some() && anomalies.is_empty(), "{anomalies:?}");
}

/// Fails when papers that were taken incomplete cannot be accepted once they are complete, or before.
#[test]
fn d1_papers_that_were_completed_are_accepted() {
    let mut doc = taken("S097");
    let standing = power(&doc, true);
    let command = accept::Accept { receive: None, standing, barred: false };
    let first = facts::material(&doc.version.materials[0].id);
    let try_it = |doc: &mut Doc, good: &[&str]| {
        let good: Vec<String> = good.iter().map(|g| (*g).to_owned()).collect();
        let record = doc.record.clone();
        doc.act(|_, ctx, v| accept::complete(&record, &good, &command, v, ctx))
    };
    assert!(try_it(&mut doc, &[]).unwrap_err().fields.of(&first).is_some());
    for wrong in ["m/nope", "0/name", "number"] {
        assert!(try_it(&mut doc, &[&first, wrong]).unwrap_err().fields.of("good").is_some(), "{wrong}");
    }
    doc.at(VILLAGE, "2026-11-25");
    try_it(&mut doc, &[&first]).unwrap();
    let (case, anomalies) = doc.read();
    assert!(anomalies.is_empty() && case.accepted.is_some());
    assert_eq!(case.accepted.as_ref().unwrap().what.on, day("2026-11-25"), "from acceptance");
    assert_eq!(case.filing.material(&doc.version.materials[0].id), Tick::Good);
}

/// Fails when a licence is given more than ten days more, no limit is made longer, or a no is not the end of a request.
#[test]
fn d4_more_time_is_asked_for_and_the_centre_answers() {
    let mut doc = filled("S096");
    accept_it(&mut doc, true).unwrap();
    let ask =
        |doc: &mut Doc, days: u32| doc.act(|c, ctx, v| suspend::ask_extension(c, days, "要现场勘查", v, ctx));
    let much = ask(&mut doc, 11).unwrap_err();
    assert!(much.message.contains("最多延长 10 个工作日"), "{}", much.message);
    assert!(ask(&mut doc, 0).is_err());
    let early = doc.at(0, "2026-11-24").act(|c, ctx, _| suspend::decline_extension(c, "不用", ctx));
    assert!(early.unwrap_err().message.contains("还没申请"));
    ask(doc.at(VILLAGE, "2026-11-24"), 10).unwrap();
    let calendar = Calendar::builtin();
    let due = |doc: &Doc| doc.case().due(&calendar).unwrap().date;
    assert_eq!(due(&doc), day("2026-12-21"), "a request moves nothing");
    assert!(
        doc.act(|c, ctx, _| suspend::decline_extension(c, "人手够", ctx))
            .unwrap_err()
            .message
            .contains("本站不能批")
    );
    doc.at(0, "2026-11-25").act(|c, ctx, _| suspend::decline_extension(c, "人手够", ctx)).unwrap();
    let refused = doc.act(|c, ctx, _| suspend::approve_extension(c, "秦书记", ctx)).unwrap_err();
    assert!(refused.message.contains("还没申请"));
    ask(doc.at(VILLAGE, "2026-11-26"), 10).unwrap();
    doc.at(0, "2026-11-27").act(|c, ctx, _| suspend::approve_extension(c, "秦书记", ctx)).unwrap();
    let (case, anomalies) = doc.read();
    assert!(anomalies.is_empty());
    let counted = case.due(&calendar).unwrap();
    assert_eq!(
        (counted.date, counted.provisional),
        (day("2027-01-04"), true),
        "30 working days, the last ones provisional"
    );
    assert!(ask(&mut doc, 5).is_err(), "once");

    let mut open = filled("S058");
    accept_it(&mut open, true).unwrap();
    let refused = ask(&mut open, 10).unwrap_err();
    assert!(refused.message.contains("没有办理时限"), "{}", refused.message);
    let mut other = filled("S097");
    accept_it(&mut other, true).unwrap();
    ask(&mut other, 30).unwrap();
}

/// Fails when a special procedure without an expected length is begun: the resident is told how long.
#[test]
fn d1_a_special_procedure_names_its_days() {
    let mut doc = filled("S097");
    accept_it(&mut doc, true).unwrap();
    for wrong in [0, 366] {
        let refused = doc.act(|c, ctx, _| suspend::start_special(c, Special::Appraisal, wrong, ctx));
        assert!(refused.unwrap_err().fields.of("days").is_some(), "{wrong}");
    }
    doc.act(|c, ctx, _| suspend::start_special(c, Special::Appraisal, 20, ctx)).unwrap();
    let calendar = Calendar::builtin();
    assert_eq!(doc.case().light(&calendar, day("2027-03-01")), Light::Stopped);
}

/// Fails when a notice that comes later does not move a printed date, or moves one it has no say in.
#[test]
fn d4_a_published_notice_moves_what_was_printed_without_it() {
    let mut doc = filled("S097");
    doc.at(VILLAGE, "2026-12-14");
    accept_it(&mut doc, true).unwrap();
    let accepted = doc.case().accepted.unwrap().what;
    assert_eq!((accepted.due, accepted.provisional), (Some(day("2027-01-11")), true));
    let notice = read(2027, "试", "元旦：1月1日至3日放假").unwrap().notice;
    let calendar = Calendar::builtin().with(notice);
    let due = doc.case().due(&calendar).unwrap();
    assert_eq!((due.date, due.provisional), (day("2027-01-12"), false));

    let mut early = filled("S097");
    accept_it(&mut early, true).unwrap();
    let printed = early.case().accepted.unwrap().what.due.unwrap();
    let far = Calendar::builtin().with(read(2030, "试", "元旦：1月1日放假").unwrap().notice);
    assert_eq!(early.case().due(&far).unwrap().date, printed);
}

/// Fails when the hand-over's limit is not the one that stood when the papers were taken.
#[test]
fn d7_the_hand_over_clock_is_the_townships() {
    let calendar = Calendar::builtin();
    assert_eq!(calendar.hand_over(), Limit::working(3));
    assert_eq!(calendar.clone().with_hand_over(5).hand_over(), Limit::working(5));
    assert_eq!(calendar.with_hand_over(500).hand_over(), Limit::working(10));
    let mut doc = filled("S047");
    accept_it(&mut doc, false).unwrap();
    let case = doc.case();
    assert_eq!(case.filing.int(facts::HAND_OVER_DAYS), Some(3));
    let later = Calendar::builtin().with_hand_over(5);
    assert_eq!(case.due(&later).unwrap().date, day("2026-11-26"), "as it is printed");
    assert_eq!(case.light(&later, day("2026-11-27")), Light::Overdue);
}
