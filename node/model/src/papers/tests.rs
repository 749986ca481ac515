use super::*;
use crate::{
    calendar::Calendar,
    case::{
        approve, deliver,
        event::Manner,
        one_time_notice, refuse, supplement,
        tests::{
            flow::{accept_it, filled},
            support::{Doc, VILLAGE, day},
        },
    },
    station::Profile,
};

fn profile() -> Profile {
    Profile {
        number: VILLAGE,
        name: "枫河镇杨村便民服务站".into(),
        division: "341823101201".into(),
        township: "枫河镇".into(),
        county: "泾县".into(),
        address: "杨村党群服务中心一楼".into(),
        phone: "0563-0002018".into(),
        hours: "工作日 8:00—17:30".into(),
    }
}

fn with<T>(doc: &Doc, paper: impl FnOnce(Desk<'_>) -> T) -> T {
    let (case, profile) = (doc.case(), profile());
    paper(Desk { case: &case, version: &doc.version, profile: &profile, calendar: &Calendar::builtin() })
}

/// Fails if the notice lacks a field that the law or the township asks for, or prints a masked name or an open number.
#[test]
fn the_acceptance_notice_says_all() {
    let mut doc = filled("S047");
    assert!(with(&doc, |d| d.acceptance_notice()).unwrap_err().message.contains("还没受理"));
    doc.typed(&[
        ("has_agent", "1"),
        ("1/name", "周明霞"),
        ("1/id_number", "11010519491231002X"),
        ("1/phone", "13900002476"),
        ("1/relation", "女儿"),
        ("m/photo", "later"),
        ("deferred_signed", "1"),
    ]);
    doc.version.materials.iter_mut().filter(|m| m.name.starts_with("近期照片")).for_each(|m| {
        m.id = "photo".into();
        m.need = crate::item::Need::Deferrable;
        m.defer_days = Some(10);
    });
    accept_it(&mut doc, true).unwrap();
    let paper = with(&doc, |d| d.acceptance_notice()).unwrap();
    assert_eq!(&*paper.party.name, "吴秀英");
    assert!(paper.party.sex == "女" && paper.party.id_number.starts_with("110105********002"));
    assert_eq!(
        (&*paper.party.phone, &*paper.party.agent, &*paper.party.agent_phone),
        ("139****2476", "周明霞", "139****2476")
    );
    assert_eq!(paper.head.number.split('-').count(), 5);
    assert_eq!(
        (paper.head.issuer.as_str(), paper.head.clerk.as_str(), paper.head.sample),
        ("泾县民政局", "陈春梅", true)
    );
    assert!(paper.body.contains("委托枫河镇杨村便民服务站受理（泾民委〔2026〕3号）"));
    assert_eq!(
        (paper.legal.as_str(), paper.promised.as_str(), paper.due.as_str()),
        ("无法定时限", "15 个工作日（次日起算）", "2026年12月14日")
    );
    assert_eq!(
        (paper.fee.as_str(), paper.notice.as_str(), &*paper.head.query_code),
        ("不收费", "张贴次日起公示 7 天，公示期间不停止计时", "740926")
    );
    assert_eq!(
        (paper.received_at.as_str(), paper.accepted_on.as_str()),
        ("2026年11月23日 10:27", "2026年11月23日 10:13")
    );
    let lines: Vec<(&str, &str)> =
        paper.materials.iter().map(|m| (m.name.as_str(), m.how.as_str())).collect();
    // the form is filled in at the counter and is no material of this item
    assert_eq!(lines[0], ("申请表", "1 份，本人签名"));
    assert_eq!(lines[1], ("居民身份证", "原件核验，不留存"));
    assert_eq!(lines[2], ("居民户口簿", "复印件 1 份"));
    assert_eq!(lines[4].1, "容缺，后补");
    assert_eq!(paper.deferred, [("近期照片（部分地方）".to_owned(), "2026年12月3日".to_owned())]);
    let debug = format!("{paper:?}");
    for secret in ["吴秀英", "周明霞", "2476", "740926", "女儿"] {
        assert!(!debug.contains(secret), "{secret}");
    }
}

/// Fails if acting on behalf prints an acceptance, a promise or a due date of the body.
#[test]
fn on_behalf_prints_a_receipt_and_a_mandate() {
    let mut doc = filled("S047");
    accept_it(&mut doc, false).unwrap();
    assert!(with(&doc, |d| d.acceptance_notice()).is_err());
    let receipt = with(&doc, |d| d.intake_receipt()).unwrap();
    assert_eq!((receipt.head.title, receipt.head.issuer.as_str()), ("收件凭证", "枫河镇杨村便民服务站"));
    // the item allows more, so the township accepts in the station's stead
    assert!(receipt.fell_back && receipt.afterwards.contains("镇中心受理"));
    assert_eq!(
        (receipt.carry_name, receipt.carry.as_str()),
        ("转交时限", "2026年11月26日前转交枫河镇便民服务中心")
    );
    assert_eq!(with(&doc, |d| d.mandate()).unwrap().acts.len(), 4);
}

/// Fails if the receipt sends papers to the township that the item's route takes straight to the body, or the clerk is
/// offered to register that.
#[test]
fn a_receipt_says_where_the_route_takes_the_papers() {
    for (code, to) in [("S101", "泾县供电公司"), ("S086", "泾县市场监督管理局"), ("S074", "枫河镇派出所")]
    {
        let mut doc = filled(code);
        // only where the papers go matters here
        doc.version.form.clear();
        doc.typed(&[("applicant_kind", "person")]);
        accept_it(&mut doc, true).unwrap();
        let receipt = with(&doc, |d| d.intake_receipt()).unwrap();
        assert_eq!((receipt.carry_name, receipt.carry), ("送交时限", format!("2026年11月26日前送交{to}")));
        assert_eq!(receipt.afterwards, format!("由{to}受理后告知"));
        let refused = doc.act(|c, ctx, _| crate::case::hand_over::hand_over(c, "镇里", ctx)).unwrap_err();
        assert!(refused.message.contains("直接送交"), "{refused}");
        assert!(!doc.case().is_carried());
        let sent = crate::case::report_up::ReportUp {
            list: "交接单".into(),
            receiver: "窗口".into(),
            on: day("2026-11-23"),
        };
        doc.act(|c, ctx, _| crate::case::report_up::report_up(c, &sent, ctx)).unwrap();
        assert!(doc.case().is_carried());
    }
}

/// Fails if a paper hides a unit's public name or code, or leaves out who speaks for it; or tells the contact's number.
#[test]
fn a_units_paper_names_it_and_its_contact() {
    let mut doc = filled("S086");
    doc.version.form.clear();
    doc.typed(&[("applicant_kind", "person")]);
    assert_eq!(doc.case().filing.shown_name(), "吴*英", "a person's name is masked");
    doc.typed(&[
        ("applicant_kind", "unit"),
        ("0/name", "泾县枫河茶叶专业合作社"),
        ("0/unit_code", "91350100M000100Y43"),
        ("0/contact", "吴秀英"),
    ]);
    accept_it(&mut doc, true).unwrap();
    let party = with(&doc, |d| d.intake_receipt()).unwrap().party;
    assert_eq!((&*party.name, &*party.id_number), ("泾县枫河茶叶专业合作社", "91350100M000100Y43"));
    assert_eq!((&*party.contact, &*party.phone, party.sex), ("吴秀英", "139****2476", ""));
    let filing = doc.case().filing;
    assert_eq!(filing.shown_name(), "泾县枫河茶叶专业合作社");
}

/// Fails if a gap is left off the notice, or says not what would pass.
#[test]
fn gap_notices_list_everything() {
    let mut doc = filled("S047");
    doc.typed(&[("m/hukou", "missing"), ("0/phone", "")]);
    doc.act(|c, ctx, v| one_time_notice::one_time_notice(c, "带户口簿", v, ctx)).unwrap();
    let notice = with(&doc, |d| d.one_time_notice()).unwrap();
    let names: Vec<&str> = notice.lines.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names, ["居民户口簿", "联系电话"]);
    assert!(notice.lines.iter().all(|l| !l.passes.is_empty()) && &*notice.words == "带户口簿");
    let mut doc = filled("S047");
    accept_it(&mut doc, true).unwrap();
    let ask = supplement::AskSupplement {
        gaps: vec!["m/card".into(), "r/local".into()],
        words: "换卡".into(),
        until: Some(day("2026-12-01")),
    };
    doc.at(0, "2026-11-24").act(|c, ctx, v| supplement::ask(c, &ask, v, ctx)).unwrap();
    let notice = with(&doc, |d| d.supplement_notice()).unwrap();
    assert_eq!((notice.lines.len(), notice.until.as_str()), (2, "2026年12月1日"));
}

