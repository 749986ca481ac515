use super::*;
use crate::{
    history::tests::{bytes_are_golden, every_kind_comes_back},
    matter::tests::payload,
};

/// Fails if any kind does not come back as it went in, or half an event is read.
#[test]
fn every_kind_comes_back_as_it_went_in() {
    assert!(Kind::ALL.iter().all(|kind| payload(*kind).kind() == *kind));
    every_kind_comes_back(Kind::ALL.iter().map(|kind| payload(*kind)));
}

/// Fails if the bytes of any kind change: they stand in documents for ever.
#[test]
fn the_bytes_are_those_of_version_1() {
    bytes_are_golden(Kind::ALL.iter().map(|kind| (kind.name(), payload(*kind))), "matter-events-1.txt");
}

/// Fails if the format's page no longer lists what the code writes.
#[test]
fn the_page_lists_every_kind() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats/matter.md");
    let page = std::fs::read_to_string(path).unwrap();
    let row = |kind: &Kind| {
        let fields: Vec<String> =
            kind.payload().iter().map(|(name, ty)| format!("{name} {}", ty.replace(' ', ""))).collect();
        let number = kind.number().unwrap();
        format!("| {number} | {} {} | {} |\n", kind.name(), kind.title(), fields.join(", "))
    };
    let rows: String = Kind::ALL.iter().map(row).collect();
    assert!(page.contains(&rows), "docs/formats/matter.md must hold\n{rows}");
}
