use std::collections::BTreeMap;

use super::{
    super::{event::*, *},
    support::*,
};
use crate::{
    Refusal,
    authority::{Authority, Standing as Power, decide},
    calendar::{Calendar, Light},
    item::Act,
    limit,
    number::CaseNumber,
    record::{Candidate, Value},
};

pub(crate) fn power(doc: &Doc, with_paper: bool) -> Power {
    let authority = Authority {
        document: "泾民委〔2026〕3号".into(),
        principal: doc.version.principal.clone(),
        way: doc.version.way,
        station: VILLAGE,
        items: vec![doc.version.code.clone()],
        from: day("2026-01-01"),
        to: Some(day("2026-12-31")),
        ended: None,
    };
    decide(
        &doc.version,
        if with_paper { std::slice::from_ref(&authority) } else { &[] },
        doc.station,
        doc.today,
    )
}

pub(crate) fn receive_command() -> receive::Receive {
    receive::Receive {
        number: CaseNumber::mint(VILLAGE, 2026, [7; 8], 352).unwrap(),
        query_code: "740926".into(),
        at: "2026-11-23 10:27".into(),
    }
}

/// Fills in what S047 wants for an applicant of 83.
pub(crate) fn filled(code: &str) -> Doc {
    let mut doc = Doc::new(code);
    doc.typed(&[
        ("scenario", "s1"),
        ("signed", "self"),
        ("0/name", "吴秀英"),
        ("0/id_number", "110105194303070024"),
        ("0/phone", "13912342476"),
        ("0/form.living", "独居"),
        ("0/form.account", "6222000000000000004"),
        ("0/form.account.holder", "吴秀英"),
        ("0/form.wish", "本地务工"),
        ("0/form.since", "2026-11-01"),
        ("applicant_kind", "person"),
        ("0/address", "枫河镇杨村7组"),
        ("0/form.place", "后山"),
        ("0/form.method", "择伐"),
        ("0/form.species", "杉木"),
        ("0/form.volume", "12"),
        ("0/form.until", "2026-12-31"),
        ("0/form.area", "5"),
        ("0/form.price", "600"),
        ("0/form.from", "2026-12-01"),
        ("0/form.to", "2027-11-30"),
        ("0/form.cert_no", "34182319430307002471"),
        ("0/form.grade", "一级"),
    ]);
    let materials: Vec<String> = doc.version.materials.iter().map(|m| facts::material(&m.id)).collect();
    let rules: Vec<String> = doc.version.rules.iter().map(|r| facts::rule(&r.id)).collect();
    let answers =
        materials.iter().map(|m| (m.as_str(), "ok")).chain(rules.iter().map(|r| (r.as_str(), "pass")));
    doc.typed(&answers.collect::<Vec<_>>());
    doc
}

pub(crate) fn accept_it(doc: &mut Doc, with_paper: bool) -> Result<(), Refusal> {
    accept_them(doc, with_paper, false)
}

/// [`accept_it`] for somebody who may be barred from promising.
pub(crate) fn accept_them(doc: &mut Doc, with_paper: bool, barred: bool) -> Result<(), Refusal> {
    let standing = power(doc, with_paper);
    let command = accept::Accept { receive: Some(receive_command()), standing, barred };
    doc.act(|case, ctx, version| accept::accept(case, &command, version, ctx))
}

