//! Posted forms: pairs in the order of the page, within limits, with what is wrong about them told apart.

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;

use super::body::carries;
use super::fault::Fault;
use crate::limit;

/// What a person typed. Never logged: `Debug` shows only how many fields there are.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fields({})", self.0.len())
    }
}

impl Fields {
    /// From pairs, for tests and for what was kept over a sign-in.
    #[must_use]
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of `name`, trimmed of the spaces that pasting brings; empty when absent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// Whether the form had the field at all (an unticked box is absent).
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// Every pair, in the order of the page.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The pairs but those named: what is carried on through a sign-in.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Vec<(String, String)> {
        self.0.iter().filter(|(key, _)| !names.contains(&key.as_str())).cloned().collect()
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let around = if carries(request.uri().path()) { limit::SIGN_IN_FIELDS } else { 1 };
        match axum::Form::<Vec<(String, String)>>::from_request(request, state).await {
            Ok(axum::Form(pairs)) if pairs.len() <= limit::FORM_FIELDS_MAX + around => Ok(Self(pairs)),
            Ok(_) => Err(Fault::TooLarge),
            Err(rejection) => Err(refused(rejection)),
        }
    }
}

/// The status tells the rejections apart without naming each of the framework's variants.
fn refused(rejection: FormRejection) -> Fault {
    if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
        Fault::TooLarge
    } else {
        Fault::BadForm
    }
}
