//! Every paper twice: with the little that is usual, and with the most that the limits let in. Under `/sheets/a4/` what
//! prints on A5 by itself stands on A4, and under `/sheets/lists/` are the lists that many cases go on.

use std::collections::BTreeMap;

use askama::Template as _;
use model::calendar::Calendar;
use model::case::event::{
    Accepted, Approved, Confidence, DeferredSigned, Event, ExtensionApproved, ExtensionAsked, NotAccepted,
    NoticePosted, NoticePrinted, OnBehalf, PromiseChecked, PromiseSigned, Received, Refused, Returned,
    Revoked, Special, SpecialStarted, Stamp, SupplementAsked, What,
};
use model::case::{Case, facts};
use model::item::{ApplicantKind, Version, Way};
use model::papers::{Desk, Paper, SheetLine};
use model::record::{Candidate, OpId, Record, StampedEvent, Value};
use model::station::Profile;
use model::{Date, limit};
use web::papers::fill::{Progress, Sheet, fill, sheet};
use web::papers::{PaperPage, Size};

const TODAY: Date = Date::constant(2026, 11, 23);

/// All papers as pages, by path: `/sheets/short/2`, `/sheets/long/2` …
pub(crate) fn all() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for (name, item, long) in [
        ("short", "S047", false),
        ("household", "S054", false),
        ("long", "S054", true),
        ("mediation", "S019", false),
    ] {
        for paper in Paper::ALL {
            let page = PaperPage::of(one(item, *paper, long), "/".to_owned(), None);
            pages.insert(format!("/sheets/{name}/{}", paper.code()), page.render().unwrap());
        }
    }
    for paper in Paper::ALL {
        let page = PaperPage::of(one("S047", *paper, false), "/".to_owned(), Some(Size::A4));
        pages.insert(format!("/sheets/a4/{}", paper.code()), page.render().unwrap());
    }
    pages.extend(lists());
    pages
}

/// The lists that many cases go on, with three and with forty.
fn lists() -> Vec<(String, String)> {
    let line = |n: usize| SheetLine {
        number: format!("2308-2026-K7QM-{:04}-P", 300 + n),
        item: if n.is_multiple_of(4) {
            "最低生活保障对象审核确认与动态管理变更申请".to_owned()
        } else {
            "高龄津贴申领".to_owned()
        },
        applicant: if n.is_multiple_of(5) {
            "阿卜杜热西提·𠮷䶮买买提吐尔逊"
        } else {
            "吴秀英"
        }
        .into(),
        copies: (n % 6, 7),
        result: "不予给付决定书".into(),
    };
    let mut pages = Vec::new();
    for (name, which, count) in [
        ("papers", Sheet::Papers, 3),
        ("results", Sheet::Results, 3),
        ("papers-long", Sheet::Papers, 40),
        ("results-long", Sheet::Results, 40),
    ] {
        let lines: Vec<SheetLine> = (1..=count).map(line).collect();
        let paper = sheet(which, &lines, &profile(count > 3), "枫河镇便民服务中心", "陈春梅", TODAY);
        let page = PaperPage::of(paper, "/".to_owned(), None);
        pages.push((format!("/sheets/lists/{name}"), page.render().unwrap()));
    }
    pages
}

fn one(item: &str, paper: Paper, long: bool) -> web::papers::Paper {
    let version = version(item, paper, long);
    let record = record(&version, paper, long);
    let case = Case::read(&record, Some(&version)).0;
    let profile = profile(long);
    let desk = Desk { case: &case, version: &version, profile: &profile, calendar: &Calendar::builtin() };
    let progress = Progress { home: "http://192.168.88.110:8101".to_owned(), clerk: "陈春梅".to_owned() };
    fill(&desk, paper, TODAY, &progress).unwrap()
}

fn profile(long: bool) -> Profile {
    let name = if long {
        "枫河镇杨村联合社区党群服务中心便民服务站"
    } else {
        "枫河镇杨村便民服务站"
    };
    let address = if long {
        "枫河镇杨村中心村东路108号新时代文明实践站与党群服务中心合署办公楼一楼大厅东侧"
    } else {
        "杨村党群服务中心一楼"
    };
    Profile {
        number: 2308,
        name: name.to_owned(),
        division: "341823101201".to_owned(),
        township: "枫河镇".to_owned(),
        county: "泾县".to_owned(),
        address: address.to_owned(),
        phone: "0563-0002018".to_owned(),
        hours: "工作日 8:00—12:00，14:30—17:30".to_owned(),
    }
}

