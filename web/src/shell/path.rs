//! What an address names: the parts of its path and what follows the `?`. What cannot be read is told in our words.

use axum::extract::{FromRequestParts, Path, Query as Pairs};
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

/// What follows the `?`, like the framework's own, but refused in our words.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Site> for Query<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Fault> {
        match Pairs::<T>::from_request_parts(parts, site).await {
            Ok(Pairs(value)) => Ok(Self(value)),
            Err(_unreadable) => Err(Fault::BadQuery),
        }
    }
}
