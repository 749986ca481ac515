//! `GET` and `POST /catalogue/new`: an item from scratch, or like another one.

use app::ActError;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;

use super::{gaps, once, only_centre};
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::session::{Act, Clerk};
use crate::view::{Choice, Desk, Field, Gap, Said};
use crate::{Site, page};

/// Boxes to tick that go by one name.
pub(super) struct Ticks {
    pub(super) name: &'static str,
    pub(super) legend: &'static str,
    /// Value, text, ticked.
    pub(super) boxes: Vec<(String, String, bool)>,
}

/// A page that asks for a few fields and does one thing.
#[derive(Template)]
#[template(path = "catalogue/ask.html")]
pub(super) struct AskPage {
    pub(super) desk: Desk,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) warn: Option<Said>,
    pub(super) gaps: Vec<Gap>,
    pub(super) fields: Vec<Field>,
    pub(super) ticks: Vec<Ticks>,
    pub(super) hidden: Vec<(String, String)>,
    pub(super) action: String,
    pub(super) once: String,
    pub(super) button: &'static str,
    pub(super) danger: bool,
    pub(super) back: (String, &'static str),
}

fn built(site: &Site, clerk: &Clerk, typed: &Fields, refusal: Option<&Refusal>) -> AskPage {
    let error = |name: &str| refusal.and_then(|refusal| refusal.fields.of(name)).map(str::to_owned);
    let reference = site.node().reference();
    let mut like = vec![Choice::new("", "不抄，从空白开始")];
    like.extend(reference.catalogue.items().filter_map(|item| {
        let last = item.versions.last()?;
        Some(Choice::new(item.code.clone(), format!("{} {}", item.code, last.name)))
    }));
    let field = |id: &str, label: &str| Field::text(id, label, typed.get(id)).error(error(id)).width("full");
    AskPage {
        desk: frame::desk(site, clerk, Place::Catalogue),
        title: "新建事项".to_owned(),
        lead: "先起个草稿，填好各节、过了检查再发布。编码定了就不能改。".to_owned(),
        warn: None,
        gaps: refusal.map(gaps).unwrap_or_default(),
        fields: vec![
            Field { focus: true, ..field("name", "事项名称") },
            field("code", "事项编码").hint("字母、数字、横线，如 FH-001").max(40),
            Field::select("like", "照哪个抄", typed.get("like"), like).error(error("like")).width("full"),
        ],
        ticks: Vec::new(),
        hidden: Vec::new(),
        action: "/catalogue/new".to_owned(),
        once: site.fresh_form(),
        button: "起草",
        danger: false,
        back: ("/catalogue".to_owned(), "回事项管理"),
    }
}

/// Asks.
pub(crate) async fn ask(State(site): State<Site>, clerk: Clerk) -> Result<Response, Fault> {
    only_centre(&site)?;
    page::show(&built(&site, &clerk, &Fields::default(), None))
}

/// Begins it.
pub(crate) async fn begin(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    only_centre(&site)?;
    let (who, typed, form) = (clerk.who.clone(), fields.clone(), once(&clerk, "catalogue", "new", &fields));
    let done = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            let like = Some(typed.get("like")).filter(|like| !like.is_empty());
            node.new_item_draft(&who, typed.get("code"), typed.get("name"), like)
        })
        .await?;
    match done {
        Ok(code) => Ok(Redirect::to(&format!("/catalogue/{code}/edit/basics")).into_response()),
        Err(ActError::Refused(refusal)) => {
            note_refused("new item", &refusal.fields);
            let shown = page::show(&built(&site, &clerk, &fields, Some(&refusal)))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
