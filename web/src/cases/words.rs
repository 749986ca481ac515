//! How a case is told to a person: dates, lights, the line of a timeline. Chinese a clerk would say aloud.

use app::cases::CaseView;
use model::calendar::{Calendar, Light as Clock};
use model::case::event::{ConflictPicked, Kind, OnBehalf, What};
use model::case::{Carried, Case, Filing, Outcome, Proof, Scene, Signed, Tick, Turn, facts};
use model::catalogue::Catalogue;
use model::item::{ApplicantKind, Pace, Unit, Version};
use model::person::{mask_name, mask_phone};
use model::{Date, case::Stage};

use crate::view::{Light, Tag};

/// The list that a case's page goes back to.
pub(crate) fn home(here: model::station::StationNo) -> (&'static str, &'static str) {
    if here == model::station::CENTRE { ("待我办", "/queue") } else { ("我的办件", "/") }
}

/// 11月23日.
pub(crate) fn day(date: Date) -> String {
    format!("{}月{}日", date.month(), date.day())
}

/// 2026年11月23日.
pub(crate) fn full_day(date: Date) -> String {
    model::authority::chinese_date(date)
}

/// What is to be done next, as one says it, where that is not the act's own name: 去公示 is no Chinese.
const NEXT: &[(Kind, &str)] = &[
    (Kind::HandedOver, "转交镇里"),
    (Kind::NoticePosted, "张贴公示"),
    (Kind::NoticeEnded, "看公示结果"),
    (Kind::FirstReviewed, "初审"),
    (Kind::FedBack, "登记反馈"),
    (Kind::Approved, "审批"),
    (Kind::Paid, "登记发放"),
    (Kind::ResultReady, "登记出件"),
    (Kind::Delivered, "通知来领、送达"),
];

/// What is to be done next.
pub(crate) fn next_act(kind: Kind) -> &'static str {
    NEXT.iter().find(|(act, _)| *act == kind).map_or_else(|| kind.title(), |(_, words)| words)
}

const WEEKDAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];

/// 11月23日 星期一.
pub(crate) fn day_and_weekday(date: Date) -> String {
    let index = date.weekday().to_monday_zero_offset();
    let name = usize::try_from(index).ok().and_then(|index| WEEKDAYS.get(index)).copied().unwrap_or("");
    format!("{} 星期{name}", day(date))
}

/// China has one time and no summer time.
fn local(wall: i64) -> Option<jiff::civil::DateTime> {
    let stamp = jiff::Timestamp::from_second(wall).ok()?;
    Some(jiff::tz::Offset::constant(8).to_datetime(stamp))
}

/// The day of a wall time in China.
pub(crate) fn day_of(wall: i64) -> Option<Date> {
    local(wall).map(|time| time.date())
}

/// 10:28.
pub(crate) fn clock_time(wall: i64) -> String {
    local(wall).map_or_else(String::new, |time| format!("{:02}:{:02}", time.hour(), time.minute()))
}

/// 11月23日 10:28.
pub(crate) fn moment(wall: i64) -> String {
    day_of(wall).map_or_else(String::new, |date| format!("{} {}", day(date), clock_time(wall)))
}

/// Done while the resident waits: days left say nothing there before it is late.
pub(crate) fn is_instant(version: Option<&Version>) -> bool {
    version.is_some_and(|version| version.pace == Pace::Instant)
}

