//! Two plain kinds of page that the registers are made of: a sheet of tables, and a form.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use model::{FieldErrors, Refusal};

use crate::cases::deed::Tick;
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::session::Clerk;
use crate::view::{Desk, Field, Gap, Light, Said, Segments, Tag, Truth};
use crate::{Site, page};

/// What stands in one place of a table.
pub(crate) enum Cell {
    Text(String),
    Link(String, String),
    Tag(Tag),
    Light(Light),
    Truth(Truth),
    Press(Press),
}

/// One press that does something, in a row.
pub(crate) struct Press {
    pub(crate) action: String,
    pub(crate) once: String,
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) label: &'static str,
    /// What it is done to, for who cannot see the row.
    pub(crate) about: String,
}

/// A table, or words, under a heading.
#[derive(Default)]
pub(crate) struct Part {
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) empty: &'static str,
    pub(crate) words: Vec<String>,
    pub(crate) head: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<Cell>>,
    pub(crate) more: Option<(&'static str, String)>,
    /// J and K walk it.
    pub(crate) walk: bool,
}

/// A way to another page.
#[derive(Default)]
pub(crate) struct Door {
    pub(crate) label: String,
    pub(crate) href: String,
    pub(crate) key: &'static str,
    pub(crate) key_cap: &'static str,
    pub(crate) primary: bool,
    pub(crate) now: bool,
}

impl Door {
    pub(crate) fn to(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), ..Self::default() }
    }

    pub(crate) fn new_one(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { key: "n", key_cap: "N", primary: true, ..Self::to(label, href) }
    }
}

/// A sheet of tables.
#[derive(Template, Default)]
#[template(path = "registers/sheet.html")]
pub(crate) struct Sheet {
    pub(crate) desk: Desk,
    pub(crate) title: String,
    pub(crate) lead: String,
    pub(crate) up: (&'static str, &'static str),
    pub(crate) said: Vec<Said>,
    pub(crate) doors: Vec<Door>,
    pub(crate) parts: Vec<Part>,
}

/// The way back to the overview.
pub(crate) const UP: (&str, &str) = ("回台账", "/registers");

/// What a form asks for.
#[derive(Default)]
pub(crate) struct Form {
    pub(crate) lead: Vec<String>,
    pub(crate) warn: &'static str,
    pub(crate) choices: Vec<Segments>,
    pub(crate) fields: Vec<Field>,
    pub(crate) ticks_label: &'static str,
    pub(crate) ticks: Vec<Tick>,
    /// A second thing the same form can do; empty for none.
    pub(crate) other: &'static str,
}

/// A form as shown.
#[derive(Template)]
#[template(path = "registers/form.html")]
struct FormPage {
    desk: Desk,
    title: String,
    button: String,
    back: (String, String),
    action: String,
    once: String,
    gaps: Vec<Gap>,
    form: Form,
}

/// Where a form stands.
pub(crate) struct Frame {
    pub(crate) title: String,
    pub(crate) button: String,
    pub(crate) back: (String, String),
    pub(crate) action: String,
}

/// Shows a form, with what was refused where something was.
pub(crate) fn ask(
    site: &Site,
    clerk: &Clerk,
    frame: Frame,
    mut form: Form,
    refusal: Option<&Refusal>,
) -> Result<Response, Fault> {
    let gaps = refusal.map(|refusal| tell(&mut form, refusal)).unwrap_or_default();
    if let Some(refusal) = refusal {
        note_refused("register refused", &refusal.fields);
    }
    let page = FormPage {
        desk: frame::desk(site, clerk, Place::Registers),
        title: frame.title,
        button: frame.button,
        back: frame.back,
        action: frame.action,
        once: site.fresh_form(),
        gaps,
        form,
    };
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, page::show(&page)?).into_response())
}

/// Puts each error beside its field and all of them in the summary.
fn tell(form: &mut Form, refusal: &Refusal) -> Vec<Gap> {
    let errors: &FieldErrors = &refusal.fields;
    for field in &mut form.fields {
        field.error = errors.of(&field.id).map(str::to_owned);
    }
    for row in &mut form.choices {
        row.error = errors.of(&row.id).map(str::to_owned);
    }
    if errors.is_empty() {
        return vec![Gap { target: String::new(), text: refusal.message.clone() }];
    }
    let known = |name: &str| {
        form.fields.iter().any(|field| field.id == name) || form.choices.iter().any(|row| row.id == name)
    };
    let gap = |error: &model::FieldError| Gap {
        target: if known(&error.field) { error.field.clone() } else { String::new() },
        text: error.message.clone(),
    };
    errors.iter().map(gap).collect()
}

/// Cells from words.
pub(crate) fn text(words: impl Into<String>) -> Cell {
    Cell::Text(words.into())
}

/// A link in a row.
pub(crate) fn link(words: impl Into<String>, href: impl Into<String>) -> Cell {
    Cell::Link(words.into(), href.into())
}
