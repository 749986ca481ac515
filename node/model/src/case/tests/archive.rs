//! D12: what may be filed, for how long, what still goes into a file, and that sealing is no erasing.

use super::{
    super::{archive, event::*, *},
    flow::{accept_it, filled},
    support::*,
};
use crate::{item::Version, station::CENTRE};

fn withdrawn() -> Doc {
    let mut doc = filled("S047");
    accept_it(&mut doc, true).unwrap();
    doc.act(|case, ctx, _| withdraw::withdraw(case, Asker::Applicant, "", ctx)).unwrap();
    doc
}

fn command() -> archive::File {
    archive::File { shelf: "3柜-2盒-15件".into(), pages: 12, years: 10, digest: [5; 32] }
}

fn archived() -> Doc {
    let mut doc = withdrawn();
    doc.act(|case, ctx, _| archive::file(case, &command(), ctx)).unwrap();
    doc
}

/// Fails when a case that is not finished is filed, or one is filed twice, without a place or without pages.
#[test]
fn d12_only_a_finished_case_is_filed_and_only_once() {
    let mut doc = filled("S047");
    accept_it(&mut doc, true).unwrap();
    let early = doc.act(|case, ctx, _| archive::file(case, &command(), ctx)).unwrap_err();
    assert!(early.message.contains("办结以后再归档"));
    assert_eq!(doc.case().to_file(), None);
    let mut doc = withdrawn();
    assert_eq!(doc.case().to_file(), Some(day("2026-11-23")));
    for (shelf, pages, field) in [("", 1, "shelf"), ("3柜", 0, "pages"), ("3柜", 100_000, "pages")] {
        let wrong = archive::File { shelf: shelf.into(), pages, ..command() };
        let refusal = doc.act(|case, ctx, _| archive::file(case, &wrong, ctx)).unwrap_err();
        assert!(refusal.fields.of(field).is_some(), "{field}");
    }
    let mut doc = archived();
    assert!(doc.act(|case, ctx, _| archive::file(case, &command(), ctx)).is_err());
    let case = doc.case();
    assert_eq!(case.retention(), Some((10, Some(day("2036-12-31")))));
    assert_eq!((case.to_file(), case.filing.cell(case.shelf().unwrap())), (None, Some("3柜-2盒-15件")));
    doc.act(|case, ctx, _| archive::move_shelf(case, "5柜-1盒-2件", ctx)).unwrap();
    let case = doc.case();
    assert_eq!(case.filing.cell(case.shelf().unwrap()), Some("5柜-1盒-2件"));
}

/// Fails when a filed case takes an act that changes it, or refuses an addition.
#[test]
fn d12_after_filing_a_case_changes_only_by_addition() {
    let mut doc = archived();
    let case = doc.case();
    let additions = [
        Kind::Noted,
        Kind::PhotoAdded,
        Kind::PhotoMarked,
        Kind::Transcribed,
        Kind::RatingLinked,
        Kind::ShelfMoved,
        Kind::RetentionProlonged,
        Kind::Sealed,
        Kind::Settled,
        Kind::ConflictPicked,
        Kind::Inquired,
        Kind::TwinAnswered,
        Kind::TwinSettled,
        Kind::Packaged,
        Kind::BroughtBack,
        Kind::HelpAsked,
        Kind::HelpSaid,
        Kind::HelpSuggested,
        Kind::HelpTaken,
        Kind::HelpDeclined,
        Kind::HelpClosed,
    ];
    for kind in Kind::ALL {
        let allowed = [VILLAGE, CENTRE].iter().any(|at| case.judge(&payload(*kind), *at) == Verdict::Applies);
        assert_eq!(allowed, additions.contains(kind), "{}", kind.name());
    }
    let Verdict::Refused(why) = case.judge(&payload(Kind::HandedOver), VILLAGE) else { panic!() };
    assert!(why.contains("只能往里加"));
    doc.act(|case, ctx, _| note::note(case, "补一句", ctx)).unwrap();
    assert!(doc.read().1.is_empty());
}

