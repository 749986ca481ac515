//! D5, D6, C7: signatures before acceptance, 容缺, 告知承诺, what is done without.

use super::{
    super::{event::*, *},
    flow::{accept_it, accept_them, filled, receive_command},
    support::*,
};
use crate::{
    Refusal,
    authority::{Authority, decide},
    item::{Exemption, Need, Pace, Way},
};

/// S097 with one deferrable, one promised and one shared material.
fn eased() -> Doc {
    let mut doc = filled("S097");
    doc.version.form.clear();
    doc.version.applicants = vec![crate::item::ApplicantKind::Person];
    doc.typed(&[("applicant_kind", "person"), ("signed", "")]);
    doc.version.promised = Some(crate::item::Limit::working(10));
    let add = |id: &str, need: Need, exemption: Option<Exemption>| {
        let mut one = doc.version.materials[0].clone();
        (one.id, one.name, one.need, one.exemption) = (id.into(), format!("材料{id}"), need, exemption);
        one.defer_days = (need == Need::Deferrable).then_some(5);
        one
    };
    let more = [
        add("late", Need::Deferrable, None),
        add("vow", Need::Required, Some(Exemption::Promise)),
        add("seen", Need::Exempt, Some(Exemption::Shared)),
    ];
    doc.version.materials.extend(more);
    doc.typed(&[("m/late", "ok"), ("m/vow", "ok"), ("m/seen", "exempt")]);
    doc
}

fn fields(refusal: &Refusal) -> Vec<&str> {
    refusal.fields.iter().map(|error| error.field.as_str()).collect()
}

fn look(holds: bool, words: &str, materials: &[&str]) -> verify::Verify {
    let materials = materials.iter().map(|id| (*id).to_owned()).collect();
    verify::Verify { materials, source: Source::Licence, holds, words: words.into() }
}

/// C7. Fails if an item with a form is accepted unsigned, a 代签 lacks signer, reason or witness, or the missing signature
/// gets onto the notice of what the resident must bring.
#[test]
fn a_form_is_signed_before_acceptance() {
    let mut doc = filled("S047");
    doc.typed(&[("signed", "")]);
    assert_eq!(fields(&accept_it(&mut doc, true).unwrap_err()), ["signed"]);
    let notice = doc.act(|c, ctx, v| one_time_notice::one_time_notice(c, "", v, ctx)).unwrap_err();
    assert!(notice.message.contains("没有缺的"), "{notice}");
    doc.typed(&[("signed", "proxy")]);
    let missing = accept_it(&mut doc, true).unwrap_err();
    assert_eq!(fields(&missing), ["0/signer", "0/sign_reason", "0/witness"]);
    doc.typed(&[("0/signer", "周明霞"), ("0/sign_reason", "手抖写不了字"), ("0/witness", "周明霞")]);
    assert_eq!(fields(&accept_it(&mut doc, true).unwrap_err()), ["0/witness"]);
    doc.typed(&[("0/signer", "吴秀英"), ("0/witness", "李村")]);
    assert_eq!(fields(&accept_it(&mut doc, true).unwrap_err()), ["0/signer"]);
    doc.typed(&[("0/signer", "周明霞")]);
    accept_it(&mut doc, true).unwrap();
    assert_eq!(doc.case().filing.signed(), Some(Signed::Proxy));

    let mut plain = filled("S047");
    plain.version.form.clear();
    plain.typed(&[("signed", "")]);
    accept_it(&mut plain, true).unwrap();
}

