use super::super::{event::*, *};
use super::{
    flow::{accept_it, filled},
    support::*,
};
use crate::item::Act;

/// The village where the applicant lives.
const HOME: u16 = 2311;

fn taken_for_another() -> Doc {
    let mut doc = filled("S047");
    doc.typed(&[("home", "2311")]);
    accept_it(&mut doc, true).unwrap();
    doc
}

/// Fails if papers taken for another village's resident stay with the counter, or the result does not come back to it.
#[test]
fn b4_the_home_village_goes_on_and_the_counter_hands_over() {
    let mut doc = taken_for_another();
    let case = doc.case();
    assert_eq!((case.station, case.home(), case.is_elsewhere()), (VILLAGE, HOME, true));
    assert_eq!(case.current().unwrap().step.act, Act::Notice);
    assert_eq!(case.turn(), Turn::Station(HOME));
    assert!(case.allowed(HOME).contains(&Kind::NoticePosted));
    assert!(!case.allowed(VILLAGE).contains(&Kind::NoticePosted), "not pressed upon the counter any more");
    doc.at(HOME, "2026-11-23").act(|c, ctx, v| notice::post(c, "村务公示栏", v, ctx)).unwrap();
    doc.at(HOME, "2026-12-01").act(|c, ctx, _| notice::end(c, &notice::EndNotice::default(), ctx)).unwrap();
    assert_eq!(doc.case().turn(), Turn::Centre);
    let review = first_review::FirstReview {
        opinion: String::new(),
        list: "花名册1".into(),
        receiver: "秦科员".into(),
    };
    doc.at(0, "2026-12-01").act(|c, ctx, _| first_review::first_review(c, &review, ctx)).unwrap();
    let answer = feedback::Feedback {
        answer: Answer::Agreed,
        paper: "泾民〔2026〕9号".into(),
        on: day("2026-12-01"),
        words: String::new(),
    };
    doc.at(0, "2026-12-02").act(|c, ctx, _| feedback::feedback(c, &answer, ctx)).unwrap();
    assert_eq!(doc.case().turn(), Turn::Station(VILLAGE), "the resident comes for it where they were");
    assert!(doc.read().1.is_empty());
}

/// Fails if what the counter did before it heard of the passing on is lost.
#[test]
fn b4_a_notice_that_crossed_the_passing_on_counts() {
    let mut doc = taken_for_another();
    let on = doc.today;
    let posted = NoticePosted { from: on, until: day("2026-11-30"), place: "9/w.0.x".into() };
    doc.apply(&crate::record::Edit {
        events: vec![stamped(0, 1, VILLAGE, posted.into()).bytes],
        ..Default::default()
    });
    let (case, anomalies) = doc.read();
    assert!(case.notice.is_some() && anomalies.is_empty());
}

/// Fails if a case can be passed on by a stranger, to where it is, to nobody, or after its end.
#[test]
fn b4_who_may_pass_on_and_where_to() {
    let mut doc = filled("S047");
    accept_it(&mut doc, true).unwrap();
    assert!(!doc.case().is_elsewhere());
    let mut to = |station: u16, to: u16| {
        doc.at(station, "2026-11-23").act(|c, ctx, _| route::route(c, to, "户口在那边", ctx))
    };
    assert!(to(2399, HOME).is_err(), "a stranger");
    assert!(to(VILLAGE, VILLAGE).is_err(), "it is there already");
    assert!(to(VILLAGE, 0).is_err(), "the centre is no village");
    to(VILLAGE, HOME).unwrap();
    assert!(to(HOME, HOME).is_err());
    to(HOME, VILLAGE).unwrap();
    to(0, 2320).unwrap();
    let case = doc.case();
    assert_eq!((case.home(), case.villages()), (2320, [VILLAGE, HOME, 2320].into()));
    doc.at(VILLAGE, "2026-11-24").act(|c, ctx, _| withdraw::withdraw(c, Asker::Applicant, "", ctx)).unwrap();
    let late = doc.act(|c, ctx, _| route::route(c, HOME, "", ctx)).unwrap_err();
    assert!(late.message.contains("撤回"), "{late}");
}
