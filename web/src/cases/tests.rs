//! Pages from the sample catalogue: what they show, what they weigh, and that nothing typed is lost by an error.

mod after;
mod deeds;

use std::collections::BTreeMap;

use askama::Template as _;
use model::Date;
use model::authority::{Authority, decide};
use model::calendar::Calendar;
use model::case::accept::{Accept, accept};
use model::case::event::Confidence;
use model::case::receive::Receive;
use model::case::{Case, Ctx, Filing, draft};
use model::catalogue::{Catalogue, sample};
use model::item::{FieldKind, Version, Way};
use model::number::CaseNumber;
use model::record::{Candidate, Edit, OpId, Record, StampedEvent, Value};
use model::station::Profile;

use super::intake::Taking;
use super::printable::Done;
use super::queue::{Card, QueuePage, groups};
use super::show::{Names, Told};
use super::words;
use crate::view::{Desk, Truth};

const TODAY: Date = Date::constant(2026, 11, 23);
const STATION: u16 = 2301;

fn catalogue() -> Catalogue {
    sample().unwrap()
}

fn profile() -> Profile {
    Profile {
        number: STATION,
        name: "枫河镇杨村便民服务站".to_owned(),
        division: "341823990001".to_owned(),
        township: "枫河镇".to_owned(),
        county: "泾县".to_owned(),
        address: "杨村党群服务中心一楼".to_owned(),
        phone: "0563-000 2018".to_owned(),
        hours: "工作日 8:00 至 17:30".to_owned(),
    }
}

fn ctx(calendar: &Calendar) -> Ctx<'_> {
    Ctx {
        today: TODAY,
        wall: 1_795_399_200,
        confidence: Confidence::Confirmed,
        station: STATION,
        by: "s1",
        name: "陈春梅",
        nonce: 7,
        calendar,
    }
}

/// What a document would do with an edit.
fn apply(record: &mut Record, edit: Edit) {
    // past everything that an earlier edit wrote
    let mut lamport = (record.events.len() as u64 + 1) * 1000;
    let mut op = || {
        lamport += 1;
        OpId { lamport, actor: [1; 16] }
    };
    for (name, value) in edit.facts {
        record.facts.insert(name, value.map(|value| Candidate { value, op: op() }).into_iter().collect());
    }
    for (name, text) in edit.cells {
        let cell = text.map(|text| Candidate { value: Value::Text(text), op: op() });
        record.cells.insert(name.key(), cell.into_iter().collect());
    }
    record.events.extend(edit.events.into_iter().map(|bytes| StampedEvent { id: op(), bytes }));
}

