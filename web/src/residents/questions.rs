//! `GET /questions/{code}`: what many ask about an item, as staff chose to show it: nobody's own words.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::shell::fault::Fault;
use crate::shell::path::{Part, Query};
use crate::{Site, page};

#[derive(Template)]
#[template(path = "residents/questions.html")]
struct QuestionsPage {
    place: String,
    phone: String,
    large: bool,
    item: String,
    questions: Vec<(String, String)>,
    papers: Vec<String>,
}

#[derive(serde::Deserialize)]
pub(crate) struct Size {
    #[serde(default)]
    large: String,
}

/// Shows it.
pub(crate) async fn show(
    State(site): State<Site>,
    Part(code): Part<String>,
    Query(size): Query<Size>,
) -> Result<Response, Fault> {
    let node = site.node();
    let (reference, today) = (node.reference(), node.today());
    let item = reference.catalogue.current(&code, today).ok_or(Fault::NotFound)?;
    let questions = site.ask(move |node| node.common_questions(&code)).await??;
    page::show(&QuestionsPage {
        place: node.name(),
        phone: node.profile(node.station().0).phone,
        large: size.large == "1",
        item: item.name.clone(),
        questions,
        papers: item.materials.iter().map(|material| material.name.clone()).collect(),
    })
}
