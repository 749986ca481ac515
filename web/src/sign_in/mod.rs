//! Signing in and out: a one-time code first, a password if the clerk sets one, and the way back to where one was.

mod acts;
mod password;

use askama::Template;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use crate::page;
use crate::shell::form::Fields;
use crate::view::{Control, Field, Gap};
use crate::{Site, limit};

/// Names of carried fields: what was typed may itself be called `code` or `back`.
const TYPED: &str = "typed.";

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/sign-in", get(acts::ask).post(acts::sign_in))
        .route("/sign-out", post(acts::sign_out))
        .route("/password", get(password::ask).post(password::set))
}

/// What is asked of a request that needs a person and has none: a page is sent to the sign-in, a form is answered with
/// the sign-in at once, so that what was typed comes along.
/// A file that was posted (`lost`) has to be chosen again, and the sign-in says so.
pub(crate) fn first(site: &Site, back: &str, typed: Option<&Fields>, lost: bool) -> Response {
    let Some(typed) = typed else {
        if lost {
            return Redirect::to(&format!("/sign-in?lost=1&back={back}")).into_response();
        }
        let to = if back == "/" { "/sign-in".to_owned() } else { format!("/sign-in?back={back}") };
        return Redirect::to(&to).into_response();
    };
    let mut ask = AskPage::new(site, back);
    ask.carry(typed.without(&["csrf"]));
    match page::show(&ask) {
        Ok(answer) => (StatusCode::UNAUTHORIZED, answer).into_response(),
        Err(fault) => fault.into_response(),
    }
}

/// Starts a session and goes somewhere.
fn go(cookie: header::HeaderValue, to: &str) -> Response {
    ([(header::SET_COOKIE, cookie)], Redirect::to(to)).into_response()
}

/// Asks who it is.
#[derive(Template)]
#[template(path = "sign-in/ask.html")]
pub struct AskPage {
    /// The station's name.
    pub place: String,
    /// The form token of this visit.
    pub csrf: String,
    /// Where to return to.
    pub back: String,
    /// A form that was posted when the session had ended.
    pub typed: Vec<(String, String)>,
    /// Whether such a form waits.
    pub kept: bool,
    /// Whether a file was posted when the session had ended, and has to be chosen again.
    pub lost: bool,
    /// What is wrong.
    pub gaps: Vec<Gap>,
    /// The code as typed.
    pub code: String,
    /// What is wrong with it.
    pub code_error: Option<String>,
    /// Whether the second way stands open.
    pub by_password: bool,
    /// The staff number.
    pub staff: Field,
    /// The password, never sent back.
    pub password: Field,
}

impl AskPage {
    fn new(site: &Site, back: &str) -> Self {
        let password = Field { control: Control::Password, ..Field::text("password", "密码", "") };
        Self {
            place: site.node().name(),
            csrf: site.visit_csrf(),
            back: back.to_owned(),
            typed: Vec::new(),
            kept: false,
            lost: false,
            gaps: Vec::new(),
            code: String::new(),
            code_error: None,
            by_password: false,
            staff: Field { autocomplete: "username", ..Field::text("staff", "工号或姓名", "") },
            password: Field { autocomplete: "current-password", max: limit::PASSWORD_CHARS_MAX, ..password },
        }
    }

    /// Takes along a form that waits for the sign-in.
    fn carry(&mut self, pairs: Vec<(String, String)>) {
        self.kept = !pairs.is_empty();
        self.typed = pairs.into_iter().map(|(name, value)| (format!("{TYPED}{name}"), value)).collect();
    }
}

/// The form that waits, under its own names again.
fn carried(fields: &Fields) -> Vec<(String, String)> {
    let own = fields.pairs().filter_map(|(name, value)| Some((name.strip_prefix(TYPED)?, value)));
    own.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Offers to set a password after a sign-in by code.
#[derive(Template)]
#[template(path = "sign-in/password.html")]
pub struct PasswordPage {
    /// The station's name.
    pub place: String,
    /// The form token.
    pub csrf: String,
    /// Where to go on.
    pub back: String,
    /// A form that waits to be sent.
    pub typed: Vec<(String, String)>,
    /// Who gave the code, and when, where that was a colleague: then a password has to be set.
    pub given: String,
    /// What to sign in with next time.
    pub staff_id: String,
    /// What is wrong.
    pub gaps: Vec<Gap>,
    /// The password.
    pub password: Field,
    /// The password again.
    pub again: Field,
}

/// Offers the form that was typed before the session ended.
#[derive(Template)]
#[template(path = "sign-in/resume.html")]
pub struct ResumePage {
    /// The station's name.
    pub place: String,
    /// The form token of the new session.
    pub csrf: String,
    /// Where the form was going.
    pub back: String,
    /// What was typed.
    pub typed: Vec<(String, String)>,
}
