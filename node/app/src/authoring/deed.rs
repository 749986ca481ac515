use model::Date;
use serde::{Deserialize, Serialize};

/// What was done with an item: published, or retired. Stands as JSON in the item's document, so stations can show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// When: seconds since 1970, a label.
    pub at: i64,
    /// Staff id.
    pub by: String,
    /// Staff name.
    pub name: String,
    /// The version published; or the highest there was when the item was retired.
    pub version: u32,
    /// In force from, or no longer from.
    pub on: Date,
    /// Why.
    pub words: String,
    /// What the checks warned of, where it was published all the same.
    #[serde(default)]
    pub warned: Vec<String>,
    /// Why all the same.
    #[serde(default)]
    pub despite: String,
    /// Retired, not published; known from the fact's name.
    #[serde(skip)]
    pub retires: bool,
}
