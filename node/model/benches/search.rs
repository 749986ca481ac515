//! What finding an item costs while a clerk types: 2,000 items with their aliases, queries of every kind, right and with one
//! slip. `cargo bench -p model --bench search -- --items 2000 --rounds 20`; figures as JSON in `target/measure/search.json`.
#![expect(clippy::expect_used, reason = "a bench that cannot measure stops")]
#![expect(clippy::disallowed_methods, reason = "this is where time is measured")]
#![expect(clippy::print_stdout, reason = "its figures")]

use std::{fs, path::PathBuf, time::Instant};

use model::{
    Date,
    catalogue::{Catalogue, sample},
};

const TODAY: Date = Date::constant(2026, 11, 23);
/// As a clerk types them: letter by letter, initials, mixtures, characters, a slip in each, nothing at all.
const QUERIES: [&str; 24] = [
    "g",
    "ga",
    "gao",
    "gaolin",
    "gaolingjintie",
    "gljt",
    "gl津贴",
    "gaoljt",
    "高龄",
    "高龄津贴",
    "s",
    "sh",
    "shbzk",
    "shehuibaozhangka",
    "社会保障卡",
    "低保 申请",
    "gaolignjintie",
    "gaolinjintie",
    "gaolingjinqie",
    "shehuibaozhnagka",
    "高岭津贴",
    "最低生或保障",
    "zzzzzzzz",
    "没有这个事项",
];
/// What makes the names differ from round to round.
const ENDINGS: [&str; 5] = ["", "申请", "变更", "注销", "复核"];
/// Hits on one page.
const PAGE: usize = 50;

fn plan() -> Result<(usize, usize), lexopt::Error> {
    use lexopt::prelude::*;
    let (mut items, mut rounds) = (2000, 20);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("items") => items = parser.value()?.parse()?,
            Long("rounds") => rounds = parser.value()?.parse()?,
            // What cargo itself adds.
            Long("bench") => {}
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected()),
        }
    }
    Ok((items, rounds))
}

/// Every item of the sample again and again, each time under names of its own.
fn catalogue(items: usize) -> Catalogue {
    let base: Vec<_> = sample().expect("the sample loads").items().flat_map(|i| i.versions.clone()).collect();
    let mut versions = Vec::new();
    for (n, version) in base.iter().cycle().take(items).enumerate() {
        let mut version = version.clone();
        version.code = format!("X{n}");
        version.name.push_str(ENDINGS.iter().cycle().nth(n / base.len()).unwrap_or(&""));
        versions.push(version);
    }
    Catalogue::new(versions)
}

fn main() {
    let (items, rounds) = plan().expect("--items N --rounds N");
    let catalogue = catalogue(items);
    let mut all = Vec::new();
    let mut worst = ("", 0.0);
    for query in QUERIES.iter().cycle().take(QUERIES.len() * rounds.max(1)) {
        let begun = Instant::now();
        let hits = catalogue.search(query, TODAY, PAGE).len();
        let ms = begun.elapsed().as_secs_f64() * 1e3;
        assert!(hits <= PAGE);
        if ms > worst.1 {
            worst = (query, ms);
        }
        all.push(ms);
    }
    all.sort_by(f64::total_cmp);
    let at = |hundredth: usize| {
        let place = (all.len() * hundredth).div_ceil(100).saturating_sub(1);
        all.get(place).map(|ms| (ms * 1e3).round() / 1e3)
    };
    let figures = serde_json::json!({
        "items": items, "searches": all.len(), "p50_ms": at(50), "p99_ms": at(99), "slowest": worst.0,
    });
    let figures = serde_json::to_string_pretty(&figures).expect("figures are JSON");
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
    fs::create_dir_all(target.join("measure")).expect("a folder for the figures");
    fs::write(target.join("measure/search.json"), &figures).expect("the figures are written");
    println!("{figures}");
}