/// Fails if the main road breaks: village accepts, notice, centre reviews and reports, county answers, village delivers.
#[test]
fn a_county_case_from_counter_to_hand_over() {
    let mut doc = filled("S047");
    accept_it(&mut doc, true).unwrap();
    let case = doc.case();
    assert_eq!((case.stage(), case.number().is_some()), (Stage::Processing, true));
    let accepted = &case.accepted.as_ref().unwrap().what;
    assert_eq!((accepted.due, accepted.provisional), (Some(day("2026-12-14")), false));
    assert_eq!(case.current().unwrap().step.act, Act::Notice);
    assert_eq!(case.turn(), Turn::Station(VILLAGE));
    assert_eq!(case.next_act(VILLAGE), Some(Kind::NoticePosted));
    let calendar = Calendar::builtin();
    assert_eq!(case.light(&calendar, day("2026-11-24")), Light::Normal);

    doc.act(|c, ctx, v| notice::post(c, "村务公示栏", v, ctx)).unwrap();
    let early =
        doc.at(VILLAGE, "2026-11-30").act(|c, ctx, _| notice::end(c, &notice::EndNotice::default(), ctx));
    assert!(early.unwrap_err().message.contains("11月30日"));
    let review =
        first_review::FirstReview {
            list: "花名册1".into(), receiver: "秦科员".into(), ..Default::default()
        };
    let before = doc.at(0, "2026-12-01").act(|c, ctx, _| first_review::first_review(c, &review, ctx));
    assert!(before.unwrap_err().message.contains("公示"));
    doc.at(VILLAGE, "2026-12-01")
        .act(|c, ctx, _| notice::end(c, &notice::EndNotice::default(), ctx))
        .unwrap();
    assert_eq!(doc.case().turn(), Turn::Centre);
    assert_eq!(doc.case().next_act(0), Some(Kind::FirstReviewed));
    let village = doc.act(|c, ctx, _| first_review::first_review(c, &review, ctx));
    assert!(village.unwrap_err().message.contains("本站不能办"));
    let approve =
        doc.at(0, "2026-12-02").act(|c, ctx, _| approve::approve(c, &approve::Approve::default(), ctx));
    assert!(approve.unwrap_err().message.contains("民政局决定"));
    doc.act(|c, ctx, _| first_review::first_review(c, &review, ctx)).unwrap();
    let case = doc.case();
    assert_eq!((case.stage(), case.turn()), (Stage::Outside, Turn::Outside("泾县民政局".into())));
    assert_eq!(case.next_act(0), Some(Kind::FedBack));
    // a timer never closes a step
    assert_eq!(case.light(&calendar, day("2027-03-01")), Light::Overdue);
    assert_eq!(case.stage(), Stage::Outside);

    let fed = feedback::Feedback {
        answer: Answer::Agreed,
        paper: "泾民〔2026〕88号".into(),
        on: day("2026-12-10"),
        words: String::new(),
    };
    doc.at(0, "2026-12-11").act(|c, ctx, _| feedback::feedback(c, &fed, ctx)).unwrap();
    doc.act(|c, ctx, _| deliver::ready(c, "高龄津贴确认", ctx)).unwrap();
    assert_eq!((doc.case().stage(), doc.case().next_act(VILLAGE)), (Stage::Ready, Some(Kind::Delivered)));
    let unsigned = deliver::Deliver { receiver: "周明霞".into(), manner: Manner::Counter, signed: false };
    assert!(doc.act(|c, ctx, _| deliver::deliver(c, &unsigned, ctx)).is_err());
    let signed = deliver::Deliver { signed: true, ..unsigned };
    doc.at(VILLAGE, "2026-12-12").act(|c, ctx, _| deliver::deliver(c, &signed, ctx)).unwrap();
    let (case, anomalies) = doc.read();
    assert_eq!(case.stage(), Stage::Delivered);
    assert!(anomalies.is_empty() && case.conflicts.is_empty());
}

/// Fails if a station that is authorised cannot decide at once, or the centre takes the decision from it.
#[test]
fn an_authorised_item_is_decided_at_the_station() {
    let mut doc = filled("S007");
    accept_it(&mut doc, true).unwrap();
    let centre =
        doc.at(0, "2026-11-23").act(|c, ctx, _| approve::approve(c, &approve::Approve::default(), ctx));
    assert!(centre.is_err());
    doc.at(VILLAGE, "2026-11-23")
        .act(|c, ctx, _| approve::approve(c, &approve::Approve::default(), ctx))
        .unwrap();
    assert_eq!(doc.case().stage(), Stage::Decided);
}

