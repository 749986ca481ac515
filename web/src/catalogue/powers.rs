//! `GET /authorities`: 受理权限, the written powers; registered and ended on pages of their own.

use app::ActError;
use app::authoring::NewPower;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::authority::Authority;
use model::item::Way;

use super::start::{AskPage, Ticks};
use super::{date, gaps, only_centre};
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::Query;
use crate::shell::session::{Act, Clerk};
use crate::view::{Choice, Desk, Field, Said, Tag};
use crate::{Site, page};

struct Line {
    document: String,
    principal: String,
    way: &'static str,
    station: String,
    items: String,
    /// All their names, for whoever opens it.
    names: Vec<String>,
    days: String,
    state: Tag,
    /// Why it was ended; empty where nobody did.
    why: String,
    /// Where it is ended; empty once it is over.
    end: String,
}

#[derive(Template)]
#[template(path = "catalogue/powers.html")]
struct PowersPage {
    desk: Desk,
    said: Option<Said>,
    lines: Vec<Line>,
}

/// Which power, and what was just done.
#[derive(serde::Deserialize, Default)]
pub(crate) struct Which {
    #[serde(default)]
    station: u16,
    #[serde(default)]
    document: String,
    #[serde(default)]
    done: String,
}

fn place(power: &Authority) -> String {
    let mut out = format!("/authorities/end?station={}&document=", power.station);
    for byte in power.document.bytes() {
        out.push_str(&format!("%{byte:02X}"));
    }
    out
}

fn line(site: &Site, power: &Authority) -> Line {
    let (reference, today) = (site.node().reference(), site.node().today());
    let name = |code: &String| {
        let item = reference.catalogue.item(code).and_then(|item| item.versions.last());
        item.map_or_else(|| code.clone(), |version| version.name.clone())
    };
    let over = power.to.is_some_and(|to| to < today);
    let state = if over {
        Tag::new("", "到期了")
    } else if today < power.from {
        Tag::new("blue", "还没生效")
    } else {
        Tag::new("green", "有效")
    };
    let names: Vec<String> = power.items.iter().map(name).collect();
    let first = names.first().cloned().unwrap_or_default();
    Line {
        document: power.document.clone(),
        principal: power.principal.clone(),
        way: power.way.label(),
        station: frame::station_name(site.node(), power.station),
        items: if names.len() > 1 { format!("{first}等 {} 项", names.len()) } else { first },
        names,
        days: format!(
            "{} 至 {}",
            power.from,
            power.to.map_or_else(|| "长期".to_owned(), |to| to.to_string())
        ),
        state,
        why: power
            .ended
            .as_ref()
            .map(|ended| format!("{}（{}，{}）", ended.words, ended.name, ended.on))
            .unwrap_or_default(),
        end: if over { String::new() } else { place(power) },
    }
}

/// The list.
pub(crate) async fn list(
    State(site): State<Site>,
    Query(which): Query<Which>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let reference = site.node().reference();
    let mut powers: Vec<&Authority> = reference.authorities.iter().collect();
    powers.sort_by_key(|power| {
        (power.to.is_some_and(|to| to < site.node().today()), power.station, power.document.clone())
    });
    let text = match which.done.as_str() {
        "registered" => Some("登记好了，下次通上线各站就能用。"),
        "ended" => Some("改好了。到了那天以后，站里只能代办。"),
        _ => None,
    };
    page::show(&PowersPage {
        desk: frame::desk(&site, &clerk, Place::Powers),
        said: text.map(|text| Said { kind: "green", text: text.to_owned() }),
        lines: powers.into_iter().map(|power| line(&site, power)).collect(),
    })
}

fn built(site: &Site, clerk: &Clerk, typed: &Fields, refusal: Option<&Refusal>) -> AskPage {
    let error = |name: &str| refusal.and_then(|refusal| refusal.fields.of(name)).map(str::to_owned);
    let mut ways = vec![Choice::new("", "请选")];
    ways.extend(
        Way::ALL
            .into_iter()
            .filter(|way| *way != Way::OnBehalf)
            .map(|way| Choice::new(way.label(), way.label())),
    );
    let on = |name: &str, value: &str| typed.pairs().any(|(key, one)| key == name && one == value);
    let stations =
        frame::station_names(site.node()).into_iter().filter(|(number, _)| *number != model::station::CENTRE);
    let stations = stations.map(|(number, name)| {
        let value = number.to_string();
        (value.clone(), name, on("stations", &value))
    });
    let reference = site.node().reference();
    let items = reference.catalogue.items().filter_map(|item| {
        let last = item.versions.last().filter(|last| last.way != Way::OnBehalf)?;
        Some((item.code.clone(), format!("{}（{}）", last.name, last.way.label()), on("items", &item.code)))
    });
    let field = |id: &str, label: &str| Field::text(id, label, typed.get(id)).error(error(id));
    AskPage {
        desk: frame::desk(site, clerk, Place::Powers),
        title: "登记受理权限".to_owned(),
        lead: "照委托书或授权书抄。登记以后，站里收这些事项就出受理通知书；没有的只能代办。".to_owned(),
        warn: None,
        gaps: refusal.map(gaps).unwrap_or_default(),
        fields: vec![
            Field { focus: true, ..field("document", "文号").hint("如 泾民委〔2026〕3号") },
            field("principal", "哪个机关给的"),
            Field::select("way", "办理方式", typed.get("way"), ways).error(error("way")),
            field("from", "从哪天起").hint("2026-01-05").max(20),
            field("to", "到哪天止").hint("长期就空着").max(20),
        ],
        ticks: vec![
            Ticks { name: "stations", legend: "给哪个站", boxes: stations.collect() },
            Ticks { name: "items", legend: "哪些事项", boxes: items.collect() },
        ],
        hidden: Vec::new(),
        action: "/authorities/new".to_owned(),
        once: site.fresh_form(),
        button: "登记",
        danger: false,
        back: ("/authorities".to_owned(), "回受理权限"),
    }
}

