//! 服务, 业务办理 and 咨询规范: published by version, read and signed by each clerk.

use app::ActError;
use app::office::NewNorm;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::office::{NORMS, Norm};

use super::form::{area, coded, line};
use super::once;
use super::sheet::{self, Cell, Door, Form, Frame, Part, Press, Sheet, UP, link, text};
use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::path::{Part as Named, Query};
use crate::shell::session::{Act, Clerk};
use crate::view::{Said, Tag};
use crate::{Site, page};

fn kind(norm: &Norm) -> &'static str {
    NORMS.iter().find(|(code, _)| *code == norm.kind).map_or("", |(_, label)| label)
}

/// All of them, and whether this clerk has signed.
pub(crate) async fn list(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    let signed = site.ask(app::Node::signatures).await??;
    let (reference, here) = (site.node().reference(), site.node().station().0);
    let row = |norm: &&Norm| {
        let of =
            |one: &&app::matters::Signature| one.norm == norm.id && one.version == u64::from(norm.version);
        let mine = signed.iter().filter(of).any(|one| (one.station, &one.staff) == (here, &clerk.who.staff));
        let by = if norm.station == 0 { "镇中心" } else { "本站" };
        vec![
            link(&norm.title, format!("/registers/norms/{}", norm.id)),
            text(kind(norm)),
            text(format!("第 {} 版，{}", norm.version, words::full_day(norm.on))),
            text(by),
            text(format!("{} 人签过", signed.iter().filter(of).count())),
            Cell::Tag(if mine {
                Tag::new("green", "我签过了")
            } else {
                Tag::new("amber", "我还没签")
            }),
        ]
    };
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Registers),
        title: "服务规范".to_owned(),
        up: UP,
        doors: vec![Door::new_one("发布规范", "/registers/norms/new")],
        parts: vec![Part {
            title: "现在用的".to_owned(),
            empty: "还没有规范。镇中心发布的会自己到这里来，站里也可以发自己的。",
            head: vec!["标题", "哪一种", "版本", "谁发的", "签名", "我"],
            rows: reference.office.norms_of(here).iter().map(row).collect(),
            walk: true,
            ..Part::default()
        }],
        ..Sheet::default()
    })
}

#[derive(serde::Deserialize)]
pub(crate) struct Of {
    #[serde(default)]
    of: String,
    #[serde(default)]
    done: String,
}

/// One norm: its text, and who has signed.
pub(crate) async fn one(
    State(site): State<Site>,
    Named(id): Named<String>,
    Query(of): Query<Of>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let signed = site.ask(app::Node::signatures).await??;
    let (reference, here) = (site.node().reference(), site.node().station().0);
    let norm =
        reference.office.norms_of(here).into_iter().find(|norm| norm.id == id).ok_or(Fault::NotFound)?;
    let names = frame::station_names(site.node());
    let signed: Vec<_> = signed.iter().filter(|one| one.norm == norm.id).collect();
    let now = u64::from(norm.version);
    let mine =
        signed.iter().any(|one| one.version == now && (one.station, &one.staff) == (here, &clerk.who.staff));
    let mut rows: Vec<Vec<Cell>> = signed
        .iter()
        .map(|one| {
            vec![
                text(&one.name),
                text(names.get(&one.station).cloned().unwrap_or_default()),
                text(format!("第 {} 版", one.version)),
                text(words::full_day(one.on)),
                Cell::Truth(frame::truth(one.truth)),
            ]
        })
        .collect();
    if !mine {
        let press = Press {
            action: format!("/registers/norms/{}", norm.id),
            once: site.fresh_form(),
            name: "version",
            value: norm.version.to_string(),
            label: "我读过了，签名",
            about: norm.title.clone(),
        };
        rows.insert(0, vec![text(&clerk.who.name), text(""), text(""), text("还没签"), Cell::Press(press)]);
    }
    let doors = (norm.station == here)
        .then(|| Door::to("发布新版本", format!("/registers/norms/new?of={}", norm.id)));
    let said = (of.done == "signed").then(|| Said { kind: "green", text: "签名已存下。".to_owned() });
    page::show(&Sheet {
        desk: frame::desk(&site, &clerk, Place::Registers),
        title: norm.title.clone(),
        lead: format!("{}，第 {} 版，{}起", kind(norm), norm.version, words::full_day(norm.on)),
        up: ("回服务规范", "/registers/norms"),
        said: said.into_iter().collect(),
        doors: doors.into_iter().collect(),
        parts: vec![
            Part {
                title: "内容".to_owned(),
                words: norm.text.lines().map(str::to_owned).collect(),
                ..Part::default()
            },
            Part {
                title: "签名".to_owned(),
                empty: "还没有人签。",
                head: vec!["谁", "哪个站", "版本", "哪一天", "记录在哪"],
                rows,
                ..Part::default()
            },
        ],
    })
}