/// The light of a case's running clock, with how much is left.
pub(crate) fn light(case: &Case, version: Option<&Version>, calendar: &Calendar, today: Date) -> Light {
    let of = |class, text: String| Light { class, text };
    if case.outcome.is_some() {
        return of("ok", "已办结".to_owned());
    }
    let on_time = |clock| matches!(clock, Clock::Red | Clock::Yellow | Clock::Normal);
    if case.accepted.is_some() && is_instant(version) && on_time(case.light(calendar, today)) {
        return of("soon", "当场办".to_owned());
    }
    let unit = case.clock().and_then(|clock| clock.limit).map_or(Unit::Working, |limit| limit.unit);
    let left = case.due(calendar).map_or(0, |due| calendar.left(today, due.date, unit));
    match case.light(calendar, today) {
        Clock::Overdue => of("over", format!("超 {} 天", left.abs().max(1))),
        Clock::Red => of("today", "今日到期".to_owned()),
        Clock::Yellow => of("soon", format!("剩 {left} 天")),
        Clock::Normal => of("ok", format!("剩 {left} 天")),
        Clock::Stopped => of("pause", "停止计时".to_owned()),
        Clock::None if case.is_carried() => of("ok", CARRIED.to_owned()),
        Clock::None => of("ok", "不计时".to_owned()),
    }
}

/// In place of a light: the hand-over's clock has ended in time, the body's has not begun.
const CARRIED: &str = "已送出";

/// The light of a line in a list.
pub(crate) fn line_light(line: &app::cases::CaseLine) -> Light {
    let left = line.left.unwrap_or(0);
    let (class, text) = match line.light {
        Clock::Red | Clock::Yellow | Clock::Normal if line.instant => ("soon", "当场办".to_owned()),
        Clock::Overdue => ("over", format!("超 {} 天", left.abs().max(1))),
        Clock::Red => ("today", "今日到期".to_owned()),
        Clock::Yellow => ("soon", format!("剩 {left} 天")),
        Clock::Normal => ("ok", format!("剩 {left} 天")),
        Clock::Stopped => ("pause", "停止计时".to_owned()),
        Clock::None if line.carried && !line.stage.is_closed() => ("ok", CARRIED.to_owned()),
        Clock::None if line.stage.is_closed() => ("ok", "已办结".to_owned()),
        Clock::None => ("ok", "不计时".to_owned()),
    };
    Light { class, text }
}

/// What stands under the light.
pub(crate) fn due(case: &Case, version: Option<&Version>, calendar: &Calendar) -> String {
    if let Some((_, _, on)) = &case.outcome {
        return format!("{}办结", day(*on));
    }
    if is_instant(version) && case.accepted.is_some() {
        return "即办件，群众等着".to_owned();
    }
    let carried = case.carried_to().filter(|_| case.accepted.is_none());
    let Some(due) = case.due(calendar) else {
        let after = carried.map(|to| format!("已{}，受理后才计时", to.words()));
        let told = case.accepted.is_none() && case.on_behalf.is_none();
        let none = if told { "已一次告知，等群众补齐" } else { "没有时限" };
        return after.unwrap_or_else(|| none.to_owned());
    };
    let waits = case.accepted.is_none() && case.on_behalf.is_none();
    let usual = if waits { "前受理，或者一次告知" } else { "前办结" };
    let what = carried.map_or_else(|| usual.to_owned(), |to| format!("前{}", to.words()));
    let may_move = if due.provisional { "（节假日安排未出，暂定）" } else { "" };
    format!("{}{what}{may_move}", day(due.date))
}

/// The word for a stage; a refusal in the words of what was asked for, as its paper says it.
pub(crate) fn stage(stage: Stage, version: Option<&Version>) -> &'static str {
    match version {
        Some(version) if stage == Stage::Refused => version.nature().refused(),
        _ => stage.label(),
    }
}

/// Where the case stands, for a list: the step, and whether a body without a box has it.
pub(crate) fn where_it_is(case: &Case, version: Option<&Version>) -> (String, bool) {
    let stage = case.stage();
    match case.current() {
        Some(step) if !stage.is_closed() && stage != Stage::Supplementing && stage != Stage::Special => {
            (step.step.name.clone(), step.step.outside)
        }
        _ => (self::stage(stage, version).to_owned(), false),
    }
}

