use super::super::{event::*, help::*, *};
use super::{
    flow::{accept_it, filled},
    support::*,
};

fn words(text: &str) -> Say {
    Say { words: text.into(), fields: vec![facts::PHONE.into()], photos: Vec::new() }
}

fn ask(doc: &mut Doc, station: u16, text: &str) -> Result<(), crate::Refusal> {
    doc.at(station, "2026-11-23").act(|c, ctx, v| say(c, &words(text), v, ctx))
}

fn propose(doc: &mut Doc, field: &str, value: &str) -> Result<String, crate::Refusal> {
    let command = Suggest { field: field.into(), value: value.into(), words: "少一位".into() };
    doc.at(0, "2026-11-23").act(|c, ctx, v| suggest(c, &command, v, ctx))?;
    let pending = doc.case().help.pending().last().map(|one| one.value.clone());
    Ok(pending.unwrap())
}

fn accept(doc: &mut Doc, suggestion: &str) -> Result<(), crate::Refusal> {
    let record = doc.record.clone();
    doc.at(VILLAGE, "2026-11-23").act(|c, ctx, v| take(&record, c, suggestion, v, ctx))
}

/// Fails if a suggestion changes a field before somebody takes it, the record does not say who suggested and what stood
/// there, or it can be answered twice.
#[test]
fn b8_a_suggestion_is_taken_with_one_press_or_not() {
    let mut doc = Doc::new("S047");
    doc.typed(&[("0/phone", "1391234247")]);
    ask(&mut doc, VILLAGE, "电话总说不对").unwrap();
    assert_eq!(doc.case().help.waits(), Some(Waits::Centre));
    let phone = propose(&mut doc, facts::PHONE, "139 1234 2476").unwrap();
    assert_eq!(doc.case().help.waits(), Some(Waits::Village));
    assert_eq!(doc.case().filing.cell(facts::PHONE), Some("1391234247"), "nothing changes by itself");
    accept(&mut doc, &phone).unwrap();
    let case = doc.case();
    assert_eq!(case.filing.cell(facts::PHONE), Some("13912342476"));
    let (entry, taken) = case.last::<HelpTaken>().unwrap();
    assert_eq!((entry.mark.stamp.station, taken.field.as_str()), (VILLAGE, facts::PHONE));
    assert_eq!(case.filing.cell(taken.before.as_ref().unwrap()), Some("1391234247"));
    assert_eq!(case.help.suggestion(&phone).unwrap().0.stamp.station, 0);
    assert!(accept(&mut doc, &phone).is_err(), "answered already");
    let scenario = propose(&mut doc, facts::SCENARIO, "s2");
    assert!(scenario.is_ok() || doc.version.scenarios.len() < 2);
    let name = propose(&mut doc, facts::NAME, "吴秀英").unwrap();
    doc.at(VILLAGE, "2026-11-23").act(|c, ctx, _| decline(c, &name, "本人说不是", ctx)).unwrap();
    assert!(accept(&mut doc, &name).is_err());
    assert_eq!(doc.case().filing.cell(facts::NAME), None);
}

/// Fails if a fact can be suggested that no page offers, if the village suggests, or the centre takes its own suggestion.
#[test]
fn b8_only_what_a_page_offers_is_suggested_and_only_by_the_centre() {
    let mut doc = Doc::new("S047");
    let material = facts::material(&doc.version.materials.first().unwrap().id);
    assert!(propose(&mut doc, &material, "whatever").is_err());
    let tick = propose(&mut doc, &material, "ok").unwrap();
    let record = doc.record.clone();
    assert!(doc.at(0, "2026-11-23").act(|c, ctx, v| take(&record, c, &tick, v, ctx)).is_err());
    accept(&mut doc, &tick).unwrap();
    assert_eq!(doc.case().filing.fact(&material), Some("ok"));
    assert!(propose(&mut doc, facts::QUERY_CODE, "123456").is_err());
    assert!(propose(&mut doc, facts::CLERK_NAME, "别人").is_err());
    assert!(propose(&mut doc, facts::SCENARIO, "zz").is_err(), "the item has no such situation");
    assert!(propose(&mut doc, facts::APPLICANT_KIND, "unit").is_err(), "and is not for units");
    propose(&mut doc, facts::ADDRESS, "枫河镇杨村1组").unwrap();
    assert!(propose(&mut doc, facts::ADDRESS, "枫河镇杨村1组").is_err(), "it waits for its answer already");
    // a field that is picked from holds one of its options
    let refused = propose(&mut doc, &facts::form("living"), "枫河镇杨村五组 22 号").unwrap_err();
    assert!(refused.fields.of("value").unwrap().contains("与子女同住、独居"));
    propose(&mut doc, &facts::form("living"), "独居").unwrap();
    let command = Suggest { field: facts::PHONE.into(), value: "13912342476".into(), words: String::new() };
    assert!(doc.at(VILLAGE, "2026-11-23").act(|c, ctx, v| suggest(c, &command, v, ctx)).is_err());
}