/// Fails if a decision lacks reason, basis or the resident's rights, or if a decision that does not stand is printed.
#[test]
fn decisions_and_delivery() {
    let no = refuse::Refuse {
        reason: "不在本县".into(),
        basis: "办法第三条".into(),
        competent: "宁国市民政局".into(),
    };
    let mut doc = filled("S007");
    let receive = crate::case::receive::Receive {
        number: crate::number::CaseNumber::mint(VILLAGE, 2026, [1; 8], 1).unwrap(),
        query_code: "000001".into(),
        at: String::new(),
    };
    doc.act(|c, ctx, v| crate::case::receive::receive(c, &receive, v, ctx)).unwrap();
    assert!(with(&doc, |d| d.delivery_proof(day("2026-11-23"))).is_err());
    doc.act(|c, ctx, _| refuse::not_accept(c, &no, ctx)).unwrap();
    let paper = with(&doc, |d| d.not_accepted_notice()).unwrap();
    assert_eq!((&*paper.reason, &*paper.competent), ("不在本县", "宁国市民政局"));
    // 失业登记 is a service and no administrative act: there is nothing to review
    assert!(!paper.rights.contains("行政复议") && paper.rights.contains("12345"));
    assert!(with(&doc, |d| d.refusal_decision()).is_err());
    assert_eq!(&*with(&doc, |d| d.delivery_proof(day("2026-11-23"))).unwrap().paper, "不予受理通知书");

    let mut doc = filled("S007");
    accept_it(&mut doc, true).unwrap();
    let accepted = doc.record.clone();
    doc.act(|c, ctx, _| refuse::refuse(c, &no, ctx)).unwrap();
    assert_eq!(&*with(&doc, |d| d.refusal_decision()).unwrap().basis, "办法第三条");
    // what is signed for is the no, not the receipt that was asked for
    assert_eq!(&*with(&doc, |d| d.delivery_proof(day("2026-11-23"))).unwrap().paper, "不予办理通知书");

    // papers given back or taken back: there is nothing to sign for
    doc.record = accepted.clone();
    doc.act(|c, ctx, _| refuse::give_back(c, &no, ctx)).unwrap();
    assert!(with(&doc, |d| d.delivery_proof(day("2026-11-23"))).unwrap_err().message.contains("没有结果"));
    doc.record = accepted;
    let asker = crate::case::event::Asker::Applicant;
    doc.act(|c, ctx, _| crate::case::withdraw::withdraw(c, asker, "", ctx)).unwrap();
    assert!(with(&doc, |d| d.delivery_proof(day("2026-11-23"))).is_err());

    let mut doc = filled("S007");
    accept_it(&mut doc, true).unwrap();
    doc.act(|c, ctx, _| approve::approve(c, &approve::Approve::default(), ctx)).unwrap();
    let blank = with(&doc, |d| d.delivery_proof(day("2026-11-23"))).unwrap();
    assert_eq!((&*blank.paper, blank.manner, blank.receiver.is_blank()), ("失业登记回执", "", true));
    let hand = deliver::Deliver { receiver: "吴秀英".into(), manner: Manner::Counter, signed: true };
    doc.act(|c, ctx, _| deliver::deliver(c, &hand, ctx)).unwrap();
    let proof = with(&doc, |d| d.delivery_proof(day("2026-11-24"))).unwrap();
    assert_eq!(
        (&*proof.receiver, proof.delivered_on.as_str(), proof.signed),
        ("吴秀英", "2026年11月23日", true)
    );
}

