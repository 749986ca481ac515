//! 窗口和岗位: number, kind, items, A and B, hours; and who is away.

use app::{ActError, Node};
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::office::{Clerk as Person, Window, WindowKind};

use super::form::{coded, line, optional_date};
use super::sheet::{self, Cell, Door, Form, Frame, Part, Sheet, UP, link, text};
use crate::cases::deed::Tick;
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::path::Query;
use crate::shell::session::{Act, Clerk};
use crate::view::{Choice, Field};
use crate::{Site, page};

fn takes(node: &Node, window: &Window) -> String {
    match window.kind {
        WindowKind::Any => "所有事项".to_owned(),
        WindowKind::Fields => window.takes.join("、"),
        WindowKind::Special => {
            window.takes.iter().map(|code| node.item_name(code)).collect::<Vec<_>>().join("、")
        }
    }
}

/// All of this station's windows, and who is away.
pub(crate) async fn list(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let node = site.node();
    let (reference, here, today) = (node.reference(), node.station().0, node.today());
    let windows = reference.office.windows.get(&here).map(Vec::as_slice).unwrap_or_default();
    let row = |window: &Window| {
        let cover = reference.office.away_on(here, &window.a.id, today);
        let a =
            if cover.is_some() { format!("{}（不在）", window.a.name) } else { window.a.name.clone() };
        let b = if cover.is_some() {
            format!("{}（正在接办）", window.b.name)
        } else {
            window.b.name.clone()
        };
        vec![
            link(
                format!("{} 号窗口", window.number),
                format!("/registers/windows/set?number={}", window.number),
            ),
            text(window.kind.label()),
            text(takes(node, window)),
            text(a),
            text(b),
            text(&window.hours),
        ]
    };
    let all = reference.office.away.get(&here).map(Vec::as_slice).unwrap_or_default();
    let away = all.iter().filter(|away| away.until >= today).map(|away| -> Vec<Cell> {
        vec![
            text(&away.clerk.name),
            text(format!("{}到{}", words::day(away.from), words::day(away.until))),
            text(format!("{}登记", away.told_by)),
        ]
    });
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Registers),
        title: "窗口和岗位".to_owned(),
        lead: "A岗不在时，他的办件和到期提醒给B岗看，办件页上也写明由谁接办。".to_owned(),
        up: UP,
        doors: vec![
            Door::new_one("设一个窗口", "/registers/windows/set"),
            Door::to("登记谁不在岗", "/registers/windows/away"),
        ],
        parts: vec![
            Part {
                title: "窗口".to_owned(),
                empty: "还没有设窗口。按“设一个窗口”，写上号、种类、A岗B岗和服务时间。",
                head: vec!["窗口", "种类", "收哪些事项", "A岗", "B岗", "服务时间"],
                rows: windows.iter().map(row).collect(),
                walk: true,
                ..Part::default()
            },
            Part {
                title: "不在岗".to_owned(),
                empty: "今天起没有人登记不在岗。",
                head: vec!["谁", "哪几天", "谁登记的"],
                rows: away.collect(),
                ..Part::default()
            },
        ],
        ..Sheet::default()
    })
}

#[derive(serde::Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    number: String,
}

/// Asks for a window, with what it is now.
pub(crate) async fn ask(
    State(site): State<Site>,
    Query(which): Query<Which>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let (reference, here) = (site.node().reference(), site.node().station().0);
    let windows = reference.office.windows.get(&here).map(Vec::as_slice).unwrap_or_default();
    let known = windows.iter().find(|window| window.number.to_string() == which.number);
    let typed = known.map(|window| {
        let name = if window.kind == WindowKind::Fields { "area" } else { "code" };
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut pairs = vec![
            one("number", &which.number),
            one("kind", window.kind.code()),
            one("a", &window.a.id),
            one("b", &window.b.id),
            one("hours", &window.hours),
        ];
        pairs.extend(window.takes.iter().map(|takes| one(name, takes)));
        Fields::new(pairs)
    });
    shown(&site, &clerk, typed.as_ref(), None).await
}

/// Everybody who may sign in here, as choices.
fn people(node: &Node, typed: Option<&Fields>, name: &str, label: &str, none: &str) -> Result<Field, Fault> {
    let mut options = vec![Choice::new("", none)];
    let accounts = node.accounts()?;
    let value = typed.map_or("", |fields| fields.get(name));
    // who was stopped holds no post any more; one that still stands there stays to be seen
    let here = accounts.into_iter().filter(|one| !one.stopped || one.id == value);
    options.extend(here.map(|one| Choice::new(one.id, format!("{}　{}", one.name, one.post))));
    Ok(Field::select(name, label, value, options).width("full"))
}