/// C6. Fails if, for any way and any written paper, intake makes a 受理通知书 that the station may not give, or keeps one
/// back that it may; or if what it makes instead does not say that it is no acceptance.
#[test]
fn intake_prints_an_acceptance_only_where_a_paper_allows_it() {
    let paper = |way, station, item: &str, from: &str, to: &str| Authority {
        document: "泾民委〔2026〕3号".into(),
        principal: "泾县民政局".into(),
        way,
        station,
        items: vec![item.to_owned()],
        from: day(from),
        to: Some(day(to)),
        ended: None,
    };
    for way in Way::ALL {
        for given in Way::ALL {
            let year = ("2026-01-01", "2026-12-31");
            let cases = [
                (None, "没有", false),
                (Some(paper(given, VILLAGE, "S007", year.0, year.1)), "没有", way == given),
                (Some(paper(given, VILLAGE, "S007", "2026-01-01", "2026-11-22")), "到期", false),
                (Some(paper(given, VILLAGE, "S007", "2026-11-24", "2026-12-31")), "才生效", false),
                (Some(paper(given, VILLAGE + 1, "S007", year.0, year.1)), "没有", false),
                (Some(paper(given, VILLAGE, "S047", year.0, year.1)), "没有", false),
            ];
            for (written, why, allowed) in cases {
                let mut doc = filled("S007");
                doc.version.way = way;
                let standing = decide(&doc.version, written.as_slice(), VILLAGE, doc.today);
                let command = accept::Accept { receive: Some(receive_command()), standing, barred: false };
                doc.act(|case, ctx, version| accept::accept(case, &command, version, ctx)).unwrap();
                let (case, said) = (doc.case(), &command.standing.why);
                let may = allowed && way != Way::OnBehalf;
                assert_eq!((case.accepted.is_some(), case.on_behalf.is_none()), (may, may), "{said}");
                if !may && way != Way::OnBehalf {
                    let why = if way == given { why } else { "没有" };
                    assert!(said.contains(why) && said.contains("只能代办"), "{said}");
                }
            }
        }
    }
}

/// D6. Fails if 容缺 is taken where the item does not allow it, with a main material missing, unsigned, for longer than is
/// promised, by a station that only carries, or from somebody who is barred.
#[test]
fn deferral_needs_the_item_the_main_papers_a_signature_and_good_standing() {
    let mut doc = eased();
    doc.typed(&[("m/late", "later")]);
    assert_eq!(fields(&accept_it(&mut doc, true).unwrap_err()), ["deferred_signed"]);
    doc.typed(&[("deferred_signed", "1"), ("m/id_card", "missing")]);
    assert_eq!(fields(&accept_it(&mut doc, true).unwrap_err()), ["m/id_card"]);
    doc.typed(&[("m/id_card", "later")]);
    assert_eq!(fields(&accept_it(&mut doc, true).unwrap_err()), ["m/id_card"], "not deferrable");
    doc.typed(&[("m/id_card", "ok")]);
    let barred = accept_them(&mut doc, true, true).unwrap_err();
    assert!(fields(&barred) == ["m/late"] && barred.fields.of("m/late").unwrap().contains("失信"));
    let carried = accept_it(&mut doc, false).unwrap_err();
    assert!(carried.fields.of("m/late").unwrap().contains("代办"));

    let before = doc.record.clone();
    accept_it(&mut doc, true).unwrap();
    assert_eq!(doc.case().outstanding().next(), Some(("late", day("2026-11-28"))));
    // ten days of its own, but the case is promised within one: not later than that
    doc.record = before;
    doc.version.promised = None;
    doc.version.pace = Pace::Instant;
    accept_it(&mut doc, true).unwrap();
    assert_eq!(doc.case().deferral_due(), Some(day("2026-11-24")));
}

/// D6. Fails if time alone returns a case whose paper did not come, if a person cannot, or a return leaves it on the list.
#[test]
fn an_overdue_deferral_is_returned_by_a_person_only() {
    let mut doc = eased();
    doc.typed(&[("m/late", "later"), ("deferred_signed", "1")]);
    accept_it(&mut doc, true).unwrap();
    doc.at(0, "2027-03-01");
    assert_eq!(doc.case().stage(), Stage::Processing);
    let why = refuse::Refuse { reason: "没有补齐".into(), ..Default::default() };
    doc.act(|c, ctx, _| refuse::give_back(c, &why, ctx)).unwrap();
    assert_eq!((doc.case().stage(), doc.case().deferral_due()), (Stage::Returned, None));
}

