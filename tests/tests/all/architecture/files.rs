//! Files one can read in one sitting, without words that mean "later".

use super::{assert_none, root};
use std::path::{Path, PathBuf};

/// A source file longer than this has swallowed something that deserves its own name. (From 400 on it is worth
/// splitting: `tests/run` names those.)
const LINES_MAX: usize = 600;

/// Written in halves, so that this file does not accuse itself.
const FORBIDDEN: [(&str, &str); 7] = [
    (concat!("to", "do!("), "unfinished code is left out, not announced"),
    (concat!("unim", "plemented!("), "unfinished code is left out, not announced"),
    (concat!("// FIX", "ME"), "mend it or write it down where it is read"),
    (concat!("// XX", "X"), "mend it or write it down where it is read"),
    (concat!("#[", "ignore"), "a test that does not run proves nothing"),
    (concat!("assert!(", "true)"), "a test that cannot fail proves nothing"),
    (concat!("thread::", "sleep("), "await a condition instead"),
];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && name != "node_modules" && !name.starts_with('.') {
                rust_files(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn faults(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    if lines > LINES_MAX {
        faults.push(format!("{path}: {lines} lines, at most {LINES_MAX}"));
    }
    for (number, line) in text.lines().enumerate() {
        for (word, reason) in FORBIDDEN {
            if line.contains(word) {
                faults.push(format!("{path}:{}: {word} — {reason}", number + 1));
            }
        }
    }
    faults
}

/// Fails when a file outgrows its limit or holds a word that puts something off.
#[test]
fn sources_are_short_and_finished() {
    let mut paths = Vec::new();
    rust_files(&root(), &mut paths);
    assert!(paths.len() > 20, "only {} source files: is the workspace being read at all?", paths.len());
    let mut all = Vec::new();
    for path in paths {
        let relative = path.strip_prefix(root()).unwrap().display().to_string();
        all.extend(faults(&relative, &std::fs::read_to_string(&path).unwrap()));
    }
    assert_none(&all);
}

/// Fails when a crate does not open by saying what it is for.
#[test]
fn every_crate_opens_with_its_purpose() {
    let mut paths = Vec::new();
    rust_files(&root(), &mut paths);
    let heads = paths.iter().filter(|path| path.ends_with("src/lib.rs") || path.ends_with("src/main.rs"));
    let mute: Vec<String> = heads
        .filter(|path| !std::fs::read_to_string(path).unwrap().starts_with("//! "))
        .map(|path| format!("{}: no head comment", path.display()))
        .collect();
    assert_none(&mute);
}

/// Planted faults: each forbidden word, and one line too many.
#[test]
fn a_long_file_and_each_forbidden_word_are_seen() {
    for (word, _) in FORBIDDEN {
        assert_eq!(faults("node/src/x.rs", &format!("fn a() {{}}\n    {word}\n")).len(), 1, "{word}");
    }
    assert_eq!(faults("node/src/x.rs", &"\n".repeat(LINES_MAX)), Vec::<String>::new());
    assert_eq!(faults("node/src/x.rs", &"\n".repeat(LINES_MAX + 1)).len(), 1);
}