/// Asks for a new one.
pub(crate) async fn ask(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    only_centre(&site)?;
    page::show(&built(&site, &clerk, &Fields::default(), None))
}

/// Registers it.
pub(crate) async fn register(
    State(site): State<Site>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let all = |name: &str| -> Vec<String> {
        let named = fields.pairs().filter(|(key, _)| *key == name);
        named.map(|(_, value)| value.to_owned()).collect()
    };
    let typed_to = fields.get("to");
    let power = NewPower {
        document: fields.get("document").to_owned(),
        principal: fields.get("principal").to_owned(),
        way: Way::from_label(fields.get("way")),
        stations: all("stations").iter().filter_map(|number| number.parse().ok()).collect(),
        items: all("items"),
        from: date(fields.get("from")),
        to: date(typed_to),
    };
    if !typed_to.is_empty() && power.to.is_none() {
        let refusal = Refusal::field("to", "到哪天止", "这不是日期，请写成 2026-12-31；长期就空着。");
        let shown = page::show(&built(&site, &clerk, &fields, Some(&refusal)))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let who = clerk.who.clone();
    match site.ask(move |node| node.register_power(&who, &power)).await? {
        Ok(()) => Ok(Redirect::to("/authorities?done=registered").into_response()),
        Err(ActError::Refused(refusal)) => {
            note_refused("register power", &refusal.fields);
            let shown = page::show(&built(&site, &clerk, &fields, Some(&refusal)))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn ending(
    site: &Site,
    clerk: &Clerk,
    station: u16,
    document: &str,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<AskPage, Fault> {
    let reference = site.node().reference();
    let power = reference.authorities.iter().find(|one| one.station == station && one.document == document);
    let power = power.ok_or(Fault::NotFound)?;
    let told = line(site, power);
    let day = if typed.has("last") { typed.get("last").to_owned() } else { site.node().today().to_string() };
    let error = |name: &str| refusal.and_then(|refusal| refusal.fields.of(name)).map(str::to_owned);
    Ok(AskPage {
        desk: frame::desk(site, clerk, Place::Powers),
        title: format!("结束受理权限：{document}"),
        lead: format!("{}，{}，{}，{}。", told.station, told.principal, told.way, told.names.join("、")),
        warn: None,
        gaps: refusal.map(gaps).unwrap_or_default(),
        fields: vec![
            Field::text("last", "最后一天", day)
                .hint("这一天还有效，第二天起只能代办")
                .max(20)
                .error(error("last")),
            Field::text("why", "为什么结束", typed.get("why"))
                .hint("各站都看得到，如“县民政局收回委托”")
                .width("l")
                .error(error("why")),
        ],
        ticks: Vec::new(),
        hidden: vec![
            ("station".to_owned(), station.to_string()),
            ("document".to_owned(), document.to_owned()),
        ],
        action: "/authorities/end".to_owned(),
        once: site.fresh_form(),
        button: "到这天为止",
        danger: true,
        back: ("/authorities".to_owned(), "回受理权限"),
    })
}

/// Asks for the last day.
pub(crate) async fn ask_end(
    State(site): State<Site>,
    Query(which): Query<Which>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    page::show(&ending(&site, &clerk, which.station, &which.document, &Fields::default(), None)?)
}

/// Ends it.
pub(crate) async fn end(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    only_centre(&site)?;
    let station: u16 = fields.get("station").parse().map_err(|_no_number| Fault::NotFound)?;
    let document = fields.get("document").to_owned();
    let (who, last, named) = (clerk.who.clone(), date(fields.get("last")), document.clone());
    let why = fields.get("why").to_owned();
    match site.ask(move |node| node.end_power(&who, station, &named, last, &why)).await? {
        Ok(()) => Ok(Redirect::to("/authorities?done=ended").into_response()),
        Err(ActError::Refused(refusal)) => {
            note_refused("end power", &refusal.fields);
            let shown = page::show(&ending(&site, &clerk, station, &document, &fields, Some(&refusal))?)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
