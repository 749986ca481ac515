use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use super::{
    super::{
        pairs::{FREE, outcome},
        *,
    },
    *,
};
use crate::case::{Mark, Verdict as May, pairs::Pair};

type Seen = BTreeMap<(u8, Kind, Kind), BTreeSet<String>>;

fn put(matter: &mut Matter, lamport: u64, station: u16, what: &What) -> char {
    let stamp = by(station);
    match matter.judge(what, &stamp) {
        May::Applies => {
            matter.effect(&Mark { op: op(lamport), stamp }, what);
            '+'
        }
        May::Repeats => '=',
        May::Refused(_) => '!',
    }
}

fn applies(matter: &Matter, kind: Kind) -> Option<(u16, What)> {
    let what = payload_of(matter.sort(), kind);
    [VILLAGE, 0].into_iter().find(|s| matter.judge(&what, &by(*s)) == May::Applies).map(|s| (s, what))
}

fn second(matter: &Matter, first: &(u16, What), then: &(u16, What)) -> char {
    let mut matter = matter.clone();
    put(&mut matter, 900, first.0, &first.1);
    put(&mut matter, 901, then.0, &then.1)
}

fn seen() -> &'static Seen {
    static SEEN: OnceLock<Seen> = OnceLock::new();
    SEEN.get_or_init(|| {
        let mut out = Seen::new();
        for sort in Sort::ALL {
            for seed in 0..40u64 {
                walk(*sort, seed, &mut out);
            }
        }
        out
    })
}

fn walk(sort: Sort, seed: u64, out: &mut Seen) {
    let mut dice = seed * 77 + 5;
    let mut matter = Matter::default();
    put(&mut matter, 1, VILLAGE, &payload_of(sort, Kind::Opened));
    for step in 0..16 {
        let allowed: Vec<(Kind, (u16, What))> =
            Kind::ALL.iter().filter_map(|kind| Some((*kind, applies(&matter, *kind)?))).collect();
        for (n, (a, first)) in allowed.iter().enumerate() {
            for (b, then) in allowed.iter().skip(n) {
                let outcome = format!("{}{}", second(&matter, first, then), second(&matter, then, first));
                out.entry((sort.code(), *a, *b)).or_default().insert(outcome);
            }
        }
        let moves: Vec<_> = allowed.iter().filter(|(kind, _)| !FREE.contains(kind)).collect();
        if moves.is_empty() {
            return;
        }
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (kind, (station, what)) = moves[(dice >> 33) as usize % moves.len()];
        // every other walk hears a resident who is not content
        let unhappy = Revisited { satisfied: Satisfied::No, words: None, on: TODAY }.into();
        let what = if *kind == Kind::Revisited && seed % 2 == 1 { &unhappy } else { what };
        put(&mut matter, step + 2, *station, what);
    }
}

fn signs(sort: Sort, a: Kind, b: Kind) -> &'static str {
    match outcome(sort, a, b) {
        Pair::Both => "++",
        Pair::Once => "==",
        Pair::First => "!!",
        Pair::Blocks(first) if first == a => "!+",
        Pair::Blocks(_) => "+!",
    }
}

fn sort_of(code: u8) -> Sort {
    Sort::from_code(code).unwrap()
}

/// Fails if the fold and the table differ for any pair that can meet, or a pair's outcome hangs on what happened before.
#[test]
fn the_table_is_what_the_fold_does() {
    let mut wrong = Vec::new();
    for ((sort, a, b), outcomes) in seen() {
        let outcomes: Vec<&str> = outcomes.iter().map(String::as_str).collect();
        let table = signs(sort_of(*sort), *a, *b);
        if outcomes != [table] {
            let (sort, a, b) = (sort_of(*sort).slug(), a.name(), b.name());
            wrong.push(format!("{sort} {a} {b}: table {table} fold {outcomes:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for sort in Sort::ALL {
        for kind in sort.kinds() {
            let met = |(s, a, b): &(u8, Kind, Kind)| *s == sort.code() && (a == kind || b == kind);
            assert!(seen().keys().any(met), "{} never met {}", sort.slug(), kind.name());
        }
    }
}

fn names(kinds: impl Iterator<Item = Kind>) -> String {
    let names: Vec<&str> = kinds.map(Kind::title).collect();
    if names.is_empty() { "—".to_owned() } else { names.join("、") }
}

fn rows(sort: Sort) -> String {
    let met = |a: Kind, b: Kind| {
        seen().contains_key(&(sort.code(), a, b)) || seen().contains_key(&(sort.code(), b, a))
    };
    let mut out = String::new();
    for a in sort.kinds() {
        let with = |what: Pair<Kind>| {
            names(
                sort.kinds()
                    .iter()
                    .copied()
                    .filter(|b| b != a && met(*a, *b) && outcome(sort, *a, *b) == what),
            )
        };
        let behind = sort.kinds().iter().copied();
        let behind = behind.filter(|b| b != a && met(*a, *b) && outcome(sort, *a, *b) == Pair::Blocks(*b));
        let twice = if outcome(sort, *a, *a) == Pair::Once { "算一次" } else { "都算，后者显示" };
        out += &format!(
            "| {} | {} `{}` | {twice} | {} | {} | {} |\n",
            sort.label(),
            a.title(),
            a.name(),
            with(Pair::Blocks(*a)),
            names(behind),
            with(Pair::Both)
        );
    }
    out
}

/// The page's section on matters is the table, written out. `UPDATE=1 cargo test -p model matter` writes it anew.
#[test]
fn the_page_is_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/concurrent-pairs.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    let (head, rest) = page.split_once("\n| 登记 ").unwrap();
    let (_, tail) = rest.split_once("\n\n## ").unwrap();
    let mut out = head.to_owned();
    out += "\n| 登记 | 办理 | 各办一次 | 它在前，后面的待处置 | 它在后，待处置 | 都算 |\n| --- | --- | --- | --- | --- | --- |\n";
    out.extend(Sort::ALL.iter().map(|sort| rows(*sort)));
    out += "\n## ";
    out += tail;
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &out).unwrap();
        return;
    }
    assert!(page == out, "docs/concurrent-pairs.md is not the table: UPDATE=1 cargo test -p model matter");
}
