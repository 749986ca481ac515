//! Turns a compiled template into an answer.

use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};

use crate::shell::fault::Fault;

/// Renders a page.
///
/// # Errors
/// [`Fault::Defect`] when the template fails, which only memory could cause.
pub(crate) fn show(page: &impl Template) -> Result<Response, Fault> {
    let html = page.render().map_err(|_fault| Fault::Defect("a template did not render"))?;
    Ok(Html(html).into_response())
}
