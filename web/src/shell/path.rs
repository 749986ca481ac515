//! What a path names. A part that cannot be read is a page we do not have, and is told so like any other.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::fault::Fault;
use crate::Site;

/// The named parts of a path, like the framework's own, but refused in our words.
pub(crate) struct Part<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Site> for Part<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Fault> {
        match Path::<T>::from_request_parts(parts, site).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(_unreadable) => Err(Fault::NotFound),
        }
    }
}