/// As [`where_it_is`], of a line of a list; that a licence counts as accepted is said there.
pub(crate) fn where_line(line: &app::cases::CaseLine) -> String {
    match line.deemed {
        Some(on) => format!("{}起视为受理", day(on)),
        None if line.stage == Stage::Received || line.stage.is_closed() || line.step.is_empty() => {
            line.stage.label().to_owned()
        }
        None => line.step.clone(),
    }
}

/// Whose turn it is, in a word or two.
pub(crate) fn turn(case: &Case) -> String {
    match case.turn() {
        Turn::Station(_) => "等村站".to_owned(),
        Turn::Centre => "等镇中心".to_owned(),
        Turn::Outside(body) => format!("等{body}"),
        Turn::Applicant => "等群众".to_owned(),
        Turn::Nobody => "办完了".to_owned(),
    }
}

/// The applicant's name, a person's masked.
pub(crate) fn who(filing: &Filing) -> String {
    let name = filing.shown_name();
    if name.is_empty() { "（未填姓名）".to_owned() } else { name }
}

/// Applicant and agent, masked, as pairs.
pub(crate) fn people(filing: &Filing) -> Vec<(String, String)> {
    use model::case::facts;
    let get = |name: &str| filing.cell(name).unwrap_or("");
    let mut pairs = vec![("申请人".to_owned(), who(filing))];
    let unit = filing.applicant_kind() == ApplicantKind::Unit;
    let label = if unit { "统一社会信用代码" } else { "证件号码" };
    pairs.push((label.to_owned(), filing.shown_number()));
    if unit && !get(facts::CONTACT).is_empty() {
        pairs.push(("联系人".to_owned(), mask_name(get(facts::CONTACT))));
    }
    if !get(facts::PHONE).is_empty() {
        pairs.push(("电话".to_owned(), mask_phone(get(facts::PHONE))));
    }
    if filing.has_agent() {
        let (name, relation) = (mask_name(get(facts::AGENT_NAME)), get(facts::AGENT_RELATION));
        pairs.push(("代办人".to_owned(), format!("{name}（{relation}）")));
        pairs.push(("代办人电话".to_owned(), mask_phone(get(facts::AGENT_PHONE))));
    }
    pairs
}

/// The end of a case number, by which people at the counter tell cases apart.
pub(crate) fn tail(number: &str) -> String {
    let skipped = number.chars().count().saturating_sub(6);
    number.chars().skip(skipped).collect()
}

/// How a case ended, in a word.
pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Approved => "同意",
        Outcome::Refused => "不同意",
        Outcome::NotAccepted => "不予受理",
        Outcome::Returned => "退件",
        Outcome::Withdrawn => "撤回",
    }
}