/// Signs.
pub(crate) async fn sign(
    State(site): State<Site>,
    Named(id): Named<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let version = fields.get("version").parse().unwrap_or(0);
    let named = id.clone();
    let done = site
        .ask(move |node| once(node, &clerk, &named, &fields).sign_norm(&clerk.who, &named, version))
        .await?;
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/registers/norms/{id}?done=signed")).into_response()),
        Err(ActError::Refused(refusal)) => {
            Err(Fault::NotOpen { words: refusal.message, back: "/registers/norms".to_owned() })
        }
        Err(error) => Err(error.into()),
    }
}

/// Asks for a norm's text; of a new version with what stands there.
pub(crate) async fn ask(
    State(site): State<Site>,
    Query(of): Query<Of>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let (reference, here) = (site.node().reference(), site.node().station().0);
    let known = reference.office.norms_of(here).into_iter().find(|norm| norm.id == of.of);
    let typed = known.map(|norm| {
        let pairs = [("id", &norm.id), ("kind", &norm.kind), ("title", &norm.title), ("text", &norm.text)];
        Fields::new(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect())
    });
    shown(&site, &clerk, typed.as_ref(), None)
}

fn shown(
    site: &Site,
    clerk: &Clerk,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<Response, Fault> {
    let mut body = area(typed, "text", "内容", "");
    (body.max, body.rows) = (4_000, 14);
    let id = typed.map_or("", |fields| fields.get("id")).to_owned();
    let whose =
        if site.node().is_centre() { "发布以后每个村站都看得到" } else { "只在本站用" };
    let form = Form {
        lead: vec![format!("{whose}。改了内容要重新发布，成为新的一版，每个人重新签名。")],
        choices: vec![coded(typed, "kind", "哪一种", &NORMS, "")],
        fields: vec![line(typed, "title", "标题", ""), body],
        ..Form::default()
    };
    let frame = Frame {
        title: if id.is_empty() { "发布规范".to_owned() } else { "发布新版本".to_owned() },
        button: "发布".to_owned(),
        action: if id.is_empty() {
            "/registers/norms/new".to_owned()
        } else {
            format!("/registers/norms/new?of={id}")
        },
        back: ("回服务规范".to_owned(), "/registers/norms".to_owned()),
    };
    sheet::ask(site, clerk, frame, form, refusal)
}

/// Publishes.
pub(crate) async fn publish(
    State(site): State<Site>,
    Query(of): Query<Of>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let text = |name: &str| fields.get(name).to_owned();
    let typed = NewNorm { id: of.of, kind: text("kind"), title: text("title"), text: text("text") };
    let who = clerk.who.clone();
    let done = site.ask(move |node| node.publish_norm(&who, &typed)).await?;
    match done {
        Ok((id, _version)) => Ok(Redirect::to(&format!("/registers/norms/{id}")).into_response()),
        Err(ActError::Refused(refusal)) => shown(&site, &clerk, Some(&fields), Some(&refusal)),
        Err(error) => Err(error.into()),
    }
}
