//! The page of one matter: where it stands, what happened, what may be done now.

use app::cases::CaseId;
use app::matters::{Line, MatterView};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::case::{AnomalyKind, facts};
use model::matter::Sort;
use model::matter::event::LinkedTo;
use model::person::{mask_id, mask_phone};

use super::deed::{Deed, offered};
use super::photos::{self, Shot};
use super::{id, once, told};
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::{Part, Query};
use crate::shell::session::{Act as Sent, Clerk};
use crate::view::{Act, Desk, Entry, Light, Said, Tag, Truth};
use crate::{Site, page};

#[derive(Template)]
#[template(path = "registers/show.html")]
pub(super) struct ShowPage {
    desk: Desk,
    said: Vec<Said>,
    up: (String, String),
    sort: &'static str,
    number: String,
    title: String,
    tags: Vec<Tag>,
    stage: &'static str,
    light: Light,
    due: String,
    clerk: String,
    station: String,
    truth: Truth,
    truth_note: String,
    acts: Vec<Act>,
    entries: Vec<Entry>,
    facts: Vec<(&'static str, String)>,
    links: Vec<(String, String)>,
    /// Where photos are added; none where the sort has none.
    shots: Option<Vec<Shot>>,
    matter: String,
    once: String,
}

/// The small pictures, alone: what the script puts in their place.
#[derive(Template)]
#[template(path = "registers/shots.html")]
struct ShotsPart<'a> {
    shots: &'a [Shot],
}

/// The list of photos as the page draws it.
pub(super) fn shots_html(shots: &[Shot]) -> Result<String, Fault> {
    ShotsPart { shots }.render().map_err(|_fault| Fault::Defect("a part did not render"))
}

/// What the last act was.
#[derive(serde::Deserialize)]
pub(crate) struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    fn said(&self) -> Option<Said> {
        let text = match self.done.as_str() {
            "open" => "已登记，已存下。".to_owned(),
            "again" => "刚才已经办好了，没有重复办。".to_owned(),
            code => format!("“{}”已存下。", Deed::parse(code)?.label()),
        };
        Some(Said { kind: "green", text })
    }
}

/// Draws it.
pub(crate) async fn get(
    State(site): State<Site>,
    Part(matter): Part<String>,
    Query(done): Query<Done>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    page::show(&built(&site, &clerk, id(&matter)?, done.said()).await?)
}

/// The page of a matter, with a word on what was just done.
pub(super) async fn built(
    site: &Site,
    clerk: &Clerk,
    id: app::matters::MatterId,
    said: Option<Said>,
) -> Result<ShowPage, Fault> {
    let (view, linked, case) = site
        .ask(move |node| {
            let view = node.matter(id)?;
            let linked = node.matters_of(id.0)?;
            let case = view.matter.link(LinkedTo::Case).map(CaseId);
            // a case that has not come here yet is no link
            let case = case.and_then(|case| node.case(case).ok()).map(|view| node.line(&view));
            Ok::<_, app::ActError>((view, linked, case))
        })
        .await??;
    let mut links: Vec<(String, String)> = case
        .map(|case| (format!("办件 {}　{}", case.number, case.item), format!("/cases/{}", case.id.hex())))
        .into_iter()
        .collect();
    if let Some(other) = view.matter.link(LinkedTo::Matter).map(app::matters::MatterId) {
        links.push((format!("登记号 {}", other.short()), format!("/registers/matters/{}", other.hex())));
    }
    let name = |line: &Line| {
        (format!("{}：{}", line.sort.label(), line.stage), format!("/registers/matters/{}", line.id.hex()))
    };
    links.extend(linked.iter().map(name));
    Ok(build(site, clerk, &view, said, links))
}

fn build(
    site: &Site,
    clerk: &Clerk,
    view: &MatterView,
    said: Option<Said>,
    links: Vec<(String, String)>,
) -> ShowPage {
    let node = site.node();
    let (matter, names, reference) = (&view.matter, frame::station_names(node), node.reference());
    let sort = matter.sort();
    let opened = matter.opened.as_ref();
    let troubles = view.anomalies.iter().map(|anomaly| {
        let newer =
            if anomaly.kind == AnomalyKind::NotAllowed { "请按“定下怎么算”。" } else { "" };
        Said { kind: "amber", text: format!("“{}”：{}{newer}", anomaly.title, anomaly.why) }
    });
    let mut tags = vec![Tag::new("blue", sort.label())];
    tags.extend(Some(matter.topic_label()).filter(|t| !t.is_empty()).map(|topic| Tag::new("", topic)));
    tags.extend(matter.published.is_some().then(|| Tag::new("green", "在办事指南上")));
    tags.extend(matter.at_centre.then(|| Tag::new("amber", "在镇中心")));
    let up = match sort {
        Sort::Behalf => ("回帮办代办".to_owned(), "/registers/behalf".to_owned()),
        Sort::Norm => ("回服务规范".to_owned(), "/registers/norms".to_owned()),
        Sort::Consult
        | Sort::Stuck
        | Sort::Account
        | Sort::Round
        | Sort::Transfer
        | Sort::Due
        | Sort::Rating => (format!("回{}", sort.label()), format!("/registers/{}", sort.slug())),
    };
    let station = names.get(&matter.station()).cloned().unwrap_or_default();
    ShowPage {
        desk: frame::desk(site, clerk, Place::Registers),
        said: said.into_iter().chain(troubles).chain(late(view, node)).collect(),
        up,
        sort: sort.label(),
        number: view.id.short(),
        title: title(node, view),
        tags,
        stage: matter.stage_label(),
        light: told::light(matter.due, matter.is_over(), node.today(), &reference.calendar),
        due: matter
            .due
            .filter(|_| !matter.is_over())
            .map(|due| format!("{}前", words::day(due)))
            .unwrap_or_default(),
        clerk: opened.map(|opened| opened.mark.stamp.name.clone()).unwrap_or_default(),
        station,
        truth: frame::truth(view.truth),
        truth_note: frame::truth_note(view.truth),
        acts: acts(node, &clerk.who, view),
        entries: told::entries(view, &names),
        facts: facts_of(node, view),
        links,
        shots: photos::shots(view),
        matter: view.id.hex(),
        once: site.fresh_form(),
    }
}