/// The second line of a timeline entry: what the event says beyond its title.
#[expect(clippy::too_many_lines, reason = "a table: one line a kind")]
pub(crate) fn note(what: &What, filing: &Filing, version: Option<&Version>) -> String {
    let cell = |key: &str| filing.cell(key).unwrap_or("").to_owned();
    let maybe = |key: &Option<String>| key.as_deref().map(cell).unwrap_or_default();
    let gaps = |gaps: &[String]| gaps.iter().map(|gap| named(gap, version)).collect::<Vec<_>>().join("、");
    match what {
        What::Received(e) => format!("编号 {}", e.number),
        What::Accepted(e) => format!("{}，{}", e.way.label(), e.principal),
        What::OnBehalf(e) => on_behalf(e, version),
        What::NoticePrinted(e) => gaps(&e.gaps),
        What::SupplementAsked(e) => join(&[gaps(&e.gaps), maybe(&e.words)]),
        What::SupplementReceived(e) => gaps(&e.gaps),
        What::SpecialStarted(e) => format!("{}，预计 {} 日", e.which.label(), e.days),
        What::ExtensionAsked(e) => format!("{} 日：{}", e.days, cell(&e.reason)),
        What::ExtensionApproved(e) => format!("{} 日，{}批准", e.days, cell(&e.approver)),
        What::FirstReviewed(e) => maybe(&e.opinion),
        What::ReportedUp(e) => format!("{}；接收人 {}", cell(&e.list), cell(&e.receiver)),
        What::FedBack(e) => join(&[e.answer.label().to_owned(), cell(&e.paper), maybe(&e.words)]),
        What::ExtensionDeclined(e) => cell(&e.reason),
        What::Deemed(e) => {
            format!("{}收件，到{}没有一次性告知，从收件那天起算", day(e.received), day(e.last))
        }
        What::Approved(e) => join(&[maybe(&e.paper), maybe(&e.opinion)]),
        What::NotAccepted(e) => join(&[cell(&e.reason), maybe(&e.competent)]),
        What::Refused(e) => join(&[cell(&e.reason), cell(&e.basis)]),
        What::Returned(e) => cell(&e.reason),
        What::Withdrawn(e) => join(&[format!("{}提出", e.asker.label()), maybe(&e.reason)]),
        What::HandedOver(e) => format!("接收人 {}", cell(&e.receiver)),
        What::NoticePosted(e) => format!("{}，{} 至 {}", cell(&e.place), day(e.from), day(e.until)),
        What::NoticeEnded(e) => join(&[objections(e.objections), maybe(&e.words)]),
        What::Visited(e) => {
            let visitors: Vec<String> = e.visitors.iter().map(|key| cell(key)).collect();
            join(&[visitors.join("、"), e.finding.label().to_owned(), maybe(&e.words)])
        }
        What::Paid(e) => maybe(&e.list),
        What::ResultReady(e) => cell(&e.paper),
        What::Delivered(e) => format!("{}，领取人 {}", e.manner.label(), mask_name(&cell(&e.receiver))),
        What::Transcribed(e) => join(&[cell(&e.system), maybe(&e.number), maybe(&e.reason)]),
        What::Settled(e) => join(&[e.verdict.label().to_owned(), cell(&e.reason)]),
        What::Noted(e) => cell(&e.words),
        What::PromiseSigned(e) => gaps(&e.materials),
        What::DeferredSigned(e) => format!("{}，限 {}", gaps(&e.materials), day(e.until)),
        What::DeferredArrived(e) => gaps(&e.materials),
        What::PromiseChecked(e) => {
            let found = if e.kept { "属实" } else { "不实" };
            join(&[found.to_owned(), cell(&e.words)])
        }
        What::ExemptVerified(e) => {
            let found = if e.holds { "一致" } else { "对不上" };
            join(&[gaps(&e.materials), format!("{}，{found}", e.source.label()), maybe(&e.words)])
        }
        What::Revoked(e) => join(&[cell(&e.reason), cell(&e.basis)]),
        What::BarLifted(e) => cell(&e.reason),
        What::Archived(_)
        | What::ShelfMoved(_)
        | What::RetentionProlonged(_)
        | What::Sealed(_)
        | What::SealOpened(_)
        | What::Unsealed(_) => kept(what, cell),
        What::Inquired(e) => format!("{}：{}", cell(&e.body), cell(&e.words)),
        What::ConflictPicked(e) => picked(e, filing, version),
        What::PhotoAdded(e) => {
            let scene = Scene::parse(&e.material).map(|scene| scene.label().to_owned());
            scene.unwrap_or_else(|| named(&e.material, version))
        }
        What::PhotoMarked(e) => cell(&e.reason),
        What::TwinAnswered(e) => e.answer.label().to_owned(),
        What::TwinSettled(e) => join(&[e.verdict.label().to_owned(), cell(&e.reason)]),
        What::Packaged(e) => format!("和另外 {} 件一起收的", e.sisters.len()),
        What::BroughtBack(e) => format!("{}在群众家里填的，回站并入", day(e.on)),
        What::Routed(_)
        | What::HelpAsked(_)
        | What::HelpSaid(_)
        | What::HelpSuggested(_)
        | What::HelpTaken(_)
        | What::HelpDeclined(_) => beside(what, filing, version),
        What::HelpClosed(_)
        | What::SpecialEnded(_)
        | What::RatingLinked(_)
        | What::PhotoDropped(_)
        | What::Unknown { .. } => String::new(),
    }
}