/// Fails if a missing authority still prints a 受理通知书, or the centre can't take over.
#[test]
fn without_authority_it_is_on_behalf_and_the_centre_accepts() {
    let mut doc = filled("S007");
    accept_it(&mut doc, false).unwrap();
    let case = doc.case();
    assert_eq!((case.stage(), case.turn(), case.clock()), (Stage::OnBehalf, Turn::Centre, None));
    assert_eq!(case.due(&Calendar::builtin()).unwrap().date, day("2026-11-26"));
    doc.act(|c, ctx, _| hand_over::hand_over(c, "方敏", ctx)).unwrap();
    assert_eq!(doc.case().due(&Calendar::builtin()), None);
    doc.at(0, "2026-11-24");
    let command = accept::Accept { receive: None, standing: power(&doc, false), barred: false };
    doc.act(|c, ctx, v| accept::accept(c, &command, v, ctx)).unwrap();
    doc.act(|c, ctx, _| approve::approve(c, &approve::Approve::default(), ctx)).unwrap();
    assert_eq!(doc.case().stage(), Stage::Decided);
}

/// Fails if authority decides by anything else than the written paper and its days.
#[test]
fn authority_falls_back_and_says_why() {
    let mut doc = Doc::new("S047");
    assert!(!power(&doc, true).fell_back);
    let missing = power(&doc, false);
    assert!(missing.fell_back && missing.why.contains("没有这个事项委托受理的文书"));
    doc.today = day("2027-01-01");
    assert!(power(&doc, true).why.contains("2026年12月31日到期"));
    doc.today = day("2025-12-31");
    assert!(power(&doc, true).why.contains("才生效"));
    doc.station = 0;
    assert!(!power(&doc, false).fell_back);
}

/// Fails if somebody whose name may stand in the case has no account in that name, or a wrong one is told to look at a
/// business licence.
#[test]
fn c7_an_account_is_in_a_name_as_it_may_be_a_persons() {
    let mut doc = filled("S047");
    let faults = |doc: &Doc| doc.case().filing.check(&doc.version, doc.today).errors;
    doc.typed(&[("0/name", "O'Brien"), ("0/form.account.holder", "O'Brien")]);
    assert!(faults(&doc).is_empty(), "{:?}", faults(&doc));
    doc.typed(&[("0/name", "吴*英"), ("0/form.account.holder", "吴*英")]);
    let told = faults(&doc);
    assert!(told.of("0/form.account.holder").unwrap().contains("照证件"), "{told:?}");
}

/// Fails if gaps are not all told at once, or the draft is touched by the refusal.
#[test]
fn gaps_go_on_one_notice_and_the_draft_stays() {
    let mut doc = filled("S047");
    doc.typed(&[
        ("m/hukou", "missing"),
        ("m/card", "bad"),
        ("0/phone", "1391234247"),
        ("0/form.account.holder", "周明霞"),
    ]);
    let before = doc.record.clone();
    let refusal = accept_it(&mut doc, true).unwrap_err();
    let fields: Vec<&str> = refusal.fields.iter().map(|e| e.field.as_str()).collect();
    assert_eq!(fields, ["0/phone", "0/form.account.holder", "m/hukou", "m/card", "r/own_account"]);
    assert!(refusal.fields.of("0/phone").unwrap().contains("10 位"));
    let mut told_again = doc.case().filing.check(&doc.version, doc.today);
    told_again.errors = refusal.fields.clone();
    assert_eq!(told_again.all_errors(), refusal.fields, "what is told already is not counted again");
    assert_eq!(doc.record, before);
    doc.act(|c, ctx, v| one_time_notice::one_time_notice(c, "带卡来", v, ctx)).unwrap();
    let case = doc.case();
    let (_, told) = case.last::<NoticePrinted>().unwrap();
    assert_eq!(told.gaps.len(), 5);
    assert_eq!(case.stage(), Stage::Draft);
}

