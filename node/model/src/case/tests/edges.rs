//! What a hasty or hostile hand may send: refused with words, never stored.

use super::{
    super::{event::*, *},
    flow::{accept_it, filled},
    support::*,
};

fn of<T: std::fmt::Debug>(result: Result<T, crate::Refusal>, field: &str) -> String {
    result.unwrap_err().fields.of(field).unwrap_or_default().to_owned()
}

/// 出生登记: the police decide, the station only carries.
fn carried() -> Doc {
    let mut doc = filled("S074");
    doc.typed(&[("0/form.child", "吴小宝"), ("0/form.born", "2026-11-01"), ("0/form.follow", "随母")]);
    accept_it(&mut doc, false).unwrap();
    doc
}

/// Fails if a supplement asks for what the item has not, or may not ask for what it has.
#[test]
fn a_supplement_asks_only_for_what_the_item_has() {
    let mut doc = filled("S047");
    accept_it(&mut doc, true).unwrap();
    let mut ask = |gap: &str| {
        let before = doc.record.clone();
        let ask = supplement::AskSupplement { gaps: vec![gap.into()], words: "换卡".into(), until: None };
        let asked = doc.act(|c, ctx, v| supplement::ask(c, &ask, v, ctx));
        assert_eq!(asked.is_err(), doc.record == before);
        doc.record = before;
        asked
    };
    for gap in ["m/nope", "r/nope", "0/form.nope", "9/notes", "m/card/how", "0/query_code", "item", ""] {
        assert!(of(ask(gap), "gaps").contains("认不出"), "{gap}");
    }
    for gap in ["m/card", "r/local", "0/form.account", "0/form.account.holder", "0/phone"] {
        ask(gap).unwrap();
    }
}

/// Fails if a station that only carries the papers can say no in the name of the body that decides.
#[test]
fn a_carried_case_is_not_refused_acceptance_here() {
    let mut doc = carried();
    let no = refuse::Refuse { reason: "不符合".into(), ..Default::default() };
    for station in [VILLAGE, 0] {
        let asked = doc.at(station, "2026-11-24").act(|c, ctx, _| refuse::not_accept(c, &no, ctx));
        assert!(asked.unwrap_err().message.contains("用“登记反馈”"));
        assert!(!doc.case().allowed(station).contains(&Kind::NotAccepted));
    }
    // what came back from there is told as it is
    doc.act(|c, ctx, _| refuse::give_back(c, &no, ctx)).unwrap();
}

/// Fails if a visit, a report or an answer may be dated before the papers were taken.
#[test]
fn nothing_is_done_before_the_papers_were_taken() {
    let (early, first) = (day("1970-01-01"), day("2026-11-23"));
    let mut carried = carried();
    let report =
        |on| report_up::ReportUp { list: "交接单1号".into(), receiver: "县局秦科员".into(), on };
    let sent = carried.act(|c, ctx, _| report_up::report_up(c, &report(early), ctx));
    assert!(of(sent, "on").contains("早于收件日期"));
    let feedback = |on| feedback::Feedback {
        answer: Answer::Agreed,
        paper: "县局电话答复".into(),
        on,
        words: String::new(),
    };
    let fed = carried.act(|c, ctx, _| feedback::feedback(c, &feedback(early), ctx));
    assert!(of(fed, "on").contains("早于收件日期"));
    carried.act(|c, ctx, _| report_up::report_up(c, &report(first), ctx)).unwrap();
    carried.act(|c, ctx, _| feedback::feedback(c, &feedback(first), ctx)).unwrap();
    let visit = |on| visit::Visit {
        visitors: ["陈春梅".into(), "方敏".into()],
        finding: Finding::True,
        words: "在家".into(),
        on,
    };
    let mut doc = filled("S096");
    doc.typed(&[
        ("0/form.place", "后山"),
        ("0/form.method", "择伐"),
        ("0/form.species", "杉木"),
        ("0/form.volume", "3"),
        ("0/form.until", "2026-12-31"),
    ]);
    accept_it(&mut doc, true).unwrap();
    let went = doc.act(|c, ctx, _| visit::visit(c, &visit(early), ctx));
    assert!(of(went, "on").contains("早于收件日期"));
    doc.act(|c, ctx, _| visit::visit(c, &visit(first), ctx)).unwrap();
}

/// Fails if papers of a case that is over are handed to the township, or a result comes in after it was handed over.
#[test]
fn what_is_over_is_neither_carried_nor_brought() {
    let mut doc = filled("S047");
    accept_it(&mut doc, true).unwrap();
    let no = refuse::Refuse { reason: "不符合".into(), ..Default::default() };
    doc.act(|c, ctx, _| refuse::give_back(c, &no, ctx)).unwrap();
    assert!(doc.act(|c, ctx, _| hand_over::hand_over(c, "方敏", ctx)).is_err());
    assert!(doc.case().of_no_use(Kind::HandedOver, VILLAGE).is_some());

    let mut doc = filled("S007");
    accept_it(&mut doc, true).unwrap();
    doc.act(|c, ctx, _| approve::approve(c, &approve::Approve::default(), ctx)).unwrap();
    assert!(doc.case().of_no_use(Kind::ResultReady, VILLAGE).is_none());
    let hand = deliver::Deliver { receiver: "吴秀英".into(), manner: Manner::Counter, signed: true };
    doc.act(|c, ctx, _| deliver::deliver(c, &hand, ctx)).unwrap();
    let late = doc.act(|c, ctx, _| deliver::ready(c, "回执", ctx));
    assert!(late.unwrap_err().message.contains("已经送达"));
    assert!(!doc.case().allowed(VILLAGE).contains(&Kind::ResultReady));
}

/// Fails if a first review drops who took the papers because the list is missing, or the other way round.
#[test]
fn a_report_half_filled_is_asked_for_the_rest() {
    let mut doc = filled("S058");
    doc.typed(&[("0/form.cert_no", "34"), ("0/form.grade", "一级")]);
    accept_it(&mut doc, true).unwrap();
    doc.at(0, "2026-11-24");
    let mut review = |list: &str, receiver: &str| {
        let before = doc.record.clone();
        let (list, receiver) = (list.to_owned(), receiver.to_owned());
        let review = first_review::FirstReview { list, receiver, ..Default::default() };
        let done = doc.act(|c, ctx, _| first_review::first_review(c, &review, ctx));
        let reported = doc.case().reported.is_some();
        doc.record = before;
        done.map(|()| reported)
    };
    assert!(of(review("", "县残联秦科员"), "list").contains("花名册"));
    assert!(of(review("花名册1", " "), "receiver").contains("接收人"));
    assert_eq!((review("", ""), review("花名册1", "县残联秦科员")), (Ok(false), Ok(true)));
}
