//! `GET` and `POST /catalogue/{code}/edit/{section}`: one section of a draft, a form or a list of rows.

use std::collections::BTreeMap;

use app::ActError;
use app::authoring::{Edited, ItemDraft, ItemEdit, drawn};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::item::table::Wrong;

use super::controls::{self, Control};
use super::only_centre;
use super::sections::{self, Section};
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk};
use crate::view::{Desk, Gap, Said};
use crate::{Site, page};

#[derive(Template)]
#[template(path = "catalogue/edit.html")]
pub(super) struct EditPage {
    pub(super) desk: Desk,
    pub(super) code: String,
    pub(super) item: String,
    pub(super) title: String,
    /// Sections: address, name, whether it is this one.
    pub(super) sections: Vec<(String, &'static str, bool)>,
    pub(super) said: Option<Said>,
    pub(super) gaps: Vec<Gap>,
    pub(super) controls: Vec<Control>,
    pub(super) action: String,
    pub(super) drawn: String,
    pub(super) once: String,
    /// Where “不改了” leads.
    pub(super) back: String,
    /// Kept as one types: not a row that there is not yet.
    pub(super) autosave: bool,
    /// What the second button does; empty for none.
    pub(super) more: &'static str,
}

#[derive(Template)]
#[template(path = "catalogue/rows.html")]
struct RowsPage {
    desk: Desk,
    code: String,
    item: String,
    section: Section,
    sections: Vec<(String, &'static str, bool)>,
    said: Option<Said>,
    gaps: Vec<Gap>,
    heads: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    drawn: String,
    /// Where the next section is; empty after the last.
    next: String,
}

/// The sections with where they are.
pub(super) fn tabs(code: &str, now: Section) -> Vec<(String, &'static str, bool)> {
    let tab =
        |section: Section| (format!("/catalogue/{code}/edit/{}", section.key), section.name, section == now);
    sections::SECTIONS.into_iter().map(tab).collect()
}

pub(super) fn parse(section: &str) -> Result<Section, Fault> {
    Section::parse(section).ok_or(Fault::NotFound)
}

/// The draft of an item, or the fault that there is none.
pub(super) async fn draft(site: &Site, code: &str) -> Result<ItemDraft, Fault> {
    only_centre(site)?;
    let code = code.to_owned();
    Ok(site.ask(move |node| node.item_draft(&code)).await??)
}

/// What another window did.
pub(super) fn clashed() -> Said {
    Said {
        kind: "amber",
        text: "另一个窗口刚改过这一节，您这次还没有存。看一看，要用您写的就再按一次保存。".to_owned(),
    }
}

fn form(site: &Site, clerk: &Clerk, code: &str, section: Section, draft: &ItemDraft) -> EditPage {
    let looks = section.looks();
    let row = section.table.rows(&draft.version).into_iter().next().unwrap_or_default();
    EditPage {
        desk: frame::desk(site, clerk, Place::Catalogue),
        code: code.to_owned(),
        item: draft.version.name.clone(),
        title: section.name.to_owned(),
        sections: tabs(code, section),
        said: None,
        gaps: Vec::new(),
        controls: controls::controls(&looks, &row, &draft.version, None, &[]),
        action: format!("/catalogue/{code}/edit/{}", section.key),
        drawn: drawn(&draft.version, section.table, Some(0)),
        once: site.fresh_form(),
        back: format!("/catalogue/{code}"),
        autosave: true,
        more: if sections::next(section.key).is_some() { "保存，去下一节" } else { "" },
    }
}

fn rows(site: &Site, clerk: &Clerk, code: &str, section: Section, draft: &ItemDraft) -> RowsPage {
    // as many columns as a screen holds; the rest stands on the row's own page
    let all = section.table.looks();
    let shown: Vec<usize> =
        (0..all.len()).filter(|place| all.get(*place).is_some_and(|look| look.key != "id")).take(4).collect();
    let words = |row: &Vec<String>| shown.iter().filter_map(|place| row.get(*place).cloned()).collect();
    RowsPage {
        desk: frame::desk(site, clerk, Place::Catalogue),
        code: code.to_owned(),
        item: draft.version.name.clone(),
        section,
        sections: tabs(code, section),
        said: None,
        gaps: Vec::new(),
        heads: shown.iter().filter_map(|place| all.get(*place).map(|look| look.name)).collect(),
        rows: section.table.rows(&draft.version).iter().map(words).collect(),
        drawn: drawn(&draft.version, section.table, None),
        next: sections::next(section.key)
            .map(|next| format!("/catalogue/{code}/edit/{}", next.key))
            .unwrap_or_default(),
    }
}

/// Shows a section.
pub(crate) async fn get(
    State(site): State<Site>,
    Part((code, section)): Part<(String, String)>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let (section, draft) = (parse(&section)?, draft(&site, &code).await?);
    if section.is_list() {
        return page::show(&rows(&site, &clerk, &code, section, &draft));
    }
    page::show(&form(&site, &clerk, &code, section, &draft))
}

/// Saves a section, or moves or takes away one of its rows.
pub(crate) async fn save(
    State(site): State<Site>,
    Part((code, section)): Part<(String, String)>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let section = parse(&section)?;
    if section.is_list() {
        return change_rows(&site, &clerk, &code, section, &fields).await;
    }
    let words = controls::words(&section.looks(), &fields);
    let edit = ItemEdit::Write { table: section.table, at: Some(0), words: words.clone() };
    let (who, asked, seen) = (clerk.who.clone(), code.clone(), fields.get("drawn").to_owned());
    let edited = site.ask(move |node| node.edit_item_draft(&who, &asked, edit, &seen)).await??;
    if fields.get("do") == AUTO {
        return kept(&site, &code, section, 0, &edited).await;
    }
    if edited.wrong.is_empty() && !edited.clash {
        let to = match sections::next(section.key).filter(|_| fields.get("do") == "next") {
            Some(next) => format!("/catalogue/{code}/edit/{}", next.key),
            None => format!("/catalogue/{code}"),
        };
        return Ok(Redirect::to(&to).into_response());
    }
    let draft = draft(&site, &code).await?;
    let shown = form(&site, &clerk, &code, section, &draft);
    answer(shown, section, &draft, 0, &words, &edited)
}

/// What the script sends instead of a button.
pub(super) const AUTO: &str = "auto";

/// What it hears.
#[derive(serde::Serialize)]
struct Kept {
    drawn: String,
    wrong: usize,
}

/// The answer to what was saved while somebody types.
pub(super) async fn kept(
    site: &Site,
    code: &str,
    section: Section,
    at: usize,
    edited: &Edited,
) -> Result<Response, Fault> {
    if edited.clash {
        return Ok(StatusCode::CONFLICT.into_response());
    }
    let draft = draft(site, code).await?;
    let drawn = drawn(&draft.version, section.table, Some(at));
    Ok(axum::Json(Kept { drawn, wrong: edited.wrong.len() }).into_response())
}

/// A page again with what was typed, and what is wrong or in the way.
pub(super) fn answer(
    mut shown: EditPage,
    section: Section,
    draft: &ItemDraft,
    at: usize,
    words: &BTreeMap<&'static str, String>,
    edited: &Edited,
) -> Result<Response, Fault> {
    let looks = section.looks();
    let row =
        section.table.rows(&draft.version).into_iter().nth(at).unwrap_or_else(|| section.table.blank_row());
    shown.controls = controls::controls(&looks, &row, &draft.version, Some(words), &edited.wrong);
    shown.gaps = controls::gaps(&edited.wrong);
    shown.said = edited.clash.then(clashed);
    let status = if edited.clash { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    note_refused(if edited.clash { "item changed elsewhere" } else { "item fields" }, &errors(&edited.wrong));
    Ok((status, page::show(&shown)?).into_response())
}

fn errors(wrong: &[Wrong]) -> model::FieldErrors {
    let mut errors = model::FieldErrors::default();
    for one in wrong {
        errors.add(one.key, one.name, one.words.clone());
    }
    errors
}

async fn change_rows(
    site: &Site,
    clerk: &Clerk,
    code: &str,
    section: Section,
    fields: &Fields,
) -> Result<Response, Fault> {
    let table = section.table;
    let edit = match fields.get("do").split_once(':').map(|(act, at)| (act, at.parse::<usize>())) {
        Some(("remove", Ok(at))) => ItemEdit::Remove { table, at },
        Some(("raise", Ok(at))) => ItemEdit::Raise { table, at },
        _ => return Err(Fault::BadForm),
    };
    let (who, asked, seen) = (clerk.who.clone(), code.to_owned(), fields.get("drawn").to_owned());
    let done = site.ask(move |node| node.edit_item_draft(&who, &asked, edit, &seen)).await?;
    let refusal = match done {
        Ok(edited) if !edited.clash => {
            return Ok(Redirect::to(&format!("/catalogue/{code}/edit/{}", section.key)).into_response());
        }
        Ok(_) => None,
        Err(ActError::Refused(refusal)) => Some(refusal),
        Err(error) => return Err(error.into()),
    };
    let draft = draft(site, code).await?;
    let mut shown = rows(site, clerk, code, section, &draft);
    let status = if let Some(refusal) = refusal {
        note_refused("item rows", &refusal.fields);
        shown.gaps = super::gaps(&refusal);
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        let text = "另一个窗口刚改过这一节，刚才那一下没有办。下面是现在的样子。";
        shown.said = Some(Said { kind: "amber", text: text.to_owned() });
        StatusCode::CONFLICT
    };
    Ok((status, page::show(&shown)?).into_response())
}