/// Fails when a term ends on another day than the last of its last year, or an item has no term.
#[test]
fn d12_every_item_has_a_term_and_it_ends_with_a_year() {
    assert_eq!(archive::last_day(day("2026-01-01"), 10), Some(day("2036-12-31")));
    assert_eq!(archive::last_day(day("2026-12-31"), 30), Some(day("2056-12-31")));
    assert_eq!(archive::last_day(day("2026-12-31"), 0), None);
    let sample = crate::catalogue::sample().unwrap();
    let years: Vec<u64> =
        sample.items().flat_map(|item| &item.versions).map(|v: &Version| archive::default_years(v)).collect();
    assert!(years.iter().all(|years| archive::TERMS.contains(years)));
    assert!(archive::TERMS.iter().all(|term| years.contains(term)), "each is the term of some item");
}

/// Fails when a file is kept longer without a reason, or for longer than for ever.
#[test]
fn d12_a_file_is_kept_longer_by_a_person_with_a_reason() {
    let mut doc = archived();
    doc.at(CENTRE, "2037-02-01");
    assert!(doc.act(|case, ctx, _| archive::prolong(case, 10, "", ctx)).is_err());
    assert!(doc.act(|case, ctx, _| archive::prolong(case, 7, "还有用", ctx)).is_err());
    doc.act(|case, ctx, _| archive::prolong(case, 30, "还在还款", ctx)).unwrap();
    let kept = doc.case().retention();
    assert_eq!(kept.unwrap().0, 30);
    let shorter = doc.act(|case, ctx, _| archive::prolong(case, 10, "还有用", ctx)).unwrap_err();
    assert!(shorter.fields.of("years").unwrap().contains("反而短了"), "{shorter:?}");
    assert!(
        doc.act(|case, ctx, _| archive::prolong(case, 30, "再说一遍", ctx)).is_err(),
        "no longer than it is"
    );
    assert_eq!(doc.case().retention(), kept, "never shortened by prolonging");
    doc.act(|case, ctx, _| archive::prolong(case, 0, "有争议", ctx)).unwrap();
    assert_eq!(doc.case().retention(), Some((0, None)));
    assert!(doc.act(|case, ctx, _| archive::prolong(case, 30, "再留", ctx)).is_err(), "for ever already");
}

/// Fails when a case that is being handled is sealed, the village opens a seal, or a reason is not asked for.
#[test]
fn d12_sealing_keeps_the_case_and_only_the_centre_opens_it() {
    let mut doc = filled("S047");
    accept_it(&mut doc, true).unwrap();
    assert!(doc.act(|case, ctx, _| archive::seal(case, Asker::Applicant, "不想留", ctx)).is_err());
    let mut doc = archived();
    assert!(doc.act(|case, ctx, _| archive::open_seal(case, "案件", ctx)).is_err(), "not sealed");
    assert!(doc.act(|case, ctx, _| archive::seal(case, Asker::Applicant, " ", ctx)).is_err());
    doc.act(|case, ctx, _| archive::seal(case, Asker::Applicant, "不想留", ctx)).unwrap();
    assert!(doc.case().sealed.is_some());
    for act in [archive::open_seal, archive::unseal] {
        let refusal = doc.act(|case, ctx, _| act(case, "案件", ctx)).unwrap_err();
        assert!(refusal.message.contains("镇中心"));
    }
    doc.at(CENTRE, "2026-11-24");
    assert!(doc.act(|case, ctx, _| archive::open_seal(case, "", ctx)).is_err());
    doc.act(|case, ctx, _| archive::open_seal(case, "法院调卷", ctx)).unwrap();
    assert!(doc.case().sealed.is_some(), "looked at, and sealed still");
    doc.act(|case, ctx, _| archive::unseal(case, "本人撤回请求", ctx)).unwrap();
    assert!(doc.case().sealed.is_none() && doc.read().1.is_empty());
}
