//! C3: a clerk finds an item as she types it, with one slip of the keys, and what is taken often comes first.

use std::sync::LazyLock;

use ::pinyin::ToPinyin as _;
use proptest::prelude::*;

use super::*;

static SAMPLE: LazyLock<Catalogue> = LazyLock::new(|| sample().unwrap());

/// How many of a list are seen without scrolling.
const FIRST: usize = 20;

fn names(query: &str, limit: usize) -> Vec<String> {
    SAMPLE.search(query, today(), limit).iter().map(|hit| hit.version.name.clone()).collect()
}

fn item_names() -> Vec<String> {
    SAMPLE.items().map(|item| item.versions[0].name.clone()).collect()
}

/// The pinyin of a name, syllable by syllable, by the commonest readings.
fn syllables(name: &str) -> Vec<String> {
    let said = |c: char| c.to_pinyin().map_or_else(|| c.to_string(), |p| p.plain().replace('ü', "v"));
    name.chars().filter(|c| c.is_alphanumeric()).map(|c| said(c).to_lowercase()).collect()
}

/// Fails if a mixture of characters, syllables and initials no longer finds one item and nothing else.
#[test]
fn mixtures_find_the_one_item() {
    for query in ["gaoling津贴", "gl津贴", "gaoljt", "高龄jt", "g龄j贴", "gljt", "gaolingjintie", "高龄津贴"]
    {
        assert_eq!(names(query, 50), ["高龄津贴申领"], "{query}");
    }
}

/// Fails if an item is not the first of its own name, or not among the first of its initials.
#[test]
fn every_item_is_found_by_its_name_and_its_initials() {
    for name in item_names() {
        assert_eq!(names(&name, 1).concat(), name);
        let full = syllables(&name).concat();
        assert_eq!(names(&full, 1).concat(), name, "{full}");
        let short: String = syllables(&name).iter().filter_map(|s| s.chars().next()).collect();
        assert!(names(&short, 3).contains(&name), "{short}: {:?}", names(&short, 3));
    }
}

/// Fails if an item drops out of sight while its pinyin is being typed: from the second letter on it is on the first
/// screen, and with one letter on the first page.
#[test]
fn every_beginning_of_its_pinyin_finds_an_item() {
    for name in item_names() {
        let full = syllables(&name).concat();
        for len in 1..=full.len() {
            let typed = &full[..len];
            let found = names(typed, if len == 1 { 50 } else { FIRST });
            assert!(found.contains(&name), "{name}: {typed}: {found:?}");
        }
    }
}

/// One slip at a place: wrong, missing, too many, changed with the next.
fn slipped(text: &[char], at: usize, kind: usize, other: char) -> String {
    let mut out = text.to_vec();
    match kind {
        0 => out[at] = other,
        1 => drop(out.remove(at)),
        2 => out.insert(at, other),
        _ => out.swap(at, (at + 1) % text.len().max(1)),
    }
    out.into_iter().collect()
}

/// Fails if a slip anywhere in the pinyin of an item hides it, with a letter that is rare and one that is not: each
/// fourth place, beginning at another one for each item.
#[test]
fn every_slip_in_the_pinyin_is_forgiven() {
    for (first, name) in item_names().into_iter().enumerate() {
        let full: Vec<char> = syllables(&name).concat().chars().collect();
        for at in (first % 4..full.len() - 1).step_by(4) {
            for (kind, other) in [(0, 'q'), (0, 'n'), (1, ' '), (2, 'v'), (2, 'i'), (3, ' ')] {
                let typed = slipped(&full, at, kind, other);
                assert!(names(&typed, FIRST).contains(&name), "{name}: {typed}: {:?}", names(&typed, FIRST));
            }
        }
    }
}

proptest! {
    /// Fails if one slip hides an item: in the beginning of its pinyin from five letters on, in mixtures, in characters
    /// from four on. What is typed may happen to be another item's right name: then that is found.
    #[test]
    fn one_slip_is_forgiven(
        pick in any::<prop::sample::Index>(),
        cut in 5usize..40,
        at in any::<prop::sample::Index>(),
        kind in 0usize..4,
        letter in proptest::char::range('a', 'z'),
        mixed in any::<u32>(),
    ) {
        let all = item_names();
        let name = pick.get(&all);
        let mixture = |(n, c): (usize, char)| match mixed >> n & 1 {
            1 => c.to_string(),
            _ => syllables(&c.to_string()).concat(),
        };
        let spoken = name.chars().filter(|c| c.is_alphanumeric());
        let typed: Vec<char> = spoken.enumerate().map(mixture).collect::<String>().chars().take(cut).collect();
        prop_assume!(typed.len() >= 6);
        let other = if typed.iter().all(|c| !c.is_ascii()) { '猫' } else { letter };
        let typed = slipped(&typed, at.index(typed.len() - 1), kind, other);
        let hits = SAMPLE.search(&typed, today(), FIRST);
        prop_assert!(!hits.is_empty(), "{} is not found by {}", name, typed);
        let found = hits.iter().any(|hit| hit.version.name == *name);
        prop_assert!(found || !hits[0].near || hits.len() == FIRST, "{} by {}: {:?}", name, typed, names(&typed, FIRST));
    }

    /// Fails if some text makes the search fall over or find more than it may.
    #[test]
    fn whatever_is_typed_is_borne(query in ".{0,80}", limit in 0usize..5) {
        prop_assert!(SAMPLE.search(&query, today(), limit).len() <= limit);
    }
}

/// Fails if four letters or three characters already match by guessing, or if a guess stands beside a right match.
#[test]
fn short_words_are_not_guessed() {
    assert!(names("gljq", 5).is_empty() && names("高猫津", 5).is_empty());
    assert_eq!(names("高猫津贴", 5), ["高龄津贴申领"]);
    let hits = SAMPLE.search("失业登记", today(), 50);
    assert!(hits.iter().all(|hit| !hit.near) && hits[0].whole);
    let guessed = SAMPLE.search("gaolignjintie", today(), 50);
    assert!(guessed.len() == 1 && guessed[0].near && !guessed[0].whole);
}

/// Fails if what this station takes every day does not come before its equals, or if it comes before a better match.
#[test]
fn what_is_taken_often_comes_first() {
    let order = |query: &str, often: &str| -> Vec<String> {
        let used = |code: &str| Ok::<u32, Infallible>(if code == often { 9 } else { 0 });
        let Ok(hits) = SAMPLE.search_by_use(query, today(), 50, used);
        hits.iter().map(|hit| hit.version.code.clone()).collect()
    };
    let plain = order("shehuibaozhangka", "");
    let last = plain.last().unwrap();
    assert!(plain.len() >= 5 && plain[0] != *last);
    assert_eq!(order("shehuibaozhangka", last)[0], *last);
    // 低保 is the whole of one name and only the beginning of another
    let whole = order("低保", "")[0].clone();
    let other = order("低保", "").last().unwrap().clone();
    assert!(whole != other && order("低保", &other)[0] == whole);
}

/// C3. Fails if an item is called something that its own initials do not find, or that does not fit beside five others.
#[test]
fn every_short_name_is_found_by_its_initials() {
    for item in SAMPLE.items() {
        let (name, initials) = SAMPLE.short(&item.code).unwrap();
        assert!(name.chars().count() <= 14, "{name}");
        let hits = SAMPLE.search(&initials, today(), 200);
        assert!(hits.iter().any(|hit| hit.version.code == item.code), "{name} {initials}");
    }
}