/// A late matter says what a person should do about it: no clock does it for them.
fn late(view: &MatterView, node: &app::Node) -> Option<Said> {
    let matter = &view.matter;
    let is_late = !matter.is_over() && matter.due.is_some_and(|due| due < node.today());
    let told = matter.escalated.last().map(|done| done.what.to.label());
    let text = match (matter.sort(), told) {
        (Sort::Stuck, None) => "超期了，请“上报督办”，镇中心会看到。".to_owned(),
        (Sort::Stuck, Some(to)) => format!("超期了，已上报{to}，还没办完。"),
        (Sort::Rating, _) => "超期了，请赶快办；要追究的请“登记责任追究”。".to_owned(),
        _ => "超期了。".to_owned(),
    };
    is_late.then_some(Said { kind: "red", text })
}

fn title(node: &app::Node, view: &MatterView) -> String {
    let line = node.matter_line(view);
    let what = if line.item.is_empty() { line.topic.to_owned() } else { line.item };
    let what = if what.is_empty() { line.sort.label().to_owned() } else { what };
    if line.name.is_empty() { what } else { format!("{}　{what}", line.name) }
}

fn facts_of(node: &app::Node, view: &MatterView) -> Vec<(&'static str, String)> {
    let matter = &view.matter;
    let line = node.matter_line(view);
    let answerable = matter.opened.as_ref().map(|opened| opened.what.staff_name.clone());
    let supervisor = matter.concluded.as_ref().map(|done| done.mark.stamp.name.clone());
    let verdict = matter.concluded.as_ref().map(|done| done.what.verdict.label().to_owned());
    let public = matter.published.as_ref().map(|done| {
        let (asked, answer) = (Some(&done.what.question), Some(&done.what.answer));
        format!("{}　{}", matter.words(asked), matter.words(answer))
    });
    let pairs = [
        ("什么事", matter.about().to_owned()),
        ("关联事项", line.item),
        ("姓名", if matter.sort() == Sort::Account { String::new() } else { line.name }),
        ("电话", mask_phone(matter.cell(facts::PHONE))),
        ("证件号码", mask_id(matter.cell(facts::ID_NUMBER))),
        ("当事人", answerable.unwrap_or_default()),
        ("认定人", supervisor.unwrap_or_default()),
        ("结论", verdict.unwrap_or_default()),
        ("指南上写的", public.unwrap_or_default()),
    ];
    pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn acts(node: &app::Node, who: &app::Who, view: &MatterView) -> Vec<Act> {
    let path = format!("/registers/matters/{}", view.id.hex());
    let offered = offered(node, who, view);
    let first = offered.first().copied().filter(|deed| *deed != Deed::Note);
    offered
        .into_iter()
        .map(|deed| Act {
            code: deed.code().to_owned(),
            label: deed.label_of(view.matter.sort()).to_owned(),
            href: format!("{path}/acts/{}", deed.code()),
            key: deed.key().to_owned(),
            key_cap: deed.key().to_uppercase(),
            note: deed.note().to_owned(),
            primary: Some(deed) == first,
            danger: false,
        })
        .collect()
}

/// A 办不成事 that is a clerk's fault leads to a 责任追究, by a person's press.
pub(crate) async fn account(
    State(site): State<Site>,
    Part(matter): Part<String>,
    Sent { clerk, fields }: Sent,
) -> Result<Response, Fault> {
    let id = id(&matter)?;
    let who = clerk.who.clone();
    let saved =
        site.ask(move |node| once(node, &clerk, &matter, &fields).open_account_of(&who, id)).await??;
    let code = if saved.before { "again" } else { "open" };
    Ok(Redirect::to(&format!("/registers/matters/{}?done={code}", saved.id.hex())).into_response())
}
