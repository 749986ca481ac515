//! What a case page offers to do and to print.

use model::calendar::Calendar;
use model::case::Case;
use model::case::refuse::{Refuse, give_back, refuse};
use model::case::report_up::{ReportUp, report_up};
use model::item::{FieldKind, Version, Way};
use model::papers::Paper;

use super::super::deed::Deed;
use super::super::main_job::between;
use super::super::show::{Names, Told};
use super::super::words;
use super::{STATION, TODAY, accepted, all_answers, apply, catalogue, ctx, elder, intake, profile, taken_in};
use crate::papers::fill::{Progress, fill};

/// Fails when a 送达回证 is offered for papers that were only given back, or is not where a decision is delivered.
#[test]
fn a_delivery_proof_is_offered_where_something_is_delivered() {
    let catalogue = catalogue();
    let version = catalogue.current("S007", TODAY).unwrap();
    let calendar = Calendar::builtin();
    let no =
        Refuse { reason: "不在本县".into(), basis: "办法第三条".into(), competent: String::new() };
    for (given_back, offered) in [(true, false), (false, true)] {
        let mut record = accepted(version);
        let (case, _) = Case::read(&record, Some(version));
        let end = if given_back { give_back } else { refuse };
        apply(&mut record, end(&case, &no, &ctx(&calendar)).unwrap());
        let (case, _) = Case::read(&record, Some(version));
        let told = told(&case, version, &calendar);
        assert_eq!(told.printable().contains(&Paper::Delivery), offered);
        assert_eq!(
            told.printable().contains(&Paper::Returned),
            given_back,
            "papers given back have their own"
        );
    }
}

/// Fails when papers that the township should see can't be carried there, or when they still are once it is over.
#[test]
fn papers_are_carried_until_it_is_over() {
    let catalogue = catalogue();
    let version = elder(&catalogue);
    let calendar = Calendar::builtin();
    let mut record = accepted(version);
    let (case, _) = Case::read(&record, Some(version));
    assert!(Deed::HandOver.is_open(&case, STATION, TODAY));
    let no = Refuse { reason: "不在本县".into(), ..Refuse::default() };
    apply(&mut record, give_back(&case, &no, &ctx(&calendar)).unwrap());
    let (case, _) = Case::read(&record, Some(version));
    assert!(Deed::HandOver.why_not(&case, STATION, TODAY).unwrap().contains("不用再转交"));
}

/// Fails when paper, light, due line, timeline or buttons of a case taken on behalf do not say the same: where the papers
/// go, until when, and that nobody's clock runs once they are there.
#[test]
fn a_case_taken_on_behalf_says_one_thing_everywhere() {
    let catalogue = catalogue();
    let version = catalogue.current("S074", TODAY).unwrap();
    let calendar = Calendar::builtin();
    let mut record = accepted(version);
    let (case, _) = Case::read(&record, Some(version));
    let light = words::light(&case, Some(version), &calendar, TODAY);
    assert_eq!(light.text, "剩 3 天", "an item done at once is not done at once by an agent");
    assert_eq!(words::due(&case, Some(version), &calendar), "11月26日前送交枫河镇派出所");
    let shown = told(&case, version, &calendar);
    assert!(shown.printable().contains(&Paper::Receipt) && !shown.printable().contains(&Paper::Acceptance));
    let acts = shown.acts();
    assert!(acts.iter().any(|act| act.label == "登记送交"));
    assert!(!acts.iter().any(|act| act.code == "hand-over"), "the route does not lead through the township");
    assert!(shown.entries().iter().any(|entry| entry.note.contains("11月26日前送交枫河镇派出所")));

    let sent = ReportUp { list: "交接单".into(), receiver: "户籍窗口".into(), on: TODAY };
    apply(&mut record, report_up(&case, &sent, &ctx(&calendar)).unwrap());
    let (case, _) = Case::read(&record, Some(version));
    assert_eq!(words::light(&case, Some(version), &calendar, TODAY).text, "已送出");
    assert_eq!(words::due(&case, Some(version), &calendar), "已送交枫河镇派出所，受理后才计时");
}