/// Fails if papers go back without reason, giver, number, or a word on how to complain; or promise a review of an agent.
#[test]
fn papers_given_back_say_why_and_whom_to_ask() {
    let no = refuse::Refuse { reason: "户口簿不是本人的".into(), ..Default::default() };
    let mut doc = filled("S047");
    assert!(with(&doc, |d| d.return_notice()).is_err());
    accept_it(&mut doc, true).unwrap();
    doc.at(0, "2026-11-24").act(|c, ctx, _| refuse::give_back(c, &no, ctx)).unwrap();
    let paper = with(&doc, |d| d.return_notice()).unwrap();
    assert_eq!((&*paper.reason, paper.by.as_str()), ("户口簿不是本人的", "枫河镇便民服务中心"));
    assert_eq!((paper.head.issuer.as_str(), paper.head.date.as_str()), (paper.by.as_str(), "2026年11月24日"));
    assert!(!paper.head.number.is_empty() && &*paper.head.query_code == "740926");
    // originals that were only looked at were never kept
    let kept: Vec<&str> = paper.materials.iter().map(|m| m.name.as_str()).collect();
    assert!(kept.contains(&"居民户口簿") && !kept.contains(&"居民身份证"), "{kept:?}");
    assert!(paper.again.contains("不等于不予给付。") && paper.again.contains("重新申请"));
    assert!(paper.complain.contains("12345") && paper.complain.contains("泾县人民政府申请行政复议"));

    let mut doc = filled("S101");
    doc.version.form.clear();
    accept_it(&mut doc, true).unwrap();
    let carried = doc.record.clone();
    doc.act(|c, ctx, _| refuse::give_back(c, &no, ctx)).unwrap();
    let paper = with(&doc, |d| d.return_notice()).unwrap();
    assert_eq!(paper.head.issuer, "枫河镇杨村便民服务站");
    assert!(paper.again.contains("自己到泾县供电公司申请") && !paper.complain.contains("行政复议"));

    // sent back by the body outside: its reason, its paper
    doc.record = carried;
    let on = day("2026-11-23");
    let up = crate::case::report_up::ReportUp { list: "交接单".into(), receiver: "窗口".into(), on };
    doc.act(|c, ctx, _| crate::case::report_up::report_up(c, &up, ctx)).unwrap();
    let answer = crate::case::event::Answer::SentBack;
    let fed = crate::case::feedback::Feedback {
        answer,
        paper: "供退〔2026〕7号".into(),
        on,
        words: "没有产权证明".into(),
    };
    doc.act(|c, ctx, _| crate::case::feedback::feedback(c, &fed, ctx)).unwrap();
    let paper = with(&doc, |d| d.return_notice()).unwrap();
    assert_eq!(
        (paper.by.as_str(), &*paper.paper, &*paper.reason),
        ("泾县供电公司", "供退〔2026〕7号", "没有产权证明")
    );
}

