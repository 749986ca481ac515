//! `GET` and `POST /catalogue/{code}/edit/{section}/{row}`: one row of a section's list; `new` for another one.

use app::authoring::{ItemDraft, ItemEdit, drawn};
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::edit::{self, EditPage, answer, draft, parse, tabs};
use super::sections::Section;
use super::{controls, once, only_centre};
use crate::frame::{self, Place};
use crate::shell::fault::Fault;
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk};
use crate::{Site, page};

/// The place a row's address names, counted from 1 there; none for a new one.
fn place(row: &str, section: Section, draft: &ItemDraft) -> Result<Option<usize>, Fault> {
    if row == "new" && section.is_list() {
        return Ok(None);
    }
    let at = row.parse::<usize>().ok().and_then(|row| row.checked_sub(1)).ok_or(Fault::NotFound)?;
    let there = section.is_list() && at < section.table.len(&draft.version);
    if there { Ok(Some(at)) } else { Err(Fault::NotFound) }
}

fn built(
    site: &Site,
    clerk: &Clerk,
    code: &str,
    section: Section,
    draft: &ItemDraft,
    at: Option<usize>,
) -> EditPage {
    let rows = section.table.rows(&draft.version);
    let row = at.and_then(|at| rows.get(at).cloned()).unwrap_or_else(|| section.table.blank_row());
    let name = at.map_or_else(|| "加一条".to_owned(), |at| format!("第 {} 条", at + 1));
    let back = format!("/catalogue/{code}/edit/{}", section.key);
    EditPage {
        desk: frame::desk(site, clerk, Place::Catalogue),
        code: code.to_owned(),
        item: draft.version.name.clone(),
        title: format!("{}：{name}", section.name),
        sections: tabs(code, section),
        said: None,
        gaps: Vec::new(),
        controls: controls::controls(&section.looks(), &row, &draft.version, None, &[]),
        action: at.map_or_else(|| format!("{back}/new"), |at| format!("{back}/{}", at + 1)),
        drawn: at.map(|at| drawn(&draft.version, section.table, Some(at))).unwrap_or_default(),
        once: site.fresh_form(),
        back,
        autosave: at.is_some(),
        more: "保存，再加一条",
    }
}

/// Shows a row.
pub(crate) async fn get(
    State(site): State<Site>,
    Part((code, section, row)): Part<(String, String, String)>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let (section, draft) = (parse(&section)?, draft(&site, &code).await?);
    let at = place(&row, section, &draft)?;
    page::show(&built(&site, &clerk, &code, section, &draft, at))
}

/// Saves a row.
pub(crate) async fn save(
    State(site): State<Site>,
    Part((code, section, row)): Part<(String, String, String)>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    only_centre(&site)?;
    let section = parse(&section)?;
    let at = place(&row, section, &edit::draft(&site, &code).await?)?;
    let words = controls::words(&section.looks(), &fields);
    let change = ItemEdit::Write { table: section.table, at, words: words.clone() };
    let (who, asked, seen) = (clerk.who.clone(), code.clone(), fields.get("drawn").to_owned());
    let form = once(&clerk, &code, section.key, &fields).filter(|_| at.is_none());
    let edited = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            node.edit_item_draft(&who, &asked, change, &seen)
        })
        .await??;
    if let (edit::AUTO, Some(at)) = (fields.get("do"), at) {
        return edit::kept(&site, &code, section, at, &edited).await;
    }
    if edited.wrong.is_empty() && !edited.clash {
        let list = format!("/catalogue/{code}/edit/{}", section.key);
        let to = if fields.get("do") == "next" { format!("{list}/new") } else { list };
        return Ok(Redirect::to(&to).into_response());
    }
    let draft = edit::draft(&site, &code).await?;
    let shown = built(&site, &clerk, &code, section, &draft, at);
    answer(shown, section, &draft, at.unwrap_or(usize::MAX), &words, &edited)
}
