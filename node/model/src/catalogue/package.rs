//! A package (套餐, 一件事一次办): one theme of life (birth, retirement …) that opens several items at once. Published in
//! versions like items; it holds no rule of its own: what each item asks stands in the item.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    Catalogue,
    pinyin::{self, Key, Word},
};
use crate::{
    FieldErrors,
    item::{ApplicantKind, Version},
    limit,
};

/// The sample packages that ship with the box, as JSON: a list of [`Package`].
pub const SAMPLE: &str = include_str!("sample/packages.json");

/// What packages are about.
pub const THEMES: [&str; 8] = ["出生", "入学", "就业", "创业", "住房", "退休", "身后事", "其他"];

/// One published version of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// The township's own code, ASCII.
    pub code: String,
    /// Counts from 1.
    pub version: u32,
    /// In force from.
    pub effective: Date,
    /// No longer in force from.
    #[serde(default)]
    pub retired: Option<Date>,
    /// 新生儿出生一件事.
    pub name: String,
    /// Other names it is searched by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// One of [`THEMES`].
    pub theme: String,
    /// Codes of its items, in the order of the counter.
    pub items: Vec<String>,
    /// For whom it is, as a clerk says it.
    #[serde(default)]
    pub words: String,
    /// 示例.
    #[serde(default)]
    pub sample: bool,
}

impl Package {
    /// A new one with nothing in it.
    #[must_use]
    pub fn blank(code: &str, today: Date) -> Self {
        Self {
            code: code.to_owned(),
            version: 1,
            effective: today,
            retired: None,
            name: String::new(),
            aliases: Vec::new(),
            theme: String::new(),
            items: Vec::new(),
            words: String::new(),
            sample: false,
        }
    }

    /// Its items as they are in force on a day; a code that is not stands for itself.
    pub fn items_on<'a>(
        &'a self,
        catalogue: &'a Catalogue,
        day: Date,
    ) -> impl Iterator<Item = Result<&'a Version, &'a str>> {
        self.items.iter().map(move |code| catalogue.current(code, day).ok_or(code.as_str()))
    }

    /// What keeps it from being published, by field: `name`, `theme`, `items` …
    #[must_use]
    pub fn check(&self, catalogue: &Catalogue, day: Date) -> FieldErrors {
        let mut errors = FieldErrors::default();
        let mut tell = |field: &str, label: &str, words: String| errors.add(field, label, words);
        let count = self.name.trim().chars().count();
        if count == 0 {
            tell("name", "套餐名称", "还没填套餐名称，写成群众会说的话，例如“新生儿出生一件事”。".into());
        } else if count > limit::PACKAGE_NAME_CHARS {
            let most = limit::PACKAGE_NAME_CHARS;
            tell("name", "套餐名称", format!("套餐名称最多写 {most} 个字，现在是 {count} 个，请写短些。"));
        }
        if !THEMES.contains(&self.theme.as_str()) {
            tell("theme", "主题", "还没选主题，请选一个。".into());
        }
        let count = self.words.chars().count();
        if count > limit::WORDS_CHARS {
            tell("words", "说明", format!("说明最多写 {} 个字，现在是 {count} 个。", limit::WORDS_CHARS));
        }
        let (fewest, most) = limit::PACKAGE_ITEMS;
        if !(fewest..=most).contains(&self.items.len()) {
            let now = self.items.len();
            tell("items", "事项", format!("套餐要有 {fewest} 到 {most} 个事项，现在是 {now} 个，请重新选。"));
        }
        let mut kinds = ApplicantKind::ALL.to_vec();
        for item in self.items_on(catalogue, day) {
            match item {
                Ok(version) => kinds.retain(|kind| version.applicants.contains(kind)),
                Err(code) => {
                    let name = catalogue.item(code).and_then(|item| item.versions.last());
                    let name = name.map_or(code, |version| version.name.as_str());
                    tell("items", "事项", format!("“{name}”那天没有在用的版本，请换掉或先发布它。"));
                }
            }
        }
        if kinds.is_empty() {
            let words = "这几个事项的申请人不是同一类（个人、家庭、单位），一次问不了，请分成两个套餐。";
            tell("items", "事项", words.into());
        }
        errors
    }
}