/// Fails if the clock runs during a supplement, or a second one can be asked for.
#[test]
fn a_supplement_stops_the_clock_once() {
    let mut doc = filled("S093");
    doc.typed(&[("applicant_kind", "household")]);
    let accepted = accept_it(&mut doc, true);
    assert!(accepted.unwrap_err().fields.of("0/form.members").is_some());
    let mut doc = filled("S058");
    doc.typed(&[("0/form.cert_no", "34"), ("0/form.grade", "一级")]);
    accept_it(&mut doc, true).unwrap();
    let ask =
        supplement::AskSupplement { gaps: vec!["m/card".into()], words: "换本人卡".into(), until: None };
    doc.at(0, "2026-11-25").act(|c, ctx, v| supplement::ask(c, &ask, v, ctx)).unwrap();
    let case = doc.case();
    assert_eq!((case.stage(), case.turn()), (Stage::Supplementing, Turn::Applicant));
    assert_eq!(case.light(&Calendar::builtin(), doc.today), Light::Stopped);
    doc.at(VILLAGE, "2026-11-27").act(|c, ctx, _| supplement::received(c, &BTreeMap::new(), ctx)).unwrap();
    let again = doc.at(0, "2026-11-27").act(|c, ctx, v| supplement::ask(c, &ask, v, ctx));
    assert!(again.unwrap_err().message.contains("一次说全"));
    assert_eq!(doc.case().stops.len(), 1);
}

/// Fails if deferred papers are forgotten at hand-over.
#[test]
fn a_deferred_paper_holds_the_result() {
    let mut doc = filled("S007");
    let mut version = doc.version.clone();
    version.materials[0].need = crate::item::Need::Deferrable;
    version.materials[0].defer_days = Some(10);
    let id = version.materials[0].id.clone();
    doc.version = version;
    doc.typed(&[(&facts::material(&id), "later"), ("deferred_signed", "1")]);
    accept_it(&mut doc, true).unwrap();
    doc.act(|c, ctx, _| approve::approve(c, &approve::Approve::default(), ctx)).unwrap();
    let hand = deliver::Deliver { receiver: "吴秀英".into(), manner: Manner::Counter, signed: true };
    let early = doc.act(|c, ctx, _| deliver::deliver(c, &hand, ctx));
    assert!(early.unwrap_err().message.contains("容缺"));
    doc.act(|c, ctx, _| deferred::arrived(c, &[id], ctx)).unwrap();
    doc.act(|c, ctx, _| deliver::deliver(c, &hand, ctx)).unwrap();
}

/// Fails if an anomaly can't be settled either way, or settles itself.
#[test]
fn an_anomaly_is_settled_by_a_person() {
    let mut doc = filled("S007");
    accept_it(&mut doc, true).unwrap();
    doc.act(|c, ctx, _| withdraw::withdraw(c, Asker::Applicant, "", ctx)).unwrap();
    let late = stamped(90, 2, VILLAGE, payload(Kind::Approved));
    doc.record.events.push(late.clone());
    let (case, anomalies) = doc.read();
    assert_eq!((case.stage(), anomalies.len()), (Stage::Withdrawn, 1));
    for (verdict, stage) in [(Settlement::Stands, Stage::Decided), (Settlement::Void, Stage::Withdrawn)] {
        let mut settled = doc.record.clone();
        let what = Settled { event: late.id, verdict, reason: "9/w.0.settle".into() };
        settled.events.push(stamped(91, 1, 0, what.into()));
        let (case, anomalies) = Case::read(&settled, Some(&doc.version));
        assert_eq!((case.stage(), anomalies.len()), (stage, 0));
    }
    let mut stray = doc.record.clone();
    let what = Settled { event: op(4000), verdict: Settlement::Stands, reason: "9/w.0.settle".into() };
    stray.events.push(stamped(92, 1, 0, what.into()));
    assert_eq!(Case::read(&stray, Some(&doc.version)).1.len(), 2);
    doc.at(0, "2026-11-24")
        .act(|c, ctx, _| settle::settle(c, &anomalies, late.id, Settlement::Void, "撤回在先", ctx))
        .unwrap();
}

