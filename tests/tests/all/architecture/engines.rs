//! Each outside engine has one owner among our crates, in cargo's graph and in deny.toml alike.

use super::{assert_none, root, text};
use cargo_metadata::{DependencyKind, MetadataCommand};

/// (engine, its one owner). The tests package may use them to measure or to break them.
const OWNERS: [(&str, &str); 6] = [
    ("automerge", "records"),
    ("redb", "store"),
    ("axum", "web"),
    ("mdns-sd", "discovery"),
    ("calamine", "sheets"),
    ("rust_xlsxwriter", "sheets"),
];

/// (engine, who opens one in a bench besides its owner).
const BENCHES: [(&str, &str); 1] = [("redb", "web")];

/// (crate of ours, outside crate it depends on).
type Edge = (String, String);

fn outside_edges() -> Vec<Edge> {
    let metadata = MetadataCommand::new().current_dir(root()).no_deps().exec().expect("cargo metadata");
    metadata
        .packages
        .iter()
        .flat_map(|package| {
            package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind != DependencyKind::Development)
                .map(|dependency| (package.name.to_string(), dependency.name.clone()))
        })
        .collect()
}

fn faults(edges: &[Edge]) -> Vec<String> {
    edges
        .iter()
        .filter(|(ours, _)| ours != "bianmin-tests")
        .flat_map(|(ours, engine)| {
            OWNERS
                .iter()
                .filter(move |(name, owner)| name == engine && owner != ours)
                .map(move |(_, owner)| format!("{ours} uses {engine}, which belongs to {owner} alone"))
        })
        .collect()
}

/// Fails when a second crate takes automerge, redb, axum or mdns-sd, or the owner lets go of its engine.
#[test]
fn each_engine_has_one_owner() {
    let edges = outside_edges();
    assert_none(&faults(&edges));
    for (engine, owner) in OWNERS {
        assert!(edges.contains(&(owner.to_owned(), engine.to_owned())), "{owner} does not use {engine}");
    }
}

/// Planted fault: a page that reads the database itself.
#[test]
fn a_second_user_of_an_engine_is_seen() {
    let mut edges = outside_edges();
    edges.push(("web".to_owned(), "redb".to_owned()));
    assert_eq!(faults(&edges), ["web uses redb, which belongs to store alone"]);
}

/// Fails when deny.toml and this test tell two stories.
#[test]
fn deny_toml_names_the_same_owners() {
    let deny: toml::Table = text("deny.toml").parse().unwrap();
    let rules = deny["bans"]["deny"].as_array().unwrap();
    for (engine, owner) in OWNERS {
        let rule = rules.iter().find(|rule| rule["crate"].as_str() == Some(engine));
        let wrappers = rule.unwrap_or_else(|| panic!("deny.toml has no rule for {engine}"))["wrappers"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(toml::Value::as_str)
            .filter(|name| *name != "bianmin-tests" && !BENCHES.contains(&(engine, name)));
        assert_eq!(wrappers.collect::<Vec<_>>(), [owner], "{engine} in deny.toml");
    }
}
