//! 到龄名单: one line a person, each ends in a case, 已告知, 不符合, 死亡 or 外出.

use app::ActError;
use app::cases::OwedLine;
use app::matters::Candidate;
use app::views::Owed;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::matter::Sort;
use model::{Date, Refusal};

use super::form::{area, coded, line, optional_date};
use super::list::{doors, part};
use super::sheet::{self, Cell, Door, Form, Frame, Part, Press, Sheet, UP, link, text};
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::path::Query;
use crate::shell::session::{Act, Clerk};
use crate::view::Said;
use crate::{Site, limit, page};

/// Which month, which list.
#[derive(serde::Deserialize)]
pub(crate) struct Where {
    #[serde(default)]
    list: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    done: String,
}

/// The first of a month that is written `2026-11`.
fn month_of(text: &str) -> Option<Date> {
    let (year, month) = text.split_once('-')?;
    Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
}

fn month_text(month: Date) -> String {
    format!("{:04}-{:02}", month.year(), month.month())
}

/// Draws it.
pub(crate) async fn list(
    State(site): State<Site>,
    Query(place): Query<Where>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let today = site.node().today();
    let this = today.first_of_month();
    let month = if place.month.is_empty() {
        this
    } else {
        month_of(&place.month).filter(|month| (2000..2100).contains(&month.year())).ok_or(Fault::NotFound)?
    };
    let all = place.list == "all";
    let desk = frame::desk(&site, &clerk, Place::Registers);
    let (lines, people, deferred) = site
        .ask(move |node| {
            let lines = part(node, Sort::Due, all, &place.after)?;
            let (mut deferred, _) = node.owed(Owed::Deferral, None, limit::ROWS_PER_PAGE)?;
            deferred.retain(|owed| owed.day.is_some_and(|day| day <= month.last_of_month()));
            Ok::<_, Fault>((lines, node.due_candidates(month)?, deferred))
        })
        .await??;
    let name = format!("{}年{}月", month.year(), month.month());
    let said =
        place.done.parse::<u32>().ok().map(|count| Said {
            kind: "green",
            text: format!("已列入 {count} 人，原来在名单上的没有重复列。"),
        });
    page::show(&Sheet {
        desk,
        title: "到龄到期名单".to_owned(),
        lead: "只在本机里找，证件号只打开看一眼年月，不导出。每一行都要有结果。".to_owned(),
        up: UP,
        said: said.into_iter().collect(),
        doors: ways(all, this, month),
        parts: vec![lines, found(&site, &people, month, &name), papers(&deferred, &name)],
    })
}

/// The ways on from the list: another month, a pasted list.
fn ways(all: bool, this: Date, month: Date) -> Vec<Door> {
    let mut doors = doors(Sort::Due, all);
    doors.push(Door::to("贴一份名单", "/registers/due/import"));
    for (label, other) in [
        ("上个月", this.saturating_sub(jiff_months(1))),
        ("这个月", this),
        ("下个月", this.saturating_add(jiff_months(1))),
    ] {
        let href = format!("/registers/due?month={}", month_text(other));
        doors.push(Door { now: other == month, ..Door::to(label, href) });
    }
    doors
}

/// Who was found in the box's own cases, and one press that lists them all.
fn found(site: &Site, people: &[Candidate], month: Date, name: &str) -> Part {
    let row = |one: &Candidate| {
        vec![
            text(&one.name),
            text(Sort::Due.topic(one.topic)),
            text(words::full_day(one.on)),
            link("看办件", format!("/cases/{}", one.case.hex())),
        ]
    };
    let mut rows: Vec<Vec<Cell>> = people.iter().map(row).collect();
    if !rows.is_empty() {
        let press = Press {
            action: "/registers/due".to_owned(),
            once: site.fresh_form(),
            name: "month",
            value: month_text(month),
            label: "都列入名单",
            about: name.to_owned(),
        };
        rows.push(vec![text(format!("一共 {} 人", people.len())), text(""), text(""), Cell::Press(press)]);
    }
    Part {
        title: format!("{name}到龄、还没列入名单的"),
        note: "从本机办过的件里找到的".to_owned(),
        empty: "本机办过的件里，这个月没有人满60、80、90、100周岁，或者都列入了。",
        head: vec!["姓名", "为什么", "哪一天", "从哪里知道"],
        rows,
        ..Part::default()
    }
}

/// Papers still to come.
fn papers(deferred: &[OwedLine], name: &str) -> Part {
    let row = |owed: &OwedLine| {
        vec![
            text(&owed.line.name),
            text(owed.materials.join("、")),
            text(owed.day.map(words::day).unwrap_or_default()),
            link("去补齐", format!("/cases/{}", owed.line.id.hex())),
        ]
    };
    let mut rows: Vec<Vec<Cell>> = deferred.iter().map(row).collect();
    if rows.len() == limit::ROWS_PER_PAGE {
        rows.push(vec![text("不止这些"), text(""), text(""), link("看全部", "/owed".to_owned())]);
    }
    Part {
        title: format!("{name}底前要补齐的容缺材料"),
        empty: "没有要补的容缺材料。",
        head: vec!["姓名", "材料", "限到", "办件"],
        rows,
        ..Part::default()
    }
}

fn jiff_months(count: i64) -> jiff::Span {
    jiff::Span::new().try_months(count).unwrap_or_default()
}

/// Everybody who was found goes on the list.
pub(crate) async fn take(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    let month = month_of(fields.get("month")).ok_or(Fault::NotFound)?;
    let count = site.ask(move |node| node.list_due(&clerk.who, month)).await??;
    Ok(Redirect::to(&format!("/registers/due?month={}&done={count}", month_text(month))).into_response())
}

/// Asks for a list.
pub(crate) async fn ask(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    shown(&site, &clerk, None, None)
}

fn shown(
    site: &Site,
    clerk: &Clerk,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<Response, Fault> {
    let mut list = area(typed, "list", "名单", "").hint("一行一个人：姓名，空一格，证件号码");
    (list.max, list.rows) = (30_000, 10);
    let form = Form {
        lead: vec!["姓名和证件号码加密存在盒子里，页面上只显示遮住的。有一行不对，整份都不存。".to_owned()],
        choices: vec![coded(typed, "topic", "为什么到期", Sort::Due.topics(), "")],
        fields: vec![
            list,
            line(typed, "due", "到期日", "").hint("年-月-日；到龄的按证件号自己算，空着").max(10),
        ],
        ..Form::default()
    };
    let frame = Frame {
        title: "贴一份名单".to_owned(),
        button: "存下名单".to_owned(),
        action: "/registers/due/import".to_owned(),
        back: ("回到龄到期".to_owned(), "/registers/due".to_owned()),
    };
    sheet::ask(site, clerk, frame, form, refusal)
}

/// Takes a list.
pub(crate) async fn import(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    let (sent, typed) = (clerk.clone(), fields.clone());
    let done = site
        .ask(move |node| {
            let due = optional_date(&typed, "due", "到期日")?;
            node.import_due(&sent.who, typed.get("topic"), due, typed.get("list"))
        })
        .await?;
    match done {
        Ok((fresh, _before)) => Ok(Redirect::to(&format!("/registers/due?done={fresh}")).into_response()),
        Err(ActError::Refused(refusal)) => shown(&site, &clerk, Some(&fields), Some(&refusal)),
        Err(error) => Err(error.into()),
    }
}