fn objections(count: u64) -> String {
    if count == 0 { "无异议".to_owned() } else { format!("异议 {count} 条") }
}

/// [`note`] of what goes on beside the route: passing on, and the lines of a help thread.
fn beside(what: &What, filing: &Filing, version: Option<&Version>) -> String {
    let cell = |key: &str| filing.cell(key).unwrap_or("").to_owned();
    let maybe = |key: &Option<String>| key.as_deref().map(cell).unwrap_or_default();
    let filled = |field: &str, key: &str| (field_named(field, version), value(field, &cell(key)));
    if let What::HelpAsked(e) = what {
        cell(&e.words)
    } else if let What::HelpSaid(e) = what {
        cell(&e.words)
    } else if let What::HelpSuggested(e) = what {
        let (field, text) = filled(&e.field, &e.value);
        join(&[format!("{field}：{text}"), maybe(&e.words)])
    } else if let What::HelpTaken(e) = what {
        let (field, text) = filled(&e.field, &e.suggestion);
        format!("{field}改成 {text}")
    } else if let What::HelpDeclined(e) = what {
        maybe(&e.words)
    } else if let What::Routed(e) = what {
        maybe(&e.words)
    } else {
        String::new()
    }
}

/// [`note`] of a file's events.
fn kept(what: &What, cell: impl Fn(&str) -> String) -> String {
    let term = model::case::archive::term;
    if let What::Archived(e) = what {
        format!("{}，纸质 {} 页，保管{}", cell(&e.shelf), e.pages, term(e.years))
    } else if let What::ShelfMoved(e) = what {
        cell(&e.shelf)
    } else if let What::RetentionProlonged(e) = what {
        join(&[format!("再保管{}", term(e.years)), cell(&e.reason)])
    } else if let What::Sealed(e) = what {
        join(&[format!("{}提出", e.asker.label()), cell(&e.reason)])
    } else if let What::SealOpened(e) = what {
        cell(&e.reason)
    } else if let What::Unsealed(e) = what {
        cell(&e.reason)
    } else {
        String::new()
    }
}

fn picked(event: &ConflictPicked, filing: &Filing, version: Option<&Version>) -> String {
    let cell = |key: &String| filing.cell(key).unwrap_or("");
    let dropped: Vec<String> = event.dropped.iter().map(|key| value(&event.name, cell(key))).collect();
    let what = format!("{}，没有采用 {}", called(&event.name, version), dropped.join("、"));
    join(&[what, cell(&event.reason).to_owned()])
}

/// How a paper that is done without is vouched for.
const PROOFS: [Proof; 4] = [Proof::Shared, Proof::Licence, Proof::Promise, Proof::Pending];

/// A fact's or cell's value as screens show it: masked, codes as their words.
pub(crate) fn value(name: &str, text: &str) -> String {
    if facts::is_cell(name) {
        return facts::mask(name, text);
    }
    let word = match (name.split('/').next(), name.rsplit('/').next()) {
        (Some("m"), Some("how")) => PROOFS.iter().find(|proof| proof.code() == text).map(|one| one.label()),
        (Some("m"), _) => Tick::ALL.iter().find(|tick| tick.code() == text).map(|tick| tick.label()),
        (Some("r"), _) => Some(if text == "pass" { "合格" } else { "不合格" }),
        _ if name == facts::SIGNED => {
            Signed::ALL.iter().find(|one| one.code() == text).map(|one| one.label())
        }
        _ if name == facts::APPLICANT_KIND => ApplicantKind::parse(text).map(ApplicantKind::label),
        _ if name == facts::ID_KIND => {
            Some(if text == "resident" { "居民身份证" } else { "其他证件" })
        }
        _ => None,
    };
    word.unwrap_or(text).to_owned()
}