/// Every known version of every package, ready to be searched.
#[derive(Debug, Clone, Default)]
pub struct Packages {
    all: BTreeMap<String, Vec<Package>>,
    keys: Vec<(String, Key)>,
}

/// A package that was found.
#[derive(Debug, Clone, Copy)]
pub struct PackageHit<'a> {
    /// The version in force.
    pub package: &'a Package,
    /// The whole name was typed.
    pub whole: bool,
    score: u32,
}

impl Packages {
    /// Takes versions in any order; one that comes twice counts once.
    #[must_use]
    pub fn new(versions: Vec<Package>) -> Self {
        let mut all: BTreeMap<String, Vec<Package>> = BTreeMap::new();
        for version in versions {
            let held = all.entry(version.code.clone()).or_default();
            if !held.iter().any(|one| one.version == version.version) {
                held.push(version);
                held.sort_by_key(|one| one.version);
            }
        }
        let mut keys = Vec::new();
        for newest in all.values().filter_map(|held| held.last()) {
            for name in [&newest.name, &newest.theme].into_iter().chain(&newest.aliases) {
                keys.push((newest.code.clone(), Key::of(name)));
            }
        }
        Self { all, keys }
    }

    /// Every package with all its versions, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Package])> {
        self.all.iter().map(|(code, versions)| (code.as_str(), versions.as_slice()))
    }

    /// The newest version of a package.
    #[must_use]
    pub fn newest(&self, code: &str) -> Option<&Package> {
        self.all.get(code)?.last()
    }

    /// One version of a package.
    #[must_use]
    pub fn version(&self, code: &str, version: u32) -> Option<&Package> {
        self.all.get(code)?.iter().find(|one| one.version == version)
    }

    /// The version in force on a day.
    #[must_use]
    pub fn current(&self, code: &str, today: Date) -> Option<&Package> {
        on(self.all.get(code)?, today)
    }

    /// Everything in force on a day, by theme and code.
    #[must_use]
    pub fn offered(&self, today: Date) -> Vec<&Package> {
        let mut offered: Vec<&Package> = self.all.values().filter_map(|held| on(held, today)).collect();
        let theme = |package: &Package| THEMES.iter().position(|theme| *theme == package.theme);
        offered.sort_by_key(|package| (theme(package), package.code.clone()));
        offered
    }

    /// Finds packages by name, theme or alias, as items are found; best first.
    #[must_use]
    pub fn search(&self, query: &str, today: Date, limit: usize) -> Vec<PackageHit<'_>> {
        let words: Vec<Word> = query.split_whitespace().map(Word::of).collect();
        let mut best: BTreeMap<&str, PackageHit<'_>> = BTreeMap::new();
        for (code, key) in self.keys.iter().filter(|_| !words.is_empty()) {
            let scores: Option<Vec<u32>> = words.iter().map(|word| key.score(word)).collect();
            let (Some(scores), Some(package)) = (scores, self.current(code, today)) else { continue };
            let whole = words.len() == 1 && scores.iter().all(|score| pinyin::is_whole(*score));
            let hit = PackageHit { package, whole, score: scores.iter().sum() };
            if best.get(code.as_str()).is_none_or(|held| held.score < hit.score) {
                best.insert(code, hit);
            }
        }
        let mut found: Vec<PackageHit<'_>> = best.into_values().collect();
        found.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.package.code.cmp(&b.package.code)));
        found.truncate(limit);
        found
    }
}

fn on(versions: &[Package], today: Date) -> Option<&Package> {
    let holds = |one: &&Package| one.effective <= today && one.retired.is_none_or(|end| today < end);
    versions.iter().rev().find(holds)
}

/// Reads the sample packages that ship with the box.
///
/// # Errors
/// Never for the shipped file (a test reads it); the error is serde's.
pub fn sample() -> Result<Vec<Package>, serde_json::Error> {
    serde_json::from_str(SAMPLE)
}