/// Fails if a no is misnamed, if review is promised where the law gives none, or withheld where it does.
#[test]
fn a_no_is_named_and_reviewed_as_its_kind_says() {
    for (code, title, reviewable) in [
        ("S096", "不予许可决定书", true),
        ("S047", "不予给付决定书", true),
        ("S074", "不予确认决定书", true),
        ("S097", "不予办理决定书", true),
        ("S007", "不予办理通知书", false),
        ("S019", "不予调解通知书", false),
    ] {
        let nature = filled(code).version.nature();
        assert_eq!((nature.refusal_title(), nature.is_reviewable()), (title, reviewable), "{code}");
        assert!(title.starts_with(nature.refused()) && nature.refused().chars().count() == 4);
    }
}

/// Fails if the form loses a field that was filled.
#[test]
fn the_application_form_holds_what_was_filled() {
    let doc = filled("S047");
    let form = with(&doc, |d| d.application_form(day("2026-11-23")));
    let line = |label: &str| {
        form.people.iter().chain(&form.lines).find(|l| l.label == label).map(|l| l.value.to_string())
    };
    assert_eq!(line("联系电话").as_deref(), Some("13912342476"));
    assert_eq!(line("居住情况").as_deref(), Some("独居"));
    assert_eq!(line("户名").as_deref(), Some("吴秀英"));
    assert!(form.members.is_empty() && !form.household);
    assert_eq!(form.signing.map(|signing| signing.how), Some(crate::case::Signed::Own));
    let own: Vec<&str> = form.lines.iter().map(|line| line.label.as_str()).collect();
    let order: Vec<&str> = doc.version.form_for("s1").map(|field| field.label.as_str()).collect();
    assert!(order.iter().all(|label| own.contains(label)), "{own:?}");

    // nothing known: every box is there, empty, with what may be picked
    let (case, _) = crate::case::Case::read(&crate::record::Record::default(), Some(&doc.version));
    let station = profile();
    let calendar = Calendar::builtin();
    let desk = Desk { case: &case, version: &doc.version, profile: &station, calendar: &calendar };
    let blank = desk.application_form(day("2026-11-23"));
    assert!(blank.people.iter().chain(&blank.lines).all(|line| line.value.is_blank()));
    assert!(blank.people.iter().any(|line| line.label == "代办人姓名") && blank.signing.is_none());
    assert!(blank.lines.iter().any(|line| line.options.len() > 1));
    assert_eq!(blank.scenarios.len(), doc.version.scenarios.len());
}

