//! The catalogue: finding an item as a clerk types it, and the sample set that ships with the box.
//!
//! A query matches a name or alias by characters, full pinyin, initials, or any mix of them (`gljt`, `gaoling`, `高ljt`),
//! starting at any character. Characters with several readings match by each.

pub mod check;
mod pinyin;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use pinyin::Key;

use crate::{
    Date,
    item::{Item, ItemRef, Version},
};

/// The shipped sample, field by field, as JSON: each a list of [`Version`].
pub const SAMPLE: [&str; 10] = [
    include_str!("catalogue/sample/education.json"),
    include_str!("catalogue/sample/employment.json"),
    include_str!("catalogue/sample/insurance.json"),
    include_str!("catalogue/sample/health.json"),
    include_str!("catalogue/sample/elderly.json"),
    include_str!("catalogue/sample/welfare.json"),
    include_str!("catalogue/sample/household.json"),
    include_str!("catalogue/sample/market.json"),
    include_str!("catalogue/sample/land.json"),
    include_str!("catalogue/sample/utilities.json"),
];

/// Items that show every way of acting, level of decision and kind of applicant: see [`sample_small`].
const SMALL: [&str; 17] = [
    "S007", "S019", "S021", "S025", "S030", "S037", "S047", "S053", "S054", "S058", "S069", "S074", "S086",
    "S093", "S096", "S097", "S101",
];

fn shipped(wanted: impl Fn(&str) -> bool) -> Result<Catalogue, serde_json::Error> {
    let mut versions: Vec<Version> = Vec::new();
    for field in SAMPLE {
        versions.extend(serde_json::from_str::<Vec<Version>>(field)?);
    }
    versions.retain(|version| wanted(&version.code));
    Ok(Catalogue::new(versions))
}

/// Reads the sample catalogue that ships with the box. Facts from public sources; rules, routes and forms are 示例.
///
/// # Errors
/// Never for the shipped files (a test reads them); the error is serde's.
pub fn sample() -> Result<Catalogue, serde_json::Error> {
    shipped(|_| true)
}

/// The few items of [`sample`] that show every way of acting, for whoever sets up many townships in a row.
///
/// # Errors
/// As [`sample`].
pub fn sample_small() -> Result<Catalogue, serde_json::Error> {
    shipped(|code| SMALL.contains(&code))
}

/// Every known version of every item, ready to be searched.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    items: BTreeMap<String, Item>,
    keys: Vec<(String, Key)>,
}

/// An item that was found.
#[derive(Debug, Clone, Copy)]
pub struct Hit<'a> {
    /// The version in force.
    pub version: &'a Version,
    /// The name or alias that matched.
    pub matched: &'a str,
    /// Higher is better; only comparable within one search.
    pub score: u32,
}

impl Catalogue {
    /// Takes versions in any order; a version that comes twice counts once.
    #[must_use]
    pub fn new(versions: Vec<Version>) -> Self {
        let mut items: BTreeMap<String, Item> = BTreeMap::new();
        for version in versions {
            let item = items
                .entry(version.code.clone())
                .or_insert_with(|| Item { code: version.code.clone(), versions: Vec::new() });
            if item.version(version.version).is_none() {
                item.versions.push(version);
                item.versions.sort_by_key(|v| v.version);
            }
        }
        let mut keys = Vec::new();
        for item in items.values() {
            let Some(newest) = item.versions.last() else { continue };
            for name in std::iter::once(&newest.name).chain(&newest.aliases) {
                keys.push((item.code.clone(), Key::of(name)));
            }
        }
        Self { items, keys }
    }

    /// All items, by code.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// An item by its code.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.get(code)
    }

    /// The very version a case is about.
    #[must_use]
    pub fn version(&self, of: &ItemRef) -> Option<&Version> {
        self.items.get(&of.code)?.version(of.version)
    }

    /// The version in force on a day.
    #[must_use]
    pub fn current(&self, code: &str, today: Date) -> Option<&Version> {
        self.items.get(code)?.on(today)
    }

    /// Finds items, best first, at most `limit`. Words parted by spaces must all match. An empty query finds nothing.
    #[must_use]
    pub fn search(&self, query: &str, today: Date, limit: usize) -> Vec<Hit<'_>> {
        let words: Vec<String> = query.split_whitespace().map(pinyin::fold).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let mut best: BTreeMap<&str, Hit<'_>> = BTreeMap::new();
        for (code, key) in &self.keys {
            let scores: Option<Vec<u32>> = words.iter().map(|word| key.score(word)).collect();
            let Some(scores) = scores else { continue };
            let Some(version) = self.current(code, today) else { continue };
            let score = scores.iter().sum();
            if best.get(code.as_str()).is_none_or(|hit| hit.score < score) {
                best.insert(code, Hit { version, matched: key.text(), score });
            }
        }
        let mut hits: Vec<Hit<'_>> = best.into_values().collect();
        hits.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.version.code.cmp(&b.version.code)));
        hits.truncate(limit);
        hits
    }
}