/// Sentences until there are so many characters.
fn words(count: usize) -> String {
    "申请人提供的𠮷塘村户口簿复印件与原件不一致，经核对，第3页户主变更没有加盖户口专用章。"
        .chars()
        .cycle()
        .take(count)
        .collect()
}

fn version(item: &str, paper: Paper, long: bool) -> Version {
    let catalogue = model::catalogue::sample().unwrap();
    let mut version = catalogue.current(item, TODAY).unwrap().clone();
    // received, accepted and decided by boxes, so that every paper can come of it
    let posted = matches!(paper, Paper::Posted | Paper::Progress);
    let like = if posted { "S047" } else { "S097" };
    version.route = catalogue.current(like, TODAY).unwrap().route.clone();
    if long {
        version.name = "最低生活保障对象（含单人保和支出型困难家庭）审核确认与动态管理变更申请".to_owned();
        version.principal = "泾县民政局（委托枫河镇人民政府社会事务办公室）".to_owned();
        let like = version.materials.first().unwrap().clone();
        version.materials = (1..=20)
            .map(|n| {
                let mut one = like.clone();
                one.id = format!("x{n}");
                one.name = if n % 2 == 0 {
                    format!("材料{n}")
                } else {
                    format!("第{n}种材料：{}", words(40))
                };
                one.passes = words(if n % 3 == 0 { 60 } else { 12 });
                one.source_note = words(if n % 3 == 1 { 50 } else { 10 });
                one
            })
            .collect();
    }
    version
}

fn household(version: &Version) -> bool {
    version.applicants.contains(&ApplicantKind::Household)
}

fn cells(version: &Version, long: bool) -> Vec<(String, String)> {
    let name = if long {
        "阿卜杜热西提·𠮷䶮买买提吐尔逊·阿卜杜热合曼·玉素甫江"
    } else {
        "吴秀英"
    };
    let mut cells = vec![
        (facts::NAME.to_owned(), name.to_owned()),
        (facts::ID_NUMBER.to_owned(), "11010519491231002X".to_owned()),
        (facts::PHONE.to_owned(), "13912342476".to_owned()),
        (facts::QUERY_CODE.to_owned(), "740926".to_owned()),
        (facts::ADDRESS.to_owned(), if long { words(limit::ADDRESS_CHARS) } else { "杨村塘冲组".to_owned() }),
        (facts::AGENT_NAME.to_owned(), if long { "𠮷䶮".repeat(8) } else { "周明霞".to_owned() }),
        (facts::AGENT_RELATION.to_owned(), if long { words(20) } else { "女儿".to_owned() }),
        (facts::AGENT_PHONE.to_owned(), "13900002476".to_owned()),
        (facts::AGENT_ID.to_owned(), "11010519491231002X".to_owned()),
    ];
    let members = match (long, household(version)) {
        (true, _) => 20,
        (false, true) => 3,
        (false, false) => 0,
    };
    for person in facts::member_numbers().take(members) {
        cells.push((facts::member(person, "name"), format!("𠮷䶮{}", person % 10)));
        cells.push((facts::member(person, "id_number"), "11010519491231002X".to_owned()));
        cells.push((facts::member(person, "relation"), "长子".to_owned()));
    }
    for field in version.form.iter().filter(|_| long) {
        cells.push((facts::form(&field.id), words(120)));
    }
    let said = |most: usize, short: &str| if long { words(most) } else { short.to_owned() };
    cells.push(("9/w.0.reason".to_owned(), said(limit::WORDS_CHARS, "不在本县居住。")));
    cells.push(("9/w.0.basis".to_owned(), said(limit::WORDS_CHARS, "《安徽省高龄津贴办法》第三条")));
    cells.push((facts::SIGNER.to_owned(), said(limit::NAME_CHARS, "周明霞")));
    cells.push((facts::WITNESS.to_owned(), said(limit::NAME_CHARS, "李村")));
    cells.push((facts::SIGN_REASON.to_owned(), said(60, "手抖写不了字")));
    cells.push(("9/w.0.competent".to_owned(), said(60, "宁国市民政局")));
    cells
}