fn typed(version: &Version) -> BTreeMap<String, String> {
    let mut typed: BTreeMap<String, String> = [
        ("0/name", "吴秀英"),
        ("0/id_number", "341823194403072128"),
        ("0/phone", "13956322476"),
        ("0/address", "枫河镇杨村 12 组"),
        ("scenario", version.scenarios.first().unwrap().id.as_str()),
        ("applicant_kind", "person"),
        ("signed", "self"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    for material in &version.materials {
        typed.insert(format!("m/{}", material.id), "ok".to_owned());
    }
    for rule in &version.rules {
        typed.insert(format!("r/{}", rule.id), "pass".to_owned());
    }
    typed
}

fn draft_of(version: &Version, typed: &BTreeMap<String, String>) -> Record {
    let calendar = Calendar::builtin();
    let mut record = Record::default();
    apply(&mut record, draft::start(version, &ctx(&calendar)));
    let (case, _) = Case::read(&record, Some(version));
    let (edit, wrong) = draft::save(&record, &case, typed).unwrap();
    assert!(wrong.is_empty());
    apply(&mut record, edit);
    record
}

fn authority(version: &Version) -> Authority {
    Authority {
        document: "泾民委〔2026〕3号".to_owned(),
        principal: version.principal.clone(),
        way: version.way,
        station: STATION,
        items: vec![version.code.clone()],
        from: TODAY,
        to: None,
        ended: None,
    }
}

fn elder(catalogue: &Catalogue) -> &Version {
    catalogue.search("gljt", TODAY, 1).first().unwrap().version
}

fn desk() -> Desk {
    Desk { place: "杨村便民服务站".to_owned(), csrf: "token".to_owned(), ..Desk::default() }
}

fn intake(version: &Version, typed: &BTreeMap<String, String>, tell: bool) -> String {
    let calendar = Calendar::builtin();
    let record = draft_of(version, typed);
    let filing = Filing::read(&record);
    let checked = filing.check(version, TODAY);
    let standing = decide(version, &[authority(version)], STATION, TODAY);
    let taking = Taking {
        draft: "00ff",
        version,
        filing: &filing,
        typed: filing.typed(),
        checked: &checked,
        told: if tell { checked.all_errors() } else { model::FieldErrors::default() },
        held: Vec::new(),
        standing: &standing,
        profile: &profile(),
        calendar: &calendar,
        today: TODAY,
        clerk: "陈春梅",
        photos: &[],
        barred: false,
        twins: &[],
        names: &BTreeMap::new(),
        others: &[],
        help: "",
    };
    taking.page(desk(), None, "10:28:41".to_owned(), false, false).render().unwrap()
}

/// Keeps a page where it can be looked at, and checks what every page must keep.
fn keep(name: &str, html: &str) {
    assert!(
        html.len() + crate::assets::weight() <= 60 * 1024,
        "{name} weighs {} + {}",
        html.len(),
        crate::assets::weight()
    );
    for bad in ["<script>", "<style", " style=\"", " onclick=", "javascript:"] {
        assert!(!html.contains(bad), "{name} has {bad}");
    }
    if let Ok(folder) = std::env::var("WEB_TEST_PAGES") {
        std::fs::write(format!("{folder}/{name}.html"), html).unwrap();
    }
}

/// Fails when the page outgrows its weight, or when a wrong number is neither kept nor explained beside its field.
#[test]
fn an_intake_keeps_what_was_typed_and_says_what_is_wrong() {
    let catalogue = catalogue();
    let version = elder(&catalogue);
    let mut answers = typed(version);
    answers.insert("0/phone".to_owned(), "1395632247".to_owned());
    answers.remove("m/hukou");
    let html = intake(version, &answers, true);
    keep("intake", &html);
    assert!(html.contains("value=\"1395632247\""), "typed and still there");
    assert!(html.contains("href=\"#0/phone\"") && html.contains("id=\"0/phone-e\""));
    assert!(html.contains("还差"));
    assert!(
        !intake(version, &answers, false).contains("id=\"errors\""),
        "nothing is told before the first try"
    );
}

/// Fails when any sample item's intake cannot be drawn or is too heavy.
#[test]
fn every_sample_item_has_an_intake_page() {
    let catalogue = catalogue();
    for item in catalogue.items() {
        let version = item.on(TODAY).unwrap();
        keep(&format!("intake-{}", item.code), &intake(version, &typed(version), true));
    }
}

/// As [`typed`], and the form filled in.
fn all_answers(version: &Version) -> BTreeMap<String, String> {
    let mut answers = typed(version);
    for field in &version.form {
        let name = format!("0/form.{}", field.id);
        let value = match &field.kind {
            FieldKind::Text { .. } => "无".to_owned(),
            FieldKind::Date => "2026-11-01".to_owned(),
            FieldKind::Money => "100".to_owned(),
            FieldKind::Choice { options } => options.first().unwrap().clone(),
            FieldKind::Account { .. } => "6222020200112233446".to_owned(),
            FieldKind::Members => continue,
        };
        answers.insert(format!("{name}.holder"), "吴秀英".to_owned());
        answers.insert(name, value);
    }
    answers
}

fn accepted(version: &Version) -> Record {
    taken_in(version, &all_answers(version))
}

fn taken_in(version: &Version, answers: &BTreeMap<String, String>) -> Record {
    let calendar = Calendar::builtin();
    let mut record = draft_of(version, answers);
    let (case, _) = Case::read(&record, Some(version));
    let checked = case.filing.check(version, TODAY);
    assert!(checked.is_ready(), "{:?}", checked.all_errors());
    let number = CaseNumber::mint(STATION, 2026, [9; 8], 352).unwrap();
    let receive = Receive { number, query_code: "740926".to_owned(), at: "2026-11-23 10:27".to_owned() };
    let standing = decide(version, &[authority(version)], STATION, TODAY);
    let edit =
        accept(&case, &Accept { receive: Some(receive), standing, barred: false }, version, &ctx(&calendar))
            .unwrap();
    apply(&mut record, edit);
    record
}

/// Fails when the case page offers an act the state does not allow, or shows a full name, number or phone.
#[test]
fn a_case_page_masks_people_and_offers_only_what_is_allowed() {
    let catalogue = catalogue();
    let version = elder(&catalogue);
    let record = accepted(version);
    let (case, anomalies) = Case::read(&record, Some(version));
    let calendar = Calendar::builtin();
    let told = Told {
        id: "00ff",
        case: &case,
        anomalies: &anomalies,
        version: Some(version),
        calendar: &calendar,
        today: TODAY,
        here: STATION,
        names: &Names::new(),
    };
    let page = told.page(desk(), &Done::default(), (Truth::saved(), "还没到中心".to_owned()));
    let html = page.render().unwrap();
    keep("case", &html);
    for private in ["吴秀英", "341823194403072128", "13956322476", "740926"] {
        assert!(!html.contains(private), "a page must not show {private}");
    }
    assert!(html.contains("吴*英") && html.contains("data-act=\"post-notice\""));
    assert!(!html.contains("data-act=\"approve\"") && !html.contains("data-act=\"deliver\""));
}

/// Fails when the queue loses a case, or the centre is not offered its own act.
#[test]
fn the_queue_sorts_by_what_is_due_and_offers_the_centres_acts() {
    let catalogue = catalogue();
    let township = catalogue.items().filter_map(|item| item.on(TODAY)).find(|version| {
        let inside = version.deciding_step().is_some_and(|step| !step.outside);
        inside && version.way == Way::Entrusted && version.notice_days.is_none()
    });
    let version = township.unwrap_or_else(|| elder(&catalogue));
    let record = accepted(version);
    let (case, anomalies) = Case::read(&record, Some(version));
    let calendar = Calendar::builtin();
    let told = Told {
        id: "00ff",
        case: &case,
        anomalies: &anomalies,
        version: Some(version),
        calendar: &calendar,
        today: TODAY,
        here: 0,
        names: &Names::new(),
    };
    let card = |left: i32| Card {
        who: "吴*英".to_owned(),
        item: version.name.clone(),
        note: "杨村站".to_owned(),
        light: words::light(&case, None, &calendar, TODAY),
        left: Some(left),
        href: "/queue/00ff".to_owned(),
        on: left > 2,
    };
    let page = QueuePage {
        threads: crate::help::Threads::default(),
        desk: desk(),
        count: 3,
        tabs: Vec::new(),
        groups: groups(vec![card(-1), card(0), card(9)]),
        more: None,
        moved: None,
        rulings: super::rulings::Rulings::default(),
        waiting: crate::registers::Waiting::default(),
        owed: super::owed::Reminder::default(),
        one: Some(told.one(&Done::default(), (Truth::receipt(), "材料齐".to_owned()))),
    };
    let html = page.render().unwrap();
    keep("queue", &html);
    assert_eq!(html.matches("data-follow").count(), 3);
    assert!(html.contains("超期 1") && html.contains("data-act=\""));
}