/// Fails when a page hides the public name of a unit or shows its contact's name or phone, or a paper lacks the contact.
#[test]
fn a_unit_is_named_and_its_contact_is_masked() {
    let catalogue = catalogue();
    let version = catalogue.current("S086", TODAY).unwrap();
    let mut answers = all_answers(version);
    for (name, value) in [
        ("applicant_kind", "unit"),
        ("0/name", "泾县枫河茶叶专业合作社"),
        ("0/unit_code", "91350100M000100Y43"),
        ("0/contact", "吴秀英"),
    ] {
        answers.insert(name.into(), value.into());
    }
    let preview = between(&intake(version, &answers, false), "data-part=\"preview\"", "</aside>");
    assert!(preview.contains("泾县枫河茶叶专业合作社　91350100M000100Y43"));
    assert!(preview.contains("联系人 吴*英") && !preview.contains("吴秀英"));
    let record = taken_in(version, &answers);
    let (case, _) = Case::read(&record, Some(version));
    assert_eq!(words::who(&case.filing), "泾县枫河茶叶专业合作社");
    let people = words::people(&case.filing);
    for (name, value) in
        [("统一社会信用代码", "91350100M000100Y43"), ("联系人", "吴*英"), ("电话", "139****2476")]
    {
        assert!(people.contains(&(name.into(), value.into())), "{people:?}");
    }
    let profile = profile();
    let desk =
        model::papers::Desk { case: &case, version, profile: &profile, calendar: &Calendar::builtin() };
    let progress = Progress { home: "http://192.168.88.110:8101".into(), clerk: String::new() };
    let paper = fill(&desk, Paper::Receipt, TODAY, &progress).unwrap();
    let row = |name: &str| paper.rows.iter().find(|row| row.name == name).cloned().unwrap_or_default();
    assert_eq!(row("申请单位").value, "泾县枫河茶叶专业合作社");
    assert_eq!(row("联系人").value, "吴秀英");
    assert_eq!(row("联系人").pair, Some(("联系电话".into(), "139****2476".into())));
}

pub(super) fn told<'a>(case: &'a Case, version: &'a Version, calendar: &'a Calendar) -> Told<'a> {
    static NAMES: std::sync::OnceLock<Names> = std::sync::OnceLock::new();
    let names = NAMES.get_or_init(Names::new);
    let version = Some(version);
    Told { id: "00ff", case, anomalies: &[], version, calendar, today: TODAY, here: STATION, names }
}

/// Fails when a carried case is offered 不予受理, or the page asks for it all the same.
#[test]
fn a_station_says_no_for_nobody_else() {
    let catalogue = catalogue();
    let calendar = Calendar::builtin();
    for (code, way) in [("S074", Way::OnBehalf), ("S007", Way::Authorised)] {
        let version = catalogue.current(code, TODAY).unwrap();
        assert_eq!(version.way, way);
        let record = accepted(version);
        let (case, _) = Case::read(&record, Some(version));
        assert!(!told(&case, version, &calendar).acts().iter().any(|act| act.code == "not-accept"), "{code}");
        let why = Deed::NotAccept.why_not(&case, STATION, TODAY).unwrap();
        assert_eq!(why.contains("用“登记反馈”"), way == Way::OnBehalf, "{why}");
    }
}

/// Fails when the page asks how much a household or a kind of case is.
#[test]
fn what_to_say_asks_as_people_ask() {
    let catalogue = catalogue();
    let says = |code: &str, left_out: &str| {
        let version = catalogue.current(code, TODAY).unwrap();
        let mut answers = all_answers(version);
        answers.insert("applicant_kind".into(), version.applicants.first().unwrap().code().into());
        answers.remove(left_out);
        intake(version, &answers, true)
    };
    for (code, left_out, wanted) in [
        ("S047", "scenario", "请问办理情形是哪一种？"),
        ("S047", "0/form.account.holder", "请问户名怎么写？"),
        ("S047", "0/phone", "请问联系电话是多少？"),
        ("S074", "0/form.born", "请问出生日期是哪一天？"),
        ("S074", "0/form.follow", "请问随谁落户是哪一种？"),
    ] {
        assert!(says(code, left_out).contains(wanted), "{wanted}");
    }
    let members = catalogue.current("S054", TODAY).unwrap();
    let label = members.form.iter().find(|field| field.kind == FieldKind::Members).unwrap().label.clone();
    assert!(says("S054", "").contains(&format!("请问{label}有哪些？")));
}