fn record(version: &Version, paper: Paper, long: bool) -> Record {
    let mut record = Record::default();
    let mut count = 0;
    let mut one = |value: Value| {
        count += 1;
        vec![Candidate { value, op: OpId { lamport: count, actor: [1; 16] } }]
    };
    for (name, text) in cells(version, long) {
        record.cells.insert(name, one(Value::Text(text)));
    }
    let scenario = version.scenarios.first().unwrap().id.clone();
    let kind = if long || household(version) { "household" } else { "person" };
    let number = "2308-2026-K7QM-0352-P".to_owned();
    for (name, text) in [
        (facts::SCENARIO, scenario.as_str()),
        (facts::APPLICANT_KIND, kind),
        (facts::NUMBER, &number),
        (facts::RECEIVED_AT, "2026-11-23 10:27"),
        (facts::CLERK_NAME, "陈春梅"),
        (facts::SIGNED, if long { "proxy" } else { "self" }),
    ] {
        record.facts.insert(name.to_owned(), one(Value::Text(text.to_owned())));
    }
    record.facts.insert(facts::STATION.to_owned(), one(Value::Int(2308)));
    record.facts.insert(facts::HAS_AGENT.to_owned(), one(Value::Bool(true)));
    for material in &version.materials {
        record.facts.insert(facts::material(&material.id), one(Value::Text("ok".to_owned())));
    }
    let taken = Received {
        number,
        item: version.code.clone(),
        version: u64::from(version.version),
        scenario,
        materials: Vec::new(),
        on: TODAY,
    };
    let happened = std::iter::once(taken.into()).chain(events(version, paper));
    for (place, what) in (1000..).zip(happened) {
        let stamp = Stamp {
            wall: 1_795_400_000,
            confidence: Confidence::Confirmed,
            station: if place > 1001 { 0 } else { 2308 },
            by: "chen".to_owned(),
            name: "陈春梅".to_owned(),
            reissue: None,
        };
        let bytes = Event { stamp, what }.encode().unwrap();
        record.events.push(StampedEvent { id: OpId { lamport: place, actor: [1; 16] }, bytes });
    }
    record
}

/// What has to have happened for a paper.
fn events(version: &Version, paper: Paper) -> Vec<What> {
    let key = |part: &str| format!("9/w.0.{part}");
    let ids: Vec<String> = version.materials.iter().map(|m| m.id.clone()).collect();
    let gaps: Vec<String> = version.materials.iter().map(|m| facts::material(&m.id)).collect();
    let accepted: What = Accepted {
        way: Way::Entrusted,
        principal: version.principal.clone(),
        authority: Some("泾民委〔2026〕3号".to_owned()),
        legal: version.legal,
        promised: version.promised,
        on: TODAY,
        due: Some(Date::constant(2026, 12, 14)),
        provisional: true,
    }
    .into();
    let carried = OnBehalf {
        principal: version.principal.clone(),
        on: TODAY,
        hand_over_due: Date::constant(2026, 11, 26),
        fell_back: true,
    };
    match paper {
        Paper::Acceptance => vec![accepted],
        Paper::Receipt | Paper::Mandate => vec![carried.into()],
        Paper::Form => Vec::new(),
        Paper::Progress => vec![accepted],
        Paper::Extension => vec![
            accepted,
            ExtensionAsked { days: 10, reason: key("reason") }.into(),
            ExtensionApproved { days: 10, approver: key("competent"), on: TODAY }.into(),
        ],
        Paper::Special => {
            vec![accepted, SpecialStarted { which: Special::Appraisal, on: TODAY, days: 20 }.into()]
        }
        Paper::Deferral => {
            let until = Date::constant(2026, 12, 3);
            vec![accepted, DeferredSigned { materials: ids, until, on: TODAY }.into()]
        }
        Paper::Promise => vec![accepted, PromiseSigned { materials: ids, on: TODAY }.into()],
        Paper::Posted => {
            let (from, until) = (Date::constant(2026, 11, 24), Date::constant(2026, 11, 30));
            vec![accepted, NoticePosted { from, until, place: key("competent") }.into()]
        }
        Paper::Revoked => vec![
            accepted,
            PromiseSigned { materials: ids, on: TODAY }.into(),
            Approved { paper: None, opinion: None, on: TODAY }.into(),
            PromiseChecked { kept: false, words: key("reason"), on: TODAY }.into(),
            Revoked { reason: key("reason"), basis: key("basis"), on: TODAY }.into(),
        ],
        Paper::OneTimeNotice => vec![NoticePrinted { gaps, on: TODAY, words: Some(key("reason")) }.into()],
        Paper::Supplement => {
            let until = Some(Date::constant(2026, 12, 1));
            vec![accepted, SupplementAsked { gaps, on: TODAY, until, words: Some(key("reason")) }.into()]
        }
        Paper::NotAccepted => {
            vec![NotAccepted { reason: key("reason"), competent: Some(key("competent")), on: TODAY }.into()]
        }
        Paper::Refused => {
            vec![accepted, Refused { reason: key("reason"), basis: key("basis"), on: TODAY }.into()]
        }
        Paper::Returned => vec![carried.into(), Returned { reason: key("reason"), on: TODAY }.into()],
        Paper::Delivery => vec![accepted, Approved { paper: None, opinion: None, on: TODAY }.into()],
    }
}
