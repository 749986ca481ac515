//! The dependency table in ARCHITECTURE.md against what cargo says.

use super::{assert_none, root, text};
use cargo_metadata::{DependencyKind, MetadataCommand};
use std::collections::{BTreeMap, BTreeSet};

/// What one crate may depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Allowed {
    All,
    Only(BTreeSet<String>),
}

/// One row: the crate's folder and what it may depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    folder: String,
    allowed: Allowed,
}

type Table = BTreeMap<String, Row>;

/// What cargo says of one crate of ours: its folder and its normal and build dependencies among our crates.
struct Actual {
    folder: String,
    needs: BTreeSet<String>,
}

fn names(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn parse(document: &str) -> Table {
    let body = document.split("<!-- table:crates -->").nth(1).expect("no crate table");
    let body = body.split("<!-- /table:crates -->").next().unwrap();
    let mut table = Table::new();
    for line in body.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 4, "a row has four cells: {line}");
        let allowed = if cells[3] == "all" { Allowed::All } else { Allowed::Only(names(cells[3])) };
        let folder = cells[1].trim_matches('`').to_owned();
        let twice = table.insert(cells[0].trim_matches('`').to_owned(), Row { folder, allowed });
        assert!(twice.is_none(), "two rows for one crate: {line}");
    }
    table
}

fn workspace() -> BTreeMap<String, Actual> {
    let metadata = MetadataCommand::new().current_dir(root()).no_deps().exec().expect("cargo metadata");
    let ours: BTreeSet<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    metadata
        .packages
        .iter()
        .map(|package| {
            let folder = package.manifest_path.parent().unwrap().strip_prefix(root()).unwrap().to_string();
            let needs = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind != DependencyKind::Development)
                .map(|dependency| dependency.name.clone())
                .filter(|name| ours.contains(name))
                .collect();
            (package.name.to_string(), Actual { folder, needs })
        })
        .collect()
}

fn faults(table: &Table, workspace: &BTreeMap<String, Actual>) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, actual) in workspace {
        let Some(row) = table.get(name) else {
            faults.push(format!("crate {name} has no row in ARCHITECTURE.md"));
            continue;
        };
        if row.folder != actual.folder {
            faults.push(format!("{name} lies in {}, the table says {}", actual.folder, row.folder));
        }
        if let Allowed::Only(allowed) = &row.allowed {
            for edge in actual.needs.difference(allowed) {
                faults.push(format!("{name} depends on {edge}, which the table does not allow"));
            }
        }
    }
    for (name, row) in table {
        if !workspace.contains_key(name) {
            faults.push(format!("the table has a row for {name}, the workspace has no such crate"));
        }
        if let Allowed::Only(allowed) = &row.allowed {
            for ghost in allowed.iter().filter(|edge| !workspace.contains_key(*edge)) {
                faults.push(format!("{name} may depend on {ghost}, which is no crate of ours"));
            }
        }
    }
    faults
}

/// Fails when a crate, a folder or an edge is not the one the table has.
#[test]
fn every_edge_between_our_crates_stands_in_the_table() {
    assert_none(&faults(&parse(&text("ARCHITECTURE.md")), &workspace()));
}

/// Planted fault: take each edge that is really used out of the table; the check must name it.
#[test]
fn an_edge_missing_from_the_table_is_seen() {
    let (table, workspace) = (parse(&text("ARCHITECTURE.md")), workspace());
    let mut planted = 0;
    for (name, actual) in &workspace {
        for edge in &actual.needs {
            let mut doctored = table.clone();
            let Some(Row { allowed: Allowed::Only(allowed), .. }) = doctored.get_mut(name) else { continue };
            assert!(allowed.remove(edge));
            let found = faults(&doctored, &workspace);
            assert!(found.iter().any(|f| f.contains(name) && f.contains(edge)), "{name} → {edge} unseen");
            planted += 1;
        }
    }
    assert!(planted >= 20, "only {planted} edges: is the workspace being read at all?");
}

/// Planted faults: a row taken out, a row too many, a folder that moved.
#[test]
fn a_row_too_few_or_too_many_is_seen() {
    let (table, workspace) = (parse(&text("ARCHITECTURE.md")), workspace());
    let mut fewer = table.clone();
    let row = fewer.remove("records").unwrap();
    assert_eq!(faults(&fewer, &workspace), ["crate records has no row in ARCHITECTURE.md"]);

    let mut more = table.clone();
    more.insert("util".to_owned(), row);
    assert_eq!(faults(&more, &workspace), ["the table has a row for util, the workspace has no such crate"]);

    let mut moved = table;
    moved.get_mut("records").unwrap().folder = "records".to_owned();
    assert_eq!(faults(&moved, &workspace), ["records lies in node/records, the table says records"]);
}
