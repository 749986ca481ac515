//! 首问负责 and AB岗: what each clerk received first, who stands in for whom; and what is late, with its 责任追究.

use app::ActError;
use app::cases::{CaseId, CaseLine};
use app::matters::CaseLate;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use model::case::facts;

use super::sheet::{Cell, Part, Press, Sheet, UP, link, text};
use super::{once, told};
use crate::cases::show::Opened;
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::Part as Named;
use crate::shell::session::{Act, Clerk};
use crate::view::{Said, Tag};
use crate::{Site, limit, page};

fn case_row(line: &CaseLine) -> Vec<Cell> {
    vec![
        Cell::Light(words::line_light(line)),
        text(&line.name),
        link(&line.item, format!("/cases/{}", line.id.hex())),
        text(if line.step.is_empty() { line.stage.label() } else { &line.step }),
        Cell::Truth(frame::truth(line.truth)),
        text(words::tail(&line.number)),
    ]
}

/// What a case's page says when its first receiver is away: who takes over.
pub(crate) fn stand_in(opened: &Opened) -> Option<Said> {
    let case = &opened.view.case;
    let staff = case.filing.fact(facts::CLERK)?;
    let (away, b) = opened.reference.office.away_on(case.station, staff, opened.today)?;
    let until = words::day(away.until);
    let text = format!("{}（A岗）到{until}不在，由{}（B岗）接办。", away.clerk.name, b.name);
    Some(Said { kind: "", text })
}

/// Who holds the B post of a case's first receiver; empty where no window says so.
pub(crate) fn b_post(opened: &Opened) -> String {
    let case = &opened.view.case;
    let staff = case.filing.fact(facts::CLERK).unwrap_or_default();
    let windows = opened.reference.office.windows.get(&case.station).map(Vec::as_slice).unwrap_or_default();
    let own = windows.iter().find(|window| !staff.is_empty() && window.a.id == staff);
    own.map(|window| window.b.name.clone()).unwrap_or_default()
}

const CASES: [&str; 6] = ["期限", "申请人", "事项", "到哪一步", "记录在哪", "办件号"];

/// Everybody who received something first.
pub(crate) async fn list(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let loads = site.ask(app::Node::clerks).await??;
    let (node, names) = (site.node(), frame::station_names(site.node()));
    let (reference, today) = (node.reference(), node.today());
    let row = |load: &app::matters::ClerkLoad| {
        let over = if load.overdue > 0 {
            Cell::Tag(Tag::new("red", format!("超期 {}", load.overdue)))
        } else {
            text("没有超期")
        };
        let cover = reference.office.away_on(load.station, &load.staff, today);
        let cover = cover.map(|(away, b)| {
            format!("{}到{}不在，由{}接办", words::day(away.from), words::day(away.until), b.name)
        });
        vec![
            link(&load.name, format!("/registers/clerks/{}-{}", load.station, load.staff)),
            text(names.get(&load.station).cloned().unwrap_or_default()),
            text(format!("{} 件", load.open)),
            over,
            text(cover.unwrap_or_default()),
        ]
    };
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Registers),
        title: "首问负责".to_owned(),
        lead: "谁先接的，谁负责到底；A岗不在，由B岗接办。".to_owned(),
        up: UP,
        parts: vec![Part {
            title: "每个人首接、还没办完的".to_owned(),
            empty: "没有正在办的。",
            head: vec!["谁", "哪个站", "没办完", "超期", "谁接办"],
            rows: loads.iter().map(row).collect(),
            walk: true,
            ..Part::default()
        }],
        ..Sheet::default()
    })
}

/// One clerk's cases and matters.
pub(crate) async fn one(
    State(site): State<Site>,
    Named(named): Named<String>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let (station, staff) = named.split_once('-').ok_or(Fault::NotFound)?;
    let (station, staff) = (station.parse::<u16>().map_err(|_| Fault::NotFound)?, staff.to_owned());
    let asked = staff.clone();
    let (cases, matters) = site
        .ask(move |node| {
            let cases = node.cases_of(station, &asked, limit::ROWS_PER_PAGE)?;
            Ok::<_, ActError>((cases, node.matters_by(station, &asked, limit::ROWS_PER_PAGE)?))
        })
        .await??;
    let (node, names) = (site.node(), frame::station_names(site.node()));
    let (reference, today) = (node.reference(), node.today());
    let said = reference.office.away_on(station, &staff, today).map(|(away, b)| Said {
        kind: "amber",
        text: format!(
            "{}（A岗）{}到{}不在，由{}（B岗）接办。{}登记的。",
            away.clerk.name,
            words::day(away.from),
            words::day(away.until),
            b.name,
            away.told_by
        ),
    });
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Registers),
        title: format!("首接的办件：{}", names.get(&station).cloned().unwrap_or_default()),
        up: ("回首问负责", "/registers/clerks"),
        said: said.into_iter().collect(),
        parts: vec![
            Part {
                title: "办件".to_owned(),
                note: "先到期的在前".to_owned(),
                empty: "没有正在办的办件。",
                head: CASES.to_vec(),
                rows: cases.iter().map(case_row).collect(),
                walk: true,
                ..Part::default()
            },
            Part {
                title: "登记的事项".to_owned(),
                empty: "没有没办完的登记。",
                head: told::HEAD.to_vec(),
                rows: matters.iter().map(|m| told::row(m, today, &reference.calendar, &names)).collect(),
                ..Part::default()
            },
        ],
        ..Sheet::default()
    })
}

/// What is late.
pub(crate) async fn late(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let late = site.ask(|node| node.late(limit::ROWS_PER_PAGE)).await??;
    let row = |late: &CaseLate| {
        let about = format!("{} {}", late.case.name, late.case.item);
        let last = match &late.account {
            Some(account) => link(
                format!("责任追究：{}", account.stage),
                format!("/registers/matters/{}", account.id.hex()),
            ),
            None => Cell::Press(Press {
                action: "/registers/late".to_owned(),
                once: site.fresh_form(),
                name: "case",
                value: late.case.id.hex(),
                label: "登记责任追究",
                about,
            }),
        };
        vec![
            Cell::Light(words::line_light(&late.case)),
            text(&late.case.name),
            link(&late.case.item, format!("/cases/{}", late.case.id.hex())),
            text(&late.clerk),
            text(words::tail(&late.case.number)),
            last,
        ]
    };
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Registers),
        title: "超期办件".to_owned(),
        lead: "要不要追究由人来定：按一下先记为待核实，当事人说明、别的负责人认定以后才算。不对外公开。"
            .to_owned(),
        up: UP,
        parts: vec![Part {
            title: "已经超期的".to_owned(),
            note: format!("{} 件", late.len()),
            empty: "没有超期的办件。",
            head: vec!["期限", "申请人", "事项", "首问负责", "办件号", "责任追究"],
            rows: late.iter().map(row).collect(),
            ..Part::default()
        }],
        ..Sheet::default()
    })
}

/// One press opens a 责任追究 about an overdue case.
pub(crate) async fn account(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    let case = CaseId::parse(fields.get("case")).ok_or(Fault::NotFound)?;
    let saved =
        site.ask(move |node| once(node, &clerk, "late", &fields).open_account(&clerk.who, case)).await??;
    let code = if saved.before { "again" } else { "open" };
    Ok(Redirect::to(&format!("/registers/matters/{}?done={code}", saved.id.hex())).into_response())
}
