use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use super::{
    super::{
        event::*,
        pairs::{ENDS, FREE, Pair, outcome},
        *,
    },
    support::*,
};
use crate::record::Record;

type Seen = BTreeMap<(Kind, Kind), BTreeSet<String>>;

/// A small generator: the walks must be the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

const USUAL: &[Kind] = &[
    Kind::Received,
    Kind::Accepted,
    Kind::OnBehalf,
    Kind::Visited,
    Kind::NoticePosted,
    Kind::NoticeEnded,
    Kind::FirstReviewed,
    Kind::ReportedUp,
    Kind::FedBack,
    Kind::Approved,
    Kind::Paid,
    Kind::ResultReady,
    Kind::Delivered,
];

fn applies(case: &Case, kind: Kind) -> Option<(u16, What)> {
    let what = payload(kind);
    [VILLAGE, 0].into_iter().find(|s| case.judge(&what, *s) == Verdict::Applies).map(|s| (s, what))
}

fn put(case: &mut Case, lamport: u64, station: u16, what: &What) -> Verdict {
    let verdict = case.judge(what, station);
    if verdict == Verdict::Applies {
        let mark = Mark { op: op(lamport), stamp: stamp(station) };
        case.effect(&mark, what);
        case.timeline.push(Entry { mark, what: what.clone(), standing: Standing::Counts });
    }
    verdict
}

fn second(case: &Case, first: &(u16, What), then: &(u16, What)) -> char {
    let mut case = case.clone();
    put(&mut case, 900, first.0, &first.1);
    match put(&mut case, 901, then.0, &then.1) {
        Verdict::Applies => '+',
        Verdict::Repeats => '=',
        Verdict::Refused(_) => '!',
    }
}

/// Every pair that can meet, with what the fold makes of it in both orders: one entry a pair if the state before does
/// not matter.
fn seen() -> &'static Seen {
    static SEEN: OnceLock<Seen> = OnceLock::new();
    SEEN.get_or_init(walk)
}

fn walk() -> Seen {
    let mut out = Seen::new();
    for code in ["S047", "S093", "S007", "S086", "S054"] {
        let version = version(code);
        for seed in 0..24u64 {
            let mut dice = Dice(seed * 77 + 5);
            let mut case = Case::read(&Record::default(), Some(&version)).0;
            case.station = VILLAGE;
            for step in 0..20 {
                let allowed: Vec<(Kind, (u16, What))> =
                    Kind::ALL.iter().filter_map(|k| Some((*k, applies(&case, *k)?))).collect();
                for (n, (a, first)) in allowed.iter().enumerate() {
                    // what changes no state is asked about on every sixth walk only: it is the bulk of all pairs
                    for (b, then) in
                        allowed.iter().skip(n).filter(|(b, _)| seed % 6 == 0 || !FREE.contains(b))
                    {
                        let outcome = format!("{}{}", second(&case, first, then), second(&case, then, first));
                        out.entry((*a, *b)).or_default().insert(outcome);
                    }
                }
                let moves: Vec<&(Kind, (u16, What))> =
                    allowed.iter().filter(|(k, _)| !FREE.contains(k)).collect();
                if moves.is_empty() {
                    break;
                }
                // half of the walk goes the usual way, the rest anywhere, ends rarely, or the walks would stay short
                let usual = USUAL.iter().find_map(|k| moves.iter().find(|(m, _)| m == k));
                let mut pick = moves[dice.below(moves.len())];
                if ENDS.contains(&pick.0) {
                    pick = moves[dice.below(moves.len())];
                }
                if let Some(usual) = usual.filter(|_| dice.below(2) == 0) {
                    pick = *usual;
                }
                let (station, what) = &pick.1;
                put(&mut case, step + 1, *station, what);
            }
        }
    }
    out
}

/// `++`: both orders let both stand, and so on: first character a before b, second b before a.
fn signs(a: Kind, b: Kind) -> &'static str {
    match outcome(a, b) {
        Pair::Both => "++",
        Pair::Once => "==",
        Pair::First => "!!",
        Pair::Blocks(first) if first == a => "!+",
        Pair::Blocks(_) => "+!",
    }
}

/// Fails if the fold and the table differ for any pair that can meet, if a pair's outcome hangs on what happened
/// before, or if the walks reach fewer pairs than they did when the table was read through.
#[test]
fn the_table_is_what_the_fold_does() {
    let seen = seen();
    let mut wrong = Vec::new();
    for ((a, b), outcomes) in seen {
        let outcomes: Vec<&str> = outcomes.iter().map(String::as_str).collect();
        if outcomes != [signs(*a, *b)] {
            wrong.push(format!("{} {}: table {} fold {outcomes:?}", a.name(), b.name(), signs(*a, *b)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(Kind::ALL.iter().all(|k| seen.keys().any(|(a, b)| a == k || b == k)));
    assert!(seen.len() >= 415, "only {} pairs met", seen.len());
}

/// Fails if the table says two things about one pair.
#[test]
fn the_table_is_symmetric() {
    for a in Kind::ALL {
        for b in Kind::ALL {
            assert_eq!(outcome(*a, *b), outcome(*b, *a));
        }
    }
}

fn names(kinds: impl Iterator<Item = Kind>) -> String {
    let names: Vec<String> = kinds.map(|k| k.title().to_owned()).collect();
    if names.is_empty() { "—".to_owned() } else { names.join("、") }
}

/// The page is the table, written out. `UPDATE=1 cargo test -p model` writes it anew.
#[test]
fn the_page_is_the_table() {
    let seen = seen();
    let met = |a: Kind, b: Kind| seen.contains_key(&(a, b)) || seen.contains_key(&(b, a));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/concurrent-pairs.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    let head = page.split("\n| 办理").next().unwrap_or_default().to_owned();
    let mut out = head
        + "\n| 办理 | 各办一次 | 谁先谁算，另一个待处置 | 它在前，后面的待处置 | 它在后，待处置 | 都算 |\n| --- | --- | --- | --- | --- | --- |\n";
    for a in Kind::ALL.iter().filter(|k| !FREE.contains(k)) {
        let with = |what: Pair| {
            let all = Kind::ALL.iter().copied().filter(|b| b != a && !FREE.contains(b) && met(*a, *b));
            names(all.filter(|b| outcome(*a, *b) == what))
        };
        let behind = Kind::ALL
            .iter()
            .copied()
            .filter(|b| met(*a, *b) && b != a && outcome(*a, *b) == Pair::Blocks(*b));
        let twice = match outcome(*a, *a) {
            Pair::Once => "算一次",
            Pair::First => "先者算，后者待处置",
            Pair::Both | Pair::Blocks(_) => "都算",
        };
        out += &format!(
            "| {} `{}` | {twice} | {} | {} | {} | {} |\n",
            a.title(),
            a.name(),
            with(Pair::First),
            with(Pair::Blocks(*a)),
            names(behind),
            with(Pair::Both)
        );
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &out).unwrap();
        return;
    }
    assert!(page == out, "docs/concurrent-pairs.md is not the table: UPDATE=1 cargo test -p model");
}