/// D6. Fails if a promise counts unsigned, a declined one asks no proof, a promise leaves no check behind, a check counts
/// twice or without words, or a barred person promises.
#[test]
fn a_promise_is_signed_checked_and_may_be_declined() {
    let mut doc = eased();
    doc.typed(&[("m/vow", "missing")]);
    assert_eq!(fields(&accept_it(&mut doc, true).unwrap_err()), ["m/vow"], "declined: the proof is asked");
    doc.typed(&[("m/vow", "exempt")]);
    assert_eq!(fields(&accept_it(&mut doc, true).unwrap_err()), ["promise_signed"]);
    doc.typed(&[("promise_signed", "1")]);
    assert_eq!(fields(&accept_them(&mut doc, true, true).unwrap_err()), ["m/vow"]);
    accept_it(&mut doc, true).unwrap();
    let case = doc.case();
    assert!(case.promised == ["vow"] && case.awaits_check() && !case.bars());
    assert!(doc.act(|c, ctx, _| promise::check(c, true, " ", ctx)).is_err());
    doc.act(|c, ctx, _| promise::check(c, true, "已向镇农经站核实", ctx)).unwrap();
    assert!(!doc.case().awaits_check() && !doc.case().bars());
    assert!(doc.act(|c, ctx, _| promise::check(c, false, "再查", ctx)).is_err());
    assert!(doc.act(|c, ctx, _| promise::lift(c, "改正", ctx)).is_err(), "there is no bar");
}

/// D6. Fails if a false promise does not bar, if a decision cannot be taken back or its result still goes out, or if the
/// bar is lifted by the station, without a reason, or not at all.
#[test]
fn a_false_promise_is_revoked_and_bars_until_repaired() {
    let mut doc = eased();
    doc.typed(&[("m/vow", "exempt"), ("promise_signed", "1")]);
    accept_it(&mut doc, true).unwrap();
    doc.act(|c, ctx, _| promise::check(c, false, "实际没有资质", ctx)).unwrap();
    assert!(doc.case().bars());
    doc.station = 0;
    let undecided = doc.act(|c, ctx, _| promise::revoke(c, "虚假", "条例", ctx)).unwrap_err();
    assert!(undecided.message.contains("还没批准"), "{undecided}");
    let mark = Mark { op: op(900), stamp: stamp(0) };
    let mut case = doc.case();
    case.effect(&mark, &payload(Kind::Approved));
    assert_eq!(case.judge(&payload(Kind::Revoked), 0), Verdict::Applies);
    case.effect(&mark, &payload(Kind::Revoked));
    assert_eq!((case.stage(), case.turn()), (Stage::Revoked, Turn::Nobody));
    for kind in [Kind::ResultReady, Kind::Delivered] {
        assert!(matches!(case.judge(&payload(kind), 0), Verdict::Refused(_)), "{kind:?}");
    }
    doc.station = VILLAGE;
    assert!(doc.act(|c, ctx, _| promise::lift(c, "已改正", ctx)).is_err());
    doc.station = 0;
    assert!(doc.act(|c, ctx, _| promise::lift(c, "", ctx)).is_err());
    doc.act(|c, ctx, _| promise::lift(c, "已补齐资质", ctx)).unwrap();
    assert!(!doc.case().bars() && doc.case().promise_broken());
}

/// D5. Fails if what was done without offline does not wait for its check, a check that fails leaves it as good, or one
/// registers what does not wait.
#[test]
fn what_was_done_without_waits_for_its_check() {
    let mut doc = eased();
    assert!(doc.case().unverified().is_empty(), "a draft waits for nothing");
    accept_it(&mut doc, true).unwrap();
    assert_eq!(doc.case().unverified(), ["seen"]);
    let before = doc.record.clone();
    assert!(doc.act(|c, ctx, _| verify::verify(c, &look(true, "", &["late"]), ctx)).is_err());
    assert!(doc.act(|c, ctx, _| verify::verify(c, &look(true, "", &[]), ctx)).is_err());
    doc.act(|c, ctx, _| verify::verify(c, &look(true, "", &["seen"]), ctx)).unwrap();
    let (case, odd) = doc.read();
    assert!(case.unverified().is_empty() && odd.is_empty());
    assert_eq!(case.filing.fact("m/seen/how"), Some("licence"));
    assert!(doc.act(|c, ctx, _| verify::verify(c, &look(true, "", &["seen"]), ctx)).is_err());

    doc.record = before;
    assert!(doc.act(|c, ctx, _| verify::verify(c, &look(false, "", &["seen"]), ctx)).is_err());
    doc.act(|c, ctx, _| verify::verify(c, &look(false, "库里没有", &["seen"]), ctx)).unwrap();
    let case = doc.case();
    assert!(case.unverified().is_empty() && case.filing.material("seen") == Tick::Bad);
}