/// Fails if more time or a standing clock is told without reason, approver, days or the new day.
#[test]
fn a_longer_wait_is_told_in_writing() {
    let mut doc = filled("S047");
    accept_it(&mut doc, true).unwrap();
    assert!(with(&doc, |d| d.extension_notice()).is_err() && with(&doc, |d| d.special_notice()).is_err());
    doc.at(0, "2026-11-24");
    doc.act(|c, ctx, version| crate::case::suspend::ask_extension(c, 5, "户籍要核对", version, ctx)).unwrap();
    assert!(with(&doc, |d| d.extension_notice()).is_err(), "asked is not approved");
    doc.act(|c, ctx, _| crate::case::suspend::approve_extension(c, "方敏", ctx)).unwrap();
    let paper = with(&doc, |d| d.extension_notice()).unwrap();
    assert_eq!((&*paper.reason, &*paper.approver), ("户籍要核对", "方敏"));
    assert_eq!(
        (paper.was_due.as_str(), paper.longer.as_str(), paper.due.as_str()),
        ("2026年12月14日", "5 个工作日", "2026年12月21日")
    );
    let which = crate::case::event::Special::Appraisal;
    doc.act(|c, ctx, _| crate::case::suspend::start_special(c, which, 12, ctx)).unwrap();
    let paper = with(&doc, |d| d.special_notice()).unwrap();
    assert_eq!((paper.which, paper.days, paper.from.as_str()), ("鉴定", 12, "2026年11月24日"));
}

/// D6. Fails if what is signed cannot be printed before acceptance, or says after it something else than was signed.
#[test]
fn promises_are_printed_before_and_after() {
    let today = day("2026-11-23");
    let mut doc = filled("S047");
    assert!(
        with(&doc, |d| d.deferral_promise(today)).is_err() && with(&doc, |d| d.proof_promise(today)).is_err()
    );
    let materials = &mut doc.version.materials;
    materials[1].need = crate::item::Need::Deferrable;
    materials[1].defer_days = Some(3);
    materials[2].exemption = Some(crate::item::Exemption::Promise);
    let (late, vow) = (materials[1].clone(), materials[2].clone());
    doc.typed(&[
        (&format!("m/{}", late.id), "later"),
        (&format!("m/{}", vow.id), "exempt"),
        ("deferred_signed", "1"),
        ("promise_signed", "1"),
    ]);
    let deferral = with(&doc, |d| d.deferral_promise(today)).unwrap();
    let proof = with(&doc, |d| d.proof_promise(today)).unwrap();
    assert_eq!(
        (deferral.lines[0].0.as_str(), deferral.until.as_str()),
        (late.name.as_str(), "2026年11月26日")
    );
    assert_eq!(proof.lines, [(vow.name.clone(), vow.passes.clone())]);
    assert!(proof.basis.contains(&vow.basis));
    accept_it(&mut doc, true).unwrap();
    let signed = with(&doc, |d| d.deferral_promise(day("2026-12-01"))).unwrap();
    assert_eq!((signed.until, signed.lines), (deferral.until, deferral.lines));
    assert_eq!(with(&doc, |d| d.proof_promise(day("2026-12-01"))).unwrap().lines, proof.lines);
}

/// Fails if what hangs on the board shows a name, a number, a phone or an address; or the way home forgets a step.
#[test]
fn the_board_is_masked_and_the_way_home_is_whole() {
    let mut doc = filled("S047");
    accept_it(&mut doc, true).unwrap();
    assert!(with(&doc, |d| d.public_notice()).is_err());
    doc.act(|c, ctx, v| crate::case::notice::post(c, "村务公示栏", v, ctx)).unwrap();
    let paper = with(&doc, |d| d.public_notice()).unwrap();
    assert_eq!((paper.name.as_str(), paper.id_number.as_str()), ("吴*英", "1****************4"));
    assert!(paper.head.query_code.is_blank() && paper.place == "村务公示栏");
    assert_eq!((paper.from.as_str(), paper.until.as_str()), ("2026年11月24日", "2026年11月30日"));
    let sheet = with(&doc, |d| d.progress_sheet(day("2026-11-23"), "陈春梅")).unwrap();
    assert_eq!(sheet.lines.len(), doc.version.route.len());
    assert!(sheet.lines[0].state.starts_with("已办") && sheet.due == "2026年12月14日");
    let line = with(&doc, |d| d.sheet_line());
    assert_eq!((line.number.as_str(), &*line.applicant), (sheet.head.number.as_str(), "吴秀英"));
    assert!(line.copies.0 > 0 && line.copies.1 > 0);
}