/// Fails if two values are not both shown, if equal ones are, or if picking does not write the choice.
#[test]
fn a_conflict_is_shown_and_picked() {
    let mut doc = filled("S047");
    let text = |t: &str, n| Candidate { value: Value::Text(t.into()), op: op(n) };
    doc.record.cells.insert(facts::PHONE.into(), vec![text("13912342476", 50), text("13900000000", 51)]);
    doc.record.facts.insert(facts::ID_KIND.into(), vec![text("other", 50), text("other", 51)]);
    let case = doc.case();
    assert_eq!(case.conflicts.len(), 1);
    assert_eq!((case.conflicts[0].label, case.conflicts[0].candidates.len()), ("联系电话", 2));
    assert!(!format!("{case:?}").contains("13912342476"));
    let pick = |choice, seen: &[u64], reason: &str| pick_conflict::Pick {
        name: facts::PHONE.into(),
        choice,
        seen: seen.iter().map(|n| op(*n)).collect(),
        reason: reason.into(),
    };
    let one = pick_conflict::Choice::One(op(50));
    let mut ruled = |pick: pick_conflict::Pick| {
        doc.act(|c, ctx, version| pick_conflict::pick_conflict(c, &pick, Some(version), ctx))
    };
    let unseen = ruled(pick(one.clone(), &[50], "电话核实")).unwrap_err();
    assert!(unseen.message.contains("又到了一个值"), "a value nobody looked at is not ruled away");
    assert!(ruled(pick(one.clone(), &[50, 51], " ")).unwrap_err().fields.of("reason").is_some());
    let wrong = pick_conflict::Choice::Other("139123424".into());
    assert!(ruled(pick(wrong, &[50, 51], "电话核实")).unwrap_err().fields.of(pick_conflict::OTHER).is_some());
    ruled(pick(one.clone(), &[50, 51], "电话核实")).unwrap();
    assert!(ruled(pick(one, &[50, 51], "电话核实")).is_err(), "it is ruled already");
    let case = doc.case();
    assert!(case.conflicts.is_empty());
    assert_eq!(case.filing.cell(facts::PHONE), Some("13912342476"));
    let (_, picked) = case.last::<ConflictPicked>().unwrap();
    assert_eq!((picked.chosen, case.filing.cell(&picked.reason)), (Some(op(50)), Some("电话核实")));
    let dropped: Vec<_> = picked.dropped.iter().filter_map(|key| case.filing.cell(key)).collect();
    assert_eq!(dropped, ["13900000000"], "what does not stand is kept, sealed");
}

/// Fails if a value that somebody writes because all are wrong does not stand.
#[test]
fn another_value_may_be_written_when_all_are_wrong() {
    let mut doc = filled("S047");
    let text = |t: &str, n| Candidate { value: Value::Text(t.into()), op: op(n) };
    doc.record.cells.insert(facts::PHONE.into(), vec![text("13912342476", 50), text("13956322471", 51)]);
    let pick = pick_conflict::Pick {
        name: facts::PHONE.into(),
        choice: pick_conflict::Choice::Other("139 5632 2472".into()),
        seen: vec![op(50), op(51)],
        reason: "打电话问过".into(),
    };
    doc.act(|c, ctx, version| pick_conflict::pick_conflict(c, &pick, Some(version), ctx)).unwrap();
    let case = doc.case();
    assert!(case.conflicts.is_empty());
    assert_eq!(case.filing.cell(facts::PHONE), Some("13956322472"));
}

/// Fails if a record of a later version, or damaged bytes, stop a case from being read.
#[test]
fn what_cannot_be_read_is_an_anomaly() {
    let mut doc = filled("S047");
    accept_it(&mut doc, true).unwrap();
    let mut later = stamped(80, 2, 0, payload(Kind::Noted));
    later.bytes[1] = 120;
    let mut newer = stamped(81, 2, 0, payload(Kind::Noted));
    newer.bytes[0] = 2;
    let mut broken = stamped(82, 2, 0, payload(Kind::Noted));
    broken.bytes.push(0);
    doc.record.events.extend([later, newer, broken]);
    let kinds: Vec<AnomalyKind> = doc.read().1.iter().map(|a| a.kind).collect();
    assert!(kinds.contains(&AnomalyKind::UnknownKind) && kinds.contains(&AnomalyKind::Unreadable));
    assert_eq!((kinds.len(), doc.case().stage()), (3, Stage::Processing));
    assert_eq!(Case::read(&doc.record, None).1.iter().filter(|a| a.kind == AnomalyKind::NoItem).count(), 1);
}

