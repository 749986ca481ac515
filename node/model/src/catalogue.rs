//! The catalogue: finding an item as a clerk types it, and the sample set that ships with the box.
//!
//! A query matches a name or alias by characters, full pinyin, initials, or any mix of them (`gljt`, `gaoling`, `高ljt`),
//! starting at any character. Characters with several readings match by each. Where nothing matches so, one slip of the
//! keys is forgiven (`gaolignjintie`).

pub mod check;
pub mod package;
mod pinyin;
#[cfg(test)]
mod tests;

use std::{cmp::Reverse, collections::BTreeMap, convert::Infallible};

use pinyin::{Key, Word};

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
    keys: Vec<Named>,
}

/// A name or alias of an item.
#[derive(Debug, Clone)]
struct Named {
    code: String,
    key: Key,
    /// What it is called comes before what else it is called.
    ahead: u32,
}

/// Characters of a name that is short enough beside others.
const SHORT: usize = 8;
/// Of a name before an alias: more than a shorter text brings.
const NAME_AHEAD: u32 = 100;

/// An item that was found.
#[derive(Debug, Clone, Copy)]
pub struct Hit<'a> {
    /// The version in force.
    pub version: &'a Version,
    /// The name or alias that matched.
    pub matched: &'a str,
    /// Higher is better; only comparable within one search.
    pub score: u32,
    /// The whole name or alias was typed, in characters or pinyin.
    pub whole: bool,
    /// Matches only if one key was hit wrongly.
    pub near: bool,
    rank: u32,
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
            let named = |name: &String, ahead| Named { code: item.code.clone(), key: Key::of(name), ahead };
            keys.push(named(&newest.name, NAME_AHEAD));
            keys.extend(newest.aliases.iter().map(|alias| named(alias, 0)));
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

    /// What an item is called where there is little room, and the initials that find it: 高龄津贴, gljt.
    #[must_use]
    pub fn short(&self, code: &str) -> Option<(&str, String)> {
        let chars = |name: &str| name.chars().count();
        let newest = self.items.get(code)?.versions.last()?;
        let name = newest.name.as_str();
        let name = ["申领", "申请"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        let other = newest.aliases.iter().map(String::as_str).min_by_key(|alias| chars(alias));
        let short = other.filter(|other| chars(name) > SHORT && chars(other) < chars(name)).unwrap_or(name);
        Some((short, Key::of(short).initials()))
    }

    /// The version in force on a day.
    #[must_use]
    pub fn current(&self, code: &str, today: Date) -> Option<&Version> {
        self.items.get(code)?.on(today)
    }

    /// Finds items, best first, at most `limit`. Words parted by spaces must all match. An empty query finds nothing.
    #[must_use]
    pub fn search(&self, query: &str, today: Date, limit: usize) -> Vec<Hit<'_>> {
        let Ok(hits) = self.search_by_use(query, today, limit, |_| Ok::<u32, Infallible>(0));
        hits
    }

    /// As [`Catalogue::search`]; of equally good matches those come first that `often` says are taken often, by code.
    ///
    /// # Errors
    /// What `often` answers.
    pub fn search_by_use<E>(
        &self,
        query: &str,
        today: Date,
        limit: usize,
        mut often: impl FnMut(&str) -> Result<u32, E>,
    ) -> Result<Vec<Hit<'_>>, E> {
        let words: Vec<Word> = query.split_whitespace().map(Word::of).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut hits = self.matching(&words, today, Key::score);
        if hits.is_empty() && words.iter().any(Word::may_slip) {
            hits = self.matching(&words, today, |key, word| key.score(word).or_else(|| key.near(word)));
        }
        let used = hits.into_iter().map(|hit| Ok((often(&hit.version.code)?, hit)));
        let mut found = used.collect::<Result<Vec<_>, E>>()?;
        found.sort_by(|(a_used, a), (b_used, b)| {
            let order = |used: u32, hit: &Hit<'_>| Reverse((hit.rank, used, hit.score));
            order(*a_used, a).cmp(&order(*b_used, b)).then_with(|| a.version.code.cmp(&b.version.code))
        });
        found.truncate(limit);
        Ok(found.into_iter().map(|(_, hit)| hit).collect())
    }

    /// The best match of every item that all words match.
    fn matching(
        &self,
        words: &[Word],
        today: Date,
        score: impl Fn(&Key, &Word) -> Option<u32>,
    ) -> Vec<Hit<'_>> {
        let mut best: BTreeMap<&str, Hit<'_>> = BTreeMap::new();
        for Named { code, key, ahead } in &self.keys {
            let scores: Option<Vec<u32>> = words.iter().map(|word| score(key, word)).collect();
            let Some(scores) = scores else { continue };
            let Some(version) = self.current(code, today) else { continue };
            let worst = scores.iter().copied().min().unwrap_or(0);
            let hit = Hit {
                version,
                matched: key.text(),
                score: scores.iter().sum::<u32>() + ahead,
                whole: words.len() == 1 && pinyin::is_whole(worst),
                near: pinyin::is_near(worst),
                rank: pinyin::rank(worst),
            };
            let better = |held: &Hit<'_>| (held.rank, held.score) < (hit.rank, hit.score);
            if best.get(code.as_str()).is_none_or(better) {
                best.insert(code, hit);
            }
        }
        best.into_values().collect()
    }
}