/// What a clerk calls a fact or cell of this item: a paper, a rule and a field of the form by their own names.
pub(crate) fn called(name: &str, version: Option<&Version>) -> String {
    let parts: Vec<&str> = name.split('/').collect();
    let own = version.and_then(|version| match *parts.as_slice() {
        ["m", id] => version.material(id).map(|material| material.name.clone()),
        ["m", id, _] => version.material(id).map(|material| format!("{}的核验", material.name)),
        ["r", id] => version.rule(id).map(|rule| rule.text.clone()),
        [_, field] => {
            let id = field.strip_prefix("form.")?;
            let (id, end) = id.strip_suffix(".holder").map_or((id, ""), |id| (id, "的户名"));
            version.form.iter().find(|field| field.id == id).map(|field| format!("{}{end}", field.label))
        }
        _ => None,
    });
    own.unwrap_or_else(|| facts::label(name).to_owned())
}

fn on_behalf(event: &OnBehalf, version: Option<&Version>) -> String {
    let fell_back = if event.fell_back { "；没有受理文书，改为代办" } else { "" };
    let route = version.map(|version| version.route.as_slice()).unwrap_or_default();
    let to = Carried::along(route, event.fell_back).words();
    format!("由{}办理，{}前{to}{fell_back}", event.principal, day(event.hand_over_due))
}

/// A material's or rule's name by its key, `m/<id>` or `r/<id>`, or a plain material id.
pub(crate) fn named(key: &str, version: Option<&Version>) -> String {
    let Some(version) = version else { return key.to_owned() };
    let id = key.strip_prefix("m/").unwrap_or(key);
    let material = version.material(id).map(|material| material.name.clone());
    let step = Scene::parse(id).map(|scene| scene.label().to_owned());
    let rule = key.strip_prefix("r/").and_then(|id| version.rule(id)).map(|rule| rule.text.clone());
    let field = model::case::facts::is_cell(key).then(|| model::case::facts::label(key).to_owned());
    material.or(step).or(rule).or(field).unwrap_or_else(|| key.to_owned())
}

/// A field of the intake by its name: of the item's own form, a material, a rule, or what every item asks.
pub(crate) fn field_named(name: &str, version: Option<&Version>) -> String {
    let form = name.strip_prefix("0/form.").map(|id| id.strip_suffix(".holder").unwrap_or(id));
    let own = form.and_then(|id| version?.form.iter().find(|field| field.id == id));
    match own {
        Some(field) if name.ends_with(".holder") => format!("{}的户名", field.label),
        Some(field) => field.label.clone(),
        None if name.starts_with("m/") || name.starts_with("r/") => named(name, version),
        None => facts::label(name).to_owned(),
    }
}

/// Puts what was written side by side; a part that ends like a sentence does so only where nothing follows.
fn join(parts: &[String]) -> String {
    let mut filled: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    if let Some((_, before)) = filled.split_last_mut() {
        before.iter_mut().for_each(|part| *part = part.trim_end_matches(['。', '；', ';']));
    }
    filled.join("；")
}

/// That a case goes by another version of its item than is in force today: 按第 1 版办理，现行第 2 版.
pub(crate) fn older_version(view: &CaseView, catalogue: &Catalogue, today: Date) -> Option<Tag> {
    let own = view.version.as_ref()?;
    match catalogue.current(&own.code, today).map(|current| current.version) {
        Some(current) if current == own.version => None,
        Some(current) => Some(Tag::new("amber", format!("按第 {} 版办理，现行第 {current} 版", own.version))),
        None => Some(Tag::new("amber", format!("按第 {} 版办理，现在已停用", own.version))),
    }
}
