use super::{
    super::{act::*, *},
    *,
};
use crate::{Refusal, office::Settings};

/// A matter that is worked on: record, state, and a nonce for each act.
struct Desk {
    record: Record,
    matter: Matter,
    calendar: Calendar,
    nonce: u64,
}

impl Desk {
    fn new(sort: Sort, typed: &Open) -> Self {
        let mut desk = Self {
            record: Record::default(),
            matter: Matter::default(),
            calendar: Calendar::builtin(),
            nonce: 0,
        };
        desk.at(VILLAGE, |_, ctx| open(sort, typed, &Settings::default(), ctx)).unwrap();
        desk
    }

    fn at(
        &mut self,
        station: u16,
        act: impl Fn(&Matter, &Ctx<'_>) -> Result<Edit, Refusal>,
    ) -> Result<(), Refusal> {
        self.nonce += 1;
        let edit = act(&self.matter, &ctx(&self.calendar, station, self.nonce))?;
        self.matter = apply(&mut self.record, edit);
        Ok(())
    }

    fn ok(&mut self, act: impl Fn(&Matter, &Ctx<'_>) -> Result<Edit, Refusal>) {
        self.at(VILLAGE, act).unwrap();
    }

    fn no(&mut self, words: &str, act: impl Fn(&Matter, &Ctx<'_>) -> Result<Edit, Refusal>) {
        let why = self.at(VILLAGE, act).unwrap_err().message;
        assert!(why.contains(words), "{why}");
    }
}

fn resident() -> Open {
    Open {
        words: "材料交了三次还不给办".into(),
        name: "吴秀英".into(),
        phone: "13956322476".into(),
        ..Open::default()
    }
}

fn to_post() -> Assign {
    Assign { to: Target::Post, whom: "综合窗口".into(), tracking: String::new(), until: None }
}

fn told(words: &str) -> Answer {
    Answer { how: Channel::Phone, words: words.into(), elsewhere: false }
}

/// B5: fails when a step of 登记→分类→转办→办结→反馈→回访 can be left out, or the clocks are not those of the setting.
#[test]
fn stuck_goes_step_by_step_and_ends_only_after_feedback_and_revisit() {
    let settings = Settings::default();
    let mut desk = Desk::new(Sort::Stuck, &resident());
    assert_eq!(desk.matter.due, Some(jiff::civil::date(2026, 11, 30)), "5 working days");
    desk.no("还没分类", |m, c| handle(m, "补办了", &settings, c));
    desk.ok(|m, c| sort_out(m, "again", false, c));
    desk.no("还没转办", |m, c| handle(m, "补办了", &settings, c));
    desk.ok(|m, c| assign(m, &to_post(), &Settings::default(), c));
    desk.no("还没处理结束", |m, c| answer(m, &told("好了"), c));
    desk.ok(|m, c| handle(m, "补办了", &settings, c));
    assert_eq!(desk.matter.due, Some(jiff::civil::date(2026, 11, 24)), "1 working day");
    desk.no("反馈和回访以后", |m, c| close(m, Ending::Done, None, "", c));
    desk.ok(|m, c| answer(m, &told("办好了"), c));
    desk.no("还没回访", |m, c| close(m, Ending::Done, None, "", c));
    desk.ok(|m, c| revisit(m, Satisfied::No, "还是没拿到证", c));
    desk.no("不满意", |m, c| close(m, Ending::Done, None, "", c));
    desk.ok(|m, c| reopen(m, "证没拿到", &settings, c));
    assert_eq!(desk.matter.stage_label(), "待转办", "what was found stays, who handles it is written anew");
    desk.ok(|m, c| assign(m, &to_post(), &Settings::default(), c));
    desk.ok(|m, c| handle(m, "证送到了", &settings, c));
    desk.ok(|m, c| answer(m, &told("证送到了"), c));
    desk.ok(|m, c| revisit(m, Satisfied::Yes, "", c));
    desk.ok(|m, c| close(m, Ending::Done, None, "", c));
    assert!(desk.matter.is_over());
    desk.no("已经办结", |m, c| sort_out(m, "slow", false, c));
}

/// B5: fails when nobody is told above by a person's own act, or telling closes anything.
#[test]
fn escalation_is_a_persons_act_and_closes_nothing() {
    let mut desk = Desk::new(Sort::Stuck, &resident());
    desk.ok(|m, c| escalate(m, Target::Centre, "县里没人接电话", c));
    assert!(desk.matter.at_centre && !desk.matter.is_over());
    desk.no("已经办过", |m, c| escalate(m, Target::Centre, "再说一次", c));
    desk.ok(|m, c| escalate(m, Target::Leader, "还没人管", c));
    assert_eq!(desk.matter.escalated.len(), 2);
}

/// A4: fails when the person answerable concludes about themselves, another explains, or a step can be left out.
#[test]
fn accountability_needs_an_explanation_and_a_supervisor() {
    let answerable = Answerable { staff: "s1".into(), name: "陈春梅".into(), station: VILLAGE };
    let typed = Open { topic: "overdue".into(), words: "超期3天".into(), answerable, ..Open::default() };
    let mut desk = Desk::new(Sort::Account, &typed);
    assert_eq!(desk.matter.stage_label(), "待核实");
    let why = desk.at(0, |m, c| explain(m, "替他说", c)).unwrap_err().message;
    assert!(why.contains("当事人自己"), "{why}");
    let conclusion = |m: &Matter, c: &Ctx<'_>| conclude(m, Verdict::Upheld, "约谈", c);
    assert!(desk.at(0, conclusion).unwrap_err().message.contains("还没说明"));
    desk.ok(|m, c| explain(m, "那几天停电", c));
    desk.no("不能自己认定", conclusion);
    desk.no("还没认定", |m, c| close(m, Ending::Done, None, "", c));
    desk.at(0, conclusion).unwrap();
    desk.ok(|m, c| close(m, Ending::Done, None, "", c));
    assert!(desk.matter.is_over());
}

/// B7: fails when a question that many have can be shown with a person's name or numbers in it.
#[test]
fn what_stands_on_the_guide_names_nobody() {
    let typed = Open { topic: "how".into(), item: "S047".into(), ..resident() };
    let mut desk = Desk::new(Sort::Consult, &typed);
    let public = |question: &str| Publish { question: question.into(), answer: "带户口簿".into() };
    desk.no("还没答复", |m, c| publish(m, &public("要带什么？"), c));
    desk.ok(|m, c| answer(m, &told("带户口簿"), c));
    for personal in ["吴秀英要带什么？", "打13956322476", "139 5632 2476", "341823194403072128的人"]
    {
        desk.no("去掉以后再放", |m, c| publish(m, &public(personal), c));
    }
    desk.ok(|m, c| publish(m, &public("要带什么？问0563-5022345"), c));
    assert!(desk.matter.published.is_some() && desk.matter.is_over());
    desk.ok(unpublish);
    assert!(desk.matter.published.is_none());
}

/// D13: fails when a line ends in nothing of the list, or in a case that nobody named.
#[test]
fn a_line_of_the_due_list_ends_in_one_of_five() {
    let typed = Open { topic: "age80".into(), id_number: "341823194403072128".into(), ..resident() };
    let mut desk = Desk::new(Sort::Due, &typed);
    desk.no("换一种结果", |m, c| close(m, Ending::Done, None, "", c));
    desk.no("哪一件办件", |m, c| close(m, Ending::Case, None, "", c));
    desk.ok(|m, c| close(m, Ending::Case, Some([7; 16]), "", c));
    assert_eq!(desk.matter.stage_label(), "已办件");
    for ending in [Ending::Told, Ending::NotEntitled, Ending::Died, Ending::Away] {
        let mut desk = Desk::new(Sort::Due, &typed);
        desk.ok(|m, c| close(m, ending, None, "", c));
        assert_eq!(desk.matter.stage_label(), ending.label());
    }
}

/// A7: fails when a finding has no day by which it is mended, or a round without one stays open.
#[test]
fn a_finding_has_a_day_and_no_finding_is_over() {
    let calendar = Calendar::builtin();
    let finding = Open { topic: "place".into(), words: "灯坏了".into(), ..Open::default() };
    let refused = open(Sort::Round, &finding, &Settings::default(), &ctx(&calendar, VILLAGE, 1)).unwrap_err();
    assert!(refused.fields.of("due").is_some());
    let fine = Open { topic: Sort::FINE.into(), ..Open::default() };
    assert!(Desk::new(Sort::Round, &fine).matter.is_over());
    let mut desk = Desk::new(Sort::Round, &Open { due: Some(TODAY), ..finding });
    desk.no("还没整改", |m, c| close(m, Ending::Done, None, "", c));
    desk.ok(|m, c| handle(m, "换了灯", &Settings::default(), c));
    desk.ok(|m, c| close(m, Ending::Done, None, "", c));
    assert!(desk.matter.is_over());
}

/// B5: fails when a transfer can end before the resident was told what came of it.
#[test]
fn a_transfer_ends_when_the_resident_knows() {
    let typed = Open { topic: "delta".into(), ..resident() };
    let mut desk = Desk::new(Sort::Transfer, &typed);
    desk.no("还没转出", |m, c| handle(m, "办好了", &Settings::default(), c));
    let out = Assign {
        to: Target::Outside,
        whom: "上海市松江区行政服务中心".into(),
        tracking: "SJ-2026-118".into(),
        until: Some(jiff::civil::date(2026, 12, 4)),
    };
    desk.ok(|m, c| assign(m, &out, &Settings::default(), c));
    assert_eq!(desk.matter.due, out.until);
    desk.ok(|m, c| handle(m, "对方办好了", &Settings::default(), c));
    desk.no("告知以后", |m, c| close(m, Ending::Done, None, "", c));
    desk.ok(|m, c| answer(m, &told("可以来拿"), c));
    desk.ok(|m, c| close(m, Ending::Done, None, "", c));
}

/// Fails when a required field is not told by its name with a cure.
#[test]
fn what_is_missing_is_told_by_field() {
    let calendar = Calendar::builtin();
    let open = |sort| {
        let refused = open(sort, &Open::default(), &Settings::default(), &ctx(&calendar, VILLAGE, 1));
        let fields: Vec<String> = refused.unwrap_err().fields.iter().map(|f| f.field.clone()).collect();
        fields
    };
    assert_eq!(open(Sort::Stuck), ["name", "phone", "words"]);
    assert_eq!(open(Sort::Consult), ["topic", "words"]);
    assert_eq!(open(Sort::Due), ["name", "id_number", "topic"]);
}

fn bad_rating() -> Open {
    let answerable = Answerable { staff: "s7".into(), name: "许建国".into(), station: VILLAGE };
    Open { topic: "manner".into(), words: "问了三次没人理".into(), answerable, ..Open::default() }
}

/// F2, A4: fails when a 差评 can be closed without an answer and a rectification, its clocks are not the township's, or it is
/// excluded by who wrote it down.
#[test]
fn a_bad_rating_ends_with_an_answer_and_a_rectification() {
    let settings = Settings::default();
    let day = |day| Some(jiff::civil::date(2026, 11, day));
    let mut desk = Desk::new(Sort::Rating, &bad_rating());
    assert_eq!((desk.matter.due, desk.matter.stage_label()), (day(24), "待回复"), "1 working day");
    let late = Assign { until: Some(jiff::civil::date(2026, 12, 1)), ..to_post() };
    desk.no("最晚", |m, c| assign(m, &late, &settings, c));
    desk.no("还没转办", |m, c| conclude(m, Verdict::Upheld, "看了监控", c));
    desk.ok(|m, c| assign(m, &to_post(), &settings, c));
    assert_eq!(desk.matter.due, day(24), "the answer comes first");
    desk.ok(|m, c| answer(m, &told("我们来查"), c));
    assert_eq!(desk.matter.due, day(30), "5 working days");
    desk.no("还没核实", |m, c| handle(m, "道歉了", &settings, c));
    desk.no("第二个人", |m, c| conclude(m, Verdict::Unfounded, "没这回事", c));
    desk.ok(|m, c| conclude(m, Verdict::Upheld, "看了监控", c));
    desk.no("还没整改", |m, c| close(m, Ending::Done, None, "", c));
    desk.ok(|m, c| handle(m, "道歉，窗口重新排班", &settings, c));
    assert_eq!((desk.matter.due, desk.matter.stage_label()), (None, "待办结"));
    desk.ok(|m, c| revisit(m, Satisfied::No, "还是老样子", c));
    desk.no("重新办理", |m, c| close(m, Ending::Done, None, "", c));
    desk.ok(|m, c| reopen(m, "再排一次班", &settings, c));
    assert_eq!(desk.matter.due, day(24));
    desk.ok(|m, c| answer(m, &told("重新排了"), c));
    desk.ok(|m, c| assign(m, &to_post(), &settings, c));
    desk.ok(|m, c| handle(m, "加了一个人", &settings, c));
    desk.ok(|m, c| close(m, Ending::Done, None, "", c));
    assert!(desk.matter.is_over());
}

/// A4: fails when a 差评 leads to a 责任追究 before it is found true or is left without an answer past its clock, or does not
/// then; or when one that is excluded does.
#[test]
fn a_bad_rating_is_answered_for_when_it_is_true_or_left_unanswered() {
    let (settings, late) = (Settings::default(), jiff::civil::date(2026, 11, 25));
    let mut desk = Desk::new(Sort::Rating, &bad_rating());
    assert!(desk.matter.grounds(jiff::civil::date(2026, 11, 24)).is_err(), "its day is not over");
    assert!(desk.matter.grounds(late).unwrap().contains("没回复"));
    desk.ok(|m, c| answer(m, &told("我们来查"), c));
    assert!(desk.matter.grounds(late).is_err(), "answered, and nobody has looked into it");
    desk.ok(|m, c| assign(m, &to_post(), &settings, c));
    let mut untrue = Desk {
        record: desk.record.clone(),
        matter: desk.matter.clone(),
        ..Desk::new(Sort::Rating, &bad_rating())
    };
    untrue.nonce = 50;
    untrue.at(0, |m, c| conclude(m, Verdict::Unfounded, "那天没开门", c)).unwrap();
    assert!(untrue.matter.grounds(late).is_err() && untrue.matter.stage_label() == "待办结");
    untrue.ok(|m, c| close(m, Ending::Done, None, "", c));
    desk.ok(|m, c| conclude(m, Verdict::Upheld, "看了监控", c));
    assert!(desk.matter.grounds(late).unwrap().contains("属实"));
    let stuck = Desk::new(Sort::Stuck, &resident());
    assert!(stuck.matter.grounds(late).is_err(), "not looked into yet");
}
