//! What differs between two versions, field by field.

use super::{Kind, Part, Table};
use crate::item::Version;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// In which table.
    pub table: Table,
    /// Where it is edited.
    pub part: Part,
    /// Which row: 居民户口簿; empty for the item itself.
    pub row: String,
    /// 受理标准; empty where the whole row came or went.
    pub column: &'static str,
    /// What stood there; `None` where the row is new.
    pub old: Option<String>,
    /// What stands there now; `None` where the row went.
    pub new: Option<String>,
}

/// A row's words, and what it is told from others by.
struct Told {
    key: String,
    name: String,
    words: Vec<String>,
}

fn told(table: Table, version: &Version) -> Vec<Told> {
    let has_id = table.looks().first().is_some_and(|look| matches!(look.kind, Kind::Id));
    let mut seen: Vec<Told> = Vec::new();
    for words in table.rows(version) {
        let first = words.first().cloned().unwrap_or_default();
        let name = if has_id { words.get(1).cloned().unwrap_or_default() } else { first.clone() };
        let (mut key, mut again) = (first.clone(), 1);
        // two steps may bear one name
        while seen.iter().any(|other| other.key == key) {
            again += 1;
            key = format!("{first}\u{0}{again}");
        }
        seen.push(Told { key, name, words });
    }
    seen
}

/// Every field that differs, in the order of the tables. Which version they are is no difference.
#[must_use]
pub fn compare(old: &Version, new: &Version) -> Vec<Difference> {
    let mut found = Vec::new();
    for table in Table::ALL {
        if table == Table::Item {
            let pairs = table.rows(old).into_iter().flatten().zip(table.rows(new).into_iter().flatten());
            for (look, (old, new)) in table.looks().into_iter().zip(pairs) {
                if look.part != Part::Version && old != new {
                    let (old, new, row) = (Some(old), Some(new), String::new());
                    found.push(Difference { table, part: look.part, row, column: look.name, old, new });
                }
            }
            continue;
        }
        lists(table, &told(table, old), &told(table, new), &mut found);
    }
    found
}

fn lists(table: Table, old: &[Told], new: &[Told], found: &mut Vec<Difference>) {
    let part = Part::Row;
    // an id tells a person nothing
    let front = usize::from(table.looks().first().is_some_and(|look| matches!(look.kind, Kind::Id)));
    for row in new {
        let Some(before) = old.iter().find(|before| before.key == row.key) else {
            let new = Some(
                row.words
                    .iter()
                    .skip(front)
                    .filter(|word| !word.is_empty())
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(" · "),
            );
            found.push(Difference { table, part, row: row.name.clone(), column: "", old: None, new });
            continue;
        };
        for ((look, old), new) in table.looks().into_iter().zip(&before.words).zip(&row.words) {
            if old != new {
                let (old, new) = (Some(old.clone()), Some(new.clone()));
                found.push(Difference { table, part, row: row.name.clone(), column: look.name, old, new });
            }
        }
    }
    for row in old.iter().filter(|row| !new.iter().any(|other| other.key == row.key)) {
        let old = Some(
            row.words
                .iter()
                .skip(front)
                .filter(|word| !word.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join(" · "),
        );
        found.push(Difference { table, part, row: row.name.clone(), column: "", old, new: None });
    }
    let kept = |of: &[Told], other: &[Told]| -> Vec<String> {
        let both = of.iter().filter(|row| other.iter().any(|one| one.key == row.key));
        both.map(|row| row.name.clone()).collect()
    };
    let keys = |of: &[Told], other: &[Told]| -> Vec<String> {
        let both = of.iter().filter(|row| other.iter().any(|one| one.key == row.key));
        both.map(|row| row.key.clone()).collect()
    };
    if keys(old, new) != keys(new, old) {
        let (before, after) = (kept(old, new).join("、"), kept(new, old).join("、"));
        found.push(Difference {
            table,
            part,
            row: "先后顺序".to_owned(),
            column: "",
            old: Some(before),
            new: Some(after),
        });
    }
}