async fn shown(
    site: &Site,
    clerk: &Clerk,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<Response, Fault> {
    let kept = typed.cloned();
    let form = site.ask(move |node| form(node, kept.as_ref())).await??;
    let frame = Frame {
        title: "设一个窗口".to_owned(),
        button: "存下".to_owned(),
        action: "/registers/windows/set".to_owned(),
        back: ("回窗口和岗位".to_owned(), "/registers/windows".to_owned()),
    };
    sheet::ask(site, clerk, frame, form, refusal)
}

fn form(node: &Node, typed: Option<&Fields>) -> Result<Form, Fault> {
    let (reference, today) = (node.reference(), node.today());
    let on = |name: &str, value: &str| {
        typed.is_some_and(|fields| fields.pairs().any(|pair| pair == (name, value)))
    };
    let mut ticks: Vec<Tick> = Vec::new();
    let tick = |name: &'static str, value: &str, text: String| Tick {
        id: format!("{name}-{value}"),
        name,
        value: value.to_owned(),
        text,
        note: String::new(),
        on: on(name, value),
    };
    let items: Vec<_> = reference.catalogue.items().filter_map(|item| item.on(today)).collect();
    for item in &items {
        if !ticks.iter().any(|known| known.value == item.area) {
            ticks.push(tick("area", &item.area, format!("领域：{}", item.area)));
        }
    }
    ticks.extend(items.iter().map(|item| tick("code", &item.code, item.name.clone())));
    let kinds = WindowKind::ALL.map(|kind| (kind.code(), kind.label()));
    Ok(Form {
        choices: vec![coded(typed, "kind", "种类", &kinds, "any")],
        fields: vec![
            line(typed, "number", "窗口号", "").hint("1 到 20").max(2),
            people(node, typed, "a", "A岗", "请选")?,
            people(node, typed, "b", "B岗", "没有B岗")?,
            line(typed, "hours", "服务时间", "工作日 8:00 至 17:30"),
        ],
        ticks_label: "收哪些：无差别的不用选；分领域的选领域；特色的选事项",
        ticks,
        other: "撤掉这个窗口",
        ..Form::default()
    })
}

fn person(node: &Node, id: &str) -> Result<Person, ActError> {
    let found = node.accounts()?.into_iter().find(|one| one.id == id);
    Ok(found.map(|one| Person { id: one.id, name: one.name }).unwrap_or_default())
}

/// Sets a window, or takes it away.
pub(crate) async fn set(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    let (who, typed) = (clerk.who.clone(), fields.clone());
    let done = site
        .ask(move |node| {
            let number = typed.get("number").parse().unwrap_or(0);
            if typed.get("do") == "other" {
                return node.set_window(&who, number, None);
            }
            let kind = WindowKind::ALL.into_iter().find(|kind| kind.code() == typed.get("kind"));
            let kind = kind.ok_or_else(|| Refusal::field("kind", "种类", "还没选种类，请选一项。"))?;
            let name = match kind {
                WindowKind::Any => "",
                WindowKind::Fields => "area",
                WindowKind::Special => "code",
            };
            let takes: Vec<String> =
                typed.pairs().filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).collect();
            if takes.is_empty() && kind != WindowKind::Any {
                return Err(Refusal::field("kind", "种类", "还没选收哪些，请在下面选。").into());
            }
            let (a, b) = (person(node, typed.get("a"))?, person(node, typed.get("b"))?);
            let window = Window { number, kind, takes, a, b, hours: typed.get("hours").to_owned() };
            node.set_window(&who, number, Some(&window))
        })
        .await?;
    match done {
        Ok(()) => Ok(Redirect::to("/registers/windows").into_response()),
        Err(ActError::Refused(refusal)) => shown(&site, &clerk, Some(&fields), Some(&refusal)).await,
        Err(error) => Err(error.into()),
    }
}

/// Asks who is away.
pub(crate) async fn ask_away(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    away_form(&site, &clerk, None, None).await
}

async fn away_form(
    site: &Site,
    clerk: &Clerk,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<Response, Fault> {
    let kept = typed.cloned();
    let today = site.node().today().to_string();
    let form = site
        .ask(move |node| {
            let typed = kept.as_ref();
            let date = |name: &str, label: &str| line(typed, name, label, &today).hint("年-月-日").max(10);
            Ok::<_, Fault>(Form {
                fields: vec![
                    people(node, typed, "clerk", "谁不在", "请选")?,
                    date("from", "从哪一天"),
                    date("until", "到哪一天"),
                ],
                other: "已经回来了",
                ..Form::default()
            })
        })
        .await??;
    let frame = Frame {
        title: "登记谁不在岗".to_owned(),
        button: "存下".to_owned(),
        action: "/registers/windows/away".to_owned(),
        back: ("回窗口和岗位".to_owned(), "/registers/windows".to_owned()),
    };
    sheet::ask(site, clerk, frame, form, refusal)
}

/// Says who is away, or is back.
pub(crate) async fn set_away(
    State(site): State<Site>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let (who, typed) = (clerk.who.clone(), fields.clone());
    let done = site
        .ask(move |node| {
            let person = person(node, typed.get("clerk"))?;
            if typed.get("do") == "other" {
                return node.set_away(&who, &person, None);
            }
            let day = |name: &str, label: &str| {
                let given = optional_date(&typed, name, label)?;
                given.ok_or_else(|| Refusal::field(name, label, format!("还没填{label}。")))
            };
            node.set_away(&who, &person, Some((day("from", "从哪一天")?, day("until", "到哪一天")?)))
        })
        .await?;
    match done {
        Ok(()) => Ok(Redirect::to("/registers/windows").into_response()),
        Err(ActError::Refused(refusal)) => away_form(&site, &clerk, Some(&fields), Some(&refusal)).await,
        Err(error) => Err(error.into()),
    }
}
