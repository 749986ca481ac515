//! D9: which two cases a person has to look at, and how that ends.

use super::*;
use crate::case::event::*;
use crate::case::tests::support::{Doc, VILLAGE, day};
use crate::case::{receive, tests::flow};
use crate::record::Record;

const A: CaseDoc = [1; 16];
const B: CaseDoc = [2; 16];

/// An item the township decides; papers taken on a day.
fn taken(on: &str) -> Doc {
    let mut doc = flow::filled("S047");
    doc.at(VILLAGE, on);
    doc.act(|c, ctx, v| receive::receive(c, &flow::receive_command(), v, ctx)).unwrap();
    doc
}

/// A case received on a day that came to an end.
fn over(from: &str, what: impl Into<What>) -> Case {
    let mut case = taken(from).case();
    let mark = case.received.as_ref().unwrap().mark.clone();
    // what matters here is the end, not the way there
    case.effect(&mark, &what.into());
    case
}

fn approved(from: &str, on: &str) -> Case {
    over(from, Approved { paper: None, opinion: None, on: day(on) })
}

/// Fails when an open case, or one finished within 30 days, is not flagged beside a new one; when one of a year ago, a
/// withdrawn or a given back one is; or when the order of the two matters.
#[test]
fn d9_an_open_case_or_one_finished_lately_is_flagged_and_none_else() {
    let new = taken("2026-11-23").case();
    let cases = [
        ("open since a year", taken("2025-11-20").case(), true),
        ("finished 30 days before", approved("2026-09-01", "2026-10-24"), true),
        ("finished 31 days before", approved("2026-09-01", "2026-10-23"), false),
        ("taken after this one ends nothing", taken("2026-12-24").case(), true),
        (
            "withdrawn",
            over("2026-11-20", Withdrawn { asker: Asker::Applicant, reason: None, on: day("2026-11-21") }),
            false,
        ),
        (
            "given back",
            over("2026-11-20", Returned { reason: "9/w.0.x".into(), on: day("2026-11-21") }),
            false,
        ),
    ];
    for (name, old, wanted) in cases {
        assert_eq!(new.is_twin_of(A, &old, B), wanted, "{name}");
        assert_eq!(old.is_twin_of(B, &new, A), wanted, "{name}, the other way round");
    }
    let done = approved("2026-09-01", "2026-10-24");
    assert!(done.may_be_meant(day("2026-11-23")) && !done.may_be_meant(day("2026-11-24")));
    let draft = Case::read(&Record::default(), None).0;
    assert!(!draft.may_be_meant(day("2026-11-23")) && !draft.is_twin_of(A, &new, B));
}

/// Fails when a settled pair is asked about again, whichever of the two says so, or a reason is not asked for.
#[test]
fn d9_a_pair_is_settled_once_and_for_all() {
    let (mut one, other) = (taken("2026-11-23"), taken("2026-11-23").case());
    assert!(one.case().is_twin_of(A, &other, B));
    let none = one.act(|c, ctx, _| apart(c, B, " ", ctx)).unwrap_err();
    assert!(none.message.contains("还没填理由"), "{}", none.message);
    one.act(|c, ctx, _| apart(c, B, "母女同住，两个人", ctx)).unwrap();
    assert!(!one.case().is_twin_of(A, &other, B) && !other.is_twin_of(B, &one.case(), A));
    assert!(one.case().is_twin_of(A, &other, [3; 16]), "another one is asked about");
    let (_, settled) = one.case().last::<TwinSettled>().map(|(e, s)| (e.clone(), s.clone())).unwrap();
    assert_eq!((settled.other, settled.verdict), (B, TwinVerdict::Apart));
    assert_eq!(one.case().filing.cell(&settled.reason), Some("母女同住，两个人"));
}

/// Fails when the case that goes does not end by its proper event, or ends although it is over.
#[test]
fn d9_of_two_that_are_one_the_one_that_goes_ends_by_its_event() {
    let mut one = taken("2026-11-23");
    one.act(|c, ctx, _| gone(c, B, Ending::Withdrawn, "两个站各收了一次", ctx)).unwrap();
    assert_eq!(one.case().stage(), crate::case::Stage::Withdrawn);
    assert!(one.read().1.is_empty());
    let again = one.act(|c, ctx, _| gone(c, B, Ending::Returned, "再来一次", ctx)).unwrap_err();
    assert!(again.message.contains("已经撤回"), "{}", again.message);
    one.act(|c, ctx, _| gone(c, [3; 16], Ending::Over, "另行追回", ctx)).unwrap();
    let mut two = taken("2026-11-23");
    let open = two.act(|c, ctx, _| gone(c, A, Ending::Over, "随便", ctx)).unwrap_err();
    assert!(open.message.contains("还没办结"), "{}", open.message);
    two.act(|c, ctx, _| gone(c, A, Ending::Returned, "同一件，留另一站的", ctx)).unwrap();
    assert_eq!(two.case().stage(), crate::case::Stage::Returned);
}

/// Fails when what the clerk said at intake is not written down, or the pair is asked about all the same.
#[test]
fn d9_what_the_clerk_said_at_intake_counts() {
    let (mut one, other) = (taken("2026-11-23"), taken("2026-11-20").case());
    let known = [(B, Twice::Again), ([4; 16], Twice::Apart)];
    one.act(|c, ctx, _| answered(c, &known, ctx)).unwrap();
    assert!(!one.case().is_twin_of(A, &other, B) && !other.is_twin_of(B, &one.case(), A));
    let said: Vec<TwinAnswered> =
        one.case().timeline.iter().filter_map(|e| TwinAnswered::of(&e.what).cloned()).collect();
    assert_eq!(said.iter().map(|s| s.answer).collect::<Vec<_>>(), [Twice::Apart, Twice::Again]);
}

/// Fails when a person, the head of a household and a unit are not told by their numbers, or a half-typed number is
/// taken for somebody.
#[test]
fn d9_who_it_is_is_told_by_the_number() {
    let subject = |pairs: &[(&str, &str)]| {
        let mut doc = Doc::new("S047");
        doc.typed(pairs);
        doc.case().filing.subject()
    };
    let person = subject(&[("0/id_number", "11010519491231002x")]);
    assert!(person.is_some());
    let household = subject(&[("applicant_kind", "household"), ("0/id_number", "11010519491231002X")]);
    assert_eq!(person, household, "by its head");
    assert_eq!(subject(&[("0/id_number", "110105194912")]), None, "half typed");
    assert_eq!(subject(&[]), None);
    let passport = subject(&[("id_kind", "other"), ("0/id_number", "g1234567")]);
    assert_eq!(passport, subject(&[("id_kind", "other"), ("0/id_number", "G1234567")]));
    let unit = subject(&[("applicant_kind", "unit"), ("0/unit_code", "91350100M000100Y43")]);
    assert!(unit.is_some_and(|unit| unit.starts_with("unit ")));
}