/// Fails if a suggestion can change what a case rests on after 收件, or what is written in words no more while it runs.
#[test]
fn b8_in_a_case_only_words_are_changed_and_only_while_it_runs() {
    let mut doc = filled("S047");
    accept_it(&mut doc, true).unwrap();
    let material = facts::material(&doc.version.materials.first().unwrap().id);
    assert!(propose(&mut doc, &material, "bad").is_err());
    let phone = propose(&mut doc, facts::PHONE, "13800000007").unwrap();
    accept(&mut doc, &phone).unwrap();
    assert_eq!(doc.case().filing.cell(facts::PHONE), Some("13800000007"));
    let address = propose(&mut doc, facts::ADDRESS, "枫河镇石桥村1组").unwrap();
    doc.at(VILLAGE, "2026-11-24").act(|c, ctx, _| withdraw::withdraw(c, Asker::Applicant, "", ctx)).unwrap();
    assert!(accept(&mut doc, &address).is_err());
}

/// Fails if closing a thread hides a line that whoever closed it had not seen.
#[test]
fn b8_a_line_that_crossed_the_closing_opens_the_thread_again() {
    let mut doc = Doc::new("S047");
    ask(&mut doc, VILLAGE, "怎么填").unwrap();
    let seen_one = doc.case();
    ask(&mut doc, 0, "这样填").unwrap();
    assert_eq!(doc.case().help.waits(), Some(Waits::Village));
    // the village closes what it has seen: the question alone
    let calendar = crate::calendar::Calendar::builtin();
    let ctx = Ctx {
        today: doc.today,
        wall: 0,
        confidence: Confidence::Confirmed,
        station: VILLAGE,
        by: "chen",
        name: "陈春梅",
        nonce: 99,
        calendar: &calendar,
    };
    doc.apply(&close(&seen_one, &ctx).unwrap());
    assert!(doc.case().help.is_open(), "the answer was not seen");
    doc.at(VILLAGE, "2026-11-23").act(|c, ctx, _| close(c, ctx)).unwrap();
    assert_eq!((doc.case().help.waits(), doc.case().help.lines().len()), (None, 2));
    assert!(doc.act(|c, ctx, _| close(c, ctx)).is_err());
    ask(&mut doc, VILLAGE, "再问").unwrap();
    assert!(doc.case().last::<HelpAsked>().is_some() && doc.case().help.is_open());
}

/// Fails if a thread has no end, or is about what the case has not.
#[test]
fn b8_a_thread_is_about_the_case_and_has_an_end() {
    let mut doc = Doc::new("S047");
    let photo = Say { photos: vec![[9; 32]], ..words("看照片") };
    assert!(doc.act(|c, ctx, v| say(c, &photo, v, ctx)).is_err());
    let field = Say { fields: vec!["m/nothing".into()], ..words("看材料") };
    assert!(doc.act(|c, ctx, v| say(c, &field, v, ctx)).is_err());
    assert!(ask(&mut doc, VILLAGE, " ").is_err());
    for n in 0..crate::limit::HELP_LINES {
        ask(&mut doc, VILLAGE, &format!("第{n}句")).unwrap();
    }
    assert!(ask(&mut doc, VILLAGE, "还有").unwrap_err().message.contains("打电话"));
}
