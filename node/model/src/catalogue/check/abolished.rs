//! Certificates that a village may no longer be asked for: 不应由基层群众性自治组织出具证明事项清单（第一批）, the annex of 民发〔2020〕20号.
//!
//! `abolished.csv` holds the names of all twenty as two newspapers printed them; the annex itself, with its exceptions
//! (a kinship certificate for a notary, say), was not read, so a township that needs an exception has to ask for a newer
//! list. How else a name is written, and what to take instead, are our own words. What only a province struck off
//! (缴费票据遗失证明, 转学证明) is not in it.

use std::sync::LazyLock;

use crate::item::Material;

struct Entry {
    name: &'static str,
    written: Vec<&'static str>,
    instead: &'static str,
}

static LIST: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let lines = include_str!("abolished.csv").lines().skip(1);
    let entry = |line: &'static str| {
        let mut columns = line.splitn(3, ',');
        let (name, written) = (columns.next()?, columns.next()?);
        Some(Entry { name, written: written.split(';').collect(), instead: columns.next()? })
    };
    lines.filter_map(entry).collect()
});

/// Bodies of the village.
const VILLAGE: [&str; 4] = ["村", "社区", "居委", "居民委员会"];
/// Who else gives out a paper of such a name, and rightly so.
const OTHERS: [&str; 9] = ["医院", "医学", "卫生", "公安", "派出所", "民政", "法院", "火化", "公证"];
/// What stands before a village that is *not* to be asked.
const NOT: [&str; 12] = [
    "不用",
    "不用到",
    "不用找",
    "不用去",
    "不由",
    "不再由",
    "不要",
    "不必",
    "不必到",
    "不需要",
    "无需",
    "免",
];
/// Words that only look like a village committee.
const NO_COMMITTEE: [&str; 3] = ["社区戒毒", "社区康复", "村卫生室"];

/// A village certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Abolished {
    /// As the list names it.
    pub(super) name: &'static str,
    /// What to take instead.
    pub(super) instead: &'static str,
    /// The item says that the village gives it out; otherwise it leaves open who does.
    pub(super) by_village: bool,
}

/// How many are on the list.
#[cfg(test)]
pub(super) fn count() -> usize {
    LIST.len()
}

/// Whether a material is on the list. `None` too where another body gives it out.
pub(super) fn find(material: &Material) -> Option<Abolished> {
    let entry = LIST.iter().find(|entry| entry.written.iter().any(|word| material.name.contains(word)))?;
    let told = [&material.name, &material.source, &material.source_note];
    let by_village = told.iter().any(|text| asks_village(text));
    let by_others = told.iter().any(|text| OTHERS.iter().any(|body| text.contains(body)));
    (by_village || !by_others).then_some(Abolished { name: entry.name, instead: entry.instead, by_village })
}

/// One of the clauses names the village as the giver: 到村委会开, not 不用村里开证明.
fn asks_village(text: &str) -> bool {
    let clauses = text.split(['，', '。', '；', '、', ',', ';']);
    let plain =
        |clause: &str| NO_COMMITTEE.iter().fold(clause.to_owned(), |text, word| text.replace(word, ""));
    clauses.map(plain).any(|clause| {
        let at = VILLAGE.iter().filter_map(|word| clause.find(word)).min();
        let before = at.and_then(|at| clause.get(..at));
        before.is_some_and(|before| !NOT.iter().any(|not| before.ends_with(not)))
    })
}