/// Fails if a draft refuses half-typed things, takes names that acts own, or grows without bound.
#[test]
fn a_draft_keeps_what_was_typed() {
    let mut doc = Doc::new("S047");
    doc.typed(&[
        ("0/id_number", "34182319"),
        ("0/name", "𠮷䶮"),
        ("number", "假"),
        ("9/w.x", "假"),
        ("odd", "假"),
        ("station", "1"),
    ]);
    let typed = doc.case().filing.typed();
    assert_eq!(typed.get("0/id_number").map(String::as_str), Some("34182319"));
    assert!(!typed.values().any(|v| v == "假") && doc.case().station == VILLAGE);
    doc.typed(&[("0/id_number", "")]);
    assert!(
        doc.case().filing.cell("0/id_number").is_none() && doc.case().filing.cell("0/name") == Some("𠮷䶮")
    );
    let long = [
        ("9/notes".to_owned(), "长".repeat(limit::CELL_TEXT)),
        ("0/phone".to_owned(), "0563".to_owned()),
        ("scenario".to_owned(), "吴秀英".to_owned()),
        ("m/hukou".to_owned(), "吴秀英".to_owned()),
    ];
    let (edit, wrong) = draft::save(&doc.record, &doc.case(), &long.into_iter().collect()).unwrap();
    assert!(wrong.of("9/notes").is_some() && wrong.of("scenario").is_some() && wrong.len() == 3);
    let written: Vec<String> = edit.cells.keys().map(|cell| cell.key()).collect();
    assert!(written == ["0/phone"] && edit.facts.is_empty(), "what fits is saved all the same: {written:?}");
    let same = doc.record.clone();
    doc.typed(&[("0/name", "𠮷䶮")]);
    assert_eq!(doc.record, same);
}

/// Fails if a window that was drawn earlier takes back what another window saved, if a field changed in both is settled
/// in silence, or if two windows that say the same are called at odds.
#[test]
fn a_draft_in_two_windows_is_merged_field_by_field() {
    let mut doc = Doc::new("S047");
    doc.typed(&[("0/name", "吴秀英"), ("0/phone", "0563"), ("0/address", "杨村")]);
    let drawn = doc.case().filing.typed();
    let seen = draft::Seen::of(drawn.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let seen = draft::Seen::parse(&seen.to_string()).unwrap();
    doc.typed(&[("0/phone", "13956322476"), ("0/address", "李村"), ("0/name", "吴秀兰"), ("m/hukou", "ok")]);
    let page = |pairs: &[(&str, &str)]| {
        let mut page = drawn.clone();
        page.extend(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
        page
    };
    let old = page(&[("0/address", "王村"), ("0/name", "吴秀兰"), ("m/hukou", ""), ("has_agent", "1")]);
    let merged = draft::merge(&doc.record, &doc.case(), &old, &seen).unwrap();
    assert_eq!(merged.clashes, ["0/address"], "both changed it");
    assert_eq!(merged.moved, ["0/phone", "m/hukou"], "only the other window changed them");
    assert!(merged.edit.cells.is_empty(), "what the page left alone is not taken back");
    assert_eq!(merged.edit.facts.keys().collect::<Vec<_>>(), ["has_agent"], "what only the page changed");
    let own = format!("{seen} 0/address:*").replace(&format!("0/address:{}", mark_of(&seen)), "");
    let own = draft::Seen::parse(&own).unwrap();
    let merged = draft::merge(&doc.record, &doc.case(), &old, &own).unwrap();
    assert!(merged.clashes.is_empty(), "its own save was under way");
    assert_eq!(draft::Seen::parse("0/name:zz"), None);
    assert_eq!(draft::Seen::parse(&"0/name".repeat(3)), None);
}

/// The digest of the address.
fn mark_of(seen: &draft::Seen) -> String {
    let text = seen.to_string();
    text.split(' ').find_map(|part| part.strip_prefix("0/address:")).unwrap().to_owned()
}
