//! Signing in and out: a one-time code first, a password if the clerk sets one, and the way back to where one was.

use askama::Template;

use crate::view::{Field, Gap};

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
